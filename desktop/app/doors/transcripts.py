"""Transcribe audio that a program of the user gives, by the model on this machine, after the user's own dictations.

The audio is read from the link no faster than it is transcribed, and nothing of it is kept. It is transcribed in short
pieces, one after the other: a decode that has begun cannot be ended, and a dictation that begins then waits for it.
A service that the settings choose is not asked: the user has chosen it for dictations.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict

import anyio
import numpy as np

from desktop.app.ipc_links import CLIENT_GONE, Link
from desktop.audio.vad import VoiceActivity
from desktop.core.errors import UserError
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Frame, Transcript
from desktop.settings.schema import LANGUAGES
from desktop.stt.cloud.chunking import join_transcripts
from desktop.stt.local.client import low_priority
from desktop.stt.recognition import ConfiguredRecognizer
from desktop.stt.segmenter import GOOD_PAUSE_FRAMES, PAUSE_FRAMES, VOICE_THRESHOLD

MAX_SAMPLES = 4 * 3600 * RATE_HZ
"""The longest audio."""

MAX_WAITING = 8
"""Clients at once: one is served, the others wait."""

SILENCE_TIMEOUT_S = 30.0
"""Seconds without the next of the audio after which a client is refused."""

GOOD_PAUSE_FROM_S, ANY_PAUSE_FROM_S, MAX_PIECE_S = 4.0, 7.0, 15.0
"""Seconds of a piece from which it ends at a good pause (0.5 s) and at any (0.16 s), and in any case."""

_SAMPLE_BYTES = np.dtype(np.float32).itemsize


class TranscriptService:
    """Serves the links `transcribe`: a client gives `samples` samples at 16 kHz and gets a line with their text.

    `wait_until_idle` returns while no dictation is running.
    """

    def __init__(self, recognition: ConfiguredRecognizer, wait_until_idle: Callable[[], Awaitable[None]]) -> None:
        self._recognition = recognition
        self._wait_until_idle = wait_until_idle
        self._order = anyio.Lock()
        self._client_count = 0

    async def serve(self, link: Link) -> None:
        """Serve a link until it ends. Raises `UserError`."""
        language, count = link.text("language", 20), link.number("samples", 0, MAX_SAMPLES)
        if language and language not in LANGUAGES:
            raise UserError("language-not-known", language=language)
        if self._client_count >= MAX_WAITING:
            raise UserError("app-busy")
        status = self._recognition.local_status
        if not self._recognition.has_local_model:
            raise UserError("serve-model-missing")
        self._client_count += 1
        try:
            await link.accept(model=status.model)
            if count:
                first = await _read_samples(link, min(FRAME_SAMPLES, count))  # so that no silent client has its turn
                async with self._order:
                    transcript = await self._transcribe(link, first, count, language)
                if transcript is not None:  # sent after its turn, which a client that reads nothing would keep
                    await link.send(
                        {
                            "text": transcript.text,
                            "language": transcript.language,
                            "duration_s": transcript.duration_s,
                            "segments": [asdict(segment) for segment in transcript.segments],
                            "model": transcript.model,
                        }
                    )
        finally:
            self._client_count -= 1

    async def _transcribe(self, link: Link, first: Frame, count: int, language: str) -> Transcript | None:
        """Return the transcript; None where the client has gone. Raises `UserError`."""
        is_read, problem, transcript = anyio.Event(), None, None
        with anyio.CancelScope() as scope:

            async def read_frames() -> AsyncIterator[Frame]:
                nonlocal problem
                await self._wait_until_idle()
                yield first
                for start in range(FRAME_SAMPLES, count, FRAME_SAMPLES):
                    await self._wait_until_idle()
                    try:
                        frame = await _read_samples(link, min(FRAME_SAMPLES, count - start))
                    except (*CLIENT_GONE, UserError) as error:
                        problem = error
                        scope.cancel()
                        await anyio.sleep_forever()
                    yield frame
                is_read.set()

            async def work() -> None:
                nonlocal transcript
                with low_priority():
                    transcript = await self._transcribe_pieces(read_frames(), (language,) if language else None)

            await link.run_while_open(work, is_read)
        if problem is not None:
            raise problem
        return transcript

    async def _transcribe_pieces(self, frames: AsyncIterator[Frame], languages: tuple[str, ...] | None) -> Transcript:
        """Return the transcript of all pieces; the language of the first that has words is that of the others."""
        voice, transcripts = VoiceActivity(), list[Transcript]()
        piece, quiet = list[Frame](), 0

        async def transcribe_piece() -> None:
            nonlocal piece, languages
            transcript = await self._recognition.transcribe_locally(_replay(piece), languages)
            transcripts.append(transcript)
            piece = []
            if languages is None and transcript.text and transcript.language:
                languages = (transcript.language,)

        async for frame in frames:
            piece.append(frame)
            quiet = 0 if voice(frame) >= VOICE_THRESHOLD else quiet + 1
            if is_piece_end(len(piece) * FRAME_SAMPLES / RATE_HZ, quiet):
                await transcribe_piece()
        if piece:
            await transcribe_piece()
        return join_transcripts(transcripts)


async def _read_samples(link: Link, count: int) -> Frame:
    """Return the next samples. Raises one of `CLIENT_GONE`, and `UserError` where none come."""
    try:
        with anyio.fail_after(SILENCE_TIMEOUT_S):
            return np.frombuffer(await link.read(count * _SAMPLE_BYTES), np.float32)
    except TimeoutError as error:
        raise UserError("audio-too-slow") from error


async def _replay(frames: list[Frame]) -> AsyncIterator[Frame]:
    """Yield frames at once, so that they are decoded whole and not as if they were being spoken."""
    for frame in frames:
        yield frame


def is_piece_end(length_s: float, quiet_frames: int) -> bool:
    """Return whether a piece of `length_s` ends here, after `quiet_frames` without a voice."""
    pause = PAUSE_FRAMES if length_s >= ANY_PAUSE_FROM_S else GOOD_PAUSE_FRAMES
    return length_s >= MAX_PIECE_S or (length_s >= GOOD_PAUSE_FROM_S and quiet_frames >= pause)
