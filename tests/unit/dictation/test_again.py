"""A word that is said again replaces what sounds like it in the last text, with undo; else it changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from desktop.core.errors import PasteError
from desktop.core.interfaces import PasterCapability
from desktop.core.messages import Message
from desktop.core.state import Corrected, CorrectionChoice, Done, Idle
from desktop.core.types import Outcome, PasteResult, Replacement
from desktop.dictation.last import CORRECTED_NOTE, RAW_TEXT_NOTE
from desktop.hotkeys.gesture import DictationIntent
from desktop.paste.undo import NOTHING_TO_UNDO, TEXT_CHANGED
from desktop.settings.schema import HistorySettings
from desktop.vocabulary.learning import Suggestion
from tests.support.again_scene import AgainScene, again_scene
from tests.support.stage import FakePaster

pytestmark = pytest.mark.anyio

SAID, TEXT, MENDED = "i met coo chair a in prague", "I met coo chair a in prague.", "I met Kucera in prague."


class FieldPaster(FakePaster):
    """A field of one text, which is replaced as long as it stands there; `refusal` says why it is not."""

    capabilities = PasterCapability.UNDO

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.refusal: Message | None = None

    async def paste(self, text: str, target: object, on_sent: Callable[[], None], enter: bool = False) -> PasteResult:
        self.text = text
        return await super().paste(text, self.focus, on_sent, enter)

    async def undo_paste(self, texts: tuple[str, ...], on_sent: Callable[[], None]) -> PasteResult:
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
    assert await scene.again("Kucera.") == Corrected("coo chair a", "Kucera")
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
    await scene.dictate("coo chair a met coo chair a")
    question = await scene.again("Kucera")
    text = "Coo chair a met coo chair a."
    assert question == CorrectionChoice(text, (Replacement(0, 11, "Kucera"), Replacement(16, 27, "Kucera")))
    assert paster.text == text
    assert await scene.again("The second one.") == Corrected("coo chair a", "Kucera")
    assert paster.text == "Coo chair a met Kucera."
    await scene.last.undo()
    assert paster.text == text


async def test_both_are_replaced_when_asked_for(scene: AgainScene, paster: FieldPaster) -> None:
    await scene.dictate("coo chair a met coo chair a")
    await scene.again("Kucera")
    await scene.again("Both.")
    assert paster.text == "Kucera met Kucera."


@pytest.mark.parametrize("between", ["escape", "dictate"])
async def test_a_question_that_was_dropped_has_no_answer(scene: AgainScene, paster: FieldPaster, between: str) -> None:
    await scene.dictate("coo chair a met coo chair a")
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
    await scene.dictate("coo chair a met coo chair a")
    await scene.again("Kucera")
    assert (await scene.stage.dictation.answer_choice((5,))).outcome is Outcome.REFUSED
    assert (await scene.stage.dictation.answer_choice((0,))).outcome is Outcome.INSERTED
    assert paster.text == "Kucera met coo chair a."
    assert scene.stage.states[-1] == Corrected("Coo chair a", "Kucera")


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


async def test_silence_and_an_unkept_dictation_leave_no_trace(scene: AgainScene, paster: FieldPaster) -> None:
    scene.keeping = HistorySettings(private="on")
    await scene.dictate(SAID)
    await scene.again("Kucera.")
    assert paster.text == MENDED
    await scene.last.undo()
    assert (paster.text, scene.history.rows(), scene.asked) == (TEXT, [], [])


async def test_what_was_corrected_twice_is_offered_once(scene: AgainScene) -> None:
    for count in range(3):
        await scene.dictate(f"coo chair a wrote letter {count}")
        await scene.again("Kucera.")
        await scene.stage.until(lambda count=count: len(scene.asked) == (count > 0))  # type: ignore[misc]
    assert scene.asked == [Suggestion("Coo chair a", "Kucera")]
