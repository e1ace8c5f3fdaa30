"""The pill on sway without XWayland: it is seen in its place, and whatever it does, the keys go where they went."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.desk import ROOT, until
from tests.support.ui.layer_desk import LayerDesk, pill_place
from tests.support.ui.pill_desk import Place
from tests.support.wayland_desk import WaylandDesk
from tests.support.wayland_proxy import proxied

TO_BUTTON = 48
"""From the pill's right edge into the word that it offers."""

OUTLINE = 1
"""What is not white at each edge, at scale 1."""


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LayerDesk]:
    folder = tmp_path_factory.mktemp("desk")
    with WaylandDesk(folder) as desk, ExitStack() as stack:
        assert "DISPLAY" not in desk.environ
        desk.sway("focus_follows_mouse no")
        desk.sway("mouse_warping none")  # pictures show the pointer too
        made = LayerDesk(desk, folder, stack)
        made.start_pill()
        for title in ("left", "right"):
            made.open_terminal(title)
        yield made


@pytest.fixture
def desk(shared_desk: LayerDesk) -> Iterator[LayerDesk]:
    """A desk of one screen on which the pill is not seen, and the right terminal has the keys; in the end it still has
    them."""
    for name in _screens(shared_desk)[1:]:
        shared_desk.desk.sway(f"output {name} unplug")
    shared_desk.desk.sway("output HEADLESS-1 scale 1")
    until(lambda: _screens(shared_desk) == ["HEADLESS-1"], "one screen is left")
    until(lambda: shared_desk.desk.sway("-t", "get_outputs")[0]["scale"] == 1, "the screen has its scale")
    shared_desk.hide()
    shared_desk.desk.sway('[title="^right$"] focus')
    yield shared_desk
    assert shared_desk.desk.focused()["name"] == "right"
    shared_desk.type("hello")


def _screens(desk: LayerDesk) -> list[str]:
    return sorted(screen["name"] for screen in desk.desk.sway("-t", "get_outputs") if screen["active"])


def _is_pill(place: Place | None) -> bool:
    """Whether that is the pill, and no pointer alone."""
    return place is not None and place.height > 40


def test_layer_pill_floats_at_bottom_centre(desk: LayerDesk) -> None:
    before = desk.desk.picture()
    place = desk.show("words")
    assert (place.height, place.bottom) == pytest.approx((44, 640 - 24), abs=2 * OUTLINE)
    assert place.middle[0] == pytest.approx(1024 / 2, abs=1)
    desk.hide()
    until(lambda: desk.desk.picture() == before, "nothing is left of it")


def test_layer_pill_is_no_window(desk: LayerDesk) -> None:
    desk.show("listening")
    tree = str(desk.desk.sway("-t", "get_tree"))
    assert ("'left'" in tree, "Intone" in tree) == (True, False)


def test_layer_pill_is_above_window_that_fills_screen(desk: LayerDesk) -> None:
    desk.desk.sway("fullscreen enable")
    assert desk.show("words").middle[0] == pytest.approx(1024 / 2, abs=1)
    desk.desk.sway("fullscreen disable")


def test_click_on_outcome_dismisses_it(desk: LayerDesk) -> None:
    place = desk.show("copied")
    desk.click((place.left + 30, place.middle[1]))
    until(lambda: desk.place() is None, "the click has put it away")


def test_click_on_button_asks_for_it(desk: LayerDesk) -> None:
    asked = len(desk.tell("ask"))
    place = desk.show("failed")
    desk.click((place.right - TO_BUTTON, place.middle[1]))
    until(lambda: desk.tell("ask")[asked:] == ["resume-last"], "Retry was asked for")
    until(lambda: desk.place() is None, "the click has put it away")


def test_click_while_speaking_reaches_window_below(desk: LayerDesk) -> None:
    place = desk.show("words")
    desk.click((place.left + 30, place.middle[1]))
    until(lambda: desk.desk.focused()["name"] == "left", "the window below was clicked")
    assert desk.place() == place
    desk.desk.sway('[title="^right$"] focus')


def test_pill_is_drawn_at_scale_of_screen(desk: LayerDesk) -> None:
    desk.desk.sway("output HEADLESS-1 scale 2")
    place = desk.show("words", 88)
    assert (place.height, place.bottom, place.middle[0]) == pytest.approx((88, 640 - 48, 512), abs=4 * OUTLINE)


def test_pill_goes_to_screen_in_use_and_back_when_that_goes(desk: LayerDesk) -> None:
    desk.show("failed")  # which stays longest
    desk.desk.sway("create_output")
    until(lambda: len(_screens(desk)) == 2, "there is another screen")
    other = _screens(desk)[1]
    desk.desk.sway(f"focus output {other}")
    desk.tell("words")
    until(
        lambda: pill_place(desk.desk.picture(other)), "the dictation that began over an outcome is on the other screen"
    )
    assert desk.place() is None
    desk.desk.sway(f"output {other} unplug")
    until(lambda: _is_pill(desk.place()), "the pill is on the screen that is left, during the same dictation")
    desk.desk.sway('[title="^right$"] focus')


def test_resting_pointer_clicks_what_is_below_outcome(desk: LayerDesk) -> None:
    place = desk.show("words")
    at = place.left + 30, place.middle[1]
    desk.point(at)
    desk.tell("idle")
    until(lambda: not _is_pill(desk.place()), "nothing but the pointer is left")
    desk.show("copied")
    desk.click(at)
    until(lambda: desk.desk.focused()["name"] == "left", "the window below was clicked")
    assert desk.place() is not None
    desk.desk.sway('[title="^right$"] focus')


def test_pill_is_enlarged_as_chosen(tmp_path: Path) -> None:
    with WaylandDesk(tmp_path) as desk, ExitStack() as stack:
        made = LayerDesk(desk, tmp_path, stack)
        made.start_pill(QT_SCALE_FACTOR="1.5")
        place = made.show("words", 66)
        assert (place.height, place.bottom) == pytest.approx((66, 640 - 36), abs=4 * OUTLINE)
        place = made.show("copied", 66)
        made.click((place.right - 40, place.middle[1]))
        until(lambda: made.place() is None, "the click has put it away")


def test_without_layer_shell_no_pill_takes_focus(tmp_path: Path) -> None:
    with (
        WaylandDesk(tmp_path) as desk,
        ExitStack() as stack,
        proxied(tmp_path / "proxy", desk.environ, "layer_shell") as (_, environ),
    ):
        made = LayerDesk(desk, tmp_path, stack)
        made.open_terminal("shell")
        made.start_pill(WAYLAND_DISPLAY=environ["WAYLAND_DISPLAY"])
        for look in ("listening", "words", "failed"):
            made.tell(look)
        made.type("hello")
        assert set(desk.shells()) == {"shell"}
        assert made.place() is None
        doctor = [sys.executable, "-m", "desktop", "doctor", "--json"]
        told = subprocess.run(doctor, env=dict(environ), cwd=ROOT, capture_output=True, text=True, timeout=60).stdout
        assert "no overlay is shown, since it would take the focus" in told
