"""Keys that are heard through a portal, and what the portal answers about them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import anyio
from anyio import to_thread
from dbus_fast import Variant

from desktop.core.errors import HotkeyError
from desktop.core.keys import Action, Bindings, build_bindings
from desktop.core.messages import Translate
from desktop.hotkeys.gesture import GestureEvent
from desktop.hotkeys.listener import open_hotkeys
from desktop.hotkeys.portal import PortalHotkeyListener
from tests.support.portal import FakePortal

VERSION = {"version": Variant("u", 2)}
CHOSEN = {"shortcuts": Variant("a(sa{sv})", [["talk", {"trigger_description": Variant("s", "Press F9")}]])}


@dataclass
class Heard:
    """What the keys said, on this loop."""

    loop: asyncio.AbstractEventLoop
    events: list[tuple[GestureEvent, Action]] = field(default_factory=list)
    problems: list[HotkeyError] = field(default_factory=list)
    well: int = 0
    names: list[str] = field(default_factory=list)
    swap_key: str = ""
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def post(self, event: GestureEvent, action: Action) -> None:
        self.loop.call_soon_threadsafe(self._note, self.events, (event, action))

    def on_problem(self, problem: HotkeyError | None) -> None:
        if problem is not None:
            self.loop.call_soon_threadsafe(self._note, self.problems, problem)
        else:
            self.loop.call_soon_threadsafe(self._is_well)

    def on_key_names(self, names: Mapping[Action, str]) -> None:
        self.swap_key = names.get(Action.SWAP, "")
        self.loop.call_soon_threadsafe(self._note, self.names, names.get(Action.TALK, ""))

    def _is_well(self) -> None:
        self.well += 1
        self.changed.set()

    def _note[T](self, kept: list[T], new: T) -> None:
        kept.append(new)
        self.changed.set()

    async def until(self, met: Callable[[], bool]) -> None:
        with anyio.fail_after(10):
            while not met():
                self.changed.clear()
                await self.changed.wait()


def bound(talk: str = "ctrl_r", cancel: str = "esc", **others: str) -> Bindings:
    return build_bindings({name: (key,) for name, key in {"talk": talk, **others, "cancel": cancel}.items()})


@asynccontextmanager
async def keys_on(
    agreed: Path,
    bus: str,
    desktop: str = "GNOME",
    path: str = "/nowhere",
    translate: Translate = str,
    **names: str,
) -> AsyncIterator[tuple[PortalHotkeyListener, Heard]]:
    heard = Heard(asyncio.get_running_loop())
    environ = {"WAYLAND_DISPLAY": "wayland-0", "DBUS_SESSION_BUS_ADDRESS": bus, "XDG_CURRENT_DESKTOP": desktop}
    environ["PATH"] = path
    open_keys = partial(open_hotkeys, on_key_names=heard.on_key_names, agreed=agreed, translate=translate)
    keys = await to_thread.run_sync(open_keys, bound(**names), heard.post, heard.on_problem, environ, "linux")
    assert isinstance(keys, PortalHotkeyListener)
    try:
        yield keys, heard
    finally:
        await to_thread.run_sync(keys.close)


def described(trigger: str, name: str = "talk") -> tuple[str, dict[str, Variant]]:
    return name, {"trigger_description": Variant("s", trigger)}


async def end_when_asked(portal: FakePortal) -> None:
    await portal.until_asked("Get")
    portal.end()


DOWN, UP = (GestureEvent.DOWN, Action.TALK), (GestureEvent.UP, Action.TALK)
