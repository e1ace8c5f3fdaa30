"""The settings page for cues: the sounds at start, stop, cancel and error of a dictation."""

from __future__ import annotations

from functools import partial
from typing import get_args

from desktop.core.errors import Problem
from desktop.settings.schema import CueKind
from desktop.ui.i18n import sentence
from desktop.ui.settings.sound_field import Percent, SoundField
from desktop.ui.widgets import choices
from desktop.ui.widgets.cards import Board, Page
from desktop.ui.widgets.combo import Picker
from desktop.ui.widgets.form import Row

KINDS: tuple[CueKind, ...] = get_args(CueKind.__value__)


class Sounds(Page):
    """The Sounds page."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        tr = self.tr
        self._board = board
        cue = Picker(*choices.switch(tr("None"), tr("Soft sounds")))
        self._rows = {
            "start": self._own("start", tr("Start"), tr("The microphone hears you. Words in it would be written.")),
            "stop": self._own("stop", tr("Stop"), tr("The microphone hears you no more.")),
            "cancel": self._own("cancel", tr("Cancel"), tr("What was said is thrown away.")),
            "error": self._own("error", tr("Error"), tr("The text did not arrive. The overlay says why.")),
        }
        self.fill(
            tr("Sounds"),
            [
                board.row(
                    "audio.cue",
                    tr("Sounds"),
                    tr("They tell what happens without a look at the screen, and delay nothing."),
                    cue,
                ),
                board.row("audio.cue_volume", tr("Volume"), tr("At 0 nothing is heard."), Percent()),
            ],
            list(self._rows.values()),
        )

    def appear(self) -> None:
        """Show which sound files cannot be played."""
        for kind in KINDS:
            self._look(kind)

    def _own(self, kind: CueKind, name: str, sentence: str) -> Row:
        control = SoundField(name)
        row = self._board.row(f"audio.cue_{kind}", name, sentence, control)
        control.chosen.connect(lambda path: self._look(kind))
        sounding = self._board.actions.sounding
        control.play.setVisible(sounding is not None)
        if sounding is not None:
            control.tried.connect(lambda: sounding.cue(kind, partial(self._tell, kind)))
        return row

    def _look(self, kind: CueKind) -> None:
        if self._board.actions.sounding is not None:
            self._board.actions.sounding.cue_problem(kind, partial(self._tell, kind))

    def _tell(self, kind: CueKind, problem: Problem | None) -> None:
        self._rows[kind].tell("" if problem is None else sentence(str(problem)))
