"""The app without its windows: everything that runs on the engine's loop, and its wiring.

Independent of Qt (windows implement `Frontend`), so that only display code needs a display. Dependencies are created
from the settings; when a setting changes, those it concerns are created again, and a dictation in progress keeps the
ones it started with. What the app can be asked to do is in `desktop.app.commands`.
"""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial

import anyio
from anyio import to_thread
from anyio.abc import TaskStatus

from desktop.app import factory, ipc
from desktop.app.call_service import CallService
from desktop.app.commands import CommandRunner
from desktop.app.dependency_factory import DependencyFactory
from desktop.app.doors.service import DoorService
from desktop.app.emotion_service import EmotionService
from desktop.app.history_service import HistoryService
from desktop.app.language_service import LanguageService
from desktop.app.llm_service import LLMService
from desktop.app.microphone_service import MicrophoneService
from desktop.app.model_downloads import DownloadManager
from desktop.app.quotations import QuotationService
from desktop.app.recovery import recovered_state
from desktop.app.replacement import probe_version
from desktop.app.restart_service import RestartService
from desktop.app.status import Frontend, StatusPublisher
from desktop.app.trials import TrialService
from desktop.app.updates import UpdateChecker
from desktop.core.errors import PasteError
from desktop.core.installation import find_program
from desktop.core.interfaces import PasterCapability
from desktop.core.keys import Action
from desktop.core.messages import Translate
from desktop.core.paths import Paths
from desktop.core.state import DictationState, Done, Failed, Idle, Starting
from desktop.core.tasks import EngineTasks, run_each, run_with_restarts
from desktop.dictation.controller import DictationController
from desktop.dictation.last import LastDictation
from desktop.history.privacy import is_password_prompt
from desktop.history.recorder import DictationRecorder
from desktop.history.store import HistoryStore
from desktop.hotkeys.gesture import DictationIntent
from desktop.hotkeys.gesture_runner import GestureRunner
from desktop.hotkeys.manager import HotkeyManager
from desktop.paste.factory import open_paster
from desktop.paste.request import PasteOptions
from desktop.platforms import autostart
from desktop.platforms.session import watch_session
from desktop.settings.live import LiveSettings
from desktop.settings.schema import Settings
from desktop.settings.store import LoadedSettings
from desktop.stt.recognition import ConfiguredRecognizer
from desktop.vocabulary.correction_watcher import clear_old_declined
from models.catalog import load_catalog
from models.store import ModelStore


class Engine:
    """Owns the dependencies, the app's health and the command socket; its public parts are for the controllers."""

    def __init__(
        self, paths: Paths, frontend: Frontend, live_settings: LiveSettings, translate: Translate = str
    ) -> None:
        """`translate`, called in any thread, is for what the desktop shows of ours."""
        self.paths = paths
        self.history = HistoryStore(paths.history)
        self._frontend = frontend
        self._translate = translate
        self._recorder = DictationRecorder(
            paths, self.history, lambda problem: self.post(self._status_publisher.set_state, Failed(problem))
        )
        self._history_service = HistoryService(
            self._recorder,
            self.history,
            lambda: self._loaded,
            frontend.on_history_changed,
            on_unlocked=lambda: self.post(self.spawn, self._recover),
            on_locked=lambda: self.post(self.spawn, self._history_service.request_key),
            on_recorded=lambda id: self.doors.on_recorded(id),
        )
        self._call_service = CallService(
            paths.muted_calls,
            paths.calls_offered_marker,
            lambda mutes: self._status_publisher.set_mutes(mutes.programs, mutes.is_failing),
            lambda program: self._status_publisher.offer_call_mute(program),
        )
        self._microphone_service = MicrophoneService(
            paths.ducked_streams,
            self._call_service,
            lambda problem: self._status_publisher.update_health(microphone=problem),
        )
        self.emotion_service = EmotionService(
            self.history, paths.history, paths.voice_heads, frontend.on_history_changed, paths.models
        )
        self._live_settings = live_settings
        self._loaded = live_settings.load()
        self._vocabulary = factory.load_vocabulary(self._settings.vocabulary, paths.vocabulary)
        self._stopped = asyncio.Event()
        self._work = EngineTasks()
        self.spawn = self._work.spawn
        self.downloads = DownloadManager(
            ModelStore(paths.models, load_catalog()), self.spawn, lambda name: self.recognition.on_model_arrived(name)
        )
        self._llm_service = LLMService()
        self._language_service = LanguageService(partial(self.post, self.spawn))
        self.doors = DoorService(
            self, frontend, lambda: self._loaded, lambda: (self._status_publisher, self._dictation_controller)
        )
        self.updates = UpdateChecker(
            paths.updates,
            lambda: self._settings,
            lambda: self.recognition.get_client(),
            lambda release: self._status_publisher.update_health(release=release),
        )

    def post(self, work: Callable[..., object], *arguments: object) -> None:
        """Schedule `work` on the engine's loop. Call from any thread; ignored after the engine has ended."""
        self._work.post(work, *arguments)

    def stop(self) -> None:
        """End `run`."""
        self._stopped.set()

    def stop_if_idle(self, is_asked: bool) -> bool:
        """End `run` unless that would disturb something by now, and return whether it ends. Call on the engine's
        loop: between the look and the end no press is handled.

        Where the user `is_asked` for it, only a dictation and words that are nowhere else are in its way; `restart` is
        then run again, which waits for the one and says the other.
        """
        may_stop = not self._restart_service.has_words_to_lose if is_asked else self._restart_service.may_restart()
        if may_stop:
            self._stopped.set()
        elif is_asked:
            self.run_command("restart")
        return may_stop

    async def run(self, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Run until `stop`. Started as soon as socket and hotkeys are served, before any model is loaded."""
        self._work.bind_loop(asyncio.get_running_loop())
        send, intents = anyio.create_memory_object_stream[tuple[DictationIntent, float]](math.inf)
        self.gestures = GestureRunner(partial(self._call_service.on_intent, send.send_nowait))
        self.hotkeys = HotkeyManager(
            self._settings.hotkey,
            self.gestures,
            self.post,
            lambda problem: self._status_publisher.update_health(hotkey=problem),
            self.run_command,
            lambda names: self._status_publisher.update_health(
                talk_key=names.get(Action.TALK, ""), swap_key=names.get(Action.SWAP, "")
            ),
            self.paths.portal_keys,
            self._translate,
        )
        self._status_publisher = StatusPublisher(
            self._frontend.show, self.hotkeys.set_cancel_enabled, lambda: self.hotkeys.is_shortcut_possible
        )
        async with AsyncExitStack() as stack:
            stack.enter_context(send)
            stack.enter_context(intents)
            stack.callback(self.gestures.close)
            self._paster = open_paster(
                os.environ,
                self.hotkeys.user_activity(),
                self._frontend.insert,
                self.paths,
                lambda problem: self._status_publisher.update_health(paste=problem),
                is_password_prompt,
                lambda is_used: self._status_publisher.update_health(input_method=is_used),
            )
            self._paster.options = self._load_paste_options()
            self.recognition = ConfiguredRecognizer(
                ModelStore(self.paths.models),
                factory.add_recognition_terms(self._settings, self._vocabulary),
                self._status_publisher.update_engine,
                self.downloads.ensure_installed,
                self._loaded.fetch_problem,
            )
            self._microphone_service.configure(self._settings.audio, self.hotkeys.is_shortcut_possible)
            self._correction_watcher = factory.create_correction_watcher(
                self.paths.vocabulary,
                self._paster.find_target,
                self._status_publisher.offer_suggestion,
                self._on_learned,
                self._history_service.is_kept,
                self._history_service.can_write_words,
            )
            stack.callback(self._correction_watcher.close)
            self._dependencies = DependencyFactory(
                self.paths,
                lambda: self._settings,
                lambda: self._vocabulary,
                self._microphone_service,
                self.recognition,
                self._llm_service,
                self._language_service,
                self._paster,
                lambda: self._paster.options.rules,
                self.history,
                self._history_service,
                self.emotion_service,
                self._correction_watcher,
                lambda: self.last_dictation,
                self.spawn,
            )
            self._dictation_controller = DictationController(
                self._dependencies.create(), self._on_state, self.gestures.on_auto_stop
            )
            self.trials = TrialService(
                lambda: self._dictation_controller.dependencies,
                self.recognition.transcribe_without_fallback,
                self.history,
                is_dictating=lambda: self.gestures.is_held_recording,
                has_llm=lambda: self._llm_service.client is not None and self._settings.polish.mode == "llm",
                spawn=self.spawn,
                wait_until_idle=self._status_publisher.wait_until_idle,
            )
            self.last_dictation = LastDictation(
                self._dictation_controller, self.history, self._recorder, self._frontend.on_history_changed
            )
            self._restart_service = RestartService(
                self._frontend,
                self._status_publisher,
                self.gestures,
                self._dictation_controller,
                self._history_service,
                self.recognition,
                self.doors,
                self.trials,
                self.downloads,
                self.spawn,
            )
            self.quotations = QuotationService(
                self._paster, self.history, lambda: self.recognition.aligner, self._frontend.open_quotation
            )
            self._commands = CommandRunner(
                self._live_settings,
                self._frontend,
                self._status_publisher,
                self.gestures,
                self.hotkeys,
                self._dictation_controller,
                self.last_dictation,
                self._history_service,
                self.emotion_service,
                self._microphone_service,
                self.recognition,
                self._correction_watcher,
                self.quotations,
                self.reload,
                partial(probe_version, find_program()),
                self.spawn,
            )
            await self._start_paster(stack)
            stack.callback(self.hotkeys.close)
            stack.push_async_callback(self._llm_service.aclose)
            stack.callback(self._language_service.close)
            await self.hotkeys.open()
            await stack.enter_async_context(ipc.serve_commands(self.paths, self._commands.run, links=self.doors.serve))
            async with anyio.create_task_group() as self._tasks:
                self._work.tasks = self._tasks
                self._tasks.start_soon(self._work.run)
                self._tasks.start_soon(run_with_restarts, partial(self._dictation_controller.run, intents))
                self._tasks.start_soon(run_with_restarts, self.recognition.run)
                self._microphone_service.start(self._tasks)
                self._llm_service.update(self._settings, self.recognition.get_client, self.spawn)
                self._create_dependencies()
                self.spawn(self.emotion_service.warm)
                self._on_settings_loaded()
                self.spawn(partial(factory.preload_rules, self._settings.recognizer.language))
                self.spawn(self._recover)
                clean_up = partial(clear_old_declined, self.paths.vocabulary, self.paths.declined_cleaned_marker)
                self.spawn(partial(to_thread.run_sync, clean_up))
                self.spawn(self.updates.run)
                self._tasks.start_soon(run_with_restarts, self._restart_service.run)
                self._tasks.start_soon(run_with_restarts, partial(self._history_service.run_expiration, self.spawn))
                self.spawn(partial(watch_session, self._on_suspend, self._on_resume, self._frontend.quit))
                task_status.started()
                await self._stopped.wait()
                self._paster.end_checks()
                self._tasks.cancel_scope.cancel()

    @property
    def _settings(self) -> Settings:
        return self._loaded.settings

    def run_command(self, name: str) -> None:
        """Run a command of `CommandRunner` in the background."""
        self.spawn(partial(self._commands.run, name))

    def request_pasting(self) -> None:
        """Ask the user to let texts into windows, by the desktop's dialog where it has one."""
        if PasterCapability.REQUEST_PERMISSION in self._paster.capabilities:
            self.spawn(self._paster.request_permission)

    def on_settings_written(self) -> None:
        """Apply the settings file after another writer changed it, if it differs."""
        if self._live_settings.load() != self._loaded:
            self.reload()

    def reload(self) -> None:
        """Read the settings again and recreate what they concern: all of it, also where a part of it fails, so that a
        dictation is by the new ones. Raises what the first part raised."""
        before, self._loaded = self._loaded, self._live_settings.load()
        run_each(
            self._on_settings_loaded,
            partial(self.emotion_service.remember_engine, before.chosen.emotion.engine),
            partial(self._reload_keys, before.settings),
            partial(self._reload_history, before),
            partial(self._reload_desktop, before.settings),
            partial(self._reload_recognition, before.settings),
            self._reload_pasting,
            partial(self._llm_service.update, self._settings, self.recognition.get_client, self.spawn),
            self._create_dependencies,
        )

    def _reload_keys(self, previous: Settings) -> None:
        if previous.hotkey != self._settings.hotkey:
            self.hotkeys.apply_settings(self._settings.hotkey)
            self.spawn(self.hotkeys.rebind)
        if (previous.audio, previous.hotkey) != (self._settings.audio, self._settings.hotkey):
            self._renew_microphone()

    def _reload_history(self, before: LoadedSettings) -> None:
        if before.settings.history != self._settings.history or before.permissions != self._loaded.permissions:
            self.spawn(self._history_service.expire)

    def _reload_desktop(self, previous: Settings) -> None:
        if previous.startup != self._settings.startup:
            self.spawn(partial(to_thread.run_sync, autostart.set_autostart, self._settings.startup.autostart == "on"))
        self._frontend.on_settings_changed(self._settings)
        self.updates.on_settings_changed()

    def _reload_recognition(self, previous: Settings) -> None:
        if previous.recognizer.model != self._settings.recognizer.model:
            self.downloads.clear_stops()
        self._vocabulary = factory.load_vocabulary(self._settings.vocabulary, self.paths.vocabulary)
        terms = factory.add_recognition_terms(self._settings, self._vocabulary)
        self.recognition.apply_settings(terms, self._loaded.fetch_problem)

    def _reload_pasting(self) -> None:
        self._paster.options = self._load_paste_options()

    def _create_dependencies(self) -> None:
        self._dictation_controller.dependencies = self._dependencies.create()

    def _on_settings_loaded(self) -> None:
        """Copy the settings file where it is valid, and show what of it is not in force."""
        self.trials.apply_settings(self._settings)
        self.spawn(partial(to_thread.run_sync, self._live_settings.save_valid))
        self.spawn(partial(self._status_publisher.show_settings_notice, self._loaded.notice))

    async def _recover(self) -> None:
        """Transcribe into the history what an earlier run was recording when it ended, and show that."""
        entries = await self._history_service.recover(self.recognition, self._status_publisher.wait_until_idle)
        if entries:
            await self._status_publisher.wait_until_idle()
            self._status_publisher.set_state(recovered_state(entries[-1]))

    def _on_state(self, state: DictationState) -> None:
        """Publish a dictation's state, and play the failure cue where it failed."""
        if isinstance(state, Starting):
            self.trials.on_press()
        self._microphone_service.on_state_change(self._status_publisher.app_state.state, state)
        self._status_publisher.set_state(state)
        if isinstance(state, Done):
            self._call_service.on_dictation_end(self.spawn)

    def _on_learned(self) -> None:
        self._status_publisher.set_state(Idle())
        self.reload()

    def _on_suspend(self) -> None:
        """On suspend or screen lock: keep the current speech as a recording, and insert it nowhere."""
        self.gestures.on_user_left()
        self._dictation_controller.on_user_left()

    def _on_resume(self) -> None:
        """After a resume: connections and streams opened before are dead, so create them again."""
        self.gestures.reset_after_sleep()
        self._renew_microphone()
        self.recognition.reconnect()
        self._create_dependencies()

    def _renew_microphone(self) -> None:
        self._microphone_service.reconfigure(self._settings.audio, self.hotkeys.is_shortcut_possible, self._tasks)

    def _load_paste_options(self) -> PasteOptions:
        return factory.load_paste_options(self.paths.applications, self._settings.paste, self._settings.context)

    async def _start_paster(self, stack: AsyncExitStack) -> None:
        try:
            self._paster.start(asyncio.get_running_loop())
        except PasteError as problem:
            self._status_publisher.update_health(hotkey=problem)
        else:
            stack.callback(self._paster.close)
