"""Check whether a password field has the focus, before a text goes anywhere; for a moment only while the app quits."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

import anyio

from desktop.core.messages import Message
from desktop.core.types import Target
from desktop.paste.field import FocusedFieldReader, password_timeout_s
from desktop.paste.request import (
    CHROMIUM_NOT_REPORTED,
    CHROMIUM_PASSWORD_FIELD,
    FIELD_NOT_REPORTED,
    PASSWORD_FIELD_FOCUSED,
    PASTE_CLOSED,
    QUIT_GRACE_S,
)
from desktop.paste.wayland.focus_reader import FocusReader


class PasswordCheck:
    """Asks the compositor by `focus` and programs by `fields` whether a password field has the focus, for one paste at
    a time. Belongs to one loop."""

    def __init__(self, fields: FocusedFieldReader, focus: FocusReader, is_prompt: Callable[[str], bool]) -> None:
        """`is_prompt` returns whether a program of this name only asks for passwords."""
        self._fields = fields
        self._focus = focus
        self._is_prompt = is_prompt
        self._must_end_at = inf
        self._scope: anyio.CancelScope | None = None

    def end(self) -> None:
        """End the check soon, and those to come, as `Paster.end_checks` says."""
        self._must_end_at = min(self._must_end_at, anyio.current_time() + QUIT_GRACE_S)
        if self._scope is not None:
            self._scope.deadline = min(self._scope.deadline, self._must_end_at)

    async def find_password_field(self, target: Target) -> Message | None:
        """Return why the text must not go into the focused field: it was a password field at the release, is one now,
        or may be one, because its program named it at the release and does not now, because the window is unknown and
        one of Chromium may have the focus, or because the app quits."""
        if target.is_password or self._is_prompt(target.app):
            return PASSWORD_FIELD_FOCUSED
        if (traits := await self._focus.find_traits(target)) is not None and traits.is_password:
            return PASSWORD_FIELD_FOCUSED
        if not target.pid and target.handle >= 0:
            return None
        if self._is_over:
            return PASTE_CLOSED
        is_password = None
        limit_s = password_timeout_s(target) if target.pid else inf
        with anyio.CancelScope(deadline=min(anyio.current_time() + limit_s, self._must_end_at)) as self._scope:
            is_password = (
                await self._fields.is_password_focused(target)
                if target.pid
                else await self._fields.is_chromium_password_focused()
            )
        if is_password is None and self._is_over:
            return PASTE_CLOSED
        if not target.pid:
            return CHROMIUM_NOT_REPORTED if is_password is None else CHROMIUM_PASSWORD_FIELD if is_password else None
        if is_password is None and target.field is not None:
            return FIELD_NOT_REPORTED
        return PASSWORD_FIELD_FOCUSED if is_password else None

    @property
    def _is_over(self) -> bool:
        return anyio.current_time() >= self._must_end_at
