"""Read the layout over the session bus: fcitx5, GNOME and KDE. One connection for all, made when first needed."""

from __future__ import annotations

import asyncio
from typing import Any

import anyio
from dbus_fast import Message, MessageFlag, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusFastError

from desktop.layouts.layout import KeyboardLayout
from desktop.layouts.names import join_variant, name_described
from desktop.platforms.linux.dbus import call_bus

FCITX, FCITX_PATH, FCITX_CONTROLLER = "org.fcitx.Fcitx5", "/controller", "org.fcitx.Fcitx.Controller1"
FCITX_KEYBOARD = "keyboard-"
"""How fcitx5's input methods begin that are a layout and nothing else (`keyboard-cz-qwerty`)."""

PORTAL, PORTAL_PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
PORTAL_SETTINGS = "org.freedesktop.portal.Settings"
GNOME_SOURCES = "org.gnome.desktop.input-sources"

KDE, KDE_PATH, KDE_LAYOUTS = "org.kde.keyboard", "/Layouts", "org.kde.KeyboardLayouts"


async def connect_bus(address: str) -> MessageBus:
    """Connect to the bus at `address`. Raises `OSError`."""
    bus: MessageBus | None = None
    try:
        bus = MessageBus(address)
        return await bus.connect()
    except BaseException as error:
        if bus is not None:
            bus.disconnect()
        if isinstance(error, DBusFastError | EOFError | ValueError):
            raise OSError(f"no bus: {type(error).__name__}") from error
        raise


class SessionBus:
    """The session bus at `address`, connected to when first asked. Belongs to one loop."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._bus: MessageBus | None = None
        self._connecting = anyio.Lock()

    async def call(self, name: str, path: str, interface: str, member: str, *body: str, starts: bool = False) -> Any:
        """Return the first value of the answer; None if it is an error, or empty. A program that does not run is
        started only with `starts`. Raises `OSError`."""
        message = Message(name, path, interface, member, signature="s" * len(body), body=list(body))
        message.flags = MessageFlag.NONE if starts else MessageFlag.NO_AUTOSTART
        try:
            async with self._connecting:
                if self._bus is None or not self._bus.connected:
                    self._bus = await connect_bus(self._address)
            answer = await call_bus(self._bus, message)
        except (DBusFastError, EOFError) as error:
            raise OSError(f"the session bus: {type(error).__name__}") from error
        return answer[0] if answer else None

    def close(self) -> None:
        """Disconnect."""
        if self._bus is not None and self._bus.connected:
            self._bus.disconnect()
        self._bus = None


class FcitxReader:
    """fcitx5's input method of the field that has the focus, or had it last."""

    def __init__(self, bus: SessionBus) -> None:
        self._bus = bus
        self._languages: dict[str, str] = {}

    async def read(self) -> KeyboardLayout | None:
        """See `LayoutReader`."""
        name = await self._bus.call(FCITX, FCITX_PATH, FCITX_CONTROLLER, "CurrentInputMethod")
        if not isinstance(name, str) or not name:
            return None
        if name.startswith(FCITX_KEYBOARD):
            layout, _, variant = name.removeprefix(FCITX_KEYBOARD).partition("-")
            is_default = await self._read_default_layout() == name.removeprefix(FCITX_KEYBOARD)
            return KeyboardLayout(join_variant(layout, variant), is_plain=is_default, source="fcitx5")
        if name not in self._languages:
            listed = await self._bus.call(FCITX, FCITX_PATH, FCITX_CONTROLLER, "AvailableInputMethods")
            self._languages = decode_methods(listed)
        return KeyboardLayout(name, tuple(filter(None, [self._languages.get(name)])), source="fcitx5")

    async def _read_default_layout(self) -> object:
        """Return the layout of the user's group, which the desktop may switch; another is fcitx5's own choice, of
        which the desktop knows nothing."""
        group = await self._bus.call(FCITX, FCITX_PATH, FCITX_CONTROLLER, "CurrentInputMethodGroup")
        if not isinstance(group, str):
            return None
        return await self._bus.call(FCITX, FCITX_PATH, FCITX_CONTROLLER, "InputMethodGroupInfo", group)

    def close(self) -> None:
        """Close the bus."""
        self._bus.close()


def decode_methods(listed: object) -> dict[str, str]:
    """Return the languages of fcitx5's input methods by their names: `a(ssssssb)`, the last but one is the language."""
    rows = listed if isinstance(listed, list) else []
    return {row[0]: row[5] for row in rows if isinstance(row, list | tuple) and len(row) > 5}


class GnomeReader:
    """GNOME's input source, the one that was chosen last. Where each window has its own, the Shell keeps the source
    that a window comes back with to itself (`activateInputSource` of its keyboard.js), and none is known.

    The portal tells it, which reads the settings anew; a program of ours would only see what its own copy has.
    """

    def __init__(self, bus: SessionBus) -> None:
        self._bus = bus

    async def read(self) -> KeyboardLayout | None:
        """See `LayoutReader`."""
        last, per_window = await asyncio.gather(self._read_key("mru-sources"), self._read_key("per-window"))
        if per_window is True:
            return None
        return decode_source(last) or decode_source(await self._read_key("sources"))  # none is last until one is chosen

    async def _read_key(self, key: str) -> object:
        value = await self._bus.call(PORTAL, PORTAL_PATH, PORTAL_SETTINGS, "Read", GNOME_SOURCES, key, starts=True)
        while isinstance(value, Variant):
            value = value.value
        return value

    def close(self) -> None:
        """Close the bus."""
        self._bus.close()


def decode_source(value: object) -> KeyboardLayout | None:
    """Return the first of GNOME's sources, `a(ss)`: `('xkb', 'cz+qwerty')` or `('ibus', 'libpinyin')`."""
    match value:
        case [[str(), str(name)], *_] | [(str(), str(name)), *_]:
            return KeyboardLayout(name, source="GNOME")
    return None


class KdeReader:
    """KDE's layout for the window that has the focus; it names layouts by their descriptions."""

    def __init__(self, bus: SessionBus) -> None:
        self._bus = bus

    async def read(self) -> KeyboardLayout | None:
        """See `LayoutReader`."""
        questions = (self._bus.call(KDE, KDE_PATH, KDE_LAYOUTS, member) for member in ("getLayoutsList", "getLayout"))
        return decode_kde_layout(*await asyncio.gather(*questions))

    def close(self) -> None:
        """Close the bus."""
        self._bus.close()


def decode_kde_layout(listed: object, index: object) -> KeyboardLayout | None:
    """Return the layout number `index` of KDE's, `a(sss)`: xkb's layout, the label, and the description, which tells
    the variant too."""
    if not isinstance(listed, list) or not isinstance(index, int) or not 0 <= index < len(listed):
        return None
    match tuple(listed[index]):
        case (str(layout), str(), str(description)):
            name = name_described(description)
            return KeyboardLayout(layout if name == description else name, source="KDE")
    return None
