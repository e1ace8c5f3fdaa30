"""The paster for a Wayland session: take the clipboard, press the chord, wait for the read, restore the clipboard.

It runs on the engine's loop. What X11 reports and no Wayland desktop does is treated as unknown: if the window is not
known, a read proves only that some program read, and the outcome is UNCONFIRMED. Which modifiers the user holds is not
known either; a virtual keyboard has its own modifiers, so with it that does not matter. Nor is it known what was
pressed since the last paste, so two dictations are joined only if the user chose "space".
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic

import anyio

from desktop.core.chords import PasteShortcut
from desktop.core.errors import PasteError
from desktop.core.interfaces import PasterCapability
from desktop.core.messages import Message, join_notes
from desktop.core.types import Outcome, PasteResult, Target
from desktop.paste import text_fit
from desktop.paste.apps import is_electron
from desktop.paste.field import RECHECK_TIMEOUT_S, FocusedFieldReader
from desktop.paste.input_method.interface import InputMethod
from desktop.paste.request import (
    CLIPBOARD_UNAVAILABLE,
    RETURN_NOT_PRESSED,
    TAKEN_BEFORE_READ,
    TEXT_IN_HISTORY,
    USER_AWAY,
    WINDOW_UNKNOWN,
    PasteOptions,
    add_notes,
    app_name,
    leave_on_clipboard,
    refuse,
    unread_notes,
)
from desktop.paste.session_paster import PasteFocus, SessionPaster
from desktop.paste.text_fit import Insertion, fit_text
from desktop.paste.wayland.chords import ENTER_CHORD, PASTE_CHORDS, choose_shortcut
from desktop.paste.wayland.clipboard import WaylandClipboard
from desktop.paste.wayland.connection import ClipboardConnection
from desktop.paste.wayland.focus import UNKNOWN_WINDOW, FocusedWindow
from desktop.paste.wayland.focus_reader import FocusReader
from desktop.paste.wayland.keyboard import WaylandKeyboard
from desktop.paste.wayland.password_check import PasswordCheck
from desktop.paste.wayland.protocol import Compositor
from desktop.paste.wayland.read_watcher import ReadWatcher
from desktop.paste.x11.paster import OWN_WINDOW_TIMEOUT_S, insert_nowhere
from desktop.platforms.linux import x11_focus

logger = logging.getLogger(__name__)

SETTLE_S = 0.050
"""Seconds from taking the clipboard to the chord: clipboard managers read at once, and the compositor has notified the
window by then."""

DESKTOP_LOST = Message("paste-desktop-lost")
DESKTOP_UNREACHABLE = PasteResult(Outcome.FAILED, (DESKTOP_LOST, TEXT_IN_HISTORY))
KEYS_NOT_PRESSED = Message("keys-not-pressed")


class WaylandPaster(SessionPaster):
    """A `Paster` for the session of `environ`.

    `token` is the file of the portal's permission, `insert(text, window)` puts a text into a field of our own windows.
    `options` apply from the next paste on.
    """

    capabilities = PasterCapability.READ_CLIPBOARD | PasterCapability.REQUEST_PERMISSION | PasterCapability.PRESS_RETURN

    def __init__(
        self,
        environ: Mapping[str, str],
        token: Path,
        insert: Callable[[str, int], Awaitable[bool]] = insert_nowhere,
        last_left_at: Callable[[], float] = lambda: 0.0,
        on_problem: Callable[[PasteError | None], None] = lambda problem: None,
        is_prompt: Callable[[str], bool] = lambda app: False,
        *,
        input_method: InputMethod | None = None,
    ) -> None:
        """`last_left_at` is as that of `UserActivity`; `on_problem(problem)` is called with why texts stay on the
        clipboard, and with None when that is over; `is_prompt` returns whether a program only asks for passwords;
        `input_method` tells which fields are for passwords, and is started and closed here."""
        self.options = PasteOptions()
        self._last_left_at = last_left_at
        self._environ = environ
        self._token = token
        self._on_problem = on_problem
        self._insert = insert
        self._fields = FocusedFieldReader(environ.get("DBUS_SESSION_BUS_ADDRESS"))
        self._input_method = input_method
        self.asks_input_method = input_method is not None
        self._focus = FocusReader(environ, self._fields, input_method)
        self._paste_lock = asyncio.Lock()
        self._password_check = PasswordCheck(self._fields, self._focus, is_prompt)
        self._watcher = ReadWatcher(self._find_compositor_pid)
        self._connection = ClipboardConnection(
            environ, self._paste_lock, self._watcher.on_read, self._watcher.on_lost, self._on_reopened
        )
        self._keyboard: WaylandKeyboard
        self._waiting_pastes = 0
        self._last_insertion: Insertion | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Connect to the compositor and its clipboard. Call on `loop`. Raises `PasteError`."""
        compositor = self._connection.open(loop)
        self._focus.watch(compositor)
        if self._input_method is not None:
            self._input_method.start(loop)
        self._keyboard = WaylandKeyboard(self._environ, compositor, self._token, self._on_problem)
        self._keyboard.open()

    def close(self) -> None:
        """Disconnect. Of the clipboard, one type outlives us at most (`WaylandClipboard.close`)."""
        if self._connection.compositor is not None:
            self._keyboard.close()
            self._connection.close()
            self._focus.close()
            self._fields.close()
        if self._input_method is not None:
            self._input_method.close()

    def end_checks(self) -> None:
        """End the check for a password field soon, and those of the pastes that wait, as `Paster.end_checks` says."""
        self._password_check.end()

    async def find_target(self) -> Target:
        """Return the focused window; `UNKNOWN_WINDOW` if the desktop does not report it."""
        target = (await self._focus.find_focused_window()).target
        if target.pid == os.getpid():
            return target
        if (traits := await self._focus.find_traits(target)) is not None:
            target = replace(target, kind=traits.kind)
            if traits.is_password:
                return target
        if not target.pid:
            if target.handle < 0:  # beside the recognition, since the check before the paste needs it
                await self._fields.prepare_chromium()
            return target
        reads_cursor = self.options.cursor and not target.is_private
        field, site = await self._fields.look_up(target, cursor=reads_cursor, site=self.options.site)
        return replace(target, field=field, site=site)

    async def find_focus(self) -> PasteFocus:
        """Return the focused window, as `SessionPaster.find_focus` says."""
        return PasteFocus((await self._focus.find_focused_window()).target, self._last_insertion)

    async def press_return(self, target: Target, since: float) -> bool:
        """Press Return, as `Paster.press_return` says; nothing is known of what was touched."""
        async with self._paste_lock:
            if not self._is_connected:
                return False
            self._keyboard.prepare()
            try:
                return await self._press_enter(target)
            finally:
                self._keyboard.release()

    def is_xwayland(self, target: Target) -> bool:
        """Return whether `target` is a window of XWayland."""
        return self._focus.is_x_window(target)

    def note_insertion(self, insertion: Insertion | None) -> None:
        """Note what another rung has inserted, as `SessionPaster.note_insertion` says."""
        self._last_insertion = insertion

    async def paste(self, text: str, target: Target, on_sent: Callable[[], None], enter: bool = False) -> PasteResult:
        """Put `text` into `target` once and return the outcome, as `Paster.paste` promises.

        If the target is unknown, the window that has the focus by now may be another one: it can refuse the text and
        decides the chord, but a read by it confirms nothing, and Return is not pressed there.
        """
        if self._connection.compositor is None:
            return DESKTOP_UNREACHABLE
        if target.pid == os.getpid() and await self._insert_into_own_window(text, target):
            on_sent()
            return PasteResult(Outcome.INSERTED)
        self._waiting_pastes += 1
        self._watcher.note_next_waiting()
        requested_at = monotonic()
        async with self._paste_lock:
            self._waiting_pastes -= 1
            self._keyboard.prepare()
            try:
                result = await self._paste(text, target, on_sent, enter, requested_at)
            finally:
                self._keyboard.release()
            logger.info("a text of %d characters: %s", len(text), result.outcome)
            return result

    async def request_permission(self) -> None:
        """Ask the user to let texts into windows, in the desktop's dialog, where it has one."""
        if self._is_connected:
            await self._keyboard.request_permission()

    async def read_clipboard(self) -> str | None:
        """Return the clipboard's text, as `Paster.read_clipboard` promises."""
        return await self._clipboard.read_text() if self._is_connected else None

    async def read_primary(self) -> str | None:
        """Return what was selected last, as `Paster.read_primary` promises."""
        return await self._clipboard.read_primary() if self._is_connected else None

    def _on_reopened(self, compositor: Compositor) -> None:
        self._keyboard.reopen(compositor)
        self._focus.watch(compositor)

    def _find_compositor_pid(self) -> int | None:
        return self._connection.compositor.pid if self._connection.compositor is not None else None

    @property
    def _is_connected(self) -> bool:
        return self._connection.is_open

    @property
    def _clipboard(self) -> WaylandClipboard:
        return self._connection.clipboard

    async def _insert_into_own_window(self, text: str, target: Target) -> bool:
        window = await self._focus.find_focused_window()
        if window.target.handle == target.handle and window.xid:
            with anyio.move_on_after(OWN_WINDOW_TIMEOUT_S):
                return await self._insert(text, window.xid)
        return False

    async def _paste(
        self, text: str, target: Target, on_sent: Callable[[], None], enter: bool, requested_at: float
    ) -> PasteResult:
        if not await self._connection.reopen():
            return DESKTOP_UNREACHABLE
        focused = await self.find_target() if target.handle < 0 else target
        if reason := await self._password_check.find_password_field(focused):
            return refuse(reason)
        options = self.options
        rule = options.rules.find_rule(
            focused.app, x11_focus.read_process_name(focused.pid), electron=is_electron(focused.pid)
        )
        text = rule.adapt_text(text)
        shortcut = choose_shortcut(rule.chord, focused, text)
        if focused.handle == 0 or focused.pid == os.getpid():
            target = focused
        joined = await self._join_text(text, target, options)
        self._last_insertion = None
        if self._last_left_at() > requested_at:
            return USER_AWAY
        self._watcher.forget_reads()
        obstacle = await self._find_obstacle(target)
        if not await self._put_text(joined, PASTE_CHORDS[shortcut].selections):
            await self._clipboard.restore()
            return add_notes(
                CLIPBOARD_UNAVAILABLE if self._is_connected else DESKTOP_UNREACHABLE, self._clipboard.lost_notes
            )
        if not obstacle:
            await anyio.sleep(max(SETTLE_S, rule.delay_ms / 1000))
            obstacle = await self._find_obstacle(target)
        if self._last_left_at() > requested_at:
            await self._clipboard.restore()
            return add_notes(USER_AWAY, self._clipboard.lost_notes)
        if obstacle:
            return self._leave_on_clipboard(obstacle, shortcut)
        now = monotonic()
        self._watcher.begin(now, may_read_early=rule.reads == "early", is_next_waiting=self._waiting_pastes > 0)
        try:
            if not await self._keyboard.press(PASTE_CHORDS[shortcut], focused):
                return self._leave_on_clipboard(KEYS_NOT_PRESSED, shortcut)
            on_sent()
            outcome = await self._watcher.wait_for_outcome()
        finally:
            self._watcher.end()
        if outcome is Outcome.COPIED:
            return self._leave_on_clipboard(Message("text-not-taken", name=app_name(target)), shortcut)
        lost_notes = self._clipboard.lost_notes
        await self._clipboard.restore()
        enter = enter or rule.enter
        if outcome is Outcome.UNCONFIRMED:
            reason = TAKEN_BEFORE_READ if self._is_connected else DESKTOP_LOST
            return PasteResult(outcome, join_notes(unread_notes(enter, reason), lost_notes))
        entered = (
            enter
            and self._watcher.is_read_by_target
            and self._last_left_at() <= requested_at
            and await self._press_enter(target)
        )
        self._last_insertion = Insertion(target.handle, "\n" if entered else joined[-1:], now)
        notes = (
            () if self._watcher.is_read_by_target else (WINDOW_UNKNOWN,),
            (RETURN_NOT_PRESSED,) if enter and not entered else (),
            lost_notes,
        )
        return PasteResult(outcome if self._watcher.is_read_by_target else Outcome.UNCONFIRMED, join_notes(*notes))

    async def _put_text(self, text: str, selections: Sequence[str]) -> bool:
        """Put `text` on the clipboard, on a new connection if the compositor ends this one meanwhile."""
        if await self._clipboard.put_text(text, selections):
            return True
        if self._is_connected or not await self._connection.reopen():
            return False
        return await self._clipboard.put_text(text, selections)

    async def _join_text(self, text: str, target: Target, options: PasteOptions) -> str:
        """Return `text` joined to what stands before the cursor, if known.

        Otherwise it is joined to the last insertion, if the user wants that whatever they did since.
        """
        if options.cursor and target.pid:
            field = target.field
            with anyio.move_on_after(RECHECK_TIMEOUT_S):
                field = await self._fields.recheck_field(target) or field
            if field is not None and field.before is not None:
                return fit_text(text, field.before, field.after)
        if options.join != "space":
            return text
        return text_fit.join_text(
            text_fit.find_character_before(self._last_insertion, target.handle, monotonic(), 0.0), text
        )

    async def _find_obstacle(self, target: Target) -> Message | None:
        """Return why the text must not go into the focused window; None if it may."""
        if target.handle == 0:
            return Message("window-missing")
        if target.pid == os.getpid():
            return Message("own-window-excluded")
        if target.handle < 0:
            self._watcher.window = FocusedWindow(UNKNOWN_WINDOW)
            return None
        self._watcher.window = await self._focus.find_focused_window()
        return None if self._watcher.window.target.handle == target.handle else Message("window-changed")

    async def _press_enter(self, target: Target) -> bool:
        """Press Return if the user is still in the window. Returns whether it was pressed."""
        return not await self._find_obstacle(target) and await self._keyboard.press(ENTER_CHORD, target)

    def _leave_on_clipboard(self, reason: Message, shortcut: PasteShortcut) -> PasteResult:
        """Leave the text on the clipboard for the user to paste."""
        self._clipboard.keep_text()
        return leave_on_clipboard(shortcut.value, reason)
