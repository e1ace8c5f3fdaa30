"""A field that shows a hotkey and records a new one.

Everything pressed while it records is the new key: shortcuts and focus keys of the window do not act. The application's
hotkeys are inactive meanwhile (`recording_changed`), or they would take the key first.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QPushButton

from desktop.ui import wording

_MODIFIER_KEYCODES = {
    37: "ctrl_l",
    105: "ctrl_r",
    64: "alt_l",
    108: "alt_r",
    50: "shift_l",
    62: "shift_r",
    133: "super_l",
    134: "super_r",
}
"""Modifiers by X keycode, the same on every evdev keyboard: Qt's key codes do not distinguish left from right."""

_KEY_NAMES = {
    Qt.Key.Key_Apostrophe: "apostrophe",
    Qt.Key.Key_Backslash: "backslash",
    Qt.Key.Key_Backspace: "backspace",
    Qt.Key.Key_Comma: "comma",
    Qt.Key.Key_Delete: "delete",
    Qt.Key.Key_Down: "down",
    Qt.Key.Key_End: "end",
    Qt.Key.Key_Equal: "equal",
    Qt.Key.Key_Escape: "esc",
    Qt.Key.Key_Home: "home",
    Qt.Key.Key_Insert: "insert",
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Menu: "menu",
    Qt.Key.Key_Minus: "minus",
    Qt.Key.Key_PageDown: "page_down",
    Qt.Key.Key_PageUp: "page_up",
    Qt.Key.Key_Pause: "pause",
    Qt.Key.Key_Period: "period",
    Qt.Key.Key_Print: "print",
    Qt.Key.Key_QuoteLeft: "grave",
    Qt.Key.Key_Return: "enter",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_ScrollLock: "scroll_lock",
    Qt.Key.Key_Semicolon: "semicolon",
    Qt.Key.Key_Slash: "slash",
    Qt.Key.Key_Space: "space",
    Qt.Key.Key_Tab: "tab",
    Qt.Key.Key_Up: "up",
}

_BUTTON_NUMBERS = {Qt.MouseButton.MiddleButton: 2} | {
    Qt.MouseButton(Qt.MouseButton.BackButton.value << n): 8 + n for n in range(8)
}
"""Mouse buttons by their X number. Left presses the field, right is for a menu."""

_ANY_MODIFIER = frozenset(
    (
        Qt.Key.Key_Control,
        Qt.Key.Key_Shift,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_Super_L,
        Qt.Key.Key_Super_R,
    )
)

_MODIFIERS = {
    Qt.KeyboardModifier.ControlModifier: "ctrl",
    Qt.KeyboardModifier.AltModifier: "alt",
    Qt.KeyboardModifier.ShiftModifier: "shift",
    Qt.KeyboardModifier.MetaModifier: "super",
}


def find_key_name(key: int, modifiers: Qt.KeyboardModifier) -> str | None:
    """Return the settings name of a non-modifier key with its modifiers; None for a key without a name."""
    if Qt.Key.Key_F1 <= key <= Qt.Key.Key_F24:
        name = f"f{key - Qt.Key.Key_F1 + 1}"
    elif Qt.Key.Key_A <= key <= Qt.Key.Key_Z or Qt.Key.Key_0 <= key <= Qt.Key.Key_9:
        name = chr(key).lower()
    elif key in Qt.Key and Qt.Key(key) in _KEY_NAMES:
        name = _KEY_NAMES[Qt.Key(key)]
    else:
        return None
    return "+".join([*_modifier_names(modifiers), name])


def _modifier_names(modifiers: Qt.KeyboardModifier) -> list[str]:
    return [modifier for flag, modifier in _MODIFIERS.items() if modifiers & flag]


class HotkeyField(QPushButton):
    """Shows a hotkey; clicked, it records the next one.

    That is a modifier alone on its release, else the chord, or a mouse button over the field. Esc leaves the key as it
    was, unless `takes_esc`; Backspace clears it if it `may_be_empty`.
    """

    chosen = Signal(str)
    recording_changed = Signal(bool)

    def __init__(self, takes_esc: bool = False, may_be_empty: bool = False) -> None:
        super().__init__()
        self.setObjectName("key")
        self.setCheckable(True)
        self.toggled.connect(self._update_label)
        self.toggled.connect(self.recording_changed)
        self._takes_esc = takes_esc
        self._may_be_empty = may_be_empty
        self._value = ""
        self._pressed_modifier: int | None = None

    def set_value(self, value: str) -> None:
        """Show the key named `value`, or several separated by commas."""
        self._value = value
        self._update_label()

    def event(self, event: QEvent) -> bool:
        """Take keys while recording that would close the window or move the focus."""
        if self.isChecked() and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if self.isChecked() and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            self.keyPressEvent(event)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take a key while recording."""
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if not self.isChecked():
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape and not self._takes_esc and plain:
            self.setChecked(False)
        elif event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and self._may_be_empty and plain:
            self._accept_key("")
        elif event.nativeScanCode() in _MODIFIER_KEYCODES:
            self._pressed_modifier = event.nativeScanCode()
        elif event.key() not in _ANY_MODIFIER and not event.isAutoRepeat():
            qt_name = QKeySequence(event.keyCombination()).toString().lower()
            self._accept_key(find_key_name(event.key(), event.modifiers()) or qt_name)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Take a modifier that was pressed and released alone."""
        if not self.isChecked():
            super().keyReleaseEvent(event)
        elif event.nativeScanCode() == self._pressed_modifier and not event.isAutoRepeat():
            self._accept_key(_MODIFIER_KEYCODES[event.nativeScanCode()])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a mouse button while recording, except the left one."""
        button = _BUTTON_NUMBERS.get(event.button())
        if self.isChecked() and button is not None:
            self._accept_key("+".join([*_modifier_names(event.modifiers()), f"button{button}"]))
        else:
            super().mousePressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Stop recording when the focus leaves."""
        self.setChecked(False)
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop recording when the window closes."""
        self.setChecked(False)
        super().hideEvent(event)

    def _accept_key(self, name: str) -> None:
        self._pressed_modifier = None
        self.setChecked(False)
        if name != self._value:
            self.chosen.emit(name)

    def _update_label(self) -> None:
        shown = wording.key_name(self._value) if self._value else self.tr("None")
        self.setText(self.tr("Press a key") if self.isChecked() else shown)
