"""Translate the windows by reading Qt Linguist's `.ts` files directly, so that changes need no compilation.

Code below the windows produces English only. Its messages (a `UserError`, a note in the history that may be years old)
are matched here by their fixed words and their values carried over. Untranslated messages stay English.
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
    """Translations of one language such as `zh_CN`; empty without a file."""

    def __init__(self, language: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known = _read(language)

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        """Return the translation, or None, for which Qt uses the source text."""
        return self._known.get((context, source))  # type: ignore[return-value]

    def isEmpty(self) -> bool:
        """Return whether there are no translations."""
        return not self._known

    def sentence(self, said: str, context: str = SENTENCES) -> str:
        """Translate an English message, as a whole or sentence by sentence.

        A value is matched across sentence ends only when nothing else matches.
        """
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
        """Return patterns of the messages with values, those with the most fixed words first.

        A message without any fixed word would match everything and is left out.
        """
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
    """Use `language` for everything shown from now on; `auto` is the system's language if there is a file of it."""
    for old in _spoken:
        app.removeTranslator(old)
    _spoken.clear()
    sentence.cache_clear()
    code = system() if language == AUTO else language
    if code == "en":
        return
    catalogue = Catalogue(code, app)
    ours = QTranslator(app)  # texts of Qt's own dialogs
    ours.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    app.installTranslator(ours)
    app.installTranslator(catalogue)
    _spoken.append(catalogue)


def languages() -> list[str]:
    """Return the codes of the available languages, English first."""
    found = (entry.name.removesuffix(".ts") for entry in files("desktop.ui").joinpath("translations").iterdir())
    return ["en", *sorted(name for name in found if "." not in name)]


def system() -> str:
    """Return the first of the system's languages with a translation, else English."""
    for name in QLocale.system().uiLanguages():
        code = QLocale(name).name()
        if code in languages():
            return code
        if name.split("-")[0] == "en":
            break
    return "en"


@lru_cache(1024)
def sentence(said: str, context: str = SENTENCES) -> str:
    """Translate an English message of the application for display."""
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
