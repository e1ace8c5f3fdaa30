"""The Windows implementation of `PasteDesktop`, and the paster on it.

The paste thread has a hidden window, since the clipboard's owner must be a window, and receives each change of the
foreground window from Windows.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from ctypes import byref, c_void_p, cast, create_unicode_buffer
from time import monotonic

from desktop.core.chords import Paste
from desktop.core.errors import PasteProblem
from desktop.core.types import Delivery, Outcome, Target
from desktop.paste.delayed.contents import may_write
from desktop.paste.delayed.desktop import Held
from desktop.paste.delayed.paster import PromisedPaster
from desktop.paste.delayed.promise import Told
from desktop.paste.delayed.windows_clipboard import Clipboard, Contents
from desktop.paste.focus import Focus
from desktop.paste.request import Hands
from desktop.platforms.windows import api, keyboard
from desktop.platforms.windows import focus as programs
from desktop.platforms.windows.key_codes import ENTER
from desktop.platforms.windows.loop import Loop
from desktop.platforms.windows.structures import WindowClass

log = logging.getLogger(__name__)

CLASS = "Intone clipboard"

ELEVATED = Delivery(Outcome.COPIED, "This program runs as administrator, so Intone cannot press keys in it.")
PASSWORD = Delivery(Outcome.REFUSED, "This is a password field. Nothing was pasted.")


class WindowsPaster(PromisedPaster[Contents]):
    """The `Paster` of Windows."""

    def __init__(self, hands: Hands) -> None:
        super().__init__(WindowsDesk, hands, "windows")


class WindowsDesk:
    """A `PasteDesktop`; created in the paste thread. Raises `PasteError` if the session has no windows."""

    def __init__(self) -> None:
        self._loop = Loop()
        self._clipboard = Clipboard(self._loop)
        self._focus = Focus()
        self._procedure = api.WINDOW_PROCEDURE(self._message)  # referenced, or it is freed while Windows calls it
        self._told = api.EVENT_PROCEDURE(self._moved)
        self._clipboard.window = _unseen_window(cast(self._procedure, c_void_p))
        self._hook = api.set_event_hook(
            api.EVENT_SYSTEM_FOREGROUND, api.EVENT_SYSTEM_FOREGROUND, 0, self._told, 0, 0, api.WINEVENT_OUTOFCONTEXT
        )
        self._level = programs.integrity(api.this_process())
        self._focus.moved(programs.foreground(), monotonic())

    def now(self) -> float:
        """As `PasteDesktop.now`."""
        return monotonic()

    def wait(self, done: Callable[[], bool], until: float | None = None) -> bool:
        """As `PasteDesktop.wait`."""
        return self._loop.wait(done, until)

    def post(self, job: Callable[[], None]) -> None:
        """As `PasteDesktop.post`."""
        self._loop.post(job)

    def meant(self) -> Target:
        """As `PasteDesktop.target_window`."""
        now = monotonic()
        self._focus.moved(programs.foreground(), now)
        return self._focus.meant(now)

    def active(self) -> Target:
        """As `PasteDesktop.active_window`."""
        return programs.foreground()

    def names(self, target: Target) -> tuple[str, str]:
        """Return the program's name, which is also its window's."""
        return target.app, target.app

    def refusal(self, target: Target) -> Delivery | None:
        """As `PasteDesktop.find_refusal`. Windows silently drops keys for a program of a higher integrity level."""
        if not may_write(self._level, programs.integrity(target.pid)):
            return ELEVATED
        return PASSWORD if programs.is_password(target.handle) else None

    def held(self) -> Held:
        """As `PasteDesktop.held_modifiers`."""
        return keyboard.held()

    def keys_of(self, chord: Paste) -> tuple[int, ...]:
        """As `PasteDesktop.shortcut_keys`."""
        return keyboard.KEYS[chord]

    def label(self, chord: Paste) -> str:
        """As `PasteDesktop.shortcut_label`."""
        return chord.value

    def press(self, keys: tuple[int, ...]) -> bool:
        """As `PasteDesktop.press_keys`."""
        return keyboard.press(keys)

    def enter(self) -> int:
        """As `PasteDesktop.enter_key`."""
        return ENTER

    def lend(self, text: str, target: Target, read: Told, lost: Callable[[], None]) -> Contents | None:
        """As `PasteDesktop.promise_text`."""
        return self._clipboard.lend(text, target, read, lost)

    def renew(self) -> bool:
        """As `PasteDesktop.renew_promise`."""
        return self._clipboard.renew()

    def ours(self) -> bool:
        """As `PasteDesktop.owns_clipboard`."""
        return self._clipboard.ours()

    def give_back(self, contents: Contents) -> bool:
        """As `PasteDesktop.restore_clipboard`."""
        return self._clipboard.put(contents)

    def leave(self, text: str) -> bool:
        """As `PasteDesktop.leave_text`."""
        return self._clipboard.leave(text)

    def close(self) -> None:
        """As `PasteDesktop.close`. The clipboard's contents stay: no promise is open any more."""
        api.unset_event_hook(self._hook)
        api.destroy_window(self._clipboard.window)

    def _message(self, window: int, message: int, wparam: int, lparam: int) -> int:
        """Process a message to our window; all that is not about the clipboard gets Windows' default answer."""
        if self._clipboard.handle(message, wparam):
            return 0
        return int(api.default_procedure(window, message, wparam, lparam))

    def _moved(self, hook: int, event: int, window: int, object_: int, child: int, thread: int, time: int) -> None:
        self._focus.moved(programs.foreground(), monotonic())


def _unseen_window(procedure: c_void_p) -> int:
    """Create a window that only receives messages. Its class may exist already, from a paster that was closed."""
    name = create_unicode_buffer(CLASS)
    kind = WindowClass(procedure=procedure, instance=api.this_program(None), class_name=cast(name, c_void_p))
    api.register_class(byref(kind))
    window = api.create_window(0, CLASS, None, 0, 0, 0, 0, 0, api.HWND_MESSAGE, 0, api.this_program(None), None)
    if not window:
        raise PasteProblem(
            "Windows gives Intone no window, so text cannot be put into others.", "Start Intone from your desktop."
        )
    return int(window)
