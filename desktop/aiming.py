"""Where the words of a dictation are to go: the window that has the focus when the key comes up, until then the one of
the key-down; and what was on the clipboard then.

A window or a clipboard that does not answer, or answers what nobody expects, holds up nothing: the words are for the
window that was known before, and the paste looks again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

import anyio

from desktop.parts import Parts
from desktop.ports import Style, Target

logger = logging.getLogger(__name__)

LOOK_S = 3.0
"""How long a window or a clipboard may keep one waiting; it is milliseconds."""


class Aim:
    """`target` is the window, `style` how one writes there and `why`; `into` names it where it is another than at the
    key-down; `sure` is set when none of this changes any more. `moved` is told each window."""

    def __init__(self, parts: Parts, moved: Callable[[Target], None]) -> None:
        self.target = Target()
        self.style, self.why = Style(), ""
        self.into = ""
        self.clipboard: str | None = None
        self.sure = anyio.Event()
        self._parts = parts
        self._moved = moved

    async def follow(self, released: anyio.Event, elsewhere: Callable[[], None]) -> None:
        """Look now and when the key is `released`; `elsewhere` is called where that is another window."""
        await self._look()
        await released.wait()
        begun_in = self.target
        await self._look()
        if self.target.handle != begun_in.handle:
            self.into = self.target.app
            elsewhere()
        self.sure.set()

    async def copy(self) -> None:
        """What is on the clipboard, where a snippet may want it."""
        if self._parts.clipboard is None:
            return
        with anyio.move_on_after(LOOK_S):
            try:
                self.clipboard = await self._parts.clipboard()
            except Exception:
                logger.exception("the clipboard cannot be read")

    async def _look(self) -> None:
        with anyio.move_on_after(LOOK_S):
            try:
                self._point(await self._parts.paster.target())
            except Exception:
                logger.exception("the window that has the focus cannot be told")

    def _point(self, target: Target) -> None:
        before = self.target
        if not target.site and (target.handle, target.window) == (before.handle, before.window):
            target = replace(target, site=before.site)  # a browser that did not answer in time has the same page
        self.target = target
        self._moved(target)
        self.style, self.why = self._parts.styles.at(target)
