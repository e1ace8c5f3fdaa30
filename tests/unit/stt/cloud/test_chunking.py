"""Where long speech is cut for a service, and how the pieces become one."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable

import anyio
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.errors import ServiceError
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Frame, Segment, SentData, Transcript
from desktop.stt.cloud.chunking import (
    MAX_PARALLEL_CHUNKS,
    MAX_WAITING_FRAMES,
    ChunkCutter,
    ChunkingRecognizer,
    join_transcripts,
)
from desktop.stt.segmenter import GOOD_PAUSE_FRAMES, PAUSE_FRAMES

LIMIT = 1000
"""Frames."""


def ends(voices: list[float]) -> list[int]:
    cuts = ChunkCutter(LIMIT * FRAME_SAMPLES / RATE_HZ)
    return [number for number, voice in enumerate(voices, 1) if cuts.add_frame(voice)]


def test_piece_ends_at_first_good_pause_in_last_fifth() -> None:
    voices = [1.0] * 400 + [0.0] * 100 + [1.0] * 350 + [0.0] * PAUSE_FRAMES + [1.0] * 20 + [0.0] * 100
    assert ends(voices) == [400 + 100 + 350 + PAUSE_FRAMES + 20 + GOOD_PAUSE_FRAMES]


def test_near_the_limit_any_pause_will_do() -> None:
    assert ends([1.0] * 960 + [0.0] * PAUSE_FRAMES + [1.0] * 100) == [960 + PAUSE_FRAMES]


def test_speech_without_a_pause_is_cut_at_the_limit() -> None:
    assert ends([1.0] * 2500) == [1000, 2000]


@given(st.lists(st.sampled_from([0.0, 1.0]), max_size=4000))
def test_no_piece_is_longer_than_the_limit(voices: list[float]) -> None:
    cuts = [0, *ends(voices)]
    assert all(later - earlier <= LIMIT for earlier, later in zip(cuts, [*cuts[1:], len(voices)], strict=True))


def test_pieces_become_one_transcript() -> None:
    first = Transcript(
        "One,", 4, "en", (Segment(0, 1, "One,"),), 10.0, sent=(SentData("h", "speech", 5, cost_usd=0.25),)
    )
    second = Transcript("two", 1, "en", (Segment(0, 1, "two"),), 4.0, sent=(SentData("h", "speech", 6, cost_usd=0.5),))
    whole = join_transcripts([first, second])
    assert (whole.text, whole.stable_length, whole.duration_s) == ("One, two", 6, 14.0)
    assert [segment.start_s for segment in whole.segments] == [0, 10]
    assert whole.sent == (SentData("h", "speech", 11, cost_usd=0.75),)
    assert join_transcripts([Transcript("One,"), second]).stable_length == 0, "nothing settles after what has not"


class Counts:
    """Says how many samples each piece had; the first answers after the last has ended."""

    def __init__(self, fails: bool = False) -> None:
        self.limit_s = 1.0
        self.pieces: list[int] = []
        self._fails = fails
        self._first = anyio.Event()

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        number, count = len(self.pieces), 0
        self.pieces.append(0)
        async for frame in speech:
            count += len(frame)
            on_partial(Transcript(f"{number}?"))
        self.pieces[number] = count
        if self._fails:
            raise ServiceError("host-unreachable", host="Example")
        if number == 0 and len(self.pieces) > 1:
            await self._first.wait()
        self._first.set()
        return Transcript(f"piece {number}", duration_s=count / RATE_HZ)


async def silence(frames: int) -> AsyncIterator[Frame]:
    for _ in range(frames):
        yield np.zeros(FRAME_SAMPLES, np.float32)
    yield np.zeros(100, np.float32)


@pytest.mark.anyio
async def test_pieces_heard_once_and_joined_in_order() -> None:
    one, shown = Counts(), list[Transcript]()
    whole = await ChunkingRecognizer(one, 100 * FRAME_SAMPLES / RATE_HZ).transcribe(silence(250), shown.append)
    assert len(one.pieces) == 4
    assert sum(one.pieces) == 250 * FRAME_SAMPLES + 100
    assert whole.text == "piece 0 piece 1 piece 2 piece 3"
    assert shown[0].text == "0?"


@pytest.mark.anyio
async def test_a_piece_that_fails_fails_the_whole() -> None:
    with pytest.raises(ServiceError, match="cannot be reached"):
        await ChunkingRecognizer(Counts(fails=True)).transcribe(silence(100), lambda partial: None)


@pytest.mark.anyio
async def test_frame_during_failure_does_not_hide_it() -> None:
    fails = anyio.Event()

    class Refuses(Counts):
        async def transcribe(
            self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]
        ) -> Transcript:
            async for _ in speech:
                fails.set()
                raise ServiceError("host-unreachable", host="Example")
            raise AssertionError("nothing was heard")

    async def until_then_and_on() -> AsyncIterator[Frame]:
        yield np.zeros(FRAME_SAMPLES, np.float32)
        await fails.wait()
        yield np.zeros(FRAME_SAMPLES, np.float32)

    with pytest.raises(ServiceError, match="cannot be reached"):
        await ChunkingRecognizer(Refuses()).transcribe(until_then_and_on(), lambda partial: None)


@pytest.mark.anyio
async def test_untaken_sound_waits_at_source() -> None:
    given, gate = 0, anyio.Event()

    class Stalls(Counts):
        async def transcribe(
            self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]
        ) -> Transcript:
            await gate.wait()
            return await super().transcribe(speech, on_partial)

    async def counted() -> AsyncIterator[Frame]:
        nonlocal given
        async for frame in silence(1000):
            given += 1
            yield frame

    one = Stalls()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(
            ChunkingRecognizer(one, 300 * FRAME_SAMPLES / RATE_HZ).transcribe, counted(), lambda partial: None
        )
        await anyio.wait_all_tasks_blocked()
        assert given == MAX_WAITING_FRAMES + 1
        gate.set()
    assert sum(one.pieces) == 1000 * FRAME_SAMPLES + 100


class Holds:
    """Hears each piece to its end, and answers the first one whenever nothing goes on any more."""

    limit_s = 1.0

    def __init__(self) -> None:
        self.most = 0
        self._waiting: list[anyio.Event] = []

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        async for _ in speech:
            pass
        self._waiting.append(answered := anyio.Event())
        self.most = max(self.most, len(self._waiting))
        await answered.wait()
        return Transcript("piece")

    async def answer(self) -> None:
        await anyio.wait_all_tasks_blocked()
        while self._waiting:
            self._waiting.pop(0).set()
            await anyio.wait_all_tasks_blocked()


@pytest.mark.anyio
async def test_pieces_of_a_long_file_are_asked_a_few_at_once() -> None:
    holds, said = Holds(), list[Transcript]()

    async def transcribe() -> None:
        said.append(
            await ChunkingRecognizer(holds).transcribe(silence(20 * RATE_HZ // FRAME_SAMPLES), lambda partial: None)
        )

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(transcribe)
        await holds.answer()
    assert len(said[0].text.split()) > 2 * MAX_PARALLEL_CHUNKS
    assert holds.most == MAX_PARALLEL_CHUNKS
