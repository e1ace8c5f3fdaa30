"""The app without its windows: everything that runs on the engine's loop, and its wiring.

Independent of Qt (windows implement `Frontend`), so that only display code needs a display. Dependencies are created
from the settings; when a setting changes, those it concerns are created again, and a dictation in progress keeps the
ones it started with.
"""

from __future__ import annotations

import asyncio
import math
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import anyio
from anyio import to_thread
from anyio.abc import TaskStatus

from desktop.app import factory, ipc
from desktop.app.emotion_service import EmotionService
from desktop.app.history_service import HistoryService
from desktop.app.llm_service import LLMService
from desktop.app.microphone_service import MicrophoneService
from desktop.app.model_downloads import DownloadManager
from desktop.app.recovery import recovered_state
from desktop.app.status import Frontend, StatusPublisher
from desktop.app.trials import EngineTrial, TrialService
from desktop.app.updates import UpdateChecker
from desktop.core.errors import PasteError, UserError
from desktop.core.interfaces import PasterCapability
from desktop.core.ipc_client import Reply
from desktop.core.paths import Paths
from desktop.core.state import DictationState, Failed, Idle
from desktop.core.tasks import EngineTasks, run_with_restarts
from desktop.core.types import Delivery, Target
from desktop.dictation.controller import DictationController
from desktop.dictation.dependencies import SessionDependencies
from desktop.dictation.last import LastDictation
from desktop.history.recorder import DictationRecorder
from desktop.history.store import HistoryStore
from desktop.hotkeys.gesture import DictationIntent, GestureEvent
from desktop.hotkeys.gesture_runner import GestureRunner
from desktop.hotkeys.manager import HotkeyManager
from desktop.paste.factory import open_paster
from desktop.paste.request import PasteOptions
from desktop.platforms import autostart
from desktop.platforms.linux import logind
from desktop.polish.polisher import PolishTrial
from desktop.polish.rules.numbers.normalization import load_numbers
from desktop.settings.live import LiveSettings
from desktop.settings.schema import Settings
from desktop.settings.store import LoadedSettings
from desktop.stt.local.engine import EngineStatus
from desktop.stt.recognition import ConfiguredRecognizer
from desktop.vocabulary.correction_watcher import clear_old_declined
from desktop.vocabulary.snippets import needs_clipboard
from models.catalog import load_catalog
from models.store import ModelStore


class Engine:
    """Owns the dependencies, the app's health and the command socket."""

    def __init__(self, paths: Paths, frontend: Frontend, live_settings: LiveSettings) -> None:
        self.paths = paths
        self.history = HistoryStore(paths.history)
        self._frontend = frontend
        self._recorder = DictationRecorder(
            paths, self.history, lambda problem: self.post(self._status_publisher.set_state, Failed(problem))
        )
        self._history_service = HistoryService(
            self._recorder,
            self.history,
            lambda: self._loaded,
            frontend.on_history_changed,
            on_unlocked=lambda: self.post(self._spawn, self._recover),
            on_locked=lambda: self.post(self._spawn, self._history_service.request_key),
        )
        self._microphone_service = MicrophoneService(
            paths.ducked_streams, lambda problem: self._status_publisher.update_health(microphone=problem)
        )
        self._emotion_service = EmotionService(self.history, paths.history, paths.voice_heads)
        self._live_settings = live_settings
        self._loaded = live_settings.load()
        self._vocabulary = factory.load_vocabulary(self._settings.vocabulary, paths.vocabulary)
        self._stopped = asyncio.Event()
        self._work = EngineTasks()
        self._spawn = self._work.spawn
        self.downloads = DownloadManager(
            ModelStore(paths.models, load_catalog()), self._spawn, self._on_model_installed
        )
        self._llm_service = LLMService()
        self.updates = UpdateChecker(
            paths.updates,
            lambda: self._settings,
            lambda: self._recognition.get_client(),
            lambda release: self._status_publisher.update_health(release=release),
        )

    def post(self, work: Callable[..., object], *arguments: object) -> None:
        """Schedule `work` on the engine's loop. Call from any thread; ignored after the engine has ended."""
        self._work.post(work, *arguments)

    def stop(self) -> None:
        """End `run`."""
        self._stopped.set()

    async def run(self, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Run until `stop`. Started as soon as socket and hotkeys are served, before any model is loaded."""
        self._work.bind_loop(asyncio.get_running_loop())
        send, intents = anyio.create_memory_object_stream[tuple[DictationIntent, float]](math.inf)
        self.gestures = GestureRunner(lambda intent, at: send.send_nowait((intent, at)))
        self._hotkeys = HotkeyManager(
            self._settings.hotkey, self.gestures, self.post, self._on_hotkey_problem, self.run_command
        )
        self._status_publisher = StatusPublisher(
            self._frontend.show, self._hotkeys.set_cancel_enabled, lambda: self._hotkeys.is_shortcut_possible
        )
        async with AsyncExitStack() as stack:
            self._paster = open_paster(os.environ, self._hotkeys.user_activity(), self._frontend.insert, self.paths)
            self._paster.options = self._load_paste_options()
            self._recognition = ConfiguredRecognizer(
                ModelStore(self.paths.models),
                factory.add_recognition_terms(self._settings, self._vocabulary),
                self._status_publisher.update_engine,
                self.downloads.ensure_installed,
            )
            self._microphone_service.configure(self._settings.audio, self._hotkeys.is_shortcut_possible)
            self._dictation_controller = DictationController(
                self._build_dependencies(), self._on_state, self.gestures.on_auto_stop
            )
            self.trials = TrialService(
                self._spawn,
                lambda: self._dictation_controller.dependencies,
                self._recognition.transcribe_without_fallback,
                self.history,
            )
            self._last_dictation = LastDictation(
                self._dictation_controller, self.history, self._recorder, self._frontend.on_history_changed
            )
            self._correction_watcher = factory.create_correction_watcher(
                self.paths.vocabulary,
                self._paster.find_target,
                self._status_publisher.offer_suggestion,
                self._on_learned,
                self._history_service.is_kept,
                self._history_service.can_write_words,
            )
            stack.callback(self._correction_watcher.close)
            await self._start_paster(stack)
            stack.callback(self._hotkeys.close)
            stack.push_async_callback(self._llm_service.aclose)
            await self._hotkeys.open()
            await stack.enter_async_context(ipc.serve_commands(self.paths, self._run_command))
            async with anyio.create_task_group() as self._tasks:
                self._work.tasks = self._tasks
                self._tasks.start_soon(self._work.run)
                self._tasks.start_soon(run_with_restarts, partial(self._dictation_controller.run, intents))
                self._tasks.start_soon(run_with_restarts, self._recognition.run)
                self._microphone_service.start(self._tasks)
                self._llm_service.update(self._settings, self._recognition.get_client, self._spawn)
                self._dictation_controller.dependencies = self._build_dependencies()
                self._spawn(self._emotion_service.warm)
                self._spawn(partial(to_thread.run_sync, load_numbers, self._settings.recognizer.language))
                self._spawn(self._recover)
                clean_up = partial(clear_old_declined, self.paths.vocabulary, self.paths.declined_cleaned_marker)
                self._spawn(partial(to_thread.run_sync, clean_up))
                self._spawn(self.updates.run)
                self._tasks.start_soon(run_with_restarts, partial(self._history_service.run_expiration, self._spawn))
                if sys.platform == "linux":
                    self._spawn(partial(logind.watch_session, self._on_suspend, self._on_resume))
                task_status.started()
                await self._stopped.wait()
                self._tasks.cancel_scope.cancel()

    @property
    def _settings(self) -> Settings:
        return self._loaded.settings

    # -- requests of the windows and the command line -----------------------------------------------------------------

    def toggle(self) -> None:
        """Start a dictation, or end the current one."""
        self.gestures.toggle()

    def cancel(self) -> None:
        """Cancel the dictation."""
        self.gestures.handle_key(GestureEvent.ESC)

    def run_command(self, command: str) -> None:
        """Run a socket command by its name."""
        self._spawn(partial(self._run_command, command))

    def paste_row(self, id: int, raw: bool) -> None:
        """Paste a row's text where the focus is, or where it goes after leaving one of our windows."""
        self._spawn(partial(self._last_dictation.paste_row, id, raw))

    def try_engine(
        self, live: bool, on_listening: Callable[[], None], on_result: Callable[[EngineTrial | UserError], None]
    ) -> None:
        """Try the chosen engine; `on_result` is called with the outcome."""
        self.trials.try_engine(live, self.gestures.is_held_recording, on_listening, on_result)

    def on_settings_written(self) -> None:
        """Apply the settings file after another writer changed it, if it differs."""
        loaded = self._live_settings.load()
        if (loaded.settings, _permissions(loaded)) != (self._settings, _permissions(self._loaded)):
            self.reload()

    def learn_suggestion(self) -> None:
        """Learn the suggestion asked about last."""
        self._spawn(self._correction_watcher.learn_pending)

    def decline_suggestion(self) -> None:
        """Never suggest again what was asked about last."""
        self._spawn(self._correction_watcher.decline_pending)

    def resume_last(self) -> None:
        """Resume the newest dictation if it was cancelled or failed: its recording is kept."""
        self._spawn(self._resume_last)

    def spawn(self, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """Run `work` in the background on the loop."""
        self._spawn(work)

    def spawn_in_thread[T](self, work: Callable[[], T], on_result: Callable[[T], None]) -> None:
        """Run `work` in a worker thread and call `on_result` with its result."""

        async def run() -> None:
            on_result(await to_thread.run_sync(work))

        self._spawn(run)

    @property
    def local(self) -> EngineStatus:
        """The state of the local engine."""
        return self._recognition.local_status

    def suspend_hotkeys(self, active: bool) -> None:
        """Suspend all hotkeys while the user records one in the settings (`active`)."""
        self._spawn(partial(self._hotkeys.suspend, active))

    def pause_keys(self, paused: bool) -> None:
        """Release all hotkeys to other programs while `paused`."""
        self._spawn(partial(self._set_paused, paused))

    def try_polish(self, text: str, style: str, on_result: Callable[[PolishTrial | UserError], None]) -> None:
        """Have the configured language model rewrite `text` in the given style; `on_result` is called with the
        outcome."""
        available = self._llm_service.client is not None and self._settings.polish.mode == "llm"
        self.trials.try_polish(text, style, available, on_result)

    def reload(self) -> None:
        """Read the settings again and recreate what they concern."""
        before, self._loaded = self._loaded, self._live_settings.load()
        previous = before.settings
        self._emotion_service.remember_engine(before.chosen.emotion.engine)
        if previous.hotkey != self._settings.hotkey:
            self._hotkeys.apply_settings(self._settings.hotkey)
            self._spawn(self._hotkeys.rebind)
        if previous.history != self._settings.history or _permissions(before) != _permissions(self._loaded):
            self._spawn(self._history_service.expire)
        if (previous.audio, previous.hotkey) != (self._settings.audio, self._settings.hotkey):
            self._renew_microphone()
        if previous.startup != self._settings.startup:
            self._spawn(partial(to_thread.run_sync, autostart.set_autostart, self._settings.startup.autostart == "on"))
        self._frontend.on_settings_changed(self._settings)
        self.updates.on_settings_changed()
        if previous.recognizer.model != self._settings.recognizer.model:
            self.downloads.clear_stops()
        self._vocabulary = factory.load_vocabulary(self._settings.vocabulary, self.paths.vocabulary)
        self._recognition.apply_settings(factory.add_recognition_terms(self._settings, self._vocabulary))
        self._paster.options = self._load_paste_options()
        self._llm_service.update(self._settings, self._recognition.get_client, self._spawn)
        self._dictation_controller.dependencies = self._build_dependencies()

    async def _run_command(self, command: str) -> Reply:
        match command:
            case "start":
                self.gestures.start()
            case "stop":
                self.gestures.stop()
            case "toggle":
                self.toggle()
            case "cancel":
                self.cancel()
            case "language":
                self._status_publisher.show_languages(self._recognition.select_next_language())
            case "paste-last" | "paste-last-raw":
                await self._last_dictation.paste_last(command.endswith("raw"))
            case "undo":
                self._correction_watcher.stop()
                await self._last_dictation.undo()
            case "swap":
                self._correction_watcher.stop()
                await self._last_dictation.swap()
            case "mood":
                await self._toggle_emotion()
            case "pause" | "resume":
                await self._set_paused(command == "pause")
            case "reload":
                self.reload()
            case "history":
                self._recorder.spool.mark_cleared()
                self._spawn(self._drop_cleared)
                self.on_emotion_corrected()
                self._frontend.on_history_changed()
            case "show":
                self._frontend.open_history()
            case "quit":
                self._frontend.quit()
            case "status":
                return {"ok": True, **await self._status()}
        return {"ok": True}

    async def _drop_cleared(self) -> None:
        """Drop cached dictations that another process has deleted."""
        if await to_thread.run_sync(self._recorder.drop_cleared):
            self._correction_watcher.forget()

    async def _toggle_emotion(self) -> None:
        is_on = await self._emotion_service.toggle(self._live_settings, self._settings.emotion.engine)
        self.reload()
        self._status_publisher.show_emotion_switch(is_on)

    async def _set_paused(self, paused: bool) -> None:
        self._status_publisher.update_health(paused=paused)
        await self._hotkeys.pause(paused)

    async def _status(self) -> dict[str, Any]:
        await self._microphone_service.check()
        last = await to_thread.run_sync(self._recorder.last)
        return {**self._status_publisher.status(), "last": last.to_json() if last else None}

    async def _resume_last(self) -> None:
        await self._dictation_controller.wait_until_recorded(include_cancelled=True)
        last, audio = await self._history_service.load_unfinished()
        self._dictation_controller.resume(
            audio, partial(self._history_service.record_resumed, last), last.style, last.started_at
        )

    async def _recover(self) -> None:
        """Transcribe into the history what an earlier run was recording when it ended, and show that."""
        entries = await self._history_service.recover(self._recognition, self._status_publisher.wait_until_idle)
        if entries:
            await self._status_publisher.wait_until_idle()
            self._status_publisher.set_state(recovered_state(entries[-1]))

    def _on_state(self, state: DictationState) -> None:
        """Publish a dictation's state, and play the failure cue where it failed."""
        self._microphone_service.on_state_change(self._status_publisher.app_state.state, state)
        self._status_publisher.set_state(state)

    # -- dependencies --------------------------------------------------------------------------------------------------

    def _build_dependencies(self) -> SessionDependencies:
        history, private = self._history_service, self._history_service.is_private
        return SessionDependencies(
            self._microphone_service.microphone,
            self._recognition,
            factory.create_polisher(self._settings.polish, self._llm_service.client, self._vocabulary),
            self._paster,
            history.spool,
            partial(history.record, private),
            max_duration_s=self._settings.audio.longest_min * 60.0,
            emotion_detector=None
            if private
            else self._emotion_service.create_detector(self._settings, self._llm_service.client),
            add_emotion=history.add_emotion,
            is_kept=lambda target: not private and history.is_kept(target),
            is_emotion_enabled=history.is_emotion_enabled,
            styles=factory.load_styles(self.paths.styles),
            on_inserted=partial(self._on_inserted, private),
            read_clipboard=self._clipboard_reader(),
            start_edit=factory.create_edit_factory(self._paster, self._llm_service.client),
            scratch=self._scratch_last if self._settings.polish.mode != "off" else None,
        )

    def on_emotion_corrected(self) -> None:
        """Relearn after a user's correction of an emotion."""
        self._emotion_service.on_correction()

    def forget_emotions(self) -> int:
        """Delete all stored emotions and what was learned from them; return how many dictations had one. Blocks: call
        from a worker thread. Raises `HistoryError`."""
        count = self._emotion_service.forget_emotions()
        self._frontend.on_history_changed()
        return count

    def _on_inserted(self, private: bool, text: str, target: Target) -> None:
        """Watch for corrections of the inserted text, if the setting allows it.

        Never for a dictation that began in private mode, or where nothing is kept.
        """
        if self._settings.vocabulary.notice == "on" and not private:
            self._spawn(partial(self._correction_watcher.watch, text, target))

    def _on_model_installed(self, name: str) -> None:
        """Use a newly installed model."""
        self._recognition.on_model_arrived(name)

    def _on_learned(self) -> None:
        self._status_publisher.set_state(Idle())
        self.reload()

    def _clipboard_reader(self) -> Callable[[], Awaitable[str | None]] | None:
        """Return how to read the clipboard, where a snippet needs it and the paster can."""
        can_read = PasterCapability.READ_CLIPBOARD in self._paster.capabilities
        return self._paster.read_clipboard if can_read and needs_clipboard(self._vocabulary) else None

    def _on_suspend(self) -> None:
        """On suspend or screen lock: keep the current speech as a recording, and insert it nowhere."""
        self.gestures.on_user_left()
        self._dictation_controller.on_user_left()

    def _on_resume(self) -> None:
        """After a resume: connections and streams opened before are dead, so create them again."""
        self.gestures.reset_after_sleep()
        self._renew_microphone()
        self._recognition.reconnect()
        self._dictation_controller.dependencies = self._build_dependencies()

    def _renew_microphone(self) -> None:
        self._microphone_service.reconfigure(self._settings.audio, self._hotkeys.is_shortcut_possible, self._tasks)

    def _load_paste_options(self) -> PasteOptions:
        return factory.load_paste_options(self.paths.applications, self._settings.paste, self._settings.context)

    async def _scratch_last(self, target: Target) -> Delivery | None:
        return await self._last_dictation.scratch(target)

    async def _start_paster(self, stack: AsyncExitStack) -> None:
        try:
            self._paster.start(asyncio.get_running_loop())
        except PasteError as problem:
            self._status_publisher.update_health(hotkey=problem)
        else:
            stack.callback(self._paster.close)

    # -- health ---------------------------------------------------------------------------------------------------

    def _on_hotkey_problem(self, problem: UserError | None) -> None:
        self._status_publisher.update_health(hotkey=problem)


def _permissions(loaded: LoadedSettings) -> tuple[bool, bool]:
    """Return whether what is kept may be deleted by age, and decrypted."""
    return not loaded.is_safe_mode, loaded.may_decrypt
