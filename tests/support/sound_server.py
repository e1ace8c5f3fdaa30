"""A room with a virtual microphone: a private PulseAudio server, into which tests play what a user would say.

Null sinks stand for the air in front of a microphone; a remapped source of the sink's monitor is the microphone, since
no program takes a monitor itself for one. Nothing of the machine's own sound server is used or needed. The server
notifies that it is ready as it would notify systemd (`NOTIFY_SOCKET`), so no test polls for it.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.other_systems import SOUND, only_on_linux

READY_S = 10.0

ANSWERED_S = 60.0
"""How long a server may take to answer where other programs keep the machine busy."""

SPEAKER = "speaker"
"""Where other programs play to: no microphone hears it."""


@dataclass(slots=True)
class Sound:
    """The running server. `environ` is what a program needs to hear it, on top of its own environment."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    default: str = ""
    _notify: socket.socket = field(default_factory=lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
    _server: subprocess.Popen[bytes] | None = None
    _plugged: dict[str, tuple[list[str], str]] = field(default_factory=dict)
    _modules: dict[str, list[str]] = field(default_factory=dict)
    _players: list[subprocess.Popen[bytes]] = field(default_factory=list)

    # -- the server -----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        notify = f"{self.folder}/notify"
        if self._server is None:
            self._notify.bind(notify)
            self._notify.settimeout(READY_S)
        native = f"module-native-protocol-unix auth-anonymous=1 socket={self.folder}/native"
        self._server = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "-L", native],
            env={
                **os.environ,
                "HOME": str(self.folder),
                "XDG_RUNTIME_DIR": str(self.folder),
                "NOTIFY_SOCKET": notify,
            },
            stderr=subprocess.DEVNULL,
        )
        while b"READY=1" not in self._notify.recv(256):
            pass
        self.environ["PULSE_SERVER"] = f"unix:{self.folder}/native"

    def stop(self) -> None:
        """End the server, also while it is in use."""
        assert self._server is not None
        self._server.terminate()
        self._server.wait(timeout=5)

    def restart(self) -> None:
        """End it and start it again, with the same microphones."""
        self.stop()
        self.start()
        plugged, self._plugged, self._modules = self._plugged, {}, {}
        for name, (form, bus) in plugged.items():
            self._plug(name, form, bus)
        self.choose(self.default)

    def load(self, *module: str) -> None:
        """Have the server do something more."""
        self._pactl("load-module", *module)

    def close(self) -> None:
        """End everything."""
        self.hush()
        self._notify.close()
        if self._server is not None:
            self.stop()

    # -- microphones ----------------------------------------------------------------------------------------------

    def plug(
        self, name: str = "vmic", *, rate_hz: int = 48_000, channels: int = 1, places: str = "", bus: str = "usb"
    ) -> None:
        """Connect a microphone; the first one becomes the default. Its air is the sink `{name}_sink`.

        `places` is what the server calls the channels, its own names where it is empty; `bus` how it is connected.
        """
        form = [f"rate={rate_hz}", f"channels={channels}", *([f"channel_map={places}"] if places else [])]
        self._plug(name, form, bus)
        if not self.default:
            self.choose(name)

    def _plug(self, name: str, form: list[str], bus: str) -> None:
        sink = self._pactl("load-module", "module-null-sink", f"sink_name={name}_sink", "norewinds=1", *form)
        source = self._pactl(
            "load-module",
            "module-remap-source",
            f"source_name={name}",
            f"master={name}_sink.monitor",
            *form,
            f"source_properties='device.description={name}-description device.bus={bus}'",
        )
        self._plugged[name] = form, bus
        self._modules[name] = [source, sink]

    def unplug(self, name: str = "vmic") -> None:
        """Pull the microphone out, also while it is in use."""
        del self._plugged[name]
        for module in self._modules.pop(name):
            self._pactl("unload-module", module)

    @property
    def plugged(self) -> list[str]:
        """The microphones that are connected."""
        return list(self._plugged)

    def choose(self, name: str) -> None:
        """Make this microphone the default one."""
        self.default = name
        self._pactl("set-default-source", name)

    def mute(self, name: str = "vmic", *, on: bool = True) -> None:
        """Mute it in the sound settings, or unmute it."""
        self._pactl("set-source-mute", name, str(int(on)))

    def turn(self, percent: int, name: str = "vmic") -> None:
        """Set how loud it is in the sound settings."""
        self._pactl("set-source-volume", name, f"{percent}%")

    def suspend(self, name: str = "vmic", *, on: bool = True) -> None:
        """Have the server let the device go, as another program may ask it to."""
        self._pactl("suspend-source", name, str(int(on)))

    def listeners(self) -> int:
        """How many listen to a microphone now, beside the server itself."""
        return sum("remap" not in stream["driver"] for stream in self._list("source-outputs"))

    # -- playing --------------------------------------------------------------------------------------------------

    def play(self, wav: Path, *, wait: bool = True, name: str = "vmic", places: str = "") -> subprocess.Popen[bytes]:
        """Say `wav` into the microphone, its channels at `places`; with `wait`, return when it has been said."""
        at = [f"--channel-map={places}"] if places else []
        player = self._spawn("paplay", f"--device={name}_sink", *at, str(wav))
        if wait:
            assert player.wait(timeout=300) == 0, "paplay failed"
        return player

    def keep(self, player: subprocess.Popen[bytes]) -> None:
        """Have `player` go on when everything else is hushed; its caller ends it."""
        self._players.remove(player)

    def hush(self) -> None:
        """Stop everything that is being played."""
        for player in self._players:
            player.terminate()
            player.wait(timeout=5)
        self._players.clear()

    def stream(self, program: str) -> subprocess.Popen[bytes]:
        """Have `program` play something to the loudspeaker, which is silent; return when the server knows of it."""
        if not any(sink["name"] == SPEAKER for sink in self._list("sinks")):
            self._pactl("load-module", "module-null-sink", f"sink_name={SPEAKER}")
        player = self._spawn("pacat", "--playback", f"--device={SPEAKER}", f"--client-name={program}", "/dev/zero")
        while program not in self.volumes():
            assert player.poll() is None, "pacat ended"
        return player

    def record(self, program: str, source: str = "vmic", *properties: str) -> subprocess.Popen[bytes]:
        """Have `program` record `source`; return when the server knows of it."""
        more = [f"--property={one}" for one in properties]
        known = len(self.recorders())
        recorder = self._spawn("parec", f"--device={source}", f"--client-name={program}", "--raw", *more, "/dev/null")
        while len(self.recorders()) == known:
            assert recorder.poll() is None, "parec ended"
        return recorder

    def recorders(self) -> list[dict[str, Any]]:
        """The recording streams of programs, as the server has them, without their latencies, which move."""
        return self._list_streams("source-outputs")

    def players(self) -> list[dict[str, Any]]:
        """The playback streams of programs, likewise."""
        return self._list_streams("sink-inputs")

    def _list_streams(self, kind: str) -> list[dict[str, Any]]:
        return [
            {name: value for name, value in stream.items() if not name.endswith("_usec")}
            for stream in self._list(kind)
            if "application.name" in stream["properties"]
        ]

    def muted(self) -> dict[str, list[bool]]:
        """Whether each stream of a program that records is muted, by the program's name, in the order of beginning."""
        found = dict[str, list[bool]]()
        for stream in sorted(self.recorders(), key=lambda stream: int(stream["index"])):
            found.setdefault(stream["properties"]["application.name"], []).append(stream["mute"])
        return found

    def mute_recorder(self, program: str, *, on: bool) -> None:
        """Mute what `program` records, as its user does in a mixer."""
        for stream in self.recorders():
            if stream["properties"]["application.name"] == program:
                self._pactl("set-source-output-mute", str(stream["index"]), str(int(on)))

    def freeze(self, *, on: bool = True) -> None:
        """Have the server do nothing, or go on."""
        assert self._server is not None
        self._server.send_signal(signal.SIGSTOP if on else signal.SIGCONT)

    def volumes(self) -> dict[str, int]:
        """How loud each program plays, by its name; 65536 is 100 %. Each has one stream."""
        return {
            stream["properties"]["application.name"]: max(part["value"] for part in stream["volume"].values())
            for stream in self._list("sink-inputs")
            if "application.name" in stream["properties"]
        }

    def set_volume(self, program: str, volume: int) -> None:
        """Set how loud `program` plays."""
        for stream in self._list("sink-inputs"):
            if stream["properties"].get("application.name") == program:
                self._pactl("set-sink-input-volume", str(stream["index"]), str(volume))

    def _spawn(self, *words: str) -> subprocess.Popen[bytes]:
        player = subprocess.Popen(words, env={**os.environ, **self.environ}, stderr=subprocess.DEVNULL)
        self._players.append(player)
        return player

    def _list(self, what: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self._pactl("--format=json", "list", what))
        return found

    def _pactl(self, *words: str) -> str:
        environ = {**os.environ, **self.environ, "LC_ALL": "C.UTF-8"}
        done = subprocess.run(["pactl", *words], env=environ, capture_output=True, text=True, timeout=ANSWERED_S)
        assert done.returncode == 0, f"pactl {' '.join(words)}: {done.stderr}"
        return done.stdout.strip()


@contextmanager
def sound_server(*, rate_hz: int = 48_000, channels: int = 1) -> Iterator[Sound]:
    """A server with one microphone, `vmic`, which is the default."""
    only_on_linux(SOUND)
    with tempfile.TemporaryDirectory(prefix="intone-sound-") as folder:
        sound = Sound(Path(folder))
        try:
            sound.start()
            sound.plug(rate_hz=rate_hz, channels=channels)
            yield sound
        finally:
            sound.close()
