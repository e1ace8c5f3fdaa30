"""The chord by the keys of the layout that is active, in a GTK window, a Qt window and a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from desktop.core.types import Outcome, PasteResult
from tests.integration.matrix.programs import Program
from tests.support.paste_desk import Desk
from tests.support.x_clients import set_layout

CONTROL_L, SHIFT_L, INSERT, MENU = 37, 50, 118, 135

LAYOUTS = {
    "us": (("us",), 55),
    "de": (("de",), 55),
    "fr": (("fr",), 55),
    "dvorak": (("us", "-variant", "dvorak"), 60),
    "ru": (("ru",), None),
    "us of two": (("us,ru", "-option", "grp:menu_toggle"), 55),
    "ru of two": (("us,ru", "-option", "grp:menu_toggle"), None),
}
"""setxkbmap's arguments and the keycode of v, where there is one."""

pytestmark = pytest.mark.anyio


@pytest.fixture
def layout(display: str) -> Iterator[Callable[..., None]]:
    def set_to(*arguments: str) -> None:
        set_layout(display, *arguments)

    yield set_to
    set_to("us", "-option", "")


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("program", ["mousepad", "qt", "xterm"], indirect=True)
async def test_every_layout_pastes(layout: Callable[..., None], desk: Desk, program: Program, name: str) -> None:
    arguments, v = LAYOUTS[name]
    layout(*arguments)
    if name == "ru of two":
        program.tap(MENU)
    assert await desk.paste(name) == PasteResult(Outcome.INSERTED)
    assert desk.expected == ([SHIFT_L, INSERT] if v is None or program.recipe.one_line else [CONTROL_L, v])
    layout("us", "-option", "")
    assert program.added(name) == name
