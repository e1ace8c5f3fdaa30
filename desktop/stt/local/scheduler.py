"""Decide what to decode next. Pure functions, so that the order can be tested without a model.

A decode cannot be cancelled, so two run at once, on two lanes that share the model's weights:

- FOREGROUND decodes what the user waits for. When a phrase ends it is decoded at once, with as many phrases before it
  as fit `PHRASE_BUDGET_S` by the model's own running means: longer windows are more accurate. When idle it decodes the
  open phrase for live words.
- BACKGROUND is not urgent. It determines the language, and decodes closed groups and the open one as one window each;
  their texts replace those of their phrases.

At the release no better text is waited for: the texts of the phrases are there, with what BACKGROUND has finished. Only
phrases that no decode covers are decoded then, by whichever lane is free.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from desktop.core.types import FRAME, RATE_HZ
from desktop.stt.local.cover import cover, reach
from desktop.stt.local.segmenter import Window, Windows, over

BEAM, LIVE_BEAM = 5, 1
"""Beam sizes of kept and of live decodes.

On 146 utterances WER is 11.5 % with five hypotheses against 13.1 % with one (base), for half as much time again.
"""

BUDGET_S = 0.2
"""Seconds that a decode at the end of a phrase may take.

With the pause before it, it ends about when a finger releases the key, even if the other lane makes it half as long
again.
"""

PATIENCE_S = 0.05
"""Seconds that a release waits for a better text of BACKGROUND, by the same means."""

LIVE_S = 0.25
"""Seconds of new audio after which live words are decoded again."""

FIRST_S = 0.35
"""Seconds from the first voiced frame of a phrase to its first live decode: one word.

Earlier, the model finds no word, and delays the decode that would have.
"""

PADDING_S = 2.0
"""Seconds added to a window's length: a short decode's cost is about proportional to the sum (base, one core)."""


class Lane(Enum):
    """A decoding thread; see the module."""

    NOW = auto()
    AHEAD = auto()


class Kind(Enum):
    """What a decode is for: the transcript, live words, the language, or a check of audio without detected voice."""

    KEEP = auto()
    LIVE = auto()
    LANGUAGE = auto()
    MURMUR = auto()


@dataclass(frozen=True, slots=True)
class Job:
    """One window to decode."""

    window: Window
    kind: Kind = Kind.KEEP

    @property
    def beam(self) -> int:
        """Its beam size."""
        return BEAM if self.kind in (Kind.KEEP, Kind.MURMUR) else LIVE_BEAM


@dataclass(slots=True)
class Cost:
    """The decode times of this model: running means over its own decodes, by length in steps of half an octave.

    A second of audio costs twice as much in a window of 24 s as in one of 4 s (base on a CPU), and a single mean would
    deny a release half of the context that it can have. `rates` are seconds per second of window and padding.
    """

    rates: dict[int, float] = field(default_factory=dict)

    def learn(self, window: Window, took_s: float) -> None:
        """Add a decode of `window` with `BEAM_SIZE` that took `took_s` seconds."""
        rate = took_s / (window.seconds + PADDING_S)
        before = self.rates.get(_step(window), rate)
        self.rates[_step(window)] = 0.8 * before + 0.2 * rate

    def of(self, window: Window) -> float:
        """Return the estimated seconds for `window` from the windows nearest in length; 0 before the first decode."""
        near = min(self.rates, key=lambda step: (abs(step - _step(window)), step), default=None)
        return 0.0 if near is None else self.rates[near] * (window.seconds + PADDING_S)


def _step(window: Window) -> int:
    return round(2 * math.log2(window.seconds + PADDING_S))


@dataclass(frozen=True, slots=True)
class Doing:
    """A job that started at `started_at`."""

    job: Job
    since: float


@dataclass(slots=True)
class Work:
    """The state of the decodes of one recording: known windows (`done`) and running jobs (`running`).

    - `live_end`: the end of the last live window, in samples.
    - `live_had_text`: whether it had words.
    - `live_s`: how many seconds it took.
    - `live_at`: when it finished.
    - `language_window`: the window for language detection when it is due.
    """

    done: set[Window] = field(default_factory=set)
    doing: dict[Lane, Doing] = field(default_factory=dict)
    live_end: int = 0
    live_said: bool = True
    live_s: float = 0.0
    live_at: float = 0.0
    look: Window | None = None

    @property
    def coming(self) -> set[Window]:
        """Windows that are known or being decoded for the transcript."""
        return self.done | {doing.job.window for doing in self._kept()}

    @property
    def hurried(self) -> bool:
        """Whether FOREGROUND decodes something that the user may wait for."""
        return any(doing is self.doing.get(Lane.NOW) for doing in self._kept())

    def soon(self, cost: Cost, now: float, within_s: float) -> set[Window]:
        """Return the windows that are known, or will be within `within_s`; one that is overdue by more may never
        end."""
        left_s = {doing.job.window: doing.since + cost.of(doing.job.window) - now for doing in self._kept()}
        return self.done | {window for window, left in left_s.items() if abs(left) <= within_s}

    def _kept(self) -> list[Doing]:
        return [doing for doing in self.doing.values() if doing.job.kind is Kind.KEEP]


def next_job(lane: Lane, windows: Windows, work: Work, cost: Cost, now: float, *, patient: bool = False) -> Job | None:
    """Return the next job of a free `lane` during the recording, or None to wait for more audio.

    `batch`: the audio is a file, not live speech, and all lanes decode the best windows.
    """
    if lane is Lane.AHEAD or patient:
        return _ahead(windows, work)
    phrases = [*windows.phrases, *([windows.ending] if windows.ending else [])]
    return _missing([phrases], work, cost, now) or _live(windows, work, now)


def last_job(windows: Windows, work: Work, cost: Cost, now: float, *, patient: bool = False) -> Job | None:
    """Return the next job of a free lane after the end, or None if all missing windows are being decoded."""
    if patient:
        return _ahead(windows, work)
    return _missing([*windows.groups, windows.phrases], work, cost, now)


def complete(windows: Windows, work: Work, cost: Cost, now: float, *, patient: bool = False) -> bool:
    """Whether all speech is known and no better text comes within `RELEASE_WAIT_S` (or ever, if `batch`)."""
    groups = [*windows.groups, windows.phrases]
    if patient:
        return all(over(group) in work.done for group in groups if group)
    better = work.soon(cost, now, PATIENCE_S)
    return all(cover(group, work.done)[1] == len(group) for group in groups) and all(
        cover(group, work.done)[0] == cover(group, better)[0] for group in groups
    )


def _ahead(windows: Windows, work: Work) -> Job | None:
    """Return the language check, a closed group or the open one; None while FOREGROUND is busy, which it would slow
    down."""
    if work.hurried:
        return None
    if work.look is not None and not any(doing.job.kind is Kind.LANGUAGE for doing in work.doing.values()):
        return Job(work.look, Kind.LANGUAGE)
    coming = work.coming
    whole = (over(group) for group in (*windows.groups, windows.phrases) if group)
    return next((Job(window) for window in whole if window not in coming), None)


def _missing(groups: Sequence[Sequence[Window]], work: Work, cost: Cost, now: float) -> Job | None:
    """Return a job for the first phrases not known soon, with as many before them as the budget allows."""
    known = work.soon(cost, now, BUDGET_S)
    for group in groups:
        if cover(group, known)[1] < len(group):
            windows = [over(group[begin:]) for begin in reach(group, known)]
            window = next((window for window in windows if cost.of(window) <= BUDGET_S), windows[-1])
            return None if window in work.coming else Job(window)
    return None


def _live(windows: Windows, work: Work, now: float) -> Job | None:
    """Return a live decode; they take half of the lane's time at most, and none when a pause may have begun."""
    phrase = windows.speaking
    if phrase is None or not windows.voiced or windows.speaking_s < FIRST_S:
        return None
    fresh = phrase.end - max(phrase.start, work.live_end)
    if not work.live_said:  # no words are shown yet, and the first word is waited for
        return Job(phrase, Kind.LIVE) if fresh >= 2 * FRAME else None
    rested = now - work.live_at >= work.live_s
    return Job(phrase, Kind.LIVE) if rested and fresh >= LIVE_S * RATE_HZ else None
