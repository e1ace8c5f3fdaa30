"""Run the app's commands by name: one place for the command socket, the hotkeys and the windows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from anyio import to_thread

from desktop.app.emotion_service import EmotionService
from desktop.app.history_service import HistoryService
from desktop.app.microphone_service import MicrophoneService
from desktop.app.quotations import QuotationService
from desktop.app.status import Frontend, StatusPublisher
from desktop.core.errors import HistoryError, PasteError, UserError
from desktop.core.ipc_client import Reply
from desktop.core.message_json import dump_message
from desktop.core.messages import render
from desktop.core.state import Idle
from desktop.core.tasks import SpawnTask
from desktop.core.types import Outcome, PasteResult
from desktop.dictation.controller import DictationController
from desktop.dictation.last import LastDictation
from desktop.hotkeys.gesture import DictationIntent, GestureEvent
from desktop.hotkeys.gesture_runner import GestureRunner
from desktop.hotkeys.manager import HotkeyManager
from desktop.settings.live import LiveSettings
from desktop.stt.recognition import ConfiguredRecognizer
from desktop.vocabulary.correction_watcher import CorrectionWatcher


@dataclass(frozen=True, slots=True)
class CommandRunner:
    """The commands of the socket (`ipc.COMMANDS`), and those that only windows run: `resume-last`, `learn`, `decline`
    and `mute-calls`.

    `reload` reads the settings again; `probe_version` returns the version that would start now, empty for none.
    """

    live_settings: LiveSettings
    frontend: Frontend
    status: StatusPublisher
    gestures: GestureRunner
    hotkeys: HotkeyManager
    dictation_controller: DictationController
    last_dictation: LastDictation
    history: HistoryService
    emotion: EmotionService
    microphone: MicrophoneService
    recognizer: ConfiguredRecognizer
    correction_watcher: CorrectionWatcher
    quotations: QuotationService
    reload: Callable[[], None]
    probe_version: Callable[[], Awaitable[str]]
    spawn: SpawnTask

    async def run(self, name: str) -> Reply:
        """Run the command and return what the socket replies. Raises `UserError`."""
        match name:
            case "start":
                self.gestures.start()
            case "stop":
                self.gestures.stop()
            case "toggle":
                self.gestures.toggle()
            case "again":
                self.gestures.toggle(DictationIntent.AGAIN)
            case "again-1" | "again-2" | "again-3" | "again-4" | "again-all":
                place = name.removeprefix("again-")
                places = (int(place) - 1,) if place.isdecimal() else ()
                return _reply_pasted(await self.dictation_controller.answer_choice(places))
            case "cancel":
                self.gestures.handle_key(GestureEvent.ESC)
            case "language":
                self.status.show_languages(self.recognizer.select_next_language())
            case "paste-last" | "paste-last-raw":
                return _reply_pasted(await self.last_dictation.paste_last(name.endswith("raw")))
            case "undo":
                self.correction_watcher.stop()
                return _reply_pasted(await self.last_dictation.undo())
            case "swap":
                self.correction_watcher.stop()
                return _reply_pasted(await self.last_dictation.swap())
            case "find":
                await self._find_quotation()
            case "resume-last":
                await self._resume_last()
            case "learn":
                await self.correction_watcher.learn_pending()
            case "decline":
                await self.correction_watcher.decline_pending()
            case "mute-calls":
                await to_thread.run_sync(self.live_settings.write_setting, "audio.calls", "mute")
                self.reload()
                self.status.set_state(Idle())
            case "mood":
                is_on = await self.emotion.toggle(self.live_settings)
                self.reload()
                self.status.show_emotion_switch(is_on)
            case "pause" | "resume":
                self.status.update_health(paused=name == "pause")
                await self.hotkeys.pause(name == "pause")
            case "reload":
                self.reload()
            case "history":
                self.history.recorder.spool.mark_cleared()
                self.spawn(self._drop_cleared)
                self.emotion.on_correction()
                self.frontend.on_history_changed()
            case "show":
                self.frontend.open_history()
            case "quit":
                self.frontend.quit()
            case "restart":
                await self._request_restart()
            case "status":
                await self.microphone.check()
                return {"ok": True, **await self._read_status()}
            case _:
                raise ValueError(name)
        return {"ok": True}

    async def _read_status(self) -> Reply:
        """Return the status with the newest dictation; where the history cannot be read, with a note on that."""
        try:
            last = await to_thread.run_sync(self.history.recorder.last)
        except HistoryError as error:
            status = self.status.status()
            message = status["note_message"] if status["note"] else dump_message(error.message)
            return {**status, "last": None, "note": f"{status['note']} {error}".strip(), "note_message": message}
        return {**self.status.status(), "last": last.to_json() if last else None}

    async def _drop_cleared(self) -> None:
        """Drop cached dictations that another process has deleted."""
        if await to_thread.run_sync(self.history.recorder.drop_cleared):
            self.correction_watcher.forget()

    async def _request_restart(self) -> None:
        """Have the app start anew; where words would end with it, or nothing would start, say so and raise
        `UserError`."""
        try:
            if self.history.recorder.has_words_to_lose:
                raise UserError("app-restart-loses-words")
            if not await self.probe_version():
                raise UserError("app-restart-impossible")
        except UserError as problem:
            self.status.show_problem(problem)
            raise
        self.spawn(self._restart)

    async def _restart(self) -> None:
        """Start what is installed in place of this app, once no dictation runs; one that begins before the app ends
        has this command run again."""
        await self.dictation_controller.wait_until_idle()
        self.frontend.restart(True)

    async def _find_quotation(self) -> None:
        """Open the dictation that the selection is from; where there is none, say so. Raises `UserError`."""
        try:
            await self.quotations.find()
        except UserError as problem:
            self.status.show_problem(problem)
            raise

    async def _resume_last(self) -> None:
        """Resume the newest dictation if it was cancelled or failed: its recording is kept."""
        await self.dictation_controller.wait_until_recorded(include_cancelled=True)
        last, audio = await self.history.load_unfinished()
        self.dictation_controller.resume(audio, partial(self.history.record_resumed, last), last.style, last.started_at)


def _reply_pasted(result: PasteResult) -> Reply:
    """Return the reply on a paste or an undo, with the `note` on it if there is one. Raises `PasteError` if it did not
    do what was asked for."""
    if result.outcome not in (Outcome.INSERTED, Outcome.UNCONFIRMED, Outcome.CANCELLED):
        raise PasteError("reported-messages", messages=result.notes)
    return {"ok": True} | ({"note": render(result.notes)} if result.notes else {})
