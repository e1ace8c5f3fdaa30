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

from desktop.app import factory as making
from desktop.app import ipc as control
from desktop.app.chatting import Chats
from desktop.app.emotion_service import Moods
from desktop.app.history_service import Remembering
from desktop.app.microphone_service import Ear
from desktop.app.model_downloads import Downloads
from desktop.app.recovery import shown
from desktop.app.status import Face, Showing
from desktop.app.trials import Trials
from desktop.app.trying import Trial
from desktop.app.updates import Updates
from desktop.core.errors import PasteProblem, Problem
from desktop.core.interfaces import ReadsClipboard
from desktop.core.paths import Paths
from desktop.core.state import Failed, Idle, State
from desktop.core.tasks import Work, lasting
from desktop.core.types import Delivery, Target
from desktop.dictation.controller import Dictation
from desktop.dictation.dependencies import Parts
from desktop.dictation.last import Afterwards
from desktop.history.history import History
from desktop.history.recorder import Memory
from desktop.hotkeys.gesture import Event, Intent
from desktop.hotkeys.gesture_runner import Intents
from desktop.hotkeys.manager import TalkKeys
from desktop.paste.factory import open_paster
from desktop.paste.request import Manner
from desktop.platforms import autostart
from desktop.platforms.linux import logind as away
from desktop.polish.rules.numbers.normalization import load as load_numbers
from desktop.polish.tried import Tried
from desktop.settings.store import Standing
from desktop.stt.local.engine import Condition
from desktop.stt.recognition import Recognition
from desktop.vocabulary.correction_watcher import clean_up_once
from desktop.vocabulary.snippets import wants_clipboard
from models.catalog import catalogue
from models.store import Store


class Engine:
    """Owns the dependencies, the app's health and the command socket."""

    def __init__(self, paths: Paths, face: Face) -> None:
        self.paths = paths
        self.history = History(paths.history)
        self._face = face
        self._memory = Memory(paths, self.history)
        self._memory.told = lambda problem: self.post(self._showing.state, Failed(problem))
        self._remembering = Remembering(self._memory, self.history, lambda: self._settings, face.remembered)
        self._remembering.opened = lambda: self.post(self._spawn, self._recover)
        self._remembering.locked = lambda: self.post(self._spawn, self._remembering.ask)
        self._ear = Ear(paths.hushed, lambda problem: self._showing.health(microphone=problem))
        self._moods = Moods(self.history, paths.history)
        self._standing = Standing(paths.settings)
        self._settings = self._standing.load().settings
        self._vocabulary = making.vocabulary(self._settings.vocabulary, paths.vocabulary)
        self._stopped = asyncio.Event()
        self._work = Work()
        self._spawn = self._work.spawn
        self.downloads = Downloads(Store(paths.models, catalogue()), self._spawn, self._arrived)
        self._chats = Chats()
        self.updates = Updates(
            paths.updates,
            lambda: self._settings,
            lambda: self._recognition.client(),
            lambda release: self._showing.health(release=release),
        )

    def post(self, work: Callable[..., object], *arguments: object) -> None:
        """Schedule `work` on the engine's loop. Call from any thread; ignored after the engine has ended."""
        self._work.post(work, *arguments)

    def stop(self) -> None:
        """End `run`."""
        self._stopped.set()

    async def run(self, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Run until `stop`. Started as soon as socket and hotkeys are served, before any model is loaded."""
        self._work.begin(asyncio.get_running_loop())
        send, intents = anyio.create_memory_object_stream[tuple[Intent, float]](math.inf)
        self.intents = Intents(lambda intent, at: send.send_nowait((intent, at)))
        self._keys = TalkKeys(self._settings.hotkey, self.intents, self.post, self._keys_are, self.press)
        self._showing = Showing(self._face.show, self._keys.listening, lambda: self._keys.hushes)
        async with AsyncExitStack() as stack:
            self._paster = open_paster(os.environ, self._keys.hands(), self._face.insert, self.paths)
            self._paster.manner = self._manner()
            listening, get = making.listening(self._settings, self._vocabulary), self.downloads.get
            self._recognition = Recognition(Store(self.paths.models), listening, self._showing.engine, get)
            self._ear.choose(self._settings.audio, self._keys.hushes)
            self._dictation = Dictation(self._parts(), self._show, self.intents.over)
            self.trials = Trials(
                self._spawn, lambda: self._dictation.parts, lambda: self._recognition.alone, self.history
            )
            self._afterwards = Afterwards(self._dictation, self.history, self._memory, self._face.remembered)
            self._noticing = making.noticing(
                self.paths.vocabulary,
                self._paster.target,
                self._showing.learning,
                self._learned,
                self._remembering.keeps,
                self._remembering.writes_words,
            )
            stack.callback(self._noticing.close)
            await self._start_paster(stack)
            stack.callback(self._keys.close)
            stack.push_async_callback(self._chats.aclose)
            await self._keys.open()
            await stack.enter_async_context(control.serve(self.paths, self._command))
            async with anyio.create_task_group() as self._tasks:
                self._work.tasks = self._tasks
                self._tasks.start_soon(self._work.run)
                self._tasks.start_soon(lasting, partial(self._dictation.run, intents))
                self._tasks.start_soon(lasting, self._recognition.run)
                self._ear.begin(self._tasks)
                self._chats.prepare(self._settings, self._recognition.client, self._spawn)
                self._dictation.parts = self._parts()
                self._spawn(self._moods.warm)
                self._spawn(partial(to_thread.run_sync, load_numbers, self._settings.recognizer.language))
                self._spawn(self._recover)
                clean_up = partial(clean_up_once, self.paths.vocabulary, self.paths.declined_cleaned)
                self._spawn(partial(to_thread.run_sync, clean_up))
                self._spawn(self.updates.run)
                self._tasks.start_soon(lasting, partial(self._remembering.forget, self._spawn))
                if sys.platform == "linux":
                    self._spawn(partial(away.watch, self._leave, self._wake))
                task_status.started()
                await self._stopped.wait()
                self._tasks.cancel_scope.cancel()

    # -- requests of the windows and the command line -----------------------------------------------------------------

    def toggle(self) -> None:
        """Start a dictation, or end the current one."""
        self.intents.toggle()

    def cancel(self) -> None:
        """Cancel the dictation."""
        self.intents.key(Event.ESC)

    def press(self, command: str) -> None:
        """Run a socket command by its name."""
        self._spawn(partial(self._command, command))

    def paste(self, id: int, raw: bool) -> None:
        """Paste a row's text where the focus is, or where it goes after leaving one of our windows."""
        self._spawn(partial(self._afterwards.paste, id, raw))

    def try_engine(self, spoken: bool, heard: Callable[[], None], then: Callable[[Trial | Problem], None]) -> None:
        """Try the chosen engine; `on_result` is called with the outcome."""
        self.trials.engine(spoken, self.intents.talking, heard, then)

    def settings_written(self) -> None:
        """Apply the settings file after another writer changed it, if it differs."""
        if self._standing.load().settings != self._settings:
            self.reload()

    def learn(self) -> None:
        """Learn the suggestion asked about last."""
        self._spawn(self._noticing.learn)

    def decline(self) -> None:
        """Never suggest again what was asked about last."""
        self._spawn(self._noticing.decline)

    def finish(self) -> None:
        """Resume the newest dictation if it was cancelled or failed: its recording is kept."""
        self._spawn(self._finish)

    def spawn(self, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """Run `work` in the background on the loop."""
        self._spawn(work)

    def spawn_in_thread[T](self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Run `work` in a worker thread and call `on_result` with its result."""

        async def run() -> None:
            then(await to_thread.run_sync(work))

        self._spawn(run)

    @property
    def local(self) -> Condition:
        """The state of the local engine."""
        return self._recognition.local

    def record_key(self, active: bool) -> None:
        """Suspend all hotkeys while the user records one in the settings (`active`)."""
        self._spawn(partial(self._keys.rest, active))

    def pause_keys(self, paused: bool) -> None:
        """Release all hotkeys to other programs while `paused`."""
        self._spawn(partial(self._pause, paused))

    def try_polish(self, text: str, style: str, then: Callable[[Tried | Problem], None]) -> None:
        """Have the configured language model rewrite `text` in the given style; `on_result` is called with the
        outcome."""
        chosen = self._chats.now is not None and self._settings.polish.mode == "llm"
        self.trials.polish(text, style, chosen, then)

    def reload(self) -> None:
        """Read the settings again and recreate what they concern."""
        before, self._settings = self._settings, self._standing.load().settings
        self._moods.chosen(before.emotion.engine)
        if before.hotkey != self._settings.hotkey:
            self._keys.choose(self._settings.hotkey)
            self._spawn(self._keys.rebind)
        if before.history != self._settings.history:
            self._spawn(self._remembering.expire)
        if (before.audio, before.hotkey) != (self._settings.audio, self._settings.hotkey):
            self._listen_anew()
        if before.startup != self._settings.startup:
            self._spawn(partial(to_thread.run_sync, autostart.put, self._settings.startup.autostart == "on"))
        self._face.chosen(self._settings)
        self.updates.choose()
        if before.recognizer.model != self._settings.recognizer.model:
            self.downloads.allow()
        self._vocabulary = making.vocabulary(self._settings.vocabulary, self.paths.vocabulary)
        self._recognition.choose(making.listening(self._settings, self._vocabulary))
        self._paster.manner = self._manner()
        self._chats.prepare(self._settings, self._recognition.client, self._spawn)
        self._dictation.parts = self._parts()

    async def _command(self, command: str) -> control.Reply:
        match command:
            case "start":
                self.intents.start()
            case "stop":
                self.intents.stop()
            case "toggle":
                self.toggle()
            case "cancel":
                self.cancel()
            case "language":
                self._showing.switched(self._recognition.next_language())
            case "paste-last" | "paste-last-raw":
                await self._afterwards.paste_last(command.endswith("raw"))
            case "undo":
                self._noticing.stop()
                await self._afterwards.undo()
            case "swap":
                self._noticing.stop()
                await self._afterwards.swap()
            case "mood":
                await self._switch_emotion()
            case "pause" | "resume":
                await self._pause(command == "pause")
            case "reload":
                self.reload()
            case "history":
                self._memory.spool.outlive_clearing()
                self._spawn(self._drop_cleared)
                self.corrected()
                self._face.remembered()
            case "show":
                self._face.open_history()
            case "quit":
                self._face.quit()
            case "status":
                return {"ok": True, **await self._status()}
        return {"ok": True}

    async def _drop_cleared(self) -> None:
        """Drop cached dictations that another process has deleted."""
        if await to_thread.run_sync(self._memory.drop_cleared):
            self._noticing.forget()

    async def _switch_emotion(self) -> None:
        """Toggle emotion detection."""
        on = await self._moods.switch(self.paths.settings, self._settings.emotion.engine)
        self.reload()
        self._showing.expression(on)

    async def _pause(self, paused: bool) -> None:
        self._showing.health(paused=paused)
        await self._keys.pause(paused)

    async def _status(self) -> dict[str, Any]:
        await self._ear.check()
        last = await to_thread.run_sync(self._memory.last)
        return {**self._showing.status(), "last": last.json() if last else None}

    async def _finish(self) -> None:
        await self._dictation.remembered(cancelled=True)
        last, audio = await self._remembering.unfinished()
        self._dictation.again(audio, partial(self._remembering.remember_again, last), last.style, last.started_at)

    async def _recover(self) -> None:
        """Transcribe into the history what an earlier run was recording when it ended, and show that."""
        found = await self._remembering.recover(self._recognition, self._showing.quiet)
        if found:
            await self._showing.quiet()
            self._showing.state(shown(found[-1]))

    def _show(self, state: State) -> None:
        """Publish a dictation's state, and play the failure cue where it failed."""
        self._ear.hear(self._showing.now.state, state)
        self._showing.state(state)

    # -- dependencies --------------------------------------------------------------------------------------------------

    def _parts(self) -> Parts:
        keeping, private = self._remembering, self._remembering.private
        return Parts(
            self._ear.microphone,
            self._recognition,
            making.polisher(self._settings.polish, self._chats.now, self._vocabulary),
            self._paster,
            keeping.spool,
            partial(keeping.remember, private),
            longest_s=self._settings.audio.longest_min * 60.0,
            feeler=None if private else self._moods.feeler(self._settings, self._chats.now),
            felt=keeping.felt,
            keeps=lambda target: not private and keeping.keeps(target),
            feels=keeping.feels,
            styles=making.written_where(self.paths.styles),
            inserted=partial(self._inserted, private),
            clipboard=self._clipboard(),
            edit=making.editor(self._paster, self._chats.now),
            scratch=self._scratch if self._settings.polish.mode != "off" else None,
        )

    def corrected(self) -> None:
        """Relearn after a user's correction of an emotion."""
        self._moods.corrected()

    def forget_emotions(self) -> int:
        """Delete all stored emotions and what was learned from them; return how many dictations had one. Blocks: call
        from a worker thread. Raises `HistoryError`."""
        gone = self._moods.forget()
        self._face.remembered()
        return gone

    def _inserted(self, private: bool, text: str, target: Target) -> None:
        """Watch for corrections of the inserted text, if the setting allows it.

        Never for a dictation that began in private mode, or where nothing is kept.
        """
        if self._settings.vocabulary.notice == "on" and not private:
            self._spawn(partial(self._noticing.watch, text, target))

    def _arrived(self, name: str) -> None:
        """Use a newly installed model."""
        self._recognition.arrived(name)

    def _learned(self) -> None:
        self._showing.state(Idle())
        self.reload()

    def _clipboard(self) -> Callable[[], Awaitable[str | None]] | None:
        """Return how to read the clipboard, where a snippet needs it and the paster can."""
        paster: object = self._paster
        return paster.clipboard if isinstance(paster, ReadsClipboard) and wants_clipboard(self._vocabulary) else None

    def _leave(self) -> None:
        """On suspend or screen lock: keep the current speech as a recording, and insert it nowhere."""
        self.intents.leave()
        self._dictation.leave()

    def _wake(self) -> None:
        """After a resume: connections and streams opened before are dead, so create them again."""
        self.intents.forget()
        self._listen_anew()
        self._recognition.renew()
        self._dictation.parts = self._parts()

    def _listen_anew(self) -> None:
        self._ear.renew(self._settings.audio, self._keys.hushes, self._tasks)

    def _manner(self) -> Manner:
        return making.manner(self.paths.applications, self._settings.paste, self._settings.context)

    async def _scratch(self, target: Target) -> Delivery | None:
        return await self._afterwards.scratch(target)

    async def _start_paster(self, stack: AsyncExitStack) -> None:
        try:
            self._paster.start(asyncio.get_running_loop())
        except PasteProblem as problem:
            self._showing.health(hotkey=problem)
        else:
            stack.callback(self._paster.close)

    # -- health ---------------------------------------------------------------------------------------------------

    def _keys_are(self, problem: Problem | None) -> None:
        self._showing.health(hotkey=problem)
