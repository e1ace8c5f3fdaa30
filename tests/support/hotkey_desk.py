"""Desk for hotkey tests: an X display, keys pressed by keycode, a focused window, and a listener.

Keys are pressed by XTest and by keycode, since by keysym a test tool may add modifiers of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, Queue
from select import select
from time import monotonic
from typing import Any

from Xlib import X
from Xlib.display import Display
from Xlib.error import BadAccess, CatchError
from Xlib.ext import xtest

from desktop.core.errors import HotkeyError
from desktop.core.keys import Action, Bindings, build_bindings
from desktop.hotkeys.gesture import GestureEvent
from desktop.hotkeys.listener import HotkeyListener, open_hotkeys

# Keycodes of the evdev map, which Xvfb uses.
ESC_KEY, TAB, CTRL_L, Z, V, ALT_L, SPACE, CAPS_LOCK = 9, 23, 37, 52, 55, 64, 65, 66
F9, F10, CTRL_R, ALT_R, PAUSE = 75, 76, 105, 108, 127

DOWN, UP, ESC, OTHER = GestureEvent.DOWN, GestureEvent.UP, GestureEvent.ESC, GestureEvent.OTHER
PATIENCE_S = 10.0


class Desk:
    """A display with a window that has the focus and notes the keys that reach it, and hands that press keys."""

    def __init__(self, display: str) -> None:
        self.display = display
        self._wire = Display(display)
        self._root = self._wire.screen().root
        self._window = self._root.create_window(
            *(0, 0, 200, 100, 0, X.CopyFromParent),
            event_mask=X.KeyPressMask | X.ButtonPressMask | X.FocusChangeMask | X.ExposureMask,
        )
        self._window.map()
        self._until(lambda event: event.type == X.Expose)
        self._window.set_input_focus(X.RevertToPointerRoot, X.CurrentTime)
        self._until(lambda event: event.type == X.FocusIn)
        self._root.warp_pointer(100, 50)

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

    def click(self, button: int) -> None:
        """Press and release a mouse button."""
        self.button(button, down=True)
        self.button(button, down=False)

    def button(self, button: int, *, down: bool) -> None:
        """Press a mouse button, or let it go."""
        xtest.fake_input(self._wire, X.ButtonPress if down else X.ButtonRelease, button)
        self._wire.sync()

    def tap(self, *codes: int) -> None:
        """Press and release a chord."""
        self.press(*codes)
        self.release(*reversed(codes))

    def reached_the_window(self) -> list[int]:
        """The keycodes that the window got since the last call, auto-repeats included; ends with a key of its own."""
        return [event.detail for event in self._reached() if event.type == X.KeyPress]

    def clicks_that_reached_the_window(self) -> list[int]:
        """The mouse buttons likewise; the pointer is over the window."""
        return [event.detail for event in self._reached() if event.type == X.ButtonPress]

    def _reached(self) -> list[Any]:
        self.tap(Z)
        seen: list[Any] = []
        while (event := self._until(lambda event: event.type in (X.KeyPress, X.ButtonPress))).detail != Z:
            seen.append(event)
        return seen

    def repeats(self, code: int, times: int) -> None:
        """Wait until a held key has repeated in the window."""
        for _ in range(times):
            self._until(lambda event: event.type == X.KeyPress and event.detail == code)

    def buttons_held(self) -> int:
        """The mask of the mouse buttons that are down."""
        return int(self._root.query_pointer().mask) & 0x1F00

    def held(self) -> list[int]:
        """Every key that is down."""
        return [8 * n + bit for n, byte in enumerate(self._wire.query_keymap()) for bit in range(8) if byte & 1 << bit]

    def remap(self, code: int, keysym_of: int) -> None:
        """Give the key `code` what the key `keysym_of` has."""
        self._wire.change_keyboard_mapping(code, self._wire.get_keyboard_mapping(keysym_of, 1))
        self._wire.sync()

    def wait_until_taken(self, code: int) -> None:
        """Return once a program has grabbed the key."""
        deadline = monotonic() + PATIENCE_S
        refused = CatchError(BadAccess)
        while not refused.get_error():
            assert monotonic() < deadline, "no program grabbed the key"
            self._root.grab_key(code, 0, False, X.GrabModeAsync, X.GrabModeAsync, onerror=refused)
            self._root.ungrab_key(code, 0)
            self._wire.sync()

    def close(self) -> None:
        self._window.destroy()
        self._wire.close()

    def _until(self, wanted: Callable[[Any], bool]) -> Any:
        deadline = monotonic() + PATIENCE_S
        while True:
            while self._wire.pending_events():
                event = self._wire.next_event()
                if wanted(event):
                    return event
            ready, _, _ = select([self._wire], [], [], max(0.0, deadline - monotonic()))
            assert ready, "the window was not told in time"


class Ear:
    """What the keys thread posted: events with what their keys are bound to, and what is wrong."""

    def __init__(self) -> None:
        self.events: Queue[tuple[GestureEvent, Action]] = Queue()
        self.problems: Queue[HotkeyError | None] = Queue()

    def post(self, event: GestureEvent, action: Action) -> None:
        self.events.put((event, action))

    def hears(self) -> GestureEvent:
        """The next event, waited for."""
        return self.hears_of()[0]

    def hears_of(self) -> tuple[GestureEvent, Action]:
        """The next event and what its key is bound to."""
        return self.events.get(timeout=PATIENCE_S)

    def is_told(self) -> HotkeyError | None:
        """What is wrong now, waited for."""
        return self.problems.get(timeout=PATIENCE_S)

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


def bound(talk: str = "ctrl_r", cancel: str = "esc", **others: str) -> Bindings:
    """Bindings as the settings name them, one key each."""
    return build_bindings({name: (key,) for name, key in {"talk": talk, "cancel": cancel, **others}.items()})


@contextmanager
def hearing(
    display: str, talk: str = "ctrl_r", cancel: str = "esc", **others: str
) -> Iterator[tuple[HotkeyListener, Ear]]:
    """Keys that are heard; leaving it closes them and requires that everything they posted was looked at, problems too
    but for the first None."""
    ear = Ear()
    keys = open_hotkeys(bound(talk, cancel, **others), ear.post, ear.problems.put, {"DISPLAY": display}, "linux")
    assert ear.is_told() is None
    try:
        yield keys, ear
    finally:
        keys.close()
        Display(display).close()  # a later client is heard after the server has seen that the keys' client has gone
    assert ear.nothing_more(), list(ear.events.queue)
    assert ear.problems.empty()


def settled(keys: HotkeyListener, talk: str = "ctrl_r", cancel: str = "esc") -> None:
    """Return once the keys thread has done what was asked: it answers in turn, and the same keys change nothing."""
    keys.rebind(bound(talk, cancel))
