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

from desktop.core.types import FieldKind, InputField, Style, Target
from desktop.dictation.dependencies import SessionDependencies
from desktop.history.privacy import is_password_prompt
from desktop.paste.focus import MIN_FOCUS_S

logger = logging.getLogger(__name__)

LOOKUP_TIMEOUT_S = 3.0
"""Seconds to wait for an answer of a window or of the clipboard; it usually takes milliseconds."""


def is_interrupting_prompt(start_target: Target, focused: Target, pressed_at: float) -> bool:
    """Return whether `focused` is a password prompt that came up during a dictation to `start_target`.

    `focused` has the focus now; `pressed_at` is the time of the key press (`time.monotonic()`). The words are not for
    such a prompt. A prompt that had the focus at the press already does not interrupt. That is assumed too where the
    time of its focus and the window of the press are unknown, and where the same window reported nothing of its focused
    field at the press: many report it only when asked a second time.
    """
    if not _is_prompt_target(focused) or _is_prompt_target(start_target):
        return False
    if is_same_window(start_target, focused):
        return start_target.field is not None or start_target.kind is not None
    return focused.focused_at > pressed_at if focused.focused_at else start_target.handle != 0


def is_same_window(first: Target, second: Target) -> bool:
    """Return whether both are the same window. Where only the program of one is known (a negative handle), all windows
    of that program count as the same."""
    if first.handle >= 0 and second.handle >= 0:
        return first.handle == second.handle
    return first.pid == second.pid and (first.pid != 0 or first.app == second.app)


def _is_unknown(target: Target) -> bool:
    return target.handle < 0 and not (target.pid or target.app)


def _is_prompt_target(target: Target) -> bool:
    return target.is_password or is_password_prompt(target.app)


def mark_password_prompt(target: Target) -> Target:
    """Return `target` with its field as a password field if its program only asks for passwords."""
    if target.is_password or not is_password_prompt(target.app):
        return target
    return replace(target, field=replace(target.field or InputField(), is_password=True))


class TargetTracker:
    """Tracks the target window: the one focused at the key press, replaced by the one focused at the release.

    - `target`: the window now.
    - `start_target`: the window of the press, or the one for which the user left a password prompt while speaking.
    - `new_target`: the application of the window of the release, if that is known to be another window.
    - `style`, `style_reason`: the writing style in `target`, and what selected it.
    - `is_interrupted`: a password prompt has the focus instead, which does not become the target.
    - `looked_up`: set when the window of the press is known, or did not answer in time.
    - `settled`: set when none of this changes any more.

    `on_target(target)` is called for each window.
    """

    def __init__(
        self, dependencies: SessionDependencies, on_target: Callable[[Target], None], pressed_at: float
    ) -> None:
        self.target = self.start_target = Target()
        self.is_interrupted = False
        self.style, self.style_reason = Style(), ""
        self.new_target = ""
        self.clipboard_text: str | None = None
        self.looked_up = anyio.Event()
        self.settled = anyio.Event()
        self._dependencies = dependencies
        self._on_target = on_target
        self._pressed_at = pressed_at
        self._released = anyio.Event()

    async def track(self, released: anyio.Event, on_new_target: Callable[[], None]) -> None:
        """Look up the focused window now and when the key is `released`; call `on_new_target` if that is another
        window. As long as a password prompt has the focus from the press on, look whether the user has left it, perhaps
        for another field of the same window."""
        self._released = released
        await self._update()  # a slow answer may name a prompt that came up since the press
        self.looked_up.set()
        while _is_prompt_target(self.target) and not released.is_set():
            with anyio.move_on_after(MIN_FOCUS_S):
                await released.wait()
            if not released.is_set():
                await self._update()
        self.start_target = self.target
        await released.wait()
        focused = await self._update()
        was_known = not _is_unknown(self.start_target)
        if focused is not None and was_known and not is_same_window(self.start_target, focused):
            self.new_target = focused.app
            on_new_target()
        self.settled.set()

    def mark_private(self) -> Target:
        """Note that the target's field is one of which nothing may be kept, and return the target."""
        self.target = replace(self.target, kind=FieldKind.PRIVATE)
        return self.target

    async def read_clipboard(self) -> None:
        """Read the text of the clipboard if a snippet may need it."""
        if self._dependencies.read_clipboard is None:
            return
        with anyio.move_on_after(LOOKUP_TIMEOUT_S):
            try:
                self.clipboard_text = await self._dependencies.read_clipboard()
            except Exception:
                logger.exception("the clipboard cannot be read")

    async def _update(self) -> Target | None:
        """Make the focused window the target unless it is a password prompt that interrupts; return it if it became the
        target. A password field stays the target where nothing is known of window and field any more: it may still be
        that one."""
        focused = await self._find_focused()
        is_silent = focused is None or (_is_unknown(focused) and focused.kind is None)
        if focused is None or (is_silent and _is_prompt_target(self.target)):
            return None
        self.is_interrupted = is_interrupting_prompt(self.start_target, focused, self._pressed_at)
        if self.is_interrupted:
            return None
        self._set_target(focused)
        return focused

    async def _find_focused(self) -> Target | None:
        """Return the window that has the focus, None where that cannot be determined."""
        previous = self.target
        with anyio.move_on_after(LOOKUP_TIMEOUT_S):
            try:
                target = mark_password_prompt(await self._dependencies.paster.find_target())
            except Exception:
                logger.exception("the focused window cannot be determined")
            else:
                is_same = is_same_window(target, previous)
                if target.field is None and target.kind is None and is_same:
                    # A program that did not answer in time has a field.
                    field = previous.field and replace(previous.field, before=None, after=None)
                    target = replace(target, field=field, kind=previous.kind)
                if not target.site and is_same and target.title == previous.title:
                    # A browser that did not answer in time has the same page.
                    return replace(target, site=previous.site)
                return target
        return None

    def _set_target(self, target: Target) -> None:
        self.target = target
        self._on_target(target)
        self.style, self.style_reason = self._dependencies.styles.style_for(target)
        read_project = self._dependencies.read_project
        if read_project is not None and self.style.code and not self._released.is_set():
            read_project(target)
