"""Show a notification of the desktop, for what has no window of its own.

Not by Qt's tray icon: where there is no pill (GNOME without XWayland), there is mostly no tray either.
"""

from __future__ import annotations

import logging

import anyio
from dbus_fast import Message, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusFastError

from desktop import APP_ID
from desktop.platforms.linux.dbus import call_bus

logger = logging.getLogger(__name__)

SERVICE, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
"""The service and its object, whose interface has its name. (Desktop Notifications Specification, 1.2.)"""

ANSWER_TIMEOUT_S = 5.0
"""Seconds that the service may take; the desktop may have to start it."""


async def show_notification(address: str, text: str) -> None:
    """Show `text`, without markup, by the service on the session bus `address`; the log says where there is none."""
    body = ["Intone", 0, APP_ID, "Intone", text, [], {"desktop-entry": Variant("s", APP_ID)}, -1]
    request = Message(SERVICE, PATH, SERVICE, "Notify", signature="susssasa{sv}i", body=body)
    try:
        with anyio.fail_after(ANSWER_TIMEOUT_S):
            bus = await MessageBus(address).connect()
            try:
                if not await call_bus(bus, request, "u"):
                    logger.info("the desktop shows no notifications")
            finally:
                bus.disconnect()
    except (OSError, DBusFastError, EOFError) as error:
        logger.info("no notification was shown: %r", error)
