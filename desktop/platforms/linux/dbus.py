"""Call a method over D-Bus."""

from __future__ import annotations

from typing import Any

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus


async def call_bus(bus: MessageBus, message: Message, expected: str | None = None) -> list[Any]:
    """Return the answer's body; empty if it is an error, or not of the signature `expected`."""
    answer = await bus.call(message)
    if answer is None or answer.message_type is not MessageType.METHOD_RETURN:
        return []
    return list(answer.body) if expected in (None, answer.signature) else []
