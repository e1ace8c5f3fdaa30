"""Which microphones there are, by names that last, and which of them is to be heard.

PortAudio lists ALSA's devices once, when it is initialised, and on Debian it cannot ask a sound server at all. So
where there is a sound server, its own sources are the list: fresh, named for people, with ids that stay the same
tomorrow. They are heard through ALSA's device `pulse`, the only one that takes the source from `PULSE_SOURCE`.
Without a sound server PortAudio's devices are the list, by name, since its indices change with every plug.

What the server says of itself is read in `server`.
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

from desktop.microphone import server
from desktop.microphone.server import Source
from desktop.problems import MicrophoneProblem

PULSE = "pulse"
"""The ALSA device of the sound server, as PortAudio names it."""

PLAIN = (["mono"], ["front-left", "front-right"])
"""Places of channels that come as they are. A server matches others with ALSA's own by their names: eight called aux0
to aux7, as a studio's interface has them, come as eight of silence, and of six some are lost. Asked for one channel,
it gives the mean of all, whatever they are called."""

LINE = "intone.line"
"""The property by which one of our streams is told from another."""

RATES_HZ = range(1_000, 1_000_000)
"""What a microphone can have."""


@dataclass(frozen=True, slots=True)
class Device:
    """A microphone: `id` is what the settings keep, `name` what a person reads, `default` the one used unless chosen.

    `rate_hz` is its own, `channels` what is to be asked of it, of which each is made of `mixed` ones; `portaudio` is
    the device by which PortAudio hears it. A `bluetooth` one takes a second to wake up.
    """

    id: str
    name: str
    default: bool
    rate_hz: int
    channels: int
    mixed: int = 1
    portaudio: str = PULSE
    bluetooth: bool = False

    @contextmanager
    def addressed(self, line: str) -> Iterator[None]:
        """Inside, a stream that is opened on `portaudio` hears this device, and the server knows it as `line`.

        Both are said by environment variables, the only ones whom ALSA's device `pulse` listens to.
        """
        said = {"PULSE_SOURCE": self.id, "PULSE_PROP": f"{LINE}={line}"}
        before = {name: os.environ.get(name) for name in said}
        os.environ.update(said if self.portaudio == PULSE else {})
        try:
            yield
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value


def devices() -> list[Device]:
    """The microphones that are connected now. May block while a sound server thinks: call it in a worker thread.

    Raises `MicrophoneProblem` where there is neither a sound server nor PortAudio.
    """
    found = served()
    return _portaudio_devices() if found is None else found


def choose(wanted: Sequence[str], avoid: Collection[str] = ()) -> Device:
    """The `first` of the `devices`. Raises `MicrophoneProblem` where there is none."""
    found = first(devices(), wanted, avoid)
    if found is None:
        raise MicrophoneProblem("No microphone was found.", "Connect one, or turn it on in the sound settings.")
    return found


def first(found: Iterable[Device], wanted: Sequence[str], avoid: Collection[str] = ()) -> Device | None:
    """The first of `wanted` (ids or names) that was found, else the default one: a headset left at home must not keep
    one from dictating. Those in `avoid` (ids), which were tried in vain, come last. None where none was found."""

    def place(device: Device) -> tuple[bool, int, bool]:
        rank = next((rank for rank, one in enumerate(wanted) if one in (device.id, device.name)), len(wanted))
        return device.id in avoid, rank, not device.default

    return min(found, key=place, default=None)


def put_back(lines: Mapping[str, Device]) -> None:
    """Have the streams called `lines` hear their devices again. Blocks as `devices` does.

    When the system's default becomes another one, a server moves the streams of the old one to it, even those that
    asked for their device by name.
    """
    try:
        places = {source.index: source.name for source in server.sources()}
        streams = server.recording()
    except (*server.NONE, MicrophoneProblem):
        return
    for stream in streams:
        device = lines.get(stream.told(LINE))
        if device is not None and places.get(stream.source) != device.id and device.id in places.values():
            server.tell("move-source-output", str(stream.index), device.id)


SOURCES = (b" on server ", b" on source #")
"""Events of the sound server that may change which microphone is to be heard."""


ANYWAY_S = 3.0
"""A microphone that went while pactl was starting is found out after this."""


async def changes(kinds: Sequence[bytes] = SOURCES, *, anyway: float = math.inf) -> AsyncGenerator[None]:
    """Come once to begin with, then whenever the sound server has news of one of `kinds`, parts of pactl's lines.

    It comes all the same when there is none for `ANYWAY_S`, since what happens before pactl listens is told by nobody;
    `anyway` times at most. Ends with the sound server, at once where there is none: PortAudio's own list never changes.
    """
    if shutil.which("pactl") is None:
        return
    subscription = await anyio.open_process(
        [*_dying_with_us(), "pactl", "subscribe"],
        env=server.plain_environ(),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert subscription.stdout is not None
        yield
        line = b""
        while True:
            news = b""
            with anyio.move_on_after(ANYWAY_S if anyway > 0 else math.inf):
                news = await subscription.stdout.receive()
            anyway -= 0 if news else 1
            *lines, line = (line + news).split(b"\n")
            if not news or any(kind in told for told in lines for kind in kinds):
                yield
    except anyio.EndOfStream:
        return
    finally:
        with suppress(ProcessLookupError):
            subscription.kill()
        with anyio.CancelScope(shield=True):
            await subscription.aclose()


def portaudio() -> ModuleType:
    """The sounddevice module, once it has found PortAudio. Raises `MicrophoneProblem` without it."""
    try:
        import sounddevice
    except OSError as error:
        raise MicrophoneProblem(
            "PortAudio is missing, so no microphone can be opened.",
            "Install it: sudo apt install libportaudio2 libasound2-plugins",
        ) from error
    module: ModuleType = sounddevice
    return module


def served() -> list[Device] | None:
    """The sound server's sources but those that hear what a loudspeaker plays; None where no server can be asked."""
    try:
        return listed(server.default_source(), server.sources())
    except server.NONE:
        return None


def listed(default: str, sources: Iterable[Source]) -> list[Device]:
    """The devices by what the server says of its sources, of which one is the `default`. Raises `MicrophoneProblem`
    where that makes no sense."""
    return [_device(source, default) for source in sources if not source.monitor_source]


def _device(source: Source, default: str) -> Device:
    told = re.search(r"\b([0-9]{4,6})Hz$", source.sample_specification)  # as in "s16le 2ch 48000Hz"
    if told is None or int(told[1]) not in RATES_HZ:
        raise MicrophoneProblem(server.SENSELESS, server.RESTART)
    places = source.channel_map.split(",")
    asked = len(places) if places in PLAIN else 1
    return Device(
        source.name,
        source.description,
        source.name == default,
        int(told[1]),
        asked,
        len(places) // asked,
        bluetooth=source.told("device.bus") == "bluetooth" or source.name.startswith("bluez_"),
    )


def _dying_with_us() -> list[str]:
    """What to begin a command with, so that it ends with this process however that ends: pactl goes on listening when
    nobody reads it any more, as long as the sound server lives."""
    return ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []


def _portaudio_devices() -> list[Device]:
    sd = portaudio()
    default = sd.default.device[0]
    return [
        Device(
            id=found["name"].replace(",", ";"),  # the settings keep a list, with commas
            name=found["name"],
            default=found["index"] == default,
            rate_hz=round(found["default_samplerate"]),
            channels=min(found["max_input_channels"], 2),
            portaudio=found["name"],
        )
        for found in sd.query_devices()
        if found["max_input_channels"] > 0
    ]
