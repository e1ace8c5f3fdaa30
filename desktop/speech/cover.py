"""Which of the windows that have been decoded make up the answer: pure."""

from __future__ import annotations

from collections.abc import Container, Sequence

from desktop.speech.windows import Window


def cover(phrases: Sequence[Window], known: Container[Window]) -> tuple[list[Window], int]:
    """The known windows, in order, that cover the most of `phrases` from the first on, and how many they cover.

    Of all ways to cover them the one with the fewest windows, since a long window is more accurate than a short one.
    """
    ways = _ways(phrases, known)
    count = max(ways)
    return ways[count], count


def reach(phrases: Sequence[Window], known: Container[Window]) -> list[int]:
    """The positions in `phrases` up to which all is known, the first (0) among them: where a new window may begin."""
    return sorted(_ways(phrases, known))


def _ways(phrases: Sequence[Window], known: Container[Window]) -> dict[int, list[Window]]:
    """By how many phrases they cover, the shortest rows of known windows."""
    ways: dict[int, list[Window]] = {0: []}
    for end in range(1, len(phrases) + 1):
        rows = [
            [*way, last]
            for begin, way in ways.items()
            if (last := Window(phrases[begin].start, phrases[end - 1].end)) in known
        ]
        if rows:
            ways[end] = min(rows, key=len)
    return ways
