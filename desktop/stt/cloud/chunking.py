"""Split speech that exceeds a service's limit: cut at pauses during the dictation, send in order, join the texts.

A limit comes from the service (25 MB a file, 25 minutes for some models, an hour for a socket), so a piece may be long,
and long pieces are the most accurate: a cut is made only in the last part of the limit, at the first good pause there,
then at any pause, and at the limit in any case. Processing overlaps, audio does not: while one piece is being answered
the next is already received.
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
    """`core.interfaces.Recognizer` that calls `recognizer` for each piece of at most `limit_s` seconds (default: its
    own limit)."""

    def __init__(self, recognizer: LimitedRecognizer, limit_s: float | None = None) -> None:
        self._recognizer = recognizer
        self._limit_s = limit_s or recognizer.limit_s

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        """See `core.interfaces.Recognizer`. A piece that fails fails the whole."""
        said: list[Transcript] = []
        turn = anyio.Semaphore(MAX_PARALLEL_CHUNKS)

        async def ask(piece: int, frames: MemoryObjectReceiveStream[Frame]) -> None:
            def update_chunk(partial: Transcript) -> None:
                said[piece] = partial
                on_partial(
                    join_transcripts(said)
                    if piece == len(said) - 1
                    else replace(join_transcripts(said), stable_length=0)
                )

            async with frames, turn:
                said[piece] = await self._recognizer.transcribe(frames, update_chunk)

        def begin() -> MemoryObjectSendStream[Frame]:
            ear, frames = anyio.create_memory_object_stream[Frame](MAX_WAITING_FRAMES)
            said.append(Transcript())
            tasks.start_soon(ask, len(said) - 1, frames)
            return ear

        try:
            async with anyio.create_task_group() as tasks:
                cuts, voice = ChunkCutter(self._limit_s), VoiceActivity()
                ear = begin()
                try:
                    async for frame in speech:
                        with suppress(anyio.BrokenResourceError):  # a piece that failed receives no more
                            await ear.send(frame)
                        if cuts.add_frame(voice(frame) if cuts.is_near_limit else 1.0):
                            await ear.aclose()
                            ear = begin()
                finally:
                    ear.close()
        except* UserError as problems:
            raise problems.exceptions[0] from None
        return join_transcripts(said)


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
        segments += [replace(one, start_s=one.start_s + offset_s, end_s=one.end_s + offset_s) for one in piece.segments]
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
        note=" ".join(dict.fromkeys(piece.note for piece in chunks if piece.note)),
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


def _add_costs(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other
