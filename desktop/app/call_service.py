"""Mute the user in calls as configured, and offer that once, where a dictation was made during a call.

Until the setting is used, nothing of it is loaded: no module, connection, process or file. A dictation then costs one
look for recording programs after its end, until the offer was made.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from anyio import to_thread
from anyio.abc import TaskGroup

from desktop.app import factory
from desktop.core.interfaces import Microphone
from desktop.core.paths import make_private_dir
from desktop.core.tasks import SpawnTask, run_with_restarts
from desktop.hotkeys.gesture import DictationIntent
from desktop.settings.sections.audio import CallMode

if TYPE_CHECKING:  # not loaded unless it is used
    from desktop.audio.calls.muter import CallMuter, CallMutes

logger = logging.getLogger(__name__)


class CallService:
    """Mutes calls while a dictation is recorded, where `configure` has said so; `muted_calls` is the file of mutes.

    `on_change(mutes)` is called when it changes what is muted. `offer(programs)` shows the offer when it can and
    returns whether it did, for the first program that was found recording; `offered_marker` says that it has.
    """

    def __init__(
        self,
        muted_calls: Path,
        offered_marker: Path,
        on_change: Callable[[CallMutes], None],
        offer: Callable[[str], Awaitable[bool]],
    ) -> None:
        self._file = muted_calls
        self._marker = offered_marker
        self._on_change = on_change
        self._offer = offer
        self._mode: CallMode = "off"
        self._tasks: TaskGroup | None = None
        self._muter: CallMuter | None = None
        self._is_running = self._is_looking = self._is_offered = False

    def configure(self, mode: CallMode) -> None:
        """Set what is done from the next dictation on."""
        self._mode = mode
        if self._muter is not None or mode == "mute":
            self._run(self._open_muter())

    def start(self, tasks: TaskGroup) -> None:
        """Start in `tasks`; undo what a crash has left, whatever is configured."""
        self._tasks = tasks
        if self._muter is not None or self._file.exists():
            self._run(self._open_muter())

    def wrap(self, microphone: Microphone) -> Microphone:
        """Return `microphone`, with the user muted in calls while it is open if that is configured."""
        return self._muter.wrap(microphone) if self._mode == "mute" and self._muter is not None else microphone

    def on_intent(
        self, send: Callable[[tuple[DictationIntent, float]], None], intent: DictationIntent, at: float
    ) -> None:
        """Send an intent on; one that opens a recording mutes before, where that is configured."""
        is_opening = intent in (DictationIntent.BEGIN, DictationIntent.EDIT, DictationIntent.AGAIN)
        if is_opening and self._mode == "mute" and self._muter is not None:
            self._muter.expect()
        send((intent, at))

    def on_dictation_end(self, spawn: SpawnTask) -> None:
        """Look for a call and offer to mute it, unless it is muted or was offered."""
        if self._mode == "off" and not (self._is_offered or self._is_looking):
            self._is_looking = True
            spawn(self._look)

    async def _look(self) -> None:
        try:
            self._is_offered = await to_thread.run_sync(self._marker.exists)
            if self._is_offered:
                return
            programs = await factory.find_calls()
            if programs and self._mode == "off" and await self._offer(programs[0]):
                self._is_offered = True
                await to_thread.run_sync(_mark, self._marker)
        finally:
            self._is_looking = False

    def _open_muter(self) -> CallMuter | None:
        if self._muter is None:
            self._muter = factory.create_call_muter(self._file, self._on_change)
        return self._muter

    def _run(self, muter: CallMuter | None) -> None:
        """Run the muter as far as it is wanted, or has something to undo."""
        if muter is None:
            return
        muter.is_wanted = self._mode == "mute"
        if self._tasks is not None and not self._is_running:
            self._is_running = True
            self._tasks.start_soon(self._run_muter, muter)

    async def _run_muter(self, muter: CallMuter) -> None:
        await run_with_restarts(muter.run)
        self._is_running = False
        if muter.is_wanted:  # since it ended
            self._run(muter)


def _mark(marker: Path) -> None:
    """Create the marker. Where no file can be, it is offered again after the next start."""
    try:
        make_private_dir(marker.parent)
        os.close(os.open(marker, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as error:
        logger.warning("that muting in calls was offered is not kept on disk: %s", error.strerror)
