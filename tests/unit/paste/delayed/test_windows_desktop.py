"""What keeps a text from a window of Windows, which the tests play."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Event
from time import monotonic
from typing import Any

import pytest

from desktop.core.messages import Message
from desktop.core.types import Outcome, PasteResult, Target
from desktop.paste.request import FIELD_NOT_REPORTED, PASSWORD_FOCUSED, PASTE_CLOSED, refuse
from desktop.platforms.windows.controls import ES_PASSWORD
from tests.support.windows.libraries import WindowsLibraries, windows_modules

TARGET = Target(7, "Editor", "", 70)
CONTROL = 8
WAIT_S = 30.0
SELECTION_ANSWER_TIMEOUT_S = 1.0
HUNG = PasteResult(Outcome.COPIED, (Message("window-hung"),))


def never() -> bool:
    """The app goes on."""
    return False


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


def focus_class(class_name: str) -> dict[str, Callable[..., Any]]:
    """What Windows says where `CONTROL`, of this class, has the focus."""

    def name(window: int, buffer: Any, length: int) -> int:
        buffer.value = class_name
        return len(class_name)

    return {"GetGUIThreadInfo": focus_control, "GetClassNameW": name}


def test_hung_window_gets_no_keys(windows: tuple[WindowsLibraries, Any]) -> None:
    libraries, desktop = windows
    assert desktop.find_refusal(TARGET, WAIT_S, never) is None
    libraries.functions["IsHungAppWindow"] = lambda window: window == TARGET.handle
    assert desktop.find_refusal(TARGET, WAIT_S, never) == HUNG


@pytest.mark.parametrize(
    ("is_ending", "refusal"), [(never, refuse(FIELD_NOT_REPORTED)), (lambda: True, refuse(PASTE_CLOSED))]
)
def test_program_that_does_not_tell_its_field_gets_no_text(
    windows: tuple[WindowsLibraries, Any],
    is_ending: Callable[[], bool],
    refusal: PasteResult,
) -> None:
    libraries, desktop = windows
    answered = Event()
    libraries.functions["AccessibleObjectFromWindow"] = lambda *_: -1 if answered.wait(WAIT_S) else 0
    assert desktop.find_refusal(TARGET, 0.25, is_ending) == refusal
    answered.set()


def test_window_that_hangs_while_it_is_asked_is_a_hung_one(windows: tuple[WindowsLibraries, Any]) -> None:
    libraries, desktop = windows
    answered, asked = Event(), Event()

    def answer(*_: object) -> int:
        asked.set()
        return -1 if answered.wait(WAIT_S) else 0

    libraries.functions |= {"AccessibleObjectFromWindow": answer, "IsHungAppWindow": lambda window: asked.is_set()}
    assert desktop.find_refusal(TARGET, 0.25, never) == HUNG
    answered.set()


@pytest.mark.parametrize(("timeout_s", "is_ending"), [(WAIT_S, lambda: True), (0.0, never)])
def test_program_that_answers_at_once_gets_the_text_while_the_app_quits(
    windows: tuple[WindowsLibraries, Any], timeout_s: float, is_ending: Callable[[], bool]
) -> None:
    _, desktop = windows
    assert [desktop.find_refusal(replace(TARGET, handle=handle), timeout_s, is_ending) for handle in (7, 8, 9)] == [
        None,
        None,
        None,
    ]


def test_selection_of_a_silent_program_is_not_waited_for_while_the_app_quits(
    windows: tuple[WindowsLibraries, Any],
) -> None:
    libraries, desktop = windows
    answered = Event()
    libraries.functions |= {
        **focus_class("TEdit"),
        "AccessibleObjectFromWindow": lambda *_: -1 if answered.wait(WAIT_S) else 0,
    }
    started_at = monotonic()
    assert desktop.read_selection(TARGET, never) is None
    waited_s = monotonic() - started_at
    assert waited_s >= SELECTION_ANSWER_TIMEOUT_S
    started_at = monotonic()
    assert desktop.read_selection(TARGET, lambda: True) is None
    assert monotonic() - started_at < SELECTION_ANSWER_TIMEOUT_S
    answered.set()


@pytest.mark.parametrize(("pid", "is_asked"), [(TARGET.pid, True), (os.getpid(), False)])
def test_own_windows_are_not_asked_for_passwords(
    windows: tuple[WindowsLibraries, Any], pid: int, is_asked: bool
) -> None:
    libraries, desktop = windows
    asked, began = list[int](), Event()

    def find_process(window: int, found: Any) -> int:
        if found is not None:
            found._obj.value = pid
        return 1

    def answer(window: int, *_: object) -> int:
        asked.append(window)
        began.set()
        return -1

    libraries.functions |= {
        "GetForegroundWindow": lambda: TARGET.handle,
        "GetWindowThreadProcessId": find_process,
        "AccessibleObjectFromWindow": answer,
    }
    assert desktop.target_window().pid == pid
    if is_asked:
        assert began.wait(WAIT_S)
    desktop.find_refusal(replace(TARGET, handle=9), WAIT_S, never)
    assert asked == ([TARGET.handle, 9] if is_asked else [9])


@pytest.mark.parametrize(
    ("class_name", "handle"),
    [
        ("Shell_TrayWnd", 0),
        ("Shell_SecondaryTrayWnd", 0),
        ("NotifyIconOverflowWindow", 0),
        ("TopLevelWindowForOverflowTray", 0),
        ("XamlExplorerHostIslandWindow", TARGET.handle),
        ("Notepad", TARGET.handle),
    ],
)
def test_taskbar_is_no_target(windows: tuple[WindowsLibraries, Any], class_name: str, handle: int) -> None:
    libraries, desktop = windows
    libraries.functions |= {"GetForegroundWindow": lambda: TARGET.handle, **focus_class(class_name)}
    assert desktop.target_window().handle == handle


@pytest.mark.parametrize(
    ("class_name", "style", "refusal"),
    [("Edit", 0, None), ("RICHEDIT50W", 0, None), ("TEdit", ES_PASSWORD, PASSWORD_FOCUSED)],
)
def test_edit_control_tells_passwords_by_its_style(
    windows: tuple[WindowsLibraries, Any], class_name: str, style: int, refusal: PasteResult | None
) -> None:
    libraries, desktop = windows
    asked = list[int]()

    def ask(control: int, *_: object) -> int:
        asked.append(control)
        return -1

    libraries.functions |= {**focus_class(class_name), "AccessibleObjectFromWindow": ask}
    libraries.functions["GetWindowLongW"] = lambda *_: style
    desktop.target_window()
    assert desktop.find_refusal(TARGET, WAIT_S, never) == refusal
    assert asked == []


@pytest.mark.parametrize("class_name", ["Chrome_WidgetWin_1", "Edit"])
def test_only_an_edit_control_is_asked_for_a_selection(windows: tuple[WindowsLibraries, Any], class_name: str) -> None:
    libraries, desktop = windows
    sent = list[int]()

    def send(control: int, *_: object) -> int:
        sent.append(control)
        return 0

    libraries.functions |= {**focus_class(class_name), "SendMessageTimeoutW": send}
    assert desktop.read_selection(TARGET, never) is None
    assert set(sent) == ({CONTROL} if class_name == "Edit" else set())


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
