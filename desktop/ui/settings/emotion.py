"""Whether it is noted how a dictation sounded, and who reads it."""

from __future__ import annotations

from desktop.ui.bridge import Choice
from desktop.ui.fields import Picker
from desktop.ui.settings.page import Board, Page


class Emotion(Page):
    """The section."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        tr = self.tr
        engine = Picker(
            Choice("local", tr("On this machine")),
            Choice("llm", tr("By a language model")),
            Choice("off", tr("Not at all")),
        )
        self.fill(
            tr("Emotion"),
            [
                board.row(
                    "emotion.engine",
                    tr("How it sounded"),
                    tr(
                        "Noted in the history after the text is in: what words and voice express, not what anybody "
                        'feels. A language model gets the words and a line such as "louder than usual"; not the voice.'
                    ),
                    engine,
                )
            ],
        )
