"""A word that is said again replaces what sounds like it in the last text, with undo; else it changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import pytest

from desktop.core.errors import PasteError
from desktop.core.interfaces import PasterCapability
from desktop.core.messages import Message
from desktop.core.state import Corrected, CorrectionChoice, Done, Idle
from desktop.core.types import FRAME_SAMPLES, Audio, Outcome, PasteResult, Replacement, TimedWord
from desktop.dictation.last import CORRECTED_NOTE, RAW_TEXT_NOTE
from desktop.hotkeys.gesture import DictationIntent
from desktop.paste.request import DELETION_UNPROVEN
from desktop.paste.selection import FIELD_ALTERED
from desktop.paste.undo import NOTHING_TO_UNDO, REMOVED_NOT_REPLACED, TEXT_CHANGED
from desktop.settings.schema import HistorySettings
from desktop.vocabulary.learning import Suggestion
from tests.support.again_scene import AgainScene, again_scene
from tests.support.stage import FakePaster

pytestmark = pytest.mark.anyio

SAID, TEXT, MENDED = "i met kutchera in prague", "I met kutchera in prague.", "I met Kucera in prague."


class FieldPaster(FakePaster):
    """A field of one text, which is replaced as long as it stands there; `refusal` says why it is not. One that
    `is_blocked` takes nothing in the place of what it gives, and says so."""

    capabilities = PasterCapability.UNDO

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.refusal: Message | None = None
        self.is_blocked: PasteResult | None = None

    async def paste(self, text: str, target: object, on_sent: Callable[[], None], enter: bool = False) -> PasteResult:
        self.text = text
        return await super().paste(text, self.focus, on_sent, enter)

    async def undo_paste(self, texts: tuple[str, ...], on_sent: Callable[[], None]) -> PasteResult:
        if self.is_blocked is not None:
            self.text = ""
            return self.is_blocked
        reason = self.refusal or (NOTHING_TO_UNDO if not self.text or (texts and self.text not in texts) else None)
        if reason is not None:
            note = Message("nothing-swapped" if texts else "nothing-undone")
            return PasteResult(Outcome.REFUSED, (reason, note))
        self.text = next((text for text in texts if text != self.text), "")
        on_sent()
        return PasteResult(Outcome.INSERTED if texts else Outcome.CANCELLED)


def codes_of(shown: Done) -> list[str]:
    """The codes of what is said with the outcome."""
    return [note.code for note in shown.notes]


@pytest.fixture
def paster() -> FieldPaster:
    return FieldPaster()


@pytest.fixture
async def scene(tmp_path: Path, paster: FieldPaster) -> AsyncIterator[AgainScene]:
    async with again_scene(tmp_path, paster) as scene:
        yield scene


async def test_what_sounds_alike_is_replaced_in_window_and_row(scene: AgainScene, paster: FieldPaster) -> None:
    await scene.dictate(SAID)
    assert await scene.again("Kucera.") == Corrected("kutchera", "Kucera")
    row = scene.row()
    assert paster.text == row.edited == MENDED
    assert (row.text, row.notes, len(scene.history.rows())) == (TEXT, (CORRECTED_NOTE,), 1)
    assert list((scene.paths.data / "spool").glob("*.take")) == []


async def test_several_in_a_row_are_undone_one_by_one(scene: AgainScene, paster: FieldPaster) -> None:
    await scene.dictate(SAID)
    await scene.again("Kucera.")
    assert await scene.again("Brag.") == Corrected("prague", "brag")
    stood = []
    for _ in range(3):
        await scene.last.undo()
        stood.append((paster.text, scene.row().edited, scene.row().notes[:1] == (CORRECTED_NOTE,)))
    assert stood == [(MENDED, MENDED, True), (TEXT, None, False), ("", None, False)]
    assert scene.row().delivery is Outcome.CANCELLED


async def test_undo_keeps_an_earlier_correction_in_the_history(scene: AgainScene) -> None:
    await scene.dictate(SAID)
    scene.history.correct_text(scene.row().id, "mine")
    await scene.again("Kucera.")
    await scene.last.undo()
    assert scene.row().edited == "mine"


async def test_swap_and_paste_again_know_the_corrected_text(scene: AgainScene, paster: FieldPaster) -> None:
    await scene.dictate(SAID)
    await scene.again("Kucera.")
    await scene.last.swap()
    assert (paster.text, scene.row().notes[-1]) == (SAID, RAW_TEXT_NOTE)
    await scene.last.swap()
    assert paster.text == MENDED
    await scene.last.paste_last()
    assert paster.text == MENDED
    assert await scene.again("Brag.") == Corrected("prague", "brag")


async def test_the_raw_text_is_corrected_after_a_swap(scene: AgainScene, paster: FieldPaster) -> None:
    await scene.dictate(SAID)
    await scene.last.swap()
    await scene.again("Kucera.")
    assert paster.text == "i met Kucera in prague"
    await scene.last.undo()
    assert paster.text == SAID


async def test_a_new_dictation_ends_what_can_be_undone(scene: AgainScene, paster: FieldPaster) -> None:
    await scene.dictate(SAID)
    await scene.again("Kucera.")
    await scene.dictate("something else")
    await scene.last.undo()
    assert paster.text == ""


async def test_two_alike_are_asked_about_and_answered(scene: AgainScene, paster: FieldPaster) -> None:
    await scene.dictate("kutchera met kutchera")
    question = await scene.again("Kucera")
    text = "Kutchera met kutchera."
    assert question == CorrectionChoice(text, (Replacement(0, 8, "Kucera"), Replacement(13, 21, "Kucera")))
    assert paster.text == text
    assert await scene.again("The second one.") == Corrected("kutchera", "Kucera")
    assert paster.text == "Kutchera met Kucera."
    await scene.last.undo()
    assert paster.text == text


async def test_both_are_replaced_when_asked_for(scene: AgainScene, paster: FieldPaster) -> None:
    await scene.dictate("kutchera met kutchera")
    await scene.again("Kucera")
    await scene.again("Both.")
    assert paster.text == "Kucera met Kucera."


@pytest.mark.parametrize("between", ["escape", "dictate"])
async def test_a_question_that_was_dropped_has_no_answer(scene: AgainScene, paster: FieldPaster, between: str) -> None:
    await scene.dictate("kutchera met kutchera")
    await scene.again("Kucera")
    if between == "escape":
        scene.stage.mean(DictationIntent.CANCEL)
        await scene.stage.until_state(Idle)
    else:
        await scene.dictate("another text")
    stood = paster.text
    shown = await scene.again("Both.")
    assert isinstance(shown, Done)
    assert codes_of(shown) == ["correction-not-found", "nothing-changed"]
    assert (paster.text, (await scene.stage.dictation.answer_choice(())).notes) == (
        stood,
        (Message("correction-unasked"),),
    )


async def test_a_command_answers_the_question(scene: AgainScene, paster: FieldPaster) -> None:
    await scene.dictate("kutchera met kutchera")
    await scene.again("Kucera")
    assert (await scene.stage.dictation.answer_choice((5,))).outcome is Outcome.REFUSED
    assert (await scene.stage.dictation.answer_choice((0,))).outcome is Outcome.INSERTED
    assert paster.text == "Kucera met kutchera."
    assert scene.stage.states[-1] == Corrected("Kutchera", "Kucera")


@pytest.mark.parametrize(
    ("said", "code"),
    [("Schenectady.", "correction-not-found"), ("Met.", "correction-there-already")],
)
async def test_what_is_not_found_changes_nothing(scene: AgainScene, paster: FieldPaster, said: str, code: str) -> None:
    await scene.dictate(SAID)
    shown = await scene.again(said)
    assert isinstance(shown, Done)
    assert (shown.outcome, codes_of(shown)) == (Outcome.REFUSED, [code, "nothing-changed"])
    assert (paster.text, scene.row().edited, len(scene.history.rows())) == (TEXT, None, 1)


async def test_without_a_last_text_nothing_is_changed(scene: AgainScene) -> None:
    shown = await scene.again("Kucera.")
    assert isinstance(shown, Done)
    assert codes_of(shown) == ["correction-nothing-there", "nothing-changed"]
    assert scene.history.rows() == []


async def test_a_window_that_changed_is_left_alone(scene: AgainScene, paster: FieldPaster) -> None:
    await scene.dictate(SAID)
    paster.refusal = TEXT_CHANGED
    shown = await scene.again("Kucera.")
    assert isinstance(shown, Done)
    assert (shown.outcome, codes_of(shown)) == (Outcome.REFUSED, [TEXT_CHANGED.code, "nothing-changed"])
    assert (paster.text, scene.row().edited) == (TEXT, None)
    with pytest.raises(PasteError):
        await scene.last.undo()


@pytest.mark.parametrize(
    "result",
    [
        PasteResult(Outcome.REMOVED, (REMOVED_NOT_REPLACED,)),
        PasteResult(Outcome.UNCONFIRMED, (DELETION_UNPROVEN,)),
        PasteResult(Outcome.UNCONFIRMED, (FIELD_ALTERED,)),
    ],
)
async def test_a_text_that_is_gone_and_not_replaced_is_said_and_kept(
    scene: AgainScene, paster: FieldPaster, result: PasteResult
) -> None:
    await scene.dictate(SAID)
    paster.is_blocked = result
    shown = await scene.again("Kucera.")
    assert isinstance(shown, Done)
    assert (shown.outcome, codes_of(shown)) == (result.outcome, [note.code for note in result.notes])
    assert scene.asked == [], "nothing is learned"
    assert (scene.row().delivery, scene.row().edited) == (result.outcome, MENDED)


async def test_silence_and_an_unkept_dictation_leave_no_trace(scene: AgainScene, paster: FieldPaster) -> None:
    scene.keeping = HistorySettings(private="on")
    await scene.dictate(SAID)
    await scene.again("Kucera.")
    assert paster.text == MENDED
    await scene.last.undo()
    assert (paster.text, scene.history.rows(), scene.asked) == (TEXT, [], [])


async def test_what_was_corrected_twice_is_offered_once(scene: AgainScene) -> None:
    for count in range(3):
        await scene.dictate(f"kutchera wrote letter {count}")
        await scene.again("Kucera.")
        await scene.stage.until(lambda count=count: len(scene.asked) == (count > 0))  # type: ignore[misc]
    assert scene.asked == [Suggestion("Kutchera", "Kucera")]


class TextAligner:
    """An engine that heard `said` in the last text's recording and `again` in the correction's: what differs less from
    it is likelier. `others` are alternatives of the correction."""

    def __init__(self, said: str, again: str, others: tuple[str, ...] = ()) -> None:
        self._said = said
        self._again = again
        self._others = others
        self.aligned: list[str] = []

    async def align(self, audio: Audio, text: str, language: str, *, is_urgent: bool = False) -> tuple[TimedWord, ...]:
        self.aligned.append(text)
        return tuple(TimedWord(at * 0.1, at * 0.1 + 0.1, word, 0.9) for at, word in enumerate(text.split()))

    async def list_alternatives(self, audio: Audio, language: str, count: int) -> tuple[str, ...]:
        return self._others

    async def score(self, audio: Audio, texts: Sequence[str], language: str) -> tuple[float, ...]:
        truth = self._said if any(len(text.split()) > 5 for text in texts) else self._again
        return tuple(-300.0 * (1.0 - SequenceMatcher(None, truth, text).ratio()) for text in texts)


LOUD = np.full(FRAME_SAMPLES * 30, 0.1, np.float32)


async def test_the_recording_says_where_the_misheard_words_end(scene: AgainScene, paster: FieldPaster) -> None:
    await scene.dictate("they went a guadalahara last year", LOUD)
    assert isinstance(await scene.again("Guadalajara."), CorrectionChoice)
    scene.aligner = aligner = TextAligner("They went a Guadalajara last year.", "Guadalahara")
    assert await scene.again("Guadalajara.") == Corrected("guadalahara", "Guadalajara")
    assert paster.text == "They went a Guadalajara last year."
    assert aligner.aligned == ["they went a guadalahara last year"]


async def test_a_text_without_a_recording_is_corrected_by_likeness(scene: AgainScene) -> None:
    scene.keeping = HistorySettings(keep_audio_days=0)
    scene.aligner = aligner = TextAligner("", "")
    await scene.dictate(SAID, LOUD)
    assert await scene.again("Kucera.") == Corrected("kutchera", "Kucera")
    assert aligner.aligned == []


async def test_another_text_of_the_same_sound_is_asked_about(scene: AgainScene, paster: FieldPaster) -> None:
    scene.aligner = TextAligner("I met Kucera in prague.", "coo chair a", ("Coo chair a.", "Kucera."))
    await scene.dictate("i met coo chair a in prague", LOUD)
    shown = await scene.again("coo chair a.")
    assert isinstance(shown, CorrectionChoice)
    assert [(shown.text[each.start : each.end], each.written) for each in shown.choices] == [("coo chair a", "Kucera")]
    assert await scene.again("Yes.") == Corrected("coo chair a", "Kucera")
    assert paster.text == MENDED


@pytest.mark.parametrize("said", ["K u c e r a.", "Spell it: k u c e r a"])
async def test_a_word_is_corrected_by_its_letters(scene: AgainScene, paster: FieldPaster, said: str) -> None:
    await scene.dictate(SAID)
    assert await scene.again(said) == Corrected("kutchera", "Kucera")
    assert paster.text == MENDED
