"""What turns speech into words, how well it is just now, and what leaves the machine for it."""

from __future__ import annotations

from desktop.leaving import leaving
from desktop.state import Shown
from desktop.ui import words
from desktop.ui.bridge import Choice
from desktop.ui.fields import Picker, Row, TextField
from desktop.ui.settings.page import Board, Page


class Speech(Page):
    """The section."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        tr = self.tr
        self._board = board
        self._status, self._leaving = Row(tr("Status"), ""), Row(tr("What leaves this machine"), "")
        engine = Picker(
            *(
                Choice(name, title, tr("on this machine") if name == "whisper" else "")
                for name, title in words.ENGINES.items()
            )
        )
        policy = Picker(
            Choice("fallback", tr("The local text, if it fails or is late")),
            Choice("best", tr("The better of both")),
            Choice("fastest", tr("Whichever is first")),
        )
        notice = Picker(Choice("off", tr("Never")), Choice("on", tr("Ask once for each")))
        chinese = Picker(
            Choice("auto", tr("As the system")),
            Choice("simplified", tr("Simplified")),
            Choice("traditional", tr("Traditional")),
        )
        idle = Picker(
            Choice("0", tr("Never")),
            Choice("5", tr("5 minutes")),
            Choice("10", tr("10 minutes")),
            Choice("30", tr("30 minutes")),
            Choice("60", tr("1 hour")),
        )
        self.fill(
            tr("Speech"),
            [
                self._status,
                board.row("recognizer.engine", tr("Engine"), tr("What turns speech into words."), engine),
                self._leaving,
                board.row(
                    "recognizer.policy",
                    tr("Of two texts"),
                    tr("Where another machine is asked, a local model listens along if there is one."),
                    policy,
                ),
                board.row(
                    "recognizer.language",
                    tr("Language"),
                    tr("auto, or the codes of what you speak, such as en, de, zh."),
                    TextField(),
                ),
                board.row(
                    "vocabulary.words",
                    tr("Your words"),
                    tr("Names and terms to listen for, separated by commas."),
                    TextField(),
                ),
                board.row(
                    "vocabulary.notice",
                    tr("Learn from corrections"),
                    tr("Looks at the field just dictated into, and no other, for words that you put right."),
                    notice,
                ),
                board.row(
                    "recognizer.chinese", tr("Chinese"), tr("The characters that Chinese is written in."), chinese
                ),
                board.row(
                    "recognizer.unload_after_min",
                    tr("Free the memory"),
                    tr("After so long without a dictation. The next one loads the model while you speak."),
                    idle,
                ),
            ],
        )

    def draw(self, shown: Shown) -> None:
        """Say how the app is, and who gets what."""
        health, now = shown.health, self._board.actions.settings()
        self._status.sentence.setText(words.status(Shown(health=health), ",".join(now.hotkey.talk)))
        self._status.tell(health.problem.remedy if health.problem else health.note)
        self._leaving.sentence.setText(words.leaving(leaving(now)))
