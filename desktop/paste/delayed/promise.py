"""The state of a text promised to the clipboard, on systems with delayed rendering. Pure.

Windows and macOS request a promised text when a program first reads it; that request is the receipt. They request it
once and answer later readers themselves, unseen. So a read by another program (a clipboard history) uses the receipt
up, and the text has to be promised again; a program that reads at every change would make that go on for ever, so it is
done a few times only. What then remains unknown is said: such a paste ends UNCONFIRMED, never as a failure that may not
be one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto

from desktop.core.types import Outcome
from desktop.paste.outcome import Lent, evaluate

RENEWALS = 3
"""How often a text is promised again: once for a history that reads once, twice more for one that reads again."""


class Reader(Enum):
    """The reader of the text: the target's program, another, or one that the system does not name."""

    TARGET = auto()
    OTHER = auto()
    UNNAMED = auto()


type Told = Callable[[Reader, float], None]
"""A callback with the reader of the text and the time (seconds of the promise's clock)."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A promised text whose chord has been sent.

    `is_fulfilled`: it was read, so later reads are not reported. `renewals`: how often it was promised again.
    `had_unnamed_reader`: a reader without a name may have been the target.
    """

    lent: Lent
    kept: bool = False
    renewals: int = 0
    doubt: bool = False

    def read(self, reader: Reader, at: float) -> Promise:
        """Note that `reader` took the text at the time `at`.

        What the target takes before the chord does not answer it.
        """
        if reader is Reader.TARGET and at >= self.lent.sent_at:
            return replace(self, kept=True, lent=replace(self.lent, read_at=at))
        return replace(self, kept=True, doubt=self.doubt or reader is Reader.UNNAMED)

    def renewed(self) -> Promise:
        """Note that the text was promised again."""
        return replace(self, kept=False, renewals=self.renewals + 1)

    @property
    def stale(self) -> bool:
        """Whether it should be promised again, because the target could read unseen."""
        return self.kept and self.lent.read_at is None and not self.lent.lost and self.renewals < RENEWALS

    def ending(self, now: float) -> Outcome | None:
        """Return how the paste ended, or None while that is open: as `evaluate_outcome`, but UNCONFIRMED instead of
        COPIED if the target may have read unseen."""
        outcome = evaluate(self.lent, now)
        return Outcome.UNCONFIRMED if outcome is Outcome.COPIED and (self.kept or self.doubt) else outcome
