"""A room with a virtual microphone: a private PulseAudio server, into which tests play what a person would say.

Null sinks stand for the air in front of a microphone; a remapped source of the sink's monitor is the microphone, since
a monitor itself is not one to anybody. Nothing of the machine's own sound server is used or needed. The server tells
that it is ready as it would tell systemd (`NOTIFY_SOCKET`), so nobody polls for it.
"""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

READY_S = 10.0


@dataclass(slots=True)
class Sound:
    """The running server. `environ` is what a program needs to hear it, on top of its own environment."""

    environ: dict[str, str]
    _modules: dict[str, list[str]] = field(default_factory=dict)
    _players: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def plug(self, name: str = "vmic", *, rate_hz: int = 48_000, channels: int = 1) -> None:
        """Connect a microphone; the first one becomes the default. Its air is the sink `{name}_sink`."""
        form = f"rate={rate_hz} channels={channels}"
        sink = self._pactl("load-module", "module-null-sink", f"sink_name={name}_sink", "norewinds=1", *form.split())
        source = self._pactl(
            "load-module",
            "module-remap-source",
            f"source_name={name}",
            f"master={name}_sink.monitor",
            *form.split(),
            f"source_properties=device.description={name}-description",
        )
        self._modules[name] = [source, sink]
        if len(self._modules) == 1:
            self.choose(name)

    def unplug(self, name: str = "vmic") -> None:
        """Pull the microphone out, whoever is listening to it."""
        for module in self._modules.pop(name):
            self._pactl("unload-module", module)

    def choose(self, name: str) -> None:
        """Make this microphone the default one."""
        self._pactl("set-default-source", name)

    def play(self, wav: Path, *, wait: bool = True, name: str = "vmic") -> subprocess.Popen[bytes]:
        """Say `wav` into the microphone; with `wait`, return when it has been said."""
        player = subprocess.Popen(["paplay", f"--device={name}_sink", str(wav)], env={**os.environ, **self.environ})
        self._players.append(player)
        if wait:
            assert player.wait(timeout=300) == 0, "paplay failed"
        return player

    def hush(self) -> None:
        """Stop everything that is being played."""
        for player in self._players:
            player.terminate()
            player.wait(timeout=5)
        self._players.clear()

    def _pactl(self, *words: str) -> str:
        environ = {**os.environ, **self.environ}
        done = subprocess.run(["pactl", *words], env=environ, check=True, capture_output=True, text=True, timeout=10)
        return done.stdout.strip()


@contextmanager
def sound_server(*, rate_hz: int = 48_000, channels: int = 1) -> Iterator[Sound]:
    """A server with one microphone, `vmic`, which is the default."""
    with (
        tempfile.TemporaryDirectory(prefix="intone-sound-") as folder,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify,
    ):
        notify.bind(f"{folder}/notify")
        notify.settimeout(READY_S)
        native = f"module-native-protocol-unix auth-anonymous=1 socket={folder}/native"
        server = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "-L", native],
            env={**os.environ, "HOME": folder, "XDG_RUNTIME_DIR": folder, "NOTIFY_SOCKET": f"{folder}/notify"},
            stderr=subprocess.DEVNULL,
        )
        try:
            assert b"READY=1" in notify.recv(256)
            sound = Sound({"PULSE_SERVER": f"unix:{folder}/native"})
            sound.plug(rate_hz=rate_hz, channels=channels)
            yield sound
            sound.hush()
        finally:
            server.terminate()
            server.wait(timeout=5)
