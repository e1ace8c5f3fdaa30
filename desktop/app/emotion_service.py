"""Keep the emotion detector while the app runs: one for all dictations, because it learns the user's voice.

It is created, and its modules imported, on first use: a user who has emotions off pays nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from anyio import to_thread

from desktop.app import factory as making
from desktop.app.history_service import OFF
from desktop.history import connection as connecting
from desktop.history.history import History
from desktop.history.schema import problems
from desktop.settings.schema import Settings
from desktop.settings.store import put

if TYPE_CHECKING:
    from desktop.core.interfaces import Feeler
    from desktop.emotion.calibration import Correction
    from desktop.emotion.detector import Local
    from desktop.llm.client import Chat

ON_THIS_MACHINE = "local"
"""The detector to switch on where none was in use before."""


class Moods:
    """Emotion detection for `history`, whose file is at `path`."""

    def __init__(self, history: History, path: Path) -> None:
        self._history = history
        self._path = path
        self._local: Local | None = None
        self._read_by = ON_THIS_MACHINE

    def feeler(self, settings: Settings, chat: Chat | None) -> Feeler | None:
        """Return the detector for a dictation, None where emotions are off."""
        return making.feeler(settings.emotion, chat, self._listener)

    def chosen(self, engine: str) -> None:
        """Remember `engine`, unless it is off, as the detector to switch back on."""
        if engine != OFF:
            self._read_by = engine

    async def switch(self, settings: Path, engine: str) -> bool:
        """Switch detection off in the settings file if `engine` is on, otherwise back to the last detector; return
        whether it is on now. Raises `SettingsError`."""
        wanted = self._read_by if engine == OFF else OFF
        await to_thread.run_sync(put, settings, "emotion.engine", wanted)
        return wanted != OFF

    async def warm(self) -> None:
        """Load the local detector's models, if it is in use."""
        if self._local is not None:
            await to_thread.run_sync(self._local.warm)

    def corrected(self) -> None:
        """Relearn from the history after a user's correction of an emotion."""
        if self._local is not None:
            self._local.relearn()

    def forget(self) -> int:
        """Delete all stored emotions and what was learned from them; return how many dictations had one. Blocks. Raises
        `HistoryError`."""
        gone = self._history.forget_emotions()
        self.corrected()
        return gone

    def _listener(self) -> Local:
        if self._local is None:
            from desktop.emotion.baseline import StoredVoices
            from desktop.emotion.detector import Local

            self._local = Local(StoredVoices(self._path), corrections=self._corrections)
        return self._local

    def _corrections(self) -> list[Correction]:
        """Return the user's corrections with the detected scores. Never prompts for the keyring. Raises `HistoryError`,
        or `LockedError` until the keyring is open."""
        with problems(self._path):
            connecting.at_hand(self._path)
        rows = self._history.corrected()
        return [(row.emotion.scores, row.emotion_user) for row in rows if row.emotion and row.emotion_user]
