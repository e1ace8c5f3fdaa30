"""What other programs of the desktop say: who owns the clipboard, who has the focus, who asks for something."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import anyio
from anyio.streams.buffered import BufferedByteReceiveStream

from desktop.app.ipc import _read_request
from desktop.audio.ducking import duck_volumes
from desktop.audio.microphone import pulse
from desktop.audio.microphone.devices import convert_sources
from desktop.audio.microphone.health import find_cause_in_source
from desktop.core.errors import UserError
from tests.fuzz import dbus, wayland, x11
from tests.fuzz.target import Target, lines, run


class _Client:
    """The socket of a client that sends `data`, in pieces, and goes."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    async def receive(self, most: int = 512) -> bytes:
        if not self._data:
            raise anyio.EndOfStream
        piece, self._data = self._data[:most], self._data[most:]
        return piece


def _command(data: bytes) -> None:
    async def ask() -> None:
        client: Any = _Client(data)
        with suppress(anyio.IncompleteRead, anyio.EndOfStream):
            await _read_request(BufferedByteReceiveStream(client))

    run(ask())


def _sound_server(data: bytes) -> None:
    sources, _, others = data.partition(b"\n")
    with suppress(UserError):
        found = pulse.parse_answer(list[pulse.PulseSource], sources)
        convert_sources("alsa_input.usb", found)
        recording = pulse.parse_answer(list[pulse.CaptureStream], others)
        for source in found:
            find_cause_in_source("USB", source, recording)
    with suppress(UserError):
        for stream in pulse.parse_answer(list[pulse.PlaybackStream], others):
            assert len(duck_volumes(stream.volumes)) == len(stream.volumes)


_SOURCES = lines(
    [
        {"index": 1, "name": "alsa_input.usb", "description": "USB", "sample_specification": "s16le 2ch 48000Hz",
         "monitor_source": "", "channel_map": "front-left,front-right", "properties": {"device.bus": "usb"},
         "state": "RUNNING", "mute": False, "volume": {"front-left": {"value": 65536}}, "active_port": "mic",
         "ports": [{"name": "mic", "availability": "unknown"}]},
        {"index": 2, "name": "a.monitor", "description": "A", "sample_specification": "float32le 2ch 44100Hz",
         "monitor_source": "a", "channel_map": "mono", "active_port": None},
    ],
    [{"index": 9, "source": 1, "mute": True, "corked": False, "volume": {"mono": {"value": 30000}},
      "properties": {"application.name": "Music"}}],
)  # fmt: skip


def targets() -> dict[str, Target]:
    """Each by its name."""
    sound = tuple(
        f"desktop.audio.{name}" for name in ("microphone.pulse", "microphone.devices", "microphone.health", "ducking")
    )
    return {
        **x11.targets(),
        **dbus.targets(),
        "commands": Target(_command, (b'{"command": "start"}\n',), ("desktop.app.ipc",)),
        "sound-server": Target(_sound_server, (_SOURCES,), sound),
        **wayland.targets(),
    }
