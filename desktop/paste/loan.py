"""The paste whose end is awaited, as a value: what happens to it makes another one. Pure; `decision` says when it is
over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from desktop.paste.applications import Rule
from desktop.paste.chords import Chord, Paste
from desktop.paste.decision import Lent
from desktop.paste.joining import Insertion
from desktop.paste.reading import Copy
from desktop.ports import Target


@dataclass(frozen=True, slots=True)
class Loan:
    """The paste whose end is awaited: its chord, the application's rule, what is known of the reading, what was there
    before, by selection, what is there if it is read, before which end of it the cursor is to be, and after how many
    seconds the target first read."""

    chord: Chord
    rule: Rule
    target: Target
    lent: Lent
    before: Mapping[str, Copy]
    inserted: Insertion
    after: str = ""
    read_s: float | None = None

    def hurried(self) -> Loan:
        """The next request waits for it."""
        return replace(self, lent=replace(self.lent, hurried=True))

    def read(self, now: float) -> Loan:
        """The target has taken the text at `now` (monotonic)."""
        twice = self.rule.reads == "twice" and self.chord.paste is not Paste.SHIFT_INSERT
        probed = twice and self.read_s is None
        first = now - self.lent.sent_at if self.read_s is None else self.read_s
        return replace(self, lent=replace(self.lent, read_at=now, probed=probed), read_s=first)

    def asked(self, now: float) -> Loan:
        """The target has looked what there is at `now`: no proof, but it is not done."""
        return self if self.lent.read_at is None else replace(self, lent=replace(self.lent, read_at=now))

    def lost(self) -> Loan:
        """Another program has taken the clipboard."""
        return replace(self, lent=replace(self.lent, lost=True))
