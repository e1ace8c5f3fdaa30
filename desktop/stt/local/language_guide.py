"""Guide a model that cannot tell languages apart, or lacks one of the user's, by Whisper beside it.

Whisper tells the language of the first seconds. The model decodes what it has the language for, Whisper the rest, and
again what the model wrote in a language that is not the user's. Until the language is decided, which is the stream's
matter (`desktop.stt.local.language`), each window is looked at by itself, while it is decoded in the likely language.

Whisper's model is looked for, and loaded, only for models and languages that need it; without one nothing is guided.
One that fails is not asked again: the next one installed is, and without any the model answers, in doubt.
"""

from __future__ import annotations

import functools
import logging
import math
from collections import Counter
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol

import anyio

from desktop.core.errors import RecognizerError
from desktop.core.tasks import run_together
from desktop.core.text import count_words
from desktop.core.types import Audio, Transcript
from desktop.stt.guards import check_words, loses_words
from desktop.stt.local.decoding import DecodeRequest, DecodeResult
from desktop.stt.local.language import LAST_LANGUAGE_BONUS
from desktop.stt.local.scheduler import DecodeCost
from desktop.stt.local.verification import WindowDecoder, measure_voice_s
from desktop.stt.text_language import is_foreign
from desktop.stt.traits import DETECT, NO_LANGUAGE, TOLD, EngineTraits, load_traits
from models.catalog import base_language

logger = logging.getLogger(__name__)

LONGER = 1.5
"""How many times as long as the one looked at before a window must be to be looked at again."""

MIN_LOOK_VOICE_S = 0.3
"""Seconds of voice below which a window says nothing of its language."""

MAX_LOOK_S = 3.0
"""Seconds after the release until which the language of a window is waited for: Whisper tells it in one or two."""

LANGUAGE_GUARD = "language"
"""What rows say of dictations that Whisper decoded, or should have, wholly or in part, instead of the chosen model."""

UNGUIDED_GUARD = "unguided"
"""What rows say of dictations whose language Whisper should have told or decoded, and failed."""


class GuidedEngine(WindowDecoder, Protocol):
    """What is needed of the model, beside what a stream needs of it."""

    model_languages: tuple[str, ...]

    async def find_guide(self, failed: WindowDecoder | None = None) -> WindowDecoder | None:
        """Return Whisper beside this model, not loaded yet, and not the one that `failed`; None if it is not installed.

        Raises `RecognizerError` if all that are installed have failed.
        """
        ...


def needs_guide(traits: EngineTraits, known: Collection[str], allowed: Collection[str]) -> bool:
    """Whether a model that has the languages `known` needs to be told which of those `allowed` is spoken, or lacks one.

    None `known` means any; none `allowed` too, which is what a model has by itself unless it must be told.
    """
    if not allowed:
        return traits.language == TOLD
    return not _has_all(known, allowed) or (not traits.can_detect_language and len(allowed) > 1 and len(known) != 1)


def needs_text_check(traits: EngineTraits, known: Collection[str], allowed: Collection[str]) -> bool:
    """Whether the model may write in another language than those `allowed`, since it takes none."""
    return traits.language == NO_LANGUAGE and bool(allowed) and len(known) != 1


@dataclass(frozen=True, slots=True)
class _Look:
    """The language probabilities of a window of `seconds`."""

    seconds: float
    odds: dict[str, float]


class GuidedDecoder:
    """`WindowDecoder` of one dictation by the model of `engine`, and Whisper where that is needed.

    `languages` are expected in place of the engine's, empty for any.
    """

    def __init__(self, engine: GuidedEngine, languages: tuple[str, ...] | None = None) -> None:
        self._engine = engine
        self.languages = engine.languages if languages is None else languages  # a change is for the next dictation
        self.traits = engine.traits
        self._guide: WindowDecoder | None = None
        self._guides: dict[str, WindowDecoder] = {}  # those that answered, by name
        self._has_no_guide_left = False
        self._is_loaded = self._is_checked = self._is_decided = False
        self._look = _Look(0.0, {})
        self._look_deadline = math.inf
        self._looks: set[anyio.CancelScope] = set()

    @property
    def name(self) -> str:
        """The model's name."""
        return self._engine.name

    @property
    def device(self) -> str:
        """Where the model computes."""
        return self._engine.device

    @property
    def user_words(self) -> tuple[str, ...]:
        """The user's own words."""
        return self._engine.user_words

    @property
    def cost(self) -> DecodeCost:
        """What a decode by the model takes."""
        return self._engine.cost

    @property
    def last_language(self) -> str:
        """The language spoken last, empty if this dictation is not in it. The stream sets that of this dictation once
        it is decided."""
        last = self._engine.last_language
        return last if not self.languages or last in self.languages else ""

    @last_language.setter
    def last_language(self, language: str) -> None:
        self._engine.last_language = language
        self._is_decided = True

    async def preload(self) -> None:
        """Load what the dictation will need; what fails then is said by its first decode."""
        with suppress(RecognizerError):
            await self.load()
            if self._guide is not None and self._is_guided:
                await self._guide.load()

    async def load(self) -> None:
        """Load the model, and look for Whisper if it is needed."""
        engine = self._engine
        await engine.load()
        if self._is_loaded:
            return
        is_checked = needs_text_check(engine.traits, engine.model_languages, self.languages)
        is_guided = needs_guide(engine.traits, engine.model_languages, self.languages)
        if is_checked or is_guided:
            await self._find_guide()
        if self._is_loaded:  # by the other lane
            return
        self._is_loaded, self._is_checked = True, is_checked
        self._is_decided = len(self.languages) == 1
        self.traits = _detecting_traits(engine.traits.family) if self._may_guide and is_guided else engine.traits

    async def _find_guide(self, failed: WindowDecoder | None = None) -> None:
        try:
            self._guide = await self._engine.find_guide(failed)
        except RecognizerError as problem:
            logger.warning("no model is left to guide %s: %s", self.name, problem)
            self._guide, self._has_no_guide_left = None, True

    async def decode(self, audio: Audio, request: DecodeRequest) -> DecodeResult:
        """Decode a window with the model if it has the language, else with Whisper."""
        if not self._may_guide:
            return await self._engine.decode(audio, request)
        if request.only_language:
            return await self._detect(audio, request)
        likely = request.language or next(iter(self.languages), "en")
        if not self._is_guided or self._is_decided or request.live:
            return await self._decode_in(likely, audio, request)
        result = await self._decode_undecided(likely, audio, request)
        if self._is_decided and result.language != self.last_language:  # by the stream, meanwhile
            return await self._decode_in(self.last_language, audio, request)
        return result

    def end_speech(self) -> None:
        """The user waits from now on: the language of a window is waited for until `MAX_LOOK_S`, then likely."""
        self._look_deadline = anyio.current_time() + MAX_LOOK_S
        for look in self._looks:
            look.deadline = self._look_deadline

    def name_decoder(self, transcript: Transcript, results: Iterable[DecodeResult]) -> Transcript:
        """Return the transcript with the model that made most of its words, and why that is not the chosen one alone.

        `results` are those of the windows that make it up.
        """
        words = Counter[str]()
        for result in results:
            words[result.model] += count_words(result.text)
        main = max(words, key=words.__getitem__, default="")
        last = next((name for name in reversed(words) if name and words[name]), "")
        guards = [*transcript.guards, *([LANGUAGE_GUARD] if last else [])]
        guards += [UNGUIDED_GUARD] if self._has_no_guide_left and self._is_guided and transcript.text else []
        if tuple(guards) != transcript.guards:
            transcript = replace(transcript, guards=tuple(dict.fromkeys(guards)))
        if main:
            guide = self._guides[main]
            return replace(transcript, engine=guide.traits.family, model=main, device=guide.device)
        return replace(transcript, voice_model=last) if last and transcript.voice is not None else transcript

    @property
    def lacks_language(self) -> bool:
        """Return whether neither the loaded model nor Whisper beside it has the languages that are expected."""
        return self._is_loaded and not self._may_guide and not _has_all(self._engine.model_languages, self.languages)

    @property
    def _may_guide(self) -> bool:
        return self._guide is not None or self._has_no_guide_left

    @property
    def _is_guided(self) -> bool:
        return self.traits is not self._engine.traits

    async def _decode_undecided(self, likely: str, audio: Audio, request: DecodeRequest) -> DecodeResult:
        """Decode a window in its own language, and meanwhile in the likely one."""
        language = likely
        results: dict[str, DecodeResult] = {}

        async def look() -> None:
            nonlocal language
            language = await self._look_at(likely, audio, request)

        async def decode() -> None:
            results[likely] = await self._decode_in(likely, audio, request, is_final=False)

        await run_together(look, decode)
        if language in results and not self._is_foreign(results[language], request):
            return results[language]
        return await self._decode_in(language, audio, request)

    async def _look_at(self, likely: str, audio: Audio, request: DecodeRequest) -> str:
        """Return the language of a window, that of a longer one before if it is not much longer than that."""
        seconds = measure_voice_s(request.voices)
        if seconds >= max(MIN_LOOK_VOICE_S, LONGER * self._look.seconds):
            with anyio.CancelScope(deadline=self._look_deadline) as look:
                self._looks.add(look)
                try:
                    self._look = _Look(seconds, (await self._detect(audio, request)).odds)
                finally:
                    self._looks.discard(look)
        odds = self._look.odds
        return max(
            odds, key=lambda code: odds[code] + LAST_LANGUAGE_BONUS * (code == self.last_language), default=likely
        )

    async def _detect(self, audio: Audio, request: DecodeRequest) -> DecodeResult:
        """Ask Whisper for the language of a window; if it fails, take the likely one."""
        answer = await self._ask_guide(audio, DecodeRequest("", allowed=self.languages, only_language=True))
        language = request.language or self.last_language or next(iter(self.languages), "en")
        return answer or DecodeResult("", language, odds={language: 1.0})

    async def _ask_guide(self, audio: Audio, request: DecodeRequest) -> DecodeResult | None:
        """Ask Whisper, and the next one that is installed if it fails; None if none is left."""
        while (guide := self._guide) is not None:
            try:
                result = await guide.decode(audio, request)
            except RecognizerError as problem:
                logger.warning("%s failed beside %s: %s", guide.name, self.name, problem)
                await self._find_guide(guide)
            else:
                self._guides[guide.name] = guide
                return replace(result, model=guide.name, is_judged=guide.traits.judges_itself)
        return None

    async def _decode_in(
        self, language: str, audio: Audio, request: DecodeRequest, *, is_final: bool = True
    ) -> DecodeResult:
        """Decode a window in a language. If it is not final, a text in another one is left."""
        request = replace(request, language=language)
        result = None
        if self._has_language(language):
            result = replace(await self._engine.decode(audio, request), language=language)
            if not is_final or not self._is_foreign(result, request):
                return result
        replacement = await self._ask_guide(audio, request)
        if replacement is not None and (result is None or self._is_better(replacement, result, request)):
            return replacement
        result = result or await self._engine.decode(audio, request)
        return replace(result, language=language, guard=LANGUAGE_GUARD, sure=False, is_foreign=True)

    def _is_better(self, replacement: DecodeResult, result: DecodeResult, request: DecodeRequest) -> bool:
        """Whether the replacement of a foreign text passes the checks that such a text must pass itself."""
        text, voice_s = replacement.text, measure_voice_s(request.voices)
        is_whole = count_words(text) > 0 and not check_words(text, voice_s) and not loses_words(text, [result.text])
        return is_whole and not self._is_foreign(replacement, request)

    def _is_foreign(self, result: DecodeResult, request: DecodeRequest) -> bool:
        return self._is_checked and not request.live and is_foreign(result.text, self.languages)

    def _has_language(self, language: str) -> bool:
        return _has_all(self._engine.model_languages, (language,))


def _has_all(known: Collection[str], languages: Collection[str]) -> bool:
    return not known or set(map(base_language, languages)) <= set(known)


@functools.cache
def _detecting_traits(family: str) -> EngineTraits:
    """Return the traits of a family whose languages are detected for it."""
    return replace(load_traits(family), language=DETECT)
