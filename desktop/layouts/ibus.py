"""Read the engine of IBus's daemon, which has one for all fields, and its language.

Intone's own engine is set while a text goes in, and is no answer: the user's comes back some ms later.
"""

from __future__ import annotations

from collections.abc import Mapping

import anyio
from dbus_fast import Message
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusFastError

from desktop.layouts.bus import connect_bus
from desktop.layouts.layout import KeyboardLayout
from desktop.layouts.names import join_variant
from desktop.paste.input_method.ibus.address import find_addresses
from desktop.paste.input_method.ibus.messages import ENGINE_NAME, IBUS, IBUS_PATH, PROPERTIES, unwrap
from desktop.platforms.linux.dbus import call_bus

PLAIN = "xkb"
"""How engines begin that are a layout and nothing else: `xkb:cz:qwerty:ces`."""

AGAIN_S = 0.02
"""Seconds after which the daemon is asked again while it has Intone's engine."""


class IBusReader:
    """The engine of the session that `environ` is of. Belongs to one loop."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._bus: MessageBus | None = None
        self._connecting = anyio.Lock()

    async def read(self) -> KeyboardLayout | None:
        """See `desktop.layouts.layout.LayoutReader`."""
        bus = await self._connect()
        while bus is not None:
            try:
                answer = await call_bus(
                    bus, Message(IBUS, IBUS_PATH, PROPERTIES, "Get", signature="ss", body=[IBUS, "GlobalEngine"])
                )
            except (DBusFastError, EOFError) as error:
                raise OSError(f"IBus: {type(error).__name__}") from error
            name, language = decode_engine(answer[0]) if answer else ("", "")
            if name != ENGINE_NAME:
                return describe_engine(name, language)
            await anyio.sleep(AGAIN_S)
        return None

    async def _connect(self) -> MessageBus | None:
        """Return a connection to the daemon, None where there is none. Raises `OSError`."""
        async with self._connecting:
            if self._bus is not None and self._bus.connected:
                return self._bus
            for address in find_addresses(self._environ):
                try:
                    self._bus = await connect_bus(address)
                except OSError:
                    continue
                return self._bus
        return None

    def close(self) -> None:
        """Disconnect."""
        if self._bus is not None and self._bus.connected:
            self._bus.disconnect()
        self._bus = None


def decode_engine(value: object) -> tuple[str, str]:
    """Return the name and the language of an `IBusEngineDesc`; empty if it is something else."""
    match unwrap(value):
        case ["IBusEngineDesc", _, str(name), _, _, str(language), *_]:
            return name, language
    return "", ""


def describe_engine(name: str, language: str) -> KeyboardLayout | None:
    """Return the layout of the engine `name`; None without one."""
    kind, *parts = name.split(":")
    if kind == PLAIN and len(parts) > 1:
        return KeyboardLayout(join_variant(parts[0], parts[1]), (), is_plain=True, source="IBus")
    return KeyboardLayout(name, (language,) if language else (), source="IBus") if name else None
