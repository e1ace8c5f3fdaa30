"""What to decode next: pure, so that the order of work can be read and tested without a model.

A decode cannot be cancelled, so two are under way at once, on two lanes that share the model's weights:

- NOW has what somebody waits for. When a phrase ends it is decoded at once, together with as many phrases before it as
  can be had within `BUDGET_S` by the model's own running means: the longer, the better the words. With nothing better
  to do it decodes the phrase that is being said, for live words.
- AHEAD has time. It finds out the language, and decodes the sealed groups and the open one whole; their texts replace
  those of their phrases.

At the release nobody waits for a better text: the words of the phrases are there, what AHEAD has finished among them.
Only phrases that no decode holds are decoded then, by whichever lane is free.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from desktop.ports import FRAME, RATE_HZ
from desktop.speech.cover import cover, reach
from desktop.speech.windows import Window, Windows, over

BEAM, LIVE_BEAM = 5, 1
"""Five hypotheses for whatever may be kept: on 146 utterances WER is 11.5 % against 13.1 % with one (base), for half as
much time again. Live words are looked at once."""

BUDGET_S = 0.2
"""What a decode at the end of a phrase may take: with the pause before it, it ends with a finger's way up, even where
the other lane's makes it half as long again."""

PATIENCE_S = 0.05
"""How long a release waits for AHEAD's better text, by the same means."""

LIVE_S = 0.25
"""Live words are decoded again when this much more has been heard."""

FIRST_S = 0.35
"""The first live words of a phrase want so much of it from its first voiced frame: a word. Sooner the model hears none,
and the look that would have heard it waits for that one."""

PADDING_S = 2.0
"""A short decode's cost is about proportional to its length and this much more (base, one core)."""


class Lane(Enum):
    """Who decodes; see above."""

    NOW = auto()
    AHEAD = auto()


class Kind(Enum):
    """What a decode is for: the answer, words to show that may still change, the language, or a second opinion on a
    recording in which nobody was heard."""

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
        """How many hypotheses it follows."""
        return BEAM if self.kind in (Kind.KEEP, Kind.MURMUR) else LIVE_BEAM


@dataclass(slots=True)
class Cost:
    """How long this model takes: running means over its own decodes, by length in steps of half an octave.

    A second of sound costs twice as much in a window of 24 s as in one of 4 s (base on a CPU), and one mean for all
    would deny a release half of the context that it can have. `rates`: seconds a second and its padding.
    """

    rates: dict[int, float] = field(default_factory=dict)

    def learn(self, window: Window, took_s: float) -> None:
        """Count in a decode of `window` with `BEAM` that took that long."""
        rate = took_s / (window.seconds + PADDING_S)
        before = self.rates.get(_step(window), rate)
        self.rates[_step(window)] = 0.8 * before + 0.2 * rate

    def of(self, window: Window) -> float:
        """How long `window` will take, in seconds, as the ones nearest in length did; 0 before anything is known."""
        near = min(self.rates, key=lambda step: (abs(step - _step(window)), step), default=None)
        return 0.0 if near is None else self.rates[near] * (window.seconds + PADDING_S)


def _step(window: Window) -> int:
    return round(2 * math.log2(window.seconds + PADDING_S))


@dataclass(frozen=True, slots=True)
class Doing:
    """A job under way since `since`."""

    job: Job
    since: float


@dataclass(slots=True)
class Work:
    """What is known and what is under way. `live_end` is where the last live window ended, `live_said` whether it had
    words, `live_s` how long it took and `live_at` when it was known; `look` is the window that would tell the language,
    where it is time to ask."""

    done: set[Window] = field(default_factory=set)
    doing: dict[Lane, Doing] = field(default_factory=dict)
    live_end: int = 0
    live_said: bool = True
    live_s: float = 0.0
    live_at: float = 0.0
    look: Window | None = None

    @property
    def coming(self) -> set[Window]:
        """What is known or under way to be kept."""
        return self.done | {doing.job.window for doing in self._kept()}

    @property
    def hurried(self) -> bool:
        """Whether NOW decodes what somebody may wait for."""
        return any(doing is self.doing.get(Lane.NOW) for doing in self._kept())

    def soon(self, cost: Cost, now: float, within_s: float) -> set[Window]:
        """What is known, or will be within `within_s`; what is overdue by more may take for ever."""
        left_s = {doing.job.window: doing.since + cost.of(doing.job.window) - now for doing in self._kept()}
        return self.done | {window for window, left in left_s.items() if abs(left) <= within_s}

    def _kept(self) -> list[Doing]:
        return [doing for doing in self.doing.values() if doing.job.kind is Kind.KEEP]


def next_job(lane: Lane, windows: Windows, work: Work, cost: Cost, now: float, *, patient: bool = False) -> Job | None:
    """The next job of a free `lane` while sound comes in, or None to wait for more; `patient`: nobody speaks, it is a
    recording, and all lanes do what is best."""
    if lane is Lane.AHEAD or patient:
        return _ahead(windows, work)
    phrases = [*windows.phrases, *([windows.ending] if windows.ending else [])]
    return _missing([phrases], work, cost, now) or _live(windows, work, now)


def last_job(windows: Windows, work: Work, cost: Cost, now: float, *, patient: bool = False) -> Job | None:
    """The next job of a free lane after the end of the recording, or None where what is missing is being decoded."""
    if patient:
        return _ahead(windows, work)
    return _missing([*windows.groups, windows.phrases], work, cost, now)


def complete(windows: Windows, work: Work, cost: Cost, now: float, *, patient: bool = False) -> bool:
    """Whether all that was said is known, and nothing better will be in a moment, or at all if `patient`."""
    groups = [*windows.groups, windows.phrases]
    if patient:
        return all(over(group) in work.done for group in groups if group)
    better = work.soon(cost, now, PATIENCE_S)
    return all(cover(group, work.done)[1] == len(group) for group in groups) and all(
        cover(group, work.done)[0] == cover(group, better)[0] for group in groups
    )


def _ahead(windows: Windows, work: Work) -> Job | None:
    """The language, the sealed groups, the open one; nothing while NOW hurries, which it would slow down."""
    if work.hurried:
        return None
    if work.look is not None and not any(doing.job.kind is Kind.LANGUAGE for doing in work.doing.values()):
        return Job(work.look, Kind.LANGUAGE)
    coming = work.coming
    whole = (over(group) for group in (*windows.groups, windows.phrases) if group)
    return next((Job(window) for window in whole if window not in coming), None)


def _missing(groups: Sequence[Sequence[Window]], work: Work, cost: Cost, now: float) -> Job | None:
    """The first phrases that will not be known soon, with as many before them as the budget allows."""
    known = work.soon(cost, now, BUDGET_S)
    for group in groups:
        if cover(group, known)[1] < len(group):
            windows = [over(group[begin:]) for begin in reach(group, known)]
            window = next((window for window in windows if cost.of(window) <= BUDGET_S), windows[-1])
            return None if window in work.coming else Job(window)
    return None


def _live(windows: Windows, work: Work, now: float) -> Job | None:
    """Live words take at most half of the lane's time, and none when a pause may have begun."""
    phrase = windows.speaking
    if phrase is None or not windows.voiced or windows.speaking_s < FIRST_S:
        return None
    fresh = phrase.end - max(phrase.start, work.live_end)
    if not work.live_said:  # nothing is shown yet, and the first word is what somebody waits for
        return Job(phrase, Kind.LIVE) if fresh >= 2 * FRAME else None
    rested = now - work.live_at >= work.live_s
    return Job(phrase, Kind.LIVE) if rested and fresh >= LIVE_S * RATE_HZ else None
