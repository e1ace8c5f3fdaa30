"""Supervise a recording: report why there is no sound, and move it to another stream.

A check every 0.1 s is enough, because a recording without a stream yields silence until it is moved. A lost stream is
replaced by the first microphone of the user's list that delivers anything. A working stream is left only for a
preferred microphone (listed earlier, or the new system default), and only once that one delivers sound, so that no word
falls between the two.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from functools import partial
from typing import Protocol

import anyio
from anyio import to_thread

from desktop.audio.microphone.device import PULSE_DEVICE
from desktop.audio.microphone.devices import list_server_devices
from desktop.audio.microphone.health import (
    START_TIMEOUT_S,
    NoSoundError,
    SignalFault,
    describe_loss,
    find_cause,
    no_data_error,
    silent_error,
    waking_error,
)
from desktop.audio.microphone.recording import SystemRecording
from desktop.audio.microphone.stream import AudioChunk, MicrophoneStream, StreamListener
from desktop.core.errors import MicrophoneError
from desktop.core.messages import Message

CHECK_INTERVAL_S = 0.1
"""Seconds between two checks of a recording."""

SERVER_QUERY_INTERVAL_S = 0.5
"""Seconds between two queries of the sound server while a stream has no sound."""

RETRY_S = 0.25
"""Seconds between two attempts to find another stream."""

NEW_STREAM_TIMEOUT_S = 1.0
"""Seconds in which a replacement stream must deliver something before the next microphone is tried."""


class StreamProvider(Protocol):
    """Opens and releases streams. `preferred_id` is the id of the preferred microphone, None if unknown."""

    @property
    def preferred_id(self) -> str | None:
        """See the class."""
        ...

    async def open_other(
        self, listener: StreamListener, old: MicrophoneStream, avoid: Collection[str]
    ) -> MicrophoneStream:
        """Open a stream other than `old` with `listener` on it, avoiding the device ids in `avoid` if there is another.

        Raises `MicrophoneError`.
        """
        ...

    async def release_stream(self, stream: MicrophoneStream, listener: StreamListener) -> None:
        """Remove `listener` from `stream` and close the stream if it is unused."""
        ...


class StreamProbe:
    """Listener that records whether a stream delivers data, and whether that is more than zeros."""

    def __init__(self) -> None:
        self.captured_until = 0.0
        self.has_data = self.has_sound = False

    def on_chunks(self, stream: MicrophoneStream, *chunks: AudioChunk | None) -> None:
        """Receive chunks on PortAudio's thread."""
        for chunk in chunks:
            if chunk is not None:
                self.has_data = True
                self.has_sound = self.has_sound or chunk.has_sound

    def hand_over(self, at: float) -> None:
        """Do nothing: a probe has no audio to hand over."""


async def supervise(recording: SystemRecording, streams: StreamProvider) -> None:
    """Supervise `recording` until cancelled."""
    refused_id: str | None = None
    queried_at = -SERVER_QUERY_INTERVAL_S
    while True:
        await anyio.sleep(CHECK_INTERVAL_S)
        match recording.check_signal():
            case SignalFault.LOST:
                await _replace_stream(recording, streams)
            case None:
                queried_at = -SERVER_QUERY_INTERVAL_S
                if recording.signal.has_sounded:
                    recording.set_problem(None)
            case fault if time.monotonic() - queried_at > SERVER_QUERY_INTERVAL_S:
                queried_at = time.monotonic()
                await _report_cause(recording, fault)
        if not recording.is_lost and streams.preferred_id not in (None, recording.stream.device.id, refused_id):
            refused_id = await _switch_to_preferred(recording, streams)


async def _report_cause(recording: SystemRecording, fault: SignalFault) -> None:
    """Set the recording's problem from what the sound server knows."""
    stream, now = recording.stream, time.monotonic()
    if stream.device.bluetooth and recording.signal.is_waking(now):
        recording.set_problem(waking_error(stream.device))
        return
    cause = await to_thread.run_sync(partial(find_cause, stream.device))
    if recording.stream is not stream or recording.check_signal() is None:
        return  # it recovered meanwhile
    if cause is None and fault is SignalFault.NO_DATA:
        cause = no_data_error(stream.device)
    if cause is None and recording.signal.is_silent(now):
        cause = silent_error(stream.device)
    recording.set_problem(cause)


async def _replace_stream(recording: SystemRecording, streams: StreamProvider) -> None:
    """Find a stream for a recording that lost its own.

    Returns when it has one, when the key is up, or when the server explains why the old stream is only silent.
    """
    old, last_data_at = recording.stream.device, recording.signal.arrived_at
    cause = None if recording.stream.lost else await to_thread.run_sync(partial(find_cause, old))
    if cause is not None:  # the stream will come back
        recording.set_problem(cause)
        recording.set_loss(cause.message)
        await anyio.sleep(RETRY_S)
        return
    loss = await to_thread.run_sync(partial(describe_loss, old))
    recording.set_loss(loss)
    recording.set_problem(NoSoundError("microphone-lost", loss=loss))
    avoid = set[str]()
    while recording.is_lost and not recording.is_stopped:
        # Without its server the device would be opened exclusively, and the server could not take it back.
        if old.portaudio_name != PULSE_DEVICE or await to_thread.run_sync(_has_server):
            async with _probe_other_stream(recording, streams, avoid) as (stream, probe):
                if (
                    stream is not None
                    and await _wait_until(lambda: probe.has_data or not recording.is_lost, NEW_STREAM_TIMEOUT_S)
                    and recording.is_lost
                ):
                    seconds = f"{time.monotonic() - last_data_at:.1f}"
                    note = (
                        Message("microphone-back", loss=loss, seconds=seconds)
                        if stream.device.id == old.id
                        else Message("microphone-switched-after", loss=loss, device=stream.device.name, seconds=seconds)
                    )
                    recording.move_to(stream, note)
                elif stream is not None:
                    avoid.add(stream.device.id)
        if recording.is_lost:
            await anyio.sleep(RETRY_S)


async def _switch_to_preferred(recording: SystemRecording, streams: StreamProvider) -> str | None:
    """Move `recording` to the preferred microphone once that delivers sound; return its id on failure, to prevent
    retries.

    If the old device is gone, any data is enough, though its stream may live on (a server moves it to another
    microphone); then attempts continue until the new one delivers anything.
    """
    old = recording.stream.device
    loss = await to_thread.run_sync(partial(describe_loss, old))
    is_unplugged = loss.code == "microphone-unplugged"
    async with _probe_other_stream(recording, streams) as (stream, probe):
        if stream is None:
            await anyio.sleep(RETRY_S)
            return None
        if not await _wait_until(
            lambda: probe.has_sound or (probe.has_data and (is_unplugged or recording.is_lost)), START_TIMEOUT_S
        ):
            return None if is_unplugged else stream.device.id
        note = (
            Message("microphone-switched", loss=loss, device=stream.device.name)
            if is_unplugged
            else Message("microphone-preferred", device=stream.device.name, other=old.name)
        )
        recording.move_to(stream, note)
    return None


@asynccontextmanager
async def _probe_other_stream(
    recording: SystemRecording, streams: StreamProvider, avoid: Collection[str] = ()
) -> AsyncIterator[tuple[MicrophoneStream | None, StreamProbe]]:
    """Yield another stream for `recording` (None if none can be opened) and its probe; then close the unused one of the
    two."""
    probe, old = StreamProbe(), recording.stream
    try:
        stream = await streams.open_other(probe, old, avoid)
    except MicrophoneError:
        yield None, probe
        return
    try:
        yield stream, probe
    finally:
        await streams.release_stream(stream, probe)
        await streams.release_stream(old, probe)


async def _wait_until(condition: Callable[[], bool], within_s: float) -> bool:
    """Wait up to `within_s` seconds for `condition`; return whether it became true."""
    until = time.monotonic() + within_s
    while True:
        if condition() or time.monotonic() > until:
            return condition()
        await anyio.sleep(CHECK_INTERVAL_S / 4)


def _has_server() -> bool:
    try:
        return list_server_devices() is not None
    except MicrophoneError:
        return False
