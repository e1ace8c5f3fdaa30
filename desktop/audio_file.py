"""Reading any audio file as what a microphone would have given: mono float32 at 16 kHz.

A recording of ours may be sealed (`sealing.recorded`), which makes no difference to who asks.

PyAV carries FFmpeg, so whatever a phone or a recorder writes can be read, video included; its resampler filters
aliases.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import chain
from pathlib import Path

import anyio
import anyio.lowlevel
import numpy as np

from desktop.ports import FRAME, RATE_HZ, Audio, Frame
from desktop.problems import Problem
from desktop.sealing import recorded

LONGEST_H = 4.0
"""Hours of sound that are read, twice the longest dictation: 0.9 GB. How large a file is says nothing of that, for
silence is packed by ten thousand to one."""


def read(path: Path, longest_h: float = LONGEST_H) -> Audio:
    """The first audio stream of the file. Raises `Problem` when it cannot be read, holds none, or lasts longer than
    `longest_h` hours."""
    import av

    if not path.is_file():
        raise Problem(f"There is no file {path}.", "Check its name.")
    # More threads than one would stay until its graph is collected, which is a while: it is a cycle.
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
    except ValueError as error:  # what its sound is made of changes on the way, or makes no sense
        raise Problem(f"{path} cannot be read.", "Save it as another kind of audio file, then try again.") from error
    return np.frombuffer(heard, np.float32)


async def frames(audio: Audio, pace: bool = False) -> AsyncIterator[Frame]:
    """`audio` as a recording gives it: in frames, at the pace of speech where `pace`, else as fast as it is read."""
    began = anyio.current_time()
    for start in range(0, len(audio), FRAME):
        frame = audio[start : start + FRAME]
        if pace:
            await anyio.sleep_until(began + (start + len(frame)) / RATE_HZ)
        else:
            await anyio.lowlevel.checkpoint()
        yield frame


class Replay:
    """`ports.Microphone` that hears a recording made earlier, all of it, whenever it is stopped."""

    device = "a recording"
    trouble = None
    note = ""
    before_s = 0.0

    def __init__(self, audio: Audio) -> None:
        self._audio = audio

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Replay]:
        """Begin at its beginning."""
        yield self

    def stop(self, at: float) -> None:
        """Nothing: what was recorded was meant."""

    def __aiter__(self) -> AsyncIterator[Frame]:
        return frames(self._audio)
