"""Read the layout from compositors of Wayland by their own tools: sway, Hyprland and niri.

They name layouts by their descriptions. sway has as many layouts as keyboards, and does not say which was used last.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from desktop.layouts.layout import KeyboardLayout
from desktop.layouts.names import name_described
from desktop.paste.wayland.focus import run_tool

type Parse = Callable[[Any, Mapping[str, int]], tuple[str, Mapping[str, int]]]
"""Returns the description of the layout, and each keyboard's number of it, given the numbers of the time before."""

VIRTUAL = "virtual"
"""What is in the names of keyboards that programs plug in, such as Intone's own."""


class CompositorReader:
    """The compositor `name`, by the JSON that `command` prints."""

    def __init__(self, name: str, command: Sequence[str], parse: Parse, environ: Mapping[str, str]) -> None:
        self._name = name
        self._command = command
        self._parse = parse
        self._environ = environ
        self._numbers: Mapping[str, int] = {}

    async def read(self) -> KeyboardLayout | None:
        """See `desktop.layouts.layout.LayoutReader`."""
        answer = await run_tool(self._command, self._environ)
        try:
            description, self._numbers = self._parse(json.loads(answer), self._numbers)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
            raise OSError(f"{self._name}: {type(error).__name__}") from error
        return KeyboardLayout(name_described(description), source=self._name) if description else None

    def close(self) -> None:
        """Do nothing: each question is a process."""


def parse_sway(inputs: Any, before: Mapping[str, int]) -> tuple[str, Mapping[str, int]]:
    """Return the layout of the keyboard that was switched last, as far as that can be known: one whose layout is
    another than the time `before`, else one that is not at its first. Keyboards of programs count where there is no
    other. (sway-ipc(7), GET_INPUTS.)"""
    keyboards = {one["identifier"]: one for one in inputs if one["type"] == "keyboard" and one["xkb_layout_names"]}
    keyboards = {key: one for key, one in keyboards.items() if VIRTUAL not in key} or keyboards
    numbers = {key: int(one["xkb_active_layout_index"]) for key, one in keyboards.items()}
    switched = [key for key, number in numbers.items() if before.get(key, number) != number]
    used = [*switched, *(key for key, number in numbers.items() if number), *numbers]
    return (keyboards[used[0]]["xkb_active_layout_name"] if used else ""), numbers


def parse_hyprland(devices: Any, before: Mapping[str, int]) -> tuple[str, Mapping[str, int]]:
    """Return the layout of Hyprland's main keyboard (`hyprctl devices -j`)."""
    keyboards = devices["keyboards"]
    main = next((one for one in keyboards if one.get("main")), keyboards[0])
    return main["active_keymap"], before


def parse_niri(layouts: Any, before: Mapping[str, int]) -> tuple[str, Mapping[str, int]]:
    """Return niri's layout (`niri msg -j keyboard-layouts`)."""
    return layouts["names"][layouts["current_idx"]], before


TOOLS: Mapping[str, tuple[str, Sequence[str], Parse]] = {
    "SWAYSOCK": ("sway", ("swaymsg", "-t", "get_inputs", "-r"), parse_sway),
    "HYPRLAND_INSTANCE_SIGNATURE": ("Hyprland", ("hyprctl", "devices", "-j"), parse_hyprland),
    "NIRI_SOCKET": ("niri", ("niri", "msg", "-j", "keyboard-layouts"), parse_niri),
}
"""The compositors by the variable that each sets."""
