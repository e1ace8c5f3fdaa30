"""Check the texts of engines that do not tell how sure they are, and decode again where one fails. See `docs/adr/0004`.

A window with voice and no or too few words is decoded again with another lead, since these models go deaf after half a
second of silence; so is one that repeats itself, which ends most loops. What fails again is decoded in two halves, and
if these fail too, left to shorter windows.
Whisper's decoder checks itself, by its probabilities.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from desktop.core.text import count_words, join_texts
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio
from desktop.stt.guards import VOICED_TENTHS, check_words, cut_loop, find_gaps, loses_words
from desktop.stt.local.decoding import DecodeRequest, DecodeResult
from desktop.stt.local.scheduler import DecodeCost, cover_phrases
from desktop.stt.segmenter import SpeechWindow
from desktop.stt.traits import EngineTraits

OTHER_LEAD_FRAMES = 2
"""Frames (64 ms) before the first voiced one that a second decode keeps; where there are no more, it has more."""

MIN_SPLIT_VOICE_S = 2.0
"""Seconds of voice from which a window is decoded in halves."""

ADDED_LEAD_FRAMES = 5
"""Frames of silence (160 ms) before a window that begins with voice, in its second decode."""


class WindowDecoder(Protocol):
    """What a stream needs of `desktop.stt.local.client.WhisperClient`, which outlives it."""

    name: str
    device: str
    languages: tuple[str, ...]
    user_words: tuple[str, ...]
    last_language: str
    cost: DecodeCost
    traits: EngineTraits

    async def load(self) -> None:
        """Load the model, whose `traits` are known then."""
        ...

    async def decode(self, audio: Audio, request: DecodeRequest) -> DecodeResult:
        """Decode a window."""
        ...


async def decode_verified(decoder: WindowDecoder, audio: Audio, request: DecodeRequest) -> DecodeResult:
    """Decode a window, and a second time if a check fails. Live words and Whisper's results stay as they are."""
    result = await decoder.decode(audio, request)
    if request.live or request.only_language or decoder.traits.judges_itself:
        return result
    if request.murmur:
        return _accept_faint_speech(result, len(audio) / RATE_HZ)
    guard = _check(result, request)
    if not guard:
        return replace(result, guard="", sure=True)
    tried = [result, await decoder.decode(*change_lead(audio, request))]
    if _check(tried[-1], request) and measure_voice_s(request.voices) >= MIN_SPLIT_VOICE_S:
        halves = [await decoder.decode(*half) for half in split_window(audio, request)]
        text, is_looped = join_texts(half.text for half in halves), any(half.is_looped for half in halves)
        took_s = sum(half.took_s for half in halves)
        tried.append(replace(result, text=text, is_looped=is_looped, token_times=[], took_s=took_s))
    best = min(tried, key=lambda one: (bool(_check(one, request)), one.is_looped, -count_words(one.text)))
    sure = not _check(best, request)
    text = best.text if sure else cut_loop(best.text)
    return replace(best, text=text, guard=guard, sure=sure, took_s=sum(one.took_s for one in tried))


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


def find_lossy_windows(phrases: Sequence[SpeechWindow], texts: Mapping[SpeechWindow, str]) -> set[SpeechWindow]:
    """Return the windows of several of these phrases that have clearly fewer words than shorter windows for the same
    phrases."""
    lossy = set()
    for window, text in texts.items():
        inner = [phrase for phrase in phrases if window.start <= phrase.start and phrase.end <= window.end]
        shorter = {other for other in texts if other.end - other.start < window.end - window.start}
        parts, count = cover_phrases(inner, shorter)
        if len(inner) > 1 and count == len(inner) and loses_words(text, [texts[part] for part in parts]):
            lossy.add(window)
    return lossy


def write_voices(probabilities: Sequence[float]) -> str:
    """Return the voice probabilities of frames as `DecodeRequest.voices`."""
    return "".join(str(min(9, int(10 * voice))) for voice in probabilities)


def measure_voice_s(voices: str) -> float:
    """Return the seconds of voice in `voices`, see `DecodeRequest`."""
    return sum(tenths in VOICED_TENTHS for tenths in voices) * FRAME_SAMPLES / RATE_HZ


def _check(result: DecodeResult, request: DecodeRequest) -> str:
    guard = check_words(result.text, measure_voice_s(request.voices), result.is_looped)
    return guard or ("gap" if find_gaps(request.voices, result.token_times) else "")


def _accept_faint_speech(result: DecodeResult, seconds: float) -> DecodeResult:
    """Accept the text of a window without detected voice if it may be speech: no loop, no more words than fit."""
    is_credible = count_words(result.text) > 0 and check_words(result.text, seconds, result.is_looped) in (
        "",
        "coverage",
    )
    return replace(result, text=result.text if is_credible else "", guard="murmur" if is_credible else "", sure=True)
