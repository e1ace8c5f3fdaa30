"""Segment a recording by voice probabilities, one per frame. Pure, independent of any recognizer.

Speech is split into phrases, which end at a short pause. A window is a row of neighbouring phrases decoded together.
Windows do not overlap and hypotheses are not stitched together: every measured system that does so loses words at its
seams, while windows cut at pauses match a batch decode if they are long. On eight dictations of LibriSpeech (1,500
words, two of them in noise) batch has a WER of 11.1 %, groups of 20 to 27 s have 10.5 %, of 10 to 16 s 12.0 %. Hence
two sizes:

- a phrase can be decoded as soon as the speaker pauses, so that its text is there at a release;
- a group holds the phrases up to a good pause after `MIN_GROUP_S`; its decode as one window replaces those of its
  phrases. A closed group gets no more phrases.

Only silence lies outside of phrases. All positions are samples at `RATE_HZ` from the start of the recording.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.core.types import FRAME, RATE_HZ

VOICE = 0.3
"""Silero's probability from which a frame counts as voice; whispers are below the library's default of 0.5."""

ONSET, NEAR = 3, 5
"""`ONSET_FRAMES` voiced frames among the last `ONSET_SPAN_FRAMES` (96 of 160 ms) begin speech.

A click of the key is shorter, the shortest word is not, and a whispered one flickers.
"""

PAUSE, EAGER = 5, 3
"""Unvoiced frames that end a phrase (160 ms), and after which it is likely to end.

`PAUSE_FRAMES` is longer than the closure of a stop within a word, and so short that the phrase is decoded by the time a
finger has moved. After `EARLY_PAUSE_FRAMES` frames the phrase may be decoded as if it had ended: its window is the
same, and only silence is missing from it.
"""

TAIL = PAUSE * FRAME
"""Samples kept after the last voiced frame: soft consonants are below the threshold."""

LEAD, FIRST_LEAD = 10 * FRAME, 20 * FRAME
"""Samples kept before a phrase's first voiced frame (320 ms), and before that of the first phrase (640 ms).

The phrase before may leave less. Where speech begins with the key press, the detector may miss 400 ms ("Tell them" came
out as "Teo then"). For other phrases a longer lead gains nothing (3,400 words: 15.1 %, and 14.9 % with this).
"""

GOOD = 16
"""Unvoiced frames (0.5 s) of a pause that is good enough to close a group."""

SILENT = 94
"""Unvoiced frames (3 s) after which the group is closed however short it is.

What follows is another thought, and silence inside a window costs the model's attention.
"""

SEAL_S, LONG_S = 20.0, 27.0
"""Seconds from which a group is closed at a good pause, and beyond which it is closed at its longest pause."""

LIMIT_S = 28.0
"""Maximum seconds of a window: the model's 30 s less the silence that it needs at the end."""

PHRASE_S, DIP_S = 12.0, 4.0
"""Seconds after which a phrase without a pause is cut, at the least voiced moment of its last `DIP_SEARCH_S`.

Together with `MAX_GROUP_S` this keeps every window below the model's 30 s.
"""


MURMUR, MURMUR_S = 0.1, 0.2
"""Voice probability of possible speech, and seconds of it that make a recording without phrases worth decoding.

A whisper in a noisy room stays below `VOICE_THRESHOLD` throughout (0.2 to 1 s of it reach 0.1), most rooms and machines
below this.
"""


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """The samples [start, end)."""

    start: int
    end: int

    @property
    def seconds(self) -> float:
        """Its length in seconds."""
        return (self.end - self.start) / RATE_HZ


def over(phrases: Sequence[Window]) -> Window:
    """Return the window of one or more neighbouring phrases."""
    return Window(phrases[0].start, phrases[-1].end)


def murmurs(voices: Sequence[float]) -> list[Window]:
    """Return the windows of a recording without phrases that may contain speech all the same."""
    step = int(LIMIT_S * RATE_HZ / FRAME)
    parts = [(start, voices[start : start + step]) for start in range(0, len(voices), step)]
    return [
        Window(start * FRAME, (start + len(part)) * FRAME)
        for start, part in parts
        if sum(voice >= MURMUR for voice in part) * FRAME >= MURMUR_S * RATE_HZ
    ]


class Windows:
    """The segmentation of one recording so far.

    `groups` are the closed groups of phrases; `phrases` are the ended phrases of the open group.
    """

    # `_pauses[i]` is the number of unvoiced frames before `phrases[i]`, `_pause` the same for the open phrase.

    def __init__(self) -> None:
        self.groups: list[list[Window]] = []
        self.phrases: list[Window] = []
        self._voices: list[float] = []
        self._first: int | None = None
        self._last = 0
        self._cut = 0
        self._pause = 0
        self._pauses: list[int] = []

    @property
    def heard(self) -> int:
        """Number of samples received."""
        return len(self._voices) * FRAME

    @property
    def speaking(self) -> Window | None:
        """The open phrase up to now."""
        return None if self._first is None else Window(self._begin(self._first), self.heard)

    @property
    def speaking_s(self) -> float:
        """Seconds since the first voiced frame of the open phrase."""
        return 0.0 if self._first is None else (len(self._voices) - self._first) * FRAME / RATE_HZ

    @property
    def unsealed(self) -> Window | None:
        """Everything since the last closed group, up to now."""
        said = [*self.phrases, *([self.speaking] if self.speaking else [])]
        return over(said) if said else None

    @property
    def ending(self) -> Window | None:
        """The open phrase as it will be if no more speech follows; None while there is speech."""
        if self._first is None or len(self._voices) - self._last < EAGER:
            return None
        return Window(self._begin(self._first), self._last * FRAME + TAIL)

    @property
    def voiced(self) -> bool:
        """Whether the last frame was voice."""
        return bool(self._voices) and self._voices[-1] >= VOICE

    def hear(self, voice: float) -> None:
        """Add the voice probability of the next frame."""
        self._voices.append(voice)
        now = len(self._voices)
        near = [i for i in range(max(0, now - NEAR), now) if self._voices[i] >= VOICE]
        if voice >= VOICE and (len(near) >= ONSET or (self._first is not None and now - self._last <= PAUSE)):
            if self._first is None:
                self._first, self._pause = near[0], near[0] - self._last
            self._last = now
        silence = now - self._last
        if self._first is None:
            if self.phrases and (silence == SILENT or (silence == GOOD and over(self.phrases).seconds >= SEAL_S)):
                self._seal(len(self.phrases))
        elif silence == PAUSE:
            self._end(self._last * FRAME + TAIL)
            self._first = None
        elif self.heard - self._begin(self._first) >= PHRASE_S * RATE_HZ:
            self._end(self._dip())
            self._first = self._cut // FRAME if self._last * FRAME > self._cut else None

    def finish(self) -> None:
        """End the recording and its open phrase, whose window may reach into the silence that would have followed."""
        if self._first is not None:
            self._end(self._last * FRAME + TAIL)
            self._first = None

    def merge(self, first: int) -> None:
        """Merge the groups from number `first` on to windows as long as the model allows. Call after `finish`."""
        phrases = [phrase for group in (*self.groups[first:], self.phrases) for phrase in group]
        del self.groups[first:]
        self.phrases = []
        for phrase in phrases:
            if self.phrases and over([*self.phrases, phrase]).seconds > LIMIT_S:
                self._seal(len(self.phrases))
            self.phrases.append(phrase)
        if self.phrases:
            self._seal(len(self.phrases))

    def _begin(self, first: int) -> int:
        return max(self._cut, first * FRAME - (LEAD if self._cut else FIRST_LEAD))

    def _end(self, end: int) -> None:
        assert self._first is not None
        phrase = Window(self._begin(self._first), end)
        while self.phrases and over([*self.phrases, phrase]).seconds > LONG_S:
            self._seal(self._best_pause())
        self.phrases.append(phrase)
        self._pauses.append(self._pause)
        self._pause = 0
        self._cut = end

    def _best_pause(self) -> int:
        """Return the number of phrases before the longest pause (the latest of equals) that leaves no short group
        behind."""
        after = [*self._pauses[1:], self._pause]
        begin = self.phrases[0].start
        long = [i for i, phrase in enumerate(self.phrases) if phrase.end - begin >= SEAL_S * RATE_HZ / 2]
        return 1 + max(long or [len(after) - 1], key=lambda i: (after[i], i))

    def _seal(self, count: int) -> None:
        self.groups.append(self.phrases[:count])
        self.phrases, self._pauses = self.phrases[count:], self._pauses[count:]

    def _dip(self) -> int:
        """Return the end of the least voiced frame among the last `DIP_SEARCH_S` (the latest of equals)."""
        end = len(self._voices)
        span = range(end - int(DIP_S * RATE_HZ / FRAME), end)
        return (min(span, key=lambda i: (self._voices[i], -i)) + 1) * FRAME
