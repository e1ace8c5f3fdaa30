"""Whisper beside a model that cannot tell the user's languages apart."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.audio.file import iterate_frames
from desktop.bench.clock import SkippingClock
from desktop.core.errors import RecognizerError
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Transcript
from desktop.stt.local.decoding import DecodeRequest, DecodeResult
from desktop.stt.local.language_guide import MAX_LOOK_S, GuidedDecoder, needs_guide, needs_text_check
from desktop.stt.local.model_choice import find_guide_model
from desktop.stt.local.scheduler import DecodeCost, DecodeLane
from desktop.stt.local.streaming import WhisperStream
from desktop.stt.local.verification import decode_verified
from desktop.stt.traits import load_traits
from models.catalog import load_catalog
from models.store import ModelStore
from tests.conftest import Clip
from tests.speech.conftest import MODELS

pytestmark = pytest.mark.anyio
CLOCK = SkippingClock()
ENGLISH, GERMAN = "I think that this is the weather", "ich glaube das ist nicht das wetter"


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return "asyncio", {"loop_factory": CLOCK.create_loop}


def words_for(request: DecodeRequest) -> str:
    """Return two words for each second of voice."""
    return " ".join(
        f"{chr(97 + i % 26)}{chr(97 + 7 * i % 26)}"
        for i in range(round(2 * 0.032 * sum(voice >= "3" for voice in request.voices)))
    )


def answers(said: Transcript) -> set[str]:
    """Which models were told which languages for the text."""
    return {word for word in said.text.split() if ":" in word}


class Model:
    """A model that answers at once with its name and the language that it is asked for; all speech is in `spoken`."""

    device = "cpu"

    def __init__(self, name: str, family: str, spoken: str = "en", languages: tuple[str, ...] = ()) -> None:
        self.name = name
        self.traits = load_traits("whisper")
        self.user_words: tuple[str, ...] = ()
        self.languages = languages
        self.last_language = ""
        self.cost = DecodeCost()
        self.model_languages: tuple[str, ...] = ()
        self.spoken, self.probability = spoken, 0.98
        self.guide: Model | None = None
        self.others: list[Model] = []
        self.looked_for = 0
        self.asked: list[DecodeRequest] = []
        self.loads = 0
        self.is_broken = False
        self.say: Callable[[DecodeRequest], str] = lambda request: f"{name}:{request.language} {words_for(request)}"
        self.answer = DecodeResult("", "", took_s=0.01)
        self.on_look: Callable[[], Awaitable[None]] = anyio.lowlevel.checkpoint
        self._family = family

    async def load(self) -> None:
        await anyio.lowlevel.checkpoint()
        self.loads += 1
        self.traits = load_traits(self._family)
        self.model_languages = next(
            (m.languages for m in load_catalog("speech").values() if m.name == self.name), self.model_languages
        )

    async def find_guide(self, failed: object = None) -> Model | None:
        await anyio.lowlevel.checkpoint()
        self.looked_for += 1
        if failed is not None and failed is self.guide:
            self.guide = self.others.pop(0) if self.others else None
            if self.guide is None:
                raise RecognizerError("whisper-stopped-twice")
        return self.guide

    async def decode(self, audio: Audio, request: DecodeRequest) -> DecodeResult:
        await anyio.lowlevel.checkpoint()
        self.asked.append(request)
        if self.is_broken:
            raise RecognizerError("whisper-stopped-twice")
        if request.only_language:
            await self.on_look()
            return DecodeResult("", self.spoken, odds={self.spoken: self.probability})
        return replace(self.answer, text=self.say(request), language=request.language)

    @property
    def told(self) -> set[str]:
        """The languages of final decodes."""
        return {request.language for request in self.asked if not request.live and not request.only_language}


def beside_whisper(name: str, family: str, languages: tuple[str, ...], spoken: str) -> Model:
    engine = Model(name, family, spoken, languages)
    engine.guide = Model("base", "whisper", spoken)
    return engine


async def dictate(engine: Model, audio: Audio) -> Transcript:
    decoder = GuidedDecoder(engine)
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


@pytest.mark.parametrize(
    ("family", "known", "allowed", "is_needed"),
    [
        ("parakeet", ("en", "de"), ("en", "de"), True),
        ("canary", ("en", "fr"), ("en", "fr"), True),
        ("canary", ("en", "fr"), ("fr",), False),
        ("canary", ("en", "fr"), (), True),
        ("moonshine", ("en",), ("en",), False),
        ("moonshine", ("en",), (), False),
        ("moonshine", ("en",), ("en", "zh"), True),
        ("moonshine", ("en",), ("de",), True),
        ("qwen3-asr", ("en", "zh"), ("zh",), False),
        ("qwen3-asr", ("en", "zh"), ("zh", "en"), False),
        ("qwen3-asr", ("en", "zh"), ("zh", "sw"), True),
        ("whisper", (), ("en", "zh"), False),
        ("whisper", (), (), False),
        ("whisper", ("en",), ("en", "zh"), True),
    ],
)
def test_whisper_is_needed_where_the_model_cannot_tell(
    family: str, known: tuple[str, ...], allowed: tuple[str, ...], is_needed: bool
) -> None:
    assert needs_guide(load_traits(family), known, allowed) is is_needed


def test_texts_are_checked_of_models_that_take_no_language() -> None:
    parakeet = load_traits("parakeet")
    assert needs_text_check(parakeet, ("en", "de"), ("de",))
    assert not needs_text_check(parakeet, ("en", "de"), ())
    assert not needs_text_check(parakeet, ("en",), ("en",))
    assert not needs_text_check(load_traits("canary"), ("en", "de"), ("de",))


@pytest.mark.parametrize("length", ["speech", "sentence"])
async def test_language_that_the_model_lacks_is_decoded_by_whisper(length: str, request: pytest.FixtureRequest) -> None:
    engine = beside_whisper("moonshine-base", "moonshine", ("en", "zh"), "zh")
    said = await dictate(engine, request.getfixturevalue(length))
    assert answers(said) == {"base:zh"}
    assert (said.engine, said.model, said.language, said.guards) == ("whisper", "base", "zh", ("language",))


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


@pytest.fixture
def window() -> tuple[Audio, str]:
    """3.2 s of voice, as audio and as the voices of a request."""
    return np.zeros(100 * FRAME_SAMPLES, np.float32), "9" * 100


async def start(engine: Model) -> GuidedDecoder:
    decoder = GuidedDecoder(engine)
    await decoder.load()
    return decoder


@pytest.mark.parametrize(
    "worse", ["", "ja", "das ist ein ein ein ein ein ein ein ein ein ein ein", ENGLISH, "ich glaube das nicht"]
)
async def test_foreign_text_stays_in_doubt_where_whisper_has_no_better(window: tuple[Audio, str], worse: str) -> None:
    engine = beside_whisper("parakeet-v3", "parakeet", ("de",), "de")
    engine.say = lambda request: ENGLISH
    assert engine.guide is not None
    engine.guide.say = lambda request: worse
    decoder = await start(engine)
    result = await decode_verified(decoder, window[0], DecodeRequest(window[1], "de", ("de",)))
    assert (result.text, result.language, result.sure, result.guard) == (ENGLISH, "de", False, "language")
    assert decoder.name_decoder(Transcript(ENGLISH, engine="parakeet"), [result]).engine == "parakeet"


@pytest.mark.parametrize("murmur", [False, True])
async def test_doubt_of_whisper_stays(window: tuple[Audio, str], murmur: bool) -> None:
    engine = beside_whisper("moonshine-base", "moonshine", ("de",), "de")
    assert engine.guide is not None
    engine.guide.answer = DecodeResult("", "", "echo", sure=False)
    engine.guide.say = lambda request: "eins zwei drei vier"
    request = DecodeRequest(window[1], "de", ("de",), murmur=murmur)
    result = await decode_verified(await start(engine), window[0], request)
    assert (result.text, result.sure, result.guard) == ("eins zwei drei vier", False, "echo")
    assert len(engine.guide.asked) == 1


async def test_row_names_the_model_of_most_words(window: tuple[Audio, str]) -> None:
    engine = beside_whisper("moonshine-base", "moonshine", ("en", "de"), "de")
    decoder = await start(engine)
    engine.last_language = "de"
    german = await decoder.decode(window[0], DecodeRequest(window[1], "de", ("en", "de")))
    decoder.last_language = "en"
    english = await decoder.decode(window[0], DecodeRequest(window[1], "en", ("en", "de")))
    assert (german.model, english.model) == ("base", "")
    said = Transcript("x", engine="moonshine", model="moonshine-base", device="gpu", voice=np.zeros(2, np.float32))

    def name(*results: DecodeResult) -> tuple[str, str, str, tuple[str, ...]]:
        row = decoder.name_decoder(said, results)
        return row.engine, row.model, row.voice_model, row.guards

    assert name(english) == ("moonshine", "moonshine-base", "", ())
    assert name(english, english, german) == ("moonshine", "moonshine-base", "base", ("language",))
    assert name(english, german, german) == ("whisper", "base", "", ("language",))
    assert decoder.name_decoder(said, [german]).device == "cpu"


async def test_row_names_whisper_though_it_failed_afterwards(window: tuple[Audio, str]) -> None:
    engine = beside_whisper("moonshine-base", "moonshine", ("de",), "de")
    assert engine.guide is not None
    guide, decoder = engine.guide, await start(engine)
    request = DecodeRequest(window[1], "de", ("de",))
    first = await decode_verified(decoder, window[0], request)
    guide.is_broken = True
    second = await decode_verified(decoder, window[0], request)
    assert (second.text[:14], second.language, second.sure) == ("moonshine-base", "de", False)
    said = Transcript("x", engine="moonshine", model="moonshine-base")
    row = decoder.name_decoder(said, [first])
    assert (row.engine, row.model, row.guards) == ("whisper", "base", ("language", "unguided"))
    row = decoder.name_decoder(said, [second])
    assert (row.engine, row.model, row.guards) == ("moonshine", "moonshine-base", ("unguided",))


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


async def test_installed_multilingual_whisper_is_found(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    (tmp_path / "tiny.en").symlink_to(MODELS / "tiny.en")
    assert await find_guide_model(store, ("moonshine-base",)) is None
    (tmp_path / "base").symlink_to(MODELS / "base")
    found = await find_guide_model(store, ("moonshine-base",))
    assert found is not None
    assert (found.name, found.family) == ("base", "whisper")
    assert await find_guide_model(store, ("base",)) is None


async def test_whisper_larger_than_small_guides_on_a_card_alone(tmp_path: Path) -> None:
    store = ModelStore(tmp_path, {"medium": replace(load_catalog("speech")["base"], name="medium")})
    (tmp_path / "medium").symlink_to(MODELS / "base")
    assert await find_guide_model(store, (), cuda=False) is None
    found = await find_guide_model(store, (), cuda=True)
    assert found is not None
    assert found.name == "medium"
