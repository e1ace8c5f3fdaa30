"""The whole text of one field, where accessibility tells it: what became of the text that was just put in there.

Asked of that field alone, and only where the person wants it (`vocabulary.notice`). As in `fields`, nothing is listened
to and nothing is switched on; what is in a password field is never asked for, nor the text of a whole book.
"""

from __future__ import annotations

import asyncio
from typing import Any

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from desktop.paste.accessibility import ACCESSIBLE, PASSWORD_TEXT, PROPERTIES, TEXT, Address
from desktop.paste.fields import Fields

MOST_CHARACTERS = 20_000
"""A longer text takes too long to be compared with what it was."""

ANSWER_S = 1.0
"""How long a program may take to say what is in its field; it takes some ms."""


class FieldText(Fields):
    """Reads fields. For the engine's loop alone; connects at the first question."""

    async def read(self, at: Address) -> str | None:
        """The text of the field `at`; None where nobody tells, and of a password field."""
        return await self._asking(lambda tree: self._read(at))

    async def _read(self, at: Address) -> str | None:
        role, count = await asyncio.gather(
            self._of(at, ACCESSIBLE, "GetRole"), self._of(at, PROPERTIES, "Get", "ss", TEXT, "CharacterCount")
        )
        characters = getattr(count, "value", None)
        if role in (None, PASSWORD_TEXT) or not isinstance(characters, int) or characters > MOST_CHARACTERS:
            return None
        text = await self._of(at, TEXT, "GetText", "ii", 0, characters)
        return text if isinstance(text, str) else None

    async def _of(self, at: Address, interface: str, member: str, signature: str = "", *body: Any) -> Any:
        """The answer; None where it is an error, or none comes in time."""
        bus = self._bus
        assert isinstance(bus, MessageBus)  # `_asking` has connected it
        try:
            async with asyncio.timeout(ANSWER_S):
                reply = await bus.call(Message(*at, interface, member, signature=signature, body=list(body)))
        except TimeoutError:
            return None
        told = reply is not None and reply.message_type is MessageType.METHOD_RETURN and reply.body
        return reply.body[0] if reply is not None and told else None
