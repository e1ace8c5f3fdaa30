"""A desk for tests of the keys: an X display, hands that press keys by keycode, a focused window, and an ear.

Keys are pressed by XTest and by keycode, since by keysym a test tool may add modifiers of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, Queue
from select import select
from time import monotonic

from Xlib import X
from Xlib.display import Display
from Xlib.error import BadAccess, CatchError
from Xlib.ext import xtest

from desktop.gesture import Event
from desktop.hotkey import Keys, open_keys, parse
from desktop.problems import HotkeyProblem

# Keycodes of the evdev map, which Xvfb uses.
ESC_KEY, TAB, CTRL_L, Z, V, ALT_L, SPACE, CAPS_LOCK = 9, 23, 37, 52, 55, 64, 65, 66
F9, F10, CTRL_R, ALT_R, PAUSE = 75, 76, 105, 108, 127

PATIENCE_S = 10.0


class Desk:
    """A display with a window that has the focus and notes the keys that reach it, and hands that press keys."""

    def __init__(self, display: str) -> None:
        self.display = display
        self._wire = Display(display)
        self._root = self._wire.screen().root
        self._window = self._root.create_window(
            *(0, 0, 200, 100, 0, X.CopyFromParent), event_mask=X.KeyPressMask | X.FocusChangeMask | X.ExposureMask
        )
        self._window.map()
        self._until(lambda event: event.type == X.Expose)
        self._window.set_input_focus(X.RevertToPointerRoot, X.CurrentTime)
        self._until(lambda event: event.type == X.FocusIn)

    def press(self, *codes: int) -> None:
        """Press keys, in order, and hold them."""
        for code in codes:
            xtest.fake_input(self._wire, X.KeyPress, code)
        self._wire.sync()

    def release(self, *codes: int) -> None:
        """Let go of keys, in order."""
        for code in codes:
            xtest.fake_input(self._wire, X.KeyRelease, code)
        self._wire.sync()

    def tap(self, *codes: int) -> None:
        """Press and release a chord."""
        self.press(*codes)
        self.release(*reversed(codes))

    def reached_the_window(self) -> list[int]:
        """The keycodes that the window got since the last call, auto-repeats included; ends with a key of its own."""
        self.tap(Z)
        seen: list[int] = []
        while (code := self._until(lambda event: event.type == X.KeyPress).detail) != Z:
            seen.append(code)
        return seen

    def repeats(self, code: int, times: int) -> None:
        """Wait until a held key has repeated in the window."""
        for _ in range(times):
            self._until(lambda event: event.type == X.KeyPress and event.detail == code)

    def held(self) -> list[int]:
        """Every key that is down."""
        return [8 * n + bit for n, byte in enumerate(self._wire.query_keymap()) for bit in range(8) if byte & 1 << bit]

    def remap(self, code: int, keysym_of: int) -> None:
        """Give the key `code` what the key `keysym_of` has."""
        self._wire.change_keyboard_mapping(code, self._wire.get_keyboard_mapping(keysym_of, 1))
        self._wire.sync()

    def wait_until_taken(self, code: int) -> None:
        """Return once somebody has grabbed the key."""
        deadline = monotonic() + PATIENCE_S
        refused = CatchError(BadAccess)
        while not refused.get_error():
            assert monotonic() < deadline, "nobody took the key"
            self._root.grab_key(code, 0, False, X.GrabModeAsync, X.GrabModeAsync, onerror=refused)
            self._root.ungrab_key(code, 0)
            self._wire.sync()

    def close(self) -> None:
        self._window.destroy()
        self._wire.close()

    def _until(self, wanted: Callable[[object], bool]) -> object:
        deadline = monotonic() + PATIENCE_S
        while True:
            while self._wire.pending_events():
                event = self._wire.next_event()
                if wanted(event):
                    return event
            ready, _, _ = select([self._wire], [], [], max(0.0, deadline - monotonic()))
            assert ready, "the window was not told in time"


class Ear:
    """What the keys thread posted."""

    def __init__(self) -> None:
        self.events: Queue[Event] = Queue()
        self.failures: Queue[HotkeyProblem] = Queue()

    def hears(self) -> Event:
        """The next event, waited for."""
        return self.events.get(timeout=PATIENCE_S)

    def hears_nothing_for(self, seconds: float) -> bool:
        """Whether no event comes for so long."""
        try:
            self.events.get(timeout=seconds)
        except Empty:
            return True
        return False

    def nothing_more(self) -> bool:
        """Whether nothing is left that was posted; ask after the keys are closed, when nothing can follow."""
        return self.events.empty()


@contextmanager
def hearing(display: str, talk: str = "ctrl_r", cancel: str = "esc") -> Iterator[tuple[Keys, Ear]]:
    """Keys that are heard; leaving it closes them and requires that everything they posted was looked at."""
    ear = Ear()
    keys = open_keys(parse(talk), parse(cancel), ear.events.put, ear.failures.put, {"DISPLAY": display}, "linux")
    try:
        yield keys, ear
    finally:
        keys.close()
    assert ear.nothing_more()
    assert ear.failures.empty()


def settled(keys: Keys, talk: str = "ctrl_r", cancel: str = "esc") -> None:
    """Return once the keys thread has done what was asked: it answers in turn, and the same keys change nothing."""
    keys.rebind(parse(talk), parse(cancel))
