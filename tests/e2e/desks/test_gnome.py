"""The app on GNOME Shell: its first run, in which the desktop is asked for a key and for pasting; then dictations.

The tests are one user's session, in this order.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from time import monotonic

import pytest

from tests.conftest import Clip
from tests.support.desk import until
from tests.support.desks.account import Account
from tests.support.desks.gnome import (
    ACCESSIBILITY,
    CTRL_L,
    F9,
    GIVEN_KEYS,
    KEY_DIALOG,
    KEY_F9,
    LETTER_A,
    LETTER_C,
    NO_KEYS,
    RETURN,
    SPACE,
    TAB,
    GnomeDesk,
    missing,
)
from tests.support.desks.windows import DeskWindow
from tests.support.words import error_rate

PAGES = ("Say something", "What turns", "A key to talk")

SENT = ("inserted", "unconfirmed")
"""How a dictation ends that reached a window: GNOME does not tell which one read the clipboard."""

MISHEARD = 0.3
"""How much of a sentence may be heard wrongly: the desk is tested here, not the recognizer."""

PICTURE = Random(7).randbytes(200_000)
"""What a picture on the clipboard is for those who only hand it on."""


@pytest.fixture(scope="module")
def gnome(account: Account) -> Iterator[GnomeDesk]:
    """A desk on which Intone begins with its first run."""
    lacking = missing()
    if lacking:
        pytest.skip(f"GNOME is not installed here: there is no {', '.join(lacking)}")
    with GnomeDesk(account, new=True) as desk:
        desk.start()
        yield desk


def wait_title(desk: GnomeDesk, title: str, timeout_s: float = 30) -> None:
    """Wait until a window whose title begins so has the focus."""
    until(lambda: desk.focused_title().startswith(title), lambda: f"{title} is seen; {desk.windows()}", timeout_s)


def speak(desk: GnomeDesk, clip: Clip) -> float:
    """Hold the key, wait until Intone listens, speak, let go; return when."""
    desk.key(F9, down=True)
    try:
        desk.wait_state("listening")
        desk.sound.play(clip.path)
    finally:
        desk.key(F9, down=False)
    return monotonic()


def dictate(desk: GnomeDesk, window: DeskWindow, clip: Clip) -> str:
    """Dictate into the window, and return its text once the dictation is in the history, whole."""
    before, held = len(desk.history()), window.text()
    speak(desk, clip)
    window.wait("text", lambda text: text != held)
    row = desk.wait_rows(before + 1)[0]
    assert (row["delivery"] in SENT, error_rate(clip.text, row["text"]) <= MISHEARD) == (True, True), row["text"]
    assert window.text().removeprefix(held).strip() == row["text"]
    return window.text()


def test_first_run_asks_for_the_key_and_for_pasting(gnome: GnomeDesk, clips: list[Clip]) -> None:
    wait_title(gnome, "Speak instead of typing", 60)
    for page in PAGES:
        gnome.tap(RETURN)
        wait_title(gnome, page)
    assert len(gnome.windows()) == 1, "a dialog came unasked"
    gnome.tap(TAB)
    gnome.tap(SPACE)
    wait_title(gnome, KEY_DIALOG)
    assert gnome.status()["note"].startswith("Your desktop is asking for the talk key.")
    gnome.agree_to_key()
    wait_title(gnome, "Hold this key to talk")
    gnome.tap(SPACE)  # the next button, which got the focus
    gnome.agree_to_remote_desktop()
    gnome.wait_ready()
    wait_title(gnome, "Hold this key to talk")
    gnome.tap(SPACE)  # the button that continues, which got it then
    wait_title(gnome, "Your first sentence")
    speak(gnome, clips[0])
    (row,) = gnome.wait_rows(1)
    assert (row["delivery"], error_rate(clips[0].text, row["text"]) <= MISHEARD) == ("inserted", True)
    for letter in (LETTER_A, LETTER_C):
        gnome.tap(CTRL_L, letter)
    until(
        lambda: gnome.clipboard("UTF8_STRING").decode() == row["text"], "the sentence is in the box, and nothing else"
    )
    gnome.tap(TAB)
    gnome.tap(RETURN)
    wait_title(gnome, "What is kept")
    gnome.tap(RETURN)
    until(lambda: not gnome.windows(), lambda: f"no window is left; {gnome.windows()}")


@pytest.mark.parametrize("kind", ["gtk4", "gtk3", "qt", "chromium", "console"])
def test_key_held_puts_text_in_the_window(gnome: GnomeDesk, clips: list[Clip], kind: str) -> None:
    with gnome.open(kind) as window:
        dictate(gnome, window, clips[0])
        dictate(gnome, window, clips[1])


@pytest.mark.parametrize(
    ("kind", "accessibility"),
    [
        ("gtk4", "false"),
        ("gtk3", "false"),
        ("gtk4", "true"),
        ("gtk3", "true"),
        ("qt", "true"),
        ("chromium", "false"),
        ("chromium", "true"),
    ],
)
def test_password_field_gets_nothing(gnome: GnomeDesk, clips: list[Clip], kind: str, accessibility: str) -> None:
    gnome.set(*ACCESSIBILITY, accessibility)
    before = len(gnome.history())
    try:
        with gnome.open(kind, "password", {"GNOME_ACCESSIBILITY": "1"} if kind == "chromium" else None) as window:
            speak(gnome, clips[2])
            row = gnome.wait_rows(before + 1)[0]
            assert (row["delivery"], window.text()) == ("refused", "")
    finally:
        gnome.set(*ACCESSIBILITY, "false")


def test_pill_is_seen_and_takes_no_focus(gnome: GnomeDesk, clips: list[Clip]) -> None:
    with gnome.open("gtk4") as window:
        gnome.key(F9, down=True)
        gnome.wait_state("listening")
        player = gnome.sound.play(clips[0].path, wait=False)
        try:
            until(lambda: "Intone" in [one["class"] for one in gnome.windows()], "the pill is seen")
            assert gnome.focused_title() == window.title
            assert player.wait(timeout=60) == 0
        finally:
            gnome.key(F9, down=False)
        window.wait("text")


def test_picture_on_the_clipboard_is_given_back(gnome: GnomeDesk, clips: list[Clip]) -> None:
    def has_picture() -> bool:
        return gnome.clipboard("image/png") == PICTURE

    gnome.copy(PICTURE, "image/png")
    until(has_picture, "the picture is on the clipboard")
    with gnome.open("gtk4") as window:
        dictate(gnome, window, clips[0])
        until(has_picture, lambda: f"it is there again, not {len(gnome.clipboard('image/png'))} bytes")


def quit_intone(desk: GnomeDesk) -> None:
    desk.intone("quit")
    assert desk.app is not None
    desk.app.wait(timeout=20)


def test_restart_shows_no_dialog_and_keeps_the_key(gnome: GnomeDesk, clips: list[Clip]) -> None:
    with gnome.open("gtk4") as window:
        quit_intone(gnome)
        gnome.start()
        gnome.wait_ready()
        assert [one["title"] for one in gnome.windows()] == [window.title]
        dictate(gnome, window, clips[0])


def test_key_removed_meanwhile_is_not_asked_for_at_the_start(gnome: GnomeDesk) -> None:
    quit_intone(gnome)
    gnome.set(*GIVEN_KEYS, NO_KEYS)
    gnome.start()
    until(
        lambda: str(gnome.status().get("note")).startswith("Your desktop gave Intone no talk key."),
        lambda: f"the missing key is said; {gnome.status()}, {gnome.windows()}",
    )
    assert not gnome.windows()
    quit_intone(gnome)
    gnome.set(*GIVEN_KEYS, KEY_F9)
    gnome.start()
    gnome.wait_ready()
