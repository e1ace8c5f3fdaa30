"""The Windows implementation of `PasteDesktop`, and the paster on it.

The paste thread has a hidden window, since the clipboard's owner must be a window, and receives each change of the
foreground window from Windows.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from ctypes import byref, c_void_p, cast, create_unicode_buffer
from time import monotonic

from desktop.core.chords import PasteShortcut
from desktop.core.errors import PasteError
from desktop.core.interfaces import UserActivity
from desktop.core.keys import HeldModifiers
from desktop.core.messages import Message
from desktop.core.types import Outcome, PasteResult, Target
from desktop.paste.delayed.paster import DelayedPaster
from desktop.paste.delayed.pending_text import TextReadCallback
from desktop.paste.delayed.windows_clipboard import FormatContents, WindowsClipboard
from desktop.paste.delayed.windows_formats import can_press_keys_in
from desktop.paste.focus import FocusHistory
from desktop.platforms.windows import api, focus, keyboard
from desktop.platforms.windows.key_codes import ENTER
from desktop.platforms.windows.loop import WindowsLoop
from desktop.platforms.windows.structures import WindowClass

logger = logging.getLogger(__name__)

WINDOW_CLASS = "Intone clipboard"

ELEVATED_WINDOW = PasteResult(Outcome.COPIED, (Message("window-elevated"),))
PASSWORD_FIELD = PasteResult(Outcome.REFUSED, (Message("password-field-not-pasted"),))


class WindowsPaster(DelayedPaster[FormatContents]):
    """The `Paster` of Windows."""

    def __init__(self, activity: UserActivity) -> None:
        super().__init__(WindowsPasteDesktop, activity, "windows")


class WindowsPasteDesktop:
    """A `PasteDesktop`; created in the paste thread. Raises `PasteError` if the session has no windows."""

    def __init__(self) -> None:
        self._loop = WindowsLoop()
        self._clipboard = WindowsClipboard(self._loop)
        self._focus = FocusHistory()
        self._procedure = api.WINDOW_PROCEDURE(self._on_message)  # referenced, or it is freed while Windows calls it
        self._event_procedure = api.EVENT_PROCEDURE(self._on_focus_change)
        self._clipboard.window = _create_hidden_window(cast(self._procedure, c_void_p))
        self._hook = api.set_event_hook(
            api.EVENT_SYSTEM_FOREGROUND,
            api.EVENT_SYSTEM_FOREGROUND,
            0,
            self._event_procedure,
            0,
            0,
            api.WINEVENT_OUTOFCONTEXT,
        )
        self._level = focus.find_integrity_level(api.this_process())
        self._focus.record(focus.find_foreground_window(), monotonic())

    def now(self) -> float:
        """As `PasteDesktop.now`."""
        return monotonic()

    def wait(self, done: Callable[[], bool], until: float | None = None) -> bool:
        """As `PasteDesktop.wait`."""
        return self._loop.wait(done, until)

    def post(self, job: Callable[[], None]) -> None:
        """As `PasteDesktop.post`."""
        self._loop.post(job)

    def target_window(self) -> Target:
        """As `PasteDesktop.target_window`."""
        now = monotonic()
        self._focus.record(focus.find_foreground_window(), now)
        return self._focus.find_target(now)

    def active_window(self) -> Target:
        """As `PasteDesktop.active_window`."""
        return focus.find_foreground_window()

    def app_names(self, target: Target) -> tuple[str, str]:
        """Return the program's name, which is also its window's."""
        return target.app, target.app

    def find_refusal(self, target: Target) -> PasteResult | None:
        """As `PasteDesktop.find_refusal`. Windows silently drops keys for a program of a higher integrity level."""
        if not can_press_keys_in(self._level, focus.find_integrity_level(target.pid)):
            return ELEVATED_WINDOW
        return PASSWORD_FIELD if focus.is_password_focused(target.handle) else None

    def held_modifiers(self) -> HeldModifiers:
        """As `PasteDesktop.held_modifiers`."""
        return keyboard.held_modifiers()

    def shortcut_keys(self, shortcut: PasteShortcut) -> tuple[int, ...]:
        """As `PasteDesktop.shortcut_keys`."""
        return keyboard.SHORTCUT_KEYS[shortcut]

    def shortcut_label(self, shortcut: PasteShortcut) -> str:
        """As `PasteDesktop.shortcut_label`."""
        return shortcut.value

    def press_keys(self, keys: tuple[int, ...]) -> bool:
        """As `PasteDesktop.press_keys`."""
        return keyboard.press_keys(keys)

    def enter_key(self) -> int:
        """As `PasteDesktop.enter_key`."""
        return ENTER

    def offer_text(
        self, text: str, target: Target, on_read: TextReadCallback, on_lost: Callable[[], None]
    ) -> FormatContents | None:
        """As `PasteDesktop.offer_text`."""
        return self._clipboard.offer_text(text, target, on_read, on_lost)

    def renew_offer(self) -> bool:
        """As `PasteDesktop.renew_offer`."""
        return self._clipboard.renew_offer()

    def owns_clipboard(self) -> bool:
        """As `PasteDesktop.owns_clipboard`."""
        return self._clipboard.is_owned()

    def restore_clipboard(self, contents: FormatContents) -> bool:
        """As `PasteDesktop.restore_clipboard`."""
        return self._clipboard.put_contents(contents)

    def leave_text(self, text: str) -> bool:
        """As `PasteDesktop.leave_text`."""
        return self._clipboard.leave_text(text)

    def close(self) -> None:
        """As `PasteDesktop.close`. The clipboard's contents stay: no offer is open any more."""
        api.unset_event_hook(self._hook)
        api.destroy_window(self._clipboard.window)

    def _on_message(self, window: int, message: int, wparam: int, lparam: int) -> int:
        """Process a message to our window; all that is not about the clipboard gets Windows' default answer."""
        if self._clipboard.handle_message(message, wparam):
            return 0
        return int(api.default_procedure(window, message, wparam, lparam))

    def _on_focus_change(
        self, hook: int, event: int, window: int, object_: int, child: int, thread: int, time: int
    ) -> None:
        self._focus.record(focus.find_foreground_window(), monotonic())


def _create_hidden_window(procedure: c_void_p) -> int:
    """Create a window that only receives messages. Its class may exist already, from a paster that was closed."""
    name = create_unicode_buffer(WINDOW_CLASS)
    window_class = WindowClass(procedure=procedure, instance=api.this_program(None), class_name=cast(name, c_void_p))
    api.register_class(byref(window_class))
    window = api.create_window(0, WINDOW_CLASS, None, 0, 0, 0, 0, 0, api.HWND_MESSAGE, 0, api.this_program(None), None)
    if not window:
        raise PasteError("paste-windows-without-window")
    return int(window)
