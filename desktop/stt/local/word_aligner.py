"""Find words in recordings of any length with the local model: `desktop.core.interfaces.WordAligner`.

A recording is cut where it is quiet into windows that the model aligns in a fraction of a second, so that a dictation
that begins meanwhile waits for one of them at most. Which words are in which window is found by decoding each quickly
and comparing what it says with the text.

Cross-attention tells well where a word ends and badly where one begins after a pause, which it counts to that word; so
the quiet part of a word is taken from it.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from itertools import pairwise

import numpy as np
from anyio import to_thread

from desktop.audio.loudness import LEVEL_STEP_S, find_loud_steps, measure_levels, smooth_levels
from desktop.core.errors import RecognizerError
from desktop.core.text import join_texts
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, TimedWord
from desktop.core.word_alignment import place_words, split_words
from desktop.stt.local.client import WhisperClient, low_priority
from desktop.stt.local.decoding import AlignedText, DecodeRequest, TokenTime
from desktop.stt.traits import WHISPER

logger = logging.getLogger(__name__)

MAX_WINDOW_S, MIN_WINDOW_S = 14.0, 7.0
"""Longest window, and from where on a quiet place in it may end it. Base aligns 14 s in 0.3 s on one core."""

MIN_PAUSE_S = 0.2
"""Seconds of quiet that are no part of a word: the stops within words are shorter."""

REMNANT_SHARE = 0.5
"""Share of a word's longest stretch of sound below which another is a remnant of the word beside it."""

MIN_WORD_S = 0.06
"""Least seconds that are left of a word without its quiet part."""

MIN_TOKEN_LOG_PROBABILITY = -20.0
"""The least log probability of a token."""

type ClientLender = Callable[[], AbstractContextManager[WhisperClient | None]]
"""Lends the client of the local model; None if there is no model."""


class LocalWordAligner:
    """`desktop.core.interfaces.WordAligner` by the model that `lend_client` lends, or the Whisper beside it.

    `write(text, language)` returns what the model heard as the user writes it, such as in traditional characters.
    """

    def __init__(self, lend_client: ClientLender, write: Callable[[str, str], str]) -> None:
        self._lend_client = lend_client
        self._write = write

    async def align(self, audio: Audio, text: str, language: str, *, is_urgent: bool = False) -> tuple[TimedWord, ...]:
        """See `desktop.core.interfaces.WordAligner`."""
        if not len(audio) or not split_words(text)[0]:
            return ()
        return await self._run(lambda client: self._align(client, audio, text, language), is_urgent=is_urgent)

    async def list_alternatives(self, audio: Audio, language: str, count: int) -> tuple[str, ...]:
        """See `desktop.core.interfaces.WordAligner`."""
        if not len(audio) or count < 1:
            return ()
        texts = await self._run(lambda client: _list_alternatives(client, audio, language, count))
        return tuple(dict.fromkeys(self._write(text, language) for text in texts))

    async def score(self, audio: Audio, texts: Sequence[str], language: str) -> tuple[float, ...]:
        """See `desktop.core.interfaces.WordAligner`."""
        if not len(audio):
            return ()
        return await self._run(lambda client: self._score(client, audio, texts, language))

    async def _run[T](
        self, work: Callable[[WhisperClient], Awaitable[tuple[T, ...]]], *, is_urgent: bool = False
    ) -> tuple[T, ...]:
        """Return what `work` returns of a loaded model, Whisper if there is one; empty if that fails."""
        with self._lend_client() as client:
            if client is None:
                return ()
            try:
                with client.hold(), nullcontext() if is_urgent else low_priority():
                    await client.load()
                    guide = None if client.traits.family == WHISPER else await client.find_guide()
                    if guide is not None:
                        await guide.load()
                    return await work(guide or client)
            except RecognizerError as problem:
                logger.warning("no words are found in a recording: %s", problem)
                return ()

    async def _align(self, client: WhisperClient, audio: Audio, text: str, language: str) -> tuple[TimedWord, ...]:
        windows = await to_thread.run_sync(cut_windows, audio)
        words: list[TimedWord] = []
        for (begin, end), part in zip(
            windows, await self._split_text(client, audio, windows, text, language), strict=True
        ):
            aligned = await client.align(audio[begin:end], [part], language) if part.strip() else []
            if part.strip() and not aligned:
                return ()  # the model tells no times
            for one in aligned:
                timed = trim_quiet(time_words(part, one, (end - begin) / RATE_HZ), audio[begin:end])
                words += [_shift(word, begin / RATE_HZ) for word in timed]
        return tuple(words)

    async def _score(
        self, client: WhisperClient, audio: Audio, texts: Sequence[str], language: str
    ) -> tuple[float, ...]:
        if client.traits.family != WHISPER:
            return ()
        windows = await to_thread.run_sync(cut_windows, audio)
        parts = [await self._split_text(client, audio, windows, text, language) for text in texts]
        sums, counts = np.zeros(len(texts)), np.zeros(len(texts))
        for at, (begin, end) in enumerate(windows):
            aligned = await client.align(audio[begin:end], [part[at] for part in parts], language)
            for text, one in enumerate(aligned):
                logs = [max(MIN_TOKEN_LOG_PROBABILITY, _log(token.probability)) for token in one.tokens]
                sums[text] += sum(logs)
                counts[text] += len(logs)
        return tuple(float(total) if count else -math.inf for total, count in zip(sums, counts, strict=True))

    async def _split_text(
        self, client: WhisperClient, audio: Audio, windows: Sequence[tuple[int, int]], text: str, language: str
    ) -> list[str]:
        """Return the part of `text` that is said in each of the windows of `audio`."""
        if len(windows) == 1:
            return [text]
        said = []
        for begin, end in windows:
            voices = "9" * -(-(end - begin) // FRAME_SAMPLES)
            result = await client.decode(audio[begin:end], DecodeRequest(voices, language, beam=1, live=True))
            said.append(self._write(result.text, result.language))
        return await to_thread.run_sync(split_text, text, said)


async def _list_alternatives(client: WhisperClient, audio: Audio, language: str, count: int) -> tuple[str, ...]:
    windows = await to_thread.run_sync(cut_windows, audio)
    return join_alternatives(
        [await client.list_alternatives(audio[begin:end], language, count) for begin, end in windows], count
    )


def cut_windows(audio: Audio) -> list[tuple[int, int]]:
    """Return the samples where windows of at most `MAX_WINDOW_S` begin and end, cut where it is the quietest."""
    step = round(LEVEL_STEP_S * RATE_HZ)
    levels = smooth_levels(measure_levels(audio), 20)
    windows = []
    begin = 0
    while len(audio) - begin > MAX_WINDOW_S * RATE_HZ:
        first, last = (begin + round(seconds * RATE_HZ) for seconds in (MIN_WINDOW_S, MAX_WINDOW_S))
        end = (first // step + int(np.argmin(levels[first // step : last // step]))) * step
        windows.append((begin, end))
        begin = end
    return [*windows, (begin, len(audio))]


def split_text(text: str, said: Sequence[str]) -> list[str]:
    """Return the part of `text` that belongs to each of the texts of consecutive windows; together they are `text`."""
    words, spans = split_words(text)
    others, windows = [], []
    for window, part in enumerate(said):
        found = split_words(part)[0]
        others += found
        windows += [window] * len(found)
    if not others:
        return [text, *[""] * (len(said) - 1)]
    places = [windows[place] for place in place_words(words, others)]
    begins = [
        next((spans[at][0] for at, place in enumerate(places) if place >= window), len(text))
        for window in range(len(said))
    ]
    return [text[begin:end] for begin, end in pairwise([0, *begins[1:], len(text)])]


def time_words(text: str, aligned: AlignedText, seconds: float) -> list[TimedWord]:
    """Return the words of `text` with the times of `aligned` in a window of `seconds`.

    Where that is another text, what a model heard by itself, a word has the time of the word that stands for it there.
    """
    words, spans = split_words(text)
    others, other_spans = split_words(aligned.text)
    if not aligned.tokens or not others:
        step = seconds / max(1, len(words))
        return [TimedWord(at * step, (at + 1) * step, text[a:b], 0.0) for at, (a, b) in enumerate(spans)]
    timed = [_time_span(begin, end, aligned) for begin, end in other_spans]
    places = range(len(words)) if text == aligned.text else place_words(words, others)
    return [
        replace(timed[place], text=text[a:b], probability=timed[place].probability if word == others[place] else 0.0)
        for word, (a, b), place in zip(words, spans, places, strict=True)
    ]


def trim_quiet(words: Sequence[TimedWord], audio: Audio) -> list[TimedWord]:
    """Return the words without the pause that comes before or after each, measured in their window's audio."""
    is_loud = find_loud_steps(audio)
    trimmed = [_trim_word(word, is_loud) for word in words]
    limits = [*(word.start_s for word in trimmed[1:]), len(audio) / RATE_HZ]
    return [_extend_word(word, is_loud, limit_s) for word, limit_s in zip(trimmed, limits, strict=True)]


def join_alternatives(texts: Sequence[Sequence[str]], count: int) -> tuple[str, ...]:
    """Return the alternatives of consecutive windows as those of the whole; a window without more repeats its last."""
    if not any(texts):
        return ()
    most = min(count, max(map(len, texts)))
    wholes = [join_texts(part[min(at, len(part) - 1)] for part in texts if part) for at in range(most)]
    return tuple(dict.fromkeys(wholes))


def _time_span(begin: int, end: int, aligned: AlignedText) -> TimedWord:
    """Return the word at `aligned.text[begin:end]`, with its part of a token that has more characters than it."""
    inside = [token for token in aligned.tokens if token.begin < end and token.end > begin]
    if not inside:
        return TimedWord(0.0, 0.0, aligned.text[begin:end], 0.0)
    first, last = inside[0], inside[-1]
    start_s = first.start_s + _share(begin, first, aligned.text) * (first.end_s - first.start_s)
    end_s = last.start_s + _share(end, last, aligned.text) * (last.end_s - last.start_s)
    probability = sum(token.probability for token in inside) / len(inside)
    return TimedWord(start_s, max(start_s, end_s), aligned.text[begin:end], probability)


def _share(at: int, token: TokenTime, text: str) -> float:
    """Return the share of the characters of `token` before the one at `at`; a space before its word is none."""
    characters = text[token.begin : token.end]
    begin = token.end - len(characters.lstrip())
    return min(1.0, max(0.0, (at - begin) / (token.end - begin))) if token.end > begin else 0.0


def _trim_word(word: TimedWord, is_loud: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> TimedWord:
    """Return the word as its last stretch of sound between pauses that is no remnant, which the next word has."""
    first, last = round(word.start_s / LEVEL_STEP_S), round(word.end_s / LEVEL_STEP_S)
    loud = np.flatnonzero(is_loud[first:last])
    if not len(loud) or word.end_s - word.start_s <= MIN_WORD_S:
        return word
    stretches = np.split(loud, np.flatnonzero(np.diff(loud) * LEVEL_STEP_S > MIN_PAUSE_S) + 1)
    least = REMNANT_SHARE * max(map(len, stretches))
    begin, end = next((part[0], part[-1] + 1) for part in reversed(stretches) if len(part) >= least)
    start_s = max(word.start_s, min(float(first + begin) * LEVEL_STEP_S, word.end_s - MIN_WORD_S))
    end_s = max(start_s + MIN_WORD_S, min(word.end_s, float(first + end) * LEVEL_STEP_S))
    return replace(word, start_s=start_s, end_s=end_s)


def _extend_word(word: TimedWord, is_loud: np.ndarray[tuple[int], np.dtype[np.bool_]], limit_s: float) -> TimedWord:
    """Return the word with the sound that goes on after it until the next pause, up to `limit_s`."""
    first, last = round(word.end_s / LEVEL_STEP_S), round(limit_s / LEVEL_STEP_S)
    loud = np.flatnonzero(is_loud[first:last])
    gaps = np.flatnonzero(np.diff(loud, prepend=-1) * LEVEL_STEP_S > MIN_PAUSE_S)
    heard = loud[: gaps[0]] if len(gaps) else loud
    return replace(word, end_s=min(limit_s, (first + int(heard[-1]) + 1) * LEVEL_STEP_S)) if len(heard) else word


def _shift(word: TimedWord, seconds: float) -> TimedWord:
    return replace(word, start_s=word.start_s + seconds, end_s=word.end_s + seconds)


def _log(probability: float) -> float:
    return math.log(probability) if probability > 0 else MIN_TOKEN_LOG_PROBABILITY
