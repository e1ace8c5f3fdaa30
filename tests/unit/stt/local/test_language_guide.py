"""Whisper beside a model that cannot tell the user's languages apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.audio.file import iterate_frames
from desktop.bench.clock import SkippingClock
from desktop.core.errors import RecognizerError
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Transcript
from desktop.stt.local.decoding import DecodeRequest, DecodeResult
from desktop.stt.local.language_guide import GuidedDecoder, needs_guide, needs_text_check
from desktop.stt.local.model_choice import find_guide_model
from desktop.stt.local.scheduler import DecodeCost, DecodeLane
from desktop.stt.local.streaming import WhisperStream
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
    """A model that answers at once with its name and the language that it is told; all speech is in `spoken`."""

    device = "cpu"

    def __init__(self, name: str, family: str, spoken: str = "en", languages: tuple[str, ...] = ()) -> None:
        self.name = name
        self.traits = load_traits("whisper")
        self.user_words: tuple[str, ...] = ()
        self.languages = languages
        self.last_language = ""
        self.cost = DecodeCost()
        self.model_languages: tuple[str, ...] = ()
        self.spoken = spoken
        self.guide: Model | None = None
        self.looked_for = 0
        self.asked: list[DecodeRequest] = []
        self.loads = 0
        self.is_broken = False
        self.say: Callable[[DecodeRequest], str] = lambda request: f"{name}:{request.language} {words_for(request)}"
        self._family = family

    async def load(self) -> None:
        await anyio.lowlevel.checkpoint()
        self.loads += 1
        self.traits = load_traits(self._family)
        self.model_languages = next(
            (m.languages for m in load_catalog("speech").values() if m.name == self.name), self.model_languages
        )

    async def find_guide(self) -> Model | None:
        await anyio.lowlevel.checkpoint()
        self.looked_for += 1
        return self.guide

    async def decode(self, audio: Audio, request: DecodeRequest) -> DecodeResult:
        await anyio.lowlevel.checkpoint()
        self.asked.append(request)
        if self.is_broken:
            raise RecognizerError("whisper-stopped-twice")
        if request.only_language:
            return DecodeResult("", self.spoken, odds={self.spoken: 0.98})
        return DecodeResult(self.say(request), request.language, took_s=0.01)

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
    return decoder.name_decoder(stream.build_transcript())


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
    assert (said.model, said.language, said.guards[-1]) == ("parakeet-v3", "de", "language")
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


async def test_installed_multilingual_whisper_is_found(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    (tmp_path / "tiny.en").symlink_to(MODELS / "tiny.en")
    assert await find_guide_model(store, "moonshine-base") is None
    (tmp_path / "base").symlink_to(MODELS / "base")
    found = await find_guide_model(store, "moonshine-base")
    assert found is not None
    assert (found.name, found.family) == ("base", "whisper")
    assert await find_guide_model(store, "base") is None
