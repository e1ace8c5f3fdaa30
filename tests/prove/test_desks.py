"""The verdicts of `desks`: which dictations count, which outcomes are not so, and what makes a row good."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from subprocess import PIPE, Popen
from sys import executable
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QImage

from desktop.history.store import HistoryStore
from tests.prove.desk_cells import CONTENTS, PASSWORDS, contents, is_false, is_true_end, landed
from tests.prove.desk_faults import CRASHES, FAULTS, MISHAPS, cut, is_lived_through
from tests.prove.desk_kinds import DESKS
from tests.prove.desk_table import cells_of, summary
from tests.prove.desks import PARTS, TABLE
from tests.prove.record import Line, Run
from tests.support.desk import RunningApp
from tests.support.desks.installed import lacking
from tests.support.desks.pipewire import NICE, urgent
from tests.support.history_rows import said

SAID = "Hold on."

DEFAULT_ROWS = 50
"""So many `history list` shows where it is not asked for more."""


def take(**changes: Any) -> Line:
    """A dictation that went well."""
    return {
        "outcome": "inserted",
        "landed": True,
        "text_ms": 200.0,
        "app_ms": 150.0,
        "error_rate": 0.0,
        "rows": 1,
        "text": SAID,
        "note": "",
        "false": False,
        "twice": False,
        "identical": True,
        "in_field": 0,
        **changes,
    }


def verdict(part: str, *takes: Line, cell: str = "gtk4", **more: Any) -> dict[str, Any]:
    """The judgement of a part with one cell."""
    found: dict[str, Any] = summary({part: {cell: {"takes": list(takes), **more}}}, PARTS)[part]
    return found


@pytest.mark.parametrize(
    ("held", "text", "is_landed"),
    [
        ("", SAID, True),
        ("Mine.", f"Mine. {SAID}", True),
        ("Mine.", f"Mine.{SAID}", True),
        ("Mine", "Mine hold on.", True),
        ("", "hold on.", False),
        ("", f"{SAID} {SAID}", False),
        ("", "Hold", False),
        ("Mine.", f"{SAID} Mine.", False),
        ("Mine.", "Mine.", False),
        ("", "", False),
    ],
)
def test_text_lands_once_whole_and_after_what_was_there(held: str, text: str, is_landed: bool) -> None:
    assert landed(held, text, SAID) == is_landed


def test_nothing_said_is_not_landed() -> None:
    assert not landed("", "", "")


@pytest.mark.parametrize(
    ("outcome", "has_landed", "has_changed", "is_copied", "said_so"),
    [
        ("inserted", True, True, False, False),
        ("inserted", False, False, False, True),
        ("inserted", False, True, False, True),
        ("unconfirmed", False, False, False, False),
        ("copied", False, False, True, False),
        ("copied", False, False, False, True),
        ("copied", True, True, True, True),
        ("refused", False, False, False, False),
        ("refused", True, True, False, True),
        ("failed", False, True, False, True),
        ("no row", True, True, False, True),
    ],
)
def test_outcome_that_is_not_so_is_false(
    outcome: str, has_landed: bool, has_changed: bool, is_copied: bool, said_so: bool
) -> None:
    found = is_false(outcome, has_landed=has_landed, has_changed=has_changed, is_copied=is_copied)
    assert found == said_so


def test_end_after_a_fault_needs_text_or_a_sentence() -> None:
    assert is_true_end(take())
    assert is_true_end(take(landed=False, outcome="failed", note="The desktop cannot be reached."))
    assert not is_true_end(take(landed=False, outcome="failed"))
    assert not is_true_end(take(landed=False, outcome="failed", note="It is lost.", text=""))
    assert not is_true_end(take(false=True))


@pytest.mark.parametrize(
    ("changes", "is_good"),
    [
        ({}, True),
        ({"struck": 0}, False),
        ({"app_lives": False}, False),
        ({"key_heard_s": None, "takes": []}, False),
        ({"takes": [take(), take(landed=False, outcome="failed")]}, False),
    ],
)
def test_fault_is_lived_through_where_something_was_broken(changes: Line, is_good: bool) -> None:
    line = {"struck": 1, "key_heard_s": 0.5, "takes": [take(), take()], "app_lives": True}
    assert is_lived_through({**line, **changes}) == is_good


def test_windows_are_good_when_all_land_in_time() -> None:
    slow_first = take(text_ms=2000.0)
    assert verdict("windows", slow_first, take(), take())["ok"]
    assert not verdict("windows", take(), take(text_ms=301.0))["ok"]
    assert not verdict("windows", take(), *[take()] * 9, take(text_ms=2000.0), take(text_ms=2000.0))["ok"]


@pytest.mark.parametrize("fault", [{"landed": False}, {"false": True}, {"twice": True}, {"rows": 2}])
def test_windows_are_not_good_with_one_fault(fault: Line) -> None:
    assert verdict("windows", take(), take())["ok"]
    assert not verdict("windows", take(), take(), take(**fault))["ok"]


def test_misheard_words_are_counted_and_are_no_failure() -> None:
    found = verdict("windows", *[take(error_rate=0.4)] * 10)
    assert (found["misheard"], found["ok"]) == (10, True)
    assert found["windows"]["gtk4"]["error_rate"] == 0.4


@pytest.mark.parametrize(("unheard", "is_good"), [(0, True), (1, True), (2, False)])
def test_window_may_get_one_text_that_was_not_said(unheard: int, is_good: bool) -> None:
    found = verdict("windows", *[take()] * (10 - unheard), *[take(error_rate=1.0)] * unheard)
    assert (found["windows"]["gtk4"]["unheard"], found["ok"]) == (unheard, is_good)


def test_windows_tell_which_dictations_are_confirmed() -> None:
    found = verdict("windows", take(), take(outcome="unconfirmed"), take(outcome="unconfirmed"))
    assert found["windows"]["gtk4"]["outcomes"] == {"inserted": 1, "unconfirmed": 2}


def test_windows_of_one_dictation_have_no_verdict_of_time() -> None:
    assert not verdict("windows", take())["ok"]


def test_clipboard_is_good_when_every_byte_is_back() -> None:
    found = verdict("clipboard", take(), take(identical=False), cell="png")
    assert (found["identical"], found["ok"]) == (1, False)
    assert verdict("clipboard", take(), cell="png")["ok"]


def test_clipboard_is_not_good_where_nothing_was_dictated() -> None:
    assert not verdict("clipboard", take(landed=False, outcome="no row", rows=0, text=""), cell="png")["ok"]


@pytest.mark.parametrize(
    ("kind", "changes", "is_good"),
    [
        ("", {"outcome": "refused", "text": "", "landed": False}, True),
        ("", {"outcome": "refused", "text": "", "landed": False, "in_field": 8}, False),
        ("", {"outcome": "no row", "text": "", "landed": False, "rows": 0}, False),
        ("", {"outcome": "failed", "text": "", "landed": False}, False),
        ("untold", {"in_field": 8}, True),
        ("untold", {"outcome": "no row", "text": "", "landed": False, "rows": 0}, False),
        ("", {"outcome": "refused", "landed": False}, False),
        ("kept", {"outcome": "refused", "landed": False}, True),
        ("kept", {"outcome": "refused", "landed": False, "in_field": 8}, False),
        ("untold", {"in_field": 8, "outcome": "refused", "false": True}, False),
    ],
)
def test_password_field_gets_nothing_where_it_can_be_told(kind: str, changes: Line, is_good: bool) -> None:
    found = verdict("passwords", take(**changes), untold=kind == "untold", kept=kind == "kept")
    assert found["ok"] == is_good


def test_restart_is_good_soon_and_without_a_dialog() -> None:
    assert verdict("restart", take(), ready_s=[5.9], dialogs=[])["ok"]
    assert not verdict("restart", take(), ready_s=[1.0, 6.1], dialogs=[])["ok"]
    assert not verdict("restart", take(), ready_s=[1.0], dialogs=["Remote Desktop"])["ok"]


@pytest.mark.parametrize(
    ("changes", "is_good"), [({}, True), ({"unasked": ["Share"]}, False), ({"sentence": 61.0}, False)]
)
def test_first_run_is_good_in_time_and_with_dialogs_explained(changes: Line, is_good: bool) -> None:
    line = {"steps_s": {"sentence": changes.get("sentence", 30.0)}, "unasked": changes.get("unasked", [])}
    found = summary({"first-run": {"all": {**line, "outcome": "inserted", "note": ""}}}, PARTS)["first-run"]
    assert found["ok"] == is_good


def test_cell_that_could_not_be_measured_is_not_good() -> None:
    lines = {"gtk4": {"takes": [take(), take()]}, "qt": {"error": "not within 60 s"}}
    found = summary({"windows": lines}, PARTS)["windows"]
    assert (found["dictations"], found["errors"], found["ok"]) == (2, {"qt": "not within 60 s"}, False)


@pytest.mark.parametrize("desk", DESKS)
def test_each_desk_has_the_cells_of_the_table(desk: str, tmp_path: Path) -> None:
    cells = list(cells_of(Run("desks", 1, None, tmp_path), TABLE, desk))
    counts = {part: sum(cell.times for cell in cells if cell.part == part) for part in PARTS}
    assert (counts["windows"], counts["clipboard"], counts["passwords"]) == (50, 20, 20)
    assert len({cell.key for cell in cells}) == len(cells)
    assert set(DESKS[desk].faults) <= set(FAULTS)
    assert {*DESKS[desk].untold, *DESKS[desk].kept} <= set(PASSWORDS)


def test_every_fault_happens_on_a_desk_and_crashes_on_all() -> None:
    assert {fault for kind in DESKS.values() for fault in kind.faults} == {*MISHAPS, *CRASHES}
    assert all(set(CRASHES) <= set(kind.faults) for kind in DESKS.values())


def test_programs_and_files_that_are_not_here_are_lacking(tmp_path: Path) -> None:
    (tmp_path / "x86_64").mkdir()
    (tmp_path / "x86_64/Gtk-4.0.typelib").touch()
    there, gone = (str(tmp_path / "*" / name) for name in ("Gtk-4.0.typelib", "Gtk-3.0.typelib"))
    assert lacking(["sh", "intone-has-no-such"], [there, gone]) == ["intone-has-no-such", gone]


@pytest.mark.parametrize("is_allowed", [True, False])
def test_sound_servers_without_their_niceness_are_told_of(
    is_allowed: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []

    def set_priority(which: int, who: int, niceness: int) -> None:
        asked.append(niceness)
        if niceness == NICE and not is_allowed:
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "setpriority", set_priority)
    with urgent() as is_urgent:
        assert is_urgent == is_allowed
    assert asked == [NICE, os.getpriority(os.PRIO_PROCESS, 0)]
    assert ("sentences are misheard" in capsys.readouterr().err) != is_allowed


class Home(RunningApp):
    """The app's commands in a home of its own."""

    def __init__(self, home: Path) -> None:
        super().__init__()
        self.environ = {**os.environ, "INTONE_HOME": str(home), "XDG_RUNTIME_DIR": str(home)}


def test_history_of_a_desk_has_every_row(tmp_path: Path) -> None:
    history = HistoryStore(tmp_path / "history.db")
    for number in range(DEFAULT_ROWS + 1):
        history.add(said(f"number {number}"))
    assert [row["text"] for row in Home(tmp_path).history()] == [f"number {at}" for at in range(DEFAULT_ROWS, -1, -1)]


def test_one_part_and_a_limit_are_measured_alone(tmp_path: Path) -> None:
    cells = list(cells_of(Run("desks", 1, 2, tmp_path, part="clipboard"), TABLE, "labwc"))
    assert [(cell.part, cell.name, cell.times) for cell in cells] == [("clipboard", name, 2) for name in CONTENTS]


@pytest.mark.parametrize("content", CONTENTS)
def test_a_seed_determines_what_is_on_the_clipboard(content: str) -> None:
    first, again, other = (contents(content, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first == again != other


def test_picture_on_the_clipboard_is_one_of_200_kb() -> None:
    _, data = contents("png", np.random.default_rng(1))
    picture = QImage.fromData(data)
    assert (picture.width(), picture.height()) == (256, 256)
    assert 190_000 < len(data) < 210_000


def test_connection_to_the_named_socket_is_cut_and_no_other(tmp_path: Path) -> None:
    script = (
        "import socket, sys\n"
        "ends = [socket.socket(socket.AF_UNIX) for _ in range(2)]\n"
        "[end.connect(path) for end, path in zip(ends, sys.argv[1:])]\n"
        "print(ends[0].recv(1), flush=True)\n"
        "ends[1].send(b'x')\n"
    )
    with socket.socket(socket.AF_UNIX) as lost, socket.socket(socket.AF_UNIX) as kept:
        for listener, name in ((lost, "wayland-0"), (kept, "bus")):
            listener.bind(str(tmp_path / name))
            listener.listen()
        words = [executable, "-c", script, str(tmp_path / "wayland-0"), str(tmp_path / "bus")]
        with Popen(words, stdout=PIPE) as program, lost.accept()[0], kept.accept()[0] as other:
            assert cut(program.pid, "wayland-0") == 1
            assert program.stdout is not None
            assert program.stdout.readline() == b"b''\n"
            assert other.recv(1) == b"x"
    assert program.returncode == 0
