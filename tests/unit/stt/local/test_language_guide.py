"""Dictations with Whisper beside a model that cannot tell the user's languages apart."""

from __future__ import annotations

import anyio
import numpy as np
import pytest

from desktop.audio.file import iterate_frames
from desktop.bench.clock import SkippingClock
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Transcript
from desktop.stt.local.decoding import DecodeRequest
from desktop.stt.local.language_guide import MAX_LOOK_S, GuidedDecoder
from desktop.stt.local.scheduler import DecodeLane
from desktop.stt.local.streaming import WhisperStream
from tests.conftest import Clip
from tests.support.guided_model import ENGLISH, GERMAN, Model, answers, beside_whisper, start

pytestmark = pytest.mark.anyio

CLOCK = SkippingClock()


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return "asyncio", {"loop_factory": CLOCK.create_loop}


async def dictate(engine: Model, audio: Audio, languages: tuple[str, ...] | None = None) -> Transcript:
    decoder = GuidedDecoder(engine, languages)
    stream = WhisperStream(decoder, lambda partial: None)
    with CLOCK.skipping(lambda: False):
        async with anyio.create_task_group() as lanes:
            lanes.start_soon(decoder.preload)
            for lane in DecodeLane:
                lanes.start_soon(stream.run_lane, lane)
            async for frame in iterate_frames(audio, True):
                stream.add_frame(frame)
            await stream.finish()
            lanes.cancel_scope.cancel()
    return decoder.name_decoder(stream.build_transcript(), stream.results)


@pytest.fixture
def speech(clips: list[Clip]) -> Audio:
    from desktop.audio.file import read_audio

    return np.concatenate([read_audio(clip.path) for clip in clips])


@pytest.fixture
def sentence(speech: Audio) -> Audio:
    """A second and a half of speech, too little for the stream to ask for its language."""
    return np.pad(speech[: RATE_HZ * 3 // 2], (0, FRAME_SAMPLES * 30))


@pytest.mark.parametrize("length", ["speech", "sentence"])
async def test_language_that_the_model_lacks_is_decoded_by_whisper(length: str, request: pytest.FixtureRequest) -> None:
    engine = beside_whisper("moonshine-base", "moonshine", ("en", "zh"), "zh")
    said = await dictate(engine, request.getfixturevalue(length))
    assert answers(said) == {"base:zh"}
    assert (said.engine, said.model, said.language, said.guards) == ("whisper", "base", "zh", ("language",))


async def test_languages_of_one_dictation_are_its_own(sentence: Audio) -> None:
    engine = beside_whisper("moonshine-base", "moonshine", ("en",), "zh")
    said = await dictate(engine, sentence, ("zh",))
    assert (answers(said), said.language) == ({"base:zh"}, "zh")
    assert answers(await dictate(engine, sentence)) == {"moonshine-base:en"}
    assert answers(await dictate(engine, sentence, ("en",))) == {"moonshine-base:en"}


async def test_language_spoken_last_says_nothing_of_a_dictation_in_others(sentence: Audio) -> None:
    engine = Model("base", "whisper", "en")
    engine.last_language = "en"
    assert [GuidedDecoder(engine, codes).last_language for codes in (("de", "fr"), ("en", "de"), ())] == [
        "",
        "en",
        "en",
    ]


@pytest.mark.parametrize(
    ("languages", "has_whisper", "lacks"), [(("zh",), False, True), (("zh",), True, False), (("en",), False, False)]
)
async def test_model_without_whisper_lacks_a_language(
    languages: tuple[str, ...], has_whisper: bool, lacks: bool
) -> None:
    engine = beside_whisper("moonshine-base", "moonshine", ("en",), "zh")
    engine.guide = engine.guide if has_whisper else None
    decoder = GuidedDecoder(engine, languages)
    assert not decoder.lacks_language
    await decoder.load()
    assert decoder.lacks_language is lacks


@pytest.mark.parametrize("length", ["speech", "sentence"])
async def test_language_that_the_model_has_is_decoded_by_it(length: str, request: pytest.FixtureRequest) -> None:
    engine = beside_whisper("moonshine-base", "moonshine", ("en", "zh"), "en")
    said = await dictate(engine, request.getfixturevalue(length))
    assert answers(said) == {"moonshine-base:en"}
    assert (said.engine, said.model, said.language, said.guards) == ("moonshine", "moonshine-base", "en", ())
    assert engine.guide is not None
    assert engine.guide.told == set()


@pytest.mark.parametrize("length", ["speech", "sentence"])
async def test_model_that_must_be_told_is_told_what_is_spoken(length: str, request: pytest.FixtureRequest) -> None:
    engine = beside_whisper("canary-180m", "canary", ("en", "fr"), "fr")
    said = await dictate(engine, request.getfixturevalue(length))
    assert answers(said) == {"canary-180m:fr"}
    assert (said.engine, said.language, said.guards) == ("canary", "fr", ())


async def test_language_spoken_last_is_kept_for_the_next_dictation(speech: Audio) -> None:
    engine = beside_whisper("moonshine-base", "moonshine", ("en", "zh"), "zh")
    await dictate(engine, speech)
    assert engine.last_language == "zh"


async def test_text_in_a_foreign_language_is_decoded_by_whisper(speech: Audio) -> None:
    engine = beside_whisper("parakeet-v3", "parakeet", ("de",), "de")
    engine.say = lambda request: ENGLISH
    assert engine.guide is not None
    engine.guide.say = lambda request: GERMAN
    said = await dictate(engine, speech)
    assert GERMAN in said.text
    assert ENGLISH not in said.text
    assert (said.engine, said.model, said.language, said.guards[-1]) == ("whisper", "base", "de", "language")
    assert engine.guide.told == {"de"}
    assert not any(request.only_language for request in engine.guide.asked)


async def test_text_in_the_right_language_never_loads_whisper(speech: Audio) -> None:
    engine = beside_whisper("parakeet-v3", "parakeet", ("de",), "de")
    engine.say = lambda request: GERMAN
    said = await dictate(engine, speech)
    assert (said.language, "language" in said.guards) == ("de", False)
    assert engine.guide is not None
    assert (engine.guide.loads, engine.guide.asked) == (0, [])


@pytest.mark.parametrize(("name", "family"), [("moonshine-base", "moonshine"), ("base", "whisper")])
async def test_whisper_is_not_looked_for_with_one_language(name: str, family: str, sentence: Audio) -> None:
    engine = beside_whisper(name, family, ("en",), "en")
    assert (await dictate(engine, sentence)).model == name
    assert engine.looked_for == 0


async def test_without_whisper_the_model_answers_alone(speech: Audio) -> None:
    engine = beside_whisper("moonshine-base", "moonshine", ("en", "zh"), "zh")
    engine.guide = None
    said = await dictate(engine, speech)
    assert (said.model, said.language, said.guards) == ("moonshine-base", "en", ())


async def test_model_answers_alone_where_whisper_fails(speech: Audio) -> None:
    engine = beside_whisper("canary-180m", "canary", ("en", "fr"), "fr")
    assert engine.guide is not None
    engine.guide.is_broken = True
    said = await dictate(engine, speech)
    assert answers(said) == {"canary-180m:en"}


async def test_next_whisper_is_asked_where_one_fails(speech: Audio) -> None:
    engine = beside_whisper("moonshine-base", "moonshine", ("en", "zh"), "zh")
    assert engine.guide is not None
    engine.guide.is_broken = True
    engine.others = [Model("tiny", "whisper", "zh")]
    said = await dictate(engine, speech)
    assert answers(said) == {"tiny:zh"}
    assert (said.engine, said.model, said.guards) == ("whisper", "tiny", ("language",))


async def test_dictation_says_that_no_whisper_worked(speech: Audio) -> None:
    engine = beside_whisper("moonshine-base", "moonshine", ("zh",), "zh")
    assert engine.guide is not None
    engine.guide.is_broken = True
    said = await dictate(engine, speech)
    assert (said.engine, said.language, "unguided" in said.guards) == ("moonshine", "zh", True)
    assert said.text


async def test_look_at_the_language_ends_after_the_release(window: tuple[Audio, str]) -> None:
    engine = beside_whisper("canary-180m", "canary", ("en", "fr"), "fr")
    assert engine.guide is not None
    engine.guide.on_look = anyio.sleep_forever
    decoder, texts = await start(engine), list[str]()

    async def decode() -> None:
        texts.append((await decoder.decode(window[0], DecodeRequest(window[1], "", ("en", "fr")))).text)

    with CLOCK.skipping(lambda: False), anyio.fail_after(10 * MAX_LOOK_S):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(decode)
            await anyio.wait_all_tasks_blocked()
            begun = anyio.current_time()
            decoder.end_speech()
        await decode()
        assert anyio.current_time() - begun < 2 * MAX_LOOK_S
    assert [text.split()[0] for text in texts] == ["canary-180m:en"] * 2


@pytest.mark.parametrize("family", ["moonshine", "parakeet"])
async def test_language_of_a_file_is_decided_though_the_model_is_late(family: str, speech: Audio) -> None:
    name = {"moonshine": "moonshine-base", "parakeet": "parakeet-v3"}[family]
    engine = beside_whisper(name, family, ("en", "de"), "de")
    stream = WhisperStream(GuidedDecoder(engine), lambda partial: None)
    async for frame in iterate_frames(np.tile(speech, 4)):
        stream.add_frame(frame)
    async with anyio.create_task_group() as lanes:
        for lane in DecodeLane:
            lanes.start_soon(stream.run_lane, lane)
        await stream.finish()
        lanes.cancel_scope.cancel()
    assert engine.last_language == "de"


async def test_language_is_asked_again_at_the_release_where_it_is_not_decided(speech: Audio) -> None:
    decoder = await start(beside_whisper("canary-180m", "canary", ("en", "fr"), "fr"))
    stream = WhisperStream(decoder, lambda partial: None)
    async for frame in iterate_frames(np.tile(speech, 2)):
        stream.add_frame(frame)
    stream._state.language_window = None  # as after an answer that decided nothing
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(stream.finish)
        await anyio.wait_all_tasks_blocked()
        assert stream._state.language_window == stream._segmenter.first_group_window is not None
        tasks.cancel_scope.cancel()
