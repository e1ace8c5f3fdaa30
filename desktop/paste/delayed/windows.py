"""The Windows implementation of `PasteDesktop`, and the paster on it.

The paste thread has a hidden window, since the clipboard's owner must be a window, and receives each change of the
foreground window from Windows.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from time import monotonic

from desktop.core.chords import PasteShortcut
from desktop.core.errors import PasteError
from desktop.core.interfaces import PasterCapability, UserActivity
from desktop.core.keys import HeldModifiers
from desktop.core.messages import Message, Notes
from desktop.core.types import Outcome, PasteResult, Selection, Target
from desktop.paste.apps import is_electron_program
from desktop.paste.delayed.desktop import ANSWER_GRACE_S
from desktop.paste.delayed.paster import NO_SELECTION, DelayedPaster, insert_nowhere
from desktop.paste.delayed.pending_text import TextReadCallback
from desktop.paste.delayed.windows_clipboard import WindowsClipboard
from desktop.paste.delayed.windows_edit import move_cursor_back, read_field, remove_at_cursor, replace_selection
from desktop.paste.delayed.windows_field_reader import find_input_field
from desktop.paste.delayed.windows_formats import ClipboardCopy
from desktop.paste.delayed.windows_restorer import WindowsClipboardRestorer
from desktop.paste.focus import FocusHistory
from desktop.paste.request import (
    FIELD_NOT_REPORTED,
    NO_SCREEN,
    PASSWORD_FOCUSED,
    PASTE_CLOSED,
    ClipboardTextRequest,
    PasteRequest,
    SelectionRequest,
    call_threadsafe,
    refuse,
)
from desktop.paste.selection import FIELD_WITHOUT_SELECTION, FIELD_WITHOUT_TEXT
from desktop.paste.undo import UndoRequest
from desktop.platforms.windows import api, focus, keyboard
from desktop.platforms.windows.accessibility import open_password_check
from desktop.platforms.windows.controls import can_press_keys_in, find_window_program
from desktop.platforms.windows.key_codes import ENTER
from desktop.platforms.windows.loop import MessageWindow, WindowsLoop
from desktop.platforms.windows.password_query import PasswordQuery

logger = logging.getLogger(__name__)

WINDOW_CLASS = "Intone clipboard"

ELEVATED_WINDOW = PasteResult(Outcome.COPIED, (Message("window-elevated"),))

HUNG_WINDOW = PasteResult(Outcome.COPIED, (Message("window-hung"),))
"""Windows keeps the keys for a window that hangs, which would paste what is on the clipboard when it wakes up."""

SELECTION_ANSWER_TIMEOUT_S = 1.0
"""Seconds that a program may take to answer whether a password field has the focus before its selection is read."""

PASSWORD_ANSWER_VALID_S = 0.1
"""Seconds for which its answer that a control is none holds: between two checks of one paste without a wait."""


class WindowsPaster(DelayedPaster[ClipboardCopy]):
    """The `Paster` of Windows; `insert(text, window)` puts a text into a field of our own windows."""

    capabilities = (
        PasterCapability.PLACE_CURSOR
        | PasterCapability.READ_CLIPBOARD
        | PasterCapability.UNDO
        | PasterCapability.EDIT_SELECTION
    )

    def __init__(self, activity: UserActivity, insert: Callable[[str, int], Awaitable[bool]] = insert_nowhere) -> None:
        super().__init__(WindowsPasteDesktop, activity, "windows", insert)

    async def paste_around(
        self, before: str, after: str, target: Target, on_sent: Callable[[], None], enter: bool = False
    ) -> PasteResult:
        """Paste with the cursor within the text at the end, as `Paster.paste_around` promises."""
        return await self._paste_around(before, after, target, on_sent, enter)

    async def read_clipboard(self) -> str | None:
        """Return the clipboard's text, as `Paster.read_clipboard` promises: what it was before a running paste."""
        return await self._ask(ClipboardTextRequest, None)

    async def undo_paste(self, texts: tuple[str, ...], on_sent: Callable[[], None]) -> PasteResult:
        """Undo the last insertion, as `Paster.undo_paste` promises, where a control tells exactly what it holds."""
        sent = partial(call_threadsafe, self._loop, on_sent)
        return await self._ask(partial(UndoRequest, texts, monotonic(), sent), NO_SCREEN)

    async def read_selection(self) -> Selection:
        """Return what the focused window reports as selected, as `Paster.read_selection` promises."""
        return await self._ask(SelectionRequest, NO_SELECTION)

    async def copy_selection(self, reported: Selection, target: Target) -> Selection:
        """Return what is selected in `target`, as `Paster.copy_selection` promises; no key is pressed for it."""
        return await self._ask(partial(SelectionRequest, target=target, reported=reported), NO_SELECTION)

    async def replace_selection(
        self, selection: Selection, text: str, target: Target, on_sent: Callable[[], None]
    ) -> PasteResult:
        """Replace `selection` by `text`, as `Paster.replace_selection` promises."""
        sent = partial(call_threadsafe, self._loop, on_sent)
        request = partial(PasteRequest, text, target, sent, selection=selection, replaced_text=selection.text or "")
        return await self._ask(request, NO_SCREEN)


class WindowsPasteDesktop:
    """A `PasteDesktop`; created in the paste thread. Raises `PasteError` if the session has no windows."""

    def __init__(self) -> None:
        self._loop = WindowsLoop()
        self._restorer = _start_restorer()
        keep = self._restorer.keep_contents if self._restorer is not None else lambda contents: None
        self._clipboard = WindowsClipboard(self._loop, keep)
        self._focus = FocusHistory()
        self._event_procedure = api.EVENT_PROCEDURE(self._on_focus_change)  # referenced: Windows calls it
        self._window = MessageWindow(
            WINDOW_CLASS, lambda message, wparam, lparam: self._clipboard.handle_message(message, wparam)
        )
        if not self._window.handle:
            raise PasteError("paste-windows-without-window")
        self._clipboard.window = self._window.handle
        self._hook = api.set_event_hook(
            api.EVENT_SYSTEM_FOREGROUND,
            api.EVENT_SYSTEM_FOREGROUND,
            0,
            self._event_procedure,
            0,
            0,
            api.WINEVENT_OUTOFCONTEXT,
        )
        self._passwords = PasswordQuery(open_password_check)
        self._plain_control, self._plain_until = 0, 0.0
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
        """As `PasteDesktop.target_window`, with the field where that is an edit control; none where it is the
        taskbar."""
        now = monotonic()
        self._focus.record(focus.find_foreground_window(), now)
        target = self._focus.find_target(now)
        if not target.handle or focus.is_taskbar(target.handle):
            return Target()
        control = focus.find_focused_control(target.handle)
        if target.pid != os.getpid() and focus.find_password_style(control) is None:
            self._passwords.ask(control or target.handle)  # some programs take long to answer for the first time
        return replace(target, field=find_input_field(target.handle))

    def active_window(self) -> Target:
        """As `PasteDesktop.active_window`."""
        return focus.find_foreground_window()

    def app_names(self, target: Target) -> tuple[str, str]:
        """Return the program's name, and that of what its window is one of."""
        pid = focus.find_focused_process(target.handle)
        focused_app = focus.find_program_path(pid).stem if pid != target.pid else target.app
        return target.app, find_window_program(target.app, focus.find_class(target.handle), focused_app)

    def is_electron(self, target: Target) -> bool:
        """As `PasteDesktop.is_electron`."""
        return is_electron_program(focus.find_program_path(target.pid))

    def find_refusal(self, target: Target, timeout_s: float, is_ending: Callable[[], bool]) -> PasteResult | None:
        """As `PasteDesktop.find_refusal`. Windows silently drops keys for a program of a higher integrity level."""
        if not can_press_keys_in(self._level, focus.find_integrity_level(target.pid)):
            return ELEVATED_WINDOW
        if api.is_hung(target.handle):
            return HUNG_WINDOW
        if (is_password := self._is_password_focused(target.handle, timeout_s, is_ending)) is not None:
            return PASSWORD_FOCUSED if is_password else None
        if api.is_hung(target.handle):  # Windows notices it after some seconds
            return HUNG_WINDOW
        return refuse(PASTE_CLOSED if is_ending() else FIELD_NOT_REPORTED)

    def focused_field(self, target: Target) -> int:
        """As `PasteDesktop.focused_field`."""
        return focus.find_focused_control(target.handle)

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
    ) -> ClipboardCopy | None:
        """As `PasteDesktop.offer_text`."""
        return self._clipboard.offer_text(text, target, on_read, on_lost)

    def renew_offer(self) -> bool:
        """As `PasteDesktop.renew_offer`."""
        return self._clipboard.renew_offer()

    def owns_clipboard(self) -> bool:
        """As `PasteDesktop.owns_clipboard`."""
        return self._clipboard.is_owned()

    def restore_clipboard(self, contents: ClipboardCopy, is_ending: Callable[[], bool]) -> Notes:
        """As `PasteDesktop.restore_clipboard`."""
        return self._clipboard.restore(contents, is_ending)

    def leave_text(self, text: str, is_ending: Callable[[], bool], *, over_own: bool = False) -> bool:
        """As `PasteDesktop.leave_text`."""
        return self._clipboard.leave_text(text, is_ending, over_own=over_own)

    def read_text(self, contents: ClipboardCopy | None) -> str | None:
        """As `PasteDesktop.read_text`."""
        return self._clipboard.read_text(contents)

    def remove_text(self, text: str, target: Target, text_after_cursor: str, replacement: str) -> Message | None:
        """As `PasteDesktop.remove_text`, in Windows' edit controls; no other field tells its text and its cursor."""
        control = focus.find_focused_control(target.handle)
        return remove_at_cursor(control, text, text_after_cursor, replacement) if control else FIELD_WITHOUT_TEXT

    def move_cursor(self, text: str, target: Target, text_after_cursor: str) -> bool:
        """As `PasteDesktop.move_cursor`, in Windows' edit controls."""
        control = focus.find_focused_control(target.handle)
        return bool(control) and move_cursor_back(control, text, text_after_cursor)

    def read_selection(self, target: Target, is_ending: Callable[[], bool]) -> str | None:
        """As `PasteDesktop.read_selection`, in Windows' edit controls that are not for passwords."""
        control = focus.find_focused_control(target.handle)
        if not control or not focus.is_edit_control(control):
            return None
        if self._is_password_focused(target.handle, SELECTION_ANSWER_TIMEOUT_S, is_ending) is not False:
            return None
        field = read_field(control)
        return None if field is None else field.selected_text

    def replace_selection(self, target: Target, selected: str, text: str) -> Message | None:
        """As `PasteDesktop.replace_selection`, in Windows' edit controls."""
        control = focus.find_focused_control(target.handle)
        return replace_selection(control, selected, text) if control else FIELD_WITHOUT_SELECTION

    def close(self) -> None:
        """As `PasteDesktop.close`. What could not be put back is left to the restorer."""
        api.unset_event_hook(self._hook)
        self._window.close()
        if self._restorer is not None:
            self._restorer.close()

    def _is_password_focused(self, window: int, timeout_s: float, is_ending: Callable[[], bool]) -> bool | None:
        """Return whether the focused field of the window is for a password; None where its program does not answer,
        which takes some ms. Windows' edit controls tell it by their style."""
        control = focus.find_focused_control(window)
        if (is_password := focus.find_password_style(control)) is not None:
            return is_password
        control = control or window
        if control == self._plain_control and monotonic() < self._plain_until:
            return False
        answer = self._passwords.ask(control)
        answer.add_done_callback(lambda _: self._loop.post(lambda: None))
        asked_at = monotonic()
        if not self._loop.wait(answer.done, asked_at + ANSWER_GRACE_S):
            self._loop.wait(lambda: answer.done() or is_ending(), asked_at + timeout_s)
        is_password = self._passwords.judge(control, answer)
        if is_password is False:
            self._plain_control, self._plain_until = control, monotonic() + PASSWORD_ANSWER_VALID_S
        return is_password

    def _on_focus_change(
        self, hook: int, event: int, window: int, object_: int, child: int, thread: int, time: int
    ) -> None:
        self._focus.record(focus.find_foreground_window(), monotonic())


def _start_restorer() -> WindowsClipboardRestorer | None:
    """Start the process that restores the clipboard if the app is killed; without it pastes are as before."""
    try:
        return WindowsClipboardRestorer()
    except OSError as error:
        logger.warning("the clipboard is not restored if the app is killed: %s", error)
        return None
