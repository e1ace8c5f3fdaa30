"""The state of a text offered to the clipboard, on systems with delayed rendering. Pure.

Windows and macOS request an offered text when a program first reads it; that request is the receipt. They request it
once and answer later readers themselves, unseen. So a read by another program (a clipboard history) uses the receipt
up, and the text has to be offered again; a program that reads at every change would make that go on for ever, so it is
done a few times only. What then remains unknown is reported: such a paste ends UNCONFIRMED, never as a failure that may
not be one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from desktop.core.chords import PasteShortcut
from desktop.core.types import Outcome, Target
from desktop.paste.apps import PasteRule
from desktop.paste.outcome import PasteProgress, evaluate_outcome, next_check_at
from desktop.paste.request import PasteRequest

MAX_RENEWALS = 3
"""How often a text is offered again: once for a history that reads once, twice more for one that reads again."""

UNNAMED_RENEWAL_S = 0.05
"""Seconds after which that is done for a reader without a name, which may be the target: one that reads several times
for one paste does so within some ms, and a clipboard that changes while it does would be no paste to it."""

UNNAMED_MARGIN_S = 0.1
"""Seconds by which a history may be slower to read the renewed offer than it was to read the first."""


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
    name is a program that reads when the clipboard changes. `is_read_unnamed`: the read that counts as the target's
    was one without a name. `unnamed_reads`: the number of those, before the chord too.
    """

    progress: PasteProgress
    is_fulfilled: bool = False
    renewals: int = 0
    had_unnamed_reader: bool = False
    is_unnamed_history: bool = False
    is_read_unnamed: bool = False
    unnamed_reads: int = 0

    @classmethod
    def with_early_reads(
        cls,
        progress: PasteProgress,
        readers: Sequence[ReaderKind],
        *,
        reads_early: bool,
        is_unread: bool,
        has_unnamed_history: bool,
    ) -> DelayedText:
        """Return the text as the chord is sent, after `readers` took it.

        That is proof only if the target's program reads when the clipboard changes (`reads_early`). `is_unread`: it was
        offered again since. `has_unnamed_history`: such a program read the text of the paste before.
        """
        if ReaderKind.TARGET in readers and reads_early:
            return cls(replace(progress, read_at=progress.sent_at), is_fulfilled=True)
        unnamed_reads = sum(reader in UNNAMED_READERS for reader in readers)
        return cls(
            progress,
            is_fulfilled=not is_unread,
            is_unnamed_history=has_unnamed_history or unnamed_reads > 0,
            unnamed_reads=unnamed_reads,
        )

    def with_read(self, reader: ReaderKind, at: float, *, reads_twice: bool = False) -> DelayedText:
        """Note that `reader` took the text at the time `at`; `reads_twice` if the target will again.

        What the target takes before the chord does not answer it. A reader without a name counts as the target if the
        target is in front and none has read for another reason: OLE, and so WordPad and Qt, read without a window. But
        so do some histories, a moment after the clipboard has changed, which is when the chord is answered. These read
        again when the text is offered again, the target does not.
        """
        if reader is ReaderKind.TARGET and at >= self.progress.sent_at:
            progress = replace(self.progress, read_at=at, expects_second_read=reads_twice)
            return replace(self, is_fulfilled=True, is_read_unnamed=False, progress=progress)
        if reader not in UNNAMED_READERS:
            return replace(self, is_fulfilled=True)
        read = replace(self, is_fulfilled=True, unnamed_reads=self.unnamed_reads + 1)
        is_history = self.is_unnamed_history or self.is_read_unnamed
        if reader is ReaderKind.UNNAMED_IN_FRONT and at >= self.progress.sent_at and not is_history:
            return replace(read, is_read_unnamed=True, progress=replace(self.progress, read_at=at))
        progress = replace(self.progress, read_at=None) if self.is_read_unnamed else self.progress
        return replace(read, had_unnamed_reader=True, is_unnamed_history=True, is_read_unnamed=False, progress=progress)

    def with_renewal(self, at: float) -> DelayedText:
        """Note that the text was offered again at the time `at`; a history that has read it needs as long again."""
        renewed = replace(self, is_fulfilled=False, renewals=self.renewals + 1)
        if not self.is_read_unnamed or self.progress.read_at is None:
            return renewed
        watch_until = at + self.progress.read_at - self.progress.sent_at + UNNAMED_MARGIN_S
        return replace(renewed, progress=replace(self.progress, watch_until=watch_until))

    @property
    def renewal_at(self) -> float | None:
        """When it should be offered again, because the target could read unseen or an unnamed reader is to be told from
        it; None if not."""
        read_at = self.progress.read_at
        is_open = read_at is None or self.is_read_unnamed
        if not (self.is_fulfilled and is_open) or self.progress.is_clipboard_lost or self.renewals >= MAX_RENEWALS:
            return None
        return self.progress.sent_at if read_at is None else read_at + UNNAMED_RENEWAL_S

    @property
    def next_check_at(self) -> float:
        """When something has to be done if nothing happens before."""
        last = next_check_at(self.progress)
        return last if self.renewal_at is None else min(last, self.renewal_at)

    @property
    def is_read_by_other(self) -> bool:
        """Whether another program has read it, and so perhaps the target unseen: before it was offered again."""
        return self.is_fulfilled or self.had_unnamed_reader or self.renewals > 0

    def find_outcome(self, now: float) -> Outcome | None:
        """Return how the paste ended, or None while that is open: as `evaluate_outcome`, but UNCONFIRMED instead of
        COPIED if the target may have read unseen, and instead of INSERTED if an unnamed reader could not be told from a
        history."""
        match evaluate_outcome(self.progress, now):
            case Outcome.COPIED if self.is_read_by_other:
                return Outcome.UNCONFIRMED
            case Outcome.INSERTED if self.is_read_unnamed and self.is_fulfilled:
                return Outcome.UNCONFIRMED
            case outcome:
                return outcome


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
