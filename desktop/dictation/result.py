"""The result of a dictation: what is shown of it, and what the history records."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from desktop.core.errors import Problem
from desktop.core.state import Done, Failed, State
from desktop.core.types import Change, Felt, Outcome, Sent, Target, Transcript
from desktop.history.privacy import told_unkept, unkept
from desktop.history.row import Entry

EDIT = "edit"
"""The style in the row of an edit, whose raw text is the selected text."""

SECRET = "This is a password field. Nothing was kept."
SECRET_AGAIN = "This is a password field. Nothing was pasted."
"""The same for a resumed dictation, whose recording is kept."""


@dataclass(frozen=True, slots=True)
class Ending:
    """The outcome of a dictation with everything to show and record. `target` has a handle once the text was meant for
    it; `sent` is what left the machine after the words were known."""

    outcome: Outcome
    words: Transcript = Transcript()
    text: str = ""
    target: Target = Target()
    note: str = ""
    problem: Problem | None = None
    release_to_text_ms: float | None = None
    paste_ms: float | None = None
    sent: tuple[Sent, ...] = ()
    style: str = ""
    changed: tuple[Change, ...] = ()
    kept: bool = True

    def unkept(self) -> Ending:
        """Return the result worded for a dictation of which nothing is kept."""
        problem = self.problem and told_unkept(self.problem)
        return replace(self, kept=False, note=unkept(self.note), problem=problem)

    def shown(self, into: str) -> State:
        """Return the state to show. `new_target` names the window if it is not the one of the press."""
        if self.problem is not None:
            return Failed(self.problem, self.kept)
        return Done(self.outcome, self.text, self.note, into if self.text else "", self.kept)

    def entry(self, started_at: datetime, meant: Target, felt: Felt) -> Entry:
        """Return the entry for the history; `last_target` is the last known window, used if the session ended before it
        had a target."""
        words, target = self.words, self.target if self.target.handle else meant
        return Entry(
            started_at=started_at,
            app=target.app,
            window=target.window,
            raw_text=words.text,
            text=self.text,
            language=words.language,
            duration_s=words.duration_s,
            engine=words.engine,
            model=words.model,
            release_to_text_ms=self.release_to_text_ms,
            delivery=self.outcome,
            note=str(self.problem) if self.problem else self.note,
            decode_s=words.decode_s,
            device=words.device,
            paste_ms=self.paste_ms,
            guards=words.guards,
            emotion=felt.emotion,
            sent=words.sent + self.sent + felt.sent,
            style=self.style,
            changed=self.changed,
        )
