"""The settings page for polish: rules, language model, styles and context, with a live preview."""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.core.state import AppState
from desktop.settings.schema import LOCAL
from desktop.ui.bridge import ListOption
from desktop.ui.settings.page import SettingsPage
from desktop.ui.settings.polish_preview import PolishPreview
from desktop.ui.settings.rule_switches import RuleSwitches
from desktop.ui.settings.settings_form import SettingsForm
from desktop.ui.settings.styles import StyleCard
from desktop.ui.style import tokens
from desktop.ui.widgets import combo
from desktop.ui.widgets.combo import OptionPicker
from desktop.ui.widgets.form import SettingRow, TextField

OTHER_ADDRESS = "elsewhere"
"""The option that stands for an address not yet entered."""


class LLMLocationPicker(OptionPicker):
    """Choose where the language model is: this machine, OpenAI or another address.

    `address_changed` carries the address in force, empty for the first two; an address that cannot be used is carried
    too. `address_requested` is emitted when another one must be entered.
    """

    address_changed = Signal(str)
    address_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._known_options = combo.setting_options("polish.url")
        self.set_options([*self._known_options, ListOption(OTHER_ADDRESS, self.tr("Another address"))])
        self.activated.disconnect()
        self.activated.connect(self._on_picked)

    def set_value(self, value: str) -> None:
        """Show the address."""
        is_known = any(choice.value == value for choice in self._known_options)
        super().set_value(value if is_known else OTHER_ADDRESS)
        self.address_changed.emit("" if is_known else value)

    def _on_picked(self) -> None:
        if self.currentData() == OTHER_ADDRESS:
            self.address_requested.emit()
        else:
            self.chosen.emit(self.currentData())


class TextPage(SettingsPage):
    """Set how the text is polished: rules, language model, styles and context."""

    def __init__(self, form: SettingsForm) -> None:
        super().__init__()
        self._form = form
        self._llm_picker = OptionPicker()
        self._rule_switches = RuleSwitches()
        rules = form.add_row("polish.without", self._rule_switches, below=True)
        self._rule_switches.chosen.connect(self._refresh_preview)
        self.preview = PolishPreview(form.app.text)
        self.style_card = StyleCard(form.app.text, form.app.history)
        self.style_card.changed.connect(self._update_styles)
        self.style_card.style_selected.connect(self.preview.show_style)
        self.set_cards(
            self.tr("Text"),
            [self._create_mode_row(), self.preview, self._create_removals_row(), rules],
            [self.style_card],
            self._create_llm_rows(),
            self._create_context_rows(),
        )

    def on_window_shown(self) -> None:
        """Load the installed language models and the styles."""
        self._form.app.models.list_models("language", self._llm_picker.set_options)
        self.style_card.load_styles()
        self._refresh_preview()

    def draw(self, app_state: AppState) -> None:
        """Show the host that receives the text when a remote language model is used."""
        polish = self._form.app.settings().polish
        is_remote = polish.mode == "llm" and polish.url != LOCAL
        self._form.rows["polish.mode"].show_host(urlsplit(polish.url).hostname or "" if is_remote else "")

    def _refresh_preview(self) -> None:
        self.preview.set_llm_enabled(self._form.app.settings().polish.mode == "llm")
        self.preview.refresh()

    def _update_styles(self) -> None:
        self.preview.set_styles(self.style_card.style_names)
        self.preview.refresh()

    def _create_mode_row(self) -> SettingRow:
        polish = OptionPicker(*combo.setting_options("polish.mode"))
        row = self._form.add_row("polish.mode", polish)
        polish.chosen.connect(lambda mode: self._refresh_preview())
        return row

    def _create_removals_row(self) -> SettingRow:
        removals = OptionPicker(*combo.setting_options("polish.removals"))
        row = self._form.add_row("polish.removals", removals)
        removals.chosen.connect(lambda value: self._refresh_preview())
        return row

    def _create_llm_rows(self) -> list[QWidget]:
        form = self._form
        location = LLMLocationPicker()
        budget = OptionPicker(*combo.second_options(600, 1200, 2000, 3000))
        row = form.add_row("polish.url", location, below=True)
        address = self.address = TextField()
        address.setPlaceholderText("http://127.0.0.1:11434/v1")
        address.setAccessibleName(self.tr("Address of the language model"))
        address.setAccessibleDescription(self.tr("Any server with OpenAI's chat completions."))
        address.setMinimumHeight(tokens.FIELD_HEIGHT)
        address.hide()
        below = QVBoxLayout()
        below.addWidget(address)
        row.add_below(below)
        address.chosen.connect(lambda url: form.set_setting("polish.url", url))

        def show_address(url: str) -> None:
            address.set_value(url)
            address.setVisible(location.currentData() == OTHER_ADDRESS)

        def request_address() -> None:
            address.show()
            address.setFocus()

        location.address_changed.connect(show_address)
        location.address_requested.connect(request_address)
        return [
            row,
            form.add_row("polish.model", self._llm_picker),
            form.add_row("polish.budget_ms", budget),
        ]

    def _create_context_rows(self) -> list[QWidget]:
        names = ("context.cursor", "context.site", "paste.join", "paste.input_method", "paste.live")
        return [*self._form.add_rows_in_effect(*names)]
