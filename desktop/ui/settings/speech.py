"""The first settings page: the speech engine, local or a service, what it needs, and a test of it.

The key, address and model of a service are shown only while its engine is chosen. An invalid address is shown too: its
engine is not in force until the address is corrected.
"""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QPushButton

from desktop.core.engine_names import ENGINE_NAMES
from desktop.core.state import AppState
from desktop.settings.schema import LAYOUT
from desktop.ui import wording
from desktop.ui.i18n import remedy_text
from desktop.ui.settings.engine_cards import LOCAL_ENGINE, EngineSelector, find_speech_host
from desktop.ui.settings.engine_trial import EngineTrialRow
from desktop.ui.settings.key_entry import ServiceKeyRow
from desktop.ui.settings.language_field import LanguageField, LayoutTable
from desktop.ui.settings.page import SettingsPage
from desktop.ui.settings.settings_form import SettingsForm
from desktop.ui.widgets import combo
from desktop.ui.widgets.cards import update_separators
from desktop.ui.widgets.combo import OptionPicker
from desktop.ui.widgets.form import SettingRow, TextField

KEY_NAMES = {
    "openai": "openai",
    "openai-live": "openai",
    "deepgram": "deepgram",
    "deepgram-live": "deepgram",
    "compatible": "compatible",
}
"""The name of the API key that each service uses."""


class SpeechPage(SettingsPage):
    """Set the speech engine and what it needs, and test it."""

    def __init__(self, form: SettingsForm) -> None:
        super().__init__()
        self._form = form
        services = form.app.services
        doctor_button = QPushButton(self.tr("Check everything"))
        doctor_button.setAccessibleName(doctor_button.text())
        doctor_button.clicked.connect(lambda: form.app.open_window("doctor"))
        self._status_row = SettingRow(self.tr("Status"), "", aside=doctor_button)
        self._engine_selector = EngineSelector()
        self._key_rows = {
            name: ServiceKeyRow(name, _key_title(name), services) for name in dict.fromkeys(KEY_NAMES.values())
        }
        self._trial_row = EngineTrialRow(services)
        self._address_rows = {engine: self._create_address_rows(engine) for engine in KEY_NAMES}
        deadline = OptionPicker(*combo.second_options(800, 1500, 3000, 6000, 15000))
        self._cloud_rows = [form.add_row("recognizer.policy"), form.add_row("recognizer.deadline_ms", deadline)]
        self._layouts_row = form.add_row("recognizer.layouts", LayoutTable(), below=True)
        idle = OptionPicker(*combo.setting_options("recognizer.unload_after_min"), *combo.minute_options(5, 10, 30, 60))
        needs = [
            *self._key_rows.values(),
            *(row for rows in self._address_rows.values() for row in rows),
            *self._cloud_rows,
        ]
        cards: list[list[SettingRow]] = [
            [self._status_row],
            [form.add_row("recognizer.engine", self._engine_selector, below=True)],
            needs,
            [self._trial_row],
            [
                form.add_row("recognizer.language", LanguageField()),
                self._layouts_row,
                form.add_row("recognizer.chinese"),
            ],
            [form.add_row("recognizer.unload_after_min", idle)],
        ]
        self.set_cards(self.tr("Speech"), *cards)
        engine_card = needs[0].parentWidget()
        assert isinstance(engine_card, QFrame)
        self._engine_card = engine_card

    def draw(self, app_state: AppState) -> None:
        """Show the app's status and the rows that the chosen engine needs."""
        health, settings = app_state.health, self._form.app.settings()
        self._status_row.sentence.setText(wording.status_text(AppState(health=health), ",".join(settings.hotkey.talk)))
        self._status_row.show_problem(remedy_text(health.problem) if health.problem else health.note)
        chosen_engine, lost_urls = settings.recognizer.engine, self._form.app.live_settings.load().lost_urls
        self._engine_selector.draw(settings, lost_urls)
        for engine, rows in self._address_rows.items():
            for row in rows:
                row.setVisible(engine == chosen_engine or lost_urls.get(row.key) == row.key)
        for name, key in self._key_rows.items():
            key.setVisible(KEY_NAMES.get(chosen_engine) == name)
        for row in self._cloud_rows:
            row.setVisible(chosen_engine != LOCAL_ENGINE)
        self._layouts_row.setVisible(LAYOUT in settings.recognizer.language)
        layouts_card = self._layouts_row.parentWidget()
        assert isinstance(layouts_card, QFrame)
        update_separators(layouts_card)
        self._engine_card.setVisible(any(not row.isHidden() for rows in self._address_rows.values() for row in rows))
        update_separators(self._engine_card)
        self._trial_row.draw(find_speech_host(chosen_engine, settings))

    def _create_address_rows(self, engine: str) -> list[SettingRow]:
        """Return the rows for the address and the model of a service."""
        section = f"engines.{engine.replace('-', '_')}"
        return [self._form.add_row(f"{section}.{name}", TextField()) for name in ("url", "model")]


def _key_title(name: str) -> str:
    return wording.translate("SpeechPage", "Key for {0}").format(ENGINE_NAMES[name])
