"""The settings page for microphones, a trial of them, and other programs' sound during a dictation."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.ui.bridge import ListOption
from desktop.ui.settings.page import SettingsPage
from desktop.ui.settings.settings_form import SettingsForm
from desktop.ui.widgets import combo
from desktop.ui.widgets.combo import OptionPicker
from desktop.ui.widgets.microphone_trial import MicrophoneTrial
from desktop.ui.widgets.ranking import RankedList


class MicrophonePage(SettingsPage):
    """Set the microphone, and what becomes of other programs' sound during a dictation."""

    def __init__(self, form: SettingsForm) -> None:
        super().__init__()
        self._form = form
        self._microphones = RankedList(self.tr("the system's default"))
        longest = OptionPicker(*combo.minute_options(5, 10, 30, 60))
        device = form.add_row("audio.device", self._microphones)
        self.trial = MicrophoneTrial(form.app.audio)
        self._microphones.chosen.connect(
            self.trial.start_monitoring
        )  # runs after the form's own connection, which sets it
        self.set_cards(
            self.tr("Microphone"),
            [device, self.trial],
            [
                form.add_row("audio.warm"),
                form.add_row("audio.others"),
                form.add_row("audio.calls"),
                form.add_row("audio.longest_min", longest),
            ],
        )

    def on_window_shown(self) -> None:
        """Load the list of microphones."""
        self._form.app.list_microphones(self._show_microphones)

    def _show_microphones(self, options: Sequence[ListOption]) -> None:
        self._microphones.set_options(options)
