"""What may be taken back, and how many steps of the cursor it is: pure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from Xlib import XK

from desktop.core.chords import Paste
from desktop.core.types import Delivery, Outcome
from desktop.paste.apps import Applications, Rule
from desktop.paste.joining import Insertion
from desktop.paste.request import PARTLY
from desktop.paste.x11.undo import (
    ALIKE,
    BLIND,
    ELSEWHERE,
    LONG,
    MOST_STEPS,
    NOTHING,
    OLDER,
    TOUCHED,
    Reversal,
    Steps,
    directions,
    missing,
    objection,
    steps,
)

FAMILY, FLAGS, THUMB, KEYCAP = "👨‍👩‍👧‍👦", "🇩🇪🇫🇷", "👍🏽", "1️⃣"
TEXT = Insertion(7, " And text.", at=100.0, previous=".", said="And text.")


KEEPS = Rule()


def reversal(*texts: str) -> Reversal:
    return Reversal(texts, 200.0, lambda: None, lambda delivery: None)


def why(
    insertion: Insertion | None = TEXT, *texts: str, handle: int = 7, rule: Rule = KEEPS, touched: float = 0.0
) -> str:
    return objection(reversal(*texts), insertion, handle, rule, touched)


def test_only_last_insertion_here_can_be_undone() -> None:
    assert why() == ""
    assert why(None) == NOTHING
    assert why(Insertion(7, "", 100.0, "\n")) == NOTHING
    assert why(handle=8) == ELSEWHERE
    assert why(touched=99.0) == ""
    assert why(touched=101.0) == TOUCHED


def test_restored_original_can_be_swapped_not_undone() -> None:
    edited = Insertion(7, "short", 100.0, said="short", original="long")
    back = Insertion(7, "long", 100.0, said="long", original="long")
    assert [why(edited), why(edited, "long", "short")] == ["", ""]
    assert [why(back), why(back, "long", "short")] == [NOTHING, ""]


@pytest.mark.parametrize("app", ["XTerm", "gnome-terminal-server", "Code", "Remmina"])
def test_where_keys_select_nothing_nothing_is_tried(app: str) -> None:
    assert why(rule=Applications().rule(app, "")) == BLIND


def test_custom_rule_marks_app_as_no_terminal() -> None:
    own = Applications({"Slack": {"chord": Paste.CTRL_V}})
    assert why(rule=own.rule("Slack", "", electron=True)) == ""


def test_text_over_step_limit_is_not_undone() -> None:
    assert why(Insertion(7, "a" * MOST_STEPS, 100.0)) == ""
    assert why(Insertion(7, "a" * (MOST_STEPS + 1), 100.0)) == LONG


def test_swap_needs_another_text_of_the_same_dictation() -> None:
    assert why(TEXT, "and text", "And text.") == ""
    assert reversal("and text", "And text.").other("And text.") == "and text"
    assert reversal("and text", "And text.").other("and text") == "And text."
    assert why(TEXT, "And text.", "And text.") == ALIKE
    assert why(TEXT, "something", "else") == OLDER


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
    assert steps(text) == count


def test_missing_steps_are_computed_from_selection() -> None:
    assert missing("two words", "") == Steps(9)
    assert missing("two words", "words") == Steps(4)
    assert missing(f"a{FAMILY}", FAMILY[-1]) == Steps(2)
    assert missing("two words", "two words") == Steps(0)
    assert missing("two words", "wordsx") is None


def test_long_distance_steps_by_words_where_possible() -> None:
    assert missing(" don't – stop." * 10, "") == Steps(19, by_words=True)
    assert missing("日本語" * 30, "") == Steps(90)
    assert missing("-" * 70, "") == Steps(70)


@given(st.text(), st.text())
def test_missing_text_always_leaves_a_step(head: str, tail: str) -> None:
    more = missing(head + tail, tail)
    assert more is not None
    assert (more.count == 0) == (head == "")
    assert more.count <= len(head)


def test_arrows_follow_text_direction_and_rtl_has_both() -> None:
    left, right = (XK.XK_Left, XK.XK_Right), (XK.XK_Right, XK.XK_Left)
    assert directions("1. words") == (left,)
    assert directions("123") == (left,)
    assert directions("words العربية") == (left, right)
    assert directions("«العربية words»") == (right, left)


def test_undo_keeps_note_when_original_is_restored() -> None:
    delivery = Delivery(Outcome.INSERTED, PARTLY)
    assert reversal().told(delivery) == Delivery(Outcome.CANCELLED, PARTLY)
    assert reversal("long", "short").told(delivery) == delivery
