"""Hotkeys of a Wayland desktop through its GlobalShortcuts portal, with press and release, so that the talk key can be
held.

The desktop owns the keys: ours are a proposal, the user chooses in the desktop's dialog, and neither a bare modifier
nor a mouse button can be chosen. Esc is not requested, since a desktop shortcut is withheld from every application for
good. Hyprland binds no key to registered shortcuts, so the portal would seem to work and receive nothing; there the
compositor's configuration is used.

When the portal ends, held keys count as released, and its successor is asked again. A portal that does not answer, as
while a slow machine logs in, is asked again; one without such shortcuts is not.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from math import inf
from threading import Thread
from time import monotonic

from dbus_fast import Message, Variant

from desktop.core.errors import HotkeyError
from desktop.core.keys import MODIFIERS, Action, Binding, Bindings
from desktop.hotkeys import wayland
from desktop.hotkeys.gesture import GestureEvent
from desktop.platforms.linux.portal import CALL_TIMEOUT_S, SESSION_INTERFACE, Portal, PortalError, PortalTimeoutError

logger = logging.getLogger(__name__)

INTERFACE = "org.freedesktop.portal.GlobalShortcuts"

DIALOG_TIMEOUT_S = 120.0
"""Seconds that the user may take for the desktop's dialog."""

RETRY_INTERVAL_S = 10.0
"""Seconds after which a portal that has ended, or did not answer, is asked again: the bus starts it if it can."""

START_TIMEOUT_S = 10.0
"""Seconds that the portal may take to say whether it has shortcuts: some, if the bus has to start it."""

_TRIGGER_MODIFIERS = {"ctrl": "CTRL", "alt": "ALT", "shift": "SHIFT", "super": "LOGO"}

type _OpenSession = tuple[Portal, str, int]
"""A portal, a session on it, and the version of its interface."""

_DESCRIPTIONS = {
    Action.TALK: "Hold to talk",
    Action.SEND: "Hold to talk, then press Return",
    Action.EDIT: "Hold to say what becomes of the selection",
    Action.LANGUAGES: "Next language",
    Action.PASTE_LAST: "Paste the last dictation again",
    Action.UNDO: "Undo the last insertion",
    Action.SWAP: "Swap spoken and polished text",
    Action.EMOTION: "Note how it sounded, or no more",
}
"""Descriptions of the actions in the desktop's dialog. The cancel key is not requested."""


def preferred_trigger(binding: Binding, action: Action) -> str:
    """Return the key as the portal's specification writes it: modifiers, then a keysym.

    For a key that cannot be written so, returns F9 for talking, and otherwise an empty string, which leaves the choice
    to the user.
    """
    if binding.is_bare_modifier or not binding.keysyms:
        return "F9" if action is Action.TALK else ""
    return "+".join(
        [*(_TRIGGER_MODIFIERS[name] for name in MODIFIERS if name in binding.modifiers), binding.keysyms[0]]
    )


def proposed_triggers(bindings: Bindings) -> dict[Action, str]:
    """Return the shortcuts to request: each action that has a key, and the proposed trigger."""
    first = {action: binding for binding, action in reversed(list(bindings.items()))}
    return {action: preferred_trigger(first[action], action) for action in _DESCRIPTIONS if action in first}


class PortalHotkeyListener:
    """Hotkeys reported by the desktop. `on_event` and `on_problem` are called in the listener's own thread."""

    def __init__(
        self,
        bindings: Bindings,
        on_event: Callable[[GestureEvent, Action], None],
        on_problem: Callable[[HotkeyError | None], None],
        environ: Mapping[str, str],
    ) -> None:
        self._triggers = proposed_triggers(bindings)
        self._on_event, self._on_problem = on_event, on_problem
        self._environ = environ
        self._pressed_actions: set[Action] = set()
        self._paused = False
        self._closing = False
        self._loop: asyncio.AbstractEventLoop
        self._session_over: asyncio.Event
        self._dialog_requested: asyncio.Event

    def start(self) -> None:
        """Request the keys. Raises `HotkeyError` if the desktop has no such portal.

        The user's answer to its dialog comes later; a refusal goes to `on_problem`, as does a portal that does not
        answer yet.
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
        """Ask the desktop to show its dialog for the keys, which only it can change.

        With no bindings, no event is reported.
        """
        self._paused = not bindings
        if bindings and proposed_triggers(bindings) != self._triggers:
            self._triggers = proposed_triggers(bindings)
            self._call_in_thread(self._dialog_requested.set)

    def _call_in_thread(self, work: Callable[[], None]) -> None:
        """Run `work` in the thread, if it is still running."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(work)

    # From here on, everything runs in the hotkey thread.

    async def _run(self, opened: Future[None]) -> None:
        self._loop, self._session_over, self._dialog_requested = (
            asyncio.get_running_loop(),
            asyncio.Event(),
            asyncio.Event(),
        )
        opened_session: _OpenSession | None = None
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                opened_session = await self._open_session()
        except (PortalTimeoutError, TimeoutError) as error:
            logger.info("no talk key by the portal yet: %s", str(error))
            self._on_problem(wayland.setup_error(self._environ))
        except Exception as error:
            opened.set_exception(error)
            return
        opened.set_result(None)
        opened_session = opened_session or await self._reopen()
        while opened_session is not None:
            self._on_problem(None)
            opened_session = await self._serve_session(*opened_session)

    async def _serve_session(self, portal: Portal, session: str, version: int) -> _OpenSession | None:
        """Serve a session until it ends. Returns the next session if the portal ended or did not answer, else None."""
        bus = asyncio.create_task(portal.wait_disconnected())
        try:
            await self._listen(portal, session, version, bus)
        except PortalError as error:
            logger.info("the talk key is lost: %s", error)
            for action in tuple(self._pressed_actions):
                self._report(GestureEvent.UP, action)
            if not self._closing:
                self._on_problem(wayland.setup_error(self._environ))
                if portal.has_ended:
                    return await self._reopen(portal, bus)
                if isinstance(error, PortalTimeoutError):
                    portal.close()  # and with it a session that it may have opened late
                    return await self._reopen()
        finally:
            bus.cancel()
            portal.close()
        return None

    async def _reopen(self, before: Portal | None = None, bus: asyncio.Task[None] | None = None) -> _OpenSession | None:
        """Open a session on the portal that succeeds `before`, or that had not answered.

        Returns None when the listener is closed, when the `bus` has ended, or when the portal that had not answered
        refuses.
        """
        self._session_over.clear()
        while not self._closing:
            closed = asyncio.create_task(self._session_over.wait())
            restarted = asyncio.create_task(before.wait_restarted() if before is not None else asyncio.Event().wait())
            waits = [closed, restarted, *([bus] if bus is not None else [])]
            done, _ = await asyncio.wait(waits, timeout=RETRY_INTERVAL_S, return_when=asyncio.FIRST_COMPLETED)
            closed.cancel()
            restarted.cancel()
            if done - {restarted}:
                break
            opening, closed = asyncio.create_task(self._open_session()), asyncio.create_task(self._session_over.wait())
            await asyncio.wait([opening, closed], return_when=asyncio.FIRST_COMPLETED)
            closed.cancel()
            if not opening.done():  # do not wait for a portal when closing
                opening.cancel()
                break
            try:
                return opening.result()
            except PortalError as error:
                logger.info("no talk key by the portal yet: %s", str(error))
                if before is None and not isinstance(error, PortalTimeoutError):
                    break
        return None

    async def _open_session(self) -> _OpenSession:
        """Return the portal, a session on it, and the version of its interface."""
        portal = await Portal.connect(self._environ.get("DBUS_SESSION_BUS_ADDRESS", ""))
        try:
            version = await portal.read_version(INTERFACE)
            if not version:
                raise PortalError("the desktop has no GlobalShortcuts")
            return portal, await portal.create_session(INTERFACE), version
        except BaseException:
            portal.close()
            raise

    async def _listen(self, portal: Portal, session: str, version: int, bus: asyncio.Task[None]) -> None:
        """Receive events until `close`.

        Raises `PortalError` when the desktop takes the key away, or when the portal or `bus` ends.
        """
        portal.add_signal_handler(lambda message: self._on_message(message, session))
        end_tasks = [bus, asyncio.create_task(self._session_over.wait()), asyncio.create_task(portal.wait_ended())]
        binding = asyncio.create_task(self._bind_shortcuts(portal, session))
        showing_dialogs = asyncio.create_task(self._show_dialogs(portal, session, version))
        try:
            done, _ = await asyncio.wait([*end_tasks, binding], return_when=asyncio.FIRST_COMPLETED)
            if done == {binding}:
                binding.result()
                await asyncio.wait(end_tasks, return_when=asyncio.FIRST_COMPLETED)
            if not self._closing:
                raise PortalError("the session was closed")
            await portal.close_session(session)
        finally:
            for task in (*end_tasks[1:], binding, showing_dialogs):
                task.cancel()

    async def _bind_shortcuts(self, portal: Portal, session: str) -> None:
        """Bind the shortcuts, unless the desktop remembers them: KDE would show its dialog at each start."""
        listed = await portal.request(INTERFACE, "ListShortcuts", "o", [session], {}, CALL_TIMEOUT_S)
        if self._triggers.keys() <= bound_names(listed):
            return
        requested = [[str(action), _shortcut_options(action, key)] for action, key in self._triggers.items()]
        try:
            answer = await portal.request(
                INTERFACE, "BindShortcuts", "oa(sa{sv})s", [session, requested, ""], {}, DIALOG_TIMEOUT_S
            )
        except PortalTimeoutError as error:  # a dialog that is not answered is not shown again and again
            raise PortalError(str(error)) from error
        if Action.TALK not in bound_names(answer):
            raise PortalError("no key was chosen")

    async def _show_dialogs(self, portal: Portal, session: str, version: int) -> None:
        """Open the desktop's own dialog, if it has one, whenever other keys are wanted."""
        while True:
            await self._dialog_requested.wait()
            self._dialog_requested.clear()
            if version >= 2:
                try:
                    await portal.call(INTERFACE, "ConfigureShortcuts", "osa{sv}", [session, "", {}], DIALOG_TIMEOUT_S)
                except PortalError as error:
                    logger.info("the desktop shows no dialog for the key: %s", error)

    def _on_message(self, message: Message, session: str) -> None:
        if message.interface == SESSION_INTERFACE and message.path == session and message.member == "Closed":
            self._session_over.set()
        elif (
            message.interface == INTERFACE
            and message.signature.startswith("os")
            and message.body[0] == session
            and message.body[1] in list(_DESCRIPTIONS)
        ):
            match message.member:
                case "Activated":
                    self._report(GestureEvent.DOWN, Action(message.body[1]))
                case "Deactivated":
                    self._report(GestureEvent.UP, Action(message.body[1]))

    def _report(self, event: GestureEvent, action: Action) -> None:
        """Report a change; the portal activates a repeating key again and again. Only talk keys have an UP."""
        down = event is GestureEvent.DOWN
        if down is (action in self._pressed_actions):
            return
        self._pressed_actions ^= {action}
        if (action.is_talk or down) and not (self._paused and down):
            self._on_event(event, action)


def _shortcut_options(action: Action, key: str) -> dict[str, Variant]:
    """Return the options of a shortcut for the portal."""
    options = {"description": Variant("s", _DESCRIPTIONS[action])}
    return options | {"preferred_trigger": Variant("s", key)} if key else options


def bound_names(answer: Mapping[str, Variant]) -> set[str]:
    """Return the names of the shortcuts that a portal's answer lists."""
    shortcuts = answer.get("shortcuts")
    return (
        {name for name, _ in shortcuts.value} if shortcuts is not None and shortcuts.signature == "a(sa{sv})" else set()
    )
