"""Build the `WindowActions`: hand what the windows request to the engine's loop.

The engine and most of what is requested are imported late, so this module names the engine only for a type checker.
Disk and device access happens in worker threads; a `UserError` is returned as the result.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from desktop.core.errors import UserError
from desktop.core.paths import Paths
from desktop.history.rows import HistoryRow
from desktop.history.statistics import HistoryStatistics
from desktop.settings.live import LiveSettings
from desktop.ui.bridge import ListOption, WindowActions
from desktop.ui.controllers import history, models, services
from desktop.ui.controllers.audio import build_audio_actions
from desktop.ui.controllers.text import build_text_actions
from desktop.ui.controllers.threads import CallOnMainThread, PostToEngine

translate = QCoreApplication.translate

if TYPE_CHECKING:
    from desktop.app.engine import Engine
    from desktop.doctor.checks import Finding
    from desktop.emotion.baseline import BaselineStatus


def create_actions(
    paths: Paths,
    live_settings: LiveSettings,
    post: PostToEngine,
    call: CallOnMainThread,
    show_window: Callable[[str], None],
    on_setting_changed: Callable[[], None],
) -> WindowActions:
    """Return the actions. `show_window` opens a window by name; `on_setting_changed` is called after each change."""

    def set_setting(key: str, value: str) -> None:
        live_settings.write_setting(key, value)
        post(lambda engine: engine.reload())
        on_setting_changed()

    def reset_setting(key: str) -> None:
        live_settings.reset_setting(key)
        post(lambda engine: engine.reload())
        on_setting_changed()

    def on_encryption_reset() -> None:
        """Reload after a setting was reset to its default. Call from a worker thread."""
        post(lambda engine: engine.on_settings_written())
        call(on_setting_changed)

    def run_in_thread[T](work: Callable[[Engine], T], on_result: Callable[[T], None]) -> None:
        """Run `work` in a worker thread and call `on_result` with its result on the main thread."""
        post(
            lambda engine: engine.spawn_in_thread(lambda: work(engine), lambda result: call(partial(on_result, result)))
        )

    def copy_last() -> None:
        def copy(rows: Sequence[HistoryRow]) -> None:
            text = next((row.text for row in rows if row.text), None)
            if text is not None:
                QApplication.clipboard().setText(text)

        run_in_thread(lambda engine: engine.history.rows(), copy)

    return WindowActions(
        toggle=lambda: post(lambda engine: engine.toggle()),
        cancel=lambda: post(lambda engine: engine.cancel()),
        retry=lambda: post(lambda engine: engine.resume_last()),
        undo_cancel=lambda: post(lambda engine: engine.resume_last()),
        accept_suggestion=lambda: post(lambda engine: engine.learn_suggestion()),
        decline_suggestion=lambda: post(lambda engine: engine.decline_suggestion()),
        undo=lambda: post(lambda engine: engine.run_command("undo")),
        swap=lambda: post(lambda engine: engine.run_command("swap")),
        paste_raw=lambda: post(lambda engine: engine.run_command("paste-last-raw")),
        paste_last=lambda: post(lambda engine: engine.run_command("paste-last")),
        switch_emotion=lambda: post(lambda engine: engine.run_command("mood")),
        copy_last=copy_last,
        quit=QApplication.quit,
        show_history=lambda: show_window("history"),
        show_settings=lambda: show_window("settings"),
        show_statistics=lambda: show_window("mood"),
        set_setting=set_setting,
        reset_setting=reset_setting,
        suspend_hotkeys=lambda active: post(lambda engine: engine.suspend_hotkeys(active)),
        settings=lambda: live_settings.load().settings,
        history_actions=history.build_history_actions(paths, post, call),
        list_speech_models=lambda on_result: run_in_thread(lambda engine: _list_speech_models(paths), on_result),
        list_language_models=lambda on_result: run_in_thread(lambda engine: _list_language_models(paths), on_result),
        list_microphones=lambda on_result: run_in_thread(lambda engine: _list_microphones(), on_result),
        invalid_lines=lambda: live_settings.load().warnings,
        invalid_urls=lambda: live_settings.load().lost_urls,
        service_actions=services.build_service_actions(post, call),
        doctor_actions=services.build_doctor_actions(paths, call),
        check_for_update=services.build_update_check(post, call),
        show_doctor=lambda: show_window("doctor"),
        show_onboarding=lambda: show_window("onboarding"),
        forget_emotions=lambda on_result: run_in_thread(lambda engine: _forget_emotions(engine), on_result),
        load_known_voice=lambda on_result: run_in_thread(lambda engine: _load_known_voice(paths), on_result),
        model_actions=models.build_model_actions(paths, post, call),
        load_statistics=lambda since, on_result: run_in_thread(
            lambda engine: _compute_statistics(paths, since), on_result
        ),
        find_missing=lambda on_result: run_in_thread(lambda engine: _find_missing(), on_result),
        audio_actions=build_audio_actions(paths, post, call),
        apply_autostart=lambda on_result: run_in_thread(lambda engine: _apply_autostart(live_settings), on_result),
        check_encryption=lambda on_result: run_in_thread(
            lambda engine: _check_encryption(paths, on_encryption_reset), on_result
        ),
        text_actions=build_text_actions(paths, live_settings, post, call),
        pause_keys=lambda paused: post(lambda engine: engine.pause_keys(paused)),
        find_key_grabber=lambda on_result: run_in_thread(lambda engine: _find_key_grabber(), on_result),
    )


def _apply_autostart(live_settings: LiveSettings) -> UserError | None:
    from desktop.platforms import autostart

    return autostart.try_set_autostart(live_settings.load().settings.startup.autostart == "on")


def _check_encryption(paths: Paths, on_reset: Callable[[], None]) -> UserError | None:
    """Return what prevents encrypting the history; call `on_reset` when the setting was reset because of it."""
    from desktop.history import encryption

    problem = encryption.find_encryption_problem(paths)
    if problem is not None:
        on_reset()
    return problem


def _find_missing() -> Sequence[Finding]:
    from desktop.doctor.onboarding import find_missing_requirements

    return find_missing_requirements()


def _compute_statistics(paths: Paths, since: datetime | None) -> HistoryStatistics | UserError:
    """Return statistics of the history, or the error that prevents them."""
    from desktop.history.statistics import compute_statistics

    try:
        return compute_statistics(paths.history, datetime.now().astimezone().date(), since)
    except UserError as problem:
        return problem


def _forget_emotions(engine: Engine) -> int | UserError:
    """Delete the emotion of every dictation; return how many had one, or the error."""
    try:
        return engine.forget_emotions()
    except UserError as problem:
        return problem


def _load_known_voice(paths: Paths) -> BaselineStatus | None:
    """Return what is known of the voice heard last."""
    from desktop.emotion.baseline import StoredVoiceBaselines

    try:
        return StoredVoiceBaselines(paths.history).latest_status()
    except UserError:
        return None


def _list_speech_models(paths: Paths) -> list[ListOption]:
    """Return the speech models, the automatic choice first."""
    from desktop.settings.schema import AUTO
    from models.store import ModelStore

    store = ModelStore(paths.models)
    installed = set(store.list_installed())
    automatic = ListOption(AUTO, translate("asking", "Automatic"), translate("asking", "the best for this machine"))
    return [
        automatic,
        *(
            ListOption(name, name, translate("asking", "installed") if name in installed else "")
            for name in store.models
        ),
    ]


def _list_language_models(paths: Paths) -> list[ListOption]:
    """Return the language models on this machine: choosing a missing one would not download it."""
    from desktop.settings.schema import AUTO
    from models.catalog import load_catalog
    from models.store import ModelStore

    installed = ModelStore(paths.models, load_catalog("language")).list_installed()
    note = translate("asking", "on this machine")
    return [ListOption(AUTO, translate("asking", "Automatic")), *(ListOption(name, name, note) for name in installed)]


def _list_microphones() -> list[ListOption]:
    from desktop.audio.microphone.devices import list_devices

    try:
        devices = list_devices()
    except UserError:
        devices = []
    return [
        ListOption("", translate("asking", "System default")),
        *(ListOption(device.id, device.name) for device in devices),
    ]


def _find_key_grabber() -> UserError | None:
    """Return an error that names the program that grabs one of the hotkeys."""
    if sys.platform != "linux" or not os.environ.get("DISPLAY"):
        return None
    from desktop.doctor.hotkeys import find_host_key_problem

    return find_host_key_problem(os.environ["DISPLAY"])
