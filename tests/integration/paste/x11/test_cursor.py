"""The cursor within what was inserted, and the clipboard that a snippet wants: real programs on a real X server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from desktop.core.chords import PasteChord, PasteShortcut
from desktop.core.types import Outcome, PasteResult
from desktop.paste.apps import PasteRule
from desktop.paste.x11.after_paste import CURSOR_NOT_MOVED, can_move_cursor
from tests.support.editor_desk import gtk, nothing, qt, tap
from tests.support.paste_desk import Desk, desk_on
from tests.support.x_clients import PATIENCE_S, Hand, Owner, program, read_file, xclip

LETTER_X = 53
LINES = "\nné 日本 👍 e\u0301,\nyours"

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def slow_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an editor take its time for its reads and to copy: beside other tests it is slow."""
    monkeypatch.setattr("desktop.paste.outcome.QUIET_S", 1.0)
    monkeypatch.setattr("desktop.paste.x11.paste_state.QUIET_S", 1.0)
    monkeypatch.setattr("desktop.paste.x11.undo.COPY_TIMEOUT_S", PATIENCE_S)


@pytest.fixture
async def desk(display: str) -> AsyncIterator[Desk]:
    async with desk_on(display) as desk:
        yield desk


async def around(desk: Desk, before: str, after: str, enter: bool = False) -> PasteResult:
    return await desk.paster.paste_around(before, after, await desk.target(), nothing, enter)


@pytest.mark.parametrize("editor", [gtk, qt])
async def test_cursor_next_text_goes_there_and_all_undone(
    display: str, desk: Desk, hand: Hand, tmp_path: Path, editor: Callable[..., object]
) -> None:
    with editor(display, tmp_path, hand) as read:  # type: ignore[attr-defined]
        assert await around(desk, "Dear ", LINES) == PasteResult(Outcome.INSERTED)
        assert await desk.paste("Ada") == PasteResult(Outcome.INSERTED)
        assert read(f"Dear Ada{LINES}") == f"Dear Ada{LINES}"
        assert await desk.paster.undo_paste((), nothing) == PasteResult(Outcome.CANCELLED)
        assert read(f"Dear {LINES}") == f"Dear {LINES}"


@pytest.mark.parametrize("editor", [gtk, qt])
async def test_cursor_text_around_it_is_undone_whole(
    display: str, desk: Desk, hand: Hand, tmp_path: Path, editor: Callable[..., object]
) -> None:
    with editor(display, tmp_path, hand) as read:  # type: ignore[attr-defined]
        assert await around(desk, "Dear ", LINES) == PasteResult(Outcome.INSERTED)
        assert await desk.paster.undo_paste((), nothing) == PasteResult(Outcome.CANCELLED)
        assert await desk.paste("Done.") == PasteResult(Outcome.INSERTED)
        assert read("Done.") == "Done."


async def test_cursor_refused_undo_leaves_cursor_in_place(display: str, desk: Desk, hand: Hand, tmp_path: Path) -> None:
    with qt(display, tmp_path, hand) as read:
        await around(desk, "Dear ", ", yours")
        tap(hand, LETTER_X)
        assert read("Dear x, yours") == "Dear x, yours"
        assert (await desk.paster.undo_paste((), nothing)).outcome is Outcome.REFUSED
        tap(hand, LETTER_X)
        assert read("Dear xx, yours") == "Dear xx, yours"


async def test_cursor_terminal_no_arrow_pressed_and_noted(display: str, desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "xterm.txt"
    with program(display, "shell", "xterm", "-u8", "-T", "shell", "-e", f"stty -icanon -echo; cat > {path}"):
        assert await around(desk, "git ", "push") == PasteResult(Outcome.INSERTED, (CURSOR_NOT_MOVED,))
        assert read_file(path, lambda text: text == "git push") == "git push"


async def test_what_is_sent_at_once_needs_no_cursor(display: str, desk: Desk, hand: Hand, tmp_path: Path) -> None:
    with qt(display, tmp_path, hand) as read:
        assert await around(desk, "Dear ", ", yours", enter=True) == PasteResult(Outcome.INSERTED)
        assert read("Dear , yours\n") == "Dear , yours\n"


def test_cursor_no_arrow_where_it_may_act_otherwise() -> None:
    plain = PasteChord(PasteShortcut.CTRL_V, ())
    assert can_move_cursor(PasteRule(), plain, "yours")
    assert not can_move_cursor(PasteRule(), plain, "x" * 3000)
    assert not can_move_cursor(PasteRule(lines="bracketed"), plain, "yours")
    assert not can_move_cursor(PasteRule(reads="early"), plain, "yours")
    assert not can_move_cursor(PasteRule(), PasteChord(PasteShortcut.SHIFT_INSERT, ()), "yours")


async def test_clipboard_during_paste_is_the_earlier_one(display: str, desk: Desk, hand: Hand, tmp_path: Path) -> None:
    with Owner(display, {"UTF8_STRING": "kopiert 日本".encode()}):
        assert await desk.paster.read_clipboard() == "kopiert 日本"
        with qt(display, tmp_path, hand):
            await desk.paste("Hello.")
            assert await desk.paster.read_clipboard() == "kopiert 日本"
    assert xclip(display) == "kopiert 日本".encode()


async def test_clipboard_of_password_manager_is_none(display: str, desk: Desk) -> None:
    with Owner(display, {"UTF8_STRING": b"hunter2", "x-kde-passwordManagerHint": b"secret"}):
        assert await desk.paster.read_clipboard() is None
