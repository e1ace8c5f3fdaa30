"""The pill without X: its place, and that Qt shows no window where there is no layer shell."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication

from desktop.core.errors import MicrophoneError, RecognizerError
from desktop.core.state import AppState, CorrectionOffered, DictationState, Done, Failed, Idle, Listening, Starting
from desktop.core.types import Outcome
from desktop.settings.schema import LookSettings
from desktop.ui.pill import layer_surface
from desktop.ui.pill.layer_surface import BOTTOM, TOP, LayerPlace
from desktop.ui.pill.layer_window import LayerPill, compute_place, create_pill, read_zoom
from desktop.ui.style import tokens
from tests.support.ui.fake_compositor import FakeClient, FakeCompositor


@pytest.mark.parametrize(
    ("zoom", "at_top", "place"),
    [
        (1.0, False, LayerPlace(BOTTOM, 8, 192, 76)),
        (1.0, True, LayerPlace(TOP, 8, 192, 76)),
        (1.25, False, LayerPlace(BOTTOM, 10, 240, 95)),
        (1.3, False, LayerPlace(BOTTOM, 10, 250, 99)),
    ],
)
def test_place_is_in_units_of_screen(zoom: float, at_top: bool, place: LayerPlace) -> None:
    assert compute_place(192, 76, 8, zoom, at_top=at_top) == place


@pytest.mark.parametrize(("text", "zoom"), [("1.5", 1.5), ("", 1.0), ("large", 1.0), ("0", 1.0), ("-2", 1.0)])
def test_zoom_is_that_of_qt(text: str, zoom: float) -> None:
    assert read_zoom({"QT_SCALE_FACTOR": text}) == zoom
    assert read_zoom({}) == 1.0


@pytest.fixture
def compositor(qtbot, tmp_path) -> Iterator[FakeCompositor]:
    made = FakeCompositor(tmp_path)
    yield made
    made.close()


@pytest.fixture
def pill(engine, qtbot, compositor) -> Iterator[LayerPill]:
    tokens.apply_look(LookSettings(motion="off"))
    made = LayerPill(engine.app(), environ=compositor.environ)
    qtbot.addWidget(made)
    yield made
    made.close()


@pytest.fixture
def show(pill, qtbot, compositor) -> Callable[[DictationState], FakeClient]:
    """Draw a state, and wait until the compositor has seen more of it on its last connection."""

    def draw(state: DictationState) -> FakeClient:
        before = sum(len(client.images) for client in compositor.clients)
        pill.draw(AppState(state))
        qtbot.waitUntil(lambda: sum(len(client.images) for client in compositor.clients) > before)
        return compositor.client

    return draw


COPIED, CANCELLED = Done(Outcome.COPIED), Done(Outcome.CANCELLED, has_recording=True)
FAILED = Failed(RecognizerError("reported-message", title="The engine stopped.", advice=""), has_recording=True)
INSIDE = (60, 40)


def test_pill_is_on_one_surface_while_shown(show, pill, qtbot, compositor) -> None:
    client = show(Starting())
    assert show(Listening()) is client
    pill.draw(AppState(Idle()))
    qtbot.waitUntil(lambda: not client.is_open)
    assert show(Starting()) is not client
    assert len(compositor.clients) == 2


@pytest.mark.parametrize("lose", [FakeClient.close_surface, FakeClient.unplug_screen])
def test_lost_surface_is_opened_again(show, qtbot, compositor, lose) -> None:
    lose(show(Listening()))
    qtbot.waitUntil(lambda: len(compositor.clients) == 2 and bool(compositor.client.images))
    assert [client.is_open for client in compositor.clients] == [False, True]


def test_surface_lost_unseen_waits_for_next_content(show, pill, qtbot, compositor) -> None:
    compositor.closes_unseen = True
    pill.draw(AppState(Starting()))
    qtbot.waitUntil(lambda: bool(compositor.clients) and not compositor.client.is_open)
    compositor.closes_unseen = False
    assert pill.isVisible()
    show(COPIED)
    assert len(compositor.clients) == 2


def test_dictation_over_outcome_has_surface_of_its_own(show, qtbot, compositor) -> None:
    client = show(COPIED)
    assert show(Starting()) is not client
    qtbot.waitUntil(lambda: not client.is_open)
    assert len(compositor.clients) == 2


def test_pill_is_drawn_at_believable_scale_only(show, qtbot) -> None:
    client = show(COPIED)
    client.prefer_scale(2)
    qtbot.waitUntil(lambda: client.images[-1][0] == 2)
    for scale in (0, 9, 70_000, 0x7FFFFFFF):
        client.prefer_scale(scale)
    client.prefer_scale(3)
    qtbot.waitUntil(lambda: client.images[-1][0] == 3)
    assert {scale for scale, _ in client.images} == {1, 2, 3}
    assert client.is_open


def test_silent_compositor_does_not_stop_pill(engine, qtbot, tmp_path) -> None:
    silent = FakeCompositor(tmp_path, is_silent=True)
    pill = LayerPill(engine.app(), environ=silent.environ)
    qtbot.addWidget(pill)
    pill.draw(AppState(Starting()))
    qtbot.waitUntil(lambda: bool(silent.clients))
    pill.draw(AppState(Idle()))
    qtbot.waitUntil(lambda: not silent.client.is_open)
    silent.close()


def test_click_is_press_and_release_on_one_outcome(show, pill, qtbot, compositor) -> None:
    client = show(FAILED)
    client.enter(*INSIDE)
    client.press(True)
    client.move(0, 0)
    client.press(False)  # outside
    client.move(*INSIDE)
    client.press(False)  # without a press
    client.press(True)
    client.prefer_scale(2)
    qtbot.waitUntil(lambda: client.images[-1][0] == 2)
    show(CANCELLED)
    client.press(False)  # on another outcome
    client.prefer_scale(1)
    qtbot.waitUntil(lambda: client.images[-1][0] == 1)
    assert pill.isVisible()
    client.press(True)
    client.press(False)
    qtbot.waitUntil(lambda: not client.is_open)
    assert not pill.isVisible()


@pytest.mark.parametrize(("outcome", "reaches_window_below"), [(COPIED, True), (CANCELLED, False)])
def test_resting_pointer_clicks_through_outcome_without_button(
    show, pill, qtbot, monkeypatch, outcome, reaches_window_below
) -> None:
    monkeypatch.setattr(layer_surface, "RESTING_S", 60.0)
    client = show(outcome)
    assert client.clickable
    client.enter(*INSIDE)
    client.prefer_scale(2)
    qtbot.waitUntil(lambda: client.images[-1][0] == 2)
    assert (client.clickable == ()) == reaches_window_below
    show(FAILED)
    assert client.clickable


def test_pill_without_layer_shell_is_no_window(engine, qtbot, tmp_path) -> None:
    bare = FakeCompositor(tmp_path, {"wl_compositor": 6, "wl_shm": 1, "wl_seat": 1})
    told: list[str] = []
    pill = LayerPill(engine.app(), notify=told.append, environ=bare.environ)
    qtbot.addWidget(pill)
    pill.draw(AppState(Starting()))
    qtbot.waitUntil(lambda: bool(told))
    pill.draw(AppState(Failed(MicrophoneError("microphone-not-found"))))
    assert [text.split(":")[0] for text in told] == ["Wayland without XWayland", pill._content.announcement]
    assert pill.isVisible()
    assert pill.windowHandle() is None
    assert [window for window in QApplication.topLevelWindows() if window.isVisible()] == []
    pill.draw(AppState(Idle()))
    qtbot.waitUntil(lambda: not pill.isVisible())
    pill.draw(AppState(CorrectionOffered("a", "b")))
    pill.draw(AppState(COPIED))
    assert len(told) == 3
    assert len(bare.clients) == 1
    pill.close()
    bare.close()


def test_pill_without_compositor_is_no_window(engine, qtbot) -> None:
    pill = LayerPill(engine.app(), environ={"WAYLAND_DISPLAY": "/nowhere/wayland-1"})
    qtbot.addWidget(pill)
    pill.draw(AppState(Starting()))
    assert pill.isVisible()
    assert [window for window in QApplication.topLevelWindows() if window.isVisible()] == []
    pill.draw(AppState(Idle()))
    qtbot.waitUntil(lambda: not pill.isVisible())
    pill.close()


def test_pill_of_other_platforms_is_qts_own_window(engine, qtbot) -> None:
    pill = create_pill(engine.app())
    qtbot.addWidget(pill)
    assert not isinstance(pill, LayerPill)
