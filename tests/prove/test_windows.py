"""What the proof of Windows calls good, and what it finds wrong."""

from __future__ import annotations

from typing import Any

import pytest

from tests.prove import (
    windows,
    windows_clipboard,
    windows_dictations,
    windows_keys,
    windows_losses,
    windows_passwords,
    windows_release,
    windows_start,
    windows_tests,
)

LINE = {"key": "one 1", "wrong": []}


@pytest.mark.parametrize(
    ("after", "text", "delivery", "heard", "wrong"),
    [
        ("One. Two.", "Two.", "inserted", "Two.", ""),
        ("One. Two\r\nlines", "Two\nlines", "inserted", "Two\r\nlines", ""),
        ("One. Two.", "Two.", "inserted", None, ""),
        ("One. two.", "Two.", "inserted", "Two.", ""),
        ("One. ", "Two.", "inserted", "Two.", "the text is not there"),
        ("One. Two. Two.", "Two.", "inserted", "Two.", "twice"),
        ("Two.", "Two.", "inserted", "Two.", "what stood there has changed"),
        ("One. Tw", "Two.", "unconfirmed", "Two.", "another text"),
        ("One. Two.", "Two.", "unconfirmed", "Two.", "ends as unconfirmed"),
        ("One. Two.", "Two.", "inserted", "Too.", "not what the server has heard"),
        ("One. ", "", "silent", None, "no words"),
    ],
)
def test_dictation_is_once_whole_and_true(after: str, text: str, delivery: str, heard: str | None, wrong: str) -> None:
    found = windows_dictations.wrong("One. ", after, text, delivery, heard)
    assert bool(found) is bool(wrong)
    assert wrong in "; ".join(found)


def test_every_window_gets_every_kind_in_twenty() -> None:
    cells = [windows_dictations.cell(number) for number in range(20)]
    assert len(set(cells)) == len(windows_dictations.WINDOWS) * len(windows_dictations.KINDS) == 20
    assert len(windows_dictations.TEXTS["long"].encode()) > 20_000


@pytest.mark.parametrize(
    ("after", "found"),
    [
        ({"13": "a", "PNG": "b"}, []),
        ({"13": "a"}, ["format PNG is lost"]),
        ({"13": "a", "PNG": "c"}, ["format PNG differs"]),
        ({"13": "a", "PNG": "b", "8": "d"}, ["format 8 is new"]),
    ],
)
def test_clipboard_is_compared_by_every_format(after: dict[str, str], found: list[str]) -> None:
    assert windows_clipboard.differences({"13": "a", "PNG": "b"}, after) == found


def test_kills_are_spread_over_the_paste() -> None:
    moments = [windows_clipboard.kill_after_s(number) for number in range(windows_clipboard.KILLS)]
    assert min(moments) < 0.05
    assert max(moments) > 0.15
    assert len(set(moments)) == len(moments)


@pytest.mark.parametrize(
    ("kind", "heard", "text", "down", "wrong"),
    [
        ("modifier", ["DOWN talk", "UP talk"], "ab", [], ""),
        ("repeat", ["DOWN talk", "DOWN talk", "UP talk"], "ab", [], "heard"),
        ("modifier-repeat", ["DOWN talk", "DOWN talk", "UP talk"], "ab", [], "heard"),
        ("tap", ["BEGIN", "LOCK", "END"], "ab", [], ""),
        ("tap", ["BEGIN", "END", "BEGIN", "END"], "ab", [], "heard"),
        ("chord", ["DOWN undo"], "abz", [], "in Notepad"),
        ("letter", [], "ab", [0xA3], "0xa3 is down"),
        ("esc", [], "ab", [], "heard"),
    ],
)
def test_keys_are_heard_once_and_leak_nothing(
    kind: str, heard: list[str], text: str, down: list[int], wrong: str
) -> None:
    found = windows_keys.wrong(kind, heard, "ab", text, down)
    assert bool(found) is bool(wrong)
    assert wrong in "; ".join(found)


def test_all_gestures_are_drawn() -> None:
    assert {windows_keys.gesture(number) for number in range(windows_keys.TIMES)} == set(windows_keys.GESTURES)


def test_password_is_refused_and_leaves_nothing() -> None:
    assert windows_passwords.wrong("refused", "", []) == []
    assert windows_passwords.wrong("inserted", "Secret.", []) == [
        "in the field stands 'Secret.'",
        "it ends as inserted",
    ]
    assert windows_passwords.wrong("refused", "", ["format 13 differs"]) == ["format 13 differs"]


SAID = "he was not an ill disposed young man"


@pytest.mark.parametrize(
    ("new", "rows", "what", "wrong"),
    [
        (SAID, [("inserted", SAID)], "worker", ""),
        ("", [("recovered", SAID)], "app", ""),
        (SAID, [], "disk", ""),
        ("", [], "app", "lost"),
        ("", [("recovered", SAID)], "worker", "not inserted"),
        ("", [("inserted", SAID)], "second", "nothing is there"),
        ("", [("copied", SAID)], "second", ""),
        ("", [("recovered", SAID)], "second", "neither inserted nor copied"),
        (SAID, [("inserted", SAID), ("recovered", SAID)], "second", "twice in the history"),
        (f"{SAID} {SAID}", [("inserted", SAID)], "worker", "twice in Notepad"),
        ("something quite different stands here", [("inserted", SAID)], "worker", "something else in Notepad"),
        ("", [("recovered", "nothing of the kind was ever said")], "app", "something else in the history"),
    ],
)
def test_losses_find_what_is_lost_or_twice(new: str, rows: list[tuple[str, str]], what: str, wrong: str) -> None:
    found = windows_losses.wrong(SAID, new, rows, what)
    assert bool(found) is bool(wrong)
    assert wrong in "; ".join(found)


def test_file_of_which_no_test_ended_has_failed() -> None:
    lines = [
        {"test": "tests/unit/test_a.py::test_one", "outcome": "began", "reason": ""},
        {"test": "tests/unit/test_a.py::test_one", "outcome": "passed", "reason": ""},
        {"test": "tests/unit/test_b.py::test_two", "outcome": "began", "reason": ""},
    ]
    assert windows_tests.add_up_file("tests/unit/test_a.py", lines)["passed"] == 1
    assert windows_tests.add_up_file("tests/unit/test_a.py", lines)["failed"] == {}
    assert list(windows_tests.add_up_file("tests/unit/test_b.py", lines)["failed"]) == ["tests/unit/test_b.py"]


def test_release_is_judged_by_the_ratio_of_medians() -> None:
    def line(windows_ms: float) -> dict[str, Any]:
        return {**LINE, "linux": [100.0, 200.0], "windows": [windows_ms, 2 * windows_ms]}

    assert windows_release.judge([line(130)])["ok"]
    slow = windows_release.judge([line(150)])
    assert (slow["ratio"], slow["ok"]) == (1.5, False)
    assert windows_release.wrong({"linux": [1.0, 2.0], "windows": [1.0]}) == ["windows has no words for 1"]


def test_start_is_judged_only_on_an_idle_machine() -> None:
    def lines(load: float, icon_s: float) -> list[dict[str, Any]]:
        return [{**LINE, "load": load, "icon_s": icon_s, "ready_s": 9.0}, {**LINE, "load": load, "sentence_s": 30.0}]

    assert windows_start.judge(lines(0.1, 4.0))["ok"]
    slow = windows_start.judge(lines(0.1, 6.0))
    assert (slow["ok"], slow["met"], slow["idle"]) == (False, False, True)
    busy = windows_start.judge(lines(9.0, 20.0))
    assert (busy["ok"], busy["met"], busy["idle"]) == (False, False, False)


@pytest.mark.parametrize("part", windows.PARTS)
def test_a_fault_spoils_its_part(part: str) -> None:
    more = {
        "dictations": {"window": "qt", "kind": "short", "late_ms": 1.0, "http": ["2"]},
        "clipboard": {"took_s": 0.2},
        "clipboard-kills": {"after_s": 0.1, "state": "no text", "back_s": 1.0},
        "keys": {"gesture": "esc"},
        "passwords": {"field": "qt", "notes": []},
        "losses": {"fault": "app", "state": "killed", "left": ["recovered"]},
        "start": {"load": 0.0, "icon_s": 1.0},
        "release": {"linux": [1.0], "windows": [1.0]},
    }[part]
    judge = windows.PARTS[part].judge
    assert judge([{**LINE, **more}])["ok"]
    assert not judge([{**LINE, **more, "wrong": ["a fault"]}])["ok"]
