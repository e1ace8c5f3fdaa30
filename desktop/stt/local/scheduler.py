"""Decide what to decode next, and which decoded windows make up the transcript. Pure, to be tested without a model.

Two decodes run at once, on two lanes that share the model's weights (`docs/adr/0003`):

- FOREGROUND decodes what the user waits for: a phrase at its end, with as many phrases before it as fit
  `PHRASE_BUDGET_S` by the model's own running means, and those whose text breaks off; and when idle the open phrase for
  live words.
- BACKGROUND determines the language, and decodes closed groups and the open one as one window each; their texts replace
  those of their phrases. For some engines (`EngineTraits.ends_on_both_lanes`) it also decodes a phrase that ends while
  FOREGROUND decodes what is outdated by that.

At the release only phrases that no decode covers are decoded, by whichever lane is free.
"""

from __future__ import annotations

import math
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from desktop.core.types import FRAME_SAMPLES, RATE_HZ
from desktop.stt.guards import breaks_off
from desktop.stt.segmenter import Segmenter, SpeechWindow, span_phrases

BEAM_SIZE, LIVE_BEAM_SIZE = 5, 1
"""Beam sizes of kept and of live decodes.

On 146 utterances WER is 11.5 % with five hypotheses against 13.1 % with one (base), for half as much time again.
"""

PHRASE_BUDGET_S = 0.2
"""Seconds that a decode at the end of a phrase may take.

With the pause before it, it ends about when a finger releases the key, even if the other lane makes it half as long
again.
"""

JOINED_TIMES = 2.0
"""Times as long as the phrase alone that a decode may take that joins it to a text that breaks off: below five seconds
the encoder's share is the same. Of 45 groups of read speech whose phrases were decoded alone, tiny.en had 12 with such
a text, base 2; joined, 12 of these 14 had fewer errors and none more (tiny.en's: WER 31.0 to 17.8 %).
"""

MIN_ALONE_S, MAX_JOINED_S = 0.8, 15.0
"""Seconds of a phrase with its lead and tail below which it is joined to the one before it, and at most of both.

A last word, or its end, after a closure has less voice in it than `FLICKER_VOICE_S`. Alone it is dropped as no speech,
after a second decode on 15 s of input, or misheard. Of 17 endings in one, some of the same clips (base, no time after
the word), the text was there 0.9 s after the release, joined 0.2 s (medians); 13 had the last word of batch, joined 15,
which is no more than a hint.
"""

RELEASE_WAIT_S = 0.05
"""Seconds that a release waits for a better text of BACKGROUND, by the same means."""

LIVE_INTERVAL_S = 0.25
"""Seconds of new audio after which live words are decoded again."""

FIRST_LIVE_S = 0.35
"""Seconds from the first voiced frame of a phrase to its first live decode: one word.

Earlier, the model finds no word, and delays the decode that would have.
"""

DECODE_OVERHEAD_S = 2.0
"""Seconds added to a window's length: a short decode's cost is about proportional to the sum (base, one core)."""


class DecodeLane(Enum):
    """A decoding thread; see the module."""

    FOREGROUND = auto()
    BACKGROUND = auto()


class DecodeKind(Enum):
    """What a decode is for: the transcript, live words, the language, or a check of audio without detected voice."""

    KEEP = auto()
    LIVE = auto()
    LANGUAGE = auto()
    FAINT_SPEECH = auto()


@dataclass(frozen=True, slots=True)
class DecodeJob:
    """One window to decode."""

    window: SpeechWindow
    kind: DecodeKind = DecodeKind.KEEP

    @property
    def beam(self) -> int:
        """The beam size for it."""
        return BEAM_SIZE if self.kind in (DecodeKind.KEEP, DecodeKind.FAINT_SPEECH) else LIVE_BEAM_SIZE


@dataclass(slots=True)
class DecodeCost:
    """The decode times of this model: running means over its own decodes, by length in steps of half an octave.

    A second of audio costs twice as much in a window of 24 s as in one of 4 s (base on a CPU), and a single mean would
    deny a release half of the context that it can have. `rates` are seconds per second of window and padding.
    """

    rates: dict[int, float] = field(default_factory=dict)

    def add_measurement(self, window: SpeechWindow, took_s: float) -> None:
        """Add a decode of `window` with `BEAM_SIZE` that took `took_s` seconds."""
        rate = took_s / (window.seconds + DECODE_OVERHEAD_S)
        before = self.rates.get(_length_step(window), rate)
        self.rates[_length_step(window)] = 0.8 * before + 0.2 * rate

    def estimate_s(self, window: SpeechWindow) -> float:
        """Return the estimated seconds for `window` from the windows nearest in length; 0 before the first decode."""
        nearest = min(self.rates, key=lambda step: (abs(step - _length_step(window)), step), default=None)
        return 0.0 if nearest is None else self.rates[nearest] * (window.seconds + DECODE_OVERHEAD_S)


@dataclass(frozen=True, slots=True)
class RunningJob:
    """A job that started at `started_at`."""

    job: DecodeJob
    started_at: float


@dataclass(slots=True)
class DecodeState:
    """The state of the decodes of one recording: known windows (`done`) and running jobs (`running`).

    - `broken_off`: known windows whose text breaks off, and is surer together with what follows.
    - `live_end`: the end of the last live window, in samples.
    - `live_had_text`: whether it had words.
    - `live_s`: how many seconds it took.
    - `live_at`: when it finished.
    - `language_window`: the window for language detection when it is due.
    """

    done: set[SpeechWindow] = field(default_factory=set)
    running: dict[DecodeLane, RunningJob] = field(default_factory=dict)
    broken_off: set[SpeechWindow] = field(default_factory=set)
    live_end: int = 0
    live_had_text: bool = True
    live_s: float = 0.0
    live_at: float = 0.0
    language_window: SpeechWindow | None = None

    def add_known(self, window: SpeechWindow, text: str) -> None:
        """Add a window that was decoded to `text`."""
        self.done.add(window)
        self.broken_off.discard(window)  # it may have been decoded in another language before
        if breaks_off(text):
            self.broken_off.add(window)

    @property
    def done_or_running(self) -> set[SpeechWindow]:
        """Windows that are known or being decoded for the transcript."""
        return self.done | {running.job.window for running in self._find_running_kept()}

    @property
    def is_foreground_busy(self) -> bool:
        """Whether FOREGROUND decodes something that the user may wait for."""
        return any(running is self.running.get(DecodeLane.FOREGROUND) for running in self._find_running_kept())

    def find_known_within(self, cost: DecodeCost, now: float, within_s: float) -> set[SpeechWindow]:
        """Return the windows that are known, or will be within `within_s`; one that is overdue by more may never
        end."""
        left_s = {
            running.job.window: running.started_at + cost.estimate_s(running.job.window) - now
            for running in self._find_running_kept()
        }
        return self.done | {window for window, left in left_s.items() if abs(left) <= within_s}

    def _find_running_kept(self) -> list[RunningJob]:
        return [running for running in self.running.values() if running.job.kind is DecodeKind.KEEP]


def next_job(
    lane: DecodeLane, segmenter: Segmenter, state: DecodeState, cost: DecodeCost, now: float, *, batch: bool = False
) -> DecodeJob | None:
    """Return the next job of a free `lane` during the recording, or None to wait for more audio.

    `batch`: the audio is a file, not live speech, and all lanes decode the best segmenter.
    """
    if batch:
        return _next_background_job(segmenter, state)
    phrases = [*segmenter.phrases, *([segmenter.ending_phrase] if segmenter.ending_phrase else [])]
    if lane is DecodeLane.FOREGROUND:
        return _next_missing_job([phrases], state, cost, now) or _next_live_job(segmenter, state, now)
    is_helping = segmenter.traits.ends_on_both_lanes and _is_foreground_outdated(phrases, state)
    helping = _next_missing_job([phrases], state, cost, now) if is_helping else None
    return helping or _next_background_job(segmenter, state)


def next_final_job(
    segmenter: Segmenter, state: DecodeState, cost: DecodeCost, now: float, *, batch: bool = False
) -> DecodeJob | None:
    """Return the next job of a free lane after the end, or None if all missing windows are being decoded."""
    if batch:
        return _next_background_job(segmenter, state)
    return _next_missing_job([*segmenter.groups, segmenter.phrases], state, cost, now)


def is_complete(segmenter: Segmenter, state: DecodeState, cost: DecodeCost, now: float, *, batch: bool = False) -> bool:
    """Whether all speech is known and no better text comes within `RELEASE_WAIT_S` (or ever, if `batch`)."""
    groups = [*segmenter.groups, segmenter.phrases]
    if batch:
        return all(span_phrases(group) in state.done for group in groups if group)
    soon_known = state.find_known_within(cost, now, RELEASE_WAIT_S)
    return all(cover_phrases(group, state.done)[1] == len(group) for group in groups) and all(
        cover_phrases(group, state.done)[0] == cover_phrases(group, soon_known)[0] for group in groups
    )


def cover_phrases(
    phrases: Sequence[SpeechWindow], known: Container[SpeechWindow], avoided: Container[SpeechWindow] = ()
) -> tuple[list[SpeechWindow], int]:
    """Return the known windows, in order, that cover the most of `phrases` from the first on, and the number covered.

    Of all such covers the one with the least of `avoided` windows, and of those the one with the fewest windows, since
    a long window is more accurate than a short one.
    """
    covers = find_covers(phrases, known, avoided)
    count = max(covers)
    return covers[count], count


def find_covers(
    phrases: Sequence[SpeechWindow], known: Container[SpeechWindow], avoided: Container[SpeechWindow] = ()
) -> dict[int, list[SpeechWindow]]:
    """Return the best row of known windows for each number of phrases that can be covered, 0 included."""
    covers: dict[int, list[SpeechWindow]] = {0: []}
    for end in range(1, len(phrases) + 1):
        rows = [
            [*cover, last]
            for begin, cover in covers.items()
            if (last := SpeechWindow(phrases[begin].start, phrases[end - 1].end)) in known
        ]
        if rows:
            covers[end] = min(rows, key=lambda row: (sum(w.end - w.start for w in row if w in avoided), len(row)))
    return covers


def _is_foreground_outdated(phrases: Sequence[SpeechWindow], state: DecodeState) -> bool:
    """Whether FOREGROUND decodes live words, or a phrase that only seemed to end."""
    running = state.running.get(DecodeLane.FOREGROUND)
    if running is None:
        return False
    return running.job.kind is DecodeKind.LIVE or all(running.job.window.end != phrase.end for phrase in phrases)


def _next_background_job(segmenter: Segmenter, state: DecodeState) -> DecodeJob | None:
    """Return the language check, a closed group or the open one; None while FOREGROUND is busy, which it would slow
    down."""
    if state.is_foreground_busy:
        return None
    if state.language_window is not None and not any(
        running.job.kind is DecodeKind.LANGUAGE for running in state.running.values()
    ):
        return DecodeJob(state.language_window, DecodeKind.LANGUAGE)
    done_or_running = state.done_or_running
    windows = (span_phrases(group) for group in (*segmenter.groups, segmenter.phrases) if group)
    return next((DecodeJob(window) for window in windows if window not in done_or_running), None)


def _next_missing_job(
    groups: Sequence[Sequence[SpeechWindow]], state: DecodeState, cost: DecodeCost, now: float
) -> DecodeJob | None:
    """Return a job for the first phrases not known soon, with as many before them as the budget allows; or those whose
    text breaks off, if that takes at most `JOINED_TIMES` as long. What is too short goes with what is before it."""
    known = state.find_known_within(cost, now, PHRASE_BUDGET_S)
    for group in groups:
        if cover_phrases(group, known)[1] < len(group):
            covers = sorted(find_covers(group, known).items())
            estimates = [cost.estimate_s(span_phrases(group[begin:])) for begin, _ in covers]
            last = len(covers) - 1
            at = next((at for at, estimate in enumerate(estimates) if estimate <= PHRASE_BUDGET_S), last)
            most_s = JOINED_TIMES * estimates[at]
            if at and span_phrases(group[covers[at][0] :]).seconds < MIN_ALONE_S:
                at -= span_phrases(group[covers[at - 1][0] :]).seconds <= MAX_JOINED_S
            while covers[at][1] and covers[at][1][-1] in state.broken_off and estimates[at - 1] <= most_s:
                at -= 1
            window = span_phrases(group[covers[at][0] :])
            return None if window in state.done_or_running else DecodeJob(window)
    return None


def _next_live_job(segmenter: Segmenter, state: DecodeState, now: float) -> DecodeJob | None:
    """Return a live decode; they take half of the lane's time at most, and none when a pause may have begun."""
    phrase = segmenter.open_phrase
    if phrase is None or not segmenter.is_voiced or segmenter.open_phrase_s < FIRST_LIVE_S:
        return None
    new_samples = phrase.end - max(phrase.start, state.live_end)
    if not state.live_had_text:  # no words are shown yet, and the first word is waited for
        return DecodeJob(phrase, DecodeKind.LIVE) if new_samples >= 2 * FRAME_SAMPLES else None
    is_rested = now - state.live_at >= state.live_s
    return DecodeJob(phrase, DecodeKind.LIVE) if is_rested and new_samples >= LIVE_INTERVAL_S * RATE_HZ else None


def _length_step(window: SpeechWindow) -> int:
    return round(2 * math.log2(window.seconds + DECODE_OVERHEAD_S))
