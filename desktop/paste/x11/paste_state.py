"""The pending paste as a value: each event returns a changed copy. Pure; `paste.outcome` decides when it is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from desktop.core.chords import Chord, Paste
from desktop.core.types import Target
from desktop.paste.apps import Rule
from desktop.paste.joining import Insertion
from desktop.paste.outcome import QUIET_S, Lent, wake_at
from desktop.paste.receipt import SUSPECT_S, UNKNOWN_MOST_S, UNKNOWN_S, WATCH_S, Kind, Receipt
from desktop.paste.request import UNREAD, UNSENT, UNSURE
from desktop.paste.x11.clipboard_copy import Copy
from desktop.paste.x11.owned import Read

STEP = Read(0)

CALM = 1.5
"""Factor on the longest silence between two reads: a program that reads by the clock is not done in a silence only a
little longer."""


@dataclass(frozen=True, slots=True)
class Loan:
    """A paste whose end is awaited: its chord, the application's rule, its progress, the previous contents by
    selection, the insertion if it is read, the end of the text before which the cursor should be, and the seconds until
    the target first read.

    `receipt` tells which reads answer the chord, None where each one counts (a remote desktop). `clipboard_taken_at` is
    when the clipboard was taken (monotonic), `clean` whether the program is known to read nothing because of that,
    `last_read_at` when it last took data, for the chord or not, and `longest_gap_s` the longest silence between two
    such reads.
    """

    chord: Chord
    rule: Rule
    target: Target
    lent: Lent
    before: Mapping[str, Copy]
    inserted: Insertion
    after: str = ""
    read_s: float | None = None
    receipt: Receipt | None = None
    lent_at: float = 0.0
    clean: bool = False
    gap_s: float = 0.0
    taken_at: float | None = None

    def hurried(self) -> Loan:
        """Note that the next request waits for this paste."""
        return replace(self, lent=replace(self.lent, hurried=True))

    def pressed(self, serial: int) -> Loan:
        """Note that our request `serial` pressed the chord's last key."""
        return self if self.receipt is None else self._receiving(replace(self.receipt, chord=serial))

    def read(self, now: float, read: Read = STEP) -> Loan:
        """Note that the target has taken the text, or a step of it, at `now` (monotonic)."""
        gap_s = self.gap_s if self.taken_at is None else max(self.gap_s, now - self.taken_at)
        loan, receipt = replace(self, gap_s=gap_s, taken_at=now), self.receipt
        if receipt is not None:
            taken = receipt.read((read.selection, read.target), read.serial) if read.target else receipt
            loan = loan._receiving(taken)
            if not taken.after:
                return replace(loan, lent=replace(loan.lent, read_at=now))
            if taken.renewals != receipt.renewals:
                over = loan.lent.watched if not taken.answered else 0.0 if taken.habit else now + WATCH_S
                return replace(loan, lent=replace(loan.lent, watched=over))  # and no further silence is waited for
            if taken.closed:
                loan = replace(loan, lent=replace(loan.lent, watched=now + CALM * gap_s))
        twice = self.rule.reads == "twice" and self.chord.paste is not Paste.SHIFT_INSERT
        probed = twice and self.read_s is None
        first = now - self.lent.sent_at if self.read_s is None else self.read_s
        return replace(loan, lent=replace(loan.lent, read_at=now, probed=probed), read_s=first)

    def asked(self, now: float) -> Loan:
        """Note that the target has listed the targets at `now`: no proof, but it is not done.

        After a renewal many programs list, and read at once afterwards.
        """
        if self.lent.read_at is None:
            return self
        if self.receipt is not None and self.receipt.renewals and not self.receipt.closed:
            return replace(self, lent=replace(self.lent, watched=max(self.lent.watched, now + WATCH_S)))
        return replace(self, lent=replace(self.lent, read_at=now))

    @property
    def sure(self) -> bool:
        """Whether what was read is known not to answer a clipboard change, so that a key may be pressed after it."""
        return self.receipt is None or self.receipt.verified or self.clean

    @property
    def unread(self) -> str:
        """The note for a paste that ends unconfirmed."""
        why = UNSURE if self.lent.doubtful and self.lent.read_at is not None else UNREAD
        return f"{why} {UNSENT}" if self.rule.enter else why

    @property
    def due_at(self) -> float | None:
        """When to renew the clipboard, or to take the answers to a renewal as complete; None if there is nothing to do
        for the receipt."""
        receipt, quiet_at = self.receipt, self.lent.quiet_at
        if receipt is None or quiet_at is None or self.lent.lost:
            return None
        if receipt.wants_renewal:
            return max(quiet_at, (self.taken_at or 0.0) + QUIET_S) - WATCH_S
        return quiet_at if receipt.doubtful and receipt.renewals and not receipt.closed else None

    @property
    def wake_at(self) -> float:
        """When there is something to do without any event."""
        last = wake_at(self.lent)
        return last if self.due_at is None else min(last, self.due_at)

    @property
    def watch_s(self) -> float:
        """Seconds for which the program is watched after the renewal just made."""
        took_s = self.lent.sent_at + (self.read_s or 0.0) - self.lent_at
        unknown_s = min(UNKNOWN_MOST_S, max(UNKNOWN_S, 2 * took_s))
        if self.receipt is not None and self.receipt.suspected:
            return max(SUSPECT_S, unknown_s)
        return WATCH_S if self.clean else unknown_s

    def renewed(self, serial: int, now: float) -> Loan:
        """Note that our request `serial` took the clipboard once more at `now` (monotonic)."""
        loan = self if self.receipt is None else self._receiving(self.receipt.renewed(serial))
        return replace(loan, lent=replace(loan.lent, watched=now + loan.watch_s))

    def closed(self) -> Loan:
        """Take the answers to the last renewal as complete."""
        return self if self.receipt is None else self._receiving(replace(self.receipt, closed=True))

    def given_back(self, kinds: tuple[Kind, ...]) -> Loan:
        """Note what the target's program read of the restored clipboard."""
        return self if self.receipt is None else self._receiving(replace(self.receipt, given_back=kinds, closed=True))

    def _receiving(self, receipt: Receipt) -> Loan:
        return replace(self, receipt=receipt, lent=replace(self.lent, doubtful=receipt.doubtful))

    def lost(self) -> Loan:
        """Note that another program has taken the clipboard."""
        return replace(self, lent=replace(self.lent, lost=True))
