"""The input method on real compositors, with programs of every toolkit: what they tell, and what they are given."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from desktop.paste.input_method.committer import delete_text
from desktop.paste.input_method.interface import FieldTraits, SurroundingText
from desktop.paste.input_method.wayland import WaylandInputMethod
from tests.support.desk import until
from tests.support.input_method_windows import (
    PATIENCE_S,
    STILL_S,
    TOOLKITS,
    acquired,
    input_method_on,
    is_proven,
    open_field,
    settled_picture,
    wait_for_picture,
    wait_for_text,
)
from tests.support.wayland_desk import LabwcWindowsDesk, WaylandDesk

WORDS = "Süße é ñ 日本語 العربية 👩‍👩‍👧 👍🏽 🇨🇭 e\u0301 end. "
LINES = "First line.\nSecond line.\n\nThe last line. "
LONG = "\n".join(" ".join(f"wörd{number}" for number in range(at, at + 10)) for at in range(0, 1_250, 10))
"""10,000 characters in lines: the windows are as wide as the longest one."""

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module", params=[WaylandDesk, LabwcWindowsDesk], ids=["sway", "labwc"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WaylandDesk]:
    with request.param(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


@pytest.mark.parametrize("toolkit", TOOLKITS)
async def test_texts_arrive_once_whole_and_proven(desk: WaylandDesk, tmp_path: Path, toolkit: str) -> None:
    with open_field(desk, tmp_path, toolkit) as window:
        written = ""
        async with input_method_on(desk) as method:
            for text in ("Hello. ", WORDS, LINES, LONG):
                async with acquired(method, toolkit) as context:
                    assert context.traits == FieldTraits()
                    before = await context.commit(text)
                    assert await is_proven(context, before, text)
                written += text
                await wait_for_text(window, written)


async def test_terminal_is_known_and_gets_its_text(desk: WaylandDesk, tmp_path: Path) -> None:
    with open_field(desk, tmp_path, "foot") as window:
        async with input_method_on(desk) as method, acquired(method, "foot") as context:
            assert (context.traits, context.surrounding) == (FieldTraits(is_terminal=True), None)
            await context.commit(WORDS)
            await wait_for_text(window, WORDS)
            await context.commit(LONG)
            await wait_for_text(window, WORDS + LONG)


@pytest.mark.parametrize("toolkit", TOOLKITS)
async def test_password_field_is_known(desk: WaylandDesk, tmp_path: Path, toolkit: str) -> None:
    with open_field(desk, tmp_path, toolkit, "password"):
        async with input_method_on(desk) as method, acquired(method, toolkit) as context:
            assert context.traits.is_password


@pytest.mark.parametrize("toolkit", TOOLKITS)
async def test_text_is_deleted_to_the_character(desk: WaylandDesk, tmp_path: Path, toolkit: str) -> None:
    with open_field(desk, tmp_path, toolkit) as window:
        async with input_method_on(desk) as method:
            async with acquired(method, toolkit) as context:
                await context.commit("Grüße. Süße 👍🏽")
                await wait_for_text(window, "Grüße. Süße 👍🏽")
            async with acquired(method, toolkit) as context:
                with anyio.fail_after(PATIENCE_S):
                    while context.surrounding is None or context.surrounding.before != "Grüße. Süße 👍🏽":
                        await context.wait_for_change()
                left = await delete_text(context, "Süße 👍🏽")
                assert isinstance(left, SurroundingText), left.code
                assert left.before == "Grüße. "
                await wait_for_text(window, "Grüße. ")
                await context.commit("Küsse.")
                await wait_for_text(window, "Grüße. Küsse.")


@pytest.mark.parametrize("toolkit", TOOLKITS)
async def test_composition_is_shown_and_replaced_by_the_text(desk: WaylandDesk, tmp_path: Path, toolkit: str) -> None:
    with open_field(desk, tmp_path, toolkit) as window:
        async with input_method_on(desk) as method, acquired(method, toolkit) as context:
            empty = await settled_picture(desk, STILL_S)
            await context.show_composition("helo wor")
            await wait_for_picture(desk, empty, is_same=False)
            shown = await settled_picture(desk)
            await context.show_composition("hello world and all")
            await wait_for_picture(desk, shown, is_same=False)
            await context.commit("Hello, world. ")
            await wait_for_text(window, "Hello, world. ")
            committed = await settled_picture(desk)
            await context.show_composition("again and again")
            await wait_for_picture(desk, committed, is_same=False)
            await context.show_composition("")
            await wait_for_picture(desk, committed)
            await context.show_composition("again and again")
            await wait_for_picture(desk, committed, is_same=False)
        await wait_for_picture(desk, committed)
        assert window.text() == "Hello, world. "


COMPOSE = """
import asyncio, os, sys
from pathlib import Path
from desktop.paste.input_method.wayland import WaylandInputMethod
async def compose():
    method = WaylandInputMethod(os.environ)
    method.start(asyncio.get_running_loop())
    async with method.acquire("field", 10.0) as context:
        await context.show_composition("half a word and more")
        print(*(file.read_text() for file in Path("/proc/self/task").glob("*/children")), flush=True)
        await asyncio.get_running_loop().create_future()
asyncio.run(compose())
"""


def is_running(pid: int) -> bool:
    """Whether a process runs; its parent may not have noticed its end."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(") ")[2][0] != "Z"


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("toolkit", TOOLKITS)
async def test_nothing_is_left_of_composition_of_killed_app(
    desk: WaylandDesk, tmp_path: Path, toolkit: str, end: signal.Signals
) -> None:
    with open_field(desk, tmp_path, toolkit) as window:
        empty = await settled_picture(desk, STILL_S)
        words = [sys.executable, "-c", COMPOSE]
        with desk.spawn(*words, stdout=subprocess.PIPE) as app:
            assert app.stdout is not None
            restorer = int(await asyncio.to_thread(app.stdout.readline))
            await wait_for_picture(desk, empty, is_same=False)
            app.send_signal(end)
        await asyncio.to_thread(until, lambda: not is_running(restorer), "the process that restores has ended")
        await wait_for_picture(desk, empty)
        await wait_for_text(window, "")


async def test_return_is_pressed_in_the_field(desk: WaylandDesk, tmp_path: Path) -> None:
    with open_field(desk, tmp_path, "gtk4") as window:
        async with input_method_on(desk) as method:
            async with acquired(method, "gtk4") as context:
                await context.commit("One.")
                assert await context.press_return()
                await wait_for_text(window, "One.\n")
            async with acquired(method, "gtk4") as context:
                await context.commit("Two.")
            await wait_for_text(window, "One.\nTwo.")


async def test_other_window_ends_the_context(desk: WaylandDesk, tmp_path: Path) -> None:
    with open_field(desk, tmp_path, "gtk4") as window:
        async with input_method_on(desk) as method, acquired(method, "gtk4") as context:
            await context.show_composition("half")
            with await asyncio.to_thread(open_field(desk, tmp_path, "qt").__enter__) as other:
                with anyio.fail_after(PATIENCE_S), pytest.raises(OSError):
                    await context.wait_for_change()
                with pytest.raises(OSError):
                    await context.commit("One.")
                assert (window.text(), other.text()) == ("", "")


async def test_second_connection_gets_nothing_while_the_first_has_it(desk: WaylandDesk, tmp_path: Path) -> None:
    with open_field(desk, tmp_path, "gtk4") as window:
        async with input_method_on(desk) as theirs, input_method_on(desk) as ours:
            async with acquired(theirs, "gtk4") as context:
                with anyio.fail_after(PATIENCE_S / 2):
                    async with ours.acquire("gtk4", PATIENCE_S) as second:
                        assert second is None
                assert (theirs.is_available, ours.is_available) == (True, False)
                await context.commit("One.")
                await wait_for_text(window, "One.")
            async with acquired(ours, "gtk4") as context:
                assert context.surrounding == SurroundingText("One.", 4, 4)
            assert ours.is_available


async def test_desk_without_a_window_has_no_field(desk: WaylandDesk) -> None:
    async with input_method_on(desk) as method, method.acquire("nothing", 0.1) as context:
        assert context is None
    until(lambda: not desk.focused().get("pid"), "there is none")
    assert not WaylandInputMethod(desk.environ).is_available
