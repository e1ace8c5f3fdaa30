"""Track the target window: the one focused at key press, replaced by the one focused at key release; and what was on
the clipboard at the press.

A password field that has the focus at the release alone replaces nothing: a password prompt came up while the user
spoke to another window, and what was said is neither for it nor lost.

A window or a clipboard that does not answer, or answers what nobody expects, holds up nothing: the words are for the
window that was known before, and the paste looks again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

import anyio

from desktop.keeping.sensitive import is_prompt
from desktop.parts import Parts
from desktop.paste.focus import STEADY_S
from desktop.ports import Style, Target

logger = logging.getLogger(__name__)

LOOK_S = 3.0
"""How long a window or a clipboard may keep one waiting; it is milliseconds."""


def interrupts(begun_in: Target, found: Target, pressed_at: float) -> bool:
    """Return whether `found`, which has the focus now, is a password prompt that came up while the user dictated to
    `begun_in`, since `pressed_at` (`time.monotonic()`), so that the words are not for it.

    False where it had the focus at the press already. So it is taken to have had where nothing says when it came up and
    the window of the press is unknown, and where it is the same window, which did not say which field had the focus:
    many do so only when asked a second time.
    """
    if not _prompts(found) or _prompts(begun_in):
        return False
    if begun_in.handle == found.handle:
        return begun_in.field is not None
    return found.focused_at > pressed_at if found.focused_at else begun_in.handle != 0


def _prompts(target: Target) -> bool:
    return target.secret or is_prompt(target.app)


class Aim:
    """`target` is the window, `begun_in` the one of the key press, `style` how one writes there and `why`; `into` names
    it where it is another than at the press; `interrupted`: a password prompt has the focus at the release instead.
    `sure` is set when none of this changes any more. `moved(target)` is called for each window."""

    def __init__(self, parts: Parts, moved: Callable[[Target], None], pressed_at: float) -> None:
        self.target = self.begun_in = Target()
        self.interrupted = False
        self.style, self.why = Style(), ""
        self.into = ""
        self.clipboard: str | None = None
        self.sure = anyio.Event()
        self._parts = parts
        self._moved = moved
        self._pressed_at = pressed_at

    async def follow(self, released: anyio.Event, elsewhere: Callable[[], None]) -> None:
        """Look now and when the key is `released`; `elsewhere` is called where that is another window."""
        await self._follow()  # a slow answer may tell of a prompt that came up since the press
        if _prompts(self.target):  # which may have been left just before the press
            with anyio.move_on_after(STEADY_S):
                await released.wait()
            await self._follow()
        self.begun_in = self.target
        await released.wait()
        found = await self._follow()
        if found is not None and found.handle != self.begun_in.handle:
            self.into = found.app
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

    async def _follow(self) -> Target | None:
        """Look, and point to what has the focus unless it is a prompt that interrupts; return it if so."""
        found = await self._look()
        if found is None:
            return None
        self.interrupted = interrupts(self.begun_in, found, self._pressed_at)
        if self.interrupted:
            return None
        self._point(found)
        return found

    async def _look(self) -> Target | None:
        """Return the window that has the focus, None where that cannot be determined."""
        before = self.target
        with anyio.move_on_after(LOOK_S):
            try:
                target = await self._parts.paster.target()
            except Exception:
                logger.exception("the window that has the focus cannot be told")
            else:
                if not target.site and (target.handle, target.window) == (before.handle, before.window):
                    return replace(target, site=before.site)  # a browser that did not answer in time has the same page
                return target
        return None

    def _point(self, target: Target) -> None:
        self.target = target
        self._moved(target)
        self.style, self.why = self._parts.styles.at(target)
