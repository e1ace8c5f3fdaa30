"""What to decode next: pure, so that the order of work can be read and tested without a model.

A decode cannot be cancelled, so whatever is started must be worth waiting for. In order: sealed windows (their text is
kept: beam 5), the window before a pause (it may be the whole answer: beam 5), and, with nothing better to do, the open
window for live words (greedy). After the release only what is missing is decoded, greedily, since the person waits.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from desktop.ports import RATE_HZ
from desktop.speech.windows import Window, Windows

BEAM_AHEAD = 5
BEAM_NOW = 1
LIVE_S = 0.5
"""Live words are decoded again when this much more has been heard."""


@dataclass(frozen=True, slots=True)
class Job:
    """One window to decode with a beam of that width; `live` when only for showing words that may still change."""

    window: Window
    beam: int
    live: bool = False


@dataclass(frozen=True, slots=True)
class Worker:
    """What the decoder did last: when its last job ended, how long it took, and where the last live window ended."""

    ended_at: float = 0.0
    took_s: float = 0.0
    live_end: int = 0


def next_job(windows: Windows, done: Container[Window], worker: Worker, now: float) -> Job | None:
    """The next job while the person speaks, or None to wait for more sound.

    Live words take at most half of the decoder's time: a release just after one began waits for it.
    """
    for window in windows.sealed:
        if window not in done:
            return Job(window, BEAM_AHEAD)
    if windows.pause is not None and windows.pause not in done:
        return Job(windows.pause, BEAM_AHEAD)  # also when speech has gone on: at the end it leaves only the rest to do
    if windows.ahead is not None:
        return None
    live = windows.open(done)
    if live is None or now - worker.ended_at < worker.took_s:
        return None
    return Job(live, BEAM_NOW, live=True) if live.end - max(live.start, worker.live_end) >= LIVE_S * RATE_HZ else None


def last_job(windows: Windows, done: Container[Window], samples: int) -> Job | None:
    """The next job after the end of a recording of `samples` samples, or None when all of it is known."""
    for window in windows.sealed:
        if window not in done:
            return Job(window, BEAM_AHEAD)
    return next((Job(window, BEAM_NOW) for window in windows.finish(samples, done) if window not in done), None)
