"""Find the bus of the session's IBus daemon, as IBus's own clients do.

The daemon has a bus of its own, and writes its address and its process into a file whose name has the machine and the
display. A daemon that was killed leaves its file behind; one that was restarted has written another address into it.
(`src/ibusshare.c` of IBus 1.5.32.)
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

MACHINE_ID_FILES = Path("/var/lib/dbus/machine-id"), Path("/etc/machine-id")
"""Where the machine's name is, in IBus's order."""

NO_MACHINE_ID = "machine-id"
"""What IBus takes where the machine has no name."""

_DISPLAY = re.compile(r"(?P<host>[^:]*):(?P<number>\d+)(\.\d+)?")


def find_addresses(environ: Mapping[str, str], machine_id_files: tuple[Path, ...] = MACHINE_ID_FILES) -> Iterator[str]:
    """Yield the addresses at which the session's daemon may be, the likeliest first.

    `IBUS_ADDRESS` may be of a daemon that was restarted since, so that the files are looked at as well.
    """
    if address := environ.get("IBUS_ADDRESS"):
        yield address
    for file in _address_files(environ, machine_id_files):
        if address := _read_address(file):
            yield address


def _address_files(environ: Mapping[str, str], machine_id_files: tuple[Path, ...]) -> Iterator[Path]:
    """Yield the files that daemons of this session write, also if they serve only its X programs."""
    if file := environ.get("IBUS_ADDRESS_FILE"):
        yield Path(file)
        return
    config = environ.get("XDG_CONFIG_HOME") or f"{environ.get('HOME', '')}/.config"
    folder, machine = Path(config, "ibus", "bus"), _read_machine_id(machine_id_files)
    if wayland := environ.get("WAYLAND_DISPLAY"):
        yield folder / f"{machine}-unix-{Path(wayland).name}"
    if match := _DISPLAY.fullmatch(environ.get("DISPLAY", "")):
        yield folder / f"{machine}-{match['host'] or 'unix'}-{match['number']}"


def _read_machine_id(files: tuple[Path, ...]) -> str:
    for file in files:
        try:
            if machine_id := file.read_text(encoding="ascii").strip():
                return machine_id
        except (OSError, ValueError):
            continue
    return NO_MACHINE_ID


def _read_address(file: Path) -> str:
    """Return the address in `file`; empty if there is none, or its daemon is gone."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return ""
    values = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    process = values.get("IBUS_DAEMON_PID", "")
    if not process.isascii() or not process.isdecimal() or not _is_running(int(process)):
        return ""
    return values.get("IBUS_ADDRESS", "").strip()


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # another user's is not this session's
        return False
    return process > 0
