"""The start with Windows, in the registry."""

from __future__ import annotations

from tests.support.desks.wine import WINDOWS, WineDesk, windows_path


def test_run_value_is_ours_and_the_task_managers_choice_stays(desk: WineDesk) -> None:
    steps = desk.helper("autostart")
    without_console = windows_path(WINDOWS.python().with_name("pythonw.exe"))
    command, gone = f"{without_console} -P -m desktop", r'"C:\old place\Intone Dictation.exe"'
    assert steps == {
        "off": ["", True],
        "on": [command, True],
        "refused": "autostart-disabled",
        "switched off in the Task Manager": [command, False],
        "gone, and not wanted": [gone, False],
        "gone, and wanted": [command, False],
        "on again": [command, True],
        "off again": ["", True],
    }
