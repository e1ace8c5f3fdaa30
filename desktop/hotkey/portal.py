"""The talk key of a Wayland desktop by its GlobalShortcuts portal: pressed and let go, so it can be held.

The desktop keeps the key: ours is a proposal, the person chooses in the desktop's dialog, and a modifier alone cannot
be one. Esc is not asked for, since a shortcut of the desktop is taken from every application for good. Hyprland binds
no key to what is registered here, which would look healthy and be deaf, so there its configuration is the way.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from threading import Thread
from time import monotonic

from dbus_fast import Message, Variant

from desktop.gesture import Event
from desktop.hotkey import wayland
from desktop.hotkey.keys import MODIFIERS, Binding
from desktop.portal import CALL_S, SESSION, Portal, PortalError
from desktop.problems import HotkeyProblem

_log = logging.getLogger(__name__)

INTERFACE = "org.freedesktop.portal.GlobalShortcuts"
TALK = "talk"

BIND_S = 120.0
"""How long a person may look at the desktop's dialog."""

START_S = 10.0
"""How long the portal may take to say whether it can do this at all: some seconds, where the bus has to start it."""

_MODIFIERS = {"ctrl": "CTRL", "alt": "ALT", "shift": "SHIFT", "super": "LOGO"}


def trigger(talk: Binding) -> str:
    """The key as the portal's specification writes it: modifiers, then a keysym. F9 for a modifier by itself."""
    if talk.bare_modifier:
        return "F9"
    return "+".join([*(_MODIFIERS[name] for name in MODIFIERS if name in talk.modifiers), talk.keysyms[0]])


class PortalKeys:
    """The talk key as the desktop tells of it. `post` and `failed` are called in a thread of its own."""

    def __init__(
        self,
        talk: Binding,
        post: Callable[[Event], None],
        failed: Callable[[HotkeyProblem], None],
        environ: Mapping[str, str],
    ) -> None:
        self._talk = talk
        self._post, self._failed = post, failed
        self._environ = environ
        self._down = False
        self._closing = False
        self._loop: asyncio.AbstractEventLoop
        self._over: asyncio.Event
        self._again: asyncio.Event

    def start(self) -> None:
        """Ask for the key. Raises `HotkeyProblem` where the desktop has no such portal; what the person says to its
        dialog comes later, and a no goes to `failed`."""
        opened: Future[None] = Future()
        self._thread = Thread(target=lambda: asyncio.run(self._run(opened)), name="keys", daemon=True)
        self._thread.start()
        try:
            opened.result(START_S)
        except (PortalError, TimeoutError) as error:
            _log.info("no talk key by the portal: %s", error)
            if isinstance(error, TimeoutError):
                opened.cancel()
            raise self._problem() from error

    def close(self) -> None:
        """Give the key back and end the thread; call it once, after `start`."""
        self._closing = True
        self._have_done(self._over.set)
        self._thread.join()

    def listening(self, active: bool) -> None:
        """The cancel key is the application's here."""

    def expect(self, keycodes: Iterable[int]) -> None:
        """Our own strokes are not heard here."""

    def touched(self) -> float:
        """Nobody tells what else is pressed, so it may have been just now."""
        return monotonic()

    def rebind(self, talk: Binding, cancel: Binding) -> None:
        """Have the desktop ask for the key, which is its to change."""
        if talk != self._talk:
            self._talk = talk
            self._have_done(self._again.set)

    def _have_done(self, work: Callable[[], None]) -> None:
        """Have something done in the thread, if it has not ended by itself."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(work)

    # From here on, all in the keys thread.

    async def _run(self, opened: Future[None]) -> None:
        self._loop, self._over, self._again = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        try:
            portal, session, version = await self._open()
        except PortalError as error:
            if opened.set_running_or_notify_cancel():
                opened.set_exception(error)
            return
        if not opened.set_running_or_notify_cancel():
            portal.close()
            return
        opened.set_result(None)
        try:
            await self._live(portal, session, version)
        except PortalError as error:
            _log.info("the talk key is lost: %s", error)
            self._say(Event.UP)
            if not self._closing:
                self._failed(self._problem())
        finally:
            portal.close()

    async def _open(self) -> tuple[Portal, str, int]:
        """The portal, a session on it, and the version of what it does."""
        portal = await Portal.connect(self._environ.get("DBUS_SESSION_BUS_ADDRESS", ""))
        try:
            version = await portal.version(INTERFACE)
            if not version:
                raise PortalError("the desktop has no GlobalShortcuts")
            return portal, await portal.session(INTERFACE), version
        except PortalError:
            portal.close()
            raise

    async def _live(self, portal: Portal, session: str, version: int) -> None:
        """Hear until `close`. Raises `PortalError` when the desktop takes the key away."""
        portal.hear(lambda message: self._heard(message, session))
        over = [asyncio.create_task(self._over.wait()), asyncio.create_task(portal.gone())]
        binding = asyncio.create_task(self._bind(portal, session))
        asking = asyncio.create_task(self._ask_again(portal, session, version))
        try:
            done, _ = await asyncio.wait([*over, binding], return_when=asyncio.FIRST_COMPLETED)
            if done == {binding}:
                binding.result()
                await asyncio.wait(over, return_when=asyncio.FIRST_COMPLETED)
            if not self._closing:
                raise PortalError("the session was closed")
            await portal.end(session)
        finally:
            for task in (*over, binding, asking):
                task.cancel()

    async def _bind(self, portal: Portal, session: str) -> None:
        """Have a key bound, unless the desktop remembers one: KDE would show its dialog at each start."""
        known = await portal.request(INTERFACE, "ListShortcuts", "o", [session], {}, CALL_S)
        if TALK in _bound(known):
            return
        about = {
            "description": Variant("s", "Hold to talk"),
            "preferred_trigger": Variant("s", trigger(self._talk)),
        }
        arguments = [session, [[TALK, about]], ""]
        if TALK not in _bound(await portal.request(INTERFACE, "BindShortcuts", "oa(sa{sv})s", arguments, {}, BIND_S)):
            raise PortalError("no key was chosen")

    async def _ask_again(self, portal: Portal, session: str, version: int) -> None:
        """Open the desktop's own dialog for the key whenever another is wished for, where it has one."""
        while True:
            await self._again.wait()
            self._again.clear()
            if version >= 2:
                try:
                    await portal.call(INTERFACE, "ConfigureShortcuts", "osa{sv}", [session, "", {}], BIND_S)
                except PortalError as error:
                    _log.info("the desktop shows no dialog for the key: %s", error)

    def _heard(self, message: Message, session: str) -> None:
        if message.interface == SESSION and message.path == session and message.member == "Closed":
            self._over.set()
        elif message.interface == INTERFACE and message.body[:2] == [session, TALK]:
            match message.member:
                case "Activated":
                    self._say(Event.DOWN)
                case "Deactivated":
                    self._say(Event.UP)

    def _say(self, event: Event) -> None:
        """Post a change; a key that repeats is activated again and again."""
        down = event is Event.DOWN
        if down is not self._down:
            self._down = down
            self._post(event)

    def _problem(self) -> HotkeyProblem:
        return HotkeyProblem(wayland.DEAF, wayland.advice(self._environ))


def _bound(answer: Mapping[str, Variant]) -> set[str]:
    """The names of the shortcuts that a portal's answer lists."""
    return {name for name, _ in answer["shortcuts"].value} if "shortcuts" in answer else set()
