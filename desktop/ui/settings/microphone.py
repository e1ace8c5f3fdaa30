"""Where speech comes from, and what else is heard meanwhile."""

from __future__ import annotations

from desktop.ui.bridge import Choice
from desktop.ui.fields import Picker
from desktop.ui.settings.page import Board, Page


class Microphone(Page):
    """The section."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        tr = self.tr
        self._board = board
        self._device = Picker()
        warm = Picker(
            Choice("never", tr("Only while dictating")),
            Choice("after", tr("Half a minute longer")),
            Choice("always", tr("Always")),
        )
        cue = Picker(Choice("off", tr("None")), Choice("on", tr("A soft tone")))
        others = Picker(
            Choice("off", tr("Goes on")), Choice("duck", tr("Is turned down")), Choice("pause", tr("Is paused"))
        )
        longest = Picker(
            Choice("5", tr("5 minutes")),
            Choice("10", tr("10 minutes")),
            Choice("30", tr("30 minutes")),
            Choice("60", tr("1 hour")),
        )
        self.fill(
            tr("Microphone"),
            [
                board.row(
                    "audio.device",
                    tr("Microphone"),
                    tr("Where it is missing, the system's default is heard. The command line takes a list."),
                    self._device,
                ),
                board.row(
                    "audio.warm",
                    tr("Keep it open"),
                    tr(
                        "While it is open its lamp is lit, and a dictation starts at once, with what you said just "
                        "before the key. Nothing is kept until you press it."
                    ),
                    warm,
                ),
                board.row("audio.cue", tr("Start sound"), tr("Says when the microphone hears you."), cue),
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
        """Ask which microphones there are."""
        self._board.actions.devices(self._device.offer)
