"""Reading what is selected and putting another text there, in real programs on a real X server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest

from desktop.core.chords import PasteShortcut
from desktop.core.messages import Message
from desktop.core.types import Outcome, PasteResult, Selection
from desktop.paste.apps import PasteRule
from desktop.paste.request import NO_SCREEN, TEXT_IN_HISTORY
from desktop.paste.selection import (
    MAX_EDIT_CHARACTERS,
    NOTHING_CHANGED,
    NOTHING_SELECTED,
    SELECTION_CHANGED,
    SELECTION_TOO_LONG,
    SELECTION_UNREADABLE,
    WINDOW_NOT_EDITABLE,
)
from desktop.paste.undo import NOTHING_TO_UNDO
from desktop.paste.x11.selection import find_edit_objection
from tests.support.editor_desk import CONTROL, Desk, Editor, gtk, hearing_desk, nothing, qt, tap, tk
from tests.support.x_clients import PATIENCE_S, Client, Hand, Owner, focused, program, read_file, targets

SHIFT, LETTER_A, LETTER_V, LEFT, RIGHT = 50, 38, 55, 113, 114

TEXT = "Before it. This is a rather long way to say it."
PART = "This is a rather long way to say it."
EDITED = "In short:\n1. é 日本語 👍🏽"
BEFORE = {"UTF8_STRING": "was hier vorher stand: 日本語".encode(), "text/html": b"<b>before</b>"}
UNDONE, SWAPPED = PasteResult(Outcome.CANCELLED), PasteResult(Outcome.INSERTED)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(display: str) -> AsyncIterator[Desk]:
    async with hearing_desk(display) as desk:
        yield desk


@pytest.mark.parametrize(
    ("marked", "now", "copied", "why"),
    [
        ("a", "a", "a", None),
        ("a", "a", "b", SELECTION_UNREADABLE),  # what was deselected long ago is still offered
        ("a", "b", "b", SELECTION_CHANGED),
        ("a", None, "a", SELECTION_CHANGED),
        (None, "a", "a", SELECTION_CHANGED),
        ("a", "a", "", NOTHING_SELECTED),
        ("a", "a", None, SELECTION_UNREADABLE),
        (None, None, "a", None),
        (None, None, "", NOTHING_SELECTED),
        (None, None, None, SELECTION_UNREADABLE),
        (None, None, "a whole line\n", SELECTION_UNREADABLE),
        ("a line\n", "a line\n", "a line\n", None),
        (" \n", " \n", " \n", NOTHING_SELECTED),
        ("a" * MAX_EDIT_CHARACTERS, "a" * MAX_EDIT_CHARACTERS, "a" * MAX_EDIT_CHARACTERS, None),
        (None, None, "a" * (MAX_EDIT_CHARACTERS + 1), SELECTION_TOO_LONG),
    ],
)
def test_what_a_window_says_must_be_the_same_each_time(
    marked: str | None, now: str | None, copied: str | None, why: Message | None
) -> None:
    assert find_edit_objection(marked, now, copied) == why


@pytest.mark.parametrize(
    ("rule", "exactly"),
    [
        (PasteRule(), True),
        (PasteRule(chord=PasteShortcut.CTRL_V), True),
        (PasteRule(chord=PasteShortcut.SHIFT_INSERT), False),
        (PasteRule(lines="flatten"), False),
        (PasteRule(reads="early"), False),
    ],
)
def test_rule_exact_false_where_copy_may_differ(rule: PasteRule, exactly: bool) -> None:
    assert rule.is_exact is exactly


def select_left(hand: Hand, count: int) -> None:
    hand.press(SHIFT)
    for _ in range(count):
        tap(hand, LEFT)
    hand.release(SHIFT)


async def marked(desk: Desk, text: str | None) -> Selection:
    """What the window says by itself once that is `text`: it may still be busy with the keys."""
    with anyio.fail_after(PATIENCE_S):
        while (found := await desk.paster.read_selection()).text != text:
            await anyio.lowlevel.checkpoint()
    return found


@pytest.mark.parametrize("editor", [gtk, qt])
async def test_selection_alone_replaced_and_undone(
    display: str, desk: Desk, hand: Hand, tmp_path: Path, editor: Editor
) -> None:
    with editor(display, tmp_path, hand) as read, Owner(display, BEFORE):
        await desk.insert(TEXT)
        select_left(hand, len(PART))
        target = await desk.target()
        selection = await desk.paster.copy_selection(await marked(desk, PART), target)
        assert selection == Selection(target.handle, PART)
        assert targets(display, list(BEFORE)) == BEFORE
        assert await desk.paster.replace_selection(selection, EDITED, target, nothing) == PasteResult(Outcome.INSERTED)
        assert targets(display, list(BEFORE)) == BEFORE
        assert await desk.take_back() == UNDONE
        assert await desk.take_back() == PasteResult(Outcome.REFUSED, (NOTHING_TO_UNDO, Message("nothing-undone")))
        await desk.insert("And on.")
        assert read(f"{TEXT} And on.") == f"{TEXT} And on."
        assert targets(display, list(BEFORE)) == BEFORE


async def test_undone_edit_puts_back_every_character(display: str, desk: Desk, hand: Hand, tmp_path: Path) -> None:
    text = "log: \x1b[31mred\x1b[0m"
    with qt(display, tmp_path, hand) as read:
        with Owner(display, {"UTF8_STRING": text.encode()}):
            tap(hand, CONTROL, LETTER_V)
            assert read(text) == text
        tap(hand, CONTROL, LETTER_A)
        target = await desk.target()
        selection = await desk.paster.copy_selection(await marked(desk, text), target)
        assert await desk.paster.replace_selection(selection, "log: red", target, nothing) == SWAPPED
        assert await desk.take_back(text, "log: red") == SWAPPED
        assert read(text) == text
        assert await desk.take_back(text, "log: red") == SWAPPED
        assert await desk.take_back() == UNDONE
        assert read(text) == text


@pytest.mark.parametrize("editor", [gtk, qt])
async def test_whole_text_edited_and_swapped_back(
    display: str, desk: Desk, hand: Hand, tmp_path: Path, editor: Editor
) -> None:
    with editor(display, tmp_path, hand) as read, Owner(display, BEFORE):
        await desk.insert(TEXT)
        tap(hand, CONTROL, LETTER_A)
        target = await desk.target()
        selection = await desk.paster.copy_selection(await marked(desk, TEXT), target)
        assert await desk.paster.replace_selection(selection, EDITED, target, nothing) == SWAPPED
        assert await desk.take_back(TEXT, EDITED) == SWAPPED
        assert (await desk.take_back()).notes == (NOTHING_TO_UNDO, Message("nothing-undone")), "it is as it was"
        assert await desk.take_back(TEXT, EDITED) == SWAPPED
        assert await desk.take_back() == UNDONE
        assert read(TEXT) == TEXT
        assert targets(display, list(BEFORE)) == BEFORE


@pytest.mark.parametrize("editor", [gtk, qt])
async def test_edited_text_stands_in_place_of_selection(
    display: str, desk: Desk, hand: Hand, tmp_path: Path, editor: Editor
) -> None:
    with editor(display, tmp_path, hand) as read:
        await desk.insert(f"{TEXT} After it.")
        for _ in " After it.":
            tap(hand, LEFT)
        select_left(hand, len(PART))
        target = await desk.target()
        selection = await desk.paster.copy_selection(await marked(desk, PART), target)
        assert await desk.paster.replace_selection(selection, EDITED, target, nothing) == SWAPPED
        edited = f"{TEXT.replace(PART, EDITED)} After it."
        assert read(edited) == edited


async def test_stale_selection_is_nothing(display: str, desk: Desk, hand: Hand, tmp_path: Path) -> None:
    with qt(display, tmp_path, hand):
        await desk.insert(TEXT)
        select_left(hand, 3)
        await marked(desk, TEXT[-3:])
        tap(hand, RIGHT)
        target = await desk.target()
        stale = await desk.paster.copy_selection(await marked(desk, TEXT[-3:]), target)
        assert stale == Selection(target.handle, refusal=(NOTHING_SELECTED,))


@pytest.mark.parametrize("editor", [gtk, qt])
async def test_where_nothing_is_selected_nothing_happens(
    display: str, desk: Desk, hand: Hand, tmp_path: Path, editor: Editor
) -> None:
    with editor(display, tmp_path, hand) as read, Owner(display, BEFORE):
        await desk.insert(TEXT)
        target = await desk.target()
        assert await desk.paster.copy_selection(await marked(desk, None), target) == Selection(
            target.handle, refusal=(NOTHING_SELECTED,)
        )
        assert read(TEXT) == TEXT
        assert targets(display, list(BEFORE)) == BEFORE


async def test_selection_changed_while_speaking_not_edited(
    display: str, desk: Desk, hand: Hand, tmp_path: Path
) -> None:
    with gtk(display, tmp_path, hand) as read:
        await desk.insert(TEXT)
        select_left(hand, 3)
        before = await marked(desk, TEXT[-3:])
        select_left(hand, 1)
        await marked(desk, TEXT[-4:])
        target = await desk.target()
        assert await desk.paster.copy_selection(before, target) == Selection(
            target.handle, refusal=(SELECTION_CHANGED,)
        )
        assert read(TEXT) == TEXT


@pytest.mark.parametrize("editor", [gtk, qt])
async def test_selection_changed_during_answer_left_alone(
    display: str, desk: Desk, hand: Hand, tmp_path: Path, editor: Editor
) -> None:
    with editor(display, tmp_path, hand) as read, Owner(display, BEFORE):
        await desk.insert(TEXT)
        select_left(hand, len(PART))
        target = await desk.target()
        selection = await desk.paster.copy_selection(await marked(desk, PART), target)
        tap(hand, RIGHT)
        result = await desk.paster.replace_selection(selection, EDITED, target, nothing)
        assert result == PasteResult(Outcome.REFUSED, (SELECTION_CHANGED, NOTHING_CHANGED, TEXT_IN_HISTORY))
        assert read(TEXT) == TEXT
        assert targets(display, list(BEFORE)) == BEFORE


async def test_in_another_window_nothing_is_edited(display: str, desk: Desk, hand: Hand, tmp_path: Path) -> None:
    with qt(display, tmp_path, hand) as read, Owner(display, BEFORE):
        await desk.insert(TEXT)
        tap(hand, CONTROL, LETTER_A)
        target = await desk.target()
        before = await marked(desk, TEXT)
        selection = await desk.paster.copy_selection(before, target)
        with Client(display, "other", show=True):
            focused(display, "other")
            result = await desk.paster.replace_selection(selection, EDITED, target, nothing)
            assert result.notes == (Message("window-changed"), NOTHING_CHANGED, TEXT_IN_HISTORY)
            other = await desk.target()
            assert await desk.paster.copy_selection(before, other) == Selection(
                other.handle, refusal=(SELECTION_CHANGED,)
            )
        assert read(TEXT) == TEXT
        assert targets(display, list(BEFORE)) == BEFORE


async def test_tk_would_put_the_text_beside_the_selection(display: str, desk: Desk, hand: Hand, tmp_path: Path) -> None:
    with tk(display, tmp_path, hand) as read:
        await desk.insert(TEXT)
        select_left(hand, len(PART))
        target = await desk.target()
        selection = await desk.paster.copy_selection(await marked(desk, PART), target)
        assert selection == Selection(target.handle, refusal=(SELECTION_UNREADABLE,))
        assert read(TEXT) == TEXT


async def test_a_terminal_is_not_even_asked(display: str, desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "xterm.txt"
    with program(display, "shell", "xterm", "-u8", "-T", "shell", "-e", f"stty -icanon -echo; cat > {path}"):
        await desk.insert("Plain.")
        target = await desk.target()
        assert (await desk.paster.copy_selection(Selection(target.handle), target)).refusal == (WINDOW_NOT_EDITABLE,)
        await desk.insert("More.")
        assert read_file(path, lambda text: text.endswith("More.")) == "Plain. More."


async def test_a_selection_that_is_too_long_stays_as_it_is(
    display: str, desk: Desk, hand: Hand, tmp_path: Path
) -> None:
    long = "word " * (MAX_EDIT_CHARACTERS // 5) + "."
    with gtk(display, tmp_path, hand) as read:
        await desk.insert(long)
        tap(hand, CONTROL, LETTER_A)
        target = await desk.target()
        assert (await desk.paster.copy_selection(await marked(desk, long), target)).refusal == (SELECTION_TOO_LONG,)
        assert read(long) == long


async def test_without_a_screen_nothing_is_selected(display: str) -> None:
    async with hearing_desk(display) as desk:
        pass
    assert (await desk.paster.read_selection()).refusal == NO_SCREEN.notes
