"""What the proof `team-server` lets pass, and what it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from desktop.core.messages import Message, Notes
from desktop.core.types import Outcome
from desktop.history.rows import HistoryEntry
from tests.prove.record import Line
from tests.prove.team_server import NAME, PHASES, are_few_kills, is_few, judge

WHOLE = "the dock rose with the tide and the boats rose too"
BUSY = Message("service-overloaded", service=NAME)
LATE = Message("service-late", service=NAME, seconds="30")
FAILED = Message("service-failed", service=NAME, status=502)


def row(text: str, engine: str = "whisper", reason: Message | None = None) -> HistoryEntry:
    notes: Notes = (reason, Message("local-text-used")) if reason else ()
    return HistoryEntry(
        started_at=datetime(2026, 11, 30, tzinfo=UTC),
        raw_text=text,
        text=text.capitalize(),
        engine=engine,
        notes=notes,
        delivery=Outcome.INSERTED,
    )


def judge_one(phase: str, made: HistoryEntry, whole: str, local: str) -> Line:
    """Judge a dictation that has one row and was pasted once."""
    return judge(phase, [made], [made.text], whole, local)


@pytest.mark.parametrize("phase", PHASES)
def test_a_server_that_never_answers_answers_too_few(phase: str) -> None:
    assert is_few(phase, 0, PHASES[phase])
    assert not is_few(phase, PHASES[phase], PHASES[phase])


@pytest.mark.parametrize("phase", ["calm", "scaled", "gone"])
def test_one_by_the_local_model_is_too_many_where_nothing_is_broken(phase: str) -> None:
    assert is_few(phase, PHASES[phase] - 1, PHASES[phase])


def test_kills_that_did_not_come_about_are_too_few() -> None:
    assert [are_few_kills(kills, 40) for kills in (0, 3, 4, 8)] == [True, True, False, False]
    assert [are_few_kills(kills, 2) for kills in (0, 1)] == [True, False]


@pytest.mark.parametrize(
    ("phase", "reason"),
    [("calm", BUSY), ("scaled", LATE), ("gone", BUSY), ("killed", BUSY), ("killed", FAILED), ("burst", FAILED)],
)
def test_a_reason_that_cannot_be_true_then_is_untrue(phase: str, reason: Message) -> None:
    assert judge_one(phase, row(WHOLE, reason=reason), WHOLE, WHOLE)["untrue"]


@pytest.mark.parametrize(("phase", "reason"), [("burst", BUSY), ("killed", LATE), ("restarted", FAILED)])
def test_a_reason_that_may_be_true_passes(phase: str, reason: Message) -> None:
    assert judge_one(phase, row(WHOLE, reason=reason), WHOLE, WHOLE)["untrue"] is False


def test_a_local_text_without_a_reason_is_untrue() -> None:
    assert judge_one("burst", row(WHOLE), WHOLE, WHOLE)["untrue"]


def test_a_text_of_the_servers_is_the_models_to_the_letter() -> None:
    assert judge_one("calm", row(WHOLE, "compatible"), WHOLE, "other")["wrong"] is False
    assert judge_one("calm", row(WHOLE.replace("dock", "duck"), "compatible"), WHOLE, WHOLE)["wrong"]


def test_a_local_text_may_differ_in_a_third_of_its_words() -> None:
    third, more = WHOLE.replace("rose", "rows").replace("dock", "duck"), "a duck rows with a tie and the boats rose too"
    assert judge_one("burst", row(third, reason=BUSY), WHOLE, WHOLE)["wrong"] is False
    assert judge_one("burst", row(more, reason=BUSY), WHOLE, WHOLE)["wrong"]


def test_what_was_not_pasted_is_lost() -> None:
    made = row(WHOLE, "compatible")
    assert judge_one("calm", row(""), WHOLE, WHOLE)["lost"]
    assert judge_one("calm", replace(made, delivery=Outcome.COPIED), WHOLE, WHOLE)["lost"]
    assert judge("calm", [], [], WHOLE, WHOLE)["lost"]
    assert judge("calm", [], [made.text], WHOLE, WHOLE)["lost"]
    assert judge("calm", [made], [], WHOLE, WHOLE)["lost"]
    assert judge("calm", [made], ["Another."], WHOLE, WHOLE)["lost"]
    assert judge_one("calm", made, WHOLE, WHOLE)["lost"] is False


def test_what_was_pasted_or_kept_twice_is_no_one_dictation() -> None:
    made = row(WHOLE, "compatible")
    assert judge("calm", [made], [made.text, made.text], WHOLE, WHOLE)["twice"]
    assert judge("calm", [made, made], [made.text], WHOLE, WHOLE)["twice"]
    assert judge_one("calm", made, WHOLE, WHOLE)["twice"] is False
