"""The settings page for microphones, a trial of them, and other programs' sound during a dictation."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.ui.bridge import ListOption
from desktop.ui.widgets import combo
from desktop.ui.widgets.cards import SettingsForm, SettingsPage
from desktop.ui.widgets.combo import OptionPicker
from desktop.ui.widgets.microphone_trial import MicrophoneTrial
from desktop.ui.widgets.ranking import RankedList


class MicrophonePage(SettingsPage):
    """Set the microphone, and what becomes of other programs' sound during a dictation."""

    def __init__(self, form: SettingsForm) -> None:
        super().__init__()
        tr = self.tr
        self._form = form
        self._microphones = RankedList(tr("the system's default"))
        warm = OptionPicker(
            ListOption("never", tr("Only while dictating")),
            ListOption("after", tr("Half a minute longer")),
            ListOption("always", tr("Always")),
        )
        others = OptionPicker(
            ListOption("off", tr("Goes on")),
            ListOption("duck", tr("Is turned down")),
            ListOption("pause", tr("Is paused")),
        )
        longest = OptionPicker(*combo.minute_options(5, 10, 30, 60))
        device = form.add_row(
            "audio.device",
            tr("Microphones"),
            tr("The first that is connected is heard. Where none of them is, the system's default is."),
            self._microphones,
        )
        self.trial = MicrophoneTrial(form.app.audio)
        self._microphones.chosen.connect(
            self.trial.start_monitoring
        )  # runs after the form's own connection, which sets it
        self.set_cards(
            tr("Microphone"),
            [device, self.trial],
            [
                form.add_row(
                    "audio.warm",
                    tr("Keep it open"),
                    tr(
                        "While it is open its lamp is lit, and a dictation starts at once, with what you said just "
                        "before the key. Nothing is kept until you press it."
                    ),
                    warm,
                ),
                form.add_row(
                    "audio.others", tr("Other sound"), tr("While you talk. Afterwards it is as it was."), others
                ),
                form.add_row(
                    "audio.longest_min",
                    tr("Longest dictation"),
                    tr("It ends by itself then, and its text is put in as ever."),
                    longest,
                ),
            ],
        )

    def on_window_shown(self) -> None:
        """Load the list of microphones."""
        self._form.app.list_microphones(self._show_microphones)

    def _show_microphones(self, options: Sequence[ListOption]) -> None:
        self._microphones.set_options(options)
