"""The pill without X: its place, and that Qt shows no window where there is no layer shell."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from desktop.core.errors import MicrophoneError
from desktop.core.state import AppState, Failed, Idle, Starting
from desktop.ui.pill.layer_surface import BOTTOM, TOP, LayerPlace
from desktop.ui.pill.layer_window import LayerPill, compute_place, create_pill, read_zoom


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


def test_pill_without_layer_shell_is_no_window(engine, qtbot) -> None:
    pill = LayerPill(engine.app(), environ={"WAYLAND_DISPLAY": "/nowhere/wayland-1"})
    qtbot.addWidget(pill)
    pill.draw(AppState(Starting()))
    pill.draw(AppState(Failed(MicrophoneError("microphone-not-found"))))
    assert pill.isVisible()
    assert pill.windowHandle() is None
    assert [window for window in QApplication.topLevelWindows() if window.isVisible()] == []
    pill.draw(AppState(Idle()))
    qtbot.waitUntil(lambda: not pill.isVisible())
    pill.close()


def test_pill_of_other_platforms_is_qts_own_window(engine, qtbot) -> None:
    pill = create_pill(engine.app())
    qtbot.addWidget(pill)
    assert not isinstance(pill, LayerPill)
