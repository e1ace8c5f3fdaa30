"""Try the chosen engine from the settings: real speech through the recognizer that a dictation uses.

Without the fallback: where a service is chosen, the local model does not step in, because the trial must show a wrong
key. Live or recorded speech arrives at its own pace, so that the time from its end to the text is that of a dictation.
A kept recording is sent to a service only on the user's explicit request.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable
from dataclasses import dataclass

from anyio import to_thread

from desktop.audio.file import frames, read
from desktop.core.errors import Problem
from desktop.core.interfaces import Microphone, Recognizer
from desktop.core.types import FRAME, RATE_HZ, Audio, Frame, Sent
from desktop.history.history import History

logger = logging.getLogger(__name__)

HEARD_S = 4.0
"""Seconds of live speech recorded: one sentence."""

LONGEST_S = 8.0
"""Maximum seconds replayed of a recording: users do not wait for more."""

LOOKED_AT = 50
"""Number of newest dictations searched for a recording."""


@dataclass(frozen=True, slots=True)
class Trial:
    """The result of an engine trial. `release_ms` is the time from the end of speech to the text, in milliseconds."""

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
    """Try `recognizer` on speech recorded now if `live`, otherwise on the newest recording; return a `UserError` on
    failure.

    `on_listening` is called when the microphone delivers sound.
    """
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
    """Try `recognizer` on the newest kept recording. Raises `UserError`."""
    audio = await to_thread.run_sync(lambda: _newest(history))
    return await _tried(recognizer, _Speech(frames(audio[: round(LONGEST_S * RATE_HZ)], pace=True)))


async def with_voice(recognizer: Recognizer, microphone: Microphone, heard: Callable[[], None]) -> Trial:
    """Try `recognizer` on `LISTEN_S` of live speech; `on_listening` is called with the first sound. Raises
    `UserError`."""
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
    """Speech that counts its samples and records when it ended: at `released`, if that is set. `on_frame` is called for
    each frame."""

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
