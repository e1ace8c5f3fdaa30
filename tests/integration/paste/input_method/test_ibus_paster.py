"""Texts that go in by IBus at a real daemon, into real windows of GTK and Qt, and are taken out again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import anyio
import pytest

from desktop.core.interfaces import PasterCapability, UserActivity
from desktop.core.types import Outcome, PasteResult
from desktop.paste.input_method import committer
from desktop.paste.input_method.ibus.method import IBusInputMethod
from desktop.paste.input_method.paster import InputMethodPaster
from desktop.paste.input_method.route import CommitRoute
from desktop.paste.x11.paster import X11Paster
from tests.support.desk import BUSY_S
from tests.support.desks.windows import DeskWindow
from tests.support.ibus import LATIN, TOOLKITS, IBusDesk
from tests.support.ibus_checks import wait_text
from tests.support.x_clients import Owner

INSERTED = PasteResult(Outcome.INSERTED)
POLL_S = 0.05

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),  # the restorer outlives its app
]


class KeylessPaster(X11Paster):
    """A paster below that can no more than that of Wayland, so that all is done by the input method."""

    capabilities = PasterCapability(0)
    is_input_known = False


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IBusDesk]:
    with IBusDesk(tmp_path_factory.mktemp("ibus")) as desk:
        yield desk


@pytest.fixture(autouse=True)
def patience(desk: IBusDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with a plain keyboard, and wait longer for a report, on a busy machine."""
    desk.choose(LATIN)
    monkeypatch.setattr(committer, "RECEIPT_TIMEOUT_S", 2.0)


@asynccontextmanager
async def paster_on(desk: IBusDesk) -> AsyncIterator[InputMethodPaster]:
    method, connected, activity = IBusInputMethod(desk.environ), anyio.Event(), UserActivity()
    method.apply_choice("always")
    route = CommitRoute(method, lambda app: False)
    below = KeylessPaster(desk.environ["DISPLAY"], activity, may_prefetch=route.may_prefetch)
    paster = InputMethodPaster(below, route, activity, lambda is_used: connected.set())
    paster.start(asyncio.get_running_loop())
    try:
        with anyio.fail_after(BUSY_S):
            await connected.wait()
            for _ in range(round(BUSY_S / POLL_S)):  # a window has the focus before its field is the daemon's
                if await has_field(route, paster):
                    break
                await anyio.sleep(POLL_S)
        yield paster
    finally:
        paster.close()


async def has_field(route: CommitRoute, paster: InputMethodPaster) -> bool:
    async with route.open_field(await paster.find_target()) as context:
        return context is not None


async def paste(paster: InputMethodPaster, text: str) -> PasteResult:
    return await paster.paste(text, await paster.find_target(), lambda: None)


async def holds(window: DeskWindow, text: str) -> None:
    await anyio.to_thread.run_sync(wait_text, window, text)


@pytest.mark.parametrize("toolkit", TOOLKITS)
async def test_texts_are_joined_swapped_and_taken_back(desk: IBusDesk, toolkit: str) -> None:
    with desk.window(toolkit) as window, Owner(desk.environ["DISPLAY"], {"UTF8_STRING": b"mine"}) as owner:
        async with paster_on(desk) as paster:
            assert await paste(paster, "Send the notes.") == INSERTED
            assert await paste(paster, "The rest, thanks 👍🏽.") == INSERTED
            await holds(window, "Send the notes. The rest, thanks 👍🏽.")
            texts = ("the rest thanks", "The rest, thanks 👍🏽.")
            assert await paster.undo_paste(texts, lambda: None) == INSERTED
            await holds(window, "Send the notes. the rest thanks")
            assert await paster.undo_paste(texts, lambda: None) == INSERTED
            await holds(window, "Send the notes. The rest, thanks 👍🏽.")
            assert await paster.undo_paste((), lambda: None) == PasteResult(Outcome.CANCELLED)
            await holds(window, "Send the notes.")
            assert (await paster.undo_paste((), lambda: None)).outcome is Outcome.REFUSED
            assert await paste(paster, "Bye.") == INSERTED
            await holds(window, "Send the notes. Bye.")
        assert "UTF8_STRING" not in owner.asked, "GTK 4 asks what there is, and nothing reads it"


async def test_another_window_has_the_focus_in_between(desk: IBusDesk) -> None:
    with desk.window("gtk3"):
        async with paster_on(desk) as paster:
            method = paster._route.method
            assert await paste(paster, "Send the notes.") == INSERTED
            same = method.focus
            assert await paste(paster, "The rest.") == INSERTED
            assert method.focus == same, "being the input method is no change of the focus"
            with anyio.fail_after(BUSY_S), desk.window("gtk4"):
                while method.focus == same:  # noqa: ASYNC110 (another process)
                    await anyio.sleep(POLL_S)


async def test_a_text_fits_what_was_reported_at_the_press(desk: IBusDesk) -> None:
    with desk.window("gtk3") as window:
        await anyio.to_thread.run_sync(desk.type, "it is")
        await holds(window, "it is")
        async with paster_on(desk) as paster:  # it looks at the field, which reports its text this once
            assert await paste(paster, "The end.") == INSERTED
            await holds(window, "it is the end.")


@pytest.mark.parametrize("toolkit", TOOLKITS)
async def test_text_that_was_touched_since_is_left(desk: IBusDesk, toolkit: str) -> None:
    with desk.window(toolkit) as window:
        async with paster_on(desk) as paster:
            assert await paste(paster, "Send the notes.") == INSERTED
            await anyio.to_thread.run_sync(desk.type, "x")
            await holds(window, "Send the notes.x")
            assert (await paster.undo_paste((), lambda: None)).outcome is Outcome.REFUSED
            await holds(window, "Send the notes.x")
