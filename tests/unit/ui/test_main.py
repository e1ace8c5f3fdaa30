"""What the app decides before it has a window."""

from __future__ import annotations

import socket
from threading import Thread

import pytest

from desktop.core.errors import UserError
from desktop.ui.qt_platform import choose_qt_platform, find_qt_platform

X_PORT = 6000
"""The port of display 0."""


@pytest.mark.parametrize(
    ("wanted", "platform"),
    [
        ("", "xcb"),
        ("xcb", "xcb"),
        ("wayland", "xcb"),
        ("wayland-egl", "xcb"),
        ("wayland;xcb", "xcb"),
        ("offscreen", "offscreen"),
        ("xcb;wayland", "xcb;wayland"),
    ],
)
def test_windows_are_x_windows_whatever_session_wants(wanted: str, platform: str) -> None:
    assert choose_qt_platform(wanted, has_x=True) == platform


@pytest.mark.parametrize(
    ("wanted", "platform"),
    [("", "wayland"), ("xcb", "wayland"), ("xcb;wayland", "wayland"), ("wayland-egl", "wayland-egl")],
)
def test_windows_are_waylands_where_no_x_display_answers(wanted: str, platform: str) -> None:
    assert choose_qt_platform(wanted, has_x=False) == platform


@pytest.mark.parametrize(
    ("environ", "code"),
    [
        ({}, "display-missing"),
        ({"DISPLAY": "nonsense"}, "display-unresponsive"),
        ({"WAYLAND_DISPLAY": "/nowhere/wayland-1"}, "display-unresponsive"),
    ],
)
def test_session_without_display_is_said(environ: dict[str, str], code: str) -> None:
    with pytest.raises(UserError) as raised:
        find_qt_platform(environ)
    assert raised.value.message.code == code


def test_x_server_that_hangs_up_is_no_display() -> None:
    """labwc listens for X programs also where there is no XWayland to start."""

    def hang_up() -> None:
        server.accept()[0].close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        hanging_up = Thread(target=hang_up)
        hanging_up.start()
        with pytest.raises(UserError) as raised:
            find_qt_platform({"DISPLAY": f"127.0.0.1:{server.getsockname()[1] - X_PORT}"})
        hanging_up.join()
    assert raised.value.message.code == "display-unresponsive"


def test_x_display_is_used_in_session_that_wants_wayland(display: str) -> None:
    environ = {"DISPLAY": display, "WAYLAND_DISPLAY": "wayland-1", "QT_QPA_PLATFORM": "wayland"}
    assert find_qt_platform(environ) == "xcb"
