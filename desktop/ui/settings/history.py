"""The settings page for what the history keeps, how long, and whether it is encrypted."""

from __future__ import annotations

from desktop.core.errors import UserError
from desktop.ui.bridge import ListOption
from desktop.ui.i18n import message_text
from desktop.ui.widgets import combo
from desktop.ui.widgets.cards import SettingsForm, SettingsPage
from desktop.ui.widgets.combo import OptionPicker
from desktop.ui.widgets.form import TextField


class HistoryPage(SettingsPage):
    """Set what the history keeps, for how long, and whether it is encrypted."""

    def __init__(self, form: SettingsForm) -> None:
        super().__init__()
        self._form = form
        tr = self.tr
        days = OptionPicker(ListOption("0", tr("Never")), *combo.day_options(1, 7, 30, 365))
        room = OptionPicker(
            ListOption("500", tr("500 MB")),
            ListOption("2000", tr("2 GB")),
            ListOption("10000", tr("10 GB")),
            ListOption("0", tr("No limit")),
        )
        # longest first: the first arrow key press must not choose the shortest retention
        text_days = OptionPicker(ListOption("0", tr("Until I delete it")), *combo.day_options(365, 30, 7))
        private = OptionPicker(*combo.off_on_options(tr("Off"), tr("On")))
        sensitive = OptionPicker(*combo.off_on_options(tr("Off"), tr("On")))
        encrypted = OptionPicker(*combo.off_on_options(tr("Off"), tr("On")))
        self.set_cards(
            tr("History"),
            [
                form.add_row(
                    "history.keep_audio_days",
                    tr("Keep recordings"),
                    tr("Recordings and text are kept on this machine."),
                    days,
                ),
                form.add_row(
                    "history.max_audio_mb",
                    tr("Room for recordings"),
                    tr("When there are more, the oldest go. Their text stays."),
                    room,
                ),
                form.add_row(
                    "history.keep_text_days",
                    tr("Keep text"),
                    tr("What is older is deleted at once, with its recording."),
                    text_days,
                ),
                form.add_row(
                    "history.private",
                    tr("Private mode"),
                    tr("Nothing is kept of what you dictate: no text, no recording, no mood."),
                    private,
                ),
                form.add_row(
                    "history.exclude",
                    tr("Never keep from"),
                    tr("Applications, by the names the history shows, separated by commas."),
                    TextField(),
                ),
                form.add_row(
                    "history.sensitive",
                    tr("Keep from password managers"),
                    tr("And from private browser windows. Not every browser says which are private."),
                    sensitive,
                ),
                form.add_row(
                    "history.encrypted",
                    tr("Encrypt what is kept"),
                    tr(
                        "Who finds the disk reads no text and hears no recording. The key is in your keyring: where"
                        " that is lost, so are they. Searching takes half as long again."
                    ),
                    encrypted,
                ),
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
