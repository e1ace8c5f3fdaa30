"""Decide when a paste is over and how it ended: a pure function of its progress and the time.

No fixed delay before the clipboard is restored suits every application. Receipts settle it: the target's read is the
proof, and the clipboard is restored when the reads have stopped (`docs/adr/0006`).
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.types import Outcome

QUIET_S = 0.2
"""Seconds of silence after which a target is done: toolkits read a selection up to four times for one paste, all within
some ms."""

SECOND_READ_S = 2.0
"""The same after the first read of a program that always reads again: Chromium's second read came 0.3 s later on a busy
machine, and once 2.1 s. If the clipboard holds something else by then, it pastes nothing at all."""

READ_TIMEOUT_S = 8.0
"""Seconds after which a target that has not read will not; the user is then notified."""

NEXT_WAITING_TIMEOUT_S = 4.0
"""The same while the next dictation waits: longer than the slowest reader that is expected (3 s)."""


@dataclass(frozen=True, slots=True)
class PasteProgress:
    """The progress of a paste whose chord has been sent. All times are seconds of one steady clock.

    - `sent_at`: just before the chord's first key.
    - `read_at`: the last time the target took the text or listed the targets; None before it first took the text.
    - `is_clipboard_lost`: another program has taken the clipboard since.
    - `is_next_waiting`: another dictation waits for this paste.
    - `expects_second_read`: the target has taken the text once, and is known to do so twice.
    - `watch_until`: until then the target does not count as done, however quiet it is.
    - `is_ambiguous`: the target may have taken the text for another reason than the chord.
    - `is_ambiguity_final`: that will not become clearer.
    """

    sent_at: float
    read_at: float | None = None
    is_clipboard_lost: bool = False
    is_next_waiting: bool = False
    expects_second_read: bool = False
    watch_until: float = 0.0
    is_ambiguous: bool = False
    is_ambiguity_final: bool = False

    @property
    def quiet_at(self) -> float | None:
        """When the target is done if it reads no more; None before it has taken the text."""
        if self.read_at is None:
            return None
        return max(self.read_at + (SECOND_READ_S if self.expects_second_read else QUIET_S), self.watch_until)

    @property
    def ambiguity_ends_at(self) -> float:
        """When a remaining ambiguity becomes final: a slow program has answered the chord too by then."""
        last = self.sent_at + NEXT_WAITING_TIMEOUT_S
        return min(self.quiet_at or last, last) if self.is_next_waiting or self.is_ambiguity_final else last


def evaluate_outcome(progress: PasteProgress, now: float) -> Outcome | None:
    """Return how the paste ended, or None while that is still open.

    INSERTED: the target has read and is quiet. UNCONFIRMED: the clipboard was taken or needed before it did, or it is
    ambiguous what it read for. COPIED: it did not read, so the text stays on the clipboard; for the other two, what is
    still ours is restored.
    """
    match progress:
        case PasteProgress(is_ambiguous=True, read_at=float()):
            return Outcome.UNCONFIRMED if progress.is_clipboard_lost or now >= progress.ambiguity_ends_at else None
        case PasteProgress(expects_second_read=True, is_clipboard_lost=True):
            return Outcome.UNCONFIRMED
        case PasteProgress(quiet_at=float(quiet_at)):
            is_over = progress.is_clipboard_lost or now >= min(quiet_at, progress.sent_at + READ_TIMEOUT_S)
            return Outcome.INSERTED if is_over else None
        case PasteProgress(is_clipboard_lost=True):
            return Outcome.UNCONFIRMED
        case PasteProgress(is_next_waiting=True) if now >= progress.sent_at + NEXT_WAITING_TIMEOUT_S:
            return Outcome.UNCONFIRMED
        case _:
            return Outcome.COPIED if now >= progress.sent_at + READ_TIMEOUT_S else None


def next_check_at(progress: PasteProgress) -> float:
    """Return the time at which `evaluate_outcome` has to be called again if nothing happens before."""
    last = progress.sent_at + READ_TIMEOUT_S
    if progress.is_ambiguous and progress.read_at is not None:
        return progress.ambiguity_ends_at
    if progress.quiet_at is not None:
        return min(progress.quiet_at, last)
    return progress.sent_at + NEXT_WAITING_TIMEOUT_S if progress.is_next_waiting else last
