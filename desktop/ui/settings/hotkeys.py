"""The settings page for hotkeys: each is recorded by pressing it and can be tried; its cost elsewhere is shown."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from desktop.core.bindings import Action
from desktop.core.errors import SettingsProblem
from desktop.core.keys import parse
from desktop.core.state import Shown
from desktop.hotkeys.conflicts import lost
from desktop.ui import wording as words
from desktop.ui.bridge import Choice
from desktop.ui.i18n import sentence
from desktop.ui.settings.try_key import TryKey
from desktop.ui.style import tokens
from desktop.ui.widgets.cards import Board, Page
from desktop.ui.widgets.combo import Picker
from desktop.ui.widgets.form import Row
from desktop.ui.widgets.key_field import KeyField

PRESETS = ("ctrl_r", "alt_r", "f9", "button8")
"""Talk keys that most keyboards and mice have and few programs use."""


class Hotkeys(Page):
    """The Hotkeys page."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        tr = self.tr
        self._board = board
        self.trial = TryKey(board.actions)
        tap = Picker(
            Choice("lock", tr("Talk until the next")),
            Choice("double", tr("Two in a row lock")),
            Choice("off", tr("Nothing")),
        )
        self._keys = {
            Action.TALK: board.key(
                "hotkey.talk", tr("Talk"), tr("Hold it to speak, or tap it, speak, and tap again."), KeyField()
            ),
            Action.CANCEL: board.key(
                "hotkey.cancel", tr("Cancel"), tr("Throws away what is being said."), KeyField(takes_esc=True)
            ),
            Action.SEND: board.key("hotkey.send", tr("Talk and send"), tr("Presses Return once the text has arrived.")),
            Action.EDIT: board.key(
                "hotkey.edit", tr("Edit"), tr("Select text, hold it, and say what a language model is to do.")
            ),
            Action.LANGUAGES: board.key(
                "hotkey.languages", tr("Language"), tr("Goes through your languages, one and then the next.")
            ),
            Action.PASTE_LAST: board.key("hotkey.paste_last", tr("Paste again"), tr("Puts in what was said last.")),
            Action.UNDO: board.key(
                "hotkey.undo", tr("Undo"), tr("Takes the last text out again, if nothing was typed since.")
            ),
            Action.SWAP: board.key(
                "hotkey.swap", tr("Swap"), tr("Changes the last text for the words as spoken, and back.")
            ),
        }
        self._sentences = {action: row.sentence.text() for action, row in self._keys.items()}
        for row in self._keys.values():
            if isinstance(row.control, KeyField):
                row.control.chosen.connect(self._redraw)
        talk, cancel, *others = self._keys.values()
        how = Row(
            tr("Keys and mouse buttons"),
            tr(
                "While a field waits, press a key, keys together, or a mouse button over the field. Backspace "
                "leaves none, Esc all as it was. What is taken here reaches no window, but for Ctrl, Alt, "
                "Shift and Super."
            ),
        )
        shape = board.row(
            "hotkey.tap", tr("A short press"), tr("Locks the talk key, so that it need not be held."), tap
        )
        self.fill(tr("Hotkey"), [talk, self._presets(), self.trial, shape, cancel], [*others, how])

    def appear(self) -> None:
        """Check whether another program grabs one of the keys."""
        self._redraw()
        self._board.actions.key_host(self.trial.tell)

    def draw(self, shown: Shown) -> None:
        """Light the lamp while the talk key is held."""
        self.trial.draw(shown)
        self._redraw()

    def _presets(self) -> QWidget:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(tokens.WIDE, tokens.PAD, tokens.WIDE, tokens.PAD)
        line.setSpacing(tokens.UNIT)
        self._group = QButtonGroup(self)
        self.presets: dict[str, QPushButton] = {}
        for key in PRESETS:
            button = self.presets[key] = QPushButton(words.key_name(key))
            button.setCheckable(True)
            button.setAutoExclusive(True)  # makes screen readers announce one of several
            button.setAccessibleName(button.text())
            button.setAccessibleDescription(self.tr("Makes this the talk key."))
            button.clicked.connect(lambda _, key=key: self._preset(key))
            self._group.addButton(button)
            line.addWidget(button)
        line.addStretch(1)
        return made

    def _preset(self, key: str) -> None:
        self._board.choose("hotkey.talk", key)
        self._redraw()

    def _redraw(self) -> None:
        """Show what each key costs elsewhere, and which preset is the talk key."""
        chosen = self._board.actions.settings().hotkey
        for action, row in self._keys.items():
            keys = (chosen.cancel,) if action is Action.CANCEL else getattr(chosen, action)
            costs = [sentence(cost) for key in keys if (cost := _lost(key, action))]
            row.sentence.setText(words.together(self._sentences[action], *costs))
        self._group.setExclusive(False)
        for key, button in self.presets.items():
            button.setChecked(chosen.talk == (key,))
        self._group.setExclusive(True)


def _lost(key: str, action: Action) -> str:
    try:
        return lost(parse(key), action)
    except SettingsProblem:
        return ""
