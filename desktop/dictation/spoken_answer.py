"""An answer by voice: a dictation whose text is given to a program that has asked for it, and pasted nowhere.

All other steps are those of a dictation: the words are polished, refused in a password or private field, and kept in
the history if it keeps those into the window in front, under the name of the program.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from desktop.audio.spool_file import SpoolFile
from desktop.core.interfaces import Polisher
from desktop.core.messages import Foreign, Message
from desktop.core.types import DictationContext, Outcome, PasteResult, PolishedText, SentData, Target
from desktop.dictation.dependencies import SessionDependencies
from desktop.history.rows import HistoryEntry
from desktop.paste.request import TEXT_IN_HISTORY


class OpenQuestion(Protocol):
    """What a program has asked the user; `program` is its name."""

    program: str

    def is_answered_by(self, pressed_at: float) -> bool:
        """Return whether a dictation that begins at this time (monotonic) is the answer."""
        ...

    def is_private(self) -> bool:
        """Return whether nothing of what is said may be given away."""
        ...

    async def give(self, text: str) -> bool:
        """Give the answer to the program; return whether that succeeded."""
        ...


class SpokenAnswer:
    """A `SpokenRequest` whose text is the answer to `question`."""

    def __init__(self, polisher: Polisher, question: OpenQuestion) -> None:
        self._polisher = polisher
        self._question = question

    def prepare(self, text: str, context: DictationContext) -> None:
        """See `Polisher`."""
        self._polisher.prepare(text, context)

    async def polish(self, text: str, context: DictationContext, on_draft: Callable[[str], None]) -> PolishedText:
        """See `Polisher`."""
        return await self._polisher.polish(text, context, on_draft)

    def finish(self, context: DictationContext) -> tuple[SentData, ...]:
        """See `Polisher`."""
        return self._polisher.finish(context)

    async def replace_text(self, text: str, target: Target, on_sent: Callable[[], None]) -> PasteResult:
        """Give the text away; where that is refused, it is kept as any other that reaches no window."""
        if target.is_private or self._question.is_private():
            return PasteResult(Outcome.REFUSED, (Message("answer-private"), TEXT_IN_HISTORY))
        on_sent()
        if not await self._question.give(text):
            return PasteResult(Outcome.REFUSED, (Message("answer-too-late"), TEXT_IN_HISTORY))
        return PasteResult(Outcome.INSERTED, (Message("answer-given", program=Foreign(self._question.program)),))

    def apply_to(self, dependencies: SessionDependencies) -> SessionDependencies:
        """Return the dependencies of the session that answers: no window is written to, watched or undone."""

        def record_entry(entry: HistoryEntry, spool_file: SpoolFile) -> int:
            return dependencies.record_answer(entry, spool_file, self._question.program)

        return replace(
            dependencies,
            polisher=self,
            record_entry=record_entry,
            on_inserted=lambda polished, raw_text, target: None,
            scratch=None,
            is_live=False,
        )
