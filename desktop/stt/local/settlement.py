"""Settle the doubts that are left at the release, for engines whose texts are judged by their words.

A user waits for it, so that it ends after `SETTLE_S`, and what is known by then is the text; but where a group has no
words at all, they are waited for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence

import anyio

from desktop.core.tasks import run_together
from desktop.stt.local.decoded_windows import DecodedWindows
from desktop.stt.local.scheduler import DecodeCost, DecodeLane
from desktop.stt.segmenter import SpeechWindow, span_phrases

SETTLE_S = 0.5
"""Seconds after the release until which doubtful texts are decoded again, where there are words to use instead."""

MAX_DOUBT_DISTANCE = 4
"""Number of later closed groups after which a doubtful group is settled, by one long window or not at all.

Audio is kept while in doubt, and at the release all of it would be decoded again.
"""


async def settle_by_words(
    find_doubtful: Callable[[], Iterable[list[SpeechWindow]]],
    windows: DecodedWindows,
    known: Collection[SpeechWindow],
    decode: Callable[[SpeechWindow], Awaitable[None]],
    cost: DecodeCost,
    deadline: float,
) -> None:
    """Decode the doubtful groups whole, and those still in doubt by their phrases; accept these if they have as many
    words. `decode` adds a window to `windows` and to `known`, in which none is decoded twice."""

    async def decode_missing(groups: Sequence[tuple[bool, Sequence[SpeechWindow]]]) -> None:
        for has_words in (False, True):  # those without words first
            missing = [w for has, group in groups if has is has_words for w in group if w not in known]
            if missing:
                await _decode_at_once(missing, decode, cost, deadline if has_words else None)

    await decode_missing([(windows.has_words(group, known), [span_phrases(group)]) for group in find_doubtful()])
    await decode_missing([(windows.has_words(group, known), group) for group in find_doubtful()])
    for group in find_doubtful():
        if all(phrase in known for phrase in group):
            windows.accept_phrases(group, known)


async def _decode_at_once(
    missing: Sequence[SpeechWindow],
    decode: Callable[[SpeechWindow], Awaitable[None]],
    cost: DecodeCost,
    deadline: float | None,
) -> None:
    """Decode the windows, as many at once as there are lanes; those alone that may be known by the deadline."""
    left = iter(missing)

    async def run() -> None:
        for window in left:
            if deadline is None or anyio.current_time() + cost.estimate_s(window) <= deadline:
                await decode(window)

    with anyio.move_on_at(deadline):
        await run_together(*(run for _ in DecodeLane))
