"""One dictation, told by what it asks of the model; the speech and the voice detector are real."""

from __future__ import annotations

from collections.abc import Callable

import anyio
import numpy as np
import pytest

from desktop.audio.file import iterate_frames, read_audio
from desktop.bench.clock import SkippingClock
from desktop.core.types import RATE_HZ, Audio, Transcript
from desktop.stt.expected_speech import expecting, find_expected
from desktop.stt.local.decoding import DecodeRequest, DecodeResult
from desktop.stt.local.scheduler import DecodeCost, DecodeLane
from desktop.stt.local.streaming import WhisperStream
from desktop.stt.segmenter import SpeechWindow
from desktop.stt.traits import EngineTraits, load_traits
from tests.conftest import Clip

pytestmark = pytest.mark.anyio
CLOCK = SkippingClock()


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return "asyncio", {"loop_factory": CLOCK.create_loop}


class FakeDecoder:
    """Answers at once: the window's length in tenths of a second, or what `say` makes of the question."""

    name, device = "fake", "cpu"

    def __init__(
        self, say: Callable[[DecodeRequest], DecodeResult | None] = lambda question: None, took_s: float = 0.01
    ) -> None:
        self.languages: tuple[str, ...] = ()
        self.user_words: tuple[str, ...] = ()
        self.last_language = ""
        self.cost = DecodeCost()
        self.traits = load_traits("whisper")
        self.asked: list[tuple[float, DecodeRequest]] = []
        self._say = say
        self._took_s = took_s

    async def load(self) -> None:
        pass

    async def decode(self, audio: Audio, question: DecodeRequest) -> DecodeResult:
        await anyio.lowlevel.checkpoint()
        self.asked.append((len(audio) / RATE_HZ, question))
        said = self._say(question)
        return said or DecodeResult(
            f"w{len(audio) // 1600}", question.language or "en", "", True, self._took_s, {"en": 1.0}
        )


async def dictate(decoder: FakeDecoder, audio: Audio, pace: bool = True) -> tuple[Transcript, list[Transcript]]:
    """The transcript of `audio`, and all that was shown on the way."""
    shown: list[Transcript] = []
    take = WhisperStream(decoder, shown.append)
    with CLOCK.skipping(lambda: False):
        async with anyio.create_task_group() as lanes:
            for lane in DecodeLane:
                lanes.start_soon(take.run_lane, lane)
            async for frame in iterate_frames(audio, pace):
                take.add_frame(frame)
            await take.finish()
            lanes.cancel_scope.cancel()
    return take.build_transcript(), shown


@pytest.fixture
def sentence(clips: list[Clip]) -> Audio:
    return read_audio(clips[1].path)


@pytest.fixture
def speech(clips: list[Clip]) -> Audio:
    gap = np.zeros(RATE_HZ, np.float32)
    return np.concatenate([piece for clip in clips for piece in (read_audio(clip.path), gap)])


def doubtful(question: DecodeRequest) -> DecodeResult | None:
    return None if question.full or question.only_language else DecodeResult("doubt", "en", "loop", False, 0.01, {})


async def test_remaining_doubt_decoded_as_batch_at_end(speech: Audio) -> None:
    said, _ = await dictate(FakeDecoder(doubtful), speech)
    assert "doubt" not in said.text
    assert said.guards[-1] == "batch"
    assert all(segment.end_s - segment.start_s <= 28 for segment in said.segments)


async def test_doubtful_phrase_settled_by_neighbours(clips: list[Clip]) -> None:
    def say(question: DecodeRequest) -> DecodeResult | None:
        short = len(question.voices) * 0.032 < 4
        return DecodeResult("doubt", "en", "rate", False, 1.0, {}) if short and not question.only_language else None

    decoder = FakeDecoder(say, took_s=1.0)
    decoder.languages = ("en",)
    decoder.cost.add_measurement(SpeechWindow(0, RATE_HZ), 1.0)  # so slow that a phrase is decoded alone
    pause = np.zeros(RATE_HZ // 2, np.float32)
    said, _ = await dictate(
        decoder, np.concatenate([read_audio(clips[0].path), pause, read_audio(clips[1].path)[: 2 * RATE_HZ]])
    )
    assert "doubt" not in said.text
    assert "rate" in said.guards
    assert "batch" not in said.guards


async def test_no_voice_but_murmurs_asks_the_model_once(
    sentence: Audio,
) -> None:
    decoder = FakeDecoder(lambda question: DecodeResult("a whisper", "en", "murmur", True, 0.01, {}))
    said, _ = await dictate(decoder, np.zeros(5 * RATE_HZ, np.float32))
    assert (said.text, decoder.asked) == ("", [])
    drowned = (sentence + np.random.default_rng(1).normal(0, 1.0, len(sentence))).astype(np.float32)
    said, _ = await dictate(decoder, drowned)
    assert (said.text, said.guards) == ("a whisper", ("murmur",))
    assert [question.murmur for _, question in decoder.asked] == [True]


async def test_of_a_doubtful_group_its_phrases_are_taken(speech: Audio) -> None:
    def say(question: DecodeRequest) -> DecodeResult | None:
        long = len(question.voices) * 0.032 > 8
        return DecodeResult("doubt", "en", "loop", False, 0.01, {}) if long and not question.only_language else None

    said, _ = await dictate(FakeDecoder(say, took_s=1.0), speech)
    assert "doubt" not in said.text
    assert "batch" not in said.guards
    assert "loop" in said.guards


async def test_language_is_asked_once_and_text_redecoded(speech: Audio) -> None:
    def say(question: DecodeRequest) -> DecodeResult | None:
        return DecodeResult("", "de", "", True, 0.01, {"de": 0.99, "en": 0.01}) if question.only_language else None

    decoder = FakeDecoder(say)
    decoder.last_language = "en"
    said, _ = await dictate(decoder, speech)
    assert said.language == decoder.last_language == "de"
    assert sum(question.only_language for _, question in decoder.asked) == 1
    asked = [question.language for _, question in decoder.asked if not question.only_language]
    assert "en" in asked
    assert asked[asked.index("de") :] == ["de"] * asked.count("de")


class Racing(FakeDecoder):
    """A look at the language lasts until a window has begun in the old one, which ends after the look."""

    def __init__(self, say: Callable[[DecodeRequest], DecodeResult | None]) -> None:
        super().__init__(say)
        self._looking = False
        self._begun, self._told = anyio.Event(), anyio.Event()

    async def decode(self, audio: Audio, question: DecodeRequest) -> DecodeResult:
        if question.only_language:
            self._looking = True
            await self._begun.wait()
            self._told.set()
        elif self._looking and question.language == "en" and not question.live:
            self._begun.set()
            await self._told.wait()
            await anyio.sleep(0.1)
        return await super().decode(audio, question)


async def test_decode_in_wrong_language_is_discarded(speech: Audio) -> None:
    def say(question: DecodeRequest) -> DecodeResult:
        answer = "de" if question.only_language else question.language
        odds = {"de": 0.99, "en": 0.01} if question.only_language else {}
        return DecodeResult("" if question.live else answer, answer, "", True, 0.01, odds)

    decoder = Racing(say)
    decoder.last_language = "en"
    said, shown = await dictate(decoder, speech)
    assert [question.language for _, question in decoder.asked].count("en") > 1
    assert set(said.text.split()) == {"de"}
    assert not any("en" in partial.text for partial in shown if partial.language == "de")


class Late(FakeDecoder):
    """A look at the language ends while a doubt is settled, when all else is known."""

    def __init__(self) -> None:
        super().__init__(took_s=1.0)
        self.last_language = "en"
        self.cost.add_measurement(SpeechWindow(0, RATE_HZ), 1.0)  # so slow that a phrase is decoded alone
        self._settling, self._told = anyio.Event(), anyio.Event()

    async def decode(self, audio: Audio, question: DecodeRequest) -> DecodeResult:
        await super().decode(audio, question)
        if question.only_language:
            await self._settling.wait()
            self._told.set()
            return DecodeResult("", "de", "", True, 0.01, {"de": 0.99, "en": 0.01})
        if len(audio) > 8 * RATE_HZ:
            self._settling.set()
            await self._told.wait()
            return DecodeResult("settled", question.language, "", True, 0.01, {})
        return DecodeResult("" if question.live else "doubt", question.language, "rate", False, 0.01, {})


async def test_late_language_detection_keeps_all_words(clips: list[Clip]) -> None:
    decoder, pause = Late(), np.zeros(RATE_HZ // 2, np.float32)
    said, _ = await dictate(decoder, np.concatenate([read_audio(clips[0].path), pause, read_audio(clips[1].path)]))
    assert sum(question.only_language for _, question in decoder.asked) == 1
    assert (said.text, said.language) == ("settled", "en")


async def test_a_short_take_keeps_the_language_spoken_last(sentence: Audio) -> None:
    decoder = FakeDecoder()
    decoder.last_language = "fr"
    said, _ = await dictate(decoder, sentence[: 2 * RATE_HZ])
    assert said.language == "fr"
    assert not any(question.only_language for _, question in decoder.asked)


async def test_one_language_needs_no_asking(speech: Audio) -> None:
    decoder = FakeDecoder()
    decoder.languages = ("de",)
    said, _ = await dictate(decoder, speech)
    assert said.language == "de"
    assert {question.language for _, question in decoder.asked} == {"de"}


async def test_words_that_repeat_themselves_are_not_shown(speech: Audio) -> None:
    def say(question: DecodeRequest) -> DecodeResult | None:
        is_loop = question.live and len(question.voices) * 0.032 > 1.5
        return DecodeResult(f"He{' he' * 18}", "en", "", True, 0.01, {}) if is_loop else None

    decoder = FakeDecoder(say)
    _, shown = await dictate(decoder, speech)
    assert any(say(question) for _, question in decoder.asked)
    assert shown
    assert not any("he he" in partial.text for partial in shown)


async def test_user_words_bias_final_decodes_not_live_ones(speech: Audio) -> None:
    decoder = FakeDecoder()
    decoder.user_words = ("Intone",)
    await dictate(decoder, speech)
    assert {(question.live, question.words) for _, question in decoder.asked if not question.only_language} == {
        (True, ()),
        (False, ("Intone",)),
    }


async def test_what_is_expected_biases_final_decodes_beside_the_users_words(speech: Audio) -> None:
    decoder = FakeDecoder()
    decoder.user_words = ("Intone",)
    with expecting(lambda language: f"in {language}"):
        await dictate(decoder, speech)
    asked = [question for _, question in decoder.asked if not question.only_language]
    assert {(question.live, question.words, question.expected) for question in asked} == {
        (True, (), ""),
        (False, ("Intone",), "in en"),
    }
    after = FakeDecoder()
    await dictate(after, speech)
    assert {question.expected for _, question in after.asked} == {""}


async def test_a_task_that_outlives_a_dictation_keeps_nothing_of_it() -> None:
    seen = list[str]()
    ended = anyio.Event()

    async def outlive() -> None:
        seen.append(find_expected("en"))
        await ended.wait()
        seen.append(find_expected("en"))

    async with anyio.create_task_group() as tasks:
        with expecting(lambda language: f"in {language}"):
            tasks.start_soon(outlive)
            await anyio.wait_all_tasks_blocked()
        ended.set()
    assert seen == ["in en", ""]


async def test_settled_words_never_change(speech: Audio) -> None:
    said, shown = await dictate(FakeDecoder(), speech)
    settled = ""
    for transcript in [*shown, said]:
        assert transcript.text.startswith(settled)
        settled = transcript.text[: transcript.stable_length]
    assert settled == said.text


async def test_no_window_is_asked_for_twice(speech: Audio) -> None:
    decoder = FakeDecoder()
    await dictate(decoder, speech)
    kept = [(seconds, question.voices) for seconds, question in decoder.asked if not question.live]
    assert len(kept) == len(set(kept))


async def test_fast_read_recording_uses_long_windows(speech: Audio) -> None:
    said, _ = await dictate(FakeDecoder(), speech, pace=False)
    assert len(said.segments) == 2
    assert said.stable_length == len(said.text)


async def test_the_sound_of_what_is_known_for_good_is_let_go(speech: Audio) -> None:
    shown: list[Transcript] = []
    take = WhisperStream(FakeDecoder(), shown.append)
    with CLOCK.skipping(lambda: False):
        async with anyio.create_task_group() as lanes:
            for lane in DecodeLane:
                lanes.start_soon(take.run_lane, lane)
            async for frame in iterate_frames(np.concatenate([speech] * 4), realtime=True):
                take.add_frame(frame)
            assert take.seconds_held < 35
            lanes.cancel_scope.cancel()


class Loading(FakeDecoder):
    """A model that is known, with its traits, two seconds after it is first wanted."""

    def __init__(self, family: str) -> None:
        super().__init__()
        self._family = family

    async def load(self) -> None:
        await anyio.sleep(2)
        self.traits = load_traits(self._family)


async def test_audio_before_the_model_is_known_is_cut_as_it_wants(speech: Audio) -> None:
    silence = np.zeros(RATE_HZ, np.float32)
    decoder = Loading("moonshine")
    said, _ = await dictate(decoder, np.concatenate([silence, speech]))
    assert said.language == "en"
    assert not any(question.only_language for _, question in decoder.asked)
    assert max(segment.end_s - segment.start_s for segment in said.segments) <= decoder.traits.max_group_s + 0.4
    known, _ = await dictate(known_decoder(decoder.traits), np.concatenate([silence, speech]))
    assert said.segments[0].start_s == known.segments[0].start_s


def known_decoder(traits: EngineTraits) -> FakeDecoder:
    decoder = FakeDecoder()
    decoder.traits = traits
    return decoder


async def test_noise_is_asked_only_of_engines_that_stay_silent(sentence: Audio) -> None:
    drowned = (sentence + np.random.default_rng(1).normal(0, 1.0, len(sentence))).astype(np.float32)
    for family, count in (("whisper", 1), ("moonshine", 1), ("parakeet", 0)):
        decoder = known_decoder(load_traits(family))
        await dictate(decoder, drowned)
        assert len(decoder.asked) == count, family


async def test_a_window_ends_in_silence_as_long_as_the_engine_wants(sentence: Audio) -> None:
    quiet = np.zeros(RATE_HZ, np.float32)
    lengths = []
    for family in ("canary", "parakeet"):  # their windows differ only in the tail: 0.3 and 0.5 s
        decoder = known_decoder(load_traits(family))
        decoder.languages = ("en",)
        await dictate(decoder, np.concatenate([sentence, quiet]))
        lengths.append(max(seconds for seconds, question in decoder.asked if not question.live))
    assert 0.15 < lengths[1] - lengths[0] < 0.25


async def dictate_english(family: str, audio: Audio, say: Callable[[DecodeRequest], DecodeResult]) -> Transcript:
    decoder = FakeDecoder(say)
    decoder.traits = load_traits(family)
    return (await dictate(decoder, audio))[0]


def words_for(question: DecodeRequest) -> str:
    """Two words for each second of voice."""
    return " ".join(f"word{i}" for i in range(round(2 * 0.032 * sum(voice >= "3" for voice in question.voices))))


async def test_group_that_lost_a_sentence_does_not_replace_phrases(speech: Audio) -> None:
    def say(question: DecodeRequest) -> DecodeResult:
        text = words_for(question)
        return DecodeResult(text[: len(text) // 2] if len(question.voices) > 250 else text, "en", took_s=1.0)

    said = await dictate_english("moonshine", speech, say)
    spoken = await dictate_english(
        "moonshine", speech, lambda question: DecodeResult(words_for(question), "en", took_s=1.0)
    )
    assert "group" in said.guards
    assert "batch" not in said.guards
    assert len(said.text.split()) > 0.9 * len(spoken.text.split())
    assert spoken.guards == ()


async def test_group_that_loops_is_replaced_by_its_phrases(speech: Audio) -> None:
    def say(question: DecodeRequest) -> DecodeResult:
        is_long = len(question.voices) > 200
        return DecodeResult("and so on" if is_long else words_for(question), "en", is_looped=is_long)

    said = await dictate_english("moonshine", speech, say)
    assert "loop" in said.guards
    assert "and so on" not in said.text
    assert len(said.text.split()) > 20


async def test_doubtful_groups_of_long_recording_settled_once(speech: Audio) -> None:
    asked: list[str] = []

    def say(question: DecodeRequest) -> DecodeResult:
        is_long = len(question.voices) > 200
        asked.append(question.voices)
        return DecodeResult("and so on" if is_long else words_for(question), "en", is_looped=is_long)

    said = await dictate_english("moonshine", np.concatenate([speech] * 3), say)
    once = await dictate_english("moonshine", speech, lambda question: DecodeResult(words_for(question), "en"))
    assert "and so on" not in said.text
    assert len(said.text.split()) > 2.5 * len(once.text.split())
    assert not any(voices and set(voices) == {"0"} for voices in asked)
