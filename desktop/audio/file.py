"""Read any audio file as mono float32 at 16 kHz, as the microphone delivers it.

Encrypted recordings (`desktop.encryption.recordings`) are decrypted. PyAV carries FFmpeg, so phone and recorder formats
can be read, video included; its resampler filters aliases.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import chain
from pathlib import Path

import anyio
import anyio.lowlevel
import numpy as np

from desktop.core.errors import UserError
from desktop.core.messages import Notes
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Frame
from desktop.encryption import recordings

MAX_HOURS = 4.0
"""Longest audio that is read in hours, twice the longest dictation: 0.9 GB. A file's size does not tell: silence is
compressed by ten thousand to one."""

MIN_RATE_HZ, MAX_RATE_HZ = 1_000, 768_000
"""Sample rates that are read: those of all recorders. Some bytes of a damaged file say others, and the filter for a
gigahertz takes a quarter of a minute to compute, one block at a hertz gigabytes."""


def read_audio(path: Path, max_hours: float = MAX_HOURS) -> Audio:
    """Return the first audio stream of the file, shape (n,).

    Raises `UserError` when it cannot be read, has no audio, or lasts longer than `max_hours`.
    """
    import av

    if not path.is_file():
        raise UserError("audio-file-missing", path=str(path))
    # More threads than one would live until the filter graph, a reference cycle, is garbage-collected.
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ, threads=1)
    samples, max_bytes = bytearray(), round(max_hours * 3600 * RATE_HZ) * np.dtype(np.float32).itemsize
    try:
        source = recordings.open_recording(path)
        with av.open(str(source) if isinstance(source, Path) else source, mode="r") as container:
            if not container.streams.audio:
                raise UserError("audio-file-silent", path=str(path))
            for frame in chain(container.decode(audio=0), [None]):
                if frame is not None and not MIN_RATE_HZ <= frame.sample_rate <= MAX_RATE_HZ:
                    raise UserError("audio-file-invalid", path=str(path))
                for part in resampler.resample(frame):
                    samples += part.to_ndarray().astype(np.float32, copy=False).tobytes()
                if len(samples) > max_bytes:
                    raise UserError("audio-file-too-long", path=str(path), hours=f"{max_hours:g}")
    except (av.FFmpegError, OSError) as error:
        raise UserError("audio-file-unreadable", path=str(path), reason=str(error.strerror)) from error
    except ValueError as error:  # the audio format changes within the file, or is invalid
        raise UserError("audio-file-invalid", path=str(path)) from error
    return np.frombuffer(samples, np.float32)


async def iterate_frames(audio: Audio, realtime: bool = False) -> AsyncIterator[Frame]:
    """Yield `audio` in frames as a recording does: at speaking pace where `realtime`, else as fast as it is read."""
    started_at = anyio.current_time()
    for start in range(0, len(audio), FRAME_SAMPLES):
        frame = audio[start : start + FRAME_SAMPLES]
        if realtime:
            await anyio.sleep_until(started_at + (start + len(frame)) / RATE_HZ)
        else:
            await anyio.lowlevel.checkpoint()
        yield frame


class ReplayMicrophone:
    """A `Microphone` and `Recording` that delivers all of an earlier recording, whenever it is stopped."""

    device = "a recording"
    problem = None
    notes: Notes = ()
    preroll_s = 0.0

    def __init__(self, audio: Audio) -> None:
        self._audio = audio

    @asynccontextmanager
    async def open(self) -> AsyncIterator[ReplayMicrophone]:
        """Start at the beginning of the recording."""
        yield self

    def stop(self, at: float) -> None:
        """Do nothing: all of the recording is delivered."""

    def __aiter__(self) -> AsyncIterator[Frame]:
        return iterate_frames(self._audio)
