"""What the window asks Windows to be told of, in a process whose Windows only notes what is called."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

END_TIMEOUT_S = 4.0

PROGRAM = """
import ctypes, json, logging, sys, time
from time import sleep

refused = sys.argv[1]
results = {"CreateWindowExW": 7, "WTSRegisterSessionNotification": 1, "RegisterSuspendResumeNotification": 9}
calls, handlers = [], []

class Function:
    def __init__(self, name):
        self.name = name

    def __call__(self, *arguments):
        if self.name == "SetConsoleCtrlHandler":
            calls.append([self.name, arguments[1]])
            handlers.append(arguments[0])
            return 1
        if "Notification" in self.name or "Window" in self.name:
            calls.append([self.name, arguments[0]])
        return 0 if self.name == refused else results.get(self.name, 0)

class Library:
    def __getattr__(self, name):
        return Function(name)

ctypes.CDLL = ctypes.PyDLL = lambda name: Library()
logging.basicConfig(level=logging.INFO, format="%(message)s")

from desktop.platforms.windows.session_window import SessionWindow

held = []
time.sleep = held.append
changes = []
window = SessionWindow(lambda change: changes.append(change.name))
while not handlers:
    sleep(0.01)
answers = [handlers[0](event) for event in (0, 1, 2)]
window.close()
window._thread.join()
print(json.dumps([calls, answers, changes, held]))
"""


def run_window(refused: str = "") -> tuple[dict[str, object], str]:
    """Open and close the window; return what was called, each with its first argument, and what was logged.

    Windows tells it of Ctrl+C, Ctrl+Break and the console's end.
    """
    command = [sys.executable, "-c", PROGRAM, refused]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    calls, answers, changes, held = json.loads(done.stdout)
    assert (answers, changes) == ([0, 0, 1], ["END"]), "of the console"
    assert held == [END_TIMEOUT_S], "until the app has ended by itself"
    console = [argument for name, argument in calls if name == "SetConsoleCtrlHandler"]
    assert console == [1, 0]
    return {name: argument for name, argument in calls if name != "SetConsoleCtrlHandler"}, done.stderr


def test_window_is_told_of_sleep_and_lock() -> None:
    calls, log = run_window()
    assert list(calls) == [
        *("CreateWindowExW", "WTSRegisterSessionNotification", "RegisterSuspendResumeNotification"),
        *("UnregisterSuspendResumeNotification", "DestroyWindow"),
    ]
    assert calls["RegisterSuspendResumeNotification"] == 7, "the window"
    assert calls["UnregisterSuspendResumeNotification"] == 9, "what registering has returned"
    assert log == ""


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        ("RegisterSuspendResumeNotification", "modern standby cannot be detected\n"),
        ("WTSRegisterSessionNotification", "a locked screen cannot be detected\n"),
    ],
)
def test_window_serves_where_one_is_refused(refused: str, said: str) -> None:
    calls, log = run_window(refused)
    assert "DestroyWindow" in calls
    assert ("UnregisterSuspendResumeNotification" in calls) is (refused != "RegisterSuspendResumeNotification")
    assert log == said
