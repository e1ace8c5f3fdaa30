"""Another language for the windows: Qt Linguist's files, read as they are.

A `.ts` file is looked up as it is written, so that nothing has to be compiled before a change can be seen. The app
below the windows speaks English and knows nothing of languages: what it says there (a `Problem`, a note in the history,
which may be years old) is found again here by its fixed words, with its values taken over. A sentence that nobody
translated stays as it is.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from functools import cached_property, lru_cache
from importlib.resources import files

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

AUTO = "auto"
SENTENCES, FINDINGS = "sentences", "findings"
_PLACE = re.compile(r"\{(\d)\}")
_WORD = re.compile(r"[A-Za-z]{2}")
_BETWEEN = re.compile(r"(?<=[.?]) (?=[A-Z`])")


class Catalogue(QTranslator):
    """The strings of one language, `zh_CN`; empty where there is no file of it."""

    def __init__(self, language: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known = _read(language)

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        """See `QTranslator.translate`: None, which Qt takes the source for, for what is not known."""
        return self._known.get((context, source))  # type: ignore[return-value]

    def isEmpty(self) -> bool:
        """Whether nothing is translated."""
        return not self._known

    def sentence(self, said: str, context: str = SENTENCES) -> str:
        """What the app said in English, in this language: whole, or sentence by sentence. A value has the end of no
        sentence in it, unless nothing else is found."""
        parts = _BETWEEN.split(said)
        if (whole := self._whole(said, context)) is not None:
            return whole
        each = [self._whole(part) for part in parts]
        if None in each and (whole := self._whole(said, context, across=True)) is not None:
            return whole
        if len(parts) == 1 or not any(each):
            return said
        return "".join(made or part for made, part in zip(each, parts, strict=True))

    def _whole(self, said: str, context: str = SENTENCES, *, across: bool = False) -> str | None:
        if exact := self._known.get((context, said)):
            return exact
        for pattern, made in self._patterns[context]:
            match = pattern.fullmatch(said)
            if match and (across or not any(map(_BETWEEN.search, match.groups()))):
                values = [self.sentence(value) for value in match.groups()]
                return made.format(*values)
        return None

    @cached_property
    def _patterns(self) -> dict[str, list[tuple[re.Pattern[str], str]]]:
        return {context: self._with_values(context) for context in (SENTENCES, FINDINGS)}

    def _with_values(self, wanted: str) -> list[tuple[re.Pattern[str], str]]:
        """Sentences with values in them, those with the most fixed words first; one without any would be every
        sentence."""
        found = [
            (source, made)
            for (context, source), made in self._known.items()
            if context == wanted and "{0}" in source and _WORD.search(_PLACE.sub("", source))
        ]
        found.sort(key=lambda pair: -len(_PLACE.sub("", pair[0])))
        return [
            (
                re.compile(_PLACE.sub("(.*?)", re.escape(source).replace(r"\{", "{").replace(r"\}", "}")), re.DOTALL),
                made,
            )
            for source, made in found
        ]


_spoken: list[Catalogue] = []


def speak(app: QCoreApplication, language: str = AUTO) -> None:
    """Have everything that is shown from now on in `language`, `auto` for the system's where there is a file of it."""
    for old in _spoken:
        app.removeTranslator(old)
    _spoken.clear()
    sentence.cache_clear()
    code = system() if language == AUTO else language
    if code == "en":
        return
    catalogue = Catalogue(code, app)
    ours = QTranslator(app)  # the words of Qt's own dialogs
    ours.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    app.installTranslator(ours)
    app.installTranslator(catalogue)
    _spoken.append(catalogue)


def languages() -> list[str]:
    """Those that there are files of, with English, which needs none."""
    found = (entry.name.removesuffix(".ts") for entry in files("desktop.ui").joinpath("translations").iterdir())
    return ["en", *sorted(name for name in found if "." not in name)]


def system() -> str:
    """The first of the system's languages that there is a file of, else English."""
    for name in QLocale.system().uiLanguages():
        code = QLocale(name).name()
        if code in languages():
            return code
        if name.split("-")[0] == "en":
            break
    return "en"


@lru_cache(1024)
def sentence(said: str, context: str = SENTENCES) -> str:
    """What the app said in English, as the windows are to show it."""
    return _spoken[0].sentence(said, context) if _spoken else said


def _read(language: str) -> dict[tuple[str, str], str]:
    file = files("desktop.ui").joinpath(f"translations/{language}.ts")
    if not file.is_file():
        return {}
    root = ET.fromstring(file.read_text(encoding="utf-8"))  # noqa: S314  ours, and shipped
    found = {}
    for context in root.iter("context"):
        name = context.findtext("name", "")
        for message in context.iter("message"):
            if made := message.findtext("translation"):
                found[name, message.findtext("source", "")] = made
    return found
