"""A paster on a test's display; the test plays the user's keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from threading import Event

import anyio
from Xlib.display import Display

from desktop.core.interfaces import UserActivity
from desktop.core.types import PasteResult, Target
from desktop.paste.x11.paster import X11Paster
from desktop.platforms.linux import x11_focus
from tests.support.x_clients import PATIENCE_S, keys_down

CONTROL_R, SHIFT_L, V_US, RETURN = 105, 50, 55, 36


@dataclass
class Desk:
    """A paster and what it was told and tells."""

    display: str
    paster: X11Paster
    talking: Event = field(default_factory=Event)
    speaking: Event = field(default_factory=Event)
    expected: list[int] = field(default_factory=list)
    touched_at: float = 0.0
    left_at: float = 0.0

    async def paste(self, text: str, sent: Callable[[], None] = lambda: None, enter: bool = False) -> PasteResult:
        """Paste into the window that has the focus now."""
        return await self.paster.paste(text, await self.target(), sent, enter)

    async def target(self) -> Target:
        """The window that has the focus now, once it has had it for so long that it is meant."""
        display = Display(self.display)
        try:
            with anyio.fail_after(PATIENCE_S):
                while True:
                    target = await self.paster.find_target()
                    if target.handle == x11_focus.find_active_target(display).handle:
                        return target
        finally:
            display.close()


@asynccontextmanager
async def desk_on(display: str) -> AsyncIterator[Desk]:
    """A paster at work on `display`; it leaves no key down."""
    talking, speaking = Event(), Event()
    expected: list[int] = []
    hands = UserActivity(
        expected.extend,
        talking.is_set,
        talking.is_set,
        lambda until: desk.touched_at,
        lambda: desk.left_at,
        speaking.is_set,
    )
    desk = Desk(display, X11Paster(display, hands), talking, speaking, expected)
    desk.paster.start(asyncio.get_running_loop())
    try:
        yield desk
    finally:
        desk.paster.close()
        assert keys_down(display) == []
