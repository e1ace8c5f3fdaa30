"""Titles and edges of windows, with Windows' functions played here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QRect

from tests.support.windows.libraries import windows_modules


def title_by_message(window: int, title: Any, _: int) -> int:
    raise AssertionError("it would ask the window's thread")


def test_title_is_read_without_asking_the_window() -> None:
    def read(window: int, title: Any, _: int) -> int:
        title.value = "Settings"
        return len(title.value)

    with windows_modules("desktop.platforms.windows.focus") as (libraries, [focus]):
        libraries.functions |= {
            "GetForegroundWindow": lambda: 7,
            "InternalGetWindowText": read,
            "GetWindowTextW": title_by_message,
        }
        assert focus.find_foreground_window().title == "Settings"


def edges(result: int, left: int, top: int, right: int, bottom: int) -> Callable[..., int]:
    def tell(*arguments: Any) -> int:
        rectangle = next(one._obj for one in arguments if hasattr(one, "_obj"))
        rectangle.left, rectangle.top, rectangle.right, rectangle.bottom = left, top, right, bottom
        return result

    return tell


@pytest.mark.parametrize(
    ("functions", "rect"),
    [
        ({"DwmGetWindowAttribute": edges(0, 107, 100, 493, 393)}, QRect(107, 100, 386, 293)),
        ({"DwmGetWindowAttribute": edges(-2147024809, 0, 0, 0, 0)}, QRect(100, 100, 400, 300)),
        ({"IsIconic": lambda window: 1}, None),
        ({"DwmGetWindowAttribute": lambda *_: -1, "GetWindowRect": lambda *_: 0}, None),
    ],
)
def test_place_of_a_window_has_no_invisible_borders(
    functions: dict[str, Callable[..., int]], rect: QRect | None
) -> None:
    with windows_modules("desktop.ui.win32") as (libraries, [win32]):
        libraries.functions |= {"GetWindowRect": edges(1, 100, 100, 500, 400), **functions}
        assert win32.WindowsWindowSystem().find_rect(7) == rect
