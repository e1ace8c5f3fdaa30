"""The settings page for what the history keeps, how long, and whether it is encrypted."""

from __future__ import annotations

from desktop.core.errors import UserError
from desktop.ui.bridge import ListOption
from desktop.ui.i18n import message_text
from desktop.ui.settings.page import SettingsPage
from desktop.ui.settings.settings_form import SettingsForm
from desktop.ui.widgets import combo
from desktop.ui.widgets.combo import OptionPicker
from desktop.ui.widgets.form import TextField


class HistoryPage(SettingsPage):
    """Set what the history keeps, for how long, and whether it is encrypted."""

    def __init__(self, form: SettingsForm) -> None:
        super().__init__()
        self._form = form
        days = OptionPicker(*combo.setting_options("history.keep_audio_days"), *combo.day_options(1, 7, 30, 365))
        room = OptionPicker(
            ListOption("500", self.tr("500 MB")),
            ListOption("2000", self.tr("2 GB")),
            ListOption("10000", self.tr("10 GB")),
            *combo.setting_options("history.max_audio_mb"),
        )
        # longest first: the first arrow key press must not choose the shortest retention
        text_days = OptionPicker(*combo.setting_options("history.keep_text_days"), *combo.day_options(365, 30, 7))
        encrypted = OptionPicker(*combo.setting_options("history.encrypted"))
        self.set_cards(
            self.tr("History"),
            [
                form.add_row("history.keep_audio_days", days),
                form.add_row("history.max_audio_mb", room),
                form.add_row("history.keep_text_days", text_days),
                form.add_row("history.private"),
                form.add_row("history.exclude", TextField()),
                form.add_row("history.sensitive"),
                form.add_row("history.encrypted", encrypted),
            ],
        )
        encrypted.chosen.connect(
            lambda value: self._check_encryption()
        )  # runs after the form's own connection, which sets it

    def on_window_shown(self) -> None:
        """Show whether the history is encrypted as chosen."""
        self._check_encryption()

    def _check_encryption(self) -> None:
        self._form.app.check_encryption(self._show_problem)

    def _show_problem(self, problem: UserError | None) -> None:
        self._form.show_setting("history.encrypted")  # it may have been reset
        self._form.rows["history.encrypted"].show_problem("" if problem is None else message_text(problem))
