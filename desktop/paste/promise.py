"""What is known of a text that was promised to the clipboard, where the system keeps the promise: pure.

Windows and macOS ask for a promised text when somebody first reads it; that question is the receipt. They ask once
and answer later readers themselves, unseen. So a read by somebody else (a clipboard history) uses the receipt up, and
the text has to be promised anew; and whoever reads at every change would make that go on for ever, so it is done a few
times only. What is then not known is said: such a paste ends UNCONFIRMED, never as a failure that may not be one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto

from desktop.paste.decision import Lent, evaluate
from desktop.ports import Outcome

RENEWALS = 3
"""How often a text is promised anew: one for a history that reads once, two for such a one that reads again."""


class Reader(Enum):
    """Who took the text: the target's program, another, or one that the system does not name."""

    TARGET = auto()
    OTHER = auto()
    UNNAMED = auto()


type Told = Callable[[Reader, float], None]
"""Is told who took the text and when (seconds of the promise's clock)."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A promised text whose chord has been sent.

    `kept`: it was read, so that later readers are not told of. `renewals`: how often it was promised anew. `doubt`: one
    of the readers has no name, and may have been the target.
    """

    lent: Lent
    kept: bool = False
    renewals: int = 0
    doubt: bool = False

    def read(self, reader: Reader, at: float) -> Promise:
        """`reader` took the text at the time `at`. What the target takes before the chord is no answer to it."""
        if reader is Reader.TARGET and at >= self.lent.sent_at:
            return replace(self, kept=True, lent=replace(self.lent, read_at=at))
        return replace(self, kept=True, doubt=self.doubt or reader is Reader.UNNAMED)

    def renewed(self) -> Promise:
        """It was promised anew."""
        return replace(self, kept=False, renewals=self.renewals + 1)

    @property
    def stale(self) -> bool:
        """Whether it should be promised anew, because the target could read without our knowing."""
        return self.kept and self.lent.read_at is None and not self.lent.lost and self.renewals < RENEWALS

    def ending(self, now: float) -> Outcome | None:
        """How the paste ended, or None while that is open: as `evaluate` says, but UNCONFIRMED instead of COPIED where
        the target may have read without our knowing."""
        outcome = evaluate(self.lent, now)
        return Outcome.UNCONFIRMED if outcome is Outcome.COPIED and (self.kept or self.doubt) else outcome
