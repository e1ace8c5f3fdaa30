"""The app on GNOME Shell: its first run, in which the desktop is asked for a key and for pasting; then dictations.

The tests are one user's session; each may run without the others.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import Clip
from tests.e2e.desks.checks import (
    check_dictation,
    check_languages_by_layout,
    check_password_refused,
    check_picture_given_back,
    check_pill_without_focus,
    check_row,
    check_text_in_window,
)
from tests.support.desk import BUSY_S, until
from tests.support.desks.account import Account
from tests.support.desks.first_run import FirstRun, Row, run_on_gnome
from tests.support.desks.gnome import (
    ACCESSIBILITY,
    CTRL_L,
    GIVEN_KEYS,
    KEY_F9,
    LETTER_A,
    LETTER_C,
    NO_KEYS,
    GnomeDesk,
    missing,
)
from tests.support.desks.input_method import by_clipboard


@pytest.fixture(scope="module")
def new_gnome(account: Account) -> Iterator[GnomeDesk]:
    """A desk on which Intone begins with its first run."""
    if absent := missing():
        pytest.skip(f"GNOME is not installed here: there is no {', '.join(absent)}")
    with GnomeDesk(account, new=True) as desk:
        yield desk


@pytest.fixture(scope="module")
def notes() -> list[str]:
    """What the app says of itself while the desktop asks for the key."""
    return []


@pytest.fixture(scope="module")
def first_run(new_gnome: GnomeDesk, clips: list[Clip], notes: list[str]) -> FirstRun:
    """The first run, in which the desktop gives the key and allows pasting."""

    def copy_box(row: Row) -> None:
        for letter in (LETTER_A, LETTER_C):
            new_gnome.tap(CTRL_L, letter)
        copied = "the sentence is in the box, and nothing else"
        until(lambda: new_gnome.clipboard().decode() == row["text"], copied, BUSY_S)

    def read_note() -> None:
        notes.append(str(new_gnome.status()["note"]))

    return run_on_gnome(new_gnome, clips[4].path, at_key=read_note, at_sentence=copy_box)


@pytest.fixture(scope="module")
def gnome(new_gnome: GnomeDesk, first_run: FirstRun) -> GnomeDesk:
    """The desk after the first run."""
    return new_gnome


def test_first_run_asks_for_the_key_and_for_pasting(
    gnome: GnomeDesk, first_run: FirstRun, notes: list[str], clips: list[Clip]
) -> None:
    assert first_run.unasked == []
    assert [note.startswith("Your desktop is asking for the talk key.") for note in notes] == [True], notes
    check_row(first_run.row, clips[4])
    assert first_run.row["delivery"] == "inserted"


@pytest.mark.parametrize("kind", ["gtk4", "gtk3", "qt", "chromium", "console"])
def test_key_held_puts_text_in_the_window(gnome: GnomeDesk, clips: list[Clip], kind: str) -> None:
    check_text_in_window(gnome, kind, clips[1])


@pytest.mark.parametrize(
    ("kind", "accessibility"), [("gtk4", "false"), ("gtk3", "true"), ("qt", "false"), ("chromium", "false")]
)
def test_password_field_gets_nothing(gnome: GnomeDesk, clips: list[Clip], kind: str, accessibility: str) -> None:
    gnome.set(*ACCESSIBILITY, accessibility)
    try:
        check_password_refused(gnome, kind, clips[2])
    finally:
        gnome.set(*ACCESSIBILITY, "false")


def test_password_field_of_an_unknown_window_gets_nothing_by_the_clipboard(gnome: GnomeDesk, clips: list[Clip]) -> None:
    with by_clipboard(gnome):
        check_password_refused(gnome, "chromium", clips[2], {"GNOME_ACCESSIBILITY": "1"}, is_window_known=False)


def test_pill_is_seen_and_takes_no_focus(gnome: GnomeDesk, clips: list[Clip]) -> None:
    check_pill_without_focus(gnome, "gtk4", clips[1])


def test_picture_on_the_clipboard_is_given_back(gnome: GnomeDesk, clips: list[Clip]) -> None:
    check_picture_given_back(gnome, "gtk4", clips[1])


def test_restart_shows_no_dialog_and_keeps_the_key(gnome: GnomeDesk, clips: list[Clip]) -> None:
    with gnome.open("gtk4") as window:
        gnome.restart()
        assert [one["title"] for one in gnome.windows()] == [window.title]
        check_dictation(gnome, window, clips[1])


def test_key_removed_meanwhile_is_not_asked_for_at_the_start(gnome: GnomeDesk) -> None:
    gnome.quit()
    gnome.set(*GIVEN_KEYS, NO_KEYS)
    gnome.start()
    until(
        lambda: str(gnome.status().get("note")).startswith("Your desktop gave Intone no talk key."),
        lambda: f"the missing key is said; {gnome.status()}, {gnome.windows()}",
        BUSY_S,
    )
    assert not gnome.windows()
    gnome.quit()
    gnome.set(*GIVEN_KEYS, KEY_F9)
    gnome.start()
    gnome.wait_ready()


def test_gnome_layout_is_the_language_at_the_press(gnome: GnomeDesk) -> None:
    check_languages_by_layout(gnome)
