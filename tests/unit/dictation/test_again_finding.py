"""What was misheard again when it was said alone, and right within its sentence."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import pytest

from desktop.core.state import Corrected, CorrectionChoice, Done
from desktop.core.types import (
    FRAME_SAMPLES,
    Audio,
    DictationContext,
    Frame,
    Outcome,
    PolishedText,
    Replacement,
    TimedWord,
    Transcript,
)
from desktop.dictation import again_evidence
from desktop.dictation.again_evidence import RecordedEvidence
from desktop.dictation.again_finding import CorrectionFinder, end_loop
from desktop.dictation.again_match import Candidate, Found
from desktop.dictation.again_weighing import Measured
from desktop.dictation.result import EDIT_STYLE
from desktop.history.rows import HistoryRow
from desktop.polish.polisher import TextPolisher
from tests.support.again_scene import AgainScene, again_scene
from tests.support.glides import record_glides, say_glide
from tests.unit.dictation.test_again import LOUD, FieldPaster, TextAligner

pytestmark = pytest.mark.anyio


ROW = HistoryRow(id=1, started_at=datetime.now(UTC), delivery=Outcome.INSERTED)
"""The row of a text."""

HEARD_ALONE = ("coo chair a", "coochera")
"""What was heard alone is offered too."""


class SentenceAligner(TextAligner):
    """Hears `sentence` where a correction is put into its place, which is longer than the correction. It was `said`."""

    def __init__(self, sentence: str, again: str, said: str = "") -> None:
        super().__init__(said or sentence, again)
        self._sentence = sentence

    async def list_alternatives(self, audio: Audio, language: str, count: int) -> tuple[str, ...]:
        return (self._sentence,) if len(audio) > FRAME_SAMPLES else self._others


class GlideAligner(TextAligner):
    """Knows when the words of a recording were said, and nothing of what is likely."""

    def __init__(self, seconds: Sequence[tuple[float, float]], others: tuple[str, ...] = ()) -> None:
        super().__init__("", "", others)
        self._seconds = seconds

    async def align(self, audio: Audio, text: str, language: str, *, is_urgent: bool = False) -> tuple[TimedWord, ...]:
        return tuple(TimedWord(*seconds, word, 0.9) for seconds, word in zip(self._seconds, text.split(), strict=True))

    async def score(self, audio: Audio, texts: Sequence[str], language: str) -> tuple[float, ...]:
        return (0.0,) * len(texts)


class HearsAlways:
    """Hears the same always, in that language."""

    def __init__(self, text: str, language: str = "en") -> None:
        self._text = text
        self._language = language

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        _ = [frame async for frame in speech]
        return Transcript(self._text, len(self._text), self._language)


class KnownEvidence:
    """Knows what speaks for each run of words, anew at each question, then for none; hears `words` at any place."""

    def __init__(self, known: list[dict[str, tuple[float, float]] | None], words: str) -> None:
        self._known = known
        self._words = words

    async def measure(
        self,
        text: str,
        row: HistoryRow,
        said: str,
        places: Sequence[Sequence[tuple[Candidate, Replacement]]],
        language: str,
        is_comparable: bool,
    ) -> list[list[Measured]] | None:
        known = self._known.pop(0) if self._known else {}
        if known is None:
            return None
        return [
            [Measured(each, *known.get(text[each.start : each.end], (-30.0, -40.0))) for each, _ in place]
            for place in places
        ]

    async def compare_sounds(self, *_: object) -> None:
        return None

    async def measure_choices(self, *_: object) -> None:
        return None

    async def hear_in_place(self, *_: object) -> str:
        return self._words

    async def list_alternatives(self, language: str) -> tuple[str, ...]:
        return ()


async def write_so(heard: str) -> str:
    """Write what was heard as it is."""
    return heard


class SilentAligner(SentenceAligner):
    """Never answers what is likely within a sentence."""

    async def score(self, audio: Audio, texts: Sequence[str], language: str) -> tuple[float, ...]:
        if len(audio) > FRAME_SAMPLES and any("Kucera" in text for text in texts):
            await anyio.sleep_forever()
        return await super().score(audio, texts, language)


class MarkPolisher(TextPolisher):
    """Writes a spoken mark."""

    async def polish(self, text: str, context: DictationContext, on_draft: Callable[[str], None]) -> PolishedText:
        return PolishedText(":") if text == "colon" else await super().polish(text, context, on_draft)


@pytest.fixture
def paster() -> FieldPaster:
    return FieldPaster()


@pytest.fixture
async def scene(tmp_path: Path, paster: FieldPaster) -> AsyncIterator[AgainScene]:
    async with again_scene(tmp_path, paster) as scene:
        yield scene


def show_choices(shown: CorrectionChoice) -> list[tuple[str, str]]:
    """What each choice replaces, and by what."""
    return [(shown.text[each.start : each.end], each.written) for each in shown.choices]


@pytest.mark.parametrize("word", range(6))
async def test_a_word_is_found_by_its_sound_however_it_is_heard(
    scene: AgainScene, paster: FieldPaster, word: int
) -> None:
    recording, seconds = record_glides(range(6))
    scene.aligner = GlideAligner(seconds)
    await scene.dictate("alpha bravo charlie delta echo foxtrot", recording)
    stood = paster.text.rstrip(".").split()[word]
    shown = await scene.again_aloud(say_glide(word), HearsAlways("Ruhr"))
    assert isinstance(shown, CorrectionChoice | Corrected)
    if isinstance(shown, CorrectionChoice):  # its neighbours are as likely here
        assert (stood, "Ruhr") in show_choices(shown)
    else:
        assert shown == Corrected(stood, "Ruhr")


class LikelyAligner(GlideAligner):
    """Knows how likely texts are by the first of `likely` that they contain; by themselves all are the same."""

    def __init__(
        self, seconds: Sequence[tuple[float, float]], likely: dict[str, float], others: tuple[str, ...] = ()
    ) -> None:
        super().__init__(seconds, others)
        self._likely = likely

    async def score(self, audio: Audio, texts: Sequence[str], language: str) -> tuple[float, ...]:
        known = self._likely.items()
        return tuple(
            next((score for part, score in known if part.casefold() in text.casefold()), 0.0) for text in texts
        )


class LanguageAligner(GlideAligner):
    """Notes the languages it is asked in."""

    def __init__(self, seconds: Sequence[tuple[float, float]]) -> None:
        super().__init__(seconds)
        self.languages: set[str] = set()

    async def score(self, audio: Audio, texts: Sequence[str], language: str) -> tuple[float, ...]:
        self.languages.add(language)
        return await super().score(audio, texts, language)

    async def list_alternatives(self, audio: Audio, language: str, count: int) -> tuple[str, ...]:
        self.languages.add(language)
        return await super().list_alternatives(audio, language, count)


async def test_what_the_recording_does_not_have_is_not_asked_about(scene: AgainScene) -> None:
    recording, seconds = record_glides(range(6))
    scene.aligner = LikelyAligner(seconds, {"bravo ruhr delta": 12.0, "ruhr": -6.0})
    await scene.dictate("alpha bravo charlie delta echo foxtrot", recording)
    assert await scene.again_aloud(say_glide(2), HearsAlways("Ruhr")) == Corrected("charlie", "Ruhr")


async def test_other_words_at_a_place_that_is_sure_are_asked_about_there(scene: AgainScene) -> None:
    recording, seconds = record_glides(range(6))
    scene.aligner = LikelyAligner(seconds, {"bravo rural delta": 14.0, "ruhr": -6.0, "rural": -4.0}, ("Rural",))
    await scene.dictate("alpha bravo charlie delta echo foxtrot", recording)
    shown = await scene.again_aloud(say_glide(2), HearsAlways("Ruhr"))
    assert isinstance(shown, CorrectionChoice)
    assert show_choices(shown) == [("charlie", "rural"), ("charlie", "Ruhr")]


async def test_a_correction_is_of_the_language_of_its_text(scene: AgainScene) -> None:
    recording, seconds = record_glides(range(6))
    scene.aligner = aligner = LanguageAligner(seconds)
    await scene.dictate("alpha bravo charlie delta echo foxtrot", recording)
    scene.history.update(scene.row().id, language="en")
    await scene.again_aloud(say_glide(2), HearsAlways("Чарли", "ru"))
    assert aligner.languages == {"en"}


async def test_what_else_was_said_is_asked_about_where_the_same_is_heard_again(scene: AgainScene) -> None:
    recording, seconds = record_glides(range(6))
    scene.aligner = GlideAligner(seconds, ("Carly",))
    await scene.dictate("alpha bravo charlie delta echo foxtrot", recording)
    shown = await scene.again_aloud(say_glide(2), HearsAlways("Charlie"))
    assert isinstance(shown, CorrectionChoice)
    assert ("charlie", "Carly") in show_choices(shown)


async def test_words_are_heard_within_their_sentence(scene: AgainScene, paster: FieldPaster) -> None:
    scene.aligner = SentenceAligner("They went to Guadalajara last year.", "Guadalajara")
    await scene.dictate("they went to guadalahara last year", LOUD)
    shown = await scene.again("Guatemala hara.")
    assert isinstance(shown, CorrectionChoice)
    assert show_choices(shown) == [("guadalahara", "Guadalajara"), ("guadalahara", "Guatemala hara")]
    assert await scene.again("The first one.") == Corrected("guadalahara", "Guadalajara")
    assert paster.text == "They went to Guadalajara last year."


async def test_the_same_words_misheard_in_the_same_way_are_asked_about(scene: AgainScene) -> None:
    scene.aligner = SentenceAligner("The people would charge for it.", "would charge")
    await scene.dictate("the people with charge for it", LOUD)
    shown = await scene.again("With charge.")
    assert isinstance(shown, CorrectionChoice)
    assert show_choices(shown) == [("with charge", "would charge")]


async def test_words_that_stand_there_and_are_heard_there_are_right(scene: AgainScene) -> None:
    scene.aligner = SentenceAligner("The people would charge for it.", "would charge")
    await scene.dictate("the people would charge for it", LOUD)
    shown = await scene.again("Would charge.")
    assert isinstance(shown, Done)
    assert shown.notes[0].code == "correction-there-already"


async def test_another_case_alone_is_asked_about(scene: AgainScene, paster: FieldPaster) -> None:
    scene.aligner = SentenceAligner("The drill is a bosch from the sale.", "Bosch")
    await scene.dictate("the drill is a bosch from the sale", LOUD)
    shown = await scene.again("Bosch.")
    assert isinstance(shown, CorrectionChoice)
    assert show_choices(shown) == [("bosch", "Bosch")]
    assert await scene.again("Yes.") == Corrected("bosch", "Bosch")


@pytest.mark.parametrize(
    ("said", "is_kept"), [("No.", True), ("None of them.", True), ("Both.", False), ("The first one.", False)]
)
async def test_a_question_is_answered_by_no_too(
    scene: AgainScene, paster: FieldPaster, said: str, is_kept: bool
) -> None:
    await scene.dictate("do you know kutchera and kutchera", LOUD)
    before = paster.text
    assert isinstance(await scene.again("Kucera."), CorrectionChoice)
    shown = await scene.again(said)
    assert isinstance(shown, Done if is_kept else Corrected)
    assert (paster.text == before) is is_kept


async def test_a_question_is_asked_again_where_the_answer_is_to_another(scene: AgainScene) -> None:
    await scene.dictate("do you know kutchera and kutchera", LOUD)
    question = await scene.again("Kucera.")
    assert isinstance(question, CorrectionChoice)
    for said in ("Yes.", "The fourth one."):
        assert await scene.again(said) == question
    assert isinstance(await scene.again("Number two."), Corrected)


async def test_choices_change_something_and_differ() -> None:
    text = "we met kutchera and coochera"
    evidence: Any = KnownEvidence([{"kutchera": (5.0, -2.0), "coochera": (4.0, -2.0)}], "kutchera")
    found = await CorrectionFinder(evidence, text, ROW, "en", write_so).find("Kucera", "Kucera")
    assert found.choices == (Replacement(7, 15, "Kucera"), Replacement(20, 28, "kutchera"))


@pytest.mark.parametrize("words", ["Kucera in", "met Kucera", "in"])
async def test_words_beside_the_place_are_not_doubled_unasked(words: str) -> None:
    text = "i met coo chair a in prague"
    evidence: Any = KnownEvidence([{"coo chair a": (5.0, -2.0)}], words)
    found = await CorrectionFinder(evidence, text, ROW, "en", write_so).find("coochera", "coochera")
    assert found == Found(choices=(Replacement(6, 17, words),))


async def test_all_of_a_question_about_borders_is_no_answer(scene: AgainScene, paster: FieldPaster) -> None:
    await scene.dictate("i met coo chair a in prague", LOUD)
    before = paster.text
    question = await scene.again("Kucera.")
    assert isinstance(question, CorrectionChoice)
    assert await scene.again("All.") == question
    assert paster.text == before


async def test_a_name_with_a_small_first_letter_begins_a_sentence_so(scene: AgainScene, paster: FieldPaster) -> None:
    await scene.dictate("ifone is good", LOUD)
    await scene.again("iPhone.")
    assert paster.text == "iPhone is good."


async def test_a_mark_is_no_word_that_replaces_another(tmp_path: Path, paster: FieldPaster) -> None:
    async with again_scene(tmp_path, paster) as scene:
        scene.polisher = MarkPolisher()
        scene.aligner = SentenceAligner("We saw colon at the party.", "Collins", "We saw Collins at the party.")
        await scene.dictate("we saw collen at the party", LOUD)
        assert await scene.again("Collins.") == Corrected("collen", "Collins")


@pytest.mark.parametrize(
    ("second", "offered"),
    [
        ({"coo chair a": (5.0, -2.0)}, [("coo chair a", "Kucera"), HEARD_ALONE]),
        ({"coo chair": (5.0, -2.0)}, [("coo chair", "Kucera"), ("coo chair a", "Kucera"), HEARD_ALONE]),
        ({}, [("coo chair a", "Kucera"), HEARD_ALONE]),
        (None, [("coo chair", "Kucera"), ("coo chair a", "Kucera"), HEARD_ALONE]),
    ],
)
async def test_borders_are_weighed_anew_with_the_words_that_are_heard_there(
    second: dict[str, tuple[float, float]] | None, offered: list[tuple[str, str]]
) -> None:
    text = "i met coo chair a in prague"
    evidence: Any = KnownEvidence([{"coo chair a": (5.0, -2.0)}, second], "Kucera")
    found = await CorrectionFinder(evidence, text, ROW, "en", write_so).find("coochera", "coochera")
    assert [(text[each.start : each.end], each.written) for each in found.choices] == offered


async def test_runs_beside_an_unlikely_one_are_weighed_too() -> None:
    text = "i met coo chair a in prague"
    evidence: Any = KnownEvidence([{"coo chair a": (-9.0, -9.0)}, {"chair": (9.0, -2.0)}], "coochera")
    found = await CorrectionFinder(evidence, text, ROW, "en", write_so).find("coochera", "coochera")
    assert found.offered == (Replacement(10, 15, "coochera"),)


async def test_what_was_heard_alone_is_offered_beside_what_is_heard_in_its_place() -> None:
    text = "talking by the bill"
    evidence: Any = KnownEvidence([{"the bill": (4.0, -9.0)}, {"bill": (3.0, -7.0)}], "door")
    found = await CorrectionFinder(evidence, text, ROW, "en", write_so).find("the door", "the door")
    assert {(text[each.start : each.end], each.written) for each in found.choices} >= {
        ("the bill", "door"),
        ("the bill", "the door"),
    }


async def test_a_likely_run_is_taken_without_those_beside_it() -> None:
    text = "i met coo chair a in prague"
    evidence: Any = KnownEvidence([{"coo chair a": (9.0, -2.0)}, {"chair": (19.0, -2.0)}], "coochera")
    found = await CorrectionFinder(evidence, text, ROW, "en", write_so).find("coochera", "coochera")
    assert found.replaced == Replacement(6, 17, "coochera")


async def test_the_place_is_heard_within_its_time(scene: AgainScene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(again_evidence, "TIMEOUT_S", 0.05)
    scene.aligner = SilentAligner(
        "I met Kucera in Prague last year.", "coochera", "I met Coochera in Prague last year."
    )
    await scene.dictate("i met kutchera in prague last year", LOUD)
    with anyio.fail_after(30):
        assert await scene.again("Coochera.") == Corrected("kutchera", "Coochera")


async def test_a_second_correction_of_a_place_is_heard_there_too(scene: AgainScene, paster: FieldPaster) -> None:
    scene.aligner = SentenceAligner("They went to Guadalahara last year.", "Guadalajara")
    await scene.dictate("they went to guada la hara last year", LOUD)
    assert isinstance(await scene.again("Guadalahara."), Corrected)
    scene.aligner = SentenceAligner("They went to Guadalajara last year.", "Guadalajara")
    assert isinstance(await scene.again("Guatemala hara."), CorrectionChoice)
    await scene.again("The first one.")
    assert paster.text == "They went to Guadalajara last year."


async def test_an_edited_text_has_no_recording_of_its_words(scene: AgainScene) -> None:
    evidence = RecordedEvidence(lambda: scene.aligner)
    scene.aligner = aligner = SentenceAligner("", "")
    await scene.dictate("they went to guadalahara last year", LOUD)
    await evidence.load(replace(scene.row(), style=EDIT_STYLE))
    assert aligner.aligned == []


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("Contents, contents, contents.", "Contents"),
        ("the door the door the door", "the door"),
        ("no no", "no no"),
        ("contents contents contents of", "contents contents contents of"),
        ("Kučera", "Kučera"),
        ("", ""),
    ],
)
def test_words_that_are_heard_in_a_loop_are_meant_once(heard: str, meant: str) -> None:
    assert end_loop(heard) == meant


async def test_a_loop_is_written_once() -> None:
    text = "i met coo chair a in prague"
    evidence: Any = KnownEvidence([{"coo chair a": (9.0, -2.0)}], "coochera")
    finder = CorrectionFinder(evidence, text, ROW, "en", write_so)
    assert (await finder.find("coochera coochera coochera", "coochera coochera coochera")).replaced == Replacement(
        6, 17, "coochera"
    )
