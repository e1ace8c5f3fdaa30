"""The chosen engine is tried from the settings: real speech through the very recognizer that a dictation asks, and what
came of it.

The engine is asked alone: where a service is chosen, the local model does not stand in for it, since a wrong key is
what one wants to see here. Speech is heard or given at its own pace, so that the time from its end to the text is what
a dictation takes. A kept recording goes to a service only where the person asks for just that.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable
from dataclasses import dataclass

from anyio import to_thread

from desktop.audio_file import frames, read
from desktop.history import History
from desktop.ports import FRAME, RATE_HZ, Audio, Frame, Microphone, Recognizer, Sent
from desktop.problems import Problem

logger = logging.getLogger(__name__)

HEARD_S = 4.0
"""How long one is listened to: a sentence."""

LONGEST_S = 8.0
"""What is given of a longer recording: nobody waits for more."""

LOOKED_AT = 50
"""How many of the newest dictations are looked through for a recording."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it. `release_ms` is the time from the end of the speech to the text, in milliseconds."""

    text: str
    language: str
    spoken_s: float
    release_ms: float
    engine: str
    model: str
    device: str = ""
    note: str = ""
    sent: tuple[Sent, ...] = ()


async def trial(
    spoken: bool, recognizer: Recognizer, microphone: Microphone, history: History, heard: Callable[[], None]
) -> Trial | Problem:
    """Try `recognizer` on what is `spoken` now, or else on the newest recording; the `Problem` where that cannot be.
    `heard` is called when the microphone hears."""
    try:
        if spoken:
            return await with_voice(recognizer, microphone, heard)
        return await with_recording(recognizer, history)
    except Problem as problem:
        return problem
    except Exception:
        logger.exception("the engine could not be tried")
        return Problem("Something went wrong in the test.", "The log says what.")


async def with_recording(recognizer: Recognizer, history: History) -> Trial:
    """Try `recognizer` on the newest recording that is kept. Raises `Problem`."""
    audio = await to_thread.run_sync(lambda: _newest(history))
    return await _tried(recognizer, _Speech(frames(audio[: round(LONGEST_S * RATE_HZ)], pace=True)))


async def with_voice(recognizer: Recognizer, microphone: Microphone, heard: Callable[[], None]) -> Trial:
    """Try `recognizer` on what is said into `microphone` for `HEARD_S`; `heard` is called with the first sound that
    comes. Raises `Problem`."""
    async with microphone.open() as recording:
        speech = _Speech(recording)

        def listened() -> None:
            if speech.samples <= FRAME:
                heard()
            if speech.samples >= HEARD_S * RATE_HZ and not speech.released:
                speech.released = True
                recording.stop(speech.ended)

        speech.listened = listened
        return await _tried(recognizer, speech)


class _Speech:
    """Speech that remembers how much there was and when it ended: when it was `released`, where somebody does that.
    `listened` is called for each frame."""

    def __init__(self, speech: AsyncIterable[Frame]) -> None:
        self.samples = 0
        self.ended = time.monotonic()
        self.released = False
        self.listened: Callable[[], None] = lambda: None
        self._speech = speech

    async def __aiter__(self) -> AsyncIterator[Frame]:
        async for frame in self._speech:
            self.samples += len(frame)
            if not self.released:
                self.ended = time.monotonic()
            self.listened()
            yield frame


async def _tried(recognizer: Recognizer, speech: _Speech) -> Trial:
    said = await recognizer.transcribe(speech, lambda partial: None)
    after_ms = (time.monotonic() - speech.ended) * 1000
    facts = (said.engine, said.model, said.device, said.note, said.sent)
    return Trial(said.text, said.language, speech.samples / RATE_HZ, after_ms, *facts)


def _newest(history: History) -> Audio:
    for row in history.rows(LOOKED_AT):
        if row.audio_path is not None and row.audio_path.is_file() and row.text:
            return read(row.audio_path)
    raise Problem("There is no recording that could be used.", "Say something instead.")
