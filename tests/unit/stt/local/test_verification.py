"""Texts of an engine that does not tell how sure it is: checked by their words, and decoded again where one fails."""

from __future__ import annotations

from collections.abc import Callable

import anyio
import numpy as np
import pytest

from desktop.core.types import FRAME_SAMPLES, Audio
from desktop.stt.local.decoding import DecodeRequest, DecodeResult
from desktop.stt.local.scheduler import DecodeCost
from desktop.stt.local.verification import change_lead, decode_verified, find_doubtful_windows
from desktop.stt.segmenter import SpeechWindow
from desktop.stt.traits import load_traits

pytestmark = pytest.mark.anyio

TEXT = "We meet on Tuesday at the harbour."


class FakeDecoder:
    """Answers by how many frames precede the voice, and whether it is the first decode."""

    name, device, last_language = "fake", "cpu", ""
    languages: tuple[str, ...] = ()
    user_words: tuple[str, ...] = ()

    def __init__(self, say: Callable[[str, int], DecodeResult], family: str = "moonshine") -> None:
        self.traits = load_traits(family)
        self.cost = DecodeCost()
        self.asked: list[tuple[int, str]] = []
        self._say = say

    async def load(self) -> None:
        pass

    async def decode(self, audio: Audio, request: DecodeRequest) -> DecodeResult:
        self.asked.append((len(audio), request.voices))
        return self._say(request.voices, len(self.asked))


def window(lead: int, voice: int = 60) -> tuple[Audio, DecodeRequest]:
    """A window with `lead` frames without voice, `voice` with, and a tail."""
    voices = "0" * lead + "9" * voice + "00000"
    return np.zeros(len(voices) * FRAME_SAMPLES, np.float32), DecodeRequest(voices)


def deaf_of_lead(voices: str, _: int) -> DecodeResult:
    return DecodeResult("" if voices.startswith("0000") else TEXT, "en", took_s=0.5)


async def test_deaf_decode_has_the_words_with_a_shorter_lead() -> None:
    decoder = FakeDecoder(deaf_of_lead)
    result = await decode_verified(decoder, *window(6))
    assert (result.text, result.guard, result.sure, result.took_s) == (TEXT, "coverage", True, 1.0)
    assert [voices.index("9") for _, voices in decoder.asked] == [6, 2]
    assert all(samples == len(voices) * FRAME_SAMPLES for samples, voices in decoder.asked)


async def test_window_that_begins_with_voice_is_decoded_again_with_a_lead() -> None:
    decoder = FakeDecoder(lambda voices, _: DecodeResult(TEXT if voices[0] == "0" else "", "en"))
    result = await decode_verified(decoder, *window(0))
    assert (result.text, result.sure) == (TEXT, True)


async def test_text_that_passes_is_decoded_once() -> None:
    decoder = FakeDecoder(deaf_of_lead)
    result = await decode_verified(decoder, *window(2))
    assert (result.text, result.guard, len(decoder.asked)) == (TEXT, "", 1)


async def test_loop_is_replaced_or_cut_and_doubted() -> None:
    loop = DecodeResult("and so on and so on and so on and so on", "en", is_looped=True)
    once = await decode_verified(
        FakeDecoder(lambda _, count: loop if count == 1 else DecodeResult(TEXT, "en")), *window(6)
    )
    assert (once.text, once.guard, once.sure) == (TEXT, "loop", True)
    twice = await decode_verified(FakeDecoder(lambda _, count: loop), *window(6))
    assert (twice.text, twice.guard, twice.sure) == ("and so on", "loop", False)


async def test_window_that_fails_twice_is_decoded_in_halves() -> None:
    decoder = FakeDecoder(lambda voices, _: DecodeResult("" if len(voices) > 80 else TEXT, "en", took_s=0.5))
    audio = np.zeros(126 * FRAME_SAMPLES, np.float32)
    result = await decode_verified(decoder, audio, DecodeRequest("9" * 60 + "0" * 6 + "9" * 60))
    assert (result.text, result.guard, result.sure, result.took_s) == (f"{TEXT} {TEXT}", "coverage", True, 2.0)
    assert [len(voices) for _, voices in decoder.asked] == [126, 131, 63, 63]
    assert [samples // FRAME_SAMPLES for samples, _ in decoder.asked] == [126, 131, 63, 63]


LOOP = DecodeResult(f"So {'and so on ' * 30}", "en", is_looped=True)
HARD = DecodeResult(" ".join(f"so much of {'abcdefghij'[i % 10]} and on" for i in range(30)), "en", is_looped=True)
FAST = DecodeResult(" ".join(f"word{i}x" for i in range(90)), "en")  # more words than anyone says
LACKING = DecodeResult("We meet", "en", took_s=0.5)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ([LOOP, LACKING], "We meet"),  # a loop has more words, and none of them may be true
        ([LACKING, LOOP], "We meet"),
        ([FAST, LACKING], "We meet"),
        ([LOOP, DecodeResult("", "en")], "So and so on"),
        ([HARD, DecodeResult("", "en")], ""),  # its rounds are not found: nothing of it is typed
        ([LACKING, DecodeResult("We meet on", "en")], "We meet on"),
    ],
)
async def test_of_failed_tries_a_loop_is_not_the_best(said: list[DecodeResult], text: str) -> None:
    decoder = FakeDecoder(lambda _, count: said[count - 1] if count <= len(said) else DecodeResult("", "en"))
    audio, request = window(6, 120)
    result = await decode_verified(decoder, audio, request)
    assert (result.text, result.sure) == (text, False)
    assert result.is_looped is (text == "So and so on")


async def test_a_half_that_loops_is_cut_and_doubted() -> None:
    halves = {3: LOOP, 4: DecodeResult(TEXT, "en")}
    decoder = FakeDecoder(lambda _, count: halves.get(count, DecodeResult("", "en")))
    result = await decode_verified(decoder, *window(6, 120))
    assert (result.text, result.sure, result.is_looped) == (f"So and so on {TEXT}", False, True)


async def test_token_times_are_read_in_the_frames_of_their_try() -> None:
    gap = DecodeResult(TEXT, "en", token_times=[(0.1, 0.2), (2.9, 3.0)])
    lead_cut = DecodeResult(TEXT, "en", token_times=[(i / 2, i / 2 + 0.1) for i in range(5)])
    decoder = FakeDecoder(lambda _, count: gap if count == 1 else lead_cut, "parakeet")
    voices = "0" * 40 + "9" * 70  # 1.2 s of silence, of which the second decode has little
    result = await decode_verified(decoder, np.zeros(110 * FRAME_SAMPLES, np.float32), DecodeRequest(voices))
    assert (result.guard, result.sure, len(decoder.asked)) == ("gap", True, 2)


async def test_halves_that_leave_voice_without_tokens_are_doubted() -> None:
    decoder = FakeDecoder(lambda *_: DecodeResult(TEXT, "en", token_times=[(0.1, 0.2)]), "parakeet")
    result = await decode_verified(decoder, *window(0, 126))
    assert (result.guard, result.sure, len(decoder.asked)) == ("gap", False, 4)


async def test_after_the_deadline_only_a_window_without_words_is_decoded_again() -> None:
    now = anyio.current_time()
    for said, left_s, count in ((LACKING, 0.4, 1), (LACKING, 5.0, 4), (DecodeResult("", "en", took_s=0.5), -1.0, 4)):
        decoder = FakeDecoder(lambda _, __, said=said: said)  # type: ignore[misc]
        result = await decode_verified(decoder, *window(6, 120), lambda left_s=left_s: now + left_s)  # type: ignore[misc]
        assert len(decoder.asked) == count
        assert result.text == said.text or count == 4


class Gated(FakeDecoder):
    """Holds every decode but the first until two wait."""

    def __init__(self) -> None:
        super().__init__(lambda voices, count: DecodeResult(TEXT if len(voices) < 80 else "", "en"))
        self._waiting, self._both = 0, anyio.Event()

    async def decode(self, audio: Audio, request: DecodeRequest) -> DecodeResult:
        if self.asked and not self._both.is_set():
            self._waiting += 1
            if self._waiting == 2:
                self._both.set()
            await self._both.wait()
        return await super().decode(audio, request)


async def test_near_the_deadline_both_lanes_are_used() -> None:
    decoder = Gated()
    with anyio.fail_after(5):
        result = await decode_verified(decoder, *window(6, 120), lambda: anyio.current_time() + 1)
    assert result.text == f"{TEXT} {TEXT}"


async def test_gap_between_tokens_is_decoded_again() -> None:
    gap = DecodeResult(TEXT, "en", token_times=[(0.1, 0.2), (1.9, 2.0)])
    whole = DecodeResult(TEXT + " Bring it.", "en", token_times=[(i / 2, i / 2 + 0.1) for i in range(5)])
    decoder = FakeDecoder(lambda _, count: gap if count == 1 else whole, "parakeet")
    result = await decode_verified(decoder, *window(0, 70))
    assert (result.text, result.guard, result.sure) == (whole.text, "gap", True)


async def test_whisper_and_live_words_are_left_alone() -> None:
    whisper = FakeDecoder(lambda *_: DecodeResult("", "en", "silence", False), "whisper")
    assert await decode_verified(whisper, *window(6)) == DecodeResult("", "en", "silence", False)
    live = FakeDecoder(lambda *_: DecodeResult("", "en"))
    audio, request = window(6)
    await decode_verified(live, audio, DecodeRequest(request.voices, live=True))
    assert len(whisper.asked) == len(live.asked) == 1


@pytest.mark.parametrize(
    ("said", "text", "guard"),
    [
        (DecodeResult("", "en"), "", ""),
        (DecodeResult("Meet me.", "en"), "Meet me.", "murmur"),
        (DecodeResult("Meet me.", "en", is_looped=True), "", ""),
        (DecodeResult(" ".join(str(i) for i in range(80)), "en"), "", ""),
    ],
)
async def test_faint_speech_must_be_credible(said: DecodeResult, text: str, guard: str) -> None:
    audio, _ = window(100)
    decoder = FakeDecoder(lambda *_: said)
    result = await decode_verified(decoder, audio, DecodeRequest("1" * 165, murmur=True))
    assert (result.text, result.guard, len(decoder.asked)) == (text, guard, 1)


def test_lead_is_cut_or_made_longer_by_frames() -> None:
    for lead, expected in ((20, 2), (3, 2), (2, 7), (0, 5)):
        audio, request = change_lead(*window(lead))
        assert request.voices.index("9") == expected
        assert len(audio) == len(request.voices) * FRAME_SAMPLES


PHRASES = [SpeechWindow(begin * 16000, (begin + 2) * 16000) for begin in (0, 3, 6)]
FIRST, SECOND, THIRD = PHRASES
WHOLE, FRONT = SpeechWindow(0, 8 * 16000), SpeechWindow(0, 5 * 16000)


@pytest.mark.parametrize(
    ("texts", "lossy"),
    [
        ({}, set()),
        ({WHOLE: "We meet."}, set()),  # nothing to compare it with
        ({WHOLE: "We meet.", FIRST: TEXT}, set()),  # the others are not known
        ({WHOLE: "We meet.", FIRST: TEXT, SECOND: TEXT, THIRD: ""}, {WHOLE}),
        ({WHOLE: "We meet.", FRONT: TEXT, THIRD: TEXT}, {WHOLE}),
        ({WHOLE: f"{TEXT} {TEXT}", FRONT: "Tuesday.", FIRST: TEXT, SECOND: TEXT, THIRD: ""}, {FRONT}),
        ({WHOLE: f"{TEXT} {TEXT}", FIRST: TEXT, SECOND: TEXT, THIRD: ""}, set()),
    ],
)
def test_windows_with_fewer_words_than_their_phrases_are_lossy(
    texts: dict[SpeechWindow, str], lossy: set[SpeechWindow]
) -> None:
    assert find_doubtful_windows(PHRASES, texts, judges_itself=False) == lossy
    assert find_doubtful_windows(PHRASES, texts, judges_itself=True) == set()


@pytest.mark.parametrize(
    ("texts", "doubled"),
    [
        (
            {WHOLE: "We meet on Tuesday. We meet on Tuesday.", FIRST: "We meet.", SECOND: "On Tuesday.", THIRD: ""},
            {WHOLE},
        ),
        (
            {WHOLE: "We meet on Tuesday. We meet on Tuesday.", FIRST: "We meet.", SECOND: "On Tuesday."},
            set(),
        ),  # part unknown
        ({WHOLE: "We meet, we meet.", FIRST: "We meet.", SECOND: "", THIRD: ""}, set()),  # too short to tell
        (
            {
                WHOLE: "We meet on Tuesday. We meet on Tuesday.",
                FIRST: "We meet on Tuesday.",
                SECOND: "We meet on Tuesday.",
                THIRD: "",
            },
            set(),
        ),
    ],
)
@pytest.mark.parametrize("judges_itself", [False, True])
def test_windows_that_say_twice_what_their_phrases_say_once_are_doubtful(
    texts: dict[SpeechWindow, str], doubled: set[SpeechWindow], judges_itself: bool
) -> None:
    assert find_doubtful_windows(PHRASES, texts, judges_itself=judges_itself) == doubled
