"""Track the target window: the one focused at key press, replaced by the one focused at key release; and read the
clipboard at the press.

A password field that has the focus only at the release replaces nothing: a password prompt came up while the user spoke
to another window, and the text is neither for it nor lost. A window or clipboard that does not answer, or answers
something unexpected, delays nothing: the earlier window stays the target, and the paste checks again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

import anyio

from desktop.core.types import Style, Target
from desktop.dictation.dependencies import Parts
from desktop.history.sensitive import is_prompt
from desktop.paste.focus import STEADY_S

logger = logging.getLogger(__name__)

LOOK_S = 3.0
"""Seconds to wait for an answer of a window or of the clipboard; it usually takes milliseconds."""


def interrupts(begun_in: Target, found: Target, pressed_at: float) -> bool:
    """Return whether `focused`, which has the focus now, is a password prompt that came up while the user dictated to
    `start_target`, since `pressed_at` (`time.monotonic()`), so that the words are not for it.

    False if it had the focus at the press already. That is also assumed where the time of its focus and the window of
    the press are unknown, and where it is the same window, which did not say which field had the focus: many do so only
    when asked a second time.
    """
    if not _prompts(found) or _prompts(begun_in):
        return False
    if begun_in.handle == found.handle:
        return begun_in.field is not None
    return found.focused_at > pressed_at if found.focused_at else begun_in.handle != 0


def _prompts(target: Target) -> bool:
    return target.secret or is_prompt(target.app)


class Aim:
    """Tracks the window that the words are for.

    `target` is the window, `start_target` the one of the key press, `style` the writing style there and `style_reason`
    its reason; `new_target` names the window if it is not the one of the press; `is_interrupted`: a password prompt has
    the focus at the release instead. `settled` is set when none of this changes any more. `on_target(target)` is called
    for each window.
    """

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
        """Look up the focused window now and when the key is `released`; call `on_new_target` if that is another
        window."""
        await self._follow()  # a slow answer may name a prompt that came up since the press
        if _prompts(self.target):  # the user may have left the prompt just before the press
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
        """Read the text of the clipboard if a snippet may need it."""
        if self._parts.clipboard is None:
            return
        with anyio.move_on_after(LOOK_S):
            try:
                self.clipboard = await self._parts.clipboard()
            except Exception:
                logger.exception("the clipboard cannot be read")

    async def _follow(self) -> Target | None:
        """Make the focused window the target unless it is a password prompt that interrupts; return it if it became the
        target."""
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
