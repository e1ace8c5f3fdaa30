"""Words shown while they are spoken, by paster and IBus, in windows of GTK and Qt that log what they compose."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial

import anyio
import pytest
from anyio import to_thread

from desktop.core.interfaces import Composition, UserActivity
from desktop.core.types import Outcome, Target
from desktop.paste.input_method.ibus.method import IBusInputMethod
from desktop.paste.input_method.paster import InputMethodPaster
from desktop.paste.input_method.route import CommitRoute
from tests.support.desk import BUSY_S, until
from tests.support.desks.windows import DeskWindow
from tests.support.ibus import LATIN, TOOLKITS, IBusDesk
from tests.support.input_method import FakeSessionPaster

pytestmark = pytest.mark.anyio

WINDOW = Target(7, "window")
FIRST, FINAL = "Dear Bob.", "So this is spoken now."
COMMITTED = (Outcome.INSERTED, Outcome.UNCONFIRMED)
"""A program on a busy machine may report too late that the text is there."""
PARTIALS = ("So", "So this is", "So this is spoken", "So this is spoken now")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IBusDesk]:
    with IBusDesk(tmp_path_factory.mktemp("ibus")) as desk:
        desk.choose(LATIN)
        yield desk


@asynccontextmanager
async def paster_on(desk: IBusDesk) -> AsyncIterator[InputMethodPaster]:
    method = IBusInputMethod(desk.environ)
    paster = InputMethodPaster(FakeSessionPaster(WINDOW), CommitRoute(method, lambda app: False), UserActivity())
    paster.start(asyncio.get_running_loop())
    try:
        with anyio.fail_after(BUSY_S):
            while not method.is_available:  # noqa: ASYNC110 (it has no event for it)
                await anyio.sleep(0.01)
        yield paster
    finally:
        paster.close()
        await to_thread.run_sync(until, lambda: desk.engine() == LATIN, "the user's engine is back", BUSY_S)


async def field_known(paster: InputMethodPaster) -> None:
    """Wait until the window that has just come is known to the daemon."""
    with anyio.fail_after(BUSY_S):
        while True:
            async with paster._route.open_field(WINDOW) as context:
                if context is not None:
                    return


async def seen(met: Callable[[], bool], what: str) -> None:
    await to_thread.run_sync(partial(until, met, what, BUSY_S))


async def write_first(paster: InputMethodPaster, window: DeskWindow) -> None:
    """Have a text in the field: of an empty one no program tells, so that something might be selected there."""
    await paster.paste(FIRST, WINDOW, lambda: None)
    await seen(partial(holds, window, FIRST), f"{FIRST!r} is in the field")


async def speak(composition: Composition, window: DeskWindow) -> None:
    for words in PARTIALS:
        composition.show(words)
        shown = f" {words}"
        await seen(lambda shown=shown: window.composition() == shown, f"{shown!r} is composed")  # type: ignore[misc]


@pytest.mark.parametrize("toolkit", TOOLKITS)
async def test_text_takes_the_place_of_the_words(desk: IBusDesk, toolkit: str) -> None:
    with desk.window(toolkit) as window:
        async with paster_on(desk) as paster:
            await field_known(paster)
            await write_first(paster, window)
            for before, expected in ((FIRST, f"{FIRST} {FINAL}"), (f"{FIRST} {FINAL}", f"{FIRST} {FINAL} {FINAL}")):
                async with paster.open_composition(WINDOW) as composition:
                    await speak(composition, window)
                    result = await paster.paste(FINAL, WINDOW, lambda: None)
                await seen(partial(holds, window, expected), f"{expected!r} is in the field")
                assert result.outcome in COMMITTED
                assert window.composition() == ""
                assert_one_step(window, before, expected)


def holds(window: DeskWindow, text: str) -> bool:
    return window.text() == text


def assert_one_step(window: DeskWindow, before: str, after: str) -> None:
    """Between the last words and the text was nothing but the space that may begin it."""
    events = [(str(event["event"]), str(event["text"])) for event in window.events()]
    spoken = max(at for at, (event, text) in enumerate(events) if event == "composition" and text.strip())
    arrived = next(at for at, event in enumerate(events) if at > spoken and event == ("text", after))
    between = {text for event, text in events[spoken + 1 : arrived] if event == "text"}
    assert between <= {before, f"{before} "}, events


@pytest.mark.parametrize("ending", ["left", "cancelled", "longer", "focus", "closed"])
@pytest.mark.parametrize("toolkit", TOOLKITS)
async def test_nothing_is_left_of_the_words(desk: IBusDesk, toolkit: str, ending: str) -> None:
    with desk.window(toolkit) as window:
        async with paster_on(desk) as paster:
            await field_known(paster)
            await write_first(paster, window)
            with anyio.CancelScope() as scope:
                async with paster.open_composition(WINDOW) as composition:
                    await speak(composition, window)
                    if ending == "longer":
                        composition.show("long words " * 40)
                        await seen(lambda: window.composition() == "", "the words are gone")
                    elif ending == "focus":
                        with desk.window(toolkit) as other:
                            await seen(lambda: window.composition() == "", "the words are gone")
                            composition.show("more")
                            await seen(lambda: desk.engine() == LATIN, "the user's engine is back")
                            assert (other.composition(), other.text()) == ("", "")
                    elif ending == "closed":
                        paster.close()
                        await seen(lambda: window.composition() == "", "the words are gone")
                    elif ending == "cancelled":
                        scope.cancel()
            await seen(lambda: window.composition() == "", "the words are gone")
        assert window.text() == FIRST
