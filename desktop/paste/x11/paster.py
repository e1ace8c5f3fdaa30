"""The paster for X11: the engine's side of the paste thread.

The engine posts a request and awaits its future; the thread answers by `call_soon_threadsafe`. Nothing else is shared.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from functools import partial
from threading import Thread
from time import monotonic

import anyio
from Xlib.error import ConnectionClosedError

from desktop.core.interfaces import PasterCapability, UserActivity
from desktop.core.types import InputField, Outcome, PasteResult, Selection, Target
from desktop.paste.field import FocusedFieldReader
from desktop.paste.request import (
    APP_CLOSED,
    INTERNAL_ERROR,
    NO_SCREEN,
    QUIT_GRACE_S,
    ClipboardTextRequest,
    PasteOptions,
    PasteRequest,
    SelectionRequest,
    call_threadsafe,
    set_result_threadsafe,
)
from desktop.paste.selection import CURSOR_NOT_MOVED
from desktop.paste.session_paster import PasteFocus, SessionPaster
from desktop.paste.text_fit import Insertion
from desktop.paste.undo import UndoRequest
from desktop.paste.x11.clipboard_copy import ANSWER_TIMEOUT_S
from desktop.paste.x11.clipboard_restorer import ClipboardRestorer
from desktop.paste.x11.connection import X11Connection
from desktop.paste.x11.selection_reader import PasteThreadRequest
from desktop.paste.x11.transaction import PasteTransaction

logger = logging.getLogger(__name__)

NO_SELECTION = Selection()

OWN_WINDOW_TIMEOUT_S = 1.0
"""Seconds that our own window may take: it answers at once, unless it is just being closed."""


async def insert_nowhere(text: str, window: int) -> bool:
    """Insert nothing: for an app without windows."""
    return False


class X11Paster(SessionPaster):
    """A `Paster` with its own thread, connection and clipboard.

    The functions of `activity` are called in the paste thread; `options` apply from the next paste on and may be set by
    any thread. `insert(text, window)` puts a text into a field of our own windows. Without a display it still answers:
    no target, and FAILED.
    """

    capabilities = (
        PasterCapability.PLACE_CURSOR
        | PasterCapability.READ_CLIPBOARD
        | PasterCapability.UNDO
        | PasterCapability.EDIT_SELECTION
        | PasterCapability.PRESS_RETURN
    )
    is_input_known = proves_insertions = True

    def __init__(
        self,
        display: str | None = None,
        activity: UserActivity | None = None,
        insert: Callable[[str, int], Awaitable[bool]] = insert_nowhere,
        fields: FocusedFieldReader | None = None,
        restores_after_crash: bool = False,
        may_prefetch: Callable[[Target, PasteOptions], bool] = lambda target, options: True,
    ) -> None:
        """With `restores_after_crash`, the clipboard outlives a crash (`ClipboardRestorer`). `may_prefetch` returns,
        in the paste thread, whether the clipboard is copied while the user speaks to a window."""
        self.options = PasteOptions()
        self._restores_after_crash = restores_after_crash
        self._restorer: ClipboardRestorer | None = None
        self._display = display
        self._activity = activity or UserActivity()
        self._may_prefetch = may_prefetch
        self._insert = insert
        self._fields = fields or FocusedFieldReader()
        self._connection: X11Connection | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Connect to the display and start the thread; answers go to `loop`. Raises `PasteError` if there is none."""
        self._loop = loop
        self._connection = X11Connection(self._display, lambda event: self._transaction.handle_event(event))
        if self._restores_after_crash:
            self._restorer = self._start_restorer(self._connection)
        restorer_callbacks = (
            (self._restorer.keep_contents, self._restorer.keep_pressed_keys) if self._restorer is not None else ()
        )
        self._transaction = PasteTransaction(
            self._connection,
            self._activity,
            lambda: self.options,
            self._is_password_focused,
            self._recheck_field,
            lambda target: self._may_prefetch(target, self.options),
            *restorer_callbacks,
        )
        self._closed = False
        self._thread = Thread(target=self._run, args=(self._connection,), name="paste")
        self._thread.start()

    def end_checks(self) -> None:
        """End what pastes wait for before their keys, as `Paster.end_checks` says."""
        if self._connection is not None:
            self._loop.call_later(QUIT_GRACE_S, self._end_checks)

    def _end_checks(self) -> None:
        if self._connection is not None:
            self._connection.post(self._transaction.end_checks)

    def close(self) -> None:
        """Restore the clipboard and end the thread. Waits for it: some ms, or 2 s for a slow clipboard manager."""
        connection = self._connection
        if connection is None:
            return
        self._connection = None
        connection.post(self._stop)
        self._thread.join()
        connection.close()
        if self._restorer is not None:
            self._restorer.close(unread=self._transaction.may_be_unread)
        self._fields.close()

    def _start_restorer(self, connection: X11Connection) -> ClipboardRestorer | None:
        """Start the process that restores the clipboard and releases keys if this one dies; None if it cannot be
        started."""
        try:
            return ClipboardRestorer(connection.display.get_display_name(), connection.window.id)
        except OSError as error:
            logger.info("the clipboard is not kept if this is killed: %s", error.strerror)
            return None

    async def find_target(self) -> Target:
        """Return the target window, as `Paster.find_target` says. Its field is read here, while there is time."""
        connection = self._connection
        if connection is None:
            return Target()
        target = await self._call_in_thread(connection, self._find_target)
        if target.pid in (0, os.getpid()):
            return target
        field, site = await self._fields.look_up(target, cursor=self.options.cursor, site=self.options.site)
        return replace(target, field=field, site=site)

    async def find_focus(self) -> PasteFocus:
        """Return the focused window, as `SessionPaster.find_focus` says."""
        connection = self._connection
        return await self._call_in_thread(connection, self._find_focus) if connection else PasteFocus(Target())

    def note_insertion(self, insertion: Insertion | None) -> None:
        """Note what another rung has inserted, as `SessionPaster.note_insertion` says."""
        if self._connection is not None:
            self._connection.post(partial(setattr, self._transaction, "last_insertion", insertion))

    async def press_return(self, target: Target, since: float) -> bool:
        """Press Return, as `Paster.press_return` says."""
        connection, press = self._connection, partial(self._press_return, target, since)
        return connection is not None and await self._call_in_thread(connection, press)

    async def paste(self, text: str, target: Target, on_sent: Callable[[], None], enter: bool = False) -> PasteResult:
        """Put `text` into `target` once and return the outcome, as `Paster.paste` promises."""
        return await self.paste_around(text, "", target, on_sent, enter)

    async def paste_around(
        self,
        before: str,
        after: str,
        target: Target,
        on_sent: Callable[[], None],
        enter: bool = False,
    ) -> PasteResult:
        """The same with the cursor within the text at the end, as `Paster.paste_around` promises."""
        text = before + after
        if target.pid == os.getpid() and self._connection is not None:
            with anyio.move_on_after(OWN_WINDOW_TIMEOUT_S):
                if await self._insert(text, target.handle):
                    on_sent()
                    return PasteResult(Outcome.INSERTED, (CURSOR_NOT_MOVED,) if after else ())
        on_sent = partial(call_threadsafe, self._loop, on_sent)
        return await self._ask(
            lambda on_answer: PasteRequest(text, target, on_sent, on_answer, enter, after), NO_SCREEN
        )

    async def read_clipboard(self) -> str | None:
        """Return the clipboard's text, as `Paster.read_clipboard` promises: what it was before a running paste."""
        return await self._ask(ClipboardTextRequest, None)

    async def undo_paste(self, texts: tuple[str, ...], on_sent: Callable[[], None]) -> PasteResult:
        """Undo the last insertion, as `Paster.undo_paste` promises."""
        on_sent = partial(call_threadsafe, self._loop, on_sent)
        return await self._ask(partial(UndoRequest, texts, monotonic(), on_sent), NO_SCREEN)

    async def read_selection(self) -> Selection:
        """Return what the focused window reports as selected, as `Paster.read_selection` promises."""
        return await self._request_selection()

    async def copy_selection(self, reported: Selection, target: Target) -> Selection:
        """Return what is selected in `target`, as `Paster.copy_selection` promises."""
        return await self._request_selection(target, reported)

    async def replace_selection(
        self, selection: Selection, text: str, target: Target, on_sent: Callable[[], None]
    ) -> PasteResult:
        """Replace `selection` by `text`, as `Paster.replace_selection` promises."""
        on_sent = partial(call_threadsafe, self._loop, on_sent)
        request = partial(PasteRequest, text, target, on_sent, selection=selection, replaced_text=selection.text or "")
        return await self._ask(request, NO_SCREEN)

    async def _request_selection(self, target: Target | None = None, reported: Selection = NO_SELECTION) -> Selection:
        request = partial(SelectionRequest, target=target, reported=reported)
        return await self._ask(request, Selection(refusal=NO_SCREEN.notes))

    async def _ask[T](self, make_request: Callable[[Callable[[T], None]], PasteThreadRequest], without_screen: T) -> T:
        """Return the paste thread's answer to the request that `make_request(on_answer)` returns; `without_screen` if
        the thread does not run."""
        connection = self._connection
        if connection is None:
            return without_screen
        answer: asyncio.Future[T] = self._loop.create_future()
        request = make_request(partial(set_result_threadsafe, answer))
        connection.post(lambda: self._transaction.submit(request))
        return await answer

    async def _call_in_thread[T](self, connection: X11Connection, find: Callable[[], T]) -> T:
        answer: asyncio.Future[T] = self._loop.create_future()
        connection.post(lambda: set_result_threadsafe(answer, find()))
        return await answer

    # From here on, everything runs in the paste thread.

    def _run(self, connection: X11Connection) -> None:
        while not self._closed:
            try:
                self._transaction.run()
            except ConnectionClosedError:
                logger.warning("the connection to the screen was lost")
                while not self._closed:
                    self._transaction.fail_all(NO_SCREEN)
                    connection.run_posted()
            except Exception:
                logger.exception("a paste failed")
                self._transaction.fail_all(INTERNAL_ERROR)
        self._transaction.fail_all(APP_CLOSED)
        with suppress(ConnectionClosedError):  # answering a window of ours that is gone may end a program
            connection.wait(lambda: not connection.pending_answers.awaited_selections, monotonic() + ANSWER_TIMEOUT_S)

    def _stop(self) -> None:
        self._closed = True
        self._transaction.close()

    def _is_password_focused(self, target: Target) -> Future[bool | None]:
        return asyncio.run_coroutine_threadsafe(self._fields.is_password_focused(target), self._loop)

    def _recheck_field(self, target: Target) -> Future[InputField | None]:
        return asyncio.run_coroutine_threadsafe(self._fields.recheck_field(target), self._loop)

    def _find_focus(self) -> PasteFocus:
        try:
            return PasteFocus(self._transaction.find_active(), self._transaction.last_insertion)
        except Exception:  # the waiting coroutine must get an answer
            logger.exception("the focused window is not known")
            return PasteFocus(Target())

    def _press_return(self, target: Target, since: float) -> bool:
        try:
            return self._transaction.press_enter_at_once(target, since)
        except Exception:  # the waiting coroutine must get an answer
            logger.exception("Return was not pressed")
            return False

    def _find_target(self) -> Target:
        try:
            return self._transaction.find_target()
        except ConnectionClosedError:
            return Target()
        except Exception:  # the waiting coroutine must get an answer
            logger.exception("the window that is meant is not known")
            return Target()
