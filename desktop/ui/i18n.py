"""Translate the windows by reading Qt Linguist's `.ts` files directly, so that changes need no compilation.

Code below the windows says things by code (`core.messages`); the templates of these messages are translated here and
filled. Untranslated ones stay English.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from importlib.resources import files

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from desktop.core.errors import UserError
from desktop.core.messages import Message, Notes, render, render_remedy, render_title
from desktop.settings import description
from desktop.settings.description import SettingDescription
from desktop.settings.schema import AUTO

type Sayable = UserError | Message | Notes | str
"""What is shown: an error, messages, or a text in the windows' language."""

MESSAGES_CONTEXT, SETTINGS_CONTEXT = "messages", "settings"


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


_installed: list[TsTranslator] = []


def install_language(app: QCoreApplication, language: str = AUTO) -> None:
    """Use `language` for everything shown from now on; `auto` is the system's language if there is a file of it."""
    for old in _installed:
        app.removeTranslator(old)
    _installed.clear()
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
        return message
    return render(message.message if isinstance(message, UserError) else message, _translate_template)


def title_text(problem: UserError | Message) -> str:
    """Return what happened, in the windows' language."""
    return render_title(problem.message if isinstance(problem, UserError) else problem, _translate_template)


def remedy_text(problem: UserError | Message) -> str:
    """Return what to do, in the windows' language; may be empty."""
    return render_remedy(problem.message if isinstance(problem, UserError) else problem, _translate_template)


def _translate_template(template: str) -> str:
    return QCoreApplication.translate(MESSAGES_CONTEXT, template)


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
