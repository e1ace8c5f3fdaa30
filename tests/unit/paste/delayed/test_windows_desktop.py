"""What keeps a text from a window of Windows, which the tests play."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from desktop.core.messages import Message
from desktop.core.types import Outcome, PasteResult, Target
from tests.support.windows.libraries import WindowsLibraries, windows_modules

TARGET = Target(7, "Editor", "", 70)
CONTROL = 8


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[WindowsLibraries, Any]]:
    def fail(*_: object, **__: object) -> None:
        raise OSError("no process of Windows here")

    monkeypatch.setattr(subprocess, "Popen", fail)
    with windows_modules("desktop.paste.delayed.windows") as (libraries, [module]):
        libraries.functions["CreateWindowExW"] = lambda *_: 5
        yield libraries, module.WindowsPasteDesktop()


def test_hung_window_gets_no_keys(windows: tuple[WindowsLibraries, Any]) -> None:
    libraries, desktop = windows
    assert desktop.find_refusal(TARGET) is None
    libraries.functions["IsHungAppWindow"] = lambda window: window == TARGET.handle
    assert desktop.find_refusal(TARGET) == PasteResult(Outcome.COPIED, (Message("window-hung"),))


@pytest.mark.parametrize(("class_name", "asked"), [("Chrome_WidgetWin_1", []), ("Edit", [CONTROL])])
def test_only_an_edit_control_is_asked_for_a_selection(
    windows: tuple[WindowsLibraries, Any], class_name: str, asked: list[int]
) -> None:
    libraries, desktop = windows
    asked_of_accessibility = list[int]()

    def focus(thread: int, found: Any) -> bool:
        found._obj.focus = CONTROL
        return True

    def name(window: int, buffer: Any, length: int) -> int:
        buffer.value = class_name
        return len(class_name)

    def ask(control: int, *_: object) -> int:
        asked_of_accessibility.append(control)
        return -1

    libraries.functions |= {"GetGUIThreadInfo": focus, "GetClassNameW": name, "AccessibleObjectFromWindow": ask}
    assert desktop.read_selection(TARGET) is None
    assert asked_of_accessibility == asked
