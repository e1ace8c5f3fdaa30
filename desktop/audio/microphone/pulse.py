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

from desktop.core.errors import MicrophoneError

ANSWER_TIMEOUT_S = 3.0
"""Timeout for the sound server in seconds."""

NO_SERVER_ERRORS = (FileNotFoundError, subprocess.CalledProcessError)
"""Errors raised by the functions here without pactl or without a sound server."""

type Number = Annotated[int, Field(ge=0, lt=2**32)]


class PulseVolume(BaseModel):
    """The volume of a channel: 65536 is 100 %."""

    value: Number


class PulsePort(BaseModel):
    """A socket of a device."""

    name: str
    availability: str = ""


class _PulseObject(BaseModel):
    index: Number
    mute: bool = False
    volume: dict[str, PulseVolume] = {}
    properties: dict[str, Any] = {}

    @property
    def volumes(self) -> tuple[int, ...]:
        """The volume of each channel."""
        return tuple(channel.value for channel in self.volume.values())

    def get_property(self, name: str) -> str:
        """Return a property, empty if it is missing."""
        return str(self.properties.get(name, ""))


class PulseSource(_PulseObject):
    """A source to record from: a microphone, or the output of a loudspeaker (`monitor_source`)."""

    name: str
    description: str
    sample_specification: str
    channel_map: str
    monitor_source: str | None = ""
    state: str = ""
    ports: list[PulsePort] = []
    active_port: str | None = None


class PlaybackStream(_PulseObject):
    """A program's playback stream."""

    corked: bool = False


class CaptureStream(_PulseObject):
    """A program's capture stream; `source` is the index of its source."""

    source: Number


class _ServerInfo(BaseModel):
    default_source_name: str | None = None


def get_default_source() -> str:
    """Return the name of the default source, empty if there is none."""
    return parse_answer(_ServerInfo, _query("info")).default_source_name or ""


def list_sources() -> list[PulseSource]:
    """Return all sources."""
    return parse_answer(list[PulseSource], _query("list", "sources"))


def list_playback_streams() -> list[PlaybackStream]:
    """Return all playback streams."""
    return parse_answer(list[PlaybackStream], _query("list", "sink-inputs"))


def list_capture_streams() -> list[CaptureStream]:
    """Return all capture streams."""
    return parse_answer(list[CaptureStream], _query("list", "source-outputs"))


def parse_answer[T](kind: type[T], answer: bytes) -> T:
    """Parse an answer as `kind`. Raises `MicrophoneError`."""
    try:
        return TypeAdapter(kind).validate_json(answer)
    except ValidationError as error:
        cut = any(fault["type"] == "json_invalid" for fault in error.errors())
        raise MicrophoneError("sound-server-unresponsive" if cut else "sound-server-answer-invalid") from error


def run_command(*arguments: str) -> bool:
    """Run a pactl command and return whether it succeeded. It may fail because a stream has just ended."""
    with suppress(FileNotFoundError, subprocess.TimeoutExpired):
        return _run_pactl(*arguments).returncode == 0
    return False


def get_plain_environ() -> dict[str, str]:
    """Return the environment for pactl: in other languages its JSON has decimal commas and its events other words."""
    return {**os.environ, "LC_ALL": "C.UTF-8"}


def _query(*arguments: str) -> bytes:
    try:
        return _run_pactl("--format=json", *arguments, check=True).stdout
    except subprocess.TimeoutExpired as error:
        raise MicrophoneError("sound-server-unresponsive") from error


def _run_pactl(*arguments: str, check: bool = False) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["pactl", *arguments], env=get_plain_environ(), capture_output=True, check=check, timeout=ANSWER_TIMEOUT_S
    )
