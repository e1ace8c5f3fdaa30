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

from desktop.core.errors import UserError
from desktop.core.messages import Message, Notes, render, render_remedy, render_title
from desktop.settings import description
from desktop.settings.description import SettingDescription
from desktop.settings.schema import AUTO

type Sayable = UserError | Message | Notes | str
"""What is shown: an error, messages, or a text in the windows' language."""

MESSAGES_CONTEXT, FINDINGS_CONTEXT, SETTINGS_CONTEXT = "sentences", "findings", "settings"
_PLACEHOLDER = re.compile(r"\{(\d)\}")
_WORD = re.compile(r"[A-Za-z]{2}")
_SENTENCE_BREAK = re.compile(r"(?<=[.?]) (?=[A-Z`])")


class TsTranslator(QTranslator):
    """Translations of one language such as `zh_CN`; empty without a file."""

    def __init__(self, language: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._translations = _read_ts(language)

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        """Return the translation, or None, for which Qt uses the source text."""
        return self._translations.get((context, source))  # type: ignore[return-value]

    def isEmpty(self) -> bool:
        """Return whether there are no translations."""
        return not self._translations

    def translate_message(self, text: str, context: str = MESSAGES_CONTEXT) -> str:
        """Translate an English message, as a whole or sentence by sentence.

        A value is matched across sentence ends only when nothing else matches.
        """
        parts = _SENTENCE_BREAK.split(text)
        if (whole := self._match(text, context)) is not None:
            return whole
        translations = [self._match(part) for part in parts]
        if None in translations and (whole := self._match(text, context, may_span_sentences=True)) is not None:
            return whole
        if len(parts) == 1 or not any(translations):
            return text
        return "".join(translation or part for translation, part in zip(translations, parts, strict=True))

    def _match(self, text: str, context: str = MESSAGES_CONTEXT, *, may_span_sentences: bool = False) -> str | None:
        if exact := self._translations.get((context, text)):
            return exact
        for pattern, translation in self._patterns[context]:
            match = pattern.fullmatch(text)
            if match and (may_span_sentences or not any(map(_SENTENCE_BREAK.search, match.groups()))):
                values = [self.translate_message(value) for value in match.groups()]
                return translation.format(*values)
        return None

    @cached_property
    def _patterns(self) -> dict[str, list[tuple[re.Pattern[str], str]]]:
        return {context: self._compile_patterns(context) for context in (MESSAGES_CONTEXT, FINDINGS_CONTEXT)}

    def _compile_patterns(self, message_context: str) -> list[tuple[re.Pattern[str], str]]:
        """Return patterns of the messages with values, those with the most fixed words first.

        A message without any fixed word would match everything and is left out.
        """
        templates = [
            (source, translation)
            for (context, source), translation in self._translations.items()
            if context == message_context and "{0}" in source and _WORD.search(_PLACEHOLDER.sub("", source))
        ]
        templates.sort(key=lambda pair: -len(_PLACEHOLDER.sub("", pair[0])))
        return [
            (
                re.compile(
                    _PLACEHOLDER.sub("(.*?)", re.escape(source).replace(r"\{", "{").replace(r"\}", "}")), re.DOTALL
                ),
                translation,
            )
            for source, translation in templates
        ]


_installed: list[TsTranslator] = []


def install_language(app: QCoreApplication, language: str = AUTO) -> None:
    """Use `language` for everything shown from now on; `auto` is the system's language if there is a file of it."""
    for old in _installed:
        app.removeTranslator(old)
    _installed.clear()
    translate_message.cache_clear()
    code = find_system_language() if language == AUTO else language
    if code == "en":
        return
    catalogue = TsTranslator(code, app)
    qt_translator = QTranslator(app)  # texts of Qt's own dialogs
    qt_translator.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    app.installTranslator(qt_translator)
    app.installTranslator(catalogue)
    _installed.append(catalogue)


def list_languages() -> list[str]:
    """Return the codes of the available languages, English first."""
    names = (entry.name.removesuffix(".ts") for entry in files("desktop.ui").joinpath("translations").iterdir())
    return ["en", *sorted(name for name in names if "." not in name)]


def find_system_language() -> str:
    """Return the first of the system's languages with a translation, else English."""
    for name in QLocale.system().uiLanguages():
        code = QLocale(name).name()
        if code in list_languages():
            return code
        if name.split("-")[0] == "en":
            break
    return "en"


def message_text(message: Sayable) -> str:
    """Return what is said, in the windows' language, with its remedy."""
    if isinstance(message, str):
        return translate_message(message)
    return render(message.message if isinstance(message, UserError) else message, _translate_template)


def title_text(problem: UserError | Message) -> str:
    """Return what happened, in the windows' language."""
    return render_title(problem.message if isinstance(problem, UserError) else problem, _translate_template)


def remedy_text(problem: UserError | Message) -> str:
    """Return what to do, in the windows' language; may be empty."""
    return render_remedy(problem.message if isinstance(problem, UserError) else problem, _translate_template)


def _translate_template(template: str) -> str:
    translated = QCoreApplication.translate("messages", template)
    return translate_message(template) if translated == template else translated


@lru_cache(1024)
def translate_message(text: str, context: str = MESSAGES_CONTEXT) -> str:
    """Translate an English message of the application for display."""
    return _installed[0].translate_message(text, context) if _installed else text


def describe_setting(key: str) -> SettingDescription:
    """Describe the setting `key` in the language of the windows."""
    return description.describe_setting(key, lambda text: QCoreApplication.translate(SETTINGS_CONTEXT, text))


def _read_ts(language: str) -> dict[tuple[str, str], str]:
    file = files("desktop.ui").joinpath(f"translations/{language}.ts")
    if not file.is_file():
        return {}
    root = ET.fromstring(file.read_text(encoding="utf-8"))  # noqa: S314  ours, and shipped
    translations = {}
    for context in root.iter("context"):
        name = context.findtext("name", "")
        for message in context.iter("message"):
            if translation := message.findtext("translation"):
                translations[name, message.findtext("source", "")] = translation
    return translations
