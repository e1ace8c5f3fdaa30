"""What is to be asked of a recording about the places that a correction may mean. Pure.

Each place is looked at in a window of the text of a few words around it, and in the sound of these words. Its variants
with a word more or less differ in the text of the window after the correction: at the right borders no word of it is
double or missing, and it is the likeliest text of the sound.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from desktop.core.types import RATE_HZ, Audio, Replacement, TimedWord
from desktop.core.word_alignment import match_words, place_words, split_words

CONTEXT_WORDS = 8
"""Words of a window on each side of a place."""

LEAD_S, TRAIL_S, MAX_WINDOW_S = 0.15, 0.25, 13.0
"""Seconds of a window before its first word and after its last, as times are known, and its longest: a second less than
the sound that is encoded at once (`desktop.stt.local.word_aligner.MAX_WINDOW_S`)."""


class Window(NamedTuple):
    """`text[start:end]` around a place, and the samples in which its words were said.

    `place`: the samples in which what stands at the place itself was said, None where the words beside it were not said
    as they are written.
    """

    start: int
    end: int
    first_sample: int
    last_sample: int
    place: tuple[int, int] | None


def find_window(
    text: str, place: tuple[int, int], raw_text: str, timed: Sequence[TimedWord], longest_s: float = MAX_WINDOW_S
) -> Window | None:
    """Return the window around `text[place]`, given when the words of `raw_text`, of which `text` was made, were said.

    None where no words are known, or where a window would be longer than `longest_s`.
    """
    words, spans = split_words(text)
    raw_words = split_words(raw_text)[0]
    if not words or not raw_words or len(timed) != len(raw_words):
        return None
    places = place_words(words, raw_words)
    inside = [at for at, (start, end) in enumerate(spans) if start < place[1] and place[0] < end]
    if not inside:
        return None
    for context in range(CONTEXT_WORDS, 0, -1):
        first, last = max(0, inside[0] - context), min(len(words) - 1, inside[-1] + context)
        start_s = timed[places[first]].start_s - LEAD_S if first else 0.0
        end_s = timed[places[last]].end_s + TRAIL_S if last < len(words) - 1 else timed[-1].end_s + 2 * TRAIL_S
        if end_s - start_s <= longest_s:
            begin = spans[first][0] if first else 0
            end = spans[last][1] if last < len(words) - 1 else len(text)
            said = _find_said(match_words(words, raw_words), inside, timed)
            samples = said and (round(timed[said[0]].start_s * RATE_HZ), round(timed[said[1] - 1].end_s * RATE_HZ))
            return Window(begin, end, max(0, round(start_s * RATE_HZ)), round(end_s * RATE_HZ), samples)
    return None


class WordTimes(NamedTuple):
    """The characters of each word of a text, and the seconds in which it was said, as far as is known."""

    spans: list[tuple[int, int]]
    seconds: list[tuple[float, float]]

    def find_run(self, start: int, end: int) -> tuple[int, int]:
        """Return the first word of `text[start:end]`, and how many there are."""
        inside = [at for at, span in enumerate(self.spans) if span[0] < end and start < span[1]]
        return (inside[0], len(inside)) if inside else (0, 0)


def find_word_times(text: str, raw_text: str, timed: Sequence[TimedWord]) -> WordTimes | None:
    """Return when the words of `text` were said, given when those of `raw_text`, of which it was made, were; None where
    no words are known. A word that was said otherwise ("555") has the time of all between those beside it."""
    words, spans = split_words(text)
    raw_words = split_words(raw_text)[0]
    if not words or not raw_words or len(timed) != len(raw_words):
        return None
    matched, places = match_words(words, raw_words), place_words(words, raw_words)
    seconds = []
    for at, place in enumerate(places):
        said = _find_said(matched, [at], timed)
        is_other = matched[at] is None and said is not None
        first, last = (said[0], said[1] - 1) if is_other and said is not None else (place, place)
        seconds.append((timed[first].start_s, timed[last].end_s))
    return WordTimes(spans, seconds)


def cut_sound(audio: Audio, window: Window) -> Audio:
    """Return the sound of the words of `window`."""
    return audio[window.first_sample : window.last_sample]


def write_window(text: str, window: Window, replacement: Replacement | None = None) -> str:
    """Return the text of `window`, with `replacement`, and a mark at its end: a text that ends too early is unlikely
    by the mark."""
    part = text[window.start : window.end]
    if replacement is not None:
        part = text[window.start : replacement.start] + replacement.written + text[replacement.end : window.end]
    return end_text(part)


def end_text(text: str) -> str:
    """Return `text` with a mark at its end."""
    text = text.strip()
    return text if text[-1:] in (*".?!。！？",) else f"{text}."


def _find_said(
    matched: Sequence[int | None], inside: Sequence[int], timed: Sequence[TimedWord]
) -> tuple[int, int] | None:
    """Return the words of `timed` that were said between the words beside those that are `inside`, from the first to
    before the last; None if there are none, or the words beside were not said as they are written."""
    left = matched[inside[0] - 1] if inside[0] else -1
    right = matched[inside[-1] + 1] if inside[-1] + 1 < len(matched) else len(timed)
    return None if left is None or right is None or right - left < 2 else (left + 1, right)
