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


def focus_control(thread: int, found: Any) -> bool:
    """GetGUIThreadInfo of a thread in which `CONTROL` has the focus."""
    found._obj.focus = CONTROL
    return True


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

    def name(window: int, buffer: Any, length: int) -> int:
        buffer.value = class_name
        return len(class_name)

    def ask(control: int, *_: object) -> int:
        asked_of_accessibility.append(control)
        return -1

    libraries.functions |= {"GetGUIThreadInfo": focus_control, "GetClassNameW": name, "AccessibleObjectFromWindow": ask}
    assert desktop.read_selection(TARGET) is None
    assert asked_of_accessibility == asked


@pytest.mark.parametrize(
    ("focused_pid", "names"),
    [(TARGET.pid, ("Editor", "Editor")), (71, ("Editor", "msedgewebview2")), (72, ("Editor", "Editor"))],
)
def test_page_within_a_window_is_another_programs(
    windows: tuple[WindowsLibraries, Any], focused_pid: int, names: tuple[str, str]
) -> None:
    libraries, desktop = windows

    def find_process(window: int, pid: Any) -> int:
        if pid is not None:
            pid._obj.value = focused_pid if window == CONTROL else TARGET.pid
        return 1

    def find_path(handle: int, flags: int, path: Any, length: Any) -> bool:
        path.value = r"C:\Edge\msedgewebview2.exe"
        return True

    libraries.functions |= {
        "GetGUIThreadInfo": focus_control,
        "GetWindowThreadProcessId": find_process,
        "OpenProcess": lambda access, inherits, pid: pid if pid == 71 else 0,
        "QueryFullProcessImageNameW": find_path,
    }
    assert desktop.app_names(TARGET) == names
