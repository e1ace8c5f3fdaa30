"""A real session bus, asked by several dictations at once, again and again, and while it hangs."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.layouts.bus import SessionBus
from desktop.layouts.factory import open_layout_ladder
from desktop.layouts.layout import LayoutLadder
from tests.support.desk import stop
from tests.support.other_systems import DBUS, only_on_linux
from tests.support.session_bus import write_bus_config

pytestmark = pytest.mark.anyio

DICTATIONS = 100

BUS = "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus"


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    only_on_linux(DBUS)
    command = ["dbus-daemon", f"--config-file={write_bus_config(tmp_path, ())}", "--nofork", "--print-address=1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as daemon:
        assert daemon.stdout is not None
        yield daemon, daemon.stdout.readline().decode().strip()
        daemon.send_signal(signal.SIGCONT)
        stop(daemon)


def open_ladder(address: str) -> LayoutLadder:
    """The readers of every desktop that is asked over a bus."""
    environ = {"DBUS_SESSION_BUS_ADDRESS": address, "IBUS_ADDRESS": address, "XDG_CURRENT_DESKTOP": "GNOME:KDE"}
    return open_layout_ladder(environ, "linux")


def count_handles() -> tuple[int, int]:
    """Return how many files and sockets, and threads, this process has."""
    return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()


async def test_questions_at_once_share_one_connection(bus: tuple[subprocess.Popen[bytes], str]) -> None:
    session_bus = SessionBus(bus[1])
    await asyncio.gather(*(session_bus.call(*BUS, "GetId") for _ in range(DICTATIONS)))
    names = await session_bus.call(*BUS, "ListNames")
    session_bus.close()
    assert len([name for name in names if name.startswith(":")]) == 1


async def test_dictations_leave_no_socket_and_no_thread(bus: tuple[subprocess.Popen[bytes], str]) -> None:
    ladder = open_ladder(bus[1])
    await ladder.read()
    before = count_handles()
    for _ in range(DICTATIONS):
        await ladder.read()
    assert count_handles() == before
    ladder.close()


@pytest.mark.parametrize("was_connected", [False, True])
async def test_bus_that_hangs_leaves_no_socket_and_is_asked_again(
    bus: tuple[subprocess.Popen[bytes], str], was_connected: bool
) -> None:
    daemon, address = bus
    ladder = open_ladder(address)
    if was_connected:
        await ladder.read()
    daemon.send_signal(signal.SIGSTOP)
    await ladder.read()
    before = count_handles()
    await ladder.read()
    assert count_handles() == before
    assert ladder._late
    daemon.send_signal(signal.SIGCONT)
    await ladder.read()
    assert not ladder._late
    ladder.close()
