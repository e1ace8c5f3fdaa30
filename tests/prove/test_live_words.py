"""The verdicts of `input-method --part live`: what the log of a window says of the words that it showed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from tests.prove.film import FIELD, composed_frames, field_of, is_other
from tests.prove.input_method import COLUMNS, TABLE, judge_live
from tests.prove.live_words import (
    CANCEL,
    ENDINGS,
    KILL,
    RELEASE,
    SECONDS,
    between_ms,
    flickers,
    is_good,
    is_good_without_words,
    planned,
    rewrites,
    shown_texts,
)
from tests.prove.record import Line
from tests.prove.recordings import Clip

OUTCOMES = {RELEASE: "inserted", CANCEL: "cancelled", KILL: "recovered"}


def take(ending: str = RELEASE, **changes: Any) -> Line:
    """A dictation that went well."""
    return {
        "ending": ending,
        "outcome": OUTCOMES[ending],
        "landed": True,
        "left": "",
        "cursor": True,
        "shown": True,
        "frames": 12,
        "composed": 9,
        "updates": 6,
        "rewrites": 1,
        "flickers": 0,
        "between_ms": 2.0,
        "longest": 60,
        **changes,
    }


def silent(**changes: Any) -> Line:
    """A dictation that went well where no words may be shown."""
    return {"landed": True, "composed": 0, "changed": 0, **changes}


def log(*events: tuple[float, str, str]) -> list[dict[str, Any]]:
    return [{"at": at, "event": event, "text": text} for at, event, text in events]


def test_window_has_seven_let_go_two_cancelled_and_one_killed() -> None:
    assert [ENDINGS.count(ending) for ending in (RELEASE, CANCEL, KILL)] == [7, 2, 1]
    assert len(SECONDS) == len(ENDINGS) == TABLE.parts["live"].times
    assert set(ENDINGS[:3]) == {RELEASE, CANCEL, KILL}  # so that a few of them have each


@pytest.mark.parametrize("ending", ENDINGS[:3])
@pytest.mark.parametrize(
    "fault", [{"landed": False}, {"left": "So"}, {"cursor": False}, {"composed": 0}, {"outcome": "failed"}]
)
def test_dictation_with_one_fault_is_not_good(ending: str, fault: Line) -> None:
    assert is_good(take(ending))
    assert not is_good(take(ending, **fault))


@pytest.mark.parametrize("fault", [{"landed": False}, {"composed": 1}, {"changed": 1}])
def test_field_without_words_is_not_good_with_one_fault(fault: Line) -> None:
    assert is_good_without_words(silent())
    assert not is_good_without_words(silent(**fault))


def test_part_is_good_when_all_its_cells_are() -> None:
    lines = {"gtk4": {"takes": [take(), take(CANCEL), take(KILL)]}, "foot": {"silent": True, "takes": [silent()]}}
    found = judge_live(lines)
    assert (found["ok"], found["windows"]["gtk4"]["good"], found["silent"]) == (True, "3/3", {"foot": True})
    assert (found["updates"], found["between_ms"]) == (6, 2.0)
    assert not judge_live({**lines, "qt": {"takes": [take(left="So")]}})["ok"]
    assert not judge_live({**lines, "foot": {"silent": True, "takes": [silent(composed=1)]}})["ok"]


@pytest.mark.parametrize("desk", COLUMNS)
def test_each_desk_has_a_terminal_and_a_password_field(desk: str) -> None:
    assert list(TABLE.parts["live"].cells(COLUMNS[desk]))[4:] == [COLUMNS[desk].terminal, "password"]


@pytest.mark.parametrize(
    ("texts", "final", "rewritten", "flickered"),
    [
        ([], "", 0, 0),
        (["So", "So this", "So, this is it."], "So this is it.", 0, 0),
        (["So", "Sow this", "So this"], "So this.", 2, 1),
        (["So this", "So"], "So this.", 1, 1),
        (["A dog", "A cat"], "A cat.", 1, 0),
    ],
)
def test_words_that_are_changed_are_counted(texts: Sequence[str], final: str, rewritten: int, flickered: int) -> None:
    assert (rewrites(texts), flickers(texts, final)) == (rewritten, flickered)


def test_shown_again_counts_once_and_removed_does_not_count() -> None:
    events = log((1, "composition", " So"), (2, "composition", "So"), (3, "text", "x"), (4, "composition", ""))
    assert shown_texts(events) == ["So"]


def test_frames_show_words_between_the_first_and_their_end() -> None:
    events = log((1.0, "composition", "So"), (3.0, "composition", ""), (3.1, "text", "So."))
    assert composed_frames([0.5, 1.0, 2.9, 3.0, 4.0], events) == 2


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ([(1.0, "composition", "So"), (3.0, "composition", ""), (3.05, "text", "Me. So.")], 50.0),
        ([(1.0, "composition", "So"), (2.0, "composition", ""), (3.05, "text", "Me. So.")], None),
        ([(1.0, "composition", "So"), (3.0, "composition", "")], None),
        ([(3.05, "text", "Me. So.")], None),
    ],
)
def test_time_between_words_and_text_is_that_after_the_release(
    events: list[tuple[float, str, str]], found: float | None
) -> None:
    assert between_ms(log(*events), "Me.", "So.", 2.5) == found


@pytest.mark.parametrize("seconds", [10.0, 14.0, 35.0])
def test_dictation_is_of_one_speaker_and_as_long_as_is_wanted(seconds: float) -> None:
    lengths = np.random.default_rng(2).uniform(1.8, 9, 60)
    given = [Clip(Path(f"{at:02}"), "en", str(at % 4), "word", float(s)) for at, s in enumerate(lengths)]
    for at in range(10):
        found = planned(given, 1, at, seconds)
        assert len({clip.speaker for clip in found.clips}) == 1
        assert seconds <= sum(clip.seconds for clip in found.clips) <= seconds + 9
        assert found == planned(given, 1, at, seconds)
    assert planned(given, 1, 0, seconds) != planned(given, 1, 1, seconds)


def test_cursor_is_no_change_of_a_picture_and_words_are_one(tmp_path: Path) -> None:
    pictures = []
    for name, width in (("empty", 0), ("cursor", 1), ("words", 60)):
        picture = QImage(800, 500, QImage.Format.Format_RGB32)
        picture.fill(QColor("white"))
        for x in range(width):
            for y in range(16):
                picture.setPixelColor(x, y + 100, QColor("black"))
        picture.save(str(tmp_path / f"{name}.png"))
        pictures.append(field_of(tmp_path / f"{name}.png"))
    assert pictures[0].shape == (round(FIELD[1] * 500) - round(FIELD[0] * 500), 800)
    assert [is_other(pictures[0], other) for other in pictures] == [False, False, True]
