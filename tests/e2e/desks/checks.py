"""What holds on every desktop: a dictation is in the window, once and whole; the clipboard, the focus and the pill."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from tests.conftest import Clip
from tests.support.desk import BUSY_S, until
from tests.support.desks.input_method import by_clipboard
from tests.support.desks.layouts import layout_hands, switch_and_press
from tests.support.desks.pictures import NOISE_BYTES, png_of_noise
from tests.support.desks.session import DesktopSession
from tests.support.desks.windows import DeskWindow
from tests.support.words import error_rate

SENT = ("inserted", "unconfirmed")
"""How a dictation ends that reached a window; some desktops do not tell which one read the clipboard."""

MISHEARD = 0.3
"""How much of a sentence may be heard wrongly, two words of the shortest: the desk is tested here, not the recognizer,
for which `ill-disposed` is a near tie."""

LAYOUT_SEED, SWITCHES = 2, 4

MINE = "mine, and ü 你".encode()

PICTURE = png_of_noise(Random(7).randbytes(NOISE_BYTES))


def check_row(row: dict[str, Any], clip: Clip) -> None:
    """A dictation of `clip` reached a window and was heard."""
    assert row["delivery"] in SENT, row
    assert error_rate(clip.text, row["text"]) <= MISHEARD, f"{clip.text} -> {row['text']}"


def check_dictation(
    desk: DesktopSession, window: DeskWindow, clip: Clip, look: Callable[[], object] = lambda: None
) -> dict[str, Any]:
    """Dictate into the window, which keeps the focus and gets the text once; return the dictation's row."""
    held = window.text()
    row = desk.dictate(clip.path, look)
    check_row(row, clip)

    def is_there() -> bool:
        return window.text().startswith(held) and window.text().removeprefix(held).strip() == row["text"]

    until(is_there, lambda: f"{row['text']!r} is in {window.title}, not {window.text()!r}; {row}", BUSY_S)
    assert desk.focused_title() == window.title
    return row


def check_text_in_window(desk: DesktopSession, kind: str, clip: Clip) -> dict[str, Any]:
    """Dictate into a new window, with a text on the clipboard that is given back; return the dictation's row."""
    with desk.open(kind) as window:
        desk.copy(MINE)
        row = check_dictation(desk, window, clip)
        until(lambda: desk.clipboard() == MINE, lambda: f"the text is given back, not {desk.clipboard()!r}", BUSY_S)
        assert window.text() == row["text"]
    return row


def check_picture_given_back(desk: DesktopSession, kind: str, clip: Clip) -> None:
    """Dictate by the clipboard with a picture on it, which is there again afterwards, byte for byte."""
    with by_clipboard(desk), desk.open(kind) as window:
        desk.copy(PICTURE, "image/png")
        check_dictation(desk, window, clip)
        until(
            lambda: desk.clipboard("image/png") == PICTURE,
            lambda: f"the picture is given back, not {len(desk.clipboard('image/png'))} bytes",
            BUSY_S,
        )


def check_pill_without_focus(desk: DesktopSession, kind: str, clip: Clip) -> Sequence[Any]:
    """Dictate while one pill is seen and the window has the focus; return the pill, as the desktop tells of it."""
    pills: list[Any] = []
    with desk.open(kind) as window:

        def look() -> None:
            until(desk.pills, "the pill is seen", BUSY_S)
            pills.extend(desk.pills())
            assert desk.focused_title() == window.title

        check_dictation(desk, window, clip, look)
    assert len(pills) == 1, pills
    return pills


def check_password_refused(
    desk: DesktopSession, kind: str, clip: Clip, extra: Mapping[str, str] | None = None, *, is_window_known: bool = True
) -> None:
    """Dictate into a password field: it gets nothing, nothing is kept, and the clipboard is as it was.

    `extra` is added to the environment of the window's program. What is said to a window that is not known is kept,
    since it may be another one.
    """
    with desk.open(kind, "password", extra) as window:
        desk.copy(MINE)
        row = desk.dictate(clip.path)
        assert row["delivery"] == "refused"
        if is_window_known:
            assert (row["raw_text"], row["text"], row["audio_path"]) == ("", "", None)
        else:
            assert row["text"] != ""
        assert (window.text(), desk.clipboard()) == ("", MINE)


def check_languages_by_layout(desk: DesktopSession) -> None:
    """Switch the keyboard's layout some times, by the desktop's key or menu: the press has that layout's language."""
    with layout_hands(desk) as hands:
        takes = switch_and_press(desk, hands, LAYOUT_SEED, SWITCHES)
    assert [take["found"] for take in takes] == [take["wanted"] for take in takes]


def check_restart(desk: DesktopSession, kind: str, clip: Clip) -> None:
    """Start the app anew while a window has the focus, and dictate into that."""
    with desk.open(kind) as window:
        desk.restart()
        check_dictation(desk, window, clip)
