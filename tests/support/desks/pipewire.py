"""The sound of a desk as desktops have it: PipeWire, WirePlumber, and PulseAudio's protocol before them.

A desktop gives its sound servers the right to real time (by rtkit), without which they lose sound as soon as the
machine is busy. Where root runs the tests, so do these.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.support.desk import BUSY_S, until
from tests.support.sound_server import Sound

SERVERS = ("pipewire", "wireplumber", "pipewire-pulse")

NICE = -11
"""The niceness that PipeWire asks for, of the tests' own or less."""

FIFO = 20
"""The priority of the threads that hand sound on, among those in real time."""

DATA_LOOP = "data-loop"
"""How the names of those threads begin."""


@contextmanager
def urgent() -> Iterator[None]:
    """Start programs in the block with the niceness of sound servers, where that is allowed."""
    before = os.getpriority(os.PRIO_PROCESS, 0)
    with suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, NICE)
    try:
        yield
    finally:
        os.setpriority(os.PRIO_PROCESS, 0, before)


def put_in_real_time(pid: int) -> None:
    """Have the threads of a sound server that hand sound on run in real time, as rtkit does, where that is allowed."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):
            if (task / "comm").read_text().startswith(DATA_LOOP):
                os.sched_setscheduler(int(task.name), os.SCHED_FIFO, os.sched_param(FIFO))


class PipeWire(Sound):
    """Sound that ends with the desk whose `spawn` it gets; what tests plug in and play is as with PulseAudio."""

    def __init__(self, runtime: Path, spawn: Callable[[str], subprocess.Popen[bytes]]) -> None:
        super().__init__(runtime, {"PULSE_SERVER": f"unix:{runtime}/pulse/native"})
        self._spawn_server = spawn
        self._servers: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start the servers, and wait until programs are answered."""
        with urgent():
            self._servers = [self._spawn_server("pipewire")]
            until(
                (self.folder / "pipewire-0").exists, "PipeWire's socket is there", BUSY_S
            )  # without it the others end
            self._servers += [self._spawn_server(name) for name in SERVERS[1:]]
        until(self._answers, "PipeWire answers", BUSY_S)
        for server in self._servers:
            put_in_real_time(server.pid)

    def _answers(self) -> bool:
        for name, server in zip(SERVERS, self._servers, strict=True):
            assert server.poll() is None, f"{name} ended with {server.returncode}"
        environ = {**os.environ, **self.environ}
        return subprocess.run(["pactl", "info"], env=environ, capture_output=True, timeout=BUSY_S).returncode == 0

    def choose(self, name: str) -> None:
        """Make this microphone the default one, once the servers know it: it comes some time after it is plugged in."""
        until(lambda: any(source["name"] == name for source in self._list("sources")), f"{name} is there", BUSY_S)
        super().choose(name)

    def stop(self) -> None:
        """Do nothing: the servers end with the desk."""
