"""Segment a recording by voice probabilities, one per frame. Pure, independent of any recognizer.

A window is a row of neighbouring phrases decoded together; windows do not overlap (`docs/adr/0003`).

- A phrase ends at a short pause and can be decoded then, so that its text is there at a release.
- A group holds the phrases up to a good pause after `seal_s`; its decode as one window replaces those of its phrases. A
  closed group gets no more phrases.

How long a group may be, and how much silence stays around a phrase, are traits of the engine (`desktop.stt.traits`).
Only silence lies outside of phrases. All positions are samples at `RATE_HZ` from the start of the recording.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.core.types import FRAME_SAMPLES, RATE_HZ
from desktop.stt.traits import WHISPER, EngineTraits, load_traits

VOICE_THRESHOLD = 0.3
"""Silero's probability from which a frame counts as voice; whispers are below the library's default of 0.5."""

ONSET_FRAMES, ONSET_SPAN_FRAMES = 3, 5
"""`ONSET_FRAMES` voiced frames among the last `ONSET_SPAN_FRAMES` (96 of 160 ms) begin speech.

A click of the key is shorter, the shortest word is not, and a whispered one flickers.
"""

PAUSE_FRAMES, EARLY_PAUSE_FRAMES = 5, 3
"""Unvoiced frames that end a phrase (160 ms), and after which it is likely to end.

`PAUSE_FRAMES` is longer than the closure of a stop within a word, and so short that the phrase is decoded by the time a
finger has moved. After `EARLY_PAUSE_FRAMES` frames the phrase may be decoded as if it had ended: its window is the
same, and only silence is missing from it.
"""

GOOD_PAUSE_FRAMES = 16
"""Unvoiced frames (0.5 s) of a pause that is good enough to close a group."""

LONG_SILENCE_FRAMES = 94
"""Unvoiced frames (3 s) after which the group is closed however short it is.

What follows is another thought, and silence inside a window distracts the model.
"""

DIP_SEARCH_S = 4.0
"""Seconds before the end of a phrase that is too long (`max_phrase_s`) whose least voiced moment is where it is cut.

Together with `max_group_s` this keeps every window below the model's maximum.
"""

FAINT_THRESHOLD, MIN_FAINT_S = 0.1, 0.2
"""Voice probability of possible speech, and seconds of it that make a recording without phrases worth decoding.

A whisper in a noisy room stays below `VOICE_THRESHOLD` throughout (0.2 to 1 s of it reach 0.1), most rooms and machines
below this.
"""


@dataclass(frozen=True, slots=True, order=True)
class SpeechWindow:
    """The samples [start, end)."""

    start: int
    end: int

    @property
    def seconds(self) -> float:
        """The length in seconds."""
        return (self.end - self.start) / RATE_HZ


def span_phrases(phrases: Sequence[SpeechWindow]) -> SpeechWindow:
    """Return the window of one or more neighbouring phrases."""
    return SpeechWindow(phrases[0].start, phrases[-1].end)


def find_faint_speech(probabilities: Sequence[float], traits: EngineTraits | None = None) -> list[SpeechWindow]:
    """Return the windows of a recording without phrases that may contain speech all the same.

    For engines that go deaf of a long lead they begin near the first frame that may be speech.
    """
    traits = traits or load_traits(WHISPER)
    step = int(traits.max_window_s * RATE_HZ / FRAME_SAMPLES)
    windows = []
    for begin in range(0, len(probabilities), step):
        part = probabilities[begin : begin + step]
        faint = [i for i, voice in enumerate(part) if voice >= FAINT_THRESHOLD]
        if len(faint) * FRAME_SAMPLES >= MIN_FAINT_S * RATE_HZ:
            lead = (
                begin if traits.judges_itself else begin + max(0, faint[0] - traits.first_lead_samples // FRAME_SAMPLES)
            )
            windows.append(SpeechWindow(lead * FRAME_SAMPLES, (begin + len(part)) * FRAME_SAMPLES))
    return windows


class Segmenter:
    """The segmentation of one recording so far.

    `groups` are the closed groups of phrases; `phrases` are the ended phrases of the open group. `traits` are those of
    the engine, Whisper's without any.
    """

    # `_pauses[i]` is the number of unvoiced frames before `phrases[i]`, `_pause` the same for the open phrase.

    def __init__(self, traits: EngineTraits | None = None) -> None:
        self.traits = traits or load_traits(WHISPER)
        self.groups: list[list[SpeechWindow]] = []
        self.phrases: list[SpeechWindow] = []
        self._probabilities: list[float] = []
        self._first: int | None = None
        self._last = 0
        self._cut = 0
        self._pause = 0
        self._pauses: list[int] = []

    @property
    def heard_samples(self) -> int:
        """Number of samples received."""
        return len(self._probabilities) * FRAME_SAMPLES

    @property
    def open_phrase(self) -> SpeechWindow | None:
        """The open phrase up to now."""
        return None if self._first is None else SpeechWindow(self._find_start(self._first), self.heard_samples)

    @property
    def open_phrase_s(self) -> float:
        """Seconds since the first voiced frame of the open phrase."""
        return 0.0 if self._first is None else (len(self._probabilities) - self._first) * FRAME_SAMPLES / RATE_HZ

    @property
    def open_group_window(self) -> SpeechWindow | None:
        """Everything since the last closed group, up to now."""
        phrases = [*self.phrases, *([self.open_phrase] if self.open_phrase else [])]
        return span_phrases(phrases) if phrases else None

    @property
    def first_group_window(self) -> SpeechWindow | None:
        """The first closed group, or everything up to now."""
        return span_phrases(self.groups[0]) if self.groups else self.open_group_window

    @property
    def ending_phrase(self) -> SpeechWindow | None:
        """The open phrase as it will be if no more speech follows; None while there is speech."""
        if self._first is None or len(self._probabilities) - self._last < EARLY_PAUSE_FRAMES:
            return None
        return SpeechWindow(self._find_start(self._first), self._find_end())

    @property
    def is_voiced(self) -> bool:
        """Whether the last frame was voice."""
        return bool(self._probabilities) and self._probabilities[-1] >= VOICE_THRESHOLD

    def add_frame(self, probability: float) -> None:
        """Add the voice probability of the next frame."""
        self._probabilities.append(probability)
        now = len(self._probabilities)
        near = [i for i in range(max(0, now - ONSET_SPAN_FRAMES), now) if self._probabilities[i] >= VOICE_THRESHOLD]
        if probability >= VOICE_THRESHOLD and (
            len(near) >= ONSET_FRAMES or (self._first is not None and now - self._last <= PAUSE_FRAMES)
        ):
            if self._first is None:
                self._first, self._pause = near[0], near[0] - self._last
            self._last = now
        silence = now - self._last
        if self._first is None:
            if self.phrases and (
                silence == LONG_SILENCE_FRAMES
                or (silence == GOOD_PAUSE_FRAMES and span_phrases(self.phrases).seconds >= self.traits.seal_s)
            ):
                self._close_group(len(self.phrases))
        elif silence == PAUSE_FRAMES:
            self._end_phrase(self._find_end())
            self._first = None
        elif self.heard_samples - self._find_start(self._first) >= self.traits.max_phrase_s * RATE_HZ:
            self._end_phrase(self._find_dip())
            self._first = self._cut // FRAME_SAMPLES if self._last * FRAME_SAMPLES > self._cut else None

    def finish(self) -> None:
        """End the recording and its open phrase, whose window may reach into the silence that would have followed."""
        if self._first is not None:
            self._end_phrase(self._find_end())
            self._first = None

    def merge_groups(self, first: int) -> None:
        """Merge the groups from number `first` on to windows as long as the model allows. Call after `finish`."""
        phrases = [phrase for group in (*self.groups[first:], self.phrases) for phrase in group]
        del self.groups[first:]
        self.phrases = []
        for phrase in phrases:
            if self.phrases and span_phrases([*self.phrases, phrase]).seconds > self.traits.max_window_s:
                self._close_group(len(self.phrases))
            self.phrases.append(phrase)
        if self.phrases:
            self._close_group(len(self.phrases))

    def _find_start(self, first: int) -> int:
        """Return where the phrase with this first voiced frame begins; the phrase before may leave a shorter lead."""
        lead = self.traits.lead_samples if self._cut else self.traits.first_lead_samples
        return max(self._cut, first * FRAME_SAMPLES - lead)

    def _find_end(self) -> int:
        """Return where the open phrase ends: soft consonants after its last voiced frame are below the threshold."""
        return self._last * FRAME_SAMPLES + min(self.traits.tail_samples, PAUSE_FRAMES * FRAME_SAMPLES)

    def _end_phrase(self, end: int) -> None:
        assert self._first is not None
        phrase = SpeechWindow(self._find_start(self._first), end)
        while self.phrases and span_phrases([*self.phrases, phrase]).seconds > self.traits.max_group_s:
            self._close_group(self._find_best_pause())
        self.phrases.append(phrase)
        self._pauses.append(self._pause)
        self._pause = 0
        self._cut = end

    def _find_best_pause(self) -> int:
        """Return the number of phrases before the longest pause (the latest of equals) that leaves no short group
        behind."""
        after = [*self._pauses[1:], self._pause]
        begin = self.phrases[0].start
        long = [i for i, phrase in enumerate(self.phrases) if phrase.end - begin >= self.traits.seal_s * RATE_HZ / 2]
        return 1 + max(long or [len(after) - 1], key=lambda i: (after[i], i))

    def _close_group(self, count: int) -> None:
        self.groups.append(self.phrases[:count])
        self.phrases, self._pauses = self.phrases[count:], self._pauses[count:]

    def _find_dip(self) -> int:
        """Return the end of the least voiced frame among the last `DIP_SEARCH_S` (the latest of equals)."""
        end = len(self._probabilities)
        span = range(end - int(DIP_SEARCH_S * RATE_HZ / FRAME_SAMPLES), end)
        return (min(span, key=lambda i: (self._probabilities[i], -i)) + 1) * FRAME_SAMPLES
