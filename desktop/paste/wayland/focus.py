"""Read what compositors say of the focused window. `desktop.paste.wayland.focus_reader` asks them.

An unknown window is a target all the same, `UNKNOWN_WINDOW`: the text goes where the compositor sends our keys.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import anyio

from desktop.core.types import Target

logger = logging.getLogger(__name__)

UNKNOWN_WINDOW = Target(handle=-1)
"""The focused window, whichever it is."""

MIN_NUMBER = 2**32
"""Above the numbers of X windows."""

TOOL_TIMEOUT_S = 1.0
"""Seconds that a compositor's tool may take; it takes some ms."""

SWAY_COMMAND = ("swaymsg", "-t", "get_tree", "-r")
HYPRLAND_COMMAND = ("hyprctl", "activewindow", "-j")


@dataclass(frozen=True, slots=True)
class FocusedWindow:
    """The focused window, and whether it is an X window: then XWayland reads for it.

    `xid` is X's own number for it, 0 if the compositor does not report it. `is_reader_known`: another process that
    reads the clipboard does not read for it. That is not so for a process known by accessibility, which may be the
    proxy of a sandbox, nor for XWayland, whose compositor may be known by its wrapper's process alone (KWin).
    """

    target: Target = Target()
    x11: bool = False
    xid: int = 0
    is_reader_known: bool = True


def find_compositor(environ: Mapping[str, str]) -> str:
    """Return the compositor that reports the focused window; empty if none does."""
    if environ.get("HYPRLAND_INSTANCE_SIGNATURE"):
        return "Hyprland"
    if environ.get("SWAYSOCK"):
        return "sway"
    return "KWin" if "kde" in environ.get("XDG_CURRENT_DESKTOP", "").lower().split(":") else ""


def parse_answer(compositor: str, answer: bytes | str) -> FocusedWindow:
    """Return the focused window by what the compositor `compositor`, or its tool, says. Never raises."""
    try:
        return PARSERS[compositor](json.loads(answer))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        logger.warning("the compositor does not tell which window has the focus: %s", type(error).__name__)
    return FocusedWindow(UNKNOWN_WINDOW)


async def run_tool(command: Sequence[str], environ: Mapping[str, str]) -> bytes:
    """Return what a tool prints; empty if it does not exist or does not answer."""
    try:
        with anyio.fail_after(TOOL_TIMEOUT_S):
            return (await anyio.run_process(command, env=environ, check=False)).stdout
    except (OSError, TimeoutError) as error:
        logger.warning("%s: %r", command[0], error)
        return b""


def parse_sway(node: Mapping[str, Any]) -> FocusedWindow:
    """Return the focused window in sway's tree; a workspace without windows has the focus itself."""
    if node.get("focused") and node.get("pid") and node.get("type") in ("con", "floating_con"):
        x11 = node.get("window_properties") or {}
        app = node.get("app_id") or x11.get("class") or ""
        target = Target(node["id"], app, node.get("name") or "", node["pid"])
        return FocusedWindow(target, node.get("shell") == "xwayland", node.get("window") or 0)
    windows = (parse_sway(child) for kind in ("nodes", "floating_nodes") for child in node.get(kind, ()))
    return next((window for window in windows if window.target.handle), FocusedWindow())


def parse_hyprland(window: Mapping[str, Any]) -> FocusedWindow:
    """Return the focused window as Hyprland reports it; an empty object if there is none."""
    if not window.get("address"):
        return FocusedWindow()
    target = Target(int(window["address"], 16), window["class"], window.get("title", ""), window.get("pid", 0))
    return FocusedWindow(target, bool(window.get("xwayland")))


def parse_kwin(window: Mapping[str, Any]) -> FocusedWindow:
    """Return the focused window by KWin's script (`desktop.platforms.linux.kwin`); an empty object if there is none."""
    if not window.get("id"):
        return FocusedWindow()
    return FocusedWindow(Target(number_window(window["id"]), window["app"], window["title"], window["pid"]))


def number_window(name: str) -> int:
    """Return a handle for a window that has a name of letters only. No X window has so great a number."""
    return MIN_NUMBER + int.from_bytes(blake2b(name.encode(), digest_size=6).digest())


PARSERS = {"Hyprland": parse_hyprland, "sway": parse_sway, "KWin": parse_kwin}
