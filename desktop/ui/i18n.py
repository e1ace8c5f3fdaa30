"""Translate what the windows show with Qt's translator.

Code below the windows says things by code (`desktop.core.messages`); the templates of these messages are translated
here and filled. What has no translation stays English. `packaging/translations.py` makes the `.qm` files.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from desktop.core.errors import UserError
from desktop.core.messages import COMMA, Message, Notes, join_parts, render, render_remedy, render_title
from desktop.settings import description
from desktop.settings.description import SettingDescription
from desktop.settings.schema import AUTO

type Sayable = UserError | Message | Notes | str
"""What is shown: an error, messages, or a text in the windows' language."""

MESSAGES_CONTEXT, SETTINGS_CONTEXT = "messages", "settings"


TRANSLATIONS = Path(str(files("desktop.ui").joinpath("translations")))


def install_language(app: QCoreApplication, language: str = AUTO) -> None:
    """Use `language` for everything shown from now on; `auto` is the system's language if there is a file of it.

    Dates follow it, in the form of the system's region where the system speaks the same language.
    """
    for old in app.findChildren(QTranslator):
        app.removeTranslator(old)
        old.setParent(None)
    code = find_system_language() if language == AUTO else language
    system, chosen = QLocale.system(), QLocale(code)
    QLocale.setDefault(system if system.language() == chosen.language() else chosen)
    qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)  # texts of Qt's own dialogs
    for name, folder in ((f"qtbase_{code}", qt_folder), (code, str(TRANSLATIONS))):
        translator = QTranslator(app)
        if code != "en" and translator.load(f"{name}.qm", folder):
            app.installTranslator(translator)


def list_languages() -> list[str]:
    """Return the codes of the available languages, English first."""
    return ["en", *sorted(path.stem for path in TRANSLATIONS.glob("*.qm"))]


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
    return render(message.message if isinstance(message, UserError) else message, translate_template)


def title_text(problem: UserError | Message) -> str:
    """Return what happened, in the windows' language."""
    return render_title(problem.message if isinstance(problem, UserError) else problem, translate_template)


def remedy_text(problem: UserError | Message) -> str:
    """Return what to do, in the windows' language; may be empty."""
    return render_remedy(problem.message if isinstance(problem, UserError) else problem, translate_template)


def list_text(parts: Iterable[str], separator: str = COMMA) -> str:
    """Return the parts as a list: `separator` is `COMMA`, `AND` or `OR` of `desktop.core.messages`."""
    return join_parts(parts, separator, translate_template)


def translate_template(template: str) -> str:
    """Return the template of a message in the windows' language. Call from any thread."""
    return QCoreApplication.translate(MESSAGES_CONTEXT, template)


def describe_setting(key: str) -> SettingDescription:
    """Describe the setting `key` in the language of the windows."""
    return description.describe_setting(key, lambda text: QCoreApplication.translate(SETTINGS_CONTEXT, text))
