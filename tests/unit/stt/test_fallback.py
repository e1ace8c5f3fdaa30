"""Which of two answers is taken, and that both hear everything."""

from __future__ import annotations

import math
from collections.abc import AsyncIterable, AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.audio.buffer import AudioBuffer
from desktop.audio.spool import Spool
from desktop.core.errors import RecognizerError, ServiceError, UserError
from desktop.core.messages import render
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Frame, SentData, Transcript
from desktop.stt.fallback import (
    SERVICE_ALONE_S,
    FallbackPolicy,
    FallbackRecognizer,
    FallbackRules,
    RecognizerAnswer,
    choose_answer,
    compute_give_up_time,
)

CLOUD, LOCAL, EMPTY = Transcript("From the cloud."), Transcript("From this machine."), Transcript()
OUT, DEAF = ServiceError("host-unreachable", host="Example"), RecognizerError("local-model-missing")
SHORT = Transcript("Fro")


@pytest.mark.parametrize(
    ("policy", "service", "local", "late", "text", "note"),
    [
        ("fallback", CLOUD, None, False, "From the cloud.", ""),
        ("fallback", CLOUD, LOCAL, True, "From the cloud.", ""),
        ("fallback", CLOUD, DEAF, False, "From the cloud.", ""),
        ("fallback", SHORT, LOCAL, False, "Fro", ""),
        ("fallback", None, LOCAL, False, None, ""),
        ("fallback", None, LOCAL, True, "From this machine.", "Example did not answer in 1.5 s. Used the local text."),
        ("fallback", OUT, None, True, None, ""),
        ("fallback", OUT, LOCAL, False, "From this machine.", "Example cannot be reached. Used the local text."),
        ("fallback", OUT, EMPTY, False, OUT, ""),
        ("fallback", OUT, EMPTY, True, OUT, ""),
        ("fallback", OUT, DEAF, False, OUT, ""),
        ("fallback", None, DEAF, True, None, ""),
        ("fallback", EMPTY, None, False, None, ""),
        ("fallback", EMPTY, None, True, None, ""),
        ("fallback", EMPTY, DEAF, False, "", ""),
        ("fallback", EMPTY, LOCAL, False, "From this machine.", "Example heard nothing. Used the local text."),
        ("fallback", EMPTY, EMPTY, False, "", ""),
        ("fallback", None, EMPTY, True, None, ""),
        ("best", CLOUD, None, False, None, ""),
        ("best", CLOUD, None, True, "From the cloud.", ""),
        ("best", EMPTY, None, True, None, ""),
        ("best", CLOUD, LOCAL, False, "From the cloud.", ""),
        ("best", SHORT, LOCAL, False, "From this machine.", "Example sent much less text. Used the local text."),
        ("best", None, LOCAL, False, None, ""),
        ("best", None, LOCAL, True, "From this machine.", "Example did not answer in 1.5 s. Used the local text."),
        ("fastest", None, LOCAL, False, "From this machine.", ""),
        ("fastest", None, EMPTY, False, None, ""),
        ("fastest", None, EMPTY, True, None, ""),
        ("fastest", EMPTY, None, True, None, ""),
        ("fastest", CLOUD, None, False, "From the cloud.", ""),
        ("fastest", None, None, True, None, ""),
    ],
)
def test_the_policy(
    policy: FallbackPolicy, service: RecognizerAnswer, local: RecognizerAnswer, late: bool, text: object, note: str
) -> None:
    found = choose_answer(FallbackRules(policy, 1.5, "Example"), service, local, late)
    if isinstance(found, Transcript):
        assert (found.text, render(found.notes)) == (text, note)
    else:
        assert found is text


@pytest.mark.parametrize(
    ("sending_s", "heard_s", "over_at"),
    [(-math.inf, 0.0, 30.0), (-3.0, 8.0, 32.0), (0.0, 8.0, 32.0), (90.0, 600.0, 270.0), (600.0, 600.0, 780.0)],
)
def test_given_up_at_waits_for_what_is_still_sent(sending_s: float, heard_s: float, over_at: float) -> None:
    assert compute_give_up_time(30.0 - SERVICE_ALONE_S, sending_s, heard_s) == over_at


class Says:
    """Hears until the end or until `fails`, then waits for its gate and answers."""

    def __init__(self, text: str = "", problem: Exception | None = None, early: bool = False) -> None:
        self.gate = anyio.Event()
        self.heard = 0
        self.ended = False
        self._text = text
        self._problem = problem
        self._early = early

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        try:
            on_partial(Transcript(self._text, sent=(SentData("host", "speech", 7),) if self._text == "cloud" else ()))
            async for frame in speech:
                self.heard += len(frame)
                if self._early and self._problem is not None:
                    raise self._problem
            await self.gate.wait()
            if self._problem is not None:
                raise self._problem
            return Transcript(self._text)
        finally:
            self.ended = True


async def speech(frames: int) -> AsyncIterator[Frame]:
    for _ in range(frames):
        await anyio.lowlevel.checkpoint()
        yield np.zeros(FRAME_SAMPLES, np.float32)


def choice(service: Says, local: Says | None, deadline_s: float = math.inf) -> FallbackRecognizer:
    return FallbackRecognizer(service, local, FallbackRules("fallback", deadline_s, "Example"))


@pytest.mark.anyio
async def test_both_hear_everything_and_the_other_is_stopped() -> None:
    service, local = Says("cloud"), Says("local")
    service.gate.set()
    said = await choice(service, local).transcribe(speech(5), lambda partial: None)
    assert said.text == "cloud"
    assert service.heard == local.heard == 5 * FRAME_SAMPLES
    assert local.ended


@pytest.mark.anyio
async def test_service_text_has_nothing_that_a_window_may_obey() -> None:
    service, shown = Says("a\x1b[201~\nb\x9b\u202ec\u202c \U000e0041d", early=True), list[str]()
    service.gate.set()
    said = await choice(service, None).transcribe(speech(1), lambda partial: shown.append(partial.text))
    assert [*shown, said.text] == ["a[201~\nbc d"] * 2


class Listens(Says):
    """Tells how the voice sounds as soon as it hears any."""

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        on_partial(Transcript("local", model="base", voice=np.ones(3, np.float32)))
        return await super().transcribe(speech, on_partial)


@pytest.mark.anyio
async def test_service_text_carries_the_local_voice() -> None:
    service, local = Says("cloud"), Listens("local")
    service.gate.set()
    said = await choice(service, local).transcribe(speech(2), lambda partial: None)
    assert (said.text, said.voice_model) == ("cloud", "base")
    assert said.voice is not None
    assert said.voice.tolist() == [1, 1, 1]


@pytest.mark.anyio
async def test_early_failure_keeps_words_of_the_other_engine() -> None:
    service, local = Says("cloud", OUT, early=True), Says("local")
    local.gate.set()
    said = await choice(service, local).transcribe(speech(5), lambda partial: None)
    assert (said.text, render(said.notes)) == ("local", "Example cannot be reached. Used the local text.")
    assert local.heard == 5 * FRAME_SAMPLES
    assert said.sent == (SentData("host", "speech", 7),), "the receipt tells what went out all the same"


@pytest.mark.anyio
async def test_a_bug_in_one_is_logged_and_the_other_answers(caplog: pytest.LogCaptureFixture) -> None:
    service, local = Says("cloud", ValueError("oh"), early=True), Says("local")
    local.gate.set()
    said = await choice(service, local).transcribe(speech(2), lambda partial: None)
    assert said.text == "local"
    assert "ValueError: oh" in caplog.text
    caplog.clear()


@pytest.mark.anyio
async def test_after_the_deadline_whoever_is_there_answers() -> None:
    service, local = Says("cloud"), Says("local")
    local.gate.set()
    said = await choice(service, local, deadline_s=0.0).transcribe(speech(2), lambda partial: None)
    assert said.text == "local"
    assert service.ended


@pytest.mark.anyio
@pytest.mark.parametrize("silent", ["service", "local"])
async def test_one_side_silence_is_no_answer_at_deadline(silent: str) -> None:
    deaf, stuck = Says(""), Says("words")
    deaf.gate.set()
    both = (deaf, stuck) if silent == "service" else (stuck, deaf)
    why = "Example heard nothing, and the local engine did not" if silent == "service" else "Example did not"
    with pytest.raises(ServiceError, match=rf"^{why} answer in 0 s\. What you said is kept"):
        await choice(*both, deadline_s=-SERVICE_ALONE_S - 1).transcribe(speech(2), lambda partial: None)


@pytest.mark.anyio
@pytest.mark.parametrize("silent", ["service", "local"])
async def test_engine_with_words_is_awaited_beyond_deadline(silent: str) -> None:
    deaf, speaks = Says(""), Says("words")
    deaf.gate.set()
    both = (deaf, speaks) if silent == "service" else (speaks, deaf)
    async with anyio.create_task_group() as tasks:
        said: list[Transcript] = []

        async def transcribe() -> None:
            said.append(await choice(*both, deadline_s=0.0).transcribe(speech(2), lambda partial: None))

        tasks.start_soon(transcribe)
        await anyio.wait_all_tasks_blocked()
        assert said == []
        speaks.gate.set()
    assert said[0].text == "words"


@pytest.mark.anyio
async def test_service_words_are_shown_once_available() -> None:
    shown: list[Transcript] = []
    service, local = Says("cloud"), Says("local")
    service.gate.set()
    await choice(service, local).transcribe(speech(2), shown.append)
    assert shown[-1].text == "cloud"
    assert shown[-1].sent == (SentData("host", "speech", 7),)


@pytest.mark.anyio
async def test_lone_service_is_awaited_then_given_up() -> None:
    service = Says("cloud")
    service.gate.set()
    assert (await choice(service, None).transcribe(speech(2), lambda partial: None)).text == "cloud"
    with pytest.raises(ServiceError, match="Example did not answer in 0 s"):
        await choice(Says("cloud"), None, deadline_s=-SERVICE_ALONE_S - 1).transcribe(speech(2), lambda partial: None)
    failing = Says("cloud", OUT)
    failing.gate.set()
    with pytest.raises(UserError, match="Example cannot be reached"):
        await choice(failing, None).transcribe(speech(2), lambda partial: None)


class Stalls(Says):
    """Hears one frame, and nothing more until its gate opens."""

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        async for frame in speech:
            self.heard += len(frame)
            await self.gate.wait()
        return Transcript("late")


@pytest.mark.anyio
@pytest.mark.parametrize("stalled", ["service", "local"])
async def test_stalled_engine_does_not_fill_memory(tmp_path: Path, stalled: str) -> None:
    slow, quick = Stalls(), Says("quick")
    both = choice(slow, quick) if stalled == "service" else choice(quick, slow)
    most, spoken = 20, 4000
    with (
        Spool(tmp_path).create(datetime.now(UTC)) as take,
        AudioBuffer(take, most * FRAME_SAMPLES / RATE_HZ) as heard,
    ):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(both.transcribe, heard, lambda partial: None)
            frame = np.zeros(FRAME_SAMPLES, np.float32)
            for number in range(1, spoken + 1):
                take.write(frame)
                heard.append(frame, is_written=True)
                if number % 100 == 0:
                    while quick.heard < number * FRAME_SAMPLES:
                        await anyio.lowlevel.checkpoint()
                assert heard.frames_in_memory <= most
            assert slow.heard == FRAME_SAMPLES
            slow.gate.set()
            heard.close()
            while slow.heard < spoken * FRAME_SAMPLES:
                await anyio.lowlevel.checkpoint()
            quick.gate.set()
        assert heard.frames_in_memory == 0
