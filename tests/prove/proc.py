"""What the kernel counts about a process."""

from __future__ import annotations

import os
from pathlib import Path

TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_PAGE_MB = os.sysconf("SC_PAGESIZE") / 1e6


def resident_mb(pid: int) -> float:
    """Its memory that is really there, in MB (10^6 bytes)."""
    return round(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_MB, 1)


def cpu_s(pid: int) -> float:
    """Processor time of all its threads since it began."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK_S


def model_of(app: int) -> int | None:
    """The child of the app that holds the model, if there is one."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            if parent == app and b"whisper_child" in (stat.parent / "cmdline").read_bytes():
                return int(stat.parent.name)
        except (FileNotFoundError, ProcessLookupError):  # it ended while we looked
            continue
    return None
