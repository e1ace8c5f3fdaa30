"""Press Return behind a text that went in by an input method: on proof alone, and where nothing came in between."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from math import inf
from time import monotonic

from desktop.core.interfaces import UserActivity
from desktop.core.messages import Message, Notes
from desktop.core.types import Outcome, PasteResult, Target
from desktop.paste.input_method.interface import InputContext
from desktop.paste.request import RETURN_NOT_PRESSED, USER_LEFT
from desktop.paste.session_paster import SessionPaster
from desktop.paste.undo import INPUT_SINCE


class ReturnKey:
    """The key, of the field itself or of the paster `below`; `activity` is the paster's."""

    def __init__(self, below: SessionPaster, activity: UserActivity) -> None:
        self._below = below
        self._activity = activity

    async def press(self, result: PasteResult, context: InputContext, target: Target, since: float) -> Notes:
        """Press it after the commit at the time `since` that had this `result`; return why not, nothing if it was
        pressed."""
        if result.outcome is not Outcome.INSERTED:
            return (RETURN_NOT_PRESSED,)
        if reason := self._find_obstacle(since):
            return (reason, RETURN_NOT_PRESSED)
        return () if await self._press(context, target) else (RETURN_NOT_PRESSED,)

    async def press_alone(
        self, field: AbstractAsyncContextManager[InputContext | None], target: Target, since: float
    ) -> bool:
        """Press it in `target`, which has the focus, in its `field` if it can be had; return whether it was pressed.

        It is not pressed if anything was touched `since`.
        """
        if self._find_obstacle(since):
            return False
        async with field as context:
            if context is None or context.traits.is_terminal:
                return await self._below.press_return(target, since)
            is_focused = (await self._below.find_focus()).target.handle == target.handle
            return is_focused and not context.traits.is_password and await self._press(context, target)

    def _find_obstacle(self, since: float) -> Message | None:
        """Return why it must not be pressed after what was committed `since`, as far as that is known."""
        if self._activity.last_left_at() > since:
            return USER_LEFT
        return INPUT_SINCE if self._activity.last_input_at(inf) > since else None

    async def _press(self, context: InputContext, target: Target) -> bool:
        """Press it in the field, by a key of the paster below where its toolkit takes none of an input method."""
        try:
            return await context.press_return() or await self._below.press_return(target, monotonic())
        except OSError:  # the field was left
            return False
