"""How a dictation ended, and what of it may be kept."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from desktop.core.errors import UserError
from desktop.core.messages import Message
from desktop.core.state import DictationState, Done, Failed
from desktop.core.types import DELIVERED_OUTCOMES, Outcome, Transcript
from desktop.dictation.capture import SessionSpool
from desktop.dictation.target import TargetTracker
from desktop.history.rows import HistoryEntry
from desktop.polish.polisher import takes_content

logger = logging.getLogger(__name__)

INTERNAL_ERROR = UserError("dictation-internal-error")

NO_WORDS = Transcript()

EDIT_STYLE = "edit"
"""The style in the row of an edit, whose raw text is the selected text."""

PASSWORD_FIELD_NOTE = Message("password-field-not-kept")
RESUMED_PASSWORD_FIELD_NOTE = Message("password-field-not-pasted")
"""The same for a resumed dictation, whose recording is kept."""


@dataclass(frozen=True, slots=True)
class SessionResult:
    """How a dictation ended: its entry for the history, and what is shown besides."""

    entry: HistoryEntry
    problem: UserError | None = None
    has_recording: bool = True

    @property
    def is_wordless(self) -> bool:
        """Whether nothing was said. A command is silent, too, as it puts in no text, and has its words."""
        return self.entry.delivery is Outcome.SILENT and not self.entry.raw_text

    def without_kept_claims(self) -> SessionResult:
        """Return the result worded for a dictation of which nothing is kept."""
        entry = replace(self.entry, notes=tuple(note.without_kept_claims() for note in self.entry.notes))
        return SessionResult(entry, self.problem and self.problem.without_kept_claims(), has_recording=False)

    def to_state(self, new_target: str) -> DictationState:
        """Return the state to show. `new_target` names the window if it is not the one of the press."""
        if self.problem is not None:
            return Failed(self.problem, self.has_recording)
        entry = self.entry
        return Done(
            entry.delivery,
            entry.text,
            entry.notes,
            new_target if entry.text else "",
            self.has_recording,
            takes_content(entry.raw_text, entry.text, entry.changed),
            entry.raw_text if entry.text else "",
        )


def explain_unrecorded(error: Exception, *, has_recording: bool) -> Failed:
    """Log why a dictation could not be written into the history, and return what is shown then."""
    if isinstance(error, UserError):
        logger.warning("a dictation could not be remembered: %s", error)
        return Failed(error, has_recording)
    logger.error("a dictation could not be remembered", exc_info=error)
    return Failed(INTERNAL_ERROR if has_recording else INTERNAL_ERROR.without_kept_claims(), has_recording)


def finalize_result(
    result: SessionResult, spool: SessionSpool, tracker: TargetTracker, is_resumed: bool
) -> SessionResult:
    """Decide what is kept of a dictation, and return its result for its window, worded accordingly."""
    target = tracker.target
    if target.is_password:
        spool.file.discard()
        note = RESUMED_PASSWORD_FIELD_NOTE if is_resumed else PASSWORD_FIELD_NOTE
        entry = result.entry
        result = SessionResult(
            HistoryEntry(started_at=entry.started_at, delivery=Outcome.REFUSED, notes=(note,), sent=entry.sent)
        )
    if result.is_wordless:
        spool.file.discard()
    is_delivered = bool(result.entry.text) and result.entry.delivery in DELIVERED_OUTCOMES
    is_for_start_target = not is_delivered and spool.keeps_start_target and not spool.keeps_target
    if is_for_start_target:  # the words never reached the window that must not be kept
        spool.note_not_left()
        target = tracker.start_target
    result = replace(result, entry=replace(result.entry, app=target.app, window=target.title))
    is_kept = spool.keeps_target and not (spool.is_dropped and not result.entry.text)
    return result if is_for_start_target or is_kept else result.without_kept_claims()
