"""Collect the receipt of a paste: the reads before the chord, at a renewal, and when the clipboard was restored.

The effects around `desktop.paste.receipt`, which decides, and `desktop.paste.x11.readers`, which remembers. All in the
paste thread.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import replace
from math import inf
from time import monotonic

from desktop.core.types import Outcome, Target
from desktop.paste.apps import PasteRule
from desktop.paste.outcome import PasteProgress
from desktop.paste.receipt import EARLY_READ_S, MAX_UNKNOWN_WATCH_S, ReadKind, Receipt, is_after
from desktop.paste.x11.clipboard import X11Clipboard
from desktop.paste.x11.connection import X11Connection
from desktop.paste.x11.owned_selection import SelectionRead
from desktop.paste.x11.paste_state import PendingPaste
from desktop.paste.x11.readers import ReadHabit, ReadHabits

MAX_READS = 256
"""Maximum number of reads recorded, the latest."""


class ReceiptCollector:
    """Collects the receipts of one paste after the other. `last_input_at` is that of `UserActivity`."""

    def __init__(
        self, connection: X11Connection, clipboard: X11Clipboard, last_input_at: Callable[[float], float]
    ) -> None:
        self._x = connection
        self._clipboard = clipboard
        self._last_input_at = last_input_at
        self._habits = ReadHabits()
        self._reads: deque[SelectionRead] = deque(maxlen=MAX_READS)
        self._since_serial = 0
        self._target = Target()
        self._habit = ReadHabit()
        self._reads_early = False
        self.clipboard_taken_at = self._early_deadline = 0.0

    def begin(self, rule: PasteRule, target: Target) -> None:
        """Prepare for a paste into `target`.

        A program that reads changes may not have read the last one yet, and has until `EARLY_READ_S` after it.
        """
        now = monotonic()
        owned_since = self._clipboard.changed_at if self._clipboard.is_owned("CLIPBOARD") else inf
        self._target, self._habit = target, self._habits.find_habit(self._x.program_of(target.handle), now, owned_since)
        self._reads_early = rule.reads != "early" and bool(self._habit.at_change)
        if self._reads_early:
            self._since_serial = self._clipboard.changed_by
            self._x.wait(self._has_read_change, self._clipboard.changed_at + EARLY_READ_S)
            self._x.wait(lambda: False, self._clipboard.prefetch.last_taken_at + EARLY_READ_S)
        self._reset_reads()
        self.clipboard_taken_at, self._early_deadline = monotonic(), now + EARLY_READ_S

    def _reset_reads(self) -> None:
        self._reads.clear()
        self._since_serial = self._x.serial

    @property
    def ignores_changes(self) -> bool:
        """Whether the target's program is known to read nothing because of a change."""
        return self._habit.ignores_changes

    def wait_for_early_reads(self) -> None:
        """Wait for what the target's program is known to read at a change; return at once for other programs.

        With the wait of `begin` this takes `EARLY_READ_S` at most.
        """
        if self._reads_early:
            self._x.wait(self._has_read_change, self._early_deadline)

    def open_receipt(self, rule: PasteRule, progress: PasteProgress) -> tuple[PasteProgress, Receipt | None]:
        """Return `progress` and its receipt as the chord is about to be sent.

        A remote desktop reads before it and not later, so what it has read by now is proof, and it has no receipt.
        """
        if rule.reads == "early":
            return (replace(progress, read_at=progress.sent_at) if self._list_reads(steps=True) else progress), None
        is_trusted = rule.reads == "twice"
        receipt = Receipt(self._habit.at_change, self._habit.is_unreliable, is_trusted, tuple(self._list_reads()))
        read_at = progress.sent_at if receipt.reads_before else None
        return replace(
            progress, read_at=read_at, is_ambiguous=receipt.is_ambiguous, is_ambiguity_final=receipt.unreliable
        ), receipt

    def renew(self, pending: PendingPaste) -> int | None:
        """Take the clipboard once more. Returns the number of the request, None if the clipboard is lost."""
        serials = [self._clipboard.renew(selection) for selection in pending.chord.selections]
        return None if None in serials else serials[0]

    def restore_and_confirm(
        self, pending: PendingPaste, outcome: Outcome, restore: Callable[[], None]
    ) -> tuple[PendingPaste, Outcome]:
        """Restore the clipboard and return the paste and its outcome.

        If the target's program was found to read changes, watch for `EARLY_READ_S` what it reads of this one,
        whose text is new to it, before the insertion counts.
        """
        receipt = pending.receipt
        if receipt is None or receipt.expected_reads or not receipt.reads_changes or outcome is not Outcome.INSERTED:
            restore()
            return pending, outcome
        self._reset_reads()
        restore()
        if self._clipboard.is_owned("CLIPBOARD"):
            self._x.pause(EARLY_READ_S)
        pending = pending.with_restored_reads(tuple(self._list_reads()))
        self.learn(pending)
        return pending, Outcome.UNCONFIRMED if pending.progress.is_ambiguous else outcome

    def learn(self, pending: PendingPaste) -> None:
        """Remember how the target's program read in a paste that is over."""
        if pending.receipt is not None:
            self._habits.learn_from_paste(
                self._x.program_of(pending.target.handle),
                pending.receipt,
                is_watched=pending.watch_s < MAX_UNKNOWN_WATCH_S,
            )

    def note_read(self, read: SelectionRead) -> None:
        """Record a read while no chord is awaited."""
        self._reads.append(read)

    def learn_from_read(self, read: SelectionRead) -> None:
        """Record a read between two pastes, and learn from it."""
        self._reads.append(read)
        if read.target:
            program, kind = self._x.program_of(read.window), (read.selection, read.target)
            self._habits.learn_from_read(
                program, kind, monotonic(), self._clipboard.changed_at, self._last_input_at(inf)
            )

    def _has_read_change(self) -> bool:
        """Return whether the target's program has read since the last change what it reads at each."""
        return Counter(self._list_reads()) >= Counter(self._habit.at_change)

    def _list_reads(self, *, steps: bool = False) -> list[ReadKind]:
        """Return what the target's program has read since the last change, with the `steps` of long transfers too."""
        recorded = [
            read for read in self._reads if (read.target and is_after(read.serial, self._since_serial)) or steps
        ]
        return [
            (read.selection, read.target)
            for read in recorded
            if self._x.is_same_program(read.window, self._target.handle)
        ]
