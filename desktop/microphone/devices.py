"""Which microphones there are, by names that last, and which of them is to be heard.

PortAudio lists ALSA's devices once, when it is initialised, and on Debian it cannot ask a sound server at all. So
where there is a sound server, its own sources are the list: fresh, named for people, with ids that stay the same
tomorrow. They are heard through ALSA's device `pulse`, the only one that takes the source from `PULSE_SOURCE`.
Without a sound server PortAudio's devices are the list, by name, since its indices change with every plug.

The server is asked with `pactl` (pulseaudio-utils): its JSON is stable, PipeWire answers it too, and a server that
hangs cannot hold more than a child process. pulsectl, its counterpart in Python, reads a source's rate from freed
memory.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import AsyncGenerator, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import anyio

from desktop.problems import MicrophoneProblem

PULSE = "pulse"
"""The ALSA device of the sound server, as PortAudio names it."""

PLAIN = (["mono"], ["front-left", "front-right"])
"""Places of channels that come as they are. A server matches others with ALSA's own by their names: eight called aux0
to aux7, as a studio's interface has them, come as eight of silence, and of six some are lost. Asked for one channel,
it gives the mean of all, whatever they are called."""

SILENT = "The sound server does not answer."
RESTART = "Restart it: systemctl --user restart pipewire-pulse"

LINE = "intone.line"
"""The property by which one of our streams is told from another."""

ANSWER_S = 3.0
"""How long a sound server may think."""


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
        places = {source["index"]: source["name"] for source in pactl("list", "sources")}
        streams = pactl("list", "source-outputs")
    except (FileNotFoundError, subprocess.CalledProcessError, MicrophoneProblem):
        return
    for stream in streams:
        device = lines.get(stream["properties"].get(LINE, ""))
        if device is not None and places.get(stream["source"]) != device.id and device.id in places.values():
            tell("move-source-output", str(stream["index"]), device.id)


SOURCES = (b" on server ", b" on source #")
"""Events of the sound server that may change which microphone is to be heard."""


ANYWAY_S = 3.0
"""A microphone that went while pactl was starting is found out after this."""


async def changes(kinds: Sequence[bytes] = SOURCES) -> AsyncGenerator[None]:
    """Come once to begin with, then whenever the sound server has news of one of `kinds`, parts of pactl's lines.

    It comes every `ANYWAY_S` all the same, since what happens before pactl listens is told by nobody. Ends with the
    sound server, at once where there is none: PortAudio's own list never changes.
    """
    if shutil.which("pactl") is None:
        return
    subscription = await anyio.open_process(
        [*_dying_with_us(), "pactl", "subscribe"],
        env=_plain_environ(),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert subscription.stdout is not None
        yield
        line = b""
        while True:
            news = b""
            with anyio.move_on_after(ANYWAY_S):
                news = await subscription.stdout.receive()
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
        return listed(pactl("info"), pactl("list", "sources"))
    except (FileNotFoundError, subprocess.CalledProcessError):
        return None


def listed(info: Any, sources: Any) -> list[Device]:
    """The devices by what the server says of itself and of its sources. Raises `MicrophoneProblem` where that makes no
    sense."""
    try:
        default = info["default_source_name"]
        return [_source(found, default) for found in sources if not found["monitor_source"]]
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise MicrophoneProblem("The sound server gives an answer that makes no sense.", RESTART) from error


def _source(found: dict[str, Any], default: str) -> Device:
    rate = found["sample_specification"].split()[2]  # as in "s16le 2ch 48000Hz"
    places, name = found["channel_map"].split(","), found["name"]
    asked = len(places) if places in PLAIN else 1
    return Device(
        name,
        found["description"],
        name == default,
        int(rate.removesuffix("Hz")),
        asked,
        len(places) // asked,
        bluetooth=found["properties"].get("device.bus") == "bluetooth" or name.startswith("bluez_"),
    )


def _dying_with_us() -> list[str]:
    """What to begin a command with, so that it ends with this process however that ends: pactl goes on listening when
    nobody reads it any more, as long as the sound server lives."""
    return ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []


def pactl(*words: str) -> Any:
    """What the sound server answers, read from JSON. Raises `FileNotFoundError` without pactl, `CalledProcessError`
    where there is no server, and `MicrophoneProblem` where it does not answer in time, or not to the end."""
    try:
        return parsed(_run("--format=json", *words, check=True).stdout)
    except subprocess.TimeoutExpired as error:
        raise MicrophoneProblem(SILENT, RESTART) from error


def parsed(answer: bytes) -> Any:
    """What pactl answered. Raises `MicrophoneProblem` where that is not whole."""
    try:
        return json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise MicrophoneProblem(SILENT, RESTART) from error


def tell(*words: str) -> None:
    """Have the sound server do something. What cannot be done is not: a stream may have ended in this moment."""
    with suppress(FileNotFoundError, subprocess.TimeoutExpired):
        _run(*words)


def _run(*words: str, check: bool = False) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["pactl", *words], env=_plain_environ(), capture_output=True, check=check, timeout=ANSWER_S)


def _plain_environ() -> dict[str, str]:
    """In other languages pactl's numbers have commas, which is no JSON, and its events other words."""
    return {**os.environ, "LC_ALL": "C.UTF-8"}


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
