"""What the sound server says of itself: the one place where its answers are read, and refused where they make no sense.

It is asked with `pactl` (pulseaudio-utils): its JSON is stable, PipeWire answers it too, and a server that hangs cannot
hold more than a child process. pulsectl, its counterpart in Python, reads a source's rate from freed memory.

Everything here blocks for as long as the server thinks, `ANSWER_S` at most: for a worker thread. Where it answers
nothing, not to the end, or something else, that is a `MicrophoneProblem`.
"""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from typing import Annotated, Any

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from desktop.problems import MicrophoneProblem

SILENT = "The sound server does not answer."
SENSELESS = "The sound server gives an answer that makes no sense."
RESTART = "Restart it: systemctl --user restart pipewire-pulse"

ANSWER_S = 3.0
"""How long a sound server may think."""

NONE = (FileNotFoundError, subprocess.CalledProcessError)
"""What the functions here raise where there is no pactl, or no sound server."""

type Number = Annotated[int, Field(ge=0, lt=2**32)]


class Channel(BaseModel):
    """Of a volume: 65536 is 100 %."""

    value: Number


class Port(BaseModel):
    """A socket of a device."""

    name: str
    availability: str = ""


class _Sounding(BaseModel):
    index: Number
    mute: bool = False
    volume: dict[str, Channel] = {}
    properties: dict[str, Any] = {}

    @property
    def volumes(self) -> tuple[int, ...]:
        """That of each channel."""
        return tuple(channel.value for channel in self.volume.values())

    def told(self, name: str) -> str:
        """A property; empty where there is none."""
        return str(self.properties.get(name, ""))


class Source(_Sounding):
    """What can be recorded: a microphone, or what a loudspeaker plays (`monitor_source`)."""

    name: str
    description: str
    sample_specification: str
    channel_map: str
    monitor_source: str | None = ""
    state: str = ""
    ports: list[Port] = []
    active_port: str | None = None


class Playing(_Sounding):
    """A program's stream to a loudspeaker."""

    corked: bool = False


class Recording(_Sounding):
    """A program's stream from the source with that index."""

    source: Number


class _Info(BaseModel):
    default_source_name: str | None = None


def default_source() -> str:
    """The name of the source that is heard unless one is chosen; empty where there is none."""
    return read(_Info, _asked("info")).default_source_name or ""


def sources() -> list[Source]:
    """All that can be recorded."""
    return read(list[Source], _asked("list", "sources"))


def playing() -> list[Playing]:
    """All that plays."""
    return read(list[Playing], _asked("list", "sink-inputs"))


def recording() -> list[Recording]:
    """All that records."""
    return read(list[Recording], _asked("list", "source-outputs"))


def read[T](kind: type[T], answer: bytes) -> T:
    """An answer of that `kind`. Raises `MicrophoneProblem`."""
    try:
        return TypeAdapter(kind).validate_json(answer)
    except ValidationError as error:
        cut = any(fault["type"] == "json_invalid" for fault in error.errors())
        raise MicrophoneProblem(SILENT if cut else SENSELESS, RESTART) from error


def tell(*words: str) -> bool:
    """Have the server do something; whether it was done. What cannot be is not: a stream may have ended in this
    moment."""
    with suppress(FileNotFoundError, subprocess.TimeoutExpired):
        return _run(*words).returncode == 0
    return False


def plain_environ() -> dict[str, str]:
    """In other languages pactl's numbers have commas, which is no JSON, and its events other words."""
    return {**os.environ, "LC_ALL": "C.UTF-8"}


def _asked(*words: str) -> bytes:
    try:
        return _run("--format=json", *words, check=True).stdout
    except subprocess.TimeoutExpired as error:
        raise MicrophoneProblem(SILENT, RESTART) from error


def _run(*words: str, check: bool = False) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["pactl", *words], env=plain_environ(), capture_output=True, check=check, timeout=ANSWER_S)
