"""What IBus's daemon and an engine say to each other: names, and values in IBus's serialization. Pure.

Every value is a structure that begins with the name of its type and a dictionary of attachments (`src/ibustext.c`,
`src/ibusenginedesc.c`, `src/ibuscomponent.c` of IBus 1.5.32).
"""

from __future__ import annotations

from typing import Any

from dbus_fast import Variant

from desktop.paste.input_method.interface import FieldTraits

IBUS, IBUS_PATH = "org.freedesktop.IBus", "/org/freedesktop/IBus"
"""The daemon, its object, and its interface, which has the daemon's name."""

FACTORY, FACTORY_PATH = f"{IBUS}.Factory", f"{IBUS_PATH}/Factory"
ENGINE = f"{IBUS}.Engine"
PROPERTIES = "org.freedesktop.DBus.Properties"
CONTEXT = "org.freedesktop.IBus.InputContext"
INTROSPECTABLE = "org.freedesktop.DBus.Introspectable"
BUS, BUS_PATH = "org.freedesktop.DBus", "/org/freedesktop/DBus"

ENGINE_NAME = "intone"
"""What the daemon calls our engine."""

COMPONENT_NAME = f"{IBUS}.Intone"
"""The name on the daemon's bus under which the engine is."""

NO_CLIENT = "fake"
"""The client of the daemon's own field, which has the focus where no program's has."""

KEYLESS_CLIENTS = ("gtk4",)
"""How the clients begin that do nothing with a key that an engine gives them: GTK 4 has no such events."""

LATE_CLIENTS = ("gnome-shell",)
"""How the clients begin that say only with the first report that they can report (GNOME Shell, for its Wayland
clients)."""

UNSURE_CLIENTS = ("QIBus",)
"""How the clients begin that do not say that the focus went from a text field to a password field of the same window:
Qt's plugin keeps quiet about it, reports the text of that field, and puts a commit into it (Qt 6.12)."""

CAN_SURROUNDING = 1 << 5
"""The client reports the text around the cursor."""

PASSWORD, PIN, TERMINAL = 8, 9, 10
PRIVATE = 1 << 11
"""Purposes and a hint of a field (`IBusInputPurpose`, `IBusInputHints`). Qt sends the hint alone for passwords."""

PREEDIT_CLEAR = 0
"""A composition goes with the focus, or when another engine is set; in the other mode it is committed then."""

UNDERLINE = 1, 1
"""A type of attribute and its value: a single line."""

RETURN_KEY = 0xFF0D, 28
"""Keysym, and keycode of evdev."""

RELEASED = 1 << 30
"""The state of a key that goes up."""


def encode_text(text: str) -> Variant:
    """Return an `IBusText` without attributes."""
    return _encode_text(text, [])


def encode_composition(text: str) -> Variant:
    """Return an `IBusText` that is underlined: a toolkit draws a composition as its input method says, and without a
    mark it looks like text that is there."""
    underline = Variant("(sa{sv}uuuu)", ["IBusAttribute", {}, *UNDERLINE, 0, len(text)])
    return _encode_text(text, [underline])


def _encode_text(text: str, attributes: list[Variant]) -> Variant:
    return Variant("(sa{sv}sv)", ["IBusText", {}, text, Variant("(sa{sv}av)", ["IBusAttrList", {}, attributes])])


def decode_text(value: object) -> str | None:
    """Return the text of an `IBusText`; None if it is something else."""
    match unwrap(value):
        case ["IBusText", _, str(text), *_]:
            return text
    return None


def decode_composition(body: list[Any]) -> str:
    """Return the text that an `UpdatePreeditText` shows and that would be lost with the focus; empty if there is none.

    libpinyin has all its text so, ibus-table commits it.
    """
    match body:
        case [text, _, True, int(mode)] if mode == PREEDIT_CLEAR:
            return decode_text(text) or ""
    return ""


def encode_component() -> Variant:
    """Return the `IBusComponent` that has our engine. The keyboard's layout stays as it is."""
    strings = ENGINE_NAME, "Intone", "Dictation", "other", "", "Intone", "", "default"
    engine = Variant("(sa{sv}ssssssssussssssss)", ["IBusEngineDesc", {}, *strings, 0, *[""] * 8])
    about = COMPONENT_NAME, "Dictation", "", "", "Intone", "", "", ""
    return Variant("(sa{sv}ssssssssavav)", ["IBusComponent", {}, *about, [], [engine]])


def decode_engine_name(value: object) -> str:
    """Return the name of an `IBusEngineDesc`; empty if it is something else."""
    match unwrap(value):
        case ["IBusEngineDesc", _, str(name), *_]:
            return name
    return ""


def decode_content_type(value: object) -> FieldTraits | None:
    """Return what a field's purpose and hints say; None if they are neither."""
    match unwrap(value):
        case [int(purpose), int(hints)]:
            is_private = bool(hints & PRIVATE)
            return FieldTraits(
                is_password=is_private or purpose in (PASSWORD, PIN),
                is_terminal=purpose == TERMINAL,
                is_private=is_private,
            )
    return None


def unwrap(value: object) -> Any:
    """Return what is in a variant, in however many of them."""
    while isinstance(value, Variant):
        value = value.value
    return value
