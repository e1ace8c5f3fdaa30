"""A model that names itself in its answers, and Whisper beside it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import anyio

from desktop.core.errors import RecognizerError
from desktop.core.types import Audio, Transcript
from desktop.stt.local.decoding import DecodeRequest, DecodeResult
from desktop.stt.local.language_guide import GuidedDecoder
from desktop.stt.local.scheduler import DecodeCost
from desktop.stt.traits import load_traits
from models.catalog import load_catalog

ENGLISH, GERMAN = "I think that this is the weather", "ich glaube das ist nicht das wetter"


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
    """A model with Whisper beside it."""
    engine = Model(name, family, spoken, languages)
    engine.guide = Model("base", "whisper", spoken)
    return engine


async def start(engine: Model) -> GuidedDecoder:
    """The loaded decoder of both."""
    decoder = GuidedDecoder(engine)
    await decoder.load()
    return decoder
