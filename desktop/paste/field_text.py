"""Read the whole text of a field through accessibility: what became of the text that was inserted there.

Only that field is read, and only if the user enables it (`vocabulary.notice`). As in `FocusedFieldReader`, nothing is
subscribed to or switched on; a password field is never read, nor the text of a whole book.
"""

from __future__ import annotations

import asyncio
from typing import Any

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from desktop.paste.field import FocusedFieldReader
from desktop.platforms.linux.atspi import ACCESSIBLE, PASSWORD_TEXT, PROPERTIES, TEXT, AccessibleAddress

MAX_FIELD_CHARACTERS = 20_000
"""Characters above which a text takes too long to compare with what it was."""

FIELD_TEXT_TIMEOUT_S = 1.0
"""Seconds that a program may take to answer what is in its field; it takes some ms."""


class FieldTextReader(FocusedFieldReader):
    """A reader of fields, for the engine's loop only; connects at the first call."""

    async def read_field(self, address: AccessibleAddress) -> str | None:
        """Return the text of the field `at`; None if unavailable or a password field."""
        return await self._with_tree(lambda tree: self._read_text(address))

    async def _read_text(self, at: AccessibleAddress) -> str | None:
        role, count = await asyncio.gather(
            self._call(at, ACCESSIBLE, "GetRole"), self._call(at, PROPERTIES, "Get", "ss", TEXT, "CharacterCount")
        )
        characters = getattr(count, "value", None)
        if role in (None, PASSWORD_TEXT) or not isinstance(characters, int) or characters > MAX_FIELD_CHARACTERS:
            return None
        text = await self._call(at, TEXT, "GetText", "ii", 0, characters)
        return text if isinstance(text, str) else None

    async def _call(self, at: AccessibleAddress, interface: str, member: str, signature: str = "", *body: Any) -> Any:
        """Return the first value of the answer; None if it is an error or does not come in time."""
        bus = self._bus
        assert isinstance(bus, MessageBus)  # `_with_tree` has connected it
        try:
            async with asyncio.timeout(FIELD_TEXT_TIMEOUT_S):
                reply = await bus.call(Message(*at, interface, member, signature=signature, body=list(body)))
        except TimeoutError:
            return None
        has_value = reply is not None and reply.message_type is MessageType.METHOD_RETURN and reply.body
        return reply.body[0] if reply is not None and has_value else None
