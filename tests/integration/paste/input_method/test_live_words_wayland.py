"""Words shown while they are spoken, by paster and `zwp_input_method_v2`, in programs of every toolkit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from desktop.core.interfaces import Composition, UserActivity
from desktop.core.types import Outcome, Target
from desktop.paste.input_method.composition import FieldComposition
from desktop.paste.input_method.paster import InputMethodPaster
from desktop.paste.input_method.route import CommitRoute
from desktop.paste.input_method.wayland import WaylandInputMethod
from tests.support.desks.windows import DeskWindow
from tests.support.input_method import FakeSessionPaster
from tests.support.input_method_windows import (
    PATIENCE_S,
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

WINDOW = Target(7, "window")
FIRST, FINAL = "Dear Bob.", "So this is spoken now."
COMMITTED = (Outcome.INSERTED, Outcome.UNCONFIRMED)
"""A program on a busy machine may tell too late that the text is there."""

KEYED = [
    *((kind, toolkit) for kind in (WaylandDesk, LabwcWindowsDesk) for toolkit in ("gtk4", "qt")),
    (LabwcWindowsDesk, "chromium"),
]
"""The windows that get keys: Chromium takes none on a sway from which the keyboard was unplugged that pressed last."""

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module", params=[WaylandDesk, LabwcWindowsDesk], ids=["sway", "labwc"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WaylandDesk]:
    with request.param(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


def paster_by(method: WaylandInputMethod) -> InputMethodPaster:
    return InputMethodPaster(FakeSessionPaster(WINDOW), CommitRoute(method, lambda app: False), UserActivity())


@pytest.mark.parametrize("toolkit", TOOLKITS)
async def test_text_takes_the_place_of_the_words(desk: WaylandDesk, tmp_path: Path, toolkit: str) -> None:
    with open_field(desk, tmp_path, toolkit) as window:
        async with input_method_on(desk) as method:
            await write_first(desk, method, window)
            paster = paster_by(method)
            for written in (f"{FIRST} {FINAL}", f"{FIRST} {FINAL} {FINAL}"):
                async with paster.open_composition(WINDOW) as composition:
                    for words in ("So this", "So this is spoken"):
                        before = await settled_picture(desk)
                        composition.show(words)
                        await wait_for_picture(desk, before, is_same=False)
                    result = await paster.paste(FINAL, WINDOW, lambda: None)
                await wait_for_text(window, written)
                assert result.outcome in COMMITTED


@pytest.mark.parametrize("is_cancelled", [False, True])
@pytest.mark.parametrize("toolkit", TOOLKITS)
async def test_nothing_is_left_of_the_words(
    desk: WaylandDesk, tmp_path: Path, toolkit: str, is_cancelled: bool
) -> None:
    with open_field(desk, tmp_path, toolkit) as window:
        async with input_method_on(desk) as method:
            await write_first(desk, method, window)
            empty = await settled_picture(desk)
            with anyio.CancelScope() as scope:
                async with paster_by(method).open_composition(WINDOW) as composition:
                    composition.show("So this is spoken")
                    await wait_for_picture(desk, empty, is_same=False)
                    composition.show("So this is spoken now")
                    if is_cancelled:
                        scope.cancel()
            await wait_for_picture(desk, empty)
            assert window.text() == FIRST


@pytest.mark.parametrize(("desk", "toolkit"), KEYED, indirect=["desk"])
async def test_selection_is_still_there_after_the_words(desk: WaylandDesk, tmp_path: Path, toolkit: str) -> None:
    with open_field(desk, tmp_path, toolkit) as window:
        async with input_method_on(desk) as method:
            await write_first(desk, method, window)
            before = await settled_picture(desk)
            desk.keys("-M", "ctrl", "-k", "a", "-m", "ctrl")
            await wait_for_picture(desk, before, is_same=False)
            paster = paster_by(method)
            async with paster.open_composition(WINDOW) as composition:
                composition.show("So this")
                await reported_to(composition)
                await settled_picture(desk)
            async with acquired(method, WINDOW.app) as context:
                assert context.surrounding is not None
                assert context.surrounding.selected == FIRST
            assert window.text() == FIRST
            await paster.paste("Instead.", WINDOW, lambda: None)
            await wait_for_text(window, "Instead.")


@pytest.mark.parametrize(("desk", "toolkit"), KEYED, indirect=["desk"])
async def test_words_do_not_come_again_after_a_key_in_the_field(
    desk: WaylandDesk, tmp_path: Path, toolkit: str
) -> None:
    with open_field(desk, tmp_path, toolkit) as window:
        async with input_method_on(desk) as method:
            await write_first(desk, method, window)
            before = await settled_picture(desk)
            async with paster_by(method).open_composition(WINDOW) as composition:
                composition.show("hello")
                await wait_for_picture(desk, before, is_same=False)
                desk.keys("-k", "Tab")
                composition.show("hello words")  # GTK reports its change then
                with anyio.fail_after(PATIENCE_S):
                    while not (isinstance(composition, FieldComposition) and composition.is_ended):  # noqa: ASYNC110
                        await anyio.sleep(0.01)
                composition.show("hello words and more")
                await settled_picture(desk)
            await settled_picture(desk)
            assert window.text().strip() in (FIRST, f"{FIRST} hello")


async def write_first(desk: WaylandDesk, method: WaylandInputMethod, window: DeskWindow) -> None:
    """Have a text in the field; without one, it is not known of a program of Qt that it reports any."""
    empty = await settled_picture(desk)
    async with acquired(method, WINDOW.app) as context:
        assert await is_proven(context, await context.commit(FIRST), FIRST)
        await wait_for_text(window, FIRST)
    await wait_for_picture(desk, empty, is_same=False)


async def reported_to(composition: Composition) -> None:
    """Wait until the words were fitted to what the field reports."""
    assert isinstance(composition, FieldComposition)
    with anyio.fail_after(PATIENCE_S):
        while composition._first_report is None:  # noqa: ASYNC110 (it has no event for it)
            await anyio.sleep(0.01)
