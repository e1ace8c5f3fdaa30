"""Split speech that exceeds a service's limit: cut at pauses during the dictation, send in order, join the texts.

A limit comes from the service (25 MB a file, 25 minutes for some models, an hour for a socket). A cut is made only in
the last part of the limit, at the first good pause there, then at any pause, and at the limit in any case. Processing
overlaps, audio does not (`docs/adr/0003`): while one piece is being answered the next is already received.
"""

from __future__ import annotations

import math
from collections.abc import AsyncIterable, Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from desktop.audio.vad import VoiceActivity
from desktop.core.errors import UserError
from desktop.core.interfaces import Recognizer
from desktop.core.messages import join_notes
from desktop.core.text import join_texts
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Frame, SentData, Transcript
from desktop.stt.segmenter import GOOD_PAUSE_FRAMES, PAUSE_FRAMES, VOICE_THRESHOLD

GOOD_PAUSE_SHARE, ANY_PAUSE_SHARE = 0.8, 0.95
"""Shares of the limit from which a piece ends at a good pause (0.5 s), and at any (0.16 s)."""

MAX_WAITING_FRAMES = 64
"""Frames that may wait for a recognizer: two seconds. Further ones wait at their source, which may be a disk."""

MAX_PARALLEL_CHUNKS = 4
"""Maximum number of pieces in parallel: those of a file of hours would share a slow uplink until none made progress."""


class ChunkCutter:
    """Decides where pieces end, from one voice probability per frame; independent of any recognizer."""

    def __init__(self, limit_s: float) -> None:
        self._limit = max(1, int(limit_s * RATE_HZ / FRAME_SAMPLES))
        self._frames = self._quiet = 0

    @property
    def is_near_limit(self) -> bool:
        """Whether the next frame's probability matters."""
        return self._frames + GOOD_PAUSE_FRAMES >= GOOD_PAUSE_SHARE * self._limit

    def add_frame(self, probability: float) -> bool:
        """Add the next frame; return whether a piece ends after it."""
        self._frames += 1
        self._quiet = 0 if probability >= VOICE_THRESHOLD else self._quiet + 1
        share = self._frames / self._limit
        pause = (
            PAUSE_FRAMES if share >= ANY_PAUSE_SHARE else GOOD_PAUSE_FRAMES if share >= GOOD_PAUSE_SHARE else math.inf
        )
        if share < 1 and self._quiet < pause:
            return False
        self._frames = self._quiet = 0
        return True


class LimitedRecognizer(Recognizer, Protocol):
    """A recognizer that accepts at most `limit_s` seconds of audio."""

    limit_s: float


class ChunkingRecognizer:
    """`desktop.core.interfaces.Recognizer` that calls `recognizer` for each piece of at most `limit_s` seconds
    (default: its own limit)."""

    def __init__(self, recognizer: LimitedRecognizer, limit_s: float | None = None) -> None:
        self._recognizer = recognizer
        self._limit_s = limit_s or recognizer.limit_s

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        """See `desktop.core.interfaces.Recognizer`. A piece that fails fails the whole."""
        transcripts: list[Transcript] = []
        slots = anyio.Semaphore(MAX_PARALLEL_CHUNKS)

        async def transcribe_chunk(chunk: int, frames: MemoryObjectReceiveStream[Frame]) -> None:
            def update_chunk(partial: Transcript) -> None:
                transcripts[chunk] = partial
                joined = join_transcripts(transcripts)
                on_partial(joined if chunk == len(transcripts) - 1 else replace(joined, stable_length=0))

            async with frames, slots:
                transcripts[chunk] = await self._recognizer.transcribe(frames, update_chunk)

        def begin_chunk() -> MemoryObjectSendStream[Frame]:
            feed, frames = anyio.create_memory_object_stream[Frame](MAX_WAITING_FRAMES)
            transcripts.append(Transcript())
            tasks.start_soon(transcribe_chunk, len(transcripts) - 1, frames)
            return feed

        try:
            async with anyio.create_task_group() as tasks:
                cutter, voice = ChunkCutter(self._limit_s), VoiceActivity()
                feed = begin_chunk()
                try:
                    async for frame in speech:
                        with suppress(anyio.BrokenResourceError):  # a piece that failed receives no more
                            await feed.send(frame)
                        if cutter.add_frame(voice(frame) if cutter.is_near_limit else 1.0):
                            await feed.aclose()
                            feed = begin_chunk()
                finally:
                    feed.close()
        except* UserError as problems:
            raise problems.exceptions[0] from None
        return join_transcripts(transcripts)


def join_transcripts(chunks: list[Transcript]) -> Transcript:
    """Join the transcripts of the pieces of one recording. Text is settled up to the first piece that is not."""
    if len(chunks) == 1:
        return chunks[0]
    text, settled, firm, offset_s = "", 0, True, 0.0
    segments = []
    for piece in chunks:
        text = join_texts((text, piece.text))
        if firm and piece.stable_length:
            settled = len(text) - (len(piece.text) - piece.stable_length)
        firm = firm and piece.stable_length == len(piece.text)
        segments += [
            replace(segment, start_s=segment.start_s + offset_s, end_s=segment.end_s + offset_s)
            for segment in piece.segments
        ]
        offset_s += piece.duration_s
    spoken = next((piece for piece in chunks if piece.text), chunks[0])
    return replace(
        spoken,
        text=text,
        stable_length=min(settled, len(text)),
        segments=tuple(segments),
        duration_s=round(offset_s, 3),
        decode_s=round(sum(piece.decode_s for piece in chunks), 3),
        guards=tuple(guard for piece in chunks for guard in piece.guards),
        notes=join_notes(*(piece.notes for piece in chunks)),
        sent=sum_sent(sent for piece in chunks for sent in piece.sent),
        silence_confirmed=all(piece.silence_confirmed for piece in chunks),
    )


def sum_sent(parts: Iterable[SentData]) -> tuple[SentData, ...]:
    """Return what was sent, added up by host and purpose."""
    total: dict[tuple[str, str], SentData] = {}
    for part in parts:
        before = total.get((part.host, part.purpose), SentData(part.host, part.purpose, cost_usd=0.0))
        total[part.host, part.purpose] = replace(
            before,
            audio_bytes=before.audio_bytes + part.audio_bytes,
            characters=before.characters + part.characters,
            cost_usd=_add_costs(before.cost_usd, part.cost_usd),
        )
    return tuple(total.values())


def _add_costs(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else first + second
