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
from desktop.core.errors import Problem
from desktop.core.interfaces import Recognizer
from desktop.core.text import join
from desktop.core.types import FRAME, RATE_HZ, Frame, Sent, Transcript
from desktop.stt.local.segmenter import GOOD, PAUSE, VOICE

GOOD_FROM, ANY_FROM = 0.8, 0.95
"""Shares of the limit from which a piece ends at a good pause (0.5 s), and at any (0.16 s)."""

MOST = 64
"""Frames that may wait for a recognizer: two seconds. Further ones wait at their source, which may be a disk."""

AT_ONCE = 4
"""Maximum number of pieces in parallel: those of a file of hours would share a slow uplink until none made progress."""


class Cuts:
    """Decides where pieces end, from one voice probability per frame; independent of any recognizer."""

    def __init__(self, limit_s: float) -> None:
        self._limit = max(1, int(limit_s * RATE_HZ / FRAME))
        self._frames = self._quiet = 0

    @property
    def near(self) -> bool:
        """Whether the next frame's probability matters."""
        return self._frames + GOOD >= GOOD_FROM * self._limit

    def hear(self, voice: float) -> bool:
        """Add the next frame; return whether a piece ends after it."""
        self._frames += 1
        self._quiet = 0 if voice >= VOICE else self._quiet + 1
        share = self._frames / self._limit
        pause = PAUSE if share >= ANY_FROM else GOOD if share >= GOOD_FROM else math.inf
        if share < 1 and self._quiet < pause:
            return False
        self._frames = self._quiet = 0
        return True


class Limited(Recognizer, Protocol):
    """A recognizer that accepts at most `limit_s` seconds of audio."""

    limit_s: float


class Pieces:
    """`core.interfaces.Recognizer` that calls `recognizer` for each piece of at most `limit_s` seconds (default: its
    own limit)."""

    def __init__(self, one: Limited, limit_s: float | None = None) -> None:
        self._one = one
        self._limit_s = limit_s or one.limit_s

    async def transcribe(self, speech: AsyncIterable[Frame], show: Callable[[Transcript], None]) -> Transcript:
        """See `core.interfaces.Recognizer`. A piece that fails fails the whole."""
        said: list[Transcript] = []
        turn = anyio.Semaphore(AT_ONCE)

        async def ask(piece: int, frames: MemoryObjectReceiveStream[Frame]) -> None:
            def tell(partial: Transcript) -> None:
                said[piece] = partial
                show(joined(said) if piece == len(said) - 1 else replace(joined(said), settled=0))

            async with frames, turn:
                said[piece] = await self._one.transcribe(frames, tell)

        def begin() -> MemoryObjectSendStream[Frame]:
            ear, frames = anyio.create_memory_object_stream[Frame](MOST)
            said.append(Transcript())
            tasks.start_soon(ask, len(said) - 1, frames)
            return ear

        try:
            async with anyio.create_task_group() as tasks:
                cuts, voice = Cuts(self._limit_s), VoiceActivity()
                ear = begin()
                try:
                    async for frame in speech:
                        with suppress(anyio.BrokenResourceError):  # a piece that failed receives no more
                            await ear.send(frame)
                        if cuts.hear(voice(frame) if cuts.near else 1.0):
                            await ear.aclose()
                            ear = begin()
                finally:
                    ear.close()
        except* Problem as problems:
            raise problems.exceptions[0] from None
        return joined(said)


def joined(pieces: list[Transcript]) -> Transcript:
    """Join the transcripts of the pieces of one recording. Text is settled up to the first piece that is not."""
    if len(pieces) == 1:
        return pieces[0]
    text, settled, firm, offset_s = "", 0, True, 0.0
    segments = []
    for piece in pieces:
        text = join((text, piece.text))
        if firm and piece.settled:
            settled = len(text) - (len(piece.text) - piece.settled)
        firm = firm and piece.settled == len(piece.text)
        segments += [replace(one, start_s=one.start_s + offset_s, end_s=one.end_s + offset_s) for one in piece.segments]
        offset_s += piece.duration_s
    spoken = next((piece for piece in pieces if piece.text), pieces[0])
    return replace(
        spoken,
        text=text,
        settled=min(settled, len(text)),
        segments=tuple(segments),
        duration_s=round(offset_s, 3),
        decode_s=round(sum(piece.decode_s for piece in pieces), 3),
        guards=tuple(guard for piece in pieces for guard in piece.guards),
        note=" ".join(dict.fromkeys(piece.note for piece in pieces if piece.note)),
        sent=together(sent for piece in pieces for sent in piece.sent),
        agreed=all(piece.agreed for piece in pieces),
    )


def together(parts: Iterable[Sent]) -> tuple[Sent, ...]:
    """Return what was sent, added up by host and purpose."""
    total: dict[tuple[str, str], Sent] = {}
    for part in parts:
        before = total.get((part.host, part.purpose), Sent(part.host, part.purpose, cost_usd=0.0))
        total[part.host, part.purpose] = replace(
            before,
            audio_bytes=before.audio_bytes + part.audio_bytes,
            characters=before.characters + part.characters,
            cost_usd=_sum(before.cost_usd, part.cost_usd),
        )
    return tuple(total.values())


def _sum(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other
