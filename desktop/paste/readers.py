"""Remember how programs read the clipboard where no chord asks them to: for the app's life, in memory.

Learned from pastes (`receipt`), and from what is read between them, as long as the clipboard is ours, where no key or
button was pressed that could have asked for it. What a program does not do any more at its next paste is forgotten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from desktop.paste.receipt import Kind, Receipt

MOST = 256
"""So many programs are remembered, the latest."""

CHANGE_S = 0.5
"""What is read so soon after a change, and without a key since, is read because of it."""

ALONE_S = 2.0
"""What is read so long after a change and after the last key is read without either."""

OFTEN = 3
"""A program that was seen to do so as often does it by the clock."""


FORGET_S = 10.0
"""A program that has not read for so long what was ours all the time does not read by the clock any more."""


@dataclass(frozen=True, slots=True)
class Habit:
    """What a program reads at a change, whether it was seen to read nothing then (`clean`), and how often it has read
    for no known reason (`alone`). `read_at` is when it last read between two pastes; `change` the time of the change
    that `seen` was read at (both monotonic)."""

    at_change: Mapping[Kind, int] = field(default_factory=dict)
    clean: bool = False
    alone: int = 0
    read_at: float = 0.0
    change: float = 0.0
    seen: tuple[Kind, ...] = ()

    @property
    def unreliable(self) -> bool:
        """Whether it reads without a change, so that no read of it proves anything."""
        return self.alone >= OFTEN


UNKNOWN = Habit()


class Readers:
    """The habits by program (`Connection.program`)."""

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
        """Learn from a read of `kind` between two pastes, at `now`. `changed_at` is when we last took the clipboard,
        `touched_at` when a key or a button was last pressed, 0 if that is not known (all monotonic)."""
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
