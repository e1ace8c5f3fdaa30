"""List the microphones under stable names, and choose one.

PortAudio lists ALSA's devices once, when it is initialised, and on Debian it cannot query a sound server. So with a
sound server its own sources are the list: current, with readable names and ids that persist. They are recorded through
ALSA's device `pulse`, the only one that takes the source from `PULSE_SOURCE`. Without a sound server PortAudio's
devices are the list, by name, since its indices change with every plug.

Windows has a list of its own (`desktop.audio.microphone.windows`), and PortAudio three of it. Its WASAPI is used alone:
it has the whole names, the device's own rate and the shortest way.

`desktop.audio.microphone.pulse` parses the server's answers.
"""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncGenerator, Collection, Iterable, Mapping, Sequence
from contextlib import aclosing, suppress
from types import ModuleType
from typing import Any, Protocol

import anyio

from desktop.audio.microphone import pulse
from desktop.audio.microphone.device import BUFFER_S, STREAM_PROPERTY, WASAPI, WASAPI_BUFFER_S, MicrophoneDevice
from desktop.audio.microphone.pulse import PulseSource
from desktop.core.errors import MicrophoneError

PLAIN_CHANNEL_MAPS = (["mono"], ["front-left", "front-right"])
"""Channel maps that a server delivers unchanged.

It maps others to ALSA's own by name: eight channels called aux0 to aux7, as a studio interface has them, arrive as
eight of silence, and of six some are lost. Asked for one channel, it returns the mean of all, whatever their names.
"""

VALID_RATES_HZ = range(1_000, 1_000_000)
"""Sample rates that are accepted from the server, in Hz."""

SOURCE_EVENTS = (b" on server ", b" on source #")
"""Sound server events that may change which microphone to use."""

MAX_QUIET_S = 3.0
"""Seconds after which a change is assumed without an event, since a device may vanish while pactl starts."""


class SystemDevices(Protocol):
    """A system's own list of microphones, where that is no sound server's."""

    def list_devices(self) -> list[MicrophoneDevice] | None:
        """Return the microphones; None if the system does not answer. Raises `MicrophoneError`."""
        ...

    def check_access(self) -> None:
        """Raises `MicrophoneError` if the system keeps us from all microphones."""
        ...

    def find_cause(self, device: MicrophoneDevice) -> str | None:
        """Return the code of the reason why `device` may be silent, as far as the system knows."""
        ...

    def watch_changes(self, max_quiet_s: float) -> AsyncGenerator[None]:
        """Yield once at the start, at each change of the devices or the default, and after `max_quiet_s` without."""
        ...


def open_system_devices(platform: str = sys.platform) -> SystemDevices | None:
    """Return the system's own list of microphones; None where a sound server has it."""
    if platform == "win32":
        from desktop.audio.microphone.windows import WindowsDevices

        return WindowsDevices()
    return None


def list_devices() -> list[MicrophoneDevice]:
    """Return the connected microphones. Blocks while the sound server answers; call from a worker thread.

    Raises `MicrophoneError` if there is neither a sound server nor PortAudio.
    """
    devices = list_server_devices()
    return _list_portaudio_devices() if devices is None else devices


def choose_device(preferred: Sequence[str], avoid: Collection[str] = ()) -> MicrophoneDevice:
    """Return the connected microphone to use (see `find_preferred`). Blocks like `list_devices`.

    Raises `MicrophoneError` if there is none, or if the system keeps us from it.
    """
    if (system := open_system_devices()) is not None:
        system.check_access()
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
    requested their device by name. Windows does not.
    """
    if open_system_devices() is not None:
        return
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
    if (system := open_system_devices()) is not None:
        async with aclosing(system.watch_changes(MAX_QUIET_S)) as changes:
            async for _ in changes:
                yield
        return
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
    """Return the sound server's sources without monitors of loudspeakers, or Windows' list; None without a server."""
    if (system := open_system_devices()) is not None:
        return system.list_devices()
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


def find_portaudio_device(sd: Any, device: MicrophoneDevice) -> str | int | None:
    """Return what PortAudio opens as `device`: its name, or its index where the name stands in more than one host API.

    None if it is not in PortAudio's list, which is as old as its initialisation.
    """
    known, host_apis = sd.query_devices(), sd.query_hostapis()
    named = [one for one in known if one["name"] == device.portaudio_name and one["max_input_channels"] > 0]
    if not device.host_api:
        return device.portaudio_name if named else None
    indices = [one["index"] for one in named if host_apis[one["hostapi"]]["name"] == device.host_api]
    return indices[device.name_index] if device.name_index < len(indices) else None


def _list_portaudio_devices() -> list[MicrophoneDevice]:
    sd = load_portaudio()
    return convert_portaudio_devices(sd.query_devices(), sd.query_hostapis(), sd.default.device[0])


def convert_portaudio_devices(
    known: Iterable[Mapping[str, Any]], host_apis: Sequence[Mapping[str, Any]], default: int
) -> list[MicrophoneDevice]:
    """Convert PortAudio's devices, of WASAPI alone where there is that; `default` is the index of its default input."""
    wasapi = next((index for index, host_api in enumerate(host_apis) if host_api["name"] == WASAPI), None)
    if wasapi is not None:
        default = host_apis[wasapi]["default_input_device"]
    return [
        MicrophoneDevice(
            id=device["name"].replace(",", ";"),  # the settings store a comma-separated list
            name=device["name"],
            default=device["index"] == default,
            rate_hz=round(device["default_samplerate"]),
            channels=min(device["max_input_channels"], 2) if wasapi is None else device["max_input_channels"],
            portaudio_name=device["name"],
            host_api="" if wasapi is None else WASAPI,
            latency=BUFFER_S if wasapi is None else WASAPI_BUFFER_S,
        )
        for device in known
        if device["max_input_channels"] > 0 and wasapi in (None, device["hostapi"])
    ]
