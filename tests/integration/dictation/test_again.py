"""A word said again in real windows: replaced where it stands, and put back to the byte.

A sample of `make prove-again`, with the words at the edge in the place of a model."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest

from desktop.core.errors import PasteError
from desktop.core.state import Corrected, CorrectionChoice, Done
from desktop.core.types import Outcome
from tests.integration.matrix.programs import LETTER_A
from tests.prove.again import TOOLKITS, stands_in, window

pytestmark = pytest.mark.anyio

TEXT = "I met kutchera in Prague, and 日本 said “naïve” there."
MENDED = "I met Kucera in Prague, and 日本 said “naïve” there."
LONG = " ".join(f"Sentence number {number} of a long dictation." for number in range(10))


@pytest.mark.parametrize("name", list(TOOLKITS.values()))
async def test_words_are_replaced_in_place_and_put_back(display: str, tmp_path: Path, name: str) -> None:
    async with window(display, tmp_path, name) as (scene, program):
        before = program.shown
        await scene.dictate(TEXT)
        assert await scene.again("Kucera.") == Corrected("kutchera", "Kucera")
        assert await stands_in(program, before, MENDED)
        assert await scene.again("Brag.") == Corrected("Prague", "Brag")
        assert await stands_in(program, before, MENDED.replace("Prague", "Brag"))
        for text in (MENDED, TEXT, ""):
            await scene.last.undo()
            assert await stands_in(program, before, text), text
        assert scene.row().delivery is Outcome.CANCELLED


async def test_one_of_two_places_is_replaced(display: str, tmp_path: Path) -> None:
    async with window(display, tmp_path, "qt") as (scene, program):
        before = program.shown
        await scene.dictate(f"{TEXT} {TEXT}")
        assert isinstance(await scene.again("Kucera."), CorrectionChoice)
        assert await stands_in(program, before, f"{TEXT} {TEXT}")
        assert await scene.again("The second one.") == Corrected("kutchera", "Kucera")
        assert await stands_in(program, before, f"{TEXT} {MENDED}")


async def test_a_text_that_was_touched_is_left_alone(display: str, tmp_path: Path) -> None:
    async with window(display, tmp_path, "qt") as (scene, program):
        before = program.shown
        await scene.dictate(TEXT)
        program.tap(LETTER_A)
        assert await stands_in(program, before, f"{TEXT}a")
        shown = await scene.again("Kucera.")
        assert isinstance(shown, Done)
        assert [note.code for note in shown.notes] == ["undo-text-changed", "nothing-changed"]
        with pytest.raises(PasteError):
            await scene.last.undo()
        assert await stands_in(program, before, f"{TEXT}a")
        assert scene.row().edited is None


@pytest.mark.parametrize("name", list(TOOLKITS.values()))
async def test_a_word_of_a_long_text_is_replaced(display: str, tmp_path: Path, name: str) -> None:
    text = LONG.replace("number 5", "number kutchera")
    async with window(display, tmp_path, name) as (scene, program):
        before = program.shown
        await scene.dictate(text)
        with anyio.fail_after(20):
            assert await scene.again("Kucera.") == Corrected("kutchera", "Kucera")
        assert await stands_in(program, before, text.replace("kutchera", "Kucera"))
