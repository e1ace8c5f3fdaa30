"""Who reads how one sounds, while this app runs: one for all dictations, since it knows the voice.

It is made when it is first wanted, and imported then: whoever has it off pays nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from anyio import to_thread

from desktop import making
from desktop.history import History, connecting
from desktop.history.schema import problems
from desktop.keeping.remembering import OFF
from desktop.settings import put
from desktop.settings.tree import Settings

if TYPE_CHECKING:
    from desktop.chat import Chat
    from desktop.emotion.corrections import Correction
    from desktop.emotion.local import Local
    from desktop.ports import Feeler

ON_THIS_MACHINE = "local"
"""Who reads it where nobody did from the start."""


class Moods:
    """Reads emotions into `history`, whose file is at `path`."""

    def __init__(self, history: History, path: Path) -> None:
        self._history = history
        self._path = path
        self._local: Local | None = None
        self._read_by = ON_THIS_MACHINE

    def feeler(self, settings: Settings, chat: Chat | None) -> Feeler | None:
        """What reads the emotion of a dictation; None where there is none to be noted."""
        return making.feeler(settings.emotion, chat, self._listener)

    def chosen(self, engine: str) -> None:
        """That one reads from now on, or nobody."""
        if engine != OFF:
            self._read_by = engine

    async def switch(self, settings: Path, engine: str) -> bool:
        """Turn it off in the `settings` where `engine` reads, or back to who it was that did; whether it is on then.
        Raises `SettingsProblem`."""
        wanted = self._read_by if engine == OFF else OFF
        await to_thread.run_sync(put, settings, "emotion.engine", wanted)
        return wanted != OFF

    async def warm(self) -> None:
        """Load what reads, where somebody does."""
        if self._local is not None:
            await to_thread.run_sync(self._local.warm)

    def corrected(self) -> None:
        """The person has said how a dictation really sounded."""
        if self._local is not None:
            self._local.relearn()

    def forget(self) -> int:
        """Forget how all that was said sounded, and what was learned of it; how many dictations had been noted. Blocks.
        Raises `HistoryProblem`."""
        gone = self._history.forget_emotions()
        self.corrected()
        return gone

    def _listener(self) -> Local:
        if self._local is None:
            from desktop.emotion.local import Local
            from desktop.history.voices import StoredVoices

            self._local = Local(StoredVoices(self._path), corrections=self._corrections)
        return self._local

    def _corrections(self) -> list[Correction]:
        """What the person made of the emotions that were heard. No keyring is asked for that. Raises `HistoryProblem`,
        `LockedProblem` until the keyring is open."""
        with problems(self._path):
            connecting.at_hand(self._path)
        rows = self._history.corrected()
        return [(row.emotion.scores, row.emotion_user) for row in rows if row.emotion and row.emotion_user]
