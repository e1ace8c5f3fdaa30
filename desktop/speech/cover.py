"""Which of the windows that have been decoded make up the answer: pure."""

from __future__ import annotations

from collections.abc import Container, Sequence

from desktop.speech.windows import Window, over


def cover(phrases: Sequence[Window], known: Container[Window]) -> tuple[list[Window], int]:
    """The known windows, in order, that cover the most of `phrases` from the first on, and how many they cover.

    Of all ways to cover them the one with the fewest windows, since a long window is more accurate than a short one.
    """
    ways: list[list[Window] | None] = [[], *([None] * len(phrases))]
    for end in range(1, len(phrases) + 1):
        for begin in range(end):
            way, last = ways[begin], over(phrases[begin:end])
            if way is not None and last in known:
                found = ways[end]
                if found is None or len(way) + 1 < len(found):
                    ways[end] = [*way, last]
    count = max(i for i, way in enumerate(ways) if way is not None)
    return ways[count] or [], count


def reach(phrases: Sequence[Window], known: Container[Window]) -> list[int]:
    """The positions in `phrases` up to which all is known, the first (0) among them: where a new window may begin."""
    return [i for i in range(len(phrases) + 1) if cover(phrases[:i], known)[1] == i]
