"""Which key does what: each is shown by pressing it."""

from __future__ import annotations

from desktop.ui.bridge import Choice
from desktop.ui.fields import Picker, Row
from desktop.ui.key_field import KeyField
from desktop.ui.settings.page import Board, Page


class Hotkeys(Page):
    """The section."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        tr = self.tr
        tap = Picker(
            Choice("lock", tr("Talk until the next")),
            Choice("double", tr("Two in a row lock")),
            Choice("off", tr("Nothing")),
        )
        self.fill(
            tr("Hotkey"),
            [
                board.key(
                    "hotkey.talk", tr("Talk"), tr("Hold it to speak, or tap it, speak, and tap again."), KeyField()
                ),
                board.row(
                    "hotkey.tap", tr("A short press"), tr("Locks the talk key, so that it need not be held."), tap
                ),
                board.key(
                    "hotkey.cancel", tr("Cancel"), tr("Throws away what is being said."), KeyField(takes_esc=True)
                ),
                board.key("hotkey.send", tr("Talk and send"), tr("Presses Return once the text has arrived.")),
                board.key(
                    "hotkey.edit", tr("Edit"), tr("Select text, hold it, and say what a language model is to do.")
                ),
                board.key(
                    "hotkey.languages", tr("Language"), tr("Goes through your languages, one and then the next.")
                ),
                board.key("hotkey.paste_last", tr("Paste again"), tr("Puts in what was said last.")),
                board.key("hotkey.undo", tr("Undo"), tr("Takes the last text out again, if nothing was typed since.")),
                board.key("hotkey.swap", tr("Swap"), tr("Changes the last text for the words as spoken, and back.")),
                Row(
                    tr("Keys and mouse buttons"),
                    tr(
                        "While a field waits, press a key, keys together, or a mouse button over the field. Backspace "
                        "leaves none, Esc all as it was. What is taken here reaches no window, but for Ctrl, Alt, "
                        "Shift and Super."
                    ),
                ),
            ],
        )
