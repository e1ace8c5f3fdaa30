"""What every window asks: settings in a real file, of which the engine and the tray are told, and commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop.core.errors import SettingsError
from desktop.core.paths import Paths
from desktop.settings import store
from desktop.settings.live import LiveSettings
from desktop.ui.controllers.app import AppController


class Told:
    """The part of an engine that is asked here; `asked` is what it was told."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def reload(self) -> None:
        self.asked.append("reload")

    def run_command(self, name: str) -> None:
        self.asked.append(name)

    def spawn_in_thread(self, work: Callable[[], Any], on_result: Callable[[Any], None]) -> None:
        on_result(work())


@pytest.fixture
def engine() -> Told:
    return Told()


@pytest.fixture
def app(tmp_path: Path, engine: Told) -> AppController:
    here = Paths(tmp_path, tmp_path, tmp_path, tmp_path)
    return AppController(
        here,
        LiveSettings(here),
        lambda work: work(engine),  # type: ignore[arg-type]
        lambda fn: fn(),
        lambda name: engine.asked.append(f"open {name}"),
        lambda: engine.asked.append("tray"),
    )


def test_setting_is_written_and_engine_and_tray_know(app: AppController, engine: Told, tmp_path: Path) -> None:
    app.set_setting("polish.mode", "off")
    assert app.settings().polish.mode == "off"
    assert store.load_settings(tmp_path / "settings.toml").settings.polish.mode == "off"
    app.reset_setting("polish.mode")
    assert app.settings().polish.mode == "rules"
    assert engine.asked == ["reload", "tray", "reload", "tray"]


def test_invalid_value_is_refused_and_nothing_told(app: AppController, engine: Told) -> None:
    with pytest.raises(SettingsError, match=r"recognizer\.language cannot be ger"):
        app.set_setting("recognizer.language", "ger")
    assert engine.asked == []


def test_lines_not_in_force_are_explained(app: AppController, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[engines.openai]\nurl = "htp://models.example/v1"\n')
    assert "engines.openai.url" in app.invalid_urls()
    assert any("engines.openai.url" in str(line) for line in app.invalid_lines())


def test_commands_and_windows_are_passed_on(app: AppController, engine: Told) -> None:
    app.run_command("undo")
    app.open_window("history")
    assert engine.asked == ["undo", "open history"]


def test_speech_models_are_listed_automatic_first(app: AppController) -> None:
    listed: list[Any] = []
    app.models.list_speech_models(listed.extend)
    assert (listed[0].value, listed[0].note) == ("auto", "the best for this machine")
    assert "base" in [option.value for option in listed]
