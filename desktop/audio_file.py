"""Reading any audio file as what a microphone would have given: mono float32 at 16 kHz.

A recording of ours may be sealed (`recorded`), which makes no difference to who asks.

PyAV carries FFmpeg, so whatever a phone or a recorder writes can be read, video included; its resampler filters
aliases.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import numpy as np

from desktop import recorded
from desktop.ports import FRAME, RATE_HZ, Audio, Frame
from desktop.problems import Problem


def read(path: Path) -> Audio:
    """The first audio stream of the file. Raises `Problem` when it cannot be read or holds none."""
    import av

    if not path.is_file():
        raise Problem(f"There is no file {path}.", "Check its name.")
    # More threads than one would stay until its graph is collected, which is a while: it is a cycle.
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ, threads=1)
    pieces: list[Any] = []
    try:
        sound = recorded.sound(path)
        with av.open(str(sound) if isinstance(sound, Path) else sound, mode="r") as container:
            if not container.streams.audio:
                raise Problem(f"{path} holds no sound.", "Give a file with an audio stream.")
            for frame in container.decode(audio=0):
                pieces.extend(part.to_ndarray().reshape(-1) for part in resampler.resample(frame))
            pieces.extend(part.to_ndarray().reshape(-1) for part in resampler.resample(None))
    except (av.FFmpegError, OSError) as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.", "Is it an audio file?") from error
    except ValueError as error:  # what its sound is made of changes on the way, or makes no sense
        raise Problem(f"{path} cannot be read.", "Save it as another kind of audio file, then try again.") from error
    return np.concatenate(pieces).astype(np.float32, copy=False) if pieces else np.zeros(0, np.float32)


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
