"""Check the texts of engines that do not tell how sure they are, and decode again where one fails. See `docs/adr/0004`.

A window with voice and no or too few words is decoded again with another lead, since these models go deaf after half a
second of silence; so is one that repeats itself, which ends most loops. What fails again is decoded in two halves, and
if these fail too, left to shorter windows. After the release this ends at a deadline, once there are words.

Whisper's decoder checks itself, by its probabilities.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import anyio
import numpy as np

from desktop.core.tasks import run_together
from desktop.core.text import count_words, join_texts
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio
from desktop.stt.guards import VOICED_TENTHS, check_words, cut_loop, find_gaps, loses_words, says_twice
from desktop.stt.local.decoding import DecodeRequest, DecodeResult
from desktop.stt.local.scheduler import DecodeCost, cover_phrases
from desktop.stt.segmenter import SpeechWindow
from desktop.stt.traits import EngineTraits

OTHER_LEAD_FRAMES = 2
"""Frames (64 ms) before the first voiced one that a second decode keeps; where there are no more, it has more."""

MIN_SPLIT_VOICE_S = 2.0
"""Seconds of voice from which a window is decoded in halves."""

LOOP_GUARDS = ("loop", "rate")
"""The checks that a text fails by words that were not spoken; by the others words are missing."""

PASSED, LACKING, CUT, EMPTY, LOOPING = range(5)
"""Ranks of the tries of a window, see `_Try.rank`."""

ADDED_LEAD_FRAMES = 5
"""Frames of silence (160 ms) before a window that begins with voice, in its second decode."""


class WindowDecoder(Protocol):
    """What a stream needs of `desktop.stt.local.client.WhisperClient`, which outlives it."""

    languages: tuple[str, ...]
    last_language: str

    @property
    def name(self) -> str:
        """The model's name."""
        ...

    @property
    def device(self) -> str:
        """Where it computes."""
        ...

    @property
    def user_words(self) -> tuple[str, ...]:
        """The user's own words."""
        ...

    @property
    def cost(self) -> DecodeCost:
        """What a decode takes."""
        ...

    @property
    def traits(self) -> EngineTraits:
        """The traits of its family."""
        ...

    async def load(self) -> None:
        """Load the model, whose `traits` are known then."""
        ...

    async def decode(self, audio: Audio, request: DecodeRequest) -> DecodeResult:
        """Decode a window."""
        ...


@dataclass(frozen=True, slots=True)
class _Try:
    """A result with the request that it answers, whose frames its token times count."""

    result: DecodeResult
    request: DecodeRequest

    @property
    def guard(self) -> str:
        """The check that it fails, or empty."""
        guard = check_words(self.result.text, self._voice_s, self.result.is_looped)
        return guard or ("gap" if find_gaps(self.request.voices, self.result.token_times) else "")

    @property
    def text(self) -> str:
        """Its text, without the repeats of one that failed as a loop."""
        return cut_loop(self.result.text) if self.guard in LOOP_GUARDS else self.result.text

    @property
    def rank(self) -> tuple[int, int]:
        """Its place among the tries of a window, the best first.

        A text that passes, one that lacks words, a loop that was cut, none at all, a loop whose rounds are not found.
        Of like ones that with the most words, of the last that with the fewest.
        """
        words = count_words(self.text)
        if not self.guard:
            return PASSED, -words
        if self.guard not in LOOP_GUARDS:
            return (LACKING if words else EMPTY), -words
        is_plausible = check_words(self.text, self._voice_s) not in LOOP_GUARDS
        return ((CUT if words else EMPTY), -words) if is_plausible else (LOOPING, words)

    @property
    def _voice_s(self) -> float:
        return measure_voice_s(self.request.voices)


async def decode_verified(
    decoder: WindowDecoder, audio: Audio, request: DecodeRequest, deadline: Callable[[], float] = lambda: math.inf
) -> DecodeResult:
    """Decode a window, and again if a check fails. Live words, and what its decoder has judged, stay as they are.

    `deadline` is asked before further decodes for the loop's time at which all should be done. If it is near, those
    that are left run at once, on both lanes, and where there are words none begins that would end later.
    """
    result = await decoder.decode(audio, request)
    if request.live or request.only_language or result.is_judged or decoder.traits.judges_itself:
        return result
    if request.murmur:
        return _accept_faint_speech(result, len(audio) / RATE_HZ)
    first = _Try(result, request)
    if not first.guard:
        return replace(result, guard=_language_guard(result), sure=not result.is_foreign)
    tried = [first]
    ways = [partial(_decode_with_other_lead, decoder, audio, request)]
    if measure_voice_s(request.voices) >= MIN_SPLIT_VOICE_S:
        ways.append(partial(_decode_halves, decoder, audio, request))
    while ways and _has_time_again(tried, deadline()):
        is_urgent = deadline() < math.inf
        now, ways = (ways, []) if is_urgent else (ways[:1], ways[1:])
        await _try_at_once(now, tried)
    best = min(tried, key=lambda one: one.rank)
    return replace(
        best.result,
        text=best.text,
        guard=",".join(filter(None, (_language_guard(result), first.guard))),
        sure=best.result.sure if best.result.is_judged else not (best.guard or best.result.is_foreign),
        is_looped=best.guard in LOOP_GUARDS,
        took_s=sum(one.result.took_s for one in tried),
    )


def _language_guard(result: DecodeResult) -> str:
    return result.guard if result.is_foreign else ""


def _has_time_again(tried: Sequence[_Try], deadline: float) -> bool:
    """Whether a window is worth another decode: all so far failed, and there are no words to use or there is time."""
    best = min(tried, key=lambda one: one.rank)
    is_in_time = anyio.current_time() + tried[0].result.took_s <= deadline
    return best.rank[0] >= EMPTY or (best.rank[0] > PASSED and is_in_time)


async def _try_at_once(ways: Sequence[Callable[[], Awaitable[_Try]]], tried: list[_Try]) -> None:
    """Add to `tried` what `ways` give, up to the first that passes."""
    with anyio.CancelScope() as scope:

        async def run(way: Callable[[], Awaitable[_Try]]) -> None:
            tried.append(await way())
            if not tried[-1].guard:
                scope.cancel()

        await run_together(*(partial(run, way) for way in ways))


async def _decode_with_other_lead(decoder: WindowDecoder, audio: Audio, request: DecodeRequest) -> _Try:
    other_audio, other = change_lead(audio, request)
    return _Try(await decoder.decode(other_audio, other), other)


async def _decode_halves(decoder: WindowDecoder, audio: Audio, request: DecodeRequest) -> _Try:
    """Decode the halves of a window; together they fail as a loop if one of them does."""
    first, second = [_Try(await decoder.decode(*half), half[1]) for half in split_window(audio, request)]
    cut_s = len(first.request.voices) * FRAME_SAMPLES / RATE_HZ
    later = [(start + cut_s, end + cut_s) for start, end in second.result.token_times]
    result = replace(
        first.result,
        text=join_texts((first.text, second.text)),
        is_looped=first.guard in LOOP_GUARDS or second.guard in LOOP_GUARDS,
        token_times=[*first.result.token_times, *later],
        took_s=first.result.took_s + second.result.took_s,
    )
    return _Try(result, request)


def change_lead(audio: Audio, request: DecodeRequest) -> tuple[Audio, DecodeRequest]:
    """Return the same window with another lead: cut to `OTHER_LEAD_FRAMES`, or longer if it is that short."""
    first = next((i for i, tenths in enumerate(request.voices) if tenths in VOICED_TENTHS), 0)
    cut = first - OTHER_LEAD_FRAMES
    if cut > 0:
        return audio[cut * FRAME_SAMPLES :], replace(request, voices=request.voices[cut:])
    longer = np.pad(audio, (ADDED_LEAD_FRAMES * FRAME_SAMPLES, 0))
    return longer, replace(request, voices="0" * ADDED_LEAD_FRAMES + request.voices)


def split_window(audio: Audio, request: DecodeRequest) -> list[tuple[Audio, DecodeRequest]]:
    """Return the two halves of a window, cut where its middle has the least voice."""
    voices = request.voices
    middle = range(len(voices) // 4, 3 * len(voices) // 4)
    cut = min(middle, key=lambda i: (sum(map(int, voices[max(0, i - 2) : i + 3])), abs(i - len(voices) // 2)))
    return [
        (audio[: cut * FRAME_SAMPLES], replace(request, voices=voices[:cut])),
        (audio[cut * FRAME_SAMPLES :], replace(request, voices=voices[cut:])),
    ]


def find_doubtful_windows(
    phrases: Sequence[SpeechWindow], texts: Mapping[SpeechWindow, str], *, judges_itself: bool
) -> set[SpeechWindow]:
    """Return the windows of several of these phrases that say twice what the phrases say once; unless the engine
    `judges_itself`, also those that have clearly fewer words than shorter windows for the same phrases."""
    doubtful = set()
    for window, text in texts.items():
        inner = [phrase for phrase in phrases if window.start <= phrase.start and phrase.end <= window.end]
        shorter = {other for other in texts if other.end - other.start < window.end - window.start}
        parts, count = cover_phrases(inner, shorter)
        if len(inner) < 2 or count < len(inner):
            continue
        is_doubled = all(phrase in texts for phrase in inner) and says_twice(text, [texts[phrase] for phrase in inner])
        if is_doubled or (not judges_itself and loses_words(text, [texts[part] for part in parts])):
            doubtful.add(window)
    return doubtful


def write_voices(probabilities: Sequence[float]) -> str:
    """Return the voice probabilities of frames as `DecodeRequest.voices`."""
    return "".join(str(min(9, int(10 * voice))) for voice in probabilities)


def measure_voice_s(voices: str) -> float:
    """Return the seconds of voice in `voices`, see `DecodeRequest`."""
    return sum(tenths in VOICED_TENTHS for tenths in voices) * FRAME_SAMPLES / RATE_HZ


def _accept_faint_speech(result: DecodeResult, seconds: float) -> DecodeResult:
    """Accept the text of a window without detected voice if it may be speech: no loop, no more words than fit."""
    is_credible = count_words(result.text) > 0 and check_words(result.text, seconds, result.is_looped) in (
        "",
        "coverage",
    )
    return replace(result, text=result.text if is_credible else "", guard="murmur" if is_credible else "", sure=True)
