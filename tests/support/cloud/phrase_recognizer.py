"""Transcribe audio in phrases while it arrives."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import numpy as np

from desktop.core.types import RATE_HZ, Audio
from tests.support.cloud.words import Words

GUESS_S = 1.0
"""Seconds of new audio that are worth a guess."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words of a stretch. `paused`: it ends in a pause; `asked`: it ends because its end was asked for. Times in
    seconds."""

    text: str
    start_s: float
    duration_s: float
    paused: bool = False
    asked: bool = False


class Hearing:
    """`feed` it, and have the rest by `finish`. `told` is awaited with each phrase, in order, as soon as its words are
    known; `guess` with the unfinished one, where there is time for that."""

    def __init__(
        self,
        words: Words,
        told: Callable[[Phrase], Awaitable[None]],
        guess: Callable[[Phrase], Awaitable[None]] | None = None,
    ) -> None:
        self._words, self._told, self._guess = words, told, guess
        self._open: Audio = np.zeros(0, np.float32)
        self._start = self._guessed = 0
        self._last: asyncio.Task[None] | None = None

    @property
    def duration_s(self) -> float:
        """Seconds that were fed."""
        return (self._start + len(self._open)) / RATE_HZ

    @property
    def open_s(self) -> float:
        """Those of them that are in no phrase yet."""
        return len(self._open) / RATE_HZ

    def feed(self, audio: Audio) -> None:
        """Hear on."""
        self._open = np.concatenate((self._open, audio))
        while (end := self._words.cut(self._open)) is not None:
            self._close(*end)
        idle = self._last is None or self._last.done()
        if self._guess and idle and len(self._open) - self._guessed >= GUESS_S * RATE_HZ:
            self._guessed = len(self._open)
            self._then(self._try(self._guess, self._open, self._start))

    async def finish(self) -> None:
        """Have the rest told, if there is any; returns when all is."""
        if len(self._open):
            self._close(len(self._open), asked=True)
        if self._last:
            await self._last

    def clear(self) -> None:
        """Forget what is in no phrase yet."""
        self._start += len(self._open)
        self._open, self._guessed = self._open[:0], 0

    def stop(self) -> None:
        """Hear no more."""
        if self._last:
            self._last.cancel()

    def _close(self, end: int, paused: bool = False, asked: bool = False) -> None:
        self._then(self._settle(self._open[:end], self._start, paused, asked))
        self._open, self._guessed = self._open[end:], 0
        self._start += end

    def _then(self, work: Coroutine[Any, Any, None]) -> None:
        self._last = asyncio.get_running_loop().create_task(self._after(self._last, work))
        self._last.add_done_callback(lambda _: work.close())  # cancelled before it began, it closes nothing itself

    async def _after(self, before: asyncio.Task[None] | None, work: Coroutine[Any, Any, None]) -> None:
        try:
            if before:
                await before
        except BaseException:
            work.close()
            raise
        await work

    async def _settle(self, audio: Audio, start: int, paused: bool, asked: bool) -> None:
        text = await self._words.hear(audio)
        await self._told(Phrase(text, start / RATE_HZ, len(audio) / RATE_HZ, paused, asked))

    async def _try(self, guess: Callable[[Phrase], Awaitable[None]], audio: Audio, start: int) -> None:
        await guess(Phrase(await self._words.guess(audio), start / RATE_HZ, len(audio) / RATE_HZ))
