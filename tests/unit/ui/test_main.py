"""What the app decides before it has a window."""

from __future__ import annotations

import pytest

from desktop.ui.main import build_qt_arguments, choose_qt_platform


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
    assert choose_qt_platform(wanted) == platform


def test_qt_is_given_the_platform_and_other_programs_the_old_one() -> None:
    environ = {"QT_QPA_PLATFORM": "wayland"}
    assert build_qt_arguments(environ) == ["-platform", "xcb"]
    assert environ == {"QT_QPA_PLATFORM": "wayland"}
