"""The sound of a desk as desktops have it: PipeWire, WirePlumber, and PulseAudio's protocol before them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.support.desk import until
from tests.support.sound_server import Sound

SERVERS = ("pipewire", "wireplumber", "pipewire-pulse")


class PipeWire(Sound):
    """Sound that ends with the desk whose `spawn` it gets; what tests plug in and play is as with PulseAudio."""

    def __init__(self, runtime: Path, spawn: Callable[[str], subprocess.Popen[bytes]]) -> None:
        super().__init__(runtime, {"PULSE_SERVER": f"unix:{runtime}/pulse/native"})
        self._spawn_server = spawn
        self._servers: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start the servers, and wait until programs are answered."""
        self._servers = [self._spawn_server("pipewire")]
        until((self.folder / "pipewire-0").exists, "PipeWire's socket is there")  # without it the others end
        self._servers += [self._spawn_server(name) for name in SERVERS[1:]]
        until(self._answers, "PipeWire answers")

    def _answers(self) -> bool:
        for name, server in zip(SERVERS, self._servers, strict=True):
            assert server.poll() is None, f"{name} ended with {server.returncode}"
        environ = {**os.environ, **self.environ}
        return subprocess.run(["pactl", "info"], env=environ, capture_output=True, timeout=10).returncode == 0

    def choose(self, name: str) -> None:
        """Make this microphone the default one, once the servers know it: it comes some time after it is plugged in."""
        until(lambda: any(source["name"] == name for source in self._list("sources")), f"{name} is there")
        super().choose(name)

    def stop(self) -> None:
        """Do nothing: the servers end with the desk."""
