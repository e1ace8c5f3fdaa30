from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from Xlib import Xatom
from Xlib.display import Display
from Xlib.error import BadAtom, ConnectionClosedError

from desktop.core.types import Target
from desktop.platforms.linux.x11_focus import find_active_target, find_xwayland_target, read_process_name
from tests.conftest import bare_display
from tests.support.x_clients import Client, focused, program


class Refusing:
    """A display on which every question raises an error."""

    def __init__(self, error: type[Exception]) -> None:
        self._error = error

    def screen(self) -> Any:
        raise self._error.__new__(self._error)


@pytest.fixture
def connection(display: str) -> Iterator[Any]:
    opened = Display(display)
    yield opened
    opened.close()


def test_focused_window_has_class_title_and_process(display: str, connection: Any) -> None:
    with program(display, "dictée", "xterm", "-u8", "-T", "dictée", "-e", "cat") as window:
        target = find_active_target(connection)
        assert (target.handle, target.app, target.title) == (window, "XTerm", "dictée")
        assert read_process_name(target.pid) == "xterm"


def test_window_gone_while_asked_is_no_window(display: str, connection: Any) -> None:
    with Client(display, "gone", show=True) as client:
        focused(display, "gone")
        root = connection.screen().root
        name = connection.get_atom("_NET_ACTIVE_WINDOW")
        known = root.get_full_property(name, 0).value[0]
        assert known == client.window.id
    other = Display(display)
    other.screen().root.change_property(name, 33, 32, [known])
    other.sync()
    assert find_active_target(connection) == Target()
    other.screen().root.change_property(name, 33, 32, [0])
    other.close()


def test_a_window_may_say_of_itself_what_it_likes(display: str, connection: Any) -> None:
    with Client(display, "odd", show=True) as client:
        focused(display, "odd")
        other = Display(display)
        for kind in ("COMPOUND_TEXT", "UTF8_STRING", "CARDINAL"):
            window = other.create_resource_object("window", client.window.id)
            window.change_property(Xatom.WM_CLASS, other.get_atom(kind), 8, b"odd\0Odd\0")
            window.change_property(Xatom.WM_NAME, Xatom.STRING, 8, b"A title. " * 100)
            other.sync()
            target = find_active_target(connection)
            assert (target.handle, target.app, target.title) == (window.id, "Odd", "A title. " * 100)
        window.change_property(Xatom.WM_CLASS, Xatom.CARDINAL, 32, [7, 8])
        other.sync()
        assert find_active_target(connection).handle == window.id
        other.close()


@pytest.mark.parametrize("error", [TypeError, AttributeError, struct.error, BadAtom])
def test_what_cannot_be_understood_is_no_window(error: type[Exception]) -> None:
    assert find_active_target(Refusing(error)) == find_xwayland_target(Refusing(error)) == Target()


def test_lost_server_raises_instead_of_no_window() -> None:
    with pytest.raises(ConnectionClosedError):
        find_active_target(Refusing(ConnectionClosedError))


def test_focus_without_manager_finds_named_ancestor() -> None:
    with bare_display() as name, closing(Display(name)) as connection:
        connection.set_input_focus(0, 0, 0)
        assert find_active_target(connection) == Target()
        window = connection.screen().root.create_window(0, 0, 100, 100, 0, 24)
        inner = window.create_window(0, 0, 10, 10, 0, 24)
        window.set_wm_class("bare", "Bare")
        window.set_wm_name("A title")
        window.change_property(connection.get_atom("_NET_WM_PID"), 6, 32, [os.getpid()])
        window.map()
        inner.map()
        inner.set_input_focus(0, 0)
        connection.sync()
        assert find_active_target(connection) == Target(window.id, "Bare", "A title", os.getpid())


def test_window_without_application_is_no_xwayland_window() -> None:
    with bare_display() as name, closing(Display(name)) as connection:
        assert find_xwayland_target(connection) == Target(), "no window manager tells"
        root = connection.screen().root
        window = root.create_window(0, 0, 100, 100, 0, 24)
        window.map()
        window.set_input_focus(0, 0)
        root.change_property(connection.get_atom("_NET_ACTIVE_WINDOW"), Xatom.WINDOW, 32, [window.id])
        assert find_xwayland_target(connection) == Target(), "Mutter has one for windows that are not X windows"
        window.set_wm_class("bare", "Bare")
        assert find_xwayland_target(connection) == Target(window.id, "Bare")
        root.change_property(connection.get_atom("_NET_ACTIVE_WINDOW"), Xatom.WINDOW, 32, [0])
        assert find_xwayland_target(connection) == Target()


def test_a_process_that_is_not_there_has_no_name() -> None:
    assert read_process_name(0) == ""
