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
