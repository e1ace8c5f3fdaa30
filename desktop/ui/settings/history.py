"""The settings page for what the history keeps, how long, and whether it is encrypted."""

from __future__ import annotations

from desktop.core.errors import Problem
from desktop.ui.bridge import Choice
from desktop.ui.i18n import sentence
from desktop.ui.widgets import choices
from desktop.ui.widgets.cards import Board, Page
from desktop.ui.widgets.combo import Picker
from desktop.ui.widgets.form import TextField


class History(Page):
    """The History page."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        self._board = board
        tr = self.tr
        days = Picker(Choice("0", tr("Never")), *choices.days(1, 7, 30, 365))
        room = Picker(
            Choice("500", tr("500 MB")),
            Choice("2000", tr("2 GB")),
            Choice("10000", tr("10 GB")),
            Choice("0", tr("No limit")),
        )
        # longest first: the first arrow key press must not choose the shortest retention
        text_days = Picker(Choice("0", tr("Until I delete it")), *choices.days(365, 30, 7))
        private = Picker(*choices.switch(tr("Off"), tr("On")))
        sensitive = Picker(*choices.switch(tr("Off"), tr("On")))
        encrypted = Picker(*choices.switch(tr("Off"), tr("On")))
        self.fill(
            tr("History"),
            [
                board.row(
                    "history.keep_audio_days",
                    tr("Keep recordings"),
                    tr("Recordings and text are kept on this machine."),
                    days,
                ),
                board.row(
                    "history.max_audio_mb",
                    tr("Room for recordings"),
                    tr("When there are more, the oldest go. Their text stays."),
                    room,
                ),
                board.row(
                    "history.keep_text_days",
                    tr("Keep text"),
                    tr("What is older is deleted at once, with its recording."),
                    text_days,
                ),
                board.row(
                    "history.private",
                    tr("Private mode"),
                    tr("Nothing is kept of what you dictate: no text, no recording, no mood."),
                    private,
                ),
                board.row(
                    "history.exclude",
                    tr("Never keep from"),
                    tr("Applications, by the names the history shows, separated by commas."),
                    TextField(),
                ),
                board.row(
                    "history.sensitive",
                    tr("Keep from password managers"),
                    tr("And from private browser windows. Not every browser says which are private."),
                    sensitive,
                ),
                board.row(
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
        encrypted.chosen.connect(lambda value: self._look())  # runs after the form's own connection, which sets it

    def appear(self) -> None:
        """Show whether the history is encrypted as chosen."""
        self._look()

    def _look(self) -> None:
        if self._board.actions.sealed is not None:
            self._board.actions.sealed(self._tell)

    def _tell(self, problem: Problem | None) -> None:
        self._board.put("history.encrypted")  # it may have been reset
        self._board.rows["history.encrypted"].tell("" if problem is None else sentence(str(problem)))
