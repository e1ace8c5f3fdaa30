"""Which version this is."""

from __future__ import annotations

import desktop
from desktop.ui.fields import Row
from desktop.ui.settings.page import Board, Page


class About(Page):
    """The section."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        tr = self.tr
        self.fill(
            tr("About"),
            [Row(tr("Intone {0}").format(desktop.__version__), tr("Hold a key, speak, let go. MIT licence."))],
        )
