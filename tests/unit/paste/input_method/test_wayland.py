"""The input method of a compositor: which field it gets, what it reports of it, and what goes into it, once."""

from __future__ import annotations

import asyncio
import os
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.types import Target
from desktop.paste.field import FocusedFieldReader
from desktop.paste.input_method import wayland, wayland_restorer
from desktop.paste.input_method.committer import commit_text
from desktop.paste.input_method.composition_guard import HIDDEN, SHOWN
from desktop.paste.input_method.interface import FieldLostError, FieldTraits, InputContext, SurroundingText
from desktop.paste.input_method.receipt import is_inserted
from desktop.paste.input_method.wayland import WaylandInputMethod, find_input_method
from desktop.paste.input_method.wayland_messages import parse_surrounding, read_traits
from desktop.paste.wayland.focus import FocusedWindow
from desktop.paste.wayland.focus_reader import FocusReader
from tests.support.fake_compositor import GLOBALS, PLAIN, PROGRAM_S, FakeCompositor, FakeField, fake_compositor

LONG_S = 1000.0
"""What is not waited for."""

TERMINAL, PASSWORD = (0, 13), (192, 8)

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def connected(environ: dict[str, str]) -> AsyncIterator[WaylandInputMethod]:
    method = WaylandInputMethod(environ)
    method.start(asyncio.get_running_loop())
    try:
        yield method
    finally:
        method.close()


@asynccontextmanager
async def input_method(folder: Path) -> AsyncIterator[tuple[WaylandInputMethod, FakeCompositor]]:
    async with fake_compositor(folder) as (compositor, environ), connected(environ) as method:
        yield method, compositor


async def wait_for_proof(context: InputContext, before: SurroundingText | None, text: str) -> None:
    with anyio.fail_after(5):
        while not is_inserted(before, context.surrounding, text):
            await context.wait_for_change()


def told(text: bytes, cursor: int, anchor: int) -> bytes:
    """The arguments of a surrounding text."""
    data = text + b"\0"
    return struct.pack("=I", len(data)) + data + bytes(-len(data) % 4) + struct.pack("=II", cursor, anchor)


@pytest.mark.parametrize(
    ("hints", "purpose", "traits"),
    [
        (0, 0, FieldTraits()),
        (0x207, 0, FieldTraits()),
        (0xC0, 8, FieldTraits(is_password=True, is_private=True)),
        (0x40, 0, FieldTraits(is_password=True)),
        (0, 9, FieldTraits(is_password=True)),
        (0x80, 0, FieldTraits(is_private=True)),
        (0, 13, FieldTraits(is_terminal=True)),
    ],
)
def test_traits_are_by_hints_and_purpose(hints: int, purpose: int, traits: FieldTraits) -> None:
    assert read_traits(hints, purpose) == traits


@pytest.mark.parametrize(
    ("text", "cursor", "anchor", "surrounding"),
    [
        (b"", 0, 0, ("", "", "")),
        ("añb".encode(), 3, 3, ("añ", "", "b")),
        ("a👍b".encode(), 5, 1, ("a", "👍", "b")),
        ("a👍b".encode(), 3, 3, ("a", "", "👍b")),
        (b"abc", 99, 2**32 - 1, ("abc", "", "")),
        ("é👍".encode()[1:-1], 1, 1, ("", "", "")),
    ],
    ids=["empty", "letters", "selection", "within a character", "behind the end", "cut"],
)
def test_surrounding_text_has_offsets_in_bytes(
    text: bytes, cursor: int, anchor: int, surrounding: tuple[str, str, str]
) -> None:
    found = parse_surrounding(told(text, cursor, anchor))
    assert (found.before, found.selected, found.after) == surrounding


@given(st.text(), st.text(), st.integers(0, 2**32 - 1))
def test_surrounding_text_is_whole_whatever_the_cursor(before: str, after: str, wild: int) -> None:
    before, after = (text.encode(errors="ignore").decode().replace("\0", "") for text in (before, after))
    at = len(before.encode())
    found = parse_surrounding(told((before + after).encode(), at, at))
    assert (found.before, found.after) == (before, after)
    assert parse_surrounding(told((before + after).encode(), wild, at)).text == before + after


@pytest.mark.parametrize("halves", [0, 1, 2])
@pytest.mark.parametrize("kind", [PASSWORD, (0x40, 0), (0, 9), (0x80, 0), TERMINAL])
async def test_field_is_known_when_it_is_had(tmp_path: Path, halves: int, kind: tuple[int, int]) -> None:
    async with input_method(tmp_path) as (method, compositor):
        compositor.halves, compositor.field = halves, FakeField(kind, "Hello")
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None
            assert context.traits == read_traits(*kind)
            assert context.surrounding == SurroundingText("Hello", 5, 5)
            assert compositor.destroyed == 0
        async with method.acquire("editor", LONG_S):
            assert compositor.destroyed == 1, "the user's input method could be there between"
    assert compositor.bound == 2


async def test_second_caller_shares_the_field(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor), method.acquire("editor", LONG_S) as first:
        async with method.acquire("editor", LONG_S) as second:
            assert second is first
        assert compositor.destroyed == 0
        assert first is not None
        await first.commit("One.")
    assert (compositor.commits, compositor.bound) == (["One."], 1)


async def test_program_without_an_answer_is_waited_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wayland, "SILENT_TIMEOUT_S", 0.001)
    async with input_method(tmp_path) as (method, compositor):
        compositor.field = None
        async with method.acquire("game", 0.001) as context:
            assert context is None
        with anyio.fail_after(5):
            async with method.acquire("game", 0.001) as context:
                assert context is None, "it was silent for as long"
        asyncio.get_running_loop().call_later(0.05, compositor.focus, FakeField())
        async with method.acquire("game", LONG_S) as context:
            assert context is not None, "it was never waited for so long"
        compositor.field = None
        asyncio.get_running_loop().call_later(0.05, compositor.focus, FakeField())
        async with method.acquire("game", LONG_S) as context:
            assert context is not None, "another window had the focus meanwhile"


async def test_users_input_method_is_left_alone(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor):
        compositor.is_taken = True
        async with method.acquire("editor", LONG_S) as context:
            assert context is None
        assert not method.is_available
        compositor.is_taken = False
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None
        assert method.is_available


@pytest.mark.parametrize("tells", ["always", "late"])
async def test_commit_is_proven_by_text_around_cursor(tmp_path: Path, tells: str) -> None:
    async with input_method(tmp_path) as (method, compositor):
        field = compositor.field = FakeField(text="Hi. ", tells=tells)
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None
            before = context.surrounding
            await context.commit("Süße 👍")
            await wait_for_proof(context, before, "Süße 👍")
    assert (field.text, compositor.dropped) == ("Hi. Süße 👍", 0)


async def test_empty_field_is_known_of_program_that_told_of_text(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor):
        compositor.field = FakeField(tells="some")
        async with method.acquire("qt", LONG_S) as context:
            assert context is not None
            assert context.surrounding is None
            assert await context.commit("One.") == SurroundingText("", 0, 0)
            assert context.surrounding == SurroundingText("One.", 4, 4)
        field = compositor.field = FakeField(tells="some")
        async with method.acquire("qt", LONG_S) as context:
            assert context is not None
            assert context.surrounding == SurroundingText("", 0, 0)
            before = context.surrounding
            await context.commit("Two.")
            await wait_for_proof(context, before, "Two.")
    assert field.text == "Two."


async def test_commit_that_was_dropped_goes_out_again(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor):
        field = compositor.field = FakeField(text="Hi. ")
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None
            before = context.surrounding
            news = [compositor.tell]
            compositor.on_commit = lambda: news.pop()() if news else None
            await context.commit("One.")
            await wait_for_proof(context, before, "One.")
    assert (field.text, compositor.dropped) == ("Hi. One.", 1)


@pytest.mark.parametrize("globals", [GLOBALS, GLOBALS[:2]], ids=["wlroots", "other"])
async def test_silent_field_gets_its_text_once_whatever_is_told_meanwhile(
    tmp_path: Path, globals: tuple[str, ...]
) -> None:
    async with fake_compositor(tmp_path) as (compositor, environ):
        compositor.globals = globals
        async with connected(environ) as method:
            field = compositor.field = FakeField(TERMINAL, tells="nothing")
            async with method.acquire("foot", LONG_S) as context:
                assert context is not None
                news = [compositor.say_done]
                compositor.on_commit = lambda: news.pop()() if news else None
                await context.commit("One.")
    assert (field.text, compositor.dropped) == ("One.", 1)


async def test_text_that_is_always_dropped_may_go_in_another_way(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor):
        field = compositor.field = FakeField(TERMINAL, tells="nothing")
        async with method.acquire("foot", LONG_S) as context:
            assert context is not None
            compositor.on_commit = compositor.say_done
            with pytest.raises(FieldLostError):
                await commit_text(context, "One.", expect_no_call, None, may_go_below=True)
    assert field.text == ""


def expect_no_call() -> None:
    raise AssertionError("nothing was sent")


@pytest.mark.parametrize("write", [lambda context: context.commit("secret"), lambda context: show_more(context)])
async def test_field_that_becomes_a_password_field_right_then_gets_nothing(
    tmp_path: Path, write: Callable[[InputContext], Awaitable[object]]
) -> None:
    async with input_method(tmp_path) as (method, compositor):
        field = compositor.field = FakeField()
        async with method.acquire("browser", LONG_S) as context:
            assert context is not None

            def hide() -> None:
                compositor.on_sync = lambda: None
                field.kind = PASSWORD
                compositor.tell()

            compositor.on_sync = hide
            with pytest.raises(FieldLostError):
                await write(context)
            assert (field.text, field.composition) == ("", "")
            await context.show_composition("")


async def show_more(context: InputContext) -> None:
    await context.show_composition("secret")


async def test_long_text_stops_where_the_field_becomes_a_password_field(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor):
        field = compositor.field = FakeField()
        async with method.acquire("browser", LONG_S) as context:
            assert context is not None

            def hide() -> None:
                field.kind = PASSWORD

            compositor.on_commit = hide
            with pytest.raises(ConnectionAbortedError):
                await context.commit("word " * 1500)
    assert len(compositor.commits) == 1


async def test_no_connection_while_the_user_wants_none(tmp_path: Path) -> None:
    async with fake_compositor(tmp_path) as (compositor, environ):
        method = WaylandInputMethod(environ)
        method.apply_choice("off")
        method.start(asyncio.get_running_loop())
        for choice, is_had in (("off", False), ("auto", True), ("off", False), ("always", True)):
            method.apply_choice(choice)  # type: ignore[arg-type]
            async with method.acquire("editor", LONG_S) as context:
                assert (context is not None, method.is_available) == (is_had, is_had)
        assert compositor.bound == 2
        method.close()


async def test_window_that_has_lost_its_field_is_not_waited_for_as_long_as_at_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wayland, "FIELD_TIMEOUT_S", 0.001)
    async with input_method(tmp_path) as (method, compositor):
        async with method.acquire("browser", LONG_S) as context:
            assert context is not None
        compositor.field = None
        with anyio.fail_after(5):
            async with method.acquire("browser", LONG_S) as context:
                assert context is None


async def test_focus_that_moves_right_after_the_field_was_had_loses_it(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor):
        compositor.is_early = True
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None
            other = FakeField(text="Other. ")
            compositor.focus(other)
            with pytest.raises(FieldLostError):
                await context.commit("One.")
    assert (other.text, compositor.commits) == ("Other. ", [])


async def test_lost_connection_leaves_nothing_to_be_removed_elsewhere(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor), method.acquire("editor", LONG_S) as context:
        assert context is not None
        await context.show_composition("half")
        assert os.pread(method._guard._file, 1, 0) == SHOWN
        compositor.cut()
        await expect_loss(context)
        assert os.pread(method._guard._file, 1, 0) == HIDDEN


@pytest.mark.parametrize("kind", [PLAIN, PASSWORD, TERMINAL, (0x80, 0)])
@pytest.mark.parametrize("selected", ["", "Other. "])
async def test_process_after_a_crash_spares_fields_that_show_no_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: tuple[int, int], selected: str
) -> None:
    monkeypatch.setattr(wayland_restorer, "ANSWER_S", 0.001)
    async with fake_compositor(tmp_path) as (compositor, environ):
        field = compositor.field = FakeField(kind, "Other. ")
        field.composition, field.selected = "half", selected
        await wayland_restorer.remove_composition(environ)
    may_be_ours = kind == PLAIN and not selected
    assert (field.text, field.composition) == ("Other. ", "" if may_be_ours else "half")


@pytest.mark.parametrize("tells", ["always", "late", "some", "nothing"])
async def test_long_text_is_committed_once_and_in_order(tmp_path: Path, tells: str) -> None:
    text = " ".join(f"wörd{number}👩‍👩‍👧" for number in range(700))
    async with input_method(tmp_path) as (method, compositor):
        field = compositor.field = FakeField(tells=tells)
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None
            await context.commit(text)
    assert field.text == text
    assert len(compositor.commits) > 3


async def test_lost_focus_ends_the_context(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor), method.acquire("editor", LONG_S) as context:
        assert context is not None
        other = FakeField()
        async with asyncio.TaskGroup() as tasks:
            waiting = tasks.create_task(expect_loss(context))
            await asyncio.to_thread(lambda: None)
            compositor.focus(other)
            await waiting
        for write in (context.commit("One."), context.show_composition("One."), context.press_return()):
            with pytest.raises(OSError):
                await write
        async with method.acquire("editor", LONG_S) as second:
            assert second not in (None, context)
    assert (compositor.commits, other.composition) == ([], "")


async def test_field_that_was_there_too_early_is_settled_first(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor):
        field = compositor.field = FakeField(text="Hi. ")
        compositor.is_early = True
        asyncio.get_running_loop().call_later(PROGRAM_S, compositor.focus, field)
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None
            before = context.surrounding
            await context.commit("One.")
            await wait_for_proof(context, before, "One.")
    assert (field.text, compositor.dropped) == ("Hi. One.", 0)


async def test_field_that_is_left_at_the_commit_keeps_the_text_from_the_next(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor):
        other = FakeField()
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None
            compositor.is_early = True
            moves = [lambda: compositor.focus(other)]
            compositor.on_sync = lambda: moves.pop()() if moves else None
            with pytest.raises(OSError):
                await context.commit("One.")
    assert (compositor.commits, other.text) == ([], "")


async def expect_loss(context: InputContext) -> None:
    with anyio.fail_after(5), pytest.raises(ConnectionResetError):
        await context.wait_for_change()


async def test_deletion_is_in_bytes_of_text_that_is_there(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor):
        field = compositor.field = FakeField(text="Hi. Süße 👍")
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None
            await context.delete_before(6)
            with anyio.fail_after(5):
                while context.surrounding != SurroundingText("Hi. ", 4, 4):
                    await context.wait_for_change()
            with pytest.raises(OSError):
                await context.delete_before(5)
    assert (field.text, compositor.deletes) == ("Hi. ", [11])


@pytest.mark.parametrize("selects", [True, False])
async def test_deletion_needs_text_without_selection(tmp_path: Path, selects: bool) -> None:
    async with input_method(tmp_path) as (method, compositor):
        field = compositor.field = FakeField(text="Hello", tells="always" if selects else "nothing")
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None
            if selects:
                compositor.say(2, "Hello", 5, 1)
                compositor.say_done()
                await context.wait_for_change()
            with pytest.raises(OSError):
                await context.delete_before(1)
    assert field.text == "Hello"


async def test_composition_is_shown_replaced_and_removed(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor):
        field = compositor.field = FakeField()
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None
            for text in ("one", "one two", ""):
                await context.show_composition(text)
                assert (field.composition, field.text) == (text, "")
            await context.show_composition("one")
            await context.commit("One.")
            assert (field.composition, field.text) == ("", "One.")


async def test_lost_connection_is_opened_again(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor):
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None
            compositor.cut()
            await expect_loss(context)
        assert not method.is_available
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None, "it is opened at once when it is needed"
        compositor.cut()
        with anyio.fail_after(5):
            while method.is_available:
                await asyncio.to_thread(lambda: None)
            while not method.is_available:
                await asyncio.to_thread(lambda: None)
    assert not method.is_available


async def test_compositor_without_the_interface_has_none(tmp_path: Path) -> None:
    async with fake_compositor(tmp_path) as (compositor, environ):
        assert await asyncio.to_thread(find_input_method, environ) is not None
        compositor.globals = ("wl_seat",)
        assert await asyncio.to_thread(find_input_method, environ) is None
        method = WaylandInputMethod(environ)
        method.start(asyncio.get_running_loop())
        async with method.acquire("editor", LONG_S) as context:
            assert context is None
        assert not method.is_available
        method.close()
    assert find_input_method({"XDG_RUNTIME_DIR": str(tmp_path / "none")}) is None


class Windows(FocusReader):
    """Finds these windows, one after another."""

    def __init__(self, method: WaylandInputMethod, *windows: FocusedWindow) -> None:
        super().__init__({}, FocusedFieldReader(""), method)
        self._windows = [*windows]

    async def _find_window(self) -> FocusedWindow:
        return self._windows.pop(0)


async def test_x_window_is_not_asked_about_whatever_was_found_since(tmp_path: Path) -> None:
    xterm, editor = Target(7, "xterm"), Target(8, "editor")
    async with input_method(tmp_path) as (method, compositor):
        compositor.field = FakeField(PASSWORD)
        reader = Windows(method, FocusedWindow(xterm, x11=True), FocusedWindow(editor))
        for target in (xterm, editor):
            assert (await reader.find_focused_window()).target == target
        assert await reader.find_traits(xterm) is None
        assert await reader.find_traits(editor) == read_traits(*PASSWORD)
        compositor.field = FakeField()
        assert await reader.find_traits(editor) == FieldTraits()
        compositor.is_taken = True
        assert await reader.find_traits(editor) is None
