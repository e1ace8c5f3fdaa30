"""The app on sway, which has no portal: a first run where no key is heard, then dictations by sway's own bindings.

The tests are one user's session; each may run without the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.conftest import Clip
from tests.e2e.desks.checks import (
    check_languages_by_layout,
    check_password_refused,
    check_picture_given_back,
    check_pill_without_focus,
    check_row,
    check_text_in_window,
)
from tests.support.desk import BUSY_S, until
from tests.support.desks.account import Account
from tests.support.desks.first_run import FirstRun, Row, run_on_sway
from tests.support.desks.sway import SwayDesk, missing


@pytest.fixture(scope="module")
def new_sway(account: Account) -> Iterator[SwayDesk]:
    """sway, on which Intone begins with its first run."""
    if absent := missing():
        pytest.skip(f"sway is not installed here: there is no {', '.join(absent)}")
    with SwayDesk(account, new=True) as desk:
        yield desk


@pytest.fixture(scope="module")
def first_run(new_sway: SwayDesk, clips: list[Clip]) -> FirstRun:
    """The first run, with the sentence in its box."""

    def look() -> None:
        assert (new_sway.environ["QT_QPA_PLATFORM"], new_sway.focused()["shell"]) == ("wayland", "xwayland")

    def copy_box(row: Row) -> None:
        new_sway.keys("-M", "ctrl", "-k", "a", "-k", "c", "-m", "ctrl")
        copied = "the sentence is in the box, and nothing else"
        until(lambda: new_sway.clipboard().decode() == row["text"], copied, BUSY_S)

    return run_on_sway(new_sway, clips[4].path, at_welcome=look, at_sentence=copy_box)


@pytest.fixture(scope="module")
def sway(new_sway: SwayDesk, first_run: FirstRun) -> SwayDesk:
    """sway after the first run, with the history open."""
    return new_sway


def test_sway_first_run_reaches_first_sentence(first_run: FirstRun, clips: list[Clip]) -> None:
    assert first_run.unasked == []
    check_row(first_run.row, clips[4])
    assert first_run.row["delivery"] == "inserted"


@pytest.mark.parametrize("kind", ["gtk3", "qt", "chromium", "foot"])
def test_sway_key_held_puts_text_in_window(sway: SwayDesk, clips: list[Clip], kind: str) -> None:
    row = check_text_in_window(sway, kind, clips[1])
    assert row["window"].startswith(f"{kind}-text")
    if kind == "foot":
        assert (row["delivery"], row["app"]) == ("unconfirmed", "foot"), "a terminal tells nothing of its text"


def test_sway_clipboard_gets_picture_back(sway: SwayDesk, clips: list[Clip]) -> None:
    check_picture_given_back(sway, "qt", clips[1])


def test_sway_pill_is_seen_and_takes_no_focus(sway: SwayDesk, clips: list[Clip]) -> None:
    check_pill_without_focus(sway, "qt", clips[1])


@pytest.mark.parametrize("kind", ["gtk4", "chromium"])
def test_sway_password_field_gets_nothing(sway: SwayDesk, clips: list[Clip], kind: str) -> None:
    check_password_refused(sway, kind, clips[1])


def test_doctor_reports_paste_method_and_sway_binding(sway: SwayDesk) -> None:
    findings = {one["name"]: one for one in map(json.loads, sway.intone("doctor", "--json").stdout.splitlines())}
    assert (
        findings["paste"]["detail"]
        == "Keys by a virtual keyboard, the clipboard by data-control, sway names the window"
    )
    assert "bindsym --release F9 exec intone stop" in findings["hotkey"]["remedy"].splitlines()


def test_sway_layout_is_the_language_at_the_press(sway: SwayDesk) -> None:
    check_languages_by_layout(sway)
