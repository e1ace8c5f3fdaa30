"""The settings page that lists what leaves this machine and which host gets it; also the language model's key."""

from __future__ import annotations

from urllib.parse import urlsplit

from desktop.app.recipients import list_recipients
from desktop.core.state import AppState
from desktop.credentials.store import is_openai_url
from desktop.settings.schema import Settings
from desktop.ui.settings.key_entry import ServiceKeyRow
from desktop.ui.settings.page import SettingsPage
from desktop.ui.settings.settings_form import SettingsForm
from desktop.ui.widgets.form import SettingRow


class NetworkPage(SettingsPage):
    """List which host gets what, and set the language model's key."""

    def __init__(self, form: SettingsForm) -> None:
        super().__init__()
        self._form = form
        self._recipient_rows = {
            "speech": SettingRow(self.tr("Your speech"), ""),
            "text": SettingRow(self.tr("The text"), ""),
            "selected": SettingRow(self.tr("What you select for an edit"), ""),
        }
        self._models_row = SettingRow(
            self.tr("Models"), self.tr("Come from here when you fetch one. Nothing of yours goes there.")
        )
        self._update_row = SettingRow(self.tr("The newest version"), "")
        rest = SettingRow(
            self.tr("Everything else"),
            self.tr("Stays here: recordings, history, moods, numbers. There is no telemetry."),
        )
        self._key_row = ServiceKeyRow("polish", self.tr("Key for the language model"), form.app.services)
        self.set_cards(
            self.tr("Network"),
            [*self._recipient_rows.values(), self._models_row, self._update_row, rest],
            [
                self._key_row,
                form.add_row("network.http"),
                form.add_row("network.plain_keys"),
            ],
        )

    def draw(self, app_state: AppState) -> None:
        """Show the host that receives each kind of data."""
        settings = self._form.app.settings()
        self._models_row.show_host("huggingface.co")
        checks_updates = settings.updates.check == "daily" and settings.updates.url
        self._update_row.show_host(urlsplit(settings.updates.url).hostname or "" if checks_updates else "")
        self._update_row.sentence.setText(
            self.tr("Is asked for once a day. Nothing of yours goes there.")
            if checks_updates
            else self.tr("Is not asked for by itself. See About.")
        )
        shared = self.tr("There is none of its own: the key for OpenAI is used.")
        self._key_row.fallback_text = shared if is_openai_url(settings.polish.url) else ""
        recipients = list_recipients(settings)
        for kind, row in self._recipient_rows.items():
            host = next((host for host, kinds in recipients.items() if kind in kinds), "")
            row.show_host(host)
            row.sentence.setText(self._describe_use(kind, host, settings))

    def _describe_use(self, kind: str, host: str, settings: Settings) -> str:
        if not host:
            return self.tr("Does not leave this machine.")
        if kind == "speech":
            return self.tr("Goes there while you dictate.")
        if kind == "selected":
            return self.tr("Goes there with what you say, when you press the edit key.")
        polished, reads_emotion = settings.polish.mode == "llm", settings.emotion.engine == "llm"
        if polished and reads_emotion:
            return self.tr("Goes there to be polished, and to be read for how it sounded.")
        return (
            self.tr("Goes there to be polished.") if polished else self.tr("Goes there to be read for how it sounded.")
        )
