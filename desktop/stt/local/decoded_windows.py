"""Keep what the windows of one recording were decoded to, and choose those that make up its text."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from desktop.core.text import count_words
from desktop.stt.local.decoding import DecodeResult
from desktop.stt.local.scheduler import cover_phrases
from desktop.stt.local.verification import find_doubtful_windows
from desktop.stt.segmenter import SpeechWindow
from desktop.stt.traits import EngineTraits


class DecodedWindows:
    """The results by window. `known` are the windows that count, which the scheduler knows as done."""

    def __init__(self) -> None:
        self.results: dict[SpeechWindow, DecodeResult] = {}

    def find_best(
        self, group: Sequence[SpeechWindow], known: Collection[SpeechWindow]
    ) -> tuple[list[SpeechWindow], int]:
        """Return the windows that cover the most of a group, preferring undoubted ones that cover all of it, and the
        number of phrases covered. Windows that are loops count only where there are no others."""
        sure = cover_phrases(group, {window for window in known if self.results[window].sure})
        if sure[1] == len(group):
            return sure
        return cover_phrases(group, known, {window for window in known if self.results[window].is_looped})

    def is_doubtful(self, group: Sequence[SpeechWindow], known: Collection[SpeechWindow]) -> bool:
        """Whether a text of the group that counts is in doubt."""
        return not all(self.results[window].sure for window in self.find_best(group, known)[0])

    def has_words(self, group: Sequence[SpeechWindow], known: Collection[SpeechWindow]) -> bool:
        """Whether there are words of the group to use, and not of loops alone."""
        return any(map(self._count_words, self.find_best(group, known)[0]))

    def doubt_beside_phrases(
        self,
        groups: Sequence[Sequence[SpeechWindow]],
        new: SpeechWindow,
        known: Collection[SpeechWindow],
        traits: EngineTraits,
    ) -> list[str]:
        """Doubt windows of the group with the window `new` that lose or double words of their phrases; return the name
        of the check if there are any (`find_doubtful_windows`)."""
        group = next((group for group in groups if group and group[0].start <= new.start < group[-1].end), ())
        texts = {w: self.results[w].text for w in self._find_inside(group, known) if self.results[w].sure}
        doubtful = find_doubtful_windows(group, texts, judges_itself=traits.judges_itself)
        for window in doubtful:
            self.results[window] = replace(self.results[window], sure=False)
        return ["group"] if doubtful else []

    def accept_phrases(self, group: Sequence[SpeechWindow], known: Collection[SpeechWindow]) -> None:
        """Accept the texts of a group's phrases, all of them known, if they have as many words as its longer windows.
        Those of loops do not count."""
        longer = [window for window in self._find_inside(group, known) if window not in group]
        words = sum(map(self._count_words, group))
        if all(words >= self._count_words(window) for window in longer):
            for window in (*group, *longer):
                self.results[window] = replace(self.results[window], sure=window in group)

    def _count_words(self, window: SpeechWindow) -> int:
        result = self.results[window]
        return 0 if result.is_looped else count_words(result.text)

    def _find_inside(self, group: Sequence[SpeechWindow], known: Collection[SpeechWindow]) -> list[SpeechWindow]:
        begin, end = (group[0].start, group[-1].end) if group else (0, 0)
        return [window for window in known if begin <= window.start and window.end <= end]

    def average_voice(self, windows: Sequence[SpeechWindow]) -> NDArray[np.float32] | None:
        """Return the mean encoder state over `windows`, shape (n,); None if no engine gave any."""
        measured = [window for window in windows if len(self.results[window].voice)]
        if not measured:
            return None
        states = np.array([self.results[window].voice for window in measured], np.float32)
        return np.average(states, 0, [window.end - window.start for window in measured]).astype(np.float32)
