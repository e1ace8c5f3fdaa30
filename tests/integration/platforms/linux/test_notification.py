"""What a desktop is asked to show as a notification."""

from __future__ import annotations

import logging

import pytest
from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from desktop import APP_ID
from desktop.platforms.linux.notification import SERVICE, show_notification

pytestmark = pytest.mark.anyio


async def test_desktop_is_asked_to_show_text(bus: str) -> None:
    shown: list[Message] = []

    def handle(message: Message) -> Message | None:
        if message.message_type is not MessageType.METHOD_CALL or message.member != "Notify":
            return None
        shown.append(message)
        return Message.new_method_return(message, "u", [1])

    desktop = await MessageBus(bus).connect()
    desktop.add_message_handler(handle)
    await desktop.request_name(SERVICE)
    await show_notification(bus, "The microphone is gone.")
    desktop.disconnect()
    assert [message.signature for message in shown] == ["susssasa{sv}i"]
    assert shown[0].body[2:5] == [APP_ID, "Intone", "The microphone is gone."]


@pytest.mark.parametrize("is_bus_there", [True, False])
async def test_log_says_that_nothing_shows_notifications(bus: str, caplog, is_bus_there: bool) -> None:
    caplog.set_level(logging.INFO)
    await show_notification(bus if is_bus_there else "unix:path=/nowhere/bus", "The microphone is gone.")
    assert "notification" in caplog.text
    assert "microphone" not in caplog.text
