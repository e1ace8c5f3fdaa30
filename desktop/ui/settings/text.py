"""How the words are put into shape: by whom, and by what of the place they go to."""

from __future__ import annotations

from desktop.paths import paths
from desktop.settings_tree import LOCAL, Polish
from desktop.ui.bridge import Choice
from desktop.ui.fields import Picker, Row
from desktop.ui.settings.page import Board, Page


class Text(Page):
    """The section."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        tr = self.tr
        self._board = board
        self._language_model = Picker()
        asked = Picker(Choice(LOCAL, tr("This machine")), Choice(Polish().url, "OpenAI"))
        polish = Picker(
            Choice("rules", tr("Tidy")), Choice("llm", tr("By a language model")), Choice("off", tr("As spoken"))
        )
        cursor = Picker(Choice("off", tr("Not looked at")), Choice("on", tr("Looked at")))
        site = Picker(Choice("off", tr("Not asked for")), Choice("on", tr("Asked for")))
        join = Picker(
            Choice("auto", tr("Where nothing was touched")), Choice("space", tr("Always")), Choice("none", tr("Never"))
        )
        self.fill(
            tr("Text"),
            [
                board.row(
                    "polish.mode",
                    tr("Polish"),
                    tr(
                        "Tidy is instant and stays on this machine. A language model writes better and takes longer; "
                        "its text is used if it comes in time and says the same."
                    ),
                    polish,
                ),
                Row(
                    tr("Styles"),
                    tr(
                        "Formal in mail, casual in chats, lists in notes; code and terminals get what you said. Your "
                        "own go into {0}"
                    ).format(paths().styles),
                ),
                board.row(
                    "context.cursor",
                    tr("Text at the cursor"),
                    tr(
                        "Puts capitals and spaces by what stands there, where accessibility tells. It is neither kept "
                        "nor sent."
                    ),
                    cursor,
                ),
                board.row(
                    "context.site",
                    tr("Web site"),
                    tr("The page's host chooses the style, where a browser's accessibility is on."),
                    site,
                ),
                board.row(
                    "polish.url",
                    tr("Where a language model is"),
                    tr("For polish by one. The command line takes the address of any other server."),
                    asked,
                ),
                board.row(
                    "polish.model",
                    tr("Language model"),
                    tr(
                        "Which one is asked there. The command line fetches those for this machine: intone models list."
                    ),
                    self._language_model,
                ),
                board.row(
                    "paste.join",
                    tr("Space in between"),
                    tr("One space comes between two dictations into the same window."),
                    join,
                ),
            ],
        )

    def appear(self) -> None:
        """Ask which language models there are on this machine."""
        self._board.actions.language_models(self._language_model.offer)
