"""What the vendors' servers of the tests hear: the real Whisper model, or a stand-in where the words do not matter.

    with serve(OpenAI(Said("hello there"))) as served: ...      # answers a given text, at once
    with serve(OpenAI(whisper())) as served: ...                # decodes what it got and transcribes it

`Said("one", "two", phrase_s=1.0)` hears in phrases of a second, the first is "one", the second "two", every other one
silence. The servers of sockets hear while audio arrives, in phrases (`phrase_recognizer`); where those are cut depends
on the audio alone, and never on how it arrived.
"""

from __future__ import annotations

import asyncio
import math
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Protocol

import numpy as np
import soxr

from desktop.audio import file as audio_file
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio

MODEL = Path(__file__).parents[3] / ".cache" / "home" / "models" / "tiny.en"

PHRASE_S = (3.0, 8.0)
"""Whisper's phrases: the first pause after so many seconds ends one, and so many seconds do without a pause."""

PAUSE = 10
"""Frames of quiet that are a pause: 320 ms, about the `endpointing=300` that suits dictation."""

QUIET = 0.05
"""A frame is quiet whose root mean square is below this share of the loudest one's before it."""


class Words(Protocol):
    """Who hears."""

    async def hear(self, audio: Audio) -> str:
        """The words of `audio`."""
        ...

    async def guess(self, audio: Audio) -> str:
        """The words of `audio` as far as they are known, which more audio may change."""
        ...

    def cut(self, audio: Audio) -> tuple[int, bool] | None:
        """Where the first phrase of `audio` ends, in samples, and whether in a pause; None before that is known."""
        ...


class Said:
    """Answers the given texts in turn and then silence; with one text alone, always that."""

    def __init__(self, *texts: str, phrase_s: float = math.inf) -> None:
        self._texts, self._phrase_s = texts, phrase_s
        self._heard = 0

    async def hear(self, audio: Audio) -> str:
        """The next text; silence for no audio."""
        text = await self.guess(audio)
        self._heard += len(audio) > 0
        return text

    async def guess(self, audio: Audio) -> str:
        """The text that will be the next."""
        at = 0 if len(self._texts) == 1 else self._heard
        return self._texts[at] if len(audio) and at < len(self._texts) else ""

    def cut(self, audio: Audio) -> tuple[int, bool] | None:
        """After so many seconds, speech or not."""
        return (int(self._phrase_s * RATE_HZ), True) if len(audio) >= self._phrase_s * RATE_HZ else None


class Whisper:
    """The real model, on a thread of its own and one core, so that the test that waits for it has the other."""

    def __init__(self) -> None:
        from faster_whisper import WhisperModel

        self._model = WhisperModel(str(MODEL), device="cpu", compute_type="int8", cpu_threads=1)
        self._thread = ThreadPoolExecutor(1, "words")

    async def hear(self, audio: Audio) -> str:
        """The words of `audio`, in turn with those of other requests."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._decode, audio)

    guess = hear

    def cut(self, audio: Audio) -> tuple[int, bool] | None:
        """In a pause, else where it is quietest."""
        return phrase(audio, *PHRASE_S)

    def _decode(self, audio: Audio) -> str:
        if len(audio) < RATE_HZ // 10:
            return ""
        segments, _ = self._model.transcribe(audio, language="en", beam_size=1, condition_on_previous_text=False)
        return " ".join(segment.text.strip() for segment in segments if segment.no_speech_prob < 0.8)


@cache
def whisper() -> Whisper:
    """The model, loaded once for all tests."""
    return Whisper()


def phrase(audio: Audio, least_s: float, most_s: float) -> tuple[int, bool] | None:
    """The end of the first phrase, as `Words.cut` gives it. Each frame is judged by those before it alone, so that the
    same audio is cut alike however it arrived."""
    loud = np.sqrt(
        np.mean(np.square(audio[: len(audio) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)), axis=1)
    )
    least, most = (int(seconds * RATE_HZ / FRAME_SAMPLES) for seconds in (least_s, most_s))
    quiet = loud <= QUIET * np.maximum.accumulate(loud)
    for end in range(max(least, PAUSE), min(len(loud), most) + 1):
        if quiet[end - PAUSE : end].all():
            return (end - PAUSE // 2) * FRAME_SAMPLES, True
    return ((least + int(np.argmin(loud[least:most]))) * FRAME_SAMPLES, False) if len(loud) >= most else None


def decoded(data: bytes) -> Audio:
    """The sound in a file's bytes, whatever its format. Raises `Problem` where there is none."""
    with NamedTemporaryFile(suffix=".audio", delete_on_close=False) as file:
        file.write(data)
        file.close()  # else Windows opens it no second time
        return audio_file.read_audio(Path(file.name))


class Pcm:
    """16-bit little-endian mono samples at `rate_hz`, whose bytes arrive cut anywhere, as what is heard."""

    def __init__(self, rate_hz: int) -> None:
        self._resampler = soxr.ResampleStream(rate_hz, RATE_HZ, 1, dtype="float32") if rate_hz != RATE_HZ else None
        self._half = b""

    def sound(self, data: bytes) -> Audio:
        """As much as is known after `data`."""
        data = self._half + data
        whole = len(data) // 2 * 2
        self._half = data[whole:]
        return self._resampled(np.frombuffer(data[:whole], "<i2").astype(np.float32) / 32768)

    def rest(self) -> Audio:
        """What the resampler still has."""
        return self._resampled(np.zeros(0, np.float32), last=True)

    def _resampled(self, samples: Audio, last: bool = False) -> Audio:
        return self._resampler.resample_chunk(samples, last=last) if self._resampler else samples
