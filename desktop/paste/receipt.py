"""Tell the reads that answer a paste's chord from those that only answer the clipboard's change. Pure.

A clipboard history, a note app or a remote client reads the clipboard because it changed, and such a read proves no
insertion. What was requested before the server had the chord's last key is ruled out by the order of requests; for the
rest the clipboard is *renewed*: taken once more with the same text and no key. Only what a program has read beyond what
it reads then answers the chord. For a program that reads nothing then, the first read counts, at no extra wait. See
`docs/adr/0006`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

WATCH_S = 0.06
"""Seconds for which a program is watched after a renewal: the end of the silence that is waited for anyway
(`desktop.paste.outcome.QUIET_S`)."""

MIN_UNKNOWN_WATCH_S, MAX_UNKNOWN_WATCH_S = 0.12, 0.6
"""The same for a program that was not watched before, at least and at most; in between twice as long as it took to
read. This delays the outcome of its first paste, not the text."""

SUSPECT_WATCH_S = 0.3
"""The same for one that has read early or at the first renewal, unless it answers: the machine may be busy."""

EARLY_READ_S = 0.06
"""Seconds that a program known to read changes has for that before the chord is sent."""

MAX_RENEWALS = 2
"""The first renewal may fall between two reads for the chord of a busy program; after the second there is no doubt."""

MAX_SAME_READS = 4
"""Number of reads of the same data from which a program reads by the clock: for a paste it reads at most twice."""

HALF_SERIALS, SERIALS = 2**15, 2**16
"""Request numbers wrap around: a number less than half of their range ahead is later."""

type ReadKind = tuple[int, int]
"""What was read: a selection and a target (atoms)."""


def is_after(serial: int, mark: int) -> bool:
    """Return whether the server had done the request numbered `mark` by the time it had done `serial`."""
    return (serial - mark) % SERIALS < HALF_SERIALS


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the target's program has read of a text since it was put on the clipboard.

    - `expected_reads`: what the program was seen to read at a change before.
    - `unreliable`: it also reads without a change.
    - `trusted`: it is not tested. Chromium pastes nothing if the clipboard changes between two of its reads.
    - `reads_before`, `reads_after`: its reads as the server ordered them around the chord's last key.
    - `chord_serial`: the request of that key.
    - `renewals`, `renewal_serials`: the reads after each renewal, and the requests of the renewals.
    - `is_closed`: reads count as `reads_after` again, whatever was renewed.
    - `restored_reads`: what it read when the clipboard was restored.
    """

    expected_reads: Mapping[ReadKind, int] = field(default_factory=dict)
    unreliable: bool = False
    trusted: bool = False
    reads_before: tuple[ReadKind, ...] = ()
    chord_serial: int | None = None
    reads_after: tuple[ReadKind, ...] = ()
    renewal_serials: tuple[int, ...] = ()
    renewals: tuple[tuple[ReadKind, ...], ...] = ()
    is_closed: bool = False
    restored_reads: tuple[ReadKind, ...] = ()

    def with_read(self, kind: ReadKind, serial: int) -> Receipt:
        """Note a read of `kind`, requested after our request `serial`."""
        if not self.is_closed:
            for at, mark in reversed(tuple(enumerate(self.renewal_serials))):
                if is_after(serial, mark):
                    reads = (*self.renewals[at], kind)
                    return replace(self, renewals=(*self.renewals[:at], reads, *self.renewals[at + 1 :]))
        if self.chord_serial is not None and is_after(serial, self.chord_serial):
            return replace(self, reads_after=(*self.reads_after, kind))
        return replace(self, reads_before=(*self.reads_before, kind))

    def with_renewal(self, serial: int) -> Receipt:
        """Note that our request `serial` took the clipboard once more."""
        return replace(self, renewal_serials=(*self.renewal_serials, serial), renewals=(*self.renewals, ()))

    @property
    def reads_changes(self) -> bool:
        """Whether the program is known to read at a change: before this paste, before its chord, or at a renewal."""
        return bool(
            self.unreliable or self.expected_reads or self.reads_before or (self.renewals and self.renewals[-1])
        )

    @property
    def suspected_reads(self) -> Mapping[ReadKind, int]:
        """What the program is known, or else was seen, to have read at a change before the last renewal."""
        return self.expected_reads or Counter(self.reads_before or (self.renewals[0] if len(self.renewals) > 1 else ()))

    @property
    def has_repeated_suspected(self) -> bool:
        """Whether the program has read that after the last renewal too."""
        suspected = Counter(self.suspected_reads)
        return bool(suspected and self.renewals) and Counter(self.renewals[-1]) >= suspected

    @property
    def needs_renewal(self) -> bool:
        """Whether to renew the clipboard once the program is quiet.

        Once; and again if what was read after the first renewal may have been late reads for the chord.
        """
        if (
            self.unreliable
            or self.trusted
            or self.is_closed
            or not self.reads_after
            or len(self.renewals) >= MAX_RENEWALS
        ):
            return False
        return not self.renewals or (self.is_ambiguous and not self.expected_reads and not self.reads_before)

    @property
    def is_verified(self) -> bool:
        """Whether it is known what the program reads at a change, from renewals unless it is `trusted`."""
        return self.trusted or (bool(self.renewals) and not self.needs_renewal)

    @property
    def is_ambiguous(self) -> bool:
        """Whether the chord may have caused none of the reads."""
        if self.unreliable or not self.reads_after:
            return self.unreliable or bool(self.reads_before)
        if max(Counter(self.reads_after).values()) >= MAX_SAME_READS:
            return True
        if not self.renewals and not self.trusted:
            return self.reads_changes
        at_change = Counter(self.renewals[-1]) if self.renewals else Counter[ReadKind]()
        first = at_change | Counter(self.expected_reads) | Counter(self.restored_reads)
        read = Counter((*self.reads_before, *self.reads_after, *(kind for reads in self.renewals for kind in reads)))
        for explained in (first, *[at_change] * len(self.renewals)):
            read.subtract(explained)
        return not +read
