"""Start the version that was installed beneath the app, once that disturbs nothing and loses no word."""

from __future__ import annotations

from functools import partial

from desktop.app.doors.service import DoorService
from desktop.app.history_service import HistoryService
from desktop.app.model_downloads import DownloadManager
from desktop.app.replacement import PROBE_TIMEOUT_S, UNPACK_TIMEOUT_S, ReplacementService, is_desk_idle, probe_version
from desktop.app.status import Frontend, StatusPublisher
from desktop.app.trials import TrialService
from desktop.core.installation import find_program, is_unpacked_image
from desktop.core.replacement import find_installed_files
from desktop.core.state import state_name
from desktop.core.tasks import SpawnTask
from desktop.dictation.controller import DictationController
from desktop.hotkeys.gesture_runner import GestureRunner
from desktop.stt.recognition import ConfiguredRecognizer


class RestartService:
    """Shows that another version was installed, and starts it once a restart would end nothing.

    The app's files are those that are there when this is created. Belongs to the engine's loop.
    """

    def __init__(
        self,
        frontend: Frontend,
        status_publisher: StatusPublisher,
        gestures: GestureRunner,
        dictation_controller: DictationController,
        history_service: HistoryService,
        recognition: ConfiguredRecognizer,
        doors: DoorService,
        trials: TrialService,
        downloads: DownloadManager,
        spawn: SpawnTask,
    ) -> None:
        self._status_publisher = status_publisher
        self._gestures = gestures
        self._dictation_controller = dictation_controller
        self._history_service = history_service
        self._recognition = recognition
        self._doors = doors
        self._trials = trials
        self._downloads = downloads
        self._replacement = ReplacementService(
            find_installed_files(),
            partial(
                probe_version,
                find_program(),
                timeout_s=UNPACK_TIMEOUT_S if is_unpacked_image() else PROBE_TIMEOUT_S,
            ),
            lambda version: spawn(partial(status_publisher.show_replacement, version)),
            self.may_restart,
            lambda: frontend.restart(False),
        )

    @property
    def has_words_to_lose(self) -> bool:
        """Whether a dictation runs, also one that nothing shows yet, or words of one are nowhere else."""
        return (
            self._dictation_controller.is_busy
            or self._gestures.is_recording
            or self._history_service.recorder.has_words_to_lose
        )

    def may_restart(self) -> bool:
        """Return whether starting anew would disturb nothing, so that the app may do it by itself."""
        status, state = self._status_publisher, self._status_publisher.app_state
        is_working = (
            self.has_words_to_lose
            or self._history_service.is_busy
            or self._recognition.selected_languages is not None  # which is the session's alone
            or self._doors.is_busy
            or self._trials.is_busy
            or any(download.is_running for download in self._downloads.downloads)
        )
        return is_desk_idle(
            state_name(state.state), status.idle_s, is_paused=state.health.paused, is_working=is_working
        )

    async def run(self) -> None:
        """Watch the app's files until cancelled; show what replaced them, and start it once `may_restart` allows it."""
        await self._replacement.run()
