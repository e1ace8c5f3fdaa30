"""The first onboarding step: what the app does, the language of its windows, and the user's languages.

Several languages can be chosen, the system's own listed first, since many people speak two; none is valid too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cmp_to_key
from typing import Any

from PySide6.QtCore import QCollator, QLocale, QSize, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.settings import store
from desktop.settings.schema import AUTO, LANGUAGES, LAYOUT
from desktop.ui.bridge import ListOption
from desktop.ui.controllers.app import AppController
from desktop.ui.language_names import language_name
from desktop.ui.onboarding.page import OnboardingStep, StepRow, create_label
from desktop.ui.style import glyphs, icons, tokens
from desktop.ui.widgets import combo
from desktop.ui.widgets.cards import create_card
from desktop.ui.widgets.combo import OptionPicker
from desktop.ui.widgets.form import with_object_name
from desktop.ui.widgets.label import PlainLabel, set_tool_tip

COMMON_LANGUAGES = ("en", "zh", "es", "hi", "ar", "pt", "fr", "de", "ru", "ja", "ko", "it")
"""Languages by the number of people who speak or dictate them; the system's own languages come first."""

BUTTON_COLUMNS = 4

WINDOW_LANGUAGE_KEY = "look.language"
"""The setting of the windows' language."""

_NATIVE_NAMES = {"zh": "中文", "en": "English", "pt": "Português", "es": "Español"}
"""Names for languages that Qt names after a country or a script."""


_WRITING_SYSTEMS = {
    QLocale.Script.ArabicScript: QFontDatabase.WritingSystem.Arabic,
    QLocale.Script.BengaliScript: QFontDatabase.WritingSystem.Bengali,
    QLocale.Script.CyrillicScript: QFontDatabase.WritingSystem.Cyrillic,
    QLocale.Script.DevanagariScript: QFontDatabase.WritingSystem.Devanagari,
    QLocale.Script.GreekScript: QFontDatabase.WritingSystem.Greek,
    QLocale.Script.HebrewScript: QFontDatabase.WritingSystem.Hebrew,
    QLocale.Script.JapaneseScript: QFontDatabase.WritingSystem.Japanese,
    QLocale.Script.KoreanScript: QFontDatabase.WritingSystem.Korean,
    QLocale.Script.LatinScript: QFontDatabase.WritingSystem.Latin,
    QLocale.Script.SimplifiedHanScript: QFontDatabase.WritingSystem.SimplifiedChinese,
    QLocale.Script.TamilScript: QFontDatabase.WritingSystem.Tamil,
    QLocale.Script.ThaiScript: QFontDatabase.WritingSystem.Thai,
}
"""The font support that a native name needs; without it the name would be a row of boxes."""


def native_name(code: str) -> str:
    """Return a language's native name if a font can show it, else its name in the windows' language."""
    locale = QLocale(code)
    script = _WRITING_SYSTEMS.get(locale.script())
    if script is None or locale.language() == QLocale.Language.C or not QFontDatabase.families(script):
        return language_name(code)
    name = _NATIVE_NAMES.get(code) or locale.nativeLanguageName()
    return name[:1].upper() + name[1:]


def suggest_languages(system_languages: list[str], chosen: tuple[str, ...]) -> list[str]:
    """Return the languages shown at once: those `chosen`, the system's (such as en-GB), and common ones."""
    system_codes = [tag.split("-")[0].split("_")[0] for tag in system_languages]
    codes = dict.fromkeys(code for code in (*chosen, *system_codes, *COMMON_LANGUAGES) if code in LANGUAGES)
    return list(codes)[: max(len(COMMON_LANGUAGES), len(chosen))]


class WelcomeStep(OnboardingStep):
    """Set the user's languages and that of the windows.

    `on_first_continue` is called when the user continues from it for the first time.
    """

    def __init__(self, app: AppController, on_first_continue: Callable[[], None]) -> None:
        super().__init__(
            app,
            self.tr("Speak instead of typing"),
            self.tr(
                "Hold a key anywhere, speak, let go: the text is in the window you were in. Speech is recognized on "
                "this machine, and nothing leaves it unless you choose so."
            ),
        )
        self._on_first_continue = on_first_continue
        chosen = store.get_setting(app.settings(), "recognizer.language").split(",")
        self._chosen = [] if chosen == [AUTO] else chosen
        self._grid = QGridLayout()
        self._grid.setSpacing(tokens.GAP)
        self.language_buttons: dict[str, QPushButton] = {}
        for code in suggest_languages(QLocale.system().uiLanguages(), tuple(self._chosen)):
            self._add_language(code)
        self._language_picker = OptionPicker()
        self._language_picker.setAccessibleName(self.tr("Another language"))
        self._language_picker.setMinimumHeight(tokens.FIELD_HEIGHT)
        self._language_picker.setFixedWidth(tokens.FIELD_WIDTH)
        self._language_picker.chosen.connect(self._on_other_chosen)
        self._update_picker()
        self._note = create_label("", "quiet")
        self._update_note()
        spoken = QWidget()
        inside = QVBoxLayout(spoken)
        inside.setContentsMargins(tokens.WIDE, tokens.PAD, tokens.WIDE, tokens.PAD)
        inside.setSpacing(tokens.PAD)
        inside.addWidget(create_label(self.tr("Which languages do you speak?")))
        inside.addLayout(self._grid)
        inside.addWidget(self._language_picker, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addWidget(self._note)
        cards: list[QWidget] = [create_card(spoken)]
        known = store.list_keys()
        if WINDOW_LANGUAGE_KEY in known:
            cards.append(create_card(self._create_window_language_row()))
        self.add_widgets(*cards)
        sign = PlainLabel()
        sign.setPixmap(icons.create_app_icon().pixmap(tokens.APP_SIGN_SIZE, tokens.APP_SIGN_SIZE))
        first = self.column.itemAt(0)
        heading = first.widget() if first is not None else None
        assert heading is not None
        beside = QHBoxLayout()  # below each other, they would push the last card out of a small window
        beside.setSpacing(tokens.WIDE)
        beside.addWidget(sign)
        beside.addWidget(heading, 1)
        self.column.insertLayout(0, beside)

    def on_continue(self) -> None:
        """Start the checks of this machine: the first step is done and the application has started."""
        on_first_continue, self._on_first_continue = self._on_first_continue, lambda: None
        on_first_continue()

    def _create_window_language_row(self) -> StepRow:
        picker = OptionPicker(*combo.setting_options(WINDOW_LANGUAGE_KEY))
        picker.setFixedWidth(tokens.FIELD_WIDTH)
        picker.setMinimumHeight(tokens.FIELD_HEIGHT)
        picker.set_value(store.get_setting(self._app.settings(), WINDOW_LANGUAGE_KEY))
        picker.chosen.connect(lambda value: self.set_setting(WINDOW_LANGUAGE_KEY, value))
        return StepRow(self.tr("Language of the windows"), self.tr("They speak it after the next start."), picker)

    def _add_language(self, code: str) -> None:
        chip = with_object_name(QPushButton(native_name(code)), "chip")
        chip.setCheckable(True)
        chip.setChecked(code in self._chosen)
        chip.setAccessibleName(language_name(code))
        set_tool_tip(chip, language_name(code))
        chip.setIconSize(QSize(tokens.SIGN_SIZE, tokens.SIGN_SIZE))
        chip.setMinimumHeight(tokens.FIELD_HEIGHT)
        chip.toggled.connect(lambda on: self._set_language(code, on))
        self._grid.addWidget(chip, *divmod(len(self.language_buttons), BUTTON_COLUMNS))
        self.language_buttons[code] = chip
        self._update_icon(code)

    def _update_icon(self, code: str) -> None:
        chip = self.language_buttons[code]
        chip.setIcon(
            icons.create_icon(glyphs.tick if chip.isChecked() else glyphs.ring, self._colour(chip.isChecked()))
        )

    def _colour(self, on: bool) -> str:
        return tokens.current_palette().accent if on else tokens.current_palette().faint

    def _set_language(self, code: str, on: bool) -> None:
        self._chosen = [*self._chosen, code] if on else [other for other in self._chosen if other != code]
        self._update_icon(code)
        self.set_setting("recognizer.language", ",".join(self._chosen) or AUTO)
        self._update_note()

    def _on_other_chosen(self, code: str) -> None:
        if code:
            if code not in self.language_buttons:
                self._add_language(code)
            self.language_buttons[code].setChecked(True)
            self._update_picker()

    def _update_picker(self) -> None:
        rest = [code for code in LANGUAGES if code not in self.language_buttons]
        by_name: Callable[[str], Any] = cmp_to_key(QCollator().compare)  # as the language of the windows sorts names
        rest.sort(key=lambda code: by_name(language_name(code)))
        self._language_picker.set_options(
            [
                ListOption("", self.tr("Another language")),
                *(ListOption(code, language_name(code)) for code in rest),
            ]
        )
        self._language_picker.set_value("")

    def _update_note(self) -> None:
        if LAYOUT in self._chosen:
            text = self.tr("Intone goes by the layout of the keyboard.")
        elif not self._chosen:
            text = self.tr("None chosen: Intone listens for the language each time.")
        elif len(self._chosen) == 1:
            text = self.tr("Intone expects this language.")
        else:
            text = self.tr("Intone listens for which of these it is, each time.")
        self._note.setText(text)
