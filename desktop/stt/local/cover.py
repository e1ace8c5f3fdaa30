"""Choose the decoded windows that make up the transcript. Pure functions."""

from __future__ import annotations

from collections.abc import Container, Sequence

from desktop.stt.local.segmenter import SpeechWindow


def cover_phrases(phrases: Sequence[SpeechWindow], known: Container[SpeechWindow]) -> tuple[list[SpeechWindow], int]:
    """Return the known windows, in order, that cover the most of `phrases` from the first on, and the number covered.

    Of all such covers the one with the fewest windows, since a long window is more accurate than a short one.
    """
    ways = _find_covers(phrases, known)
    count = max(ways)
    return ways[count], count


def find_known_ends(phrases: Sequence[SpeechWindow], known: Container[SpeechWindow]) -> list[int]:
    """Return the positions in `phrases` up to which everything is known, 0 included: where a new window may begin."""
    return sorted(_find_covers(phrases, known))


def _find_covers(phrases: Sequence[SpeechWindow], known: Container[SpeechWindow]) -> dict[int, list[SpeechWindow]]:
    """Return the shortest row of known windows for each number of phrases that can be covered."""
    ways: dict[int, list[SpeechWindow]] = {0: []}
    for end in range(1, len(phrases) + 1):
        rows = [
            [*way, last]
            for begin, way in ways.items()
            if (last := SpeechWindow(phrases[begin].start, phrases[end - 1].end)) in known
        ]
        if rows:
            ways[end] = min(rows, key=len)
    return ways
