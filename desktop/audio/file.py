"""Read any audio file as mono float32 at 16 kHz, as the microphone delivers it.

Encrypted recordings (`encryption.recordings`) are decrypted. PyAV carries FFmpeg, so phone and recorder formats can be
read, video included; its resampler filters aliases.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import chain
from pathlib import Path

import anyio
import anyio.lowlevel
import numpy as np

from desktop.core.errors import Problem
from desktop.core.types import FRAME, RATE_HZ, Audio, Frame
from desktop.encryption import recordings as recorded

LONGEST_H = 4.0
"""Longest audio that is read in hours, twice the longest dictation: 0.9 GB. A file's size does not tell: silence is
compressed by ten thousand to one."""


def read(path: Path, longest_h: float = LONGEST_H) -> Audio:
    """Return the first audio stream of the file, shape (n,).

    Raises `UserError` when it cannot be read, has no audio, or lasts longer than `max_hours`.
    """
    import av

    if not path.is_file():
        raise Problem(f"There is no file {path}.", "Check its name.")
    # More threads than one would live until the filter graph, a reference cycle, is garbage-collected.
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ, threads=1)
    heard, most = bytearray(), round(longest_h * 3600 * RATE_HZ) * np.dtype(np.float32).itemsize
    try:
        sound = recorded.sound(path)
        with av.open(str(sound) if isinstance(sound, Path) else sound, mode="r") as container:
            if not container.streams.audio:
                raise Problem(f"{path} holds no sound.", "Give a file with an audio stream.")
            for frame in chain(container.decode(audio=0), [None]):
                for part in resampler.resample(frame):
                    heard += part.to_ndarray().astype(np.float32, copy=False).tobytes()
                if len(heard) > most:
                    raise Problem(
                        f"{path} holds more than {longest_h:g} hours of sound.", "Cut it into parts, then try again."
                    )
    except (av.FFmpegError, OSError) as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.", "Is it an audio file?") from error
    except ValueError as error:  # the audio format changes within the file, or is invalid
        raise Problem(f"{path} cannot be read.", "Save it as another kind of audio file, then try again.") from error
    return np.frombuffer(heard, np.float32)


async def frames(audio: Audio, pace: bool = False) -> AsyncIterator[Frame]:
    """Yield `audio` in frames as a recording does: at speaking pace where `realtime`, else as fast as it is read."""
    began = anyio.current_time()
    for start in range(0, len(audio), FRAME):
        frame = audio[start : start + FRAME]
        if pace:
            await anyio.sleep_until(began + (start + len(frame)) / RATE_HZ)
        else:
            await anyio.lowlevel.checkpoint()
        yield frame


class Replay:
    """A `Microphone` and `Recording` that delivers all of an earlier recording, whenever it is stopped."""

    device = "a recording"
    trouble = None
    note = ""
    before_s = 0.0

    def __init__(self, audio: Audio) -> None:
        self._audio = audio

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Replay]:
        """Start at the beginning of the recording."""
        yield self

    def stop(self, at: float) -> None:
        """Do nothing: all of the recording is delivered."""

    def __aiter__(self) -> AsyncIterator[Frame]:
        return frames(self._audio)
