"""Read the layout from compositors of Wayland: sway over its socket, Hyprland and niri by their own tools.

They name layouts by their descriptions. sway has as many layouts as keyboards, and does not say which was used last.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import anyio
from anyio.streams.buffered import BufferedByteReceiveStream

from desktop.layouts.layout import KeyboardLayout
from desktop.layouts.names import name_described
from desktop.paste.wayland.focus import run_tool

type Ask = Callable[[Mapping[str, str]], Awaitable[bytes]]

type Parse = Callable[[Any, Mapping[str, int]], tuple[str, Mapping[str, int]]]
"""Returns the description of the layout, and each keyboard's number of it, the one believed first, given those of the
time before."""

MAGIC, HEADER, GET_INPUTS = b"i3-ipc", struct.Struct("=6sII"), 100
"""sway's messages begin with a magic string, the length of what follows the head, and a type (sway-ipc(7))."""

VIRTUAL = "virtual"
"""What is in the names of keyboards that programs plug in, such as Intone's own."""


class CompositorReader:
    """The compositor `name`, by the JSON that `ask` returns for the session's environment."""

    def __init__(self, name: str, ask: Ask, parse: Parse, environ: Mapping[str, str]) -> None:
        self._name = name
        self._ask = ask
        self._parse = parse
        self._environ = environ
        self._numbers: Mapping[str, int] = {}

    async def read(self) -> KeyboardLayout | None:
        """See `desktop.layouts.layout.LayoutReader`."""
        answer = await self._ask(self._environ)
        try:
            description, self._numbers = self._parse(json.loads(answer), self._numbers)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
            raise OSError(f"{self._name}: {type(error).__name__}") from error
        return KeyboardLayout(name_described(description), source=self._name) if description else None

    def close(self) -> None:
        """Do nothing: each question has a process or a connection of its own."""


async def ask_sway(environ: Mapping[str, str]) -> bytes:
    """Return what sway says of its input devices. Raises `OSError`."""
    try:
        async with await anyio.connect_unix(environ["SWAYSOCK"]) as stream:
            await stream.send(HEADER.pack(MAGIC, 0, GET_INPUTS))
            received = BufferedByteReceiveStream(stream)
            _, length, _ = HEADER.unpack(await received.receive_exactly(HEADER.size))
            return await received.receive_exactly(length)
    except (anyio.EndOfStream, anyio.IncompleteRead, anyio.BrokenResourceError) as error:
        raise OSError("sway has broken off") from error


def parse_sway(inputs: Any, before: Mapping[str, int]) -> tuple[str, Mapping[str, int]]:
    """Return the layout of the keyboard that was switched last, as far as that can be known: one whose layout is
    another than the time `before`, else the one that was believed then, else one that is not at its first. Keyboards of
    programs count where there is no other. (sway-ipc(7), GET_INPUTS.)"""
    found = [one for one in inputs if one["type"] == "keyboard" and one.get("xkb_active_layout_name")]
    names = [one["identifier"] for one in found]  # two may have the same
    keyboards = {f"{name} {names[:at].count(name)}": found[at] for at, name in enumerate(names)}
    keyboards = {key: one for key, one in keyboards.items() if VIRTUAL not in key} or keyboards
    numbers = {key: int(one["xkb_active_layout_index"]) for key, one in keyboards.items()}
    switched = [key for key, number in numbers.items() if before.get(key, number) != number]
    kept = [key for key in before if key in numbers]
    used = [*switched, *kept[:1], *(key for key, number in numbers.items() if number), *numbers]
    return (keyboards[used[0]]["xkb_active_layout_name"] if used else ""), {key: numbers[key] for key in used}


def parse_hyprland(devices: Any, before: Mapping[str, int]) -> tuple[str, Mapping[str, int]]:
    """Return the layout of Hyprland's main keyboard (`hyprctl devices -j`)."""
    keyboards = devices["keyboards"]
    main = next((one for one in keyboards if one.get("main")), keyboards[0])
    return main["active_keymap"], before


def parse_niri(layouts: Any, before: Mapping[str, int]) -> tuple[str, Mapping[str, int]]:
    """Return niri's layout (`niri msg -j keyboard-layouts`)."""
    return layouts["names"][layouts["current_idx"]], before


COMPOSITORS: Mapping[str, tuple[str, Ask, Parse]] = {
    "SWAYSOCK": ("sway", ask_sway, parse_sway),
    "HYPRLAND_INSTANCE_SIGNATURE": ("Hyprland", partial(run_tool, ("hyprctl", "devices", "-j")), parse_hyprland),
    "NIRI_SOCKET": ("niri", partial(run_tool, ("niri", "msg", "-j", "keyboard-layouts")), parse_niri),
}
"""The compositors by the variable that each sets."""
