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

from desktop.app.callbacks import Call, Post
from desktop.core.errors import Problem
from desktop.core.paths import Paths
from desktop.history.row import Row
from desktop.history.statistics import Insights
from desktop.settings import store as settings
from desktop.ui.bridge import Actions, Choice
from desktop.ui.controllers import choosing
from desktop.ui.controllers import history as past
from desktop.ui.controllers import models as model_shelf
from desktop.ui.controllers.audio import sounding
from desktop.ui.controllers.text import wording

translate = QCoreApplication.translate

if TYPE_CHECKING:
    from desktop.app.engine import Engine
    from desktop.doctor.checks import Finding
    from desktop.emotion.baseline import Known


def asking(here: Paths, post: Post, call: Call, show: Callable[[str], None], changed: Callable[[], None]) -> Actions:
    """Return the actions. `show_window` opens a window by name; `on_setting_changed` is called after each change."""
    standing = settings.Standing(here.settings)
    standing.load()  # before the file can disappear or become unreadable

    def set_setting(key: str, value: str) -> None:
        settings.put(here.settings, key, value)
        post(lambda engine: engine.reload())
        changed()

    def reset_setting(key: str) -> None:
        settings.reset(here.settings, key)
        post(lambda engine: engine.reload())
        changed()

    def taken_back() -> None:
        """Reload after a setting was reset to its default. Call from a worker thread."""
        post(lambda engine: engine.settings_written())
        call(changed)

    def later[T](work: Callable[[Engine], T], then: Callable[[T], None]) -> None:
        """Run `work` in a worker thread and call `on_result` with its result on the main thread."""
        post(lambda engine: engine.spawn_in_thread(lambda: work(engine), lambda found: call(partial(then, found))))

    def copy_last() -> None:
        def copy(rows: Sequence[Row]) -> None:
            text = next((row.text for row in rows if row.text), None)
            if text is not None:
                QApplication.clipboard().setText(text)

        later(lambda engine: engine.history.rows(), copy)

    return Actions(
        toggle=lambda: post(lambda engine: engine.toggle()),
        cancel=lambda: post(lambda engine: engine.cancel()),
        retry=lambda: post(lambda engine: engine.finish()),
        undo_cancel=lambda: post(lambda engine: engine.finish()),
        learn=lambda: post(lambda engine: engine.learn()),
        decline=lambda: post(lambda engine: engine.decline()),
        undo=lambda: post(lambda engine: engine.press("undo")),
        swap=lambda: post(lambda engine: engine.press("swap")),
        paste_raw=lambda: post(lambda engine: engine.press("paste-last-raw")),
        paste_last=lambda: post(lambda engine: engine.press("paste-last")),
        switch_emotion=lambda: post(lambda engine: engine.press("mood")),
        copy_last=copy_last,
        quit=QApplication.quit,
        show_history=lambda: show("history"),
        show_settings=lambda: show("settings"),
        show_mood=lambda: show("mood"),
        set_setting=set_setting,
        reset_setting=reset_setting,
        record_key=lambda active: post(lambda engine: engine.record_key(active)),
        settings=lambda: standing.load().settings,
        rows=past.rows(here, post, call),
        models=lambda then: later(lambda engine: _models(here), then),
        language_models=lambda then: later(lambda engine: _language_models(here), then),
        devices=lambda then: later(lambda engine: _devices(), then),
        dropped=lambda: standing.load().dropped,
        lost=lambda: standing.load().lost,
        services=choosing.services(post, call),
        checks=choosing.checks(here, call),
        newer=choosing.newer(post, call),
        show_doctor=lambda: show("doctor"),
        show_around=lambda: show("around"),
        forget_emotions=lambda then: later(lambda engine: _forget_emotions(engine), then),
        voice=lambda then: later(lambda engine: _voice(here), then),
        fetching=model_shelf.fetching(here, post, call),
        insights=lambda since, then: later(lambda engine: _insights(here, since), then),
        first_look=lambda then: later(lambda engine: _first_look(), then),
        sounding=sounding(here, post, call),
        autostart=lambda then: later(lambda engine: _autostart(here), then),
        sealed=lambda then: later(lambda engine: _sealed(here, taken_back), then),
        wording=wording(here, post, call),
        pause_keys=lambda paused: post(lambda engine: engine.pause_keys(paused)),
        key_host=lambda then: later(lambda engine: _key_host(), then),
    )


def _autostart(here: Paths) -> Problem | None:
    from desktop.platforms import autostart

    return autostart.problem(settings.load(here.settings).settings.startup.autostart == "on")


def _sealed(here: Paths, again: Callable[[], None]) -> Problem | None:
    """Return what prevents encrypting the history; call `on_reset` when the setting was reset because of it."""
    from desktop.history import encryption as turning

    problem = turning.in_the_way(here)
    if problem is not None:
        again()
    return problem


def _first_look() -> Sequence[Finding]:
    from desktop.doctor.onboarding import first_look

    return first_look()


def _insights(here: Paths, since: datetime | None) -> Insights | Problem:
    """Return statistics of the history, or the error that prevents them."""
    from desktop.history.asking import insights

    try:
        return insights(here.history, datetime.now().astimezone().date(), since)
    except Problem as problem:
        return problem


def _forget_emotions(engine: Engine) -> int | Problem:
    """Delete the emotion of every dictation; return how many had one, or the error."""
    try:
        return engine.forget_emotions()
    except Problem as problem:
        return problem


def _voice(here: Paths) -> Known | None:
    """Return what is known of the voice heard last."""
    from desktop.emotion.baseline import StoredVoices

    try:
        return StoredVoices(here.history).newest()
    except Problem:
        return None


def _models(here: Paths) -> list[Choice]:
    """Return the speech models, the automatic choice first."""
    from desktop.settings.schema import AUTO
    from models.store import Store

    store = Store(here.models)
    installed = set(store.installed())
    automatic = Choice(AUTO, translate("asking", "Automatic"), translate("asking", "the best for this machine"))
    return [
        automatic,
        *(Choice(name, name, translate("asking", "installed") if name in installed else "") for name in store.models),
    ]


def _language_models(here: Paths) -> list[Choice]:
    """Return the language models on this machine: choosing a missing one would not download it."""
    from desktop.settings.schema import AUTO
    from models.catalog import catalogue
    from models.store import Store

    installed = Store(here.models, catalogue("language")).installed()
    noted = translate("asking", "on this machine")
    return [Choice(AUTO, translate("asking", "Automatic")), *(Choice(name, name, noted) for name in installed)]


def _devices() -> list[Choice]:
    from desktop.audio.microphone.devices import devices

    try:
        found = devices()
    except Problem:
        found = []
    return [Choice("", translate("asking", "System default")), *(Choice(device.id, device.name) for device in found)]


def _key_host() -> Problem | None:
    """Return an error that names the program that grabs one of the hotkeys."""
    if sys.platform != "linux" or not os.environ.get("DISPLAY"):
        return None
    from desktop.doctor.hotkeys import host

    return host(os.environ["DISPLAY"])
