"""Speech that is longer than a service takes at once: cut at pauses while it is spoken, sent in order, joined.

A limit comes from the service (25 MB a file, 25 minutes for some models, an hour for a socket), so a piece may be long,
and a long piece is what recognizers are best at: a cut is looked for only in the last part of the limit, at the first
good pause there, then at any, and at the limit wherever it falls. The pieces overlap in time, not in sound: while one
is still being answered the next is already heard.
"""

from __future__ import annotations

import math
from collections.abc import AsyncIterable, Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from desktop.ports import FRAME, RATE_HZ, Frame, Recognizer, Sent, Transcript
from desktop.problems import Problem
from desktop.speech.text import join
from desktop.speech.vad import VoiceActivity
from desktop.speech.windows import GOOD, PAUSE, VOICE

GOOD_FROM, ANY_FROM = 0.8, 0.95
"""From these shares of the limit on a piece ends at a good pause (0.5 s), and at any (0.16 s)."""

MOST = 64
"""Frames that wait for one who is asked: two seconds. What comes after them waits where it comes from, which may be a
disk."""

AT_ONCE = 4
"""Pieces that are under way at once: those of a file of hours would share a slow uplink until none of them got on."""


class Cuts:
    """Where pieces end: fed with one voice probability a frame, free of any recognizer."""

    def __init__(self, limit_s: float) -> None:
        self._limit = max(1, int(limit_s * RATE_HZ / FRAME))
        self._frames = self._quiet = 0

    @property
    def near(self) -> bool:
        """Whether the next frame's probability matters."""
        return self._frames + GOOD >= GOOD_FROM * self._limit

    def hear(self, voice: float) -> bool:
        """Take the next frame; whether a piece ends after it."""
        self._frames += 1
        self._quiet = 0 if voice >= VOICE else self._quiet + 1
        share = self._frames / self._limit
        pause = PAUSE if share >= ANY_FROM else GOOD if share >= GOOD_FROM else math.inf
        if share < 1 and self._quiet < pause:
            return False
        self._frames = self._quiet = 0
        return True


class Limited(Recognizer, Protocol):
    """A recognizer that takes `limit_s` seconds of sound at once."""

    limit_s: float


class Pieces:
    """`ports.Recognizer`: `one` asked as often as the speech has pieces of at most `limit_s`, its own limit where none
    is given."""

    def __init__(self, one: Limited, limit_s: float | None = None) -> None:
        self._one = one
        self._limit_s = limit_s or one.limit_s

    async def transcribe(self, speech: AsyncIterable[Frame], show: Callable[[Transcript], None]) -> Transcript:
        """See `ports.Recognizer`. One piece that fails fails the whole."""
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
                        with suppress(anyio.BrokenResourceError):  # a piece that has failed hears no more
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
    """The pieces of one recording as its transcript. What has settled is known up to the first piece that has not."""
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
    """What went to each host for each purpose, added up."""
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
