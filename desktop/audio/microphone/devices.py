"""List the microphones under stable names, and choose one.

PortAudio lists ALSA's devices once, when it is initialised, and on Debian it cannot query a sound server. So with a
sound server its own sources are the list: current, with readable names and ids that persist. They are recorded through
ALSA's device `pulse`, the only one that takes the source from `PULSE_SOURCE`. Without a sound server PortAudio's
devices are the list, by name, since its indices change with every plug.

`desktop.audio.microphone.pulse` parses the server's answers.
"""

from __future__ import annotations

import math
import os
import re
import shutil
import subprocess
from collections.abc import AsyncGenerator, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import ModuleType

import anyio

from desktop.audio.microphone import pulse
from desktop.audio.microphone.pulse import PulseSource
from desktop.core.errors import MicrophoneError

PULSE_DEVICE = "pulse"
"""PortAudio's name for the ALSA device of the sound server."""

PLAIN_CHANNEL_MAPS = (["mono"], ["front-left", "front-right"])
"""Channel maps that a server delivers unchanged.

It maps others to ALSA's own by name: eight channels called aux0 to aux7, as a studio interface has them, arrive as
eight of silence, and of six some are lost. Asked for one channel, it returns the mean of all, whatever their names.
"""

STREAM_PROPERTY = "intone.line"
"""The stream property that holds the tag of one of our streams."""

VALID_RATES_HZ = range(1_000, 1_000_000)
"""Sample rates that are accepted from the server, in Hz."""

SOURCE_EVENTS = (b" on server ", b" on source #")
"""Sound server events that may change which microphone to use."""

MAX_QUIET_S = 3.0
"""Seconds after which a change is assumed without an event, since a device may vanish while pactl starts."""


@dataclass(frozen=True, slots=True)
class MicrophoneDevice:
    """A microphone: `id` is stored in the settings, `name` is shown, `default` marks the system's default.

    `rate_hz` is its own rate; `channels` is how many to request, each a mix of `mixed_channels` channels;
    `portaudio_name` is its name in PortAudio. A `bluetooth` device takes a second to wake up.
    """

    id: str
    name: str
    default: bool
    rate_hz: int
    channels: int
    mixed_channels: int = 1
    portaudio_name: str = PULSE_DEVICE
    bluetooth: bool = False

    @contextmanager
    def set_environment(self, stream_tag: str) -> Iterator[None]:
        """Set the environment so that a stream opened on `portaudio_name` inside records this device and carries the
        tag `stream_tag`.

        Both are environment variables, the only input of ALSA's device `pulse`.
        """
        variables = {"PULSE_SOURCE": self.id, "PULSE_PROP": f"{STREAM_PROPERTY}={stream_tag}"}
        before = {name: os.environ.get(name) for name in variables}
        os.environ.update(variables if self.portaudio_name == PULSE_DEVICE else {})
        try:
            yield
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value


def list_devices() -> list[MicrophoneDevice]:
    """Return the connected microphones. Blocks while the sound server answers; call from a worker thread.

    Raises `MicrophoneError` if there is neither a sound server nor PortAudio.
    """
    devices = list_server_devices()
    return _list_portaudio_devices() if devices is None else devices


def choose_device(preferred: Sequence[str], avoid: Collection[str] = ()) -> MicrophoneDevice:
    """Return the connected microphone to use (see `find_preferred`). Blocks like `list_devices`.

    Raises `MicrophoneError` if there is none.
    """
    device = find_preferred(list_devices(), preferred, avoid)
    if device is None:
        raise MicrophoneError("microphone-not-found")
    return device


def find_preferred(
    available: Iterable[MicrophoneDevice], preferred: Sequence[str], avoid: Collection[str] = ()
) -> MicrophoneDevice | None:
    """Return the first of `preferred` (ids or names) that is available, else the default.

    So a missing headset does not prevent a dictation. Ids in `avoid`, which failed before, come last. None if there is
    no microphone.
    """

    def order(device: MicrophoneDevice) -> tuple[bool, int, bool]:
        names = (device.id, device.name)
        rank = next((rank for rank, wanted in enumerate(preferred) if wanted in names), len(preferred))
        return device.id in avoid, rank, not device.default

    return min(available, key=order, default=None)


def move_streams_back(devices_by_tag: Mapping[str, MicrophoneDevice]) -> None:
    """Move the streams tagged `devices_by_tag` back to their devices. Blocks like `list_devices`.

    When the system's default changes, a server moves the streams of the old default to the new one, even those that
    requested their device by name.
    """
    try:
        source_names = {source.index: source.name for source in pulse.list_sources()}
        streams = pulse.list_capture_streams()
    except (*pulse.NO_SERVER_ERRORS, MicrophoneError):
        return
    for stream in streams:
        device = devices_by_tag.get(stream.get_property(STREAM_PROPERTY))
        if device is None or device.id not in source_names.values():
            continue
        if source_names.get(stream.source) != device.id:
            pulse.run_command("move-source-output", str(stream.index), device.id)


async def watch_changes(
    kinds: Sequence[bytes] = SOURCE_EVENTS, *, max_timeouts: float = math.inf
) -> AsyncGenerator[None]:
    """Yield once at the start, then whenever the sound server reports an event of `kinds` (parts of pactl's lines).

    Also yields without an event after `MAX_QUIET_S`, `max_timeouts` times at most, because events before pactl listens
    are lost. Ends with the sound server, and at once without one: PortAudio's own list never changes.
    """
    if shutil.which("pactl") is None:
        return
    subscription = await anyio.open_process(
        [*_get_die_with_parent_prefix(), "pactl", "subscribe"],
        env=pulse.get_plain_environ(),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert subscription.stdout is not None
        yield
        line = b""
        while True:
            data = b""
            with anyio.move_on_after(MAX_QUIET_S if max_timeouts > 0 else math.inf):
                data = await subscription.stdout.receive()
            max_timeouts -= 0 if data else 1
            *events, line = (line + data).split(b"\n")
            if not data or any(kind in event for event in events for kind in kinds):
                yield
    except anyio.EndOfStream:
        return
    finally:
        with suppress(ProcessLookupError):
            subscription.kill()
        with anyio.CancelScope(shield=True):
            await subscription.aclose()


def load_portaudio() -> ModuleType:
    """Import and return sounddevice. Raises `MicrophoneError` if PortAudio is missing."""
    try:
        import sounddevice
    except OSError as error:
        raise MicrophoneError("portaudio-missing") from error
    module: ModuleType = sounddevice
    return module


def list_server_devices() -> list[MicrophoneDevice] | None:
    """Return the sound server's sources without monitors of loudspeakers; None if no server can be reached."""
    try:
        return convert_sources(pulse.get_default_source(), pulse.list_sources())
    except pulse.NO_SERVER_ERRORS:
        return None


def convert_sources(default: str, sources: Iterable[PulseSource]) -> list[MicrophoneDevice]:
    """Convert the server's `sources` to devices. Raises `MicrophoneError` for invalid data."""
    return [_convert_source(source, default) for source in sources if not source.monitor_source]


def _convert_source(source: PulseSource, default: str) -> MicrophoneDevice:
    rate = re.search(r"\b([0-9]{4,6})Hz$", source.sample_specification)  # as in "s16le 2ch 48000Hz"
    if rate is None or int(rate[1]) not in VALID_RATES_HZ:
        raise MicrophoneError("sound-server-answer-invalid")
    channel_map = source.channel_map.split(",")
    requested_channels = len(channel_map) if channel_map in PLAIN_CHANNEL_MAPS else 1
    return MicrophoneDevice(
        source.name,
        source.description,
        source.name == default,
        int(rate[1]),
        requested_channels,
        len(channel_map) // requested_channels,
        bluetooth=source.get_property("device.bus") == "bluetooth" or source.name.startswith("bluez_"),
    )


def _get_die_with_parent_prefix() -> list[str]:
    """Return a command prefix that ends the command with this process, however that ends.

    Without it pactl keeps listening, with no reader, as long as the sound server lives.
    """
    return ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []


def _list_portaudio_devices() -> list[MicrophoneDevice]:
    sd = load_portaudio()
    default = sd.default.device[0]
    return [
        MicrophoneDevice(
            id=device["name"].replace(",", ";"),  # the settings store a comma-separated list
            name=device["name"],
            default=device["index"] == default,
            rate_hz=round(device["default_samplerate"]),
            channels=min(device["max_input_channels"], 2),
            portaudio_name=device["name"],
        )
        for device in sd.query_devices()
        if device["max_input_channels"] > 0
    ]
