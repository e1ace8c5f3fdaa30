"""Where the pill is: on the screen that is being written on, in the room that is left there, at every scale."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect

from desktop.ui.pill.placement import find_bottom
from desktop.ui.pill.shape import compute_mask_rows
from desktop.ui.x11 import PanelStrut
from tests.support.desk import until
from tests.support.ui.pill_desk import WHITE, PillDesk, Place, pill_desk

EDGE = 24
LEFT, RIGHT = Place(0, 0, 640, 800), Place(640, 0, 640, 800)
AT_LEFT, AT_RIGHT = ("-geometry", "40x10+20+20"), ("-geometry", "40x10+700+20")


@pytest.fixture(params=["openbox"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PillDesk]:
    """A desk of two screens side by side, on which no pill was started yet."""
    with pill_desk(request.param, tmp_path) as desk:
        split(desk)
        yield desk


def split(desk: PillDesk) -> None:
    desk.run("xrandr", "--setmonitor", "west", "640/320x800/400+0+0", "screen")
    desk.run("xrandr", "--setmonitor", "east", "640/320x800/400+640+0", "none")


def stands(desk: PillDesk, screen: Place, foot: int = 0, scale: float = 1) -> None:
    """The pill is in the middle of `screen`, above `foot` pixels of its foot, and wholly on it."""

    def there() -> bool:
        place = desk.place()
        centred = abs(place.middle[0] - screen.middle[0]) <= 2
        at_foot = abs(screen.bottom - foot - EDGE * scale - place.bottom) <= 1
        return centred and at_foot and screen.left <= place.left and place.right <= screen.right

    until(there, lambda: f"the pill stands on {screen}, not at {desk.place()}")


def test_pill_follows_target_between_dictations(desk: PillDesk) -> None:
    desk.start_pill()
    left, right = (desk.open_terminal(*where) for where in (AT_LEFT, AT_RIGHT))
    for window, screen in ((left, LEFT), (right, RIGHT), (left, LEFT)):
        desk.show("listening", window)
        stands(desk, screen)
        desk.show("copied")
        stands(desk, screen)


@pytest.mark.parametrize("desk", ["i3"], indirect=True)
def test_pill_follows_window_to_other_screen(desk: PillDesk) -> None:
    desk.start_pill()
    desk.open_terminal()
    for name, screen in (("west", LEFT), ("east", RIGHT)):
        desk.run("i3-msg", f"move container to output {name}")
        desk.show("listening")
        stands(desk, screen)
        desk.hide()


def test_each_screen_has_a_place_of_its_own(desk: PillDesk) -> None:
    desk.start_pill()
    left, right = (desk.open_terminal(*where) for where in (AT_LEFT, AT_RIGHT))
    desk.show("listening", left)
    desk.drag(desk.place().middle, (300, 200))
    until(lambda: desk.place().middle == (300, 200), "it was dragged")
    desk.show("copied")
    desk.show("listening", right)
    stands(desk, RIGHT)
    desk.show("copied")
    desk.show("listening", left)
    until(lambda: desk.place().middle == (300, 200), "it is where it was left on this screen")


def test_dragged_to_another_screen_it_stays_there(desk: PillDesk) -> None:
    desk.start_pill()
    desk.open_terminal(*AT_LEFT)
    desk.show("listening")
    desk.drag(desk.place().middle, (900, 400))
    until(lambda: desk.place().middle == (900, 400), "it was dragged")


def test_pill_before_target_is_on_active_screen(desk: PillDesk) -> None:
    desk.start_pill()
    desk.open_terminal(*AT_RIGHT)
    desk.point((100, 100))
    desk.show("starting")
    stands(desk, RIGHT)


@pytest.mark.parametrize("handle", [-1, 0x55D0_1234_5678], ids=["unknown", "Hyprland's"])
def test_pill_is_shown_where_window_is_no_x_window(desk: PillDesk, handle: int) -> None:
    desk.start_pill()
    desk.point((700, 100))
    desk.show("listening", handle)
    stands(desk, RIGHT)
    desk.point((100, 100))
    desk.show("copied")
    stands(desk, RIGHT)


def test_pill_moves_when_its_screen_is_removed(desk: PillDesk) -> None:
    desk.start_pill()
    desk.open_terminal(*AT_RIGHT)
    desk.show("words")
    stands(desk, RIGHT)
    desk.run("xrandr", "--delmonitor", "east")
    stands(desk, LEFT)


def test_a_panel_takes_room_on_its_own_screen_only(desk: PillDesk) -> None:
    desk.start_pill()
    windows = [desk.open_terminal(*where) for where in (AT_LEFT, AT_RIGHT)]
    desk.show("listening", windows[0])
    stands(desk, LEFT)
    desk.dock(Place(0, 740, 640, 60))
    stands(desk, LEFT, foot=60)
    desk.show("copied")
    desk.show("listening", windows[1])
    stands(desk, RIGHT)


@pytest.mark.parametrize("scale", ["1.25", "1.5", "2"])
def test_pill_at_each_scale_inside_screen_and_round(desk: PillDesk, scale: str) -> None:
    desk.start_pill(scale)
    desk.open_terminal(*AT_RIGHT)
    desk.show("words")
    stands(desk, RIGHT, scale=float(scale))
    place = desk.place()
    assert abs(place.height - 44 * float(scale)) <= 1
    corners = [(x, y) for x in (place.left, place.right - 1) for y in (place.top, place.bottom - 1)]
    assert WHITE not in {desk.colour(*corner) for corner in corners}


@pytest.mark.parametrize(
    ("screen", "struts", "foot"),
    [
        (QRect(0, 0, 640, 800), [], 800),
        (QRect(0, 0, 640, 800), [PanelStrut(60, 0, 639)], 740),
        (QRect(640, 0, 640, 800), [PanelStrut(60, 0, 639)], 800),
        (QRect(0, 0, 640, 800), [PanelStrut(60, 0, 639), PanelStrut(90, 100, 200)], 710),
        (QRect(0, 0, 640, 400), [PanelStrut(430, 0, 639)], 370),
        (QRect(0, 400, 640, 400), [PanelStrut(430, 0, 639)], 800),
    ],
    ids=["none", "one", "beside", "two", "of the upper screen", "above this screen"],
)
def test_a_strut_counts_where_its_panel_is(screen: QRect, struts: list[PanelStrut], foot: int) -> None:
    assert find_bottom(screen, 800, struts) == foot


@pytest.mark.parametrize("scale", [1, 1.25, 2])
def test_pill_without_blending_cut_to_half_circles(scale: float) -> None:
    height = round(44 * scale)
    insets = [left for left, _, _, _ in compute_mask_rows(300, height, scale)]
    assert insets == insets[::-1]
    for line, inset in enumerate(insets):
        across = height / 2 - inset
        assert abs(across**2 + (height / 2 - line - 0.5) ** 2 - (height / 2) ** 2) <= height / 2
