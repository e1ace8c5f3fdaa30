"""What is decoded again at the release: on both lanes, while there is time, and for as long as there are no words."""

from __future__ import annotations

from collections.abc import Sequence

import anyio
import pytest

from desktop.core.types import RATE_HZ
from desktop.stt.local.decoded_windows import DecodedWindows
from desktop.stt.local.decoding import DecodeResult
from desktop.stt.local.scheduler import DecodeCost
from desktop.stt.local.settlement import settle_by_words
from desktop.stt.segmenter import SpeechWindow, span_phrases

pytestmark = pytest.mark.anyio

PHRASES = [SpeechWindow(begin * RATE_HZ, (begin + 2) * RATE_HZ) for begin in (0, 3)]
WHOLE = span_phrases(PHRASES)
FEW, NONE = DecodeResult("We meet.", "en", "coverage", False), DecodeResult("", "en", "coverage", False)
TEXT = DecodeResult("We meet on Tuesday.", "en")


class Take:
    """A group of two phrases of which `results` are known, and what its other windows would give."""

    def __init__(self, known: dict[SpeechWindow, DecodeResult], to_come: DecodeResult, estimate_s: float = 0.0) -> None:
        self.windows, self.cost = DecodedWindows(), DecodeCost()
        self.windows.results = known
        self.done = set(known)
        self.asked: list[SpeechWindow] = []
        self._to_come = to_come
        self._at_once, self._both = 0, anyio.Event()
        self.needs_both = False
        for window in (WHOLE, PHRASES[0]):
            self.cost.add_measurement(window, estimate_s)

    def find_doubtful(self) -> list[list[SpeechWindow]]:
        return [PHRASES] if self.windows.is_doubtful(PHRASES, self.done) or len(self.done) < 2 else []

    async def decode(self, window: SpeechWindow) -> None:
        self.asked.append(window)
        if self.needs_both and len(self.asked) > 1:
            self._at_once += 1
            if self._at_once == 2:
                self._both.set()
            await self._both.wait()
        await anyio.lowlevel.checkpoint()
        self.windows.results[window] = self._to_come
        self.done.add(window)

    async def settle(self, left_s: float) -> Sequence[str]:
        deadline = anyio.current_time() + left_s
        with anyio.fail_after(5):
            await settle_by_words(self.find_doubtful, self.windows, self.done, self.decode, self.cost, deadline)
        return [self.windows.results[window].text for window in self.windows.find_best(PHRASES, self.done)[0]]


async def test_a_doubtful_group_is_decoded_whole() -> None:
    take = Take({PHRASES[0]: FEW, PHRASES[1]: FEW}, TEXT)
    assert await take.settle(1.0) == [TEXT.text]
    assert take.asked == [WHOLE]


async def test_words_that_are_there_count_when_time_is_over() -> None:
    for left_s, estimate_s in ((-1.0, 0.0), (0.4, 1.0)):
        take = Take({PHRASES[0]: FEW, PHRASES[1]: FEW}, TEXT, estimate_s)
        assert await take.settle(left_s) == [FEW.text, FEW.text]
        assert take.asked == []


async def test_a_decode_that_lasts_longer_than_expected_is_left() -> None:
    take = Take({PHRASES[0]: FEW, PHRASES[1]: FEW}, TEXT)
    take.needs_both = True
    take.asked.append(WHOLE)  # so that the decode waits for another, which does not come
    assert await take.settle(0.05) == [FEW.text, FEW.text]


async def test_a_group_without_words_is_waited_for() -> None:
    take = Take({PHRASES[0]: NONE, PHRASES[1]: NONE}, TEXT, 1.0)
    assert await take.settle(-1.0) == [TEXT.text]


async def test_phrases_are_decoded_on_both_lanes() -> None:
    loop = DecodeResult("and so on and on", "en", "loop", False, is_looped=True)
    take = Take({WHOLE: loop}, TEXT)
    take.needs_both = True
    take.asked.append(WHOLE)
    assert await take.settle(-1.0) == [TEXT.text, TEXT.text]


class Broken(Take):
    """Its model cannot be used any more."""

    async def decode(self, window: SpeechWindow) -> None:
        raise LookupError


async def test_what_fails_is_raised_itself() -> None:
    with pytest.raises(LookupError):
        await Broken({WHOLE: NONE}, TEXT).settle(1.0)
