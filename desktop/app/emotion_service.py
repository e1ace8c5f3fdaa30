"""Keep the emotion detector while the app runs: one for all dictations, because it learns the user's voice.

It is created, and its modules imported, on first use: a user who has emotions off pays nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from anyio import to_thread

from desktop.app import factory
from desktop.app.history_service import EMOTION_OFF
from desktop.history import connection
from desktop.history.schema import history_errors
from desktop.history.store import HistoryStore
from desktop.settings.live import LiveSettings
from desktop.settings.schema import Settings

if TYPE_CHECKING:
    from desktop.core.interfaces import EmotionDetector, VoiceEncoder
    from desktop.emotion.calibration import EmotionCorrection
    from desktop.emotion.detector import LocalEmotionDetector
    from desktop.emotion.voice_encoder import WhisperVoiceEncoder
    from desktop.llm.client import LLMClient

LOCAL_DETECTOR = "local"
"""The detector to switch on where none was in use before."""


class EmotionService:
    """Emotion detection for `history`, whose file is at `path`; heads for voices are in the folder `voice_heads`.

    `on_changed` is called when rows have changed. `models` is the folder of speech models, for the voice.
    """

    def __init__(
        self,
        history: HistoryStore,
        path: Path,
        voice_heads: Path,
        on_changed: Callable[[], None],
        models: Path | None = None,
    ) -> None:
        self._history = history
        self._path = path
        self._voice_heads = voice_heads
        self._on_changed = on_changed
        self._models = models
        self._detector: LocalEmotionDetector | None = None
        self._encoder: WhisperVoiceEncoder | None = None
        self._last_engine = LOCAL_DETECTOR

    def create_detector(self, settings: Settings, llm_client: LLMClient | None) -> EmotionDetector | None:
        """Return the detector for a dictation, None where emotions are off."""
        return factory.create_emotion_detector(settings.emotion, llm_client, self._local_detector)

    def create_voice_encoder(self, settings: Settings) -> VoiceEncoder | None:
        """Return what hears the voice for a transcript that does not tell of it; None where that is not wanted."""
        if self._models is None or settings.emotion.engine == EMOTION_OFF or settings.emotion.voice != "whisper":
            return None
        if self._encoder is None:
            from desktop.emotion.voice_encoder import WhisperVoiceEncoder
            from desktop.emotion.voice_heads import VoiceHeads
            from models.store import ModelStore

            self._encoder = WhisperVoiceEncoder(ModelStore(self._models), VoiceHeads(self._voice_heads))
        return self._encoder

    def remember_engine(self, engine: str) -> None:
        """Remember `engine`, unless it is off, as the detector to switch back on."""
        if engine != EMOTION_OFF:
            self._last_engine = engine

    async def toggle(self, settings: LiveSettings) -> bool:
        """Switch detection off in the settings file if it is on, otherwise back to the last detector; return whether it
        is on now. Raises `SettingsError`."""
        is_off = settings.load().settings.emotion.engine == EMOTION_OFF
        new_engine = self._last_engine if is_off else EMOTION_OFF
        await to_thread.run_sync(settings.write_setting, "emotion.engine", new_engine)
        return is_off

    async def warm(self) -> None:
        """Load the local detector's models, if it is in use."""
        if self._detector is not None:
            await to_thread.run_sync(self._detector.preload)

    def on_correction(self) -> None:
        """Relearn from the history after a user's correction of an emotion."""
        if self._detector is not None:
            self._detector.reload_corrections()

    def forget_emotions(self) -> int:
        """Delete all stored emotions and what was learned from them; return how many dictations had one. Blocks. Raises
        `HistoryError`."""
        count = self._history.delete_emotions()
        self.on_correction()
        self._on_changed()
        return count

    def _local_detector(self) -> LocalEmotionDetector:
        if self._detector is None:
            from desktop.emotion.baseline import StoredVoiceBaselines
            from desktop.emotion.detector import LocalEmotionDetector
            from desktop.emotion.voice_heads import VoiceHeads

            self._detector = LocalEmotionDetector(
                StoredVoiceBaselines(self._path),
                corrections=self._load_corrections,
                voice_heads=VoiceHeads(self._voice_heads),
            )
        return self._detector

    def _load_corrections(self) -> list[EmotionCorrection]:
        """Return the user's corrections with the detected scores. Never prompts for the keyring. Raises `HistoryError`,
        or `LockedError` until the keyring is open."""
        with history_errors(self._path):
            connection.require_key(self._path)
        rows = self._history.rows_with_corrected_emotion()
        return [(row.emotion.scores, row.emotion_user) for row in rows if row.emotion and row.emotion_user]
