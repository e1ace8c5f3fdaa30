"""The settings page for microphones, a trial of them, and other programs' sound during a dictation."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.ui.bridge import Choice
from desktop.ui.widgets import choices
from desktop.ui.widgets.cards import Board, Page
from desktop.ui.widgets.combo import Picker
from desktop.ui.widgets.microphone_trial import MicrophoneTrial
from desktop.ui.widgets.ranking import Ranking


class Microphone(Page):
    """The Microphone page."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        tr = self.tr
        self._board = board
        self._devices = Ranking(tr("the system's default"))
        warm = Picker(
            Choice("never", tr("Only while dictating")),
            Choice("after", tr("Half a minute longer")),
            Choice("always", tr("Always")),
        )
        others = Picker(
            Choice("off", tr("Goes on")), Choice("duck", tr("Is turned down")), Choice("pause", tr("Is paused"))
        )
        longest = Picker(*choices.minutes(5, 10, 30, 60))
        device = board.row(
            "audio.device",
            tr("Microphones"),
            tr("The first that is connected is heard. Where none of them is, the system's default is."),
            self._devices,
        )
        sounding = board.actions.sounding
        self.trial = MicrophoneTrial(sounding) if sounding is not None else None
        if self.trial is not None:
            self._devices.chosen.connect(self.trial.begin)  # runs after the form's own connection, which sets it
        self.fill(
            tr("Microphone"),
            [device, self.trial] if self.trial is not None else [device],
            [
                board.row(
                    "audio.warm",
                    tr("Keep it open"),
                    tr(
                        "While it is open its lamp is lit, and a dictation starts at once, with what you said just "
                        "before the key. Nothing is kept until you press it."
                    ),
                    warm,
                ),
                board.row("audio.others", tr("Other sound"), tr("While you talk. Afterwards it is as it was."), others),
                board.row(
                    "audio.longest_min",
                    tr("Longest dictation"),
                    tr("It ends by itself then, and its text is put in as ever."),
                    longest,
                ),
            ],
        )

    def appear(self) -> None:
        """Load the list of microphones."""
        self._board.actions.devices(self._offer)

    def _offer(self, choices: Sequence[Choice]) -> None:
        self._devices.offer(choices)
