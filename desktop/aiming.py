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
from desktop.ports import Style, Target

logger = logging.getLogger(__name__)

LOOK_S = 3.0
"""How long a window or a clipboard may keep one waiting; it is milliseconds."""


def interrupts(begun_in: Target, found: Target) -> bool:
    """Return whether `found`, which has the focus at the release, is a password prompt that came up while the user
    dictated to `begun_in`, so that the words are not for it.

    False where the window of the press is unknown or was a prompt itself, and where it is the same window and did not
    say which field had the focus: many do so only when asked a second time, so that it may have been this one.
    """
    if not _prompts(found) or _prompts(begun_in) or not begun_in.handle:
        return False
    return begun_in.handle != found.handle or begun_in.field is not None


def _prompts(target: Target) -> bool:
    return target.secret or is_prompt(target.app)


class Aim:
    """`target` is the window, `begun_in` the one of the key press, `style` how one writes there and `why`; `into` names
    it where it is another than at the press; `interrupted`: a password prompt has the focus at the release instead.
    `sure` is set when none of this changes any more. `moved(target)` is called for each window."""

    def __init__(self, parts: Parts, moved: Callable[[Target], None]) -> None:
        self.target = self.begun_in = Target()
        self.interrupted = False
        self.style, self.why = Style(), ""
        self.into = ""
        self.clipboard: str | None = None
        self.sure = anyio.Event()
        self._parts = parts
        self._moved = moved

    async def follow(self, released: anyio.Event, elsewhere: Callable[[], None]) -> None:
        """Look now and when the key is `released`; `elsewhere` is called where that is another window."""
        if (found := await self._look()) is not None:
            self._point(found)
        self.begun_in = self.target
        await released.wait()
        found = await self._look()
        self.interrupted = found is not None and interrupts(self.begun_in, found)
        if found is not None and not self.interrupted:
            self._point(found)
            if found.handle != self.begun_in.handle:
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
