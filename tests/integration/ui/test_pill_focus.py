"""The pill under three window managers: whatever it does, the keys go where they went."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.desk import until
from tests.support.ui.pill_desk import MANAGERS, PillDesk, pill_desk

TO_BUTTON = 48
"""From the pill's right edge into the word that it offers."""


@pytest.fixture(scope="module", params=MANAGERS)
def shared_desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PillDesk]:
    with pill_desk(request.param, tmp_path_factory.mktemp("desk")) as desk:
        desk.start_pill()
        desk.open_terminal()
        yield desk


@pytest.fixture
def desk(shared_desk: PillDesk) -> PillDesk:
    """A desk on which the pill is not seen, the pointer rests elsewhere, and the target has the keys."""
    shared_desk.hide()
    shared_desk.point((300, 200))
    assert shared_desk.active() == shared_desk.target
    shared_desk.strayed()
    return shared_desk


def show(desk: PillDesk) -> None:
    desk.show("listening")


def update(desk: PillDesk) -> None:
    for look in ("starting", "listening", "words", "transcribing", "copied"):
        desk.show(look)


def hide(desk: PillDesk) -> None:
    desk.show("listening")
    desk.hide()


def show_again(desk: PillDesk) -> None:
    hide(desk)
    desk.show("words")


def click_while_listening(desk: PillDesk) -> None:
    desk.show("listening")
    desk.click(desk.place().middle)
    assert desk.seen()


def click_away(desk: PillDesk) -> None:
    desk.show("copied")
    desk.click(desk.place().middle)
    until(lambda: not desk.seen(), "the click has put it away")


def press_its_button(desk: PillDesk) -> None:
    asked = len(desk.tell("ask")[1])
    desk.show("failed")
    place = desk.place()
    desk.click((place.left + place.width - TO_BUTTON, place.middle[1]))
    until(lambda: desk.tell("ask")[1][asked:] == ["resume-last"], "Retry was asked for")
    until(lambda: not desk.seen(), "the click has put it away")


def drag_it(desk: PillDesk) -> None:
    desk.show("listening")
    middle = desk.place().middle
    desk.drag(middle, (middle[0] - 200, middle[1] - 300))
    until(lambda: abs(desk.place().middle[1] - middle[1] + 300) <= 2, "it is where it was dragged to")
    assert abs(desk.place().middle[0] - middle[0] + 200) <= 2
    desk.click(desk.place().middle, times=2)
    until(lambda: desk.place().middle == middle, "a double click has brought it back")


def raise_it(desk: PillDesk) -> None:
    desk.show("listening")
    desk.tell("raise")


ACTS = (show, update, hide, show_again, click_while_listening, click_away, press_its_button, drag_it, raise_it)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_the_target_keeps_the_keys(desk: PillDesk, act: Callable[[PillDesk], None]) -> None:
    act(desk)
    desk.type("hello")
    assert desk.active() == desk.target
    assert desk.strayed() == []


def test_pill_floats_at_bottom_centre_of_screen(desk: PillDesk) -> None:
    desk.show("words")
    until(lambda: desk.place().bottom == 800 - 24, "it stands at the foot")
    assert desk.place().height == 44
    assert abs(desk.place().middle[0] - 1280 / 2) <= 1


def test_it_is_above_a_window_that_fills_the_screen(shared_desk: PillDesk) -> None:
    shared_desk.open_terminal("-fullscreen")
    until(shared_desk.fills_the_screen, "the terminal fills the screen")
    shared_desk.show("words")
    shared_desk.type("hello")


def test_pill_under_pointer_never_focuses_other_window(tmp_path: Path) -> None:
    """Under i3 the focus follows the pointer, and a window that goes away lets the pointer into the one beneath."""
    with pill_desk("i3", tmp_path) as desk:
        desk.start_pill()
        other = desk.open_terminal()
        desk.point((620, 754))
        target = desk.open_terminal()
        assert desk.where(other).left < 620 < desk.where(target).left
        desk.show("words")
        assert desk.place().left < 620 < desk.place().right
        desk.hide()
        desk.type("hello")
        assert desk.strayed() == []


def test_pill_click_never_reaches_window_beneath(tmp_path: Path) -> None:
    with pill_desk("openbox", tmp_path) as desk:
        desk.start_pill()
        beneath = desk.open_terminal("-geometry", "40x10+520+640")
        desk.open_terminal("-geometry", "40x10+20+20")
        assert desk.where(beneath).top < 754 < desk.where(beneath).bottom
        desk.point((620, 754))
        desk.show("words")
        desk.point((1200, 100))
        desk.show("words")
        desk.click(desk.place().middle)
        assert desk.strayed() == []
        desk.type("hello")
