"""Whether the machine is at rest: on mains, and computing little."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

SUPPLIES = Path("/sys/class/power_supply")
"""Where Linux lists batteries and mains adapters (its documentation, Documentation/ABI/testing/sysfs-class-power)."""

MAINS_TYPES = frozenset({"Mains", "USB", "Wireless"})

MAX_LOAD_SHARE = 0.5
"""Processes that wait for a processor, on average over a minute, for each processor of an idle machine."""


def is_on_mains(supplies: Path = SUPPLIES, platform: str = sys.platform) -> bool:
    """Return whether the machine runs on mains; False where the system does not tell (macOS)."""
    if platform == "win32":
        import ctypes

        from desktop.platforms.windows import api

        status = (ctypes.c_ubyte * 12)()  # SYSTEM_POWER_STATUS: ACLineStatus comes first
        return bool(api.power_status(status)) and status[0] == 1
    if platform != "linux":
        return False
    kinds = {supply: _read(supply / "type") for supply in (supplies.iterdir() if supplies.is_dir() else ())}
    batteries = [supply for supply, kind in kinds.items() if kind == "Battery" and _read(supply / "scope") != "Device"]
    if not batteries:
        return True
    return any(kind in MAINS_TYPES and _read(supply / "online") == "1" for supply, kind in kinds.items())


def is_computing_little() -> bool:
    """Return whether other programs leave most of the processors unused; True where the system does not tell."""
    if not hasattr(os, "getloadavg"):
        return True
    return os.getloadavg()[0] <= MAX_LOAD_SHARE * (os.cpu_count() or 1)


def _read(file: Path) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return file.read_text(encoding="ascii").strip()
    return ""
