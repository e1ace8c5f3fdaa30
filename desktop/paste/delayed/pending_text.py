"""The state of a text offered to the clipboard, on systems with delayed rendering. Pure.

Windows and macOS request an offered text when a program first reads it; that request is the receipt. They request it
once and answer later readers themselves, unseen. So a read by another program (a clipboard history) uses the receipt
up, and the text has to be offered again; a program that reads at every change would make that go on for ever, so it is
done a few times only. What then remains unknown is reported: such a paste ends UNCONFIRMED, never as a failure that may
not be one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto

from desktop.core.chords import PasteShortcut
from desktop.core.types import Outcome, Target
from desktop.paste.apps import PasteRule
from desktop.paste.outcome import PasteProgress, evaluate_outcome
from desktop.paste.request import PasteRequest

MAX_RENEWALS = 3
"""How often a text is offered again: once for a history that reads once, twice more for one that reads again."""


class ReaderKind(Enum):
    """The reader of the text: the target's program, another, or one that the system does not name, while the target's
    program is in front or another is."""

    TARGET = auto()
    OTHER = auto()
    UNNAMED_IN_FRONT = auto()
    UNNAMED = auto()


UNNAMED_READERS = frozenset((ReaderKind.UNNAMED_IN_FRONT, ReaderKind.UNNAMED))


type TextReadCallback = Callable[[ReaderKind, float], None]
"""A callback with the reader of the text and the time (seconds of the desktop's clock)."""


@dataclass(frozen=True, slots=True)
class DelayedText:
    """An offered text whose chord has been sent.

    `is_fulfilled`: it was read, so later reads are not reported. `renewals`: how often it was offered again.
    `had_unnamed_reader`: a reader without a name may have been the target. `is_unnamed_history`: a reader without a
    name has also read without the chord, so it is a program that reads when the clipboard changes.
    """

    progress: PasteProgress
    is_fulfilled: bool = False
    renewals: int = 0
    had_unnamed_reader: bool = False
    is_unnamed_history: bool = False

    def with_read(self, reader: ReaderKind, at: float) -> DelayedText:
        """Note that `reader` took the text at the time `at`.

        What the target takes before the chord does not answer it. A reader without a name counts as the target if the
        target is in front and none has read for another reason: OLE, and so WordPad and Qt, read without a window.
        """
        is_target = reader is ReaderKind.TARGET or (
            reader is ReaderKind.UNNAMED_IN_FRONT and not self.is_unnamed_history
        )
        if is_target and at >= self.progress.sent_at:
            return replace(self, is_fulfilled=True, progress=replace(self.progress, read_at=at))
        is_unnamed = reader in UNNAMED_READERS
        return replace(
            self,
            is_fulfilled=True,
            had_unnamed_reader=self.had_unnamed_reader or is_unnamed,
            is_unnamed_history=self.is_unnamed_history or is_unnamed,
        )

    def with_renewal(self) -> DelayedText:
        """Note that the text was offered again."""
        return replace(self, is_fulfilled=False, renewals=self.renewals + 1)

    @property
    def needs_renewal(self) -> bool:
        """Whether it should be offered again, because the target could read unseen."""
        return (
            self.is_fulfilled
            and self.progress.read_at is None
            and not self.progress.is_clipboard_lost
            and self.renewals < MAX_RENEWALS
        )

    def find_outcome(self, now: float) -> Outcome | None:
        """Return how the paste ended, or None while that is open: as `evaluate_outcome`, but UNCONFIRMED instead of
        COPIED if the target may have read unseen."""
        outcome = evaluate_outcome(self.progress, now)
        return (
            Outcome.UNCONFIRMED
            if outcome is Outcome.COPIED and (self.is_fulfilled or self.had_unnamed_reader)
            else outcome
        )


@dataclass(frozen=True, slots=True)
class DelayedPendingPaste[C]:
    """A paste whose end is awaited: the text as it was offered, and the previous contents of the clipboard."""

    target: Target
    rule: PasteRule
    shortcut: PasteShortcut
    offered: DelayedText
    text: str
    previous_text: str
    request: PasteRequest
    replaced_contents: C
