"""What was misheard again when it was said alone, and right within its sentence."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from desktop.core.state import Corrected, CorrectionChoice, Done
from desktop.core.types import FRAME_SAMPLES, Audio
from tests.support.again_scene import AgainScene, again_scene
from tests.unit.dictation.test_again import LOUD, FieldPaster, TextAligner

pytestmark = pytest.mark.anyio


class SentenceAligner(TextAligner):
    """Hears `sentence` where a correction is put into its place, which is longer than the correction."""

    def __init__(self, sentence: str, again: str, others: tuple[str, ...] = ()) -> None:
        super().__init__(sentence, again, others)
        self._sentence = sentence

    async def list_alternatives(self, audio: Audio, language: str, count: int) -> tuple[str, ...]:
        return (self._sentence,) if len(audio) > FRAME_SAMPLES else self._others


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


async def test_words_are_heard_within_their_sentence(scene: AgainScene, paster: FieldPaster) -> None:
    scene.aligner = SentenceAligner("They went to Guadalajara last year.", "Guadalajara")
    await scene.dictate("they went to guadalahara last year", LOUD)
    assert await scene.again("Guatemala hara.") == Corrected("guadalahara", "Guadalajara")
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
