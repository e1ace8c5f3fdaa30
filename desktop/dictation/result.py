"""The result of a dictation: what is shown of it, and what the history records."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from desktop.core.errors import UserError
from desktop.core.state import DictationState, Done, Failed
from desktop.core.types import EmotionResult, Outcome, RuleChange, SentData, Target, Transcript
from desktop.history.privacy import remove_kept_claims, without_kept_claims
from desktop.history.rows import HistoryEntry

EDIT_STYLE = "edit"
"""The style in the row of an edit, whose raw text is the selected text."""

PASSWORD_FIELD_NOTE = "This is a password field. Nothing was kept."
RESUMED_PASSWORD_FIELD_NOTE = "This is a password field. Nothing was pasted."
"""The same for a resumed dictation, whose recording is kept."""


@dataclass(frozen=True, slots=True)
class SessionResult:
    """The outcome of a dictation with everything to show and record. `target` has a handle once the text was meant for
    it; `sent` is what left the machine after the words were known."""

    outcome: Outcome
    transcript: Transcript = Transcript()
    text: str = ""
    target: Target = Target()
    note: str = ""
    problem: UserError | None = None
    release_to_text_ms: float | None = None
    paste_ms: float | None = None
    sent: tuple[SentData, ...] = ()
    style: str = ""
    changes: tuple[RuleChange, ...] = ()
    has_recording: bool = True

    def without_kept_claims(self) -> SessionResult:
        """Return the result worded for a dictation of which nothing is kept."""
        problem = self.problem and without_kept_claims(self.problem)
        return replace(self, has_recording=False, note=remove_kept_claims(self.note), problem=problem)

    def to_state(self, new_target: str) -> DictationState:
        """Return the state to show. `new_target` names the window if it is not the one of the press."""
        if self.problem is not None:
            return Failed(self.problem, self.has_recording)
        return Done(self.outcome, self.text, self.note, new_target if self.text else "", self.has_recording)

    def to_entry(self, started_at: datetime, last_target: Target, emotion_result: EmotionResult) -> HistoryEntry:
        """Return the entry for the history; `last_target` is the last known window, used if the session ended before it
        had a target."""
        transcript, target = self.transcript, self.target if self.target.handle else last_target
        return HistoryEntry(
            started_at=started_at,
            app=target.app,
            window=target.title,
            raw_text=transcript.text,
            text=self.text,
            language=transcript.language,
            duration_s=transcript.duration_s,
            engine=transcript.engine,
            model=transcript.model,
            release_to_text_ms=self.release_to_text_ms,
            delivery=self.outcome,
            note=str(self.problem) if self.problem else self.note,
            decode_s=transcript.decode_s,
            device=transcript.device,
            paste_ms=self.paste_ms,
            guards=transcript.guards,
            emotion=emotion_result.emotion,
            sent=transcript.sent + self.sent + emotion_result.sent,
            style=self.style,
            changed=self.changes,
        )
