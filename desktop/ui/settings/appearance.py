"""The settings page for theme, motion, language, the pill, the tray icon and autostart."""

from __future__ import annotations

from desktop.core.errors import Problem
from desktop.ui.bridge import Choice
from desktop.ui.i18n import sentence
from desktop.ui.widgets import choices
from desktop.ui.widgets.cards import Board, Page
from desktop.ui.widgets.combo import Picker


class Appearance(Page):
    """The Appearance page."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        tr = self.tr
        self._board = board
        theme = Picker(Choice("system", tr("As the desktop")), Choice("light", tr("Light")), Choice("dark", tr("Dark")))
        contrast = Picker(Choice("system", tr("As the desktop")), Choice("high", tr("High")))
        motion = Picker(Choice("system", tr("As the desktop")), Choice("off", tr("None")))
        language = Picker(*choices.window_languages())
        sizes = (100, 125, 150, 175, 200, 250, 300)
        scale = Picker(
            Choice("system", tr("As the desktop")), *(Choice(str(size), tr("{0} %").format(size)) for size in sizes)
        )
        pill = Picker(
            Choice("live", tr("Your words as you speak")),
            Choice("compact", tr("The level alone")),
            Choice("off", tr("Only what needs you")),
        )
        place = Picker(
            Choice("bottom", tr("At the bottom")),
            Choice("top", tr("At the top")),
            Choice("dragged", tr("Where you dragged it")),
        )
        tray = Picker(Choice("colour", tr("With colour")), Choice("monochrome", tr("By shape alone")))
        start = Picker(*choices.switch(tr("No"), tr("Yes")))
        read = tr("The language of the windows, from the next start.")
        large = tr("How large everything is, from the next start.")
        self.fill(
            tr("Appearance"),
            [
                board.row("look.theme", tr("Theme"), tr("Light or dark, everywhere at once."), theme),
                board.row("look.contrast", tr("Contrast"), tr("High: stronger colours and visible edges."), contrast),
                board.row("look.motion", tr("Motion"), tr("None: nothing glides, grows or fades."), motion),
                board.row("look.language", tr("Language"), read, language),
                board.row("look.scale", tr("Size"), large, scale),
            ],
            [
                board.row(
                    "look.pill",
                    tr("Overlay"),
                    tr("What is seen while you speak. What went wrong is always said."),
                    pill,
                ),
                board.row(
                    "look.pill_place",
                    tr("Place of the overlay"),
                    tr("Drag it with the mouse, on each screen. A double click brings it back."),
                    place,
                ),
                board.row(
                    "look.tray",
                    tr("Icon in the tray"),
                    tr("By shape alone it suits a panel without colours."),
                    tray,
                ),
            ],
            [
                board.row(
                    "startup.autostart",
                    tr("Start with the session"),
                    tr("Intone waits in the tray from the moment you log in."),
                    start,
                )
            ],
        )
        start.chosen.connect(lambda value: self._look())  # runs after the form's own connection, which sets it

    def appear(self) -> None:
        """Show whether autostart works as chosen."""
        self._look()

    def _look(self) -> None:
        if self._board.actions.autostart is not None:
            self._board.actions.autostart(self._tell)

    def _tell(self, problem: Problem | None) -> None:
        self._board.rows["startup.autostart"].tell("" if problem is None else sentence(str(problem)))
