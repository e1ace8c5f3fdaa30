"""A dictation as the flow records it (`HistoryEntry`) and as it is stored in the history (`HistoryRow`).

The row that the command line prints is a promise to scripts, so `JSON_KEYS` lists its keys one by one; what else is
stored (device, paste times, guards) helps to find out why something was slow, and may change.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from desktop.core.types import EMOTION_LABELS, Emotion, Outcome, RuleChange, SentData

JSON_KEYS = (
    "id",
    "started_at",
    "app",
    "window",
    "raw_text",
    "text",
    "language",
    "duration_s",
    "engine",
    "model",
    "release_to_text_ms",
    "delivery",
    "emotion",
    "audio_path",
    "sent",
    "note",
    "style",
    "changed",
    "edited",
    "emotion_user",
)

USER_ENGINE = "person"
"""The `engine` of an emotion that the user chose."""

_LABEL_VALENCE = dict(zip(EMOTION_LABELS, (0.0, 1.0, -1.0, -1.0, -1.0, 0.3, -1.0), strict=True))
"""The valence of the label a user chose, as in `emotion.fusion.LABEL_VALENCE`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """A dictation that ended. `started_at` has an offset; `raw_text` is the recognizer's, `text` what was pasted.

    `release_to_text_ms` runs from the key's release to the sent paste, None if nothing was pasted. `style` names the
    writing style of the target, `changed` lists what the polish rules did. `edited` is the text as the user corrected
    it, None without a correction; `emotion_user` the emotion the user chose, one of `LABELS`.
    """

    started_at: datetime
    app: str = ""
    window: str = ""
    raw_text: str = ""
    text: str = ""
    language: str = ""
    duration_s: float = 0.0
    engine: str = ""
    model: str = ""
    release_to_text_ms: float | None = None
    delivery: Outcome
    emotion: Emotion | None = None
    audio_path: Path | None = None
    note: str = ""
    decode_s: float = 0.0
    device: str = ""
    paste_ms: float | None = None
    guards: tuple[str, ...] = ()
    sent: tuple[SentData, ...] = ()
    style: str = ""
    changed: tuple[RuleChange, ...] = ()
    edited: str | None = None
    emotion_user: str | None = None

    @property
    def effective_emotion(self) -> Emotion | None:
        """The emotion to show and to count: the user's choice before the detected one. The arousal is the measured one,
        because a label says little about it."""
        if self.emotion_user is None:
            return self.emotion
        found = self.emotion or Emotion("", 0.0, 0.0, 0.0)
        valence = found.valence if found.label == self.emotion_user else _LABEL_VALENCE.get(self.emotion_user, 0.0)
        return replace(
            found,
            label=self.emotion_user,
            confidence=1.0,
            valence=valence,
            abstained=False,
            engine=USER_ENGINE,
            mixed=False,
            note="",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow(HistoryEntry):
    """A stored entry. Ids grow and are never reused."""

    id: int

    def to_json(self) -> dict[str, Any]:
        """Return the row as the command line prints it: exactly `JSON_KEYS`, each a string, a number, an object, a list
        or None."""
        values: dict[str, Any] = {key: getattr(self, key) for key in JSON_KEYS}
        values["started_at"] = self.started_at.isoformat(timespec="milliseconds")
        values["delivery"] = self.delivery.value
        values["emotion"] = self.emotion.to_json() if self.emotion else None
        values["audio_path"] = str(self.audio_path) if self.audio_path else None
        values["sent"] = [asdict(sent) for sent in self.sent]
        values["changed"] = [asdict(change) for change in self.changed]
        return values
