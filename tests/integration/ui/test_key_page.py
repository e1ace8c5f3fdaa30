"""A start without a talk key, in the app's windows, with a desktop's portal of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio.from_thread import start_blocking_portal

from desktop.app.status import StatusPublisher
from desktop.core.paths import Paths, find_paths
from desktop.hotkeys.gesture_runner import GestureRunner
from desktop.hotkeys.manager import HotkeyManager
from desktop.settings.live import LiveSettings
from desktop.settings.schema import Settings
from desktop.ui.bridge import Bridge
from desktop.ui.no_key import NoKeyNotice
from desktop.ui.onboarding.hotkey import HotkeyStep
from desktop.ui.onboarding.window import OnboardingWindow
from desktop.ui.window_manager import WindowManager
from tests.support.portal import fake_portal
from tests.support.portal_keys import CHOSEN, VERSION
from tests.support.ui.first_steps import Machine
from tests.unit.ui.conftest import Engine, Kept


@dataclass
class Start:
    """A start of the app: its windows, and the notice in the history."""

    windows: WindowManager
    qtbot: Any

    @property
    def notice(self) -> NoKeyNotice:
        return self.windows.windows["history"].findChild(NoKeyNotice)

    @property
    def page(self) -> OnboardingWindow | None:
        """The first run's window, where it is open."""
        onboarding = self.windows._onboarding
        return onboarding()._window if onboarding.cache_info().currsize else None

    def wait_notice(self, text: str) -> None:
        """Wait until the history says it, "" for nothing."""
        self.qtbot.waitUntil(lambda: not self.windows.is_creating)
        self.qtbot.waitUntil(lambda: self.notice.words.text() == text)
        assert self.notice.isVisible() is bool(text)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bus: str) -> Paths:
    """The home of an app in a GNOME session whose portal is on `bus`."""
    for name, value in (
        ("INTONE_HOME", str(tmp_path)),
        ("WAYLAND_DISPLAY", "wayland-0"),
        ("DBUS_SESSION_BUS_ADDRESS", bus),
        ("XDG_CURRENT_DESKTOP", "GNOME"),
        ("PATH", "/nowhere"),
    ):
        monkeypatch.setenv(name, value)
    return find_paths()


@pytest.fixture
def start(home: Paths, bus: str, qtbot) -> Iterator[Callable[[], Start]]:
    """Starts the app's keys and windows, once; the portal gives F9 when it is asked."""
    with start_blocking_portal() as loop:
        ended = anyio.Event()
        bridge, engine = Bridge(), Engine(Kept(home.history))
        begun: list[WindowManager] = []

        async def run_keys(*, task_status: anyio.abc.TaskStatus[HotkeyManager]) -> None:
            async with fake_portal(bus, **VERSION) as portal:
                portal.results["BindShortcuts"] = CHOSEN
                runner = GestureRunner(lambda intent: None)
                keys = HotkeyManager(
                    Settings().hotkey,
                    runner,
                    lambda work: loop.start_task_soon(run_soon, work),
                    lambda problem: publisher.update_health(hotkey=problem),
                    lambda name: None,
                    agreed=home.portal_keys,
                )
                await keys.open()
                task_status.started(keys)
                await ended.wait()
                await anyio.to_thread.run_sync(keys.close)
                runner.close()

        async def run_soon(work: Callable[[], None]) -> None:
            work()

        publisher = StatusPublisher(bridge.show, lambda on: None, lambda: False)

        def begin() -> Start:
            app = Machine().app(engine, live_settings=LiveSettings(home))
            begun.append(WindowManager(home, app, bridge, lambda work: None, first_run=False))
            app.open_window = lambda name: begun[0].openers[name]()
            future, keys = loop.start_task(run_keys)
            app.request_keys = keys.request_keys
            running.append(future)
            return Start(begun[0], qtbot)

        running: list[Any] = []
        yield begin
        for windows in begun:
            windows.close()
        loop.call(ended.set)
        for future in running:
            future.result()


UNASKED = "Your desktop has not been asked for a talk key yet."


def test_settings_of_a_command_before_the_first_start_leave_the_key_page(home: Paths, start, qtbot) -> None:
    LiveSettings(home).write_setting("look.theme", "dark")
    app = start()
    app.wait_notice(UNASKED)
    qtbot.waitUntil(lambda: app.page is not None)
    step = app.page.current_step
    assert isinstance(step, HotkeyStep)
    assert app.page.isVisible()
    step.request_button.click()
    app.wait_notice("")
    qtbot.waitUntil(lambda: step.title == "Hold this key to talk")
    app.page.close()
    assert LiveSettings(home).is_first_run_finished()


def test_finished_first_run_leaves_a_notice_that_leads_to_the_key_page(home: Paths, start, qtbot) -> None:
    LiveSettings(home).finish_first_run()
    app = start()
    app.wait_notice(UNASKED)
    assert app.page is None
    app.notice.button.click()
    assert isinstance(app.page.current_step, HotkeyStep)
    app.page.current_step.request_button.click()
    app.wait_notice("")
