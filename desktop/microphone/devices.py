"""Which microphones there are, by names that last.

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
import subprocess
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import anyio

from desktop.problems import MicrophoneProblem

PULSE = "pulse"
"""The ALSA device of the sound server, as PortAudio names it."""

ANSWER_S = 3.0
"""How long a sound server may think."""


@dataclass(frozen=True, slots=True)
class Device:
    """A microphone: `id` is what the settings keep, `name` what a person reads, `default` the one used unless chosen.

    `rate_hz` and `channels` are its own, and `portaudio` is the device by which PortAudio hears it.
    """

    id: str
    name: str
    default: bool
    rate_hz: int
    channels: int
    portaudio: str = PULSE

    @contextmanager
    def addressed(self) -> Iterator[None]:
        """Inside, a stream that is opened on `portaudio` hears this device."""
        before = os.environ.get("PULSE_SOURCE")
        if self.portaudio == PULSE:
            os.environ["PULSE_SOURCE"] = self.id
        try:
            yield
        finally:
            os.environ.pop("PULSE_SOURCE", None)
            if before is not None:
                os.environ["PULSE_SOURCE"] = before


def devices() -> list[Device]:
    """The microphones that are connected now. May block while a sound server thinks: call it in a worker thread.

    Raises `MicrophoneProblem` where there is neither a sound server nor PortAudio.
    """
    served = _served()
    return _portaudio_devices() if served is None else served


def choose(wanted: str) -> Device:
    """The device with the id `wanted`, else the default one: a headset left at home must not keep one from dictating.

    Raises `MicrophoneProblem` where there is none.
    """
    found = devices()
    if not found:
        raise MicrophoneProblem("No microphone was found.", "Connect one, or turn it on in the sound settings.")
    return min(found, key=lambda device: (device.id != wanted, not device.default))


async def changes() -> AsyncGenerator[None]:
    """Come once to begin with, then whenever the microphones or the default among them may have changed.

    Ends with the sound server, at once where there is none: PortAudio's own list never changes.
    """
    try:
        subscription = await anyio.open_process(
            ["pactl", "subscribe"], env=_plain_environ(), stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except FileNotFoundError:
        return
    try:
        assert subscription.stdout is not None
        yield
        async for news in subscription.stdout:
            if b" on server " in news or b" on source #" in news:
                yield
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


def _served() -> list[Device] | None:
    """The sound server's sources but those that hear what a loudspeaker plays; None where no server can be asked."""
    try:
        default = _pactl("info")["default_source_name"]
        sources = [source for source in _pactl("list", "sources") if not source["monitor_source"]]
    except (FileNotFoundError, subprocess.CalledProcessError):
        return None
    return [_source(found, default) for found in sources]


def _source(found: dict[str, Any], default: str) -> Device:
    _, channels, rate = found["sample_specification"].split()  # as in "s16le 2ch 48000Hz"
    name = found["name"]
    return Device(
        name, found["description"], name == default, int(rate.removesuffix("Hz")), int(channels.removesuffix("ch"))
    )


def _pactl(*words: str) -> Any:
    try:
        result = subprocess.run(
            ["pactl", "--format=json", *words],
            env=_plain_environ(),
            capture_output=True,
            check=True,
            timeout=ANSWER_S,
        )
    except subprocess.TimeoutExpired as error:
        raise MicrophoneProblem(
            "The sound server does not answer.", "Restart it: systemctl --user restart pipewire-pulse"
        ) from error
    return json.loads(result.stdout)


def _plain_environ() -> dict[str, str]:
    """In other languages pactl's numbers have commas, which is no JSON, and its events other words."""
    return {**os.environ, "LC_ALL": "C.UTF-8"}


def _portaudio_devices() -> list[Device]:
    sd = portaudio()
    default = sd.default.device[0]
    return [
        Device(
            id=found["name"],
            name=found["name"],
            default=found["index"] == default,
            rate_hz=round(found["default_samplerate"]),
            channels=min(found["max_input_channels"], 2),
            portaudio=found["name"],
        )
        for found in sd.query_devices()
        if found["max_input_channels"] > 0
    ]
