"""What may be taken back, and how many steps of the cursor it is: pure."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from Xlib import XK

from desktop.core.chords import PasteShortcut
from desktop.core.messages import Message
from desktop.core.types import Outcome, PasteResult
from desktop.paste.apps import PasteRule, PasteRules
from desktop.paste.request import CONTENTS_PARTLY_LOST
from desktop.paste.text_fit import Insertion
from desktop.paste.undo import (
    INPUT_SINCE,
    MAX_STEPS,
    NOT_NEWEST_ENTRY,
    NOTHING_TO_UNDO,
    OTHER_WINDOW,
    REMOVED_NOT_REPLACED,
    REMOVED_NOT_RESTORED,
    TEXT_TOO_LONG,
    TEXT_UNCHANGED,
    WINDOW_NOT_UNDOABLE,
    UndoRequest,
    count_steps,
    find_undo_objection,
)
from desktop.paste.x11.undo import CursorSteps, find_arrow_keys, find_missing_steps

FAMILY, FLAGS, THUMB, KEYCAP = "👨‍👩‍👧‍👦", "🇩🇪🇫🇷", "👍🏽", "1️⃣"
TEXT = Insertion(7, " And text.", inserted_at=100.0, previous_text=".", spoken_text="And text.")


KEEPS = PasteRule()


def reversal(*texts: str) -> UndoRequest:
    return UndoRequest(texts, 200.0, lambda: None, lambda result: None)


def why(
    insertion: Insertion | None = TEXT, *texts: str, handle: int = 7, rule: PasteRule = KEEPS, touched: float = 0.0
) -> Message | None:
    return find_undo_objection(reversal(*texts), insertion, handle, rule, touched)


def test_only_last_insertion_here_can_be_undone() -> None:
    assert why() is None
    assert why(None) == NOTHING_TO_UNDO
    assert why(Insertion(7, "", 100.0, "\n")) == NOTHING_TO_UNDO
    assert why(handle=8) == OTHER_WINDOW
    assert why(touched=99.0) is None
    assert why(touched=101.0) == INPUT_SINCE


@pytest.mark.parametrize("outcome", Outcome)
def test_what_fails_after_the_removal_leaves_the_text_removed(outcome: Outcome) -> None:
    reason = Message("clipboard-held")
    failed = outcome in (Outcome.REFUSED, Outcome.FAILED)
    for request, note in (
        (reversal("and text", "And text."), REMOVED_NOT_REPLACED),
        (reversal(), REMOVED_NOT_RESTORED),
    ):
        before = request.adjust_result(PasteResult(outcome, (reason,)))
        after = replace(request, is_removed=True).adjust_result(PasteResult(outcome, (reason,)))
        assert after == (PasteResult(Outcome.REMOVED, (note, reason)) if failed else before)
        assert before.outcome is (Outcome.CANCELLED if outcome is Outcome.INSERTED and not request.texts else outcome)


def test_restored_original_can_be_swapped_not_undone() -> None:
    edited = Insertion(7, "short", 100.0, spoken_text="short", replaced_text="long")
    back = Insertion(7, "long", 100.0, spoken_text="long", replaced_text="long")
    assert [why(edited), why(edited, "long", "short")] == [None, None]
    assert [why(back), why(back, "long", "short")] == [NOTHING_TO_UNDO, None]


@pytest.mark.parametrize("app", ["XTerm", "gnome-terminal-server", "Code", "Remmina"])
def test_where_keys_select_nothing_nothing_is_tried(app: str) -> None:
    assert why(rule=PasteRules().find_rule(app, "")) == WINDOW_NOT_UNDOABLE


def test_custom_rule_marks_app_as_no_terminal() -> None:
    own = PasteRules({"Slack": {"chord": PasteShortcut.CTRL_V}})
    assert why(rule=own.find_rule("Slack", "", electron=True)) is None


def test_text_over_step_limit_is_not_undone() -> None:
    assert why(Insertion(7, "a" * MAX_STEPS, 100.0)) is None
    assert why(Insertion(7, "a" * (MAX_STEPS + 1), 100.0)) == TEXT_TOO_LONG


def test_swap_needs_another_text_of_the_same_dictation() -> None:
    assert why(TEXT, "and text", "And text.") is None
    assert reversal("and text", "And text.").other_text("And text.") == "and text"
    assert reversal("and text", "And text.").other_text("and text") == "And text."
    assert why(TEXT, "And text.", "And text.") == TEXT_UNCHANGED
    assert why(TEXT, "something", "else") == NOT_NEWEST_ENTRY


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("abc", 3),
        ("a\nb", 3),
        ("e\u0301", 1),
        ("日本語", 3),
        (FAMILY, 1),
        (FLAGS, 2),
        (THUMB, 1),
        (KEYCAP, 1),
        ("\u1112\u1161\u11ab", 1),
        ("\u0915\u094d\u0937", 1),
        ("กำ", 1),
        ("\u0301", 1),
    ],
)
def test_no_more_steps_are_made_than_any_toolkit_needs(text: str, count: int) -> None:
    assert count_steps(text) == count


def test_missing_steps_are_computed_from_selection() -> None:
    assert find_missing_steps("two words", "") == CursorSteps(9)
    assert find_missing_steps("two words", "words") == CursorSteps(4)
    assert find_missing_steps(f"a{FAMILY}", FAMILY[-1]) == CursorSteps(2)
    assert find_missing_steps("two words", "two words") == CursorSteps(0)
    assert find_missing_steps("two words", "wordsx") is None


def test_long_distance_steps_by_words_where_possible() -> None:
    assert find_missing_steps(" don't – stop." * 10, "") == CursorSteps(19, by_words=True)
    assert find_missing_steps("日本語" * 30, "") == CursorSteps(90)
    assert find_missing_steps("-" * 70, "") == CursorSteps(70)


@given(st.text(), st.text())
def test_missing_text_always_leaves_a_step(head: str, tail: str) -> None:
    more = find_missing_steps(head + tail, tail)
    assert more is not None
    assert (more.count == 0) == (head == "")
    assert more.count <= len(head)


def test_arrows_follow_text_direction_and_rtl_has_both() -> None:
    left, right = (XK.XK_Left, XK.XK_Right), (XK.XK_Right, XK.XK_Left)
    assert find_arrow_keys("1. words") == (left,)
    assert find_arrow_keys("123") == (left,)
    assert find_arrow_keys("words العربية") == (left, right)
    assert find_arrow_keys("«العربية words»") == (right, left)


def test_undo_keeps_note_when_original_is_restored() -> None:
    result = PasteResult(Outcome.INSERTED, (CONTENTS_PARTLY_LOST,))
    assert reversal().adjust_result(result) == PasteResult(Outcome.CANCELLED, (CONTENTS_PARTLY_LOST,))
    assert reversal("long", "short").adjust_result(result) == result
