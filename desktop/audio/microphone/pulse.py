"""Query the sound server with `pactl`, and validate its answers.

`pactl` (package pulseaudio-utils) has stable JSON, PipeWire answers it too, and a server that hangs blocks only a child
process. pulsectl, the Python library, reads a source's rate from freed memory.

All functions block until the server answers, `ANSWER_TIMEOUT_S` at most: call from a worker thread. No answer, a
truncated or an invalid one raises `MicrophoneError`.
"""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from typing import Annotated, Any

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from desktop.core.errors import MicrophoneProblem

SILENT = "The sound server does not answer."
SENSELESS = "The sound server gives an answer that makes no sense."
RESTART = "Restart it: systemctl --user restart pipewire-pulse"

ANSWER_S = 3.0
"""Timeout for the sound server in seconds."""

NONE = (FileNotFoundError, subprocess.CalledProcessError)
"""Errors raised by the functions here without pactl or without a sound server."""

type Number = Annotated[int, Field(ge=0, lt=2**32)]


class Channel(BaseModel):
    """The volume of a channel: 65536 is 100 %."""

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
        """The volume of each channel."""
        return tuple(channel.value for channel in self.volume.values())

    def told(self, name: str) -> str:
        """Return a property, empty if it is missing."""
        return str(self.properties.get(name, ""))


class Source(_Sounding):
    """A source to record from: a microphone, or the output of a loudspeaker (`monitor_source`)."""

    name: str
    description: str
    sample_specification: str
    channel_map: str
    monitor_source: str | None = ""
    state: str = ""
    ports: list[Port] = []
    active_port: str | None = None


class Playing(_Sounding):
    """A program's playback stream."""

    corked: bool = False


class Recording(_Sounding):
    """A program's capture stream; `source` is the index of its source."""

    source: Number


class _Info(BaseModel):
    default_source_name: str | None = None


def default_source() -> str:
    """Return the name of the default source, empty if there is none."""
    return read(_Info, _asked("info")).default_source_name or ""


def sources() -> list[Source]:
    """Return all sources."""
    return read(list[Source], _asked("list", "sources"))


def playing() -> list[Playing]:
    """Return all playback streams."""
    return read(list[Playing], _asked("list", "sink-inputs"))


def recording() -> list[Recording]:
    """Return all capture streams."""
    return read(list[Recording], _asked("list", "source-outputs"))


def read[T](kind: type[T], answer: bytes) -> T:
    """Parse an answer as `kind`. Raises `MicrophoneError`."""
    try:
        return TypeAdapter(kind).validate_json(answer)
    except ValidationError as error:
        cut = any(fault["type"] == "json_invalid" for fault in error.errors())
        raise MicrophoneProblem(SILENT if cut else SENSELESS, RESTART) from error


def tell(*words: str) -> bool:
    """Run a pactl command and return whether it succeeded. It may fail because a stream has just ended."""
    with suppress(FileNotFoundError, subprocess.TimeoutExpired):
        return _run(*words).returncode == 0
    return False


def plain_environ() -> dict[str, str]:
    """Return the environment for pactl: in other languages its JSON has decimal commas and its events other words."""
    return {**os.environ, "LC_ALL": "C.UTF-8"}


def _asked(*words: str) -> bytes:
    try:
        return _run("--format=json", *words, check=True).stdout
    except subprocess.TimeoutExpired as error:
        raise MicrophoneProblem(SILENT, RESTART) from error


def _run(*words: str, check: bool = False) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["pactl", *words], env=plain_environ(), capture_output=True, check=check, timeout=ANSWER_S)
