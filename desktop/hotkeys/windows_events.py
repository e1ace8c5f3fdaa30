"""Read what Windows tells of keys and mouse buttons as events for hotkeys. Pure: Windows' own key state is passed in.

On layouts with AltGr, Windows precedes that key by a Left Ctrl that was not pressed, known by its scan code. It is no
event, and while AltGr is held neither of the two is a modifier: AltGr+Q types a character, Ctrl+Alt+Q does not.
"""

from __future__ import annotations

from collections.abc import Callable

from desktop.core.keys import BUTTON_OFFSET
from desktop.hotkeys.keyboard_hook import HookKeyEvent
from desktop.platforms.windows.key_codes import ALT_R, BUTTON_CODES, CTRL_L, MODIFIERS

PHANTOM_CONTROL_SCAN = 0x21D
"""The scan code of AltGr's Left Ctrl; that of the key is 0x1D."""

WHEEL_FREE_BUTTONS = (1, 3, 2, 8, 9)
"""The settings' numbers of the buttons in Windows' order: left, right, middle, back, forward."""

_CLICK_MESSAGES = {0x0201: 1, 0x0204: 3, 0x0207: 2}
"""WM_LBUTTONDOWN, WM_RBUTTONDOWN, WM_MBUTTONDOWN; each is followed by the message of its release."""

_SIDE_BUTTON_DOWN = 0x020B
"""WM_XBUTTONDOWN; the upper half of its data is 1 for back and 2 for forward."""

HOOK_SILENCE_S = 1.0
"""Seconds between the hook's last key and one that only raw input has, from which the hook is taken for dead: Windows
asks the hook first, and removes one that was slow."""


def hooked_button(message: int, data: int) -> tuple[int, bool] | None:
    """Return a button's code and whether it goes down, by the message that a mouse hook gets; None for other input."""
    for down, number in _CLICK_MESSAGES.items():
        if message in (down, down + 1):
            return BUTTON_OFFSET + number, message == down
    if message in (_SIDE_BUTTON_DOWN, _SIDE_BUTTON_DOWN + 1) and data >> 16 in (1, 2):
        return BUTTON_OFFSET + 7 + (data >> 16), message == _SIDE_BUTTON_DOWN
    return None


def raw_buttons(flags: int) -> list[tuple[int, bool]]:
    """Return the buttons' codes, and whether they go down, by the flags of a raw mouse input: two bits for each."""
    return [
        (BUTTON_OFFSET + number, down)
        for place, number in enumerate(WHEEL_FREE_BUTTONS)
        for down in (True, False)
        if flags & 1 << 2 * place + (not down)
    ]


RENEWAL_PAUSE_S = 10.0
"""Seconds between two installations of the hook: of keys that another program withholds it is never asked."""


def is_hook_dead(hooked_at: float, installed_at: float, heard_at: float) -> bool:
    """Return whether the key that raw input had at `heard_at` shows that the hook, installed at `installed_at` and last
    asked at `hooked_at`, is not asked any more, so that it is to be installed anew."""
    return heard_at - hooked_at > HOOK_SILENCE_S and heard_at - installed_at > RENEWAL_PAUSE_S


class WindowsEventReader:
    """Reads the events of a hook. `is_pressed(code)` is Windows' state of a key, which inside the hook is still the
    previous one."""

    def __init__(self, is_pressed: Callable[[int], bool]) -> None:
        self._is_pressed = is_pressed
        self._withheld_codes: set[int] = set()
        self._is_phantom_down = False

    def read_key(self, code: int, scan: int, down: bool) -> HookKeyEvent | None:
        """Return the event of a key; None for the phantom of AltGr."""
        if code == CTRL_L and scan == PHANTOM_CONTROL_SCAN:
            self._is_phantom_down = down
            return None
        return self.make_event(code, down)

    def make_event(self, code: int, down: bool) -> HookKeyEvent:
        """Return the event of a key or button. A key that is down already repeats."""
        held = frozenset(name for other, name in MODIFIERS.items() if other != code and self._is_held(other))
        return HookKeyEvent(code, down, down and self.is_down(code), held)

    def note_answer(self, code: int, down: bool, is_withheld: bool) -> None:
        """Note whether the key was withheld from all programs."""
        (self._withheld_codes.add if is_withheld and down else self._withheld_codes.discard)(code)

    def is_down(self, code: int) -> bool:
        """Return whether the key or button is down.

        Windows does not know that of a withheld key: it counts as down until its release is received.
        """
        return code in self._withheld_codes or self._is_pressed(BUTTON_CODES.get(code, code))

    def _is_held(self, code: int) -> bool:
        is_of_altgr = self._is_phantom_down and code in (CTRL_L, ALT_R) and self._is_pressed(ALT_R)
        return not is_of_altgr and self._is_pressed(code)
