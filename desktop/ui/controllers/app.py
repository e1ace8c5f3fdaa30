"""What every window may request: commands to the engine, settings and other windows; and the other controllers.

The tray needs this module and is visible before the engine is imported, so this module imports late what takes time.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from desktop.core.errors import UserError
from desktop.platforms import autostart
from desktop.settings.schema import Settings
from desktop.ui.bridge import ListOption
from desktop.ui.controllers.controller import Controller, ControllerContext, OnResult

if TYPE_CHECKING:
    from desktop.app.engine import Engine
    from desktop.ui.controllers.audio import AudioController
    from desktop.ui.controllers.bench import BenchController
    from desktop.ui.controllers.history import HistoryController
    from desktop.ui.controllers.models import ModelsController
    from desktop.ui.controllers.services import ServicesController
    from desktop.ui.controllers.text import TextController


class AppController(Controller):
    """Requests of every window.

    `open_window` opens a window by name; `on_settings_changed` is called on the main thread after each change made
    here.
    """

    def __init__(
        self, context: ControllerContext, open_window: Callable[[str], None], on_settings_changed: Callable[[], None]
    ) -> None:
        super().__init__(context)
        self.live_settings = context.live_settings
        self.open_window = open_window
        self._on_settings_changed = on_settings_changed

    @cached_property
    def history(self) -> HistoryController:
        """Requests about the history."""
        from desktop.ui.controllers.history import HistoryController

        return HistoryController(self._context)

    @cached_property
    def bench(self) -> BenchController:
        """Requests about the comparison of models."""
        from desktop.ui.controllers.bench import BenchController

        return BenchController(self._context)

    @cached_property
    def models(self) -> ModelsController:
        """Requests about models."""
        from desktop.ui.controllers.models import ModelsController

        return ModelsController(self._context)

    @cached_property
    def services(self) -> ServicesController:
        """Requests about services and this machine."""
        from desktop.ui.controllers.services import ServicesController

        return ServicesController(self._context)

    @cached_property
    def text(self) -> TextController:
        """Requests about polish, styles and the vocabulary."""
        from desktop.ui.controllers.text import TextController

        return TextController(self._context)

    @cached_property
    def audio(self) -> AudioController:
        """Requests about the microphone and the cues."""
        from desktop.ui.controllers.audio import AudioController

        return AudioController(self._context)

    def show_invalid_lines(self) -> None:
        """Open the settings at the lines of the file that are not in force."""
        self.open_window("invalid_lines")

    def quit(self) -> None:
        """End the application."""
        QApplication.quit()

    def run_command(self, name: str) -> None:
        """Run a command of `desktop.app.commands`, such as "undo"."""
        self._post(lambda engine: engine.run_command(name))

    def suspend_hotkeys(self, active: bool) -> None:
        """Suspend the hotkeys while one is being recorded (`active`)."""
        self._post(lambda engine: engine.spawn(partial(engine.hotkeys.suspend, active)))

    def request_keys(self) -> None:
        """Ask the user for the keys, by the desktop's dialog."""
        self._post(lambda engine: engine.hotkeys.request_keys())

    def request_pasting(self) -> None:
        """Ask the user to let texts into windows, by the desktop's dialog."""
        self._post(lambda engine: engine.request_pasting())

    def find_key_grabber(self, on_result: Callable[[UserError | None], None]) -> None:
        """Find the program that grabs one of the hotkeys."""

        def find(engine: Engine) -> UserError | None:
            if sys.platform != "linux":
                return None
            from desktop.doctor.hotkeys import find_host_key_problem

            return find_host_key_problem(os.environ.get("DISPLAY", ""))

        self._run_with_engine(find, on_result)

    def list_microphones(self, on_result: Callable[[Sequence[ListOption]], None]) -> None:
        """List the connected microphones, the system's default first."""

        def load() -> list[ListOption]:
            from desktop.audio.microphone.devices import list_devices

            try:
                devices = list_devices()
            except UserError:
                devices = []
            default = ListOption("", QCoreApplication.translate("asking", "System default"))
            return [default, *(ListOption(device.id, device.name) for device in devices)]

        self._run_or_log(load, on_result)

    def settings(self) -> Settings:
        """Return the settings in force."""
        return self.live_settings.load().settings

    def set_setting(self, key: str, value: str) -> None:
        """Set a setting. Raises `SettingsError` for an invalid value."""
        self.live_settings.write_setting(key, value)
        self._on_settings_written()

    def reset_setting(self, key: str) -> None:
        """Reset a setting to its default. Raises `SettingsError`."""
        self.live_settings.reset_setting(key)
        self._on_settings_written()

    def apply_autostart(self, on_result: OnResult[None]) -> None:
        """Make the session start match the setting, which the user may have chosen long ago."""
        self._run_with_engine(
            lambda engine: autostart.set_autostart(self.settings().startup.autostart == "on", is_chosen=False),
            on_result,
        )

    def check_encryption(self, on_result: Callable[[UserError | None], None]) -> None:
        """Find what prevents encrypting the history where that is chosen; this may reset the setting."""

        def check(engine: Engine) -> UserError | None:
            from desktop.history import encryption

            problem = encryption.find_encryption_problem(self._paths)
            if problem is not None:
                self._post(lambda engine: engine.on_settings_written())
                self._call(self._on_settings_changed)
            return problem

        self._run_with_engine(check, on_result)

    def _on_settings_written(self) -> None:
        self._post(lambda engine: engine.reload())
        self._on_settings_changed()
