"""Read what Windows tells of keys and mouse buttons as events for hotkeys. Pure: Windows' own key state is passed in.

On layouts with AltGr, Windows precedes that key by a Left Ctrl that was not pressed, known by its scan code. It is no
event, and while AltGr is held neither of the two is a modifier: AltGr+Q types a character, Ctrl+Alt+Q does not.

Raw input tells of the same keys, before or after the hook is asked. What the hook is not asked of within a moment,
since Windows has removed it, is heard from there. It has no scan code of its own for AltGr's Left Ctrl, which is known
there by Right Alt: that follows in the same moment. Times are seconds of Windows' own clock, by which it stamps both.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf

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


def opens_menu(event: HookKeyEvent, is_withheld: bool, bound: frozenset[int]) -> bool:
    """Return whether letting Alt or Win go would open a menu, since programs get no other key with it: one is withheld,
    or Alt or Win itself is bound. With Ctrl, as with AltGr, they open none."""
    if not event.down or event.repeat or "ctrl" in event.modifiers:
        return False
    own = MODIFIERS.get(event.code)
    is_with_menu_key = bool(event.modifiers & _MENU_MODIFIERS)
    return (is_withheld and is_with_menu_key) or (event.code in bound and own in _MENU_MODIFIERS)


class HookRenewal:
    """Lets each key be answered once while there are two hooks: the newer one is asked first, and what it does not
    withhold goes on to the older one. Neither may be removed before the other is asked."""

    def __init__(self) -> None:
        self._number = 0
        self._key: tuple[int, ...] = ()

    def is_answered(self, number: int, key: tuple[int, ...]) -> bool:
        """Return whether a newer hook than `number` has answered for this very key; if not, this one does."""
        if number < self._number and key == self._key:
            return True
        self._number, self._key = number, key
        return False


RAW_GRACE_S = 0.1
"""Seconds that the hook has to be asked of a key after raw input has told of it: Wine does both at once."""

BUTTON_GRACE_S = 1.0
"""Seconds by which raw input of the mouse may come later than the hook, on a busy machine."""

PHANTOM_S = 0.02
"""Seconds between AltGr's Left Ctrl and Right Alt by the stamps of raw input, which may differ by one tick of Windows'
clock: a user presses two keys further apart."""

REPEAT_SILENCE_S = 2.5
"""Seconds after which a key that repeated is no longer down, and its next press is no repeat: with filter keys Windows
repeats as seldom as every 2 s."""

_MENU_MODIFIERS = frozenset(("alt", "super"))
"""The modifiers that open a menu when nothing was pressed with them."""

_RIGHT_KEYS = {0x11: 0xA3, 0x12: 0xA5}
_LEFT_KEYS = {0x11: 0xA2, 0x12: 0xA4}
"""The codes of the right and left keys by VK_CONTROL and VK_MENU, which raw input has for both."""

_SHIFT, _SHIFT_L, _SHIFT_R, _SHIFT_R_SCAN = 0x10, 0xA0, 0xA1, 0x36
_RAW_BREAK, _RAW_EXTENDED = 1, 2
_NO_KEY = 0xFF
"""What raw input has for a part of a key's sequence that is no key."""


def raw_key(code: int, scan: int, flags: int) -> tuple[int, bool] | None:
    """Return the code that the hook has for a key of raw input, and whether it goes down; None for no key."""
    if code in (0, _NO_KEY):
        return None
    if code == _SHIFT:
        code = _SHIFT_R if scan == _SHIFT_R_SCAN else _SHIFT_L
    return (_RIGHT_KEYS if flags & _RAW_EXTENDED else _LEFT_KEYS).get(code, code), not flags & _RAW_BREAK


def time_of_stamp(stamp_ms: int, now_s: float) -> float:
    """Return the time at which Windows, where it is `now_s`, has put this stamp, of which only 32 bits are kept."""
    age_ms = (round(now_s * 1000) - stamp_ms + (1 << 31)) % (1 << 32) - (1 << 31)
    return now_s - age_ms / 1000


@dataclass(frozen=True, slots=True)
class _RawKey:
    """A key of which only raw input has told so far."""

    code: int
    down: bool
    at: float


class WindowsEventReader:
    """Reads the events of a hook and of raw input. `is_pressed(code)` is Windows' state of a key, which inside the hook
    is still the previous one. `hooked_at` is when the hook was last asked of a key."""

    def __init__(self, is_pressed: Callable[[int], bool], now: float = 0.0) -> None:
        self._is_pressed = is_pressed
        self._heard_at: dict[int, float] = {}
        self._withheld_codes: set[int] = set()
        self._repeating_code: int | None = None
        self._is_phantom_down = False
        self.hooked_at = now
        self._asked_at: dict[tuple[int, bool], float] = {}
        self._raw_keys: deque[_RawKey] = deque()
        self._raw_answers: dict[tuple[int, bool], tuple[float, bool]] = {}

    def read_key(self, code: int, scan: int, down: bool, at: float = 0.0) -> HookKeyEvent | None:
        """Return the event of a key; None for the phantom of AltGr."""
        if code == CTRL_L and scan == PHANTOM_CONTROL_SCAN:
            self._is_phantom_down = down
            return None
        return self.make_event(code, down, at)

    def make_event(self, code: int, down: bool, at: float = 0.0) -> HookKeyEvent:
        """Return the event of a key or button. A key that is down already repeats if its press was heard."""
        held = frozenset(name for other, name in MODIFIERS.items() if other != code and self._is_held(other))
        heard_at = self._heard_at.get(code, -inf)
        return HookKeyEvent(code, down, down and at - heard_at <= REPEAT_SILENCE_S and self.is_down(code, at), held)

    def note_answer(self, event: HookKeyEvent, at: float, is_withheld: bool) -> None:
        """Note whether the key was withheld from all programs."""
        if event.down:
            self._heard_at[event.code] = at
        else:
            self._heard_at.pop(event.code, None)
        (self._withheld_codes.add if is_withheld and event.down else self._withheld_codes.discard)(event.code)
        self._repeating_code = event.code if event.repeat else None

    def can_withhold(self, event: HookKeyEvent) -> bool:
        """Return whether the key may be withheld: not the release of one that programs believe is down."""
        return event.down or not self._is_pressed(BUTTON_CODES.get(event.code, event.code))

    def is_down(self, code: int, now: float = 0.0) -> bool:
        """Return whether the key or button is down.

        Windows does not know that of a withheld key: it counts as down until its release is received, or its repeats
        are missing though no other key has ended them.
        """
        if code in self._withheld_codes and not self._has_fallen_silent(code, now):
            return True
        return self._is_pressed(BUTTON_CODES.get(code, code))

    def forget_keys(self) -> None:
        """Forget the keys that are down: of their releases nothing may have been heard."""
        self.forget_withheld_keys()
        self._heard_at.clear()
        self._is_phantom_down = False

    def forget_withheld_keys(self) -> None:
        """Forget that keys were withheld: the hook was removed while they were down, so programs get their repeats."""
        self._withheld_codes.clear()
        self._repeating_code = None

    def note_hooked(self, code: int, down: bool, now: float) -> None:
        """Note that the hook was asked of a key."""
        self.hooked_at = now
        self.note_asked(code, down, now)

    def note_asked(self, code: int, down: bool, now: float) -> None:
        """Note that a hook was asked of a key or button."""
        self._asked_at[code, down] = now

    def known_answer(self, code: int, down: bool, at: float) -> bool | None:
        """Return whether to withhold a key of which the hook is asked only after it was heard from raw input; None for
        another key."""
        raw_at, is_withheld = self._raw_answers.get((code, down), (-inf, False))
        return is_withheld if at <= raw_at else None

    def note_raw_key(self, code: int, down: bool, at: float) -> None:
        """Note a key of raw input, unless the hook was asked of it."""
        if not self._was_asked(code, down, at):
            self._raw_keys.append(_RawKey(code, down, at))

    def note_raw_answer(self, event: HookKeyEvent, at: float, is_withheld: bool) -> None:
        """Note what would have been answered had the hook been asked. Programs have got the key."""
        self._raw_answers[event.code, event.down] = at, is_withheld
        self.note_answer(event, at, False)

    @property
    def raw_due_at(self) -> float:
        """When to take the keys of raw input that the hook was not asked of by then."""
        return self._raw_keys[0].at + RAW_GRACE_S if self._raw_keys else inf

    def take_unheard_keys(self, now: float) -> Iterator[tuple[HookKeyEvent, float]]:
        """Take the keys that raw input alone has told of, each with its time, to be answered before the next one.

        A press counts also where the hook was just asked of another key: of two at once Wine asks it of the first alone
        at times. A release counts if the key has not been heard since: a key that is held while the hook is removed is
        let go soon.
        """
        while self._raw_keys and self.raw_due_at <= now:
            key = self._raw_keys.popleft()
            if self._is_raw_phantom(key):
                self._is_phantom_down = key.down
                continue
            heard_at = self._heard_at.get(key.code, inf)
            if not self._was_asked(key.code, True, key.at) if key.down else key.at > heard_at:
                yield self.make_event(key.code, key.down, key.at), key.at

    def _is_raw_phantom(self, key: _RawKey) -> bool:
        """Return whether this is AltGr's Left Ctrl, before the next key of raw input is taken. Windows queues both at
        once. A Left Ctrl that is let go is the phantom's only if the phantom was pressed."""
        if key.code != CTRL_L or not self._raw_keys or self._was_asked(key.code, key.down, key.at):
            return False
        after = self._raw_keys[0]
        is_altgr = after.code == ALT_R and after.down == key.down and abs(after.at - key.at) <= PHANTOM_S
        return is_altgr and (key.down or self._is_phantom_down)

    def _was_asked(self, code: int, down: bool, at: float) -> bool:
        """Return whether the hook was asked of the key that raw input has at this time, before or after that."""
        late_s = BUTTON_GRACE_S if code >= BUTTON_OFFSET else RAW_GRACE_S
        return self._asked_at.get((code, down), -inf) >= at - late_s

    def _has_fallen_silent(self, code: int, now: float) -> bool:
        return code == self._repeating_code and now - self._heard_at.get(code, now) > REPEAT_SILENCE_S

    def _is_held(self, code: int) -> bool:
        is_of_altgr = self._is_phantom_down and code in (CTRL_L, ALT_R) and self._is_pressed(ALT_R)
        return not is_of_altgr and self._is_pressed(code)
