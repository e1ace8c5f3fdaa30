"""Collect the receipt of a paste: the reads before the chord, at a renewal, and when the clipboard was restored.

The effects around `paste.receipt`, which decides, and `paste.x11.readers`, which remembers. All in the paste thread.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import replace
from math import inf
from time import monotonic

from desktop.core.types import Outcome, Target
from desktop.paste.apps import Rule
from desktop.paste.outcome import Lent
from desktop.paste.receipt import EARLY_S, UNKNOWN_MOST_S, Kind, Receipt, is_after
from desktop.paste.x11.clipboard import Clipboard
from desktop.paste.x11.connection import Connection
from desktop.paste.x11.owned import Read
from desktop.paste.x11.paste_state import Loan
from desktop.paste.x11.readers import Habit, Readers

MOST_READS = 256
"""Maximum number of reads recorded, the latest."""


class Receipts:
    """Collects the receipts of one paste after the other. `last_input_at` is that of `UserActivity`."""

    def __init__(self, connection: Connection, clipboard: Clipboard, touched: Callable[[float], float]) -> None:
        self._x = connection
        self._clipboard = clipboard
        self._touched = touched
        self._readers = Readers()
        self._reads: deque[Read] = deque(maxlen=MOST_READS)
        self._since = 0
        self._target = Target()
        self._habit = Habit()
        self._early = False
        self.lent_at = self._until = 0.0

    def begin(self, rule: Rule, target: Target) -> None:
        """Prepare for a paste into `target`.

        A program that reads changes may not have read the last one yet, and has until `EARLY_S` after it.
        """
        now = monotonic()
        ours_since = self._clipboard.changed_at if self._clipboard.owns("CLIPBOARD") else inf
        self._target, self._habit = target, self._readers.habit(self._x.program(target.handle), now, ours_since)
        self._early = rule.reads != "early" and bool(self._habit.at_change)
        if self._early:
            self._since = self._clipboard.changed_by
            self._x.wait(self._has_read, self._clipboard.changed_at + EARLY_S)
            self._x.wait(lambda: False, self._clipboard.ahead.taken_at + EARLY_S)
        self._begin()
        self.lent_at, self._until = monotonic(), now + EARLY_S

    def _begin(self) -> None:
        self._reads.clear()
        self._since = self._x.serial

    @property
    def clean(self) -> bool:
        """Whether the target's program is known to read nothing because of a change."""
        return self._habit.clean

    def let_early_readers(self) -> None:
        """Wait for what the target's program is known to read at a change: with the wait of `begin` at most `EARLY_S`,
        and not at all for others."""
        if self._early:
            self._x.wait(self._has_read, self._until)

    def opened(self, rule: Rule, lent: Lent) -> tuple[Lent, Receipt | None]:
        """Return `progress` and its receipt as the chord is about to be sent.

        A remote desktop reads before it and not later, so what it has read by now is proof, and it has no receipt.
        """
        if rule.reads == "early":
            return (replace(lent, read_at=lent.sent_at) if self._kinds(steps=True) else lent), None
        trusted = rule.reads == "twice"
        receipt = Receipt(self._habit.at_change, self._habit.unreliable, trusted, tuple(self._kinds()))
        read_at = lent.sent_at if receipt.before else None
        return replace(lent, read_at=read_at, doubtful=receipt.doubtful, final=receipt.unreliable), receipt

    def renew(self, loan: Loan) -> int | None:
        """Take the clipboard once more. Returns the number of the request, None if the clipboard is lost."""
        serials = [self._clipboard.renew(selection) for selection in loan.chord.selections]
        return None if None in serials else serials[0]

    def settle(self, loan: Loan, outcome: Outcome, give_back: Callable[[], None]) -> tuple[Loan, Outcome]:
        """Restore the clipboard and return the paste and its outcome.

        If the target's program was found to read changes, watch for `EARLY_S` what it reads of this one, whose text is
        new to it, before the insertion counts.
        """
        receipt = loan.receipt
        if receipt is None or receipt.habit or not receipt.reads_changes or outcome is not Outcome.INSERTED:
            give_back()
            return loan, outcome
        self._begin()
        give_back()
        if self._clipboard.owns("CLIPBOARD"):
            self._x.pause(EARLY_S)
        loan = loan.given_back(tuple(self._kinds()))
        self.learn(loan)
        return loan, Outcome.UNCONFIRMED if loan.lent.doubtful else outcome

    def learn(self, loan: Loan) -> None:
        """Remember how the target's program read in a paste that is over."""
        if loan.receipt is not None:
            self._readers.learn(
                self._x.program(loan.target.handle), loan.receipt, watched=loan.watch_s < UNKNOWN_MOST_S
            )

    def note(self, read: Read) -> None:
        """Record a read while no chord is awaited."""
        self._reads.append(read)

    def saw(self, read: Read) -> None:
        """Record a read between two pastes, and learn from it."""
        self._reads.append(read)
        if read.target:
            program, kind = self._x.program(read.window), (read.selection, read.target)
            self._readers.saw(program, kind, monotonic(), self._clipboard.changed_at, self._touched(inf))

    def _has_read(self) -> bool:
        """Return whether the target's program has read since the last change what it reads at each."""
        return Counter(self._kinds()) >= Counter(self._habit.at_change)

    def _kinds(self, *, steps: bool = False) -> list[Kind]:
        """Return what the target's program has read since the last change, with the `steps` of long transfers too."""
        reads = [one for one in self._reads if (one.target and is_after(one.serial, self._since)) or steps]
        return [(one.selection, one.target) for one in reads if self._x.same_program(one.window, self._target.handle)]
