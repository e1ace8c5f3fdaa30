"""Hotkeys of a Wayland desktop through its GlobalShortcuts portal, with press and release, so that the talk key can be
held.

Its dialog is shown when the user asks for it (`request_keys`), never at a start: what they agreed to then is bound
again without one.

The desktop owns the keys: ours are a proposal, the user chooses in the desktop's dialog, and neither a bare modifier
nor a mouse button can be chosen. Esc is not requested, since a desktop shortcut is withheld from every application for
good. Hyprland binds no key to registered shortcuts, so the portal would seem to work and receive nothing; there the
compositor's configuration is used.

When the portal ends, held keys count as released, and its successor is asked again. A portal that does not answer, as
while a slow machine logs in, is asked again; one without such shortcuts is not. After a session that the desktop has
closed, another is opened when the user asks for the keys.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from math import inf
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any

from dbus_fast import Message

from desktop.core.errors import HotkeyError
from desktop.core.keys import Action, Bindings
from desktop.core.messages import Translate
from desktop.hotkeys import wayland
from desktop.hotkeys.gesture import GestureEvent
from desktop.hotkeys.gnome_keys import has_removed_keys
from desktop.hotkeys.shortcut_binder import INTERFACE, ShortcutBinder
from desktop.hotkeys.shortcuts import DESCRIPTIONS, parse_shortcuts, proposed_triggers
from desktop.platforms.linux.portal import SESSION_INTERFACE, Portal, PortalError, PortalTimeoutError

logger = logging.getLogger(__name__)

RETRY_INTERVAL_S = 10.0
"""Seconds after which a portal that has ended, or did not answer, is asked again: the bus starts it if it can."""

FIRST_RETRY_S = 1.0
"""The same for the first time."""

START_TIMEOUT_S = 10.0
"""Seconds that the portal may take to say whether it has shortcuts: some, if the bus has to start it."""

type _OpenSession = tuple[Portal, str, int]
"""A portal, a session on it, and the version of its interface."""


class NoShortcutsError(PortalError):
    """The desktop's portal has no GlobalShortcuts."""


class PortalHotkeyListener:
    """Hotkeys reported by the desktop. `on_event` and `on_problem` are called in the listener's own thread."""

    def __init__(
        self,
        bindings: Bindings,
        on_event: Callable[[GestureEvent, Action], None],
        on_problem: Callable[[HotkeyError | None], None],
        environ: Mapping[str, str],
        on_key_names: Callable[[Mapping[Action, str]], None] = lambda names: None,
        agreed: Path | None = None,
        translate: Translate = str,
    ) -> None:
        """`on_key_names(names)` is called with the keys' names as the desktop has them. `agreed` is the file that keeps
        which shortcuts the user has agreed to: they are bound at the start, others when `request_keys` is called.
        `translate`, for what the desktop's dialog says of them, is called in the listener's thread."""
        self._on_event, self._on_problem = on_event, on_problem
        self._environ = environ
        self._binder = ShortcutBinder(
            proposed_triggers(bindings),
            on_problem,
            on_key_names,
            agreed,
            is_kde=wayland.is_kde(environ),
            describes_keys=wayland.describes_keys(environ),
            has_removed_keys=partial(has_removed_keys, environ) if wayland.is_gnome(environ) else None,
            translate=translate,
        )
        self._pressed_actions: set[Action] = set()
        self._paused = False
        self._closing = False
        self._loop: asyncio.AbstractEventLoop
        self._session_over: asyncio.Event

    def start(self) -> None:
        """Bind the keys that the user has agreed to. Raises `HotkeyError` if the desktop has no such portal.

        No dialog is shown. Keys that were not requested yet are a problem for `on_problem`, as is a portal that does
        not answer yet.
        """
        opened: Future[None] = Future()
        self._thread = Thread(target=lambda: asyncio.run(self._run(opened)), name="keys", daemon=True)
        self._thread.start()
        try:
            opened.result()
        except Exception as error:
            logger.info("no talk key by the portal: %s", error)
            raise wayland.setup_error(self._environ) from error

    def close(self) -> None:
        """Release the keys and end the thread. Call once, after `start`."""
        self._closing = True
        self._call_in_thread(self._session_over.set)
        self._thread.join()

    def set_cancel_enabled(self, enabled: bool) -> None:
        """Do nothing: the application always gets the cancel key here."""

    def expect_own_keys(self, keycodes: Iterable[int]) -> None:
        """Do nothing: Intone's own keys are not reported here."""

    def last_input_at(self, until: float = inf) -> float:
        """Return the present time, at most `until`: other input is not reported, so it may have been just now."""
        return min(monotonic(), until)

    def rebind(self, bindings: Bindings) -> None:
        """Ask the desktop for other keys, if it has given any: only it can change them.

        With no bindings, no event is reported.
        """
        self._paused = not bindings
        if bindings:
            self._call_in_thread(lambda: self._binder.set_triggers(proposed_triggers(bindings)))

    def request_keys(self) -> None:
        """Ask the user for the keys, by the desktop's dialog."""
        self._call_in_thread(self._binder.requested.set)

    def _call_in_thread(self, work: Callable[[], None]) -> None:
        """Run `work` in the thread, if it is still running."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(work)

    # From here on, everything runs in the hotkey thread.

    async def _run(self, opened: Future[None]) -> None:
        self._loop, self._session_over = asyncio.get_running_loop(), asyncio.Event()
        opened_session: _OpenSession | None = None
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                opened_session = await self._open_session()
        except (PortalTimeoutError, TimeoutError) as error:
            logger.info("no talk key by the portal yet: %s", str(error))
            self._on_problem(_unanswered_error(self._environ))
        except Exception as error:
            opened.set_exception(error)
            return
        opened.set_result(None)
        opened_session = opened_session or await self._reopen()
        while opened_session is not None:
            opened_session = await self._serve_session(*opened_session)

    async def _serve_session(self, portal: Portal, session: str, version: int) -> _OpenSession | None:
        """Serve a session until it ends. Returns the next session, None when there is no use for one."""
        bus = asyncio.create_task(portal.wait_disconnected())
        try:
            await self._listen(portal, session, version, bus)
        except PortalError as error:
            logger.info("the talk key is lost: %s", error)
            self._release_keys()
            if self._closing:
                return None
            self._on_problem(HotkeyError("portal-key-lost"))
            if portal.has_ended:
                await self._run_unless_closed(portal.close_orphan(session))
                return await self._reopen(portal, bus)
            if isinstance(error, PortalTimeoutError):
                portal.close()  # and with it a session that it may have opened late
                return await self._reopen()
            if bus.done():
                return None
            await self._run_unless_closed(self._binder.requested.wait())
        finally:
            bus.cancel()
            portal.close()
        return await self._open_requested()

    async def _open_requested(self) -> _OpenSession | None:
        """Open a session, after a failure each time that the user asks for the keys. Returns None when closed."""
        self._release_keys()
        while not self._closing:
            try:
                if (opened := await self._run_unless_closed(self._open_session())) is not None:
                    return opened
                continue
            except PortalTimeoutError as error:
                logger.info("no talk key by the portal any more: %s", str(error))
                self._on_problem(HotkeyError("portal-key-lost"))
                return await self._reopen()
            except PortalError as error:
                logger.info("no talk key by the portal any more: %s", str(error))
                self._binder.requested.clear()
                self._on_problem(HotkeyError("portal-key-lost"))
            await self._run_unless_closed(self._binder.requested.wait())
        return None

    async def _run_unless_closed[T](self, work: Coroutine[Any, Any, T]) -> T | None:
        """Return the result of `work`; None, and `work` is cancelled, when the listener is closed first."""
        self._session_over.clear()
        task, closed = asyncio.create_task(work), asyncio.create_task(self._session_over.wait())
        if not self._closing:
            await asyncio.wait([task, closed], return_when=asyncio.FIRST_COMPLETED)
        closed.cancel()
        if not task.done():
            task.cancel()
            return None
        return task.result()

    async def _reopen(self, before: Portal | None = None, bus: asyncio.Task[None] | None = None) -> _OpenSession | None:
        """Open a session on the portal that succeeds `before`, or that had not answered.

        Returns None when the listener is closed, when the `bus` has ended, or when the portal that had not answered has
        no such shortcuts.
        """
        self._session_over.clear()
        interval_s = FIRST_RETRY_S if before is not None else RETRY_INTERVAL_S
        while not self._closing:
            closed = asyncio.create_task(self._session_over.wait())
            restarted = asyncio.create_task(before.wait_restarted() if before is not None else asyncio.Event().wait())
            waits = [closed, restarted, *([bus] if bus is not None else [])]
            done, _ = await asyncio.wait(waits, timeout=interval_s, return_when=asyncio.FIRST_COMPLETED)
            interval_s = min(2 * interval_s, RETRY_INTERVAL_S)
            closed.cancel()
            restarted.cancel()
            if done - {restarted}:
                break
            try:
                if (opened := await self._run_unless_closed(self._open_session())) is not None:
                    return opened
            except PortalError as error:
                logger.info("no talk key by the portal yet: %s", str(error))
                if before is None and isinstance(error, NoShortcutsError):
                    self._on_problem(wayland.setup_error(self._environ))
                    break
        return None

    async def _open_session(self) -> _OpenSession:
        """Return the portal, a session on it, and the version of its interface."""
        portal = await Portal.connect(self._environ.get("DBUS_SESSION_BUS_ADDRESS", ""))
        try:
            version = await portal.read_version(INTERFACE)
            if not version:
                raise NoShortcutsError("the desktop has no GlobalShortcuts")
            return portal, await portal.create_session(INTERFACE), version
        except BaseException:
            portal.close()
            raise

    async def _listen(self, portal: Portal, session: str, version: int, bus: asyncio.Task[None]) -> None:
        """Receive events until `close`, or until a request needs another session.

        Raises `PortalError` when the desktop takes the key away, or when the portal or `bus` ends.
        """
        self._session_over.clear()
        if self._closing:
            return
        portal.add_signal_handler(lambda message: self._on_message(message, session))
        end_tasks = [bus, asyncio.create_task(self._session_over.wait()), asyncio.create_task(portal.wait_ended())]
        binding = asyncio.create_task(self._binder.serve(portal, session, version))
        try:
            done, _ = await asyncio.wait([*end_tasks, binding], return_when=asyncio.FIRST_COMPLETED)
            if done == {binding}:
                binding.result()
            elif not self._closing:
                raise PortalError("the session was closed")
            await portal.close_session(session)
        finally:
            for task in (*end_tasks[1:], binding):
                task.cancel()

    def _release_keys(self) -> None:
        """Report every key as released."""
        for action in tuple(self._pressed_actions):
            self._report(GestureEvent.UP, action)

    def _on_message(self, message: Message, session: str) -> None:
        if message.interface == SESSION_INTERFACE and message.path == session and message.member == "Closed":
            self._session_over.set()
        elif message.interface == INTERFACE and message.signature.startswith("o") and message.body[0] == session:
            match message.member, message.body[1:]:
                case "Activated", [str(name), *_] if name in list(DESCRIPTIONS):
                    self._report(GestureEvent.DOWN, Action(name))
                case "Deactivated", [str(name), *_] if name in list(DESCRIPTIONS):
                    self._report(GestureEvent.UP, Action(name))
                case "ShortcutsChanged", [list(shortcuts)] if message.signature == "oa(sa{sv})":
                    self._binder.on_changed(parse_shortcuts(shortcuts))

    def _report(self, event: GestureEvent, action: Action) -> None:
        """Report a change; the portal activates a repeating key again and again. Only talk keys have an UP."""
        down = event is GestureEvent.DOWN
        if down is (action in self._pressed_actions):
            return
        self._pressed_actions ^= {action}
        if (action.is_talk or down) and not (self._paused and down):
            self._on_event(event, action)


def _unanswered_error(environ: Mapping[str, str]) -> HotkeyError:
    """Return why there is no talk key while the portal has not answered; only GNOME's and KDE's surely has one."""
    error = wayland.setup_error(environ)
    is_known = error.message.code in ("wayland-keys-gnome", "wayland-keys-kde")
    return HotkeyError("portal-key-lost") if is_known else error
