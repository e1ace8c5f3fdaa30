"""The windows behind the tray: what is made when, and what is brought up that is not made yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from desktop.core.errors import HotkeyError
from desktop.core.paths import find_paths
from desktop.core.state import AppState, Health, Listening
from desktop.ui.bridge import Bridge
from desktop.ui.history.window import HistoryWindow
from desktop.ui.settings.window import PAGE_TYPES, SettingsWindow
from desktop.ui.window_manager import WindowManager
from tests.unit.ui.conftest import said

LISTENING = AppState(Listening(), Health(engine_loaded=True))


@pytest.fixture
def bridge(qtbot) -> Bridge:
    return Bridge()


@pytest.fixture
def begin(bridge, engine, tmp_path, monkeypatch) -> Iterator[Callable[..., WindowManager]]:
    """Makes the windows, as the app does behind the tray."""
    monkeypatch.setenv("INTONE_HOME", str(tmp_path))
    begun: list[WindowManager] = []

    def begin(*, is_quiet: bool = False) -> WindowManager:
        app = engine.app()
        begun.append(WindowManager(find_paths(), app, bridge, lambda work: None, first_run=False, is_quiet=is_quiet))
        return begun[0]

    yield begin
    for windows in begun:
        windows.close()


def test_pill_made_at_once_other_windows_later(begin, qtbot) -> None:
    windows = begin()
    assert not windows.pill.isVisible()
    assert windows.windows == {}
    qtbot.waitUntil(lambda: list(windows.windows) == ["history", "mood", "settings"])


@pytest.mark.parametrize("is_quiet", [False, True])
def test_history_without_a_tray_comes_up_unless_started_anew(begin, qtbot, is_quiet: bool) -> None:
    windows = begin(is_quiet=is_quiet)
    qtbot.waitUntil(lambda: "settings" in windows.windows)
    assert windows.windows["history"].isVisible() is not is_quiet


@pytest.mark.parametrize("is_quiet", [False, True])
def test_start_without_key_and_first_run_opens_the_key_page_unless_started_anew(
    begin, bridge, qtbot, is_quiet: bool
) -> None:
    windows = begin(is_quiet=is_quiet)
    bridge.show(AppState(health=Health(hotkey=HotkeyError("portal-key-unasked"))))
    qtbot.waitUntil(lambda: bridge.last_state.health.hotkey is not None)
    assert bool(windows._onboarding.cache_info().currsize) is not is_quiet


def test_settings_made_by_section_and_none_twice(begin, qtbot) -> None:
    windows = begin()
    qtbot.waitUntil(lambda: "settings" in windows.windows)
    settings = windows.windows["settings"]
    assert isinstance(settings, SettingsWindow)
    assert len(settings.created_pages) < len(PAGE_TYPES)
    qtbot.waitUntil(lambda: len(settings.created_pages) == len(PAGE_TYPES))
    assert [type(page) for page in settings.pages] == list(PAGE_TYPES)


@pytest.mark.parametrize("name", ["history", "mood", "settings"])
def test_opening_unmade_window_makes_it(begin, name) -> None:
    windows = begin()
    windows.openers[name]()
    assert windows.windows[name].isVisible()


@pytest.mark.parametrize("name", ["history", "mood", "settings"])
def test_minimized_window_is_restored(begin, name) -> None:
    windows = begin()
    windows.openers[name]()
    window = windows.windows[name]
    window.showMinimized()
    windows.openers[name]()
    assert window.isVisible()
    assert not window.isMinimized()


def test_window_names_are_words_without_spaces(begin) -> None:
    assert [name for name in begin().openers if not name.isidentifier()] == []


@pytest.mark.parametrize("is_open", [False, True])
def test_settings_opened_at_ignored_lines(begin, qtbot, tmp_path, is_open) -> None:
    windows = begin()
    if is_open:
        windows.openers["settings"]()
    (tmp_path / "settings.toml").write_text('[look]\ntheme = "drak"\n')
    windows.openers["invalid_lines"]()
    notice = windows.windows["settings"].invalid_lines
    assert "look.theme cannot be drak." in notice.label.text()
    qtbot.waitUntil(notice.button.hasFocus)


def test_settings_opened_early_are_whole_rest_follows(begin, qtbot) -> None:
    windows = begin()
    windows.openers["settings"]()
    assert len(windows.windows["settings"].created_pages) == len(PAGE_TYPES)
    qtbot.waitUntil(lambda: not windows.is_creating)


def test_refresh_shows_what_the_history_now_holds(begin, engine) -> None:
    windows = begin()
    windows.openers["history"]()
    history = windows.windows["history"]
    assert isinstance(history, HistoryWindow)
    assert history.model.rowCount() == 0
    engine.kept.keep([said("Hello there.")])
    windows.refresh()
    assert history.model.rowCount() == 1


def test_late_window_gets_last_shown_state(begin, bridge, qtbot) -> None:
    windows = begin()
    bridge.show(LISTENING)
    qtbot.waitUntil(lambda: bridge.last_state is LISTENING)
    windows.openers["settings"]()
    assert windows.windows["settings"].app_state is LISTENING
