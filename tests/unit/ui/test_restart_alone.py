"""The app starts anew only where its engine is still idle in the step that ends it, by itself without a window."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QWidget

from desktop.app.engine import Engine
from desktop.core.paths import Paths
from desktop.settings.live import LiveSettings
from desktop.ui.bridge import Bridge
from desktop.ui.main import _Background
from desktop.ui.restarter import Restarter


class LoopEngine:
    """An engine whose loop calls at once what is posted; it is idle, or not any more."""

    def __init__(self, *, is_idle: bool) -> None:
        self.is_idle = is_idle
        self.looks: list[bool] = []

    def post(self, work: Any, *arguments: Any) -> None:
        work(*arguments)

    def stop_if_idle(self, is_asked: bool) -> bool:
        self.looks.append(is_asked)
        return self.is_idle


def _create_background(folder: Path, engine: LoopEngine) -> tuple[_Background, Restarter]:
    paths, restarter = Paths(folder, folder, folder, folder), Restarter({})
    background = _Background(paths, LiveSettings(paths), Bridge(), restarter)
    background.engine = cast(Engine, engine)
    background.windows = cast(Any, SimpleNamespace(pill=None))
    return background, restarter


@pytest.mark.parametrize("is_asked", [True, False])
@pytest.mark.parametrize("is_idle", [True, False])
def test_restart_is_decided_by_the_engine(qtbot: Any, tmp_path: Path, is_idle: bool, is_asked: bool) -> None:
    engine = LoopEngine(is_idle=is_idle)
    background, restarter = _create_background(tmp_path, engine)
    background.restart(is_asked)
    assert (engine.looks, restarter.is_wanted) == ([is_asked], is_idle)


def test_restart_waits_for_a_window_unless_it_is_asked_for(qtbot: Any, tmp_path: Path) -> None:
    engine = LoopEngine(is_idle=True)
    background, restarter = _create_background(tmp_path, engine)
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    background.restart(False)
    assert (engine.looks, restarter.is_wanted) == ([], False)
    background.restart(True)
    assert (engine.looks, restarter.is_wanted) == ([True], True)
