"""Remember how programs read the clipboard without a chord, in memory for the app's life.

Learned from pastes (`paste.receipt`), and from reads between them while the clipboard is ours, when no key or button
was pressed that could have caused them. What a program no longer does at its next paste is forgotten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from desktop.paste.receipt import Kind, Receipt

MOST = 256
"""Maximum number of programs remembered, the latest."""

CHANGE_S = 0.5
"""Seconds after a change within which a read, with no key pressed since, is attributed to the change."""

ALONE_S = 2.0
"""Seconds after a change and after the last key from which a read is attributed to neither."""

OFTEN = 3
"""Number of such reads from which a program counts as reading by the clock."""


FORGET_S = 10.0
"""Seconds without a read, while the clipboard was ours, after which a program no longer counts as reading by the
clock."""


@dataclass(frozen=True, slots=True)
class Habit:
    """What a program reads at a change, whether it was seen to read nothing then (`clean`), and how often it has read
    without a known reason (`unprompted_reads`).

    `read_at` is when it last read between two pastes; `changed_at` the time of the change at which it read `reads`
    (both monotonic).
    """

    at_change: Mapping[Kind, int] = field(default_factory=dict)
    clean: bool = False
    alone: int = 0
    read_at: float = 0.0
    change: float = 0.0
    seen: tuple[Kind, ...] = ()

    @property
    def unreliable(self) -> bool:
        """Whether it reads without a change, so that its reads prove nothing."""
        return self.alone >= OFTEN


UNKNOWN = Habit()


class Readers:
    """The habits by program (`X11Connection.program_of`)."""

    def __init__(self) -> None:
        self._habits: dict[int, Habit] = {}

    def __len__(self) -> int:
        return len(self._habits)

    def habit(self, program: int, now: float, ours_since: float) -> Habit:
        """Return what is known of a program at `now`; `ours_since` is when we took the clipboard, infinite if it is not
        ours (both monotonic)."""
        habit = self._habits.get(program, UNKNOWN)
        if habit.unreliable and now - max(habit.read_at, ours_since) > FORGET_S:
            habit = replace(habit, alone=0)
            self._keep(program, habit)
        return habit

    def learn(self, program: int, receipt: Receipt, *, watched: bool) -> None:
        """Learn from a paste that is over; `watched` is whether the program had as long for a read as it had needed."""
        habit = self._habits.get(program, UNKNOWN)
        if receipt.renewals and receipt.verified:
            last = receipt.renewals[-1]
            at_change = Counter(last) | Counter(receipt.given_back) if last else Counter[Kind]()
            self._keep(program, replace(habit, at_change=at_change, clean=watched and not at_change))
        elif receipt.before:
            self._keep(
                program, replace(habit, at_change=Counter(receipt.before) | Counter(habit.at_change), clean=False)
            )
        elif habit.at_change and (receipt.trusted or not receipt.after):
            self._keep(program, replace(habit, at_change={}))

    def saw(self, program: int, kind: Kind, now: float, changed_at: float, touched_at: float) -> None:
        """Learn from a read of `kind` between two pastes, at `now`.

        `changed_at` is when we last took the clipboard, `last_input_at` when a key or button was last pressed, 0 if
        unknown (all monotonic).
        """
        habit = replace(self._habits.get(program, UNKNOWN), read_at=now)
        if now - changed_at <= CHANGE_S and 0 < touched_at < changed_at:
            seen = (*habit.seen, kind) if habit.change == changed_at else (kind,)
            habit = replace(habit, at_change=Counter(seen), clean=False, change=changed_at, seen=seen)
        elif touched_at and now - max(changed_at, touched_at) > ALONE_S:
            habit = replace(habit, alone=habit.alone + 1)
        self._keep(program, habit)

    def _keep(self, program: int, habit: Habit) -> None:
        self._habits.pop(program, None)
        self._habits[program] = habit
        while len(self._habits) > MOST:
            del self._habits[next(iter(self._habits))]
