"""Where a recording is cut: pure, fed with one voice probability a frame, free of any recogniser.

The recording is a row of windows that do not overlap, and each is decoded once for good. Overlapping hypotheses that
are stitched together lose words at the seams in every system that was measured; windows cut at pauses match a batch
decode. Windows of ten seconds and more keep its accuracy (WER 9.3 % against 9.1 % for batch; 5 s windows: 11.7 %),
so:

- a pause ends the open window for good (`sealed`) once it holds `SEAL_S` of speech;
- so does a silence of three seconds;
- a pause before that is a guess that the person has finished (`ahead`): if nothing but silence follows, the decode of
  that very window is the answer, and there is nothing left to do at release; if speech goes on and the end comes
  before the next pause, that decode is kept and only what came after it is decoded: a short window costs accuracy,
  but only on its own few words, and the person waits for no more than those;
- without a pause a window is cut at its least voiced moment before it outgrows the model's 30 s.

Only silence lies outside the windows. All positions are samples at `RATE_HZ` from the start of the recording.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from desktop.ports import FRAME, RATE_HZ

VOICE = 0.3
"""Silero's probability from which a frame is voice; whispers fall below the library's default of 0.5."""

ONSET, NEAR = 3, 5
"""`ONSET` voiced frames among the last `NEAR` (96 of 160 ms) begin speech: a click of the key is shorter, the shortest
word is not, and a whispered one flickers."""

PAUSE = 8
"""Unvoiced frames (256 ms) that make a pause; gaps inside fluent speech are mostly shorter."""

SILENT = 94
"""Unvoiced frames (3 s) after which the window ends however short it is: what follows is another thought, and silence
inside a window costs the model's attention."""

LEAD = 10 * FRAME
"""Kept before the first voiced frame (320 ms): soft consonants lie below the threshold."""

TAIL = 6 * FRAME
"""Kept after the last voiced frame (192 ms); less than a pause, so that the cut is known when the pause is."""

SEAL_S = 10.0
LIMIT_S = 28.0
DIP_S = 4.0
"""A window that reaches `LIMIT_S` without a pause is cut at the least voiced moment of its last `DIP_S`."""


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """The samples [start, end)."""

    start: int
    end: int

    @property
    def seconds(self) -> float:
        """Its length."""
        return (self.end - self.start) / RATE_HZ


class Windows:
    """The cuts of one recording, as far as it has been heard."""

    def __init__(self) -> None:
        self.sealed: list[Window] = []
        self.ahead: Window | None = None
        self.pause: Window | None = None
        self._cut = 0
        self._voices: list[float] = []
        self._first: int | None = None
        self._last = 0

    @property
    def heard(self) -> int:
        """Samples heard."""
        return len(self._voices) * FRAME

    def open(self, known: Container[Window]) -> Window | None:
        """What is said and neither sealed nor among the `known` windows, up to now: for live words."""
        if self._first is None:
            return None
        start = self.pause.end if self.pause is not None and self.pause in known else self._begin(self._first)
        return Window(start, self.heard)

    def hear(self, voice: float) -> None:
        """Take the next frame's probability of voice."""
        self._voices.append(voice)
        now = len(self._voices)
        near = [i for i in range(max(0, now - NEAR), now) if self._voices[i] >= VOICE]
        if voice >= VOICE and len(near) >= ONSET:
            self._first = near[0] if self._first is None else self._first
            self._last = now
            self.ahead = None
        if self._first is None:
            return
        begin = self._begin(self._first)
        if now - self._last == PAUSE:
            window = Window(begin, self._last * FRAME + TAIL)
            if window.seconds >= SEAL_S:
                self._seal(window)
            else:
                self.ahead = self.pause = window
        elif now - self._last == SILENT and self.ahead is not None:
            self._seal(self.ahead)
        elif self.heard - begin >= LIMIT_S * RATE_HZ and now - self._last < PAUSE:
            self._seal(Window(begin, self._dip()))
            self._first = self._cut // FRAME if self._last * FRAME > self._cut else None

    def finish(self, samples: int, known: Container[Window] = ()) -> list[Window]:
        """Return the last windows of a recording of `samples` samples.

        None when nothing but silence is left; else one, or two where the last pause's is among the `known` ones: that
        and the rest.
        """
        if self._first is None:
            return []
        whole = Window(self._begin(self._first), min(samples, self._last * FRAME + TAIL))
        if self.pause is None or self.pause == whole or self.pause not in known:
            return [whole]
        return [self.pause, Window(self.pause.end, whole.end)]

    def _begin(self, first: int) -> int:
        return max(self._cut, first * FRAME - LEAD)

    def _seal(self, window: Window) -> None:
        self.sealed.append(window)
        self._cut = window.end
        self._first = self.ahead = self.pause = None

    def _dip(self) -> int:
        """The end of the least voiced frame among the last `DIP_S`; the latest of equals."""
        end = len(self._voices)
        span = range(end - int(DIP_S * RATE_HZ / FRAME), end)
        return (min(span, key=lambda i: (self._voices[i], -i)) + 1) * FRAME
