"""The hook that a listener of pynput carries: what is withheld, what goes on, and whether Windows has allowed it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from desktop.hotkeys.windows_hook import WindowsHook

THREAD = 7


class SuppressError(Exception):
    """What pynput raises to withhold an event."""


@dataclass
class Hook:
    """pynput's own: a number from Windows, 0 if refused."""

    _hook: int


class Listener:
    """pynput's, whose events a test gives it."""

    ident = THREAD

    def __init__(self, win32_event_filter: Callable[[int, Any], bool]) -> None:
        self._filter = win32_event_filter
        self.calls: list[str] = []

    def start(self) -> None:
        self.calls.append("start")

    def stop(self) -> None:
        self.calls.append("stop")

    def join(self, timeout_s: float) -> None:
        self.calls.append("join")

    def suppress_event(self) -> None:
        raise SuppressError

    def gets(self, message: int) -> bool:
        """Whether Windows lets the event go on to programs."""
        try:
            assert not self._filter(message, None), "pynput would translate the key"
        except SuppressError:
            return False
        return True


def opened(is_withheld: Callable[[int, Any], bool], number: int = 1) -> tuple[WindowsHook, Listener]:
    made: list[Listener] = []

    def make(**options: Any) -> Listener:
        made.append(Listener(**options))
        return made[0]

    return WindowsHook(make, {THREAD: Hook(number)}, is_withheld), made[0]


def test_hook_withholds_what_the_filter_says() -> None:
    _, listener = opened(lambda message, _: message == 2)
    assert [listener.gets(message) for message in (1, 2, 3)] == [True, False, True]


def test_hook_lets_go_on_what_the_filter_failed_at() -> None:
    def fail(message: int, _: Any) -> bool:
        raise ValueError(message)

    _, listener = opened(fail)
    assert listener.gets(1)


@pytest.mark.parametrize(("number", "is_installed"), [(1, True), (0, False)])
def test_hook_that_windows_refuses_is_known(number: int, is_installed: bool) -> None:
    assert opened(lambda message, _: False, number)[0].is_installed is is_installed


def test_hook_ends_its_thread() -> None:
    hook, listener = opened(lambda message, _: False)
    hook.close()
    assert listener.calls == ["start", "stop", "join"]
