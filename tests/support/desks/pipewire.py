"""The sound of a desk as desktops have it: PipeWire, WirePlumber, and PulseAudio's protocol before them.

A desktop has its sound servers run before other programs (by rtkit, in real time); without that they lose sound as soon
as the machine is busy. Where root runs the tests, these do so by their niceness; elsewhere it is said that they do not.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.desk import BUSY_S, until
from tests.support.sound_server import Sound

SERVERS = ("pipewire", "wireplumber", "pipewire-pulse")

NICE = -11
"""The niceness that PipeWire asks for."""


NOT_URGENT = f"desks: no niceness {NICE} for sound servers here: a busy machine loses sound, and sentences are misheard"


@contextmanager
def urgent() -> Iterator[bool]:
    """Start programs in the block with the niceness of sound servers; whether that is allowed, and say where not."""
    before, is_urgent = os.getpriority(os.PRIO_PROCESS, 0), True
    try:
        os.setpriority(os.PRIO_PROCESS, 0, NICE)
    except PermissionError:
        is_urgent = False
        sys.stderr.write(f"{NOT_URGENT}\n")
    try:
        yield is_urgent
    finally:
        os.setpriority(os.PRIO_PROCESS, 0, before)


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
            socket = self.folder / "pipewire-0"
            until(socket.exists, "PipeWire's socket is there, without which the others end", BUSY_S)
            self._servers += [self._spawn_server(name) for name in SERVERS[1:]]
        until(self._answers, "PipeWire answers", BUSY_S)

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
