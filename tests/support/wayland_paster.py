"""A paster under a real Wayland compositor, and what another program does with the clipboard there."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from anyio import to_thread

from desktop.core.interfaces import UserActivity
from desktop.core.paths import Paths
from desktop.core.types import Outcome, PasteResult
from desktop.paste.apps import PasteRules
from desktop.paste.request import (
    PasteOptions,
)
from desktop.paste.wayland.data_control import DataControlClipboard
from desktop.paste.wayland.paster import WaylandPaster
from desktop.paste.wayland.protocol import Compositor
from desktop.paste.x11.paster import insert_nowhere
from tests.support.wayland_desk import WaylandDesk

WORDS = "Süße é ñ ß 日本語 العربية 👩‍👩‍👧 end."
INSERTED = PasteResult(Outcome.INSERTED)

DEAF = PasteOptions(PasteRules({"foot": {"chord": "ctrl+v", "lines": "keep"}}))
"""Ctrl+V pastes nothing in a terminal."""


@contextmanager
def closing(desk: WaylandDesk, window: subprocess.Popen[bytes]) -> Iterator[None]:
    """The window is there, and then it is not."""
    try:
        yield
    finally:
        desk.close(window)


@contextmanager
def another_owner(desk: WaylandDesk, contents: Mapping[str, bytes]) -> Iterator[None]:
    """Another program has the clipboard, in several types, which wl-copy cannot."""
    compositor = Compositor(desk.environ)
    owner = DataControlClipboard(compositor, lambda pipe: None, lambda: None)
    compositor.listen(asyncio.get_running_loop())
    owner.take("CLIPBOARD", contents)
    try:
        yield
    finally:
        compositor.close()


def places(folder: Path) -> Paths:
    return Paths(config=folder, data=folder, state=folder, runtime=folder)


@asynccontextmanager
async def paster_on(
    environ: Mapping[str, str], folder: Path, manner: PasteOptions | None = None, hands: UserActivity | None = None
) -> AsyncIterator[WaylandPaster]:
    activity = hands or UserActivity()
    paster = WaylandPaster(environ, places(folder).remote_desktop, insert_nowhere, activity.last_left_at)
    paster.options = manner or PasteOptions()
    paster.start(asyncio.get_running_loop())
    try:
        yield paster
    finally:
        paster.close()


async def paste(paster: WaylandPaster, text: str, sent: Callable[[], None] = lambda: None) -> PasteResult:
    """Paste into the window that has the focus now."""
    return await paster.paste(text, await paster.find_target(), sent)


async def look[T](work: Callable[[], T]) -> T:
    """What a person sees, while the clipboard is served."""
    return await to_thread.run_sync(work)
