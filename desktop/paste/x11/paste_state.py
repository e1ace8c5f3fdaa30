"""The pending paste as a value: each event returns a changed copy. Pure; `desktop.paste.outcome` decides when it is
over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from desktop.core.chords import PasteChord, PasteShortcut
from desktop.core.messages import Notes
from desktop.core.types import Target
from desktop.paste.apps import PasteRule
from desktop.paste.outcome import QUIET_S, PasteProgress, next_check_at
from desktop.paste.receipt import MAX_UNKNOWN_WATCH_S, MIN_UNKNOWN_WATCH_S, SUSPECT_WATCH_S, WATCH_S, ReadKind, Receipt
from desktop.paste.request import RETURN_NOT_PRESSED, TAKEN_BEFORE_READ, WINDOW_READS_CLIPBOARD
from desktop.paste.text_fit import Insertion
from desktop.paste.x11.clipboard_copy import SelectionCopy
from desktop.paste.x11.owned_selection import SelectionRead

STEP_READ = SelectionRead(0)

SILENCE_FACTOR = 1.5
"""Factor on the longest silence between two reads: a program that reads by the clock is not done in a silence only a
little longer."""


@dataclass(frozen=True, slots=True)
class PendingPaste:
    """A paste whose chord has been sent and whose end is awaited.

    - `rule`: how the application is pasted into.
    - `replaced_contents`: the previous contents by selection.
    - `insertion`: what counts as inserted if the text is read.
    - `text_after_cursor`: the end of the text, before which the cursor should be.
    - `read_s`: seconds until the target first read.
    - `receipt`: which reads answer the chord; None where each one counts (a remote desktop).
    - `clipboard_taken_at`: when the clipboard was taken (monotonic).
    - `ignores_changes`: the program is known to read nothing because the clipboard was taken.
    - `last_read_at`: when it last took data, for the chord or not.
    - `longest_gap_s`: the longest silence between two such reads.
    """

    chord: PasteChord
    rule: PasteRule
    target: Target
    progress: PasteProgress
    replaced_contents: Mapping[str, SelectionCopy]
    insertion: Insertion
    text_after_cursor: str = ""
    read_s: float | None = None
    receipt: Receipt | None = None
    clipboard_taken_at: float = 0.0
    ignores_changes: bool = False
    longest_gap_s: float = 0.0
    last_read_at: float | None = None

    def with_next_waiting(self) -> PendingPaste:
        """Note that the next request waits for this paste."""
        return replace(self, progress=replace(self.progress, is_next_waiting=True))

    def with_chord_pressed(self, serial: int) -> PendingPaste:
        """Note that our request `serial` pressed the chord's last key."""
        return self if self.receipt is None else self._with_receipt(replace(self.receipt, chord_serial=serial))

    def with_read(self, now: float, read: SelectionRead = STEP_READ) -> PendingPaste:
        """Note that the target has taken the text, or a step of it, at `now` (monotonic)."""
        gap_s = self.longest_gap_s if self.last_read_at is None else max(self.longest_gap_s, now - self.last_read_at)
        pending, receipt = replace(self, longest_gap_s=gap_s, last_read_at=now), self.receipt
        if receipt is not None:
            updated = receipt.with_read((read.selection, read.target), read.serial) if read.target else receipt
            pending = pending._with_receipt(updated)
            if not updated.reads_after:
                return replace(pending, progress=replace(pending.progress, read_at=now))
            if updated.renewals != receipt.renewals:
                watch_until = (
                    pending.progress.watch_until
                    if not updated.has_repeated_suspected
                    else 0.0
                    if updated.expected_reads
                    else now + WATCH_S
                )
                return replace(
                    pending, progress=replace(pending.progress, watch_until=watch_until)
                )  # and no further silence is waited for
            if updated.is_closed:
                pending = replace(pending, progress=replace(pending.progress, watch_until=now + SILENCE_FACTOR * gap_s))
        reads_twice = self.rule.reads == "twice" and self.chord.shortcut is not PasteShortcut.SHIFT_INSERT
        expects_second_read = reads_twice and self.read_s is None
        read_s = now - self.progress.sent_at if self.read_s is None else self.read_s
        return replace(
            pending,
            progress=replace(pending.progress, read_at=now, expects_second_read=expects_second_read),
            read_s=read_s,
        )

    def with_inspection(self, now: float) -> PendingPaste:
        """Note that the target has listed the targets at `now`: no proof, but it is not done.

        After a renewal many programs list, and read at once afterwards.
        """
        if self.progress.read_at is None:
            return self
        if self.receipt is not None and self.receipt.renewals and not self.receipt.is_closed:
            return replace(
                self, progress=replace(self.progress, watch_until=max(self.progress.watch_until, now + WATCH_S))
            )
        return replace(self, progress=replace(self.progress, read_at=now))

    @property
    def is_proven(self) -> bool:
        """Whether what was read is known not to answer a clipboard change, so that a key may be pressed after it."""
        return self.receipt is None or self.receipt.is_verified or self.ignores_changes

    @property
    def is_confirmed(self) -> bool:
        """Whether the target is known to have read the text because of the chord."""
        return self.progress.read_at is not None and not self.progress.is_ambiguous and self.is_proven

    @property
    def unconfirmed_notes(self) -> Notes:
        """The notes for a paste that ends unconfirmed."""
        reason = (
            WINDOW_READS_CLIPBOARD
            if self.progress.is_ambiguous and self.progress.read_at is not None
            else TAKEN_BEFORE_READ
        )
        return (reason, RETURN_NOT_PRESSED) if self.rule.enter else (reason,)

    @property
    def renewal_due_at(self) -> float | None:
        """When to renew the clipboard, or to take the answers to a renewal as complete; None if there is nothing to do
        for the receipt."""
        receipt, quiet_at = self.receipt, self.progress.quiet_at
        if receipt is None or quiet_at is None or self.progress.is_clipboard_lost:
            return None
        if receipt.needs_renewal:
            return max(quiet_at, (self.last_read_at or 0.0) + QUIET_S) - WATCH_S
        return quiet_at if receipt.is_ambiguous and receipt.renewals and not receipt.is_closed else None

    @property
    def next_check_at(self) -> float:
        """When there is something to do without any event."""
        last = next_check_at(self.progress)
        return last if self.renewal_due_at is None else min(last, self.renewal_due_at)

    @property
    def watch_s(self) -> float:
        """Seconds for which the program is watched after the renewal just made."""
        took_s = self.progress.sent_at + (self.read_s or 0.0) - self.clipboard_taken_at
        unknown_s = min(MAX_UNKNOWN_WATCH_S, max(MIN_UNKNOWN_WATCH_S, 2 * took_s))
        if self.receipt is not None and self.receipt.suspected_reads:
            return max(SUSPECT_WATCH_S, unknown_s)
        return WATCH_S if self.ignores_changes else unknown_s

    def with_renewal(self, serial: int, now: float) -> PendingPaste:
        """Note that our request `serial` took the clipboard once more at `now` (monotonic)."""
        pending = self if self.receipt is None else self._with_receipt(self.receipt.with_renewal(serial))
        return replace(pending, progress=replace(pending.progress, watch_until=now + pending.watch_s))

    def with_renewals_closed(self) -> PendingPaste:
        """Take the answers to the last renewal as complete."""
        return self if self.receipt is None else self._with_receipt(replace(self.receipt, is_closed=True))

    def with_restored_reads(self, kinds: tuple[ReadKind, ...]) -> PendingPaste:
        """Note what the target's program read of the restored clipboard."""
        return (
            self
            if self.receipt is None
            else self._with_receipt(replace(self.receipt, restored_reads=kinds, is_closed=True))
        )

    def _with_receipt(self, receipt: Receipt) -> PendingPaste:
        return replace(self, receipt=receipt, progress=replace(self.progress, is_ambiguous=receipt.is_ambiguous))

    def with_loss(self) -> PendingPaste:
        """Note that another program has taken the clipboard."""
        return replace(self, progress=replace(self.progress, is_clipboard_lost=True))
