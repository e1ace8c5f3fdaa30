"""Remember how programs read the clipboard without a chord, in memory for the app's life.

Learned from pastes (`desktop.paste.receipt`), and from reads between them while the clipboard is ours, when no key or
button was pressed that could have caused them. What a program no longer does at its next paste is forgotten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from desktop.paste.receipt import ReadKind, Receipt

MAX_PROGRAMS = 256
"""Maximum number of programs remembered, the latest."""

CHANGE_S = 0.5
"""Seconds after a change within which a read, with no key pressed since, is attributed to the change."""

UNPROMPTED_S = 2.0
"""Seconds after a change and after the last key from which a read is attributed to neither."""

MIN_UNPROMPTED_READS = 3
"""Number of such reads from which a program counts as reading by the clock."""


FORGET_S = 10.0
"""Seconds without a read, while the clipboard was ours, after which a program no longer counts as reading by the
clock."""


@dataclass(frozen=True, slots=True)
class ReadHabit:
    """What a program reads at a change, whether it was seen to read nothing then (`ignores_changes`), and how often it
    has read without a known reason (`unprompted_reads`).

    `read_at` is when it last read between two pastes; `changed_at` the time of the change at which it read `reads`
    (both monotonic).
    """

    at_change: Mapping[ReadKind, int] = field(default_factory=dict)
    ignores_changes: bool = False
    unprompted_reads: int = 0
    read_at: float = 0.0
    changed_at: float = 0.0
    reads: tuple[ReadKind, ...] = ()

    @property
    def is_unreliable(self) -> bool:
        """Whether it reads without a change, so that its reads prove nothing."""
        return self.unprompted_reads >= MIN_UNPROMPTED_READS


UNKNOWN_HABIT = ReadHabit()


class ReadHabits:
    """The habits by program (`X11Connection.program_of`)."""

    def __init__(self) -> None:
        self._habits: dict[int, ReadHabit] = {}

    def __len__(self) -> int:
        return len(self._habits)

    def find_habit(self, program: int, now: float, owned_since: float) -> ReadHabit:
        """Return what is known of a program at `now`.

        `owned_since` is when we took the clipboard, infinite if it is not ours. Both are monotonic seconds.
        """
        habit = self._habits.get(program, UNKNOWN_HABIT)
        if habit.is_unreliable and now - max(habit.read_at, owned_since) > FORGET_S:
            habit = replace(habit, unprompted_reads=0)
            self._store(program, habit)
        return habit

    def learn_from_paste(self, program: int, receipt: Receipt, *, is_watched: bool) -> None:
        """Learn from a paste that is over; `is_watched`: the program had as long for a read as it had needed."""
        habit = self._habits.get(program, UNKNOWN_HABIT)
        if receipt.renewals and receipt.is_verified:
            last = receipt.renewals[-1]
            at_change = Counter(last) | Counter(receipt.restored_reads) if last else Counter[ReadKind]()
            self._store(program, replace(habit, at_change=at_change, ignores_changes=is_watched and not at_change))
        elif receipt.reads_before:
            self._store(
                program,
                replace(
                    habit, at_change=Counter(receipt.reads_before) | Counter(habit.at_change), ignores_changes=False
                ),
            )
        elif habit.at_change and (receipt.trusted or not receipt.reads_after):
            self._store(program, replace(habit, at_change={}))

    def learn_from_read(
        self, program: int, kind: ReadKind, now: float, changed_at: float, last_input_at: float
    ) -> None:
        """Learn from a read of `kind` between two pastes, at `now`.

        `changed_at` is when we last took the clipboard, `last_input_at` when a key or button was last pressed, 0 if
        unknown (all monotonic).
        """
        habit = replace(self._habits.get(program, UNKNOWN_HABIT), read_at=now)
        if now - changed_at <= CHANGE_S and 0 < last_input_at < changed_at:
            reads = (*habit.reads, kind) if habit.changed_at == changed_at else (kind,)
            habit = replace(habit, at_change=Counter(reads), ignores_changes=False, changed_at=changed_at, reads=reads)
        elif last_input_at and now - max(changed_at, last_input_at) > UNPROMPTED_S:
            habit = replace(habit, unprompted_reads=habit.unprompted_reads + 1)
        self._store(program, habit)

    def _store(self, program: int, habit: ReadHabit) -> None:
        self._habits.pop(program, None)
        self._habits[program] = habit
        while len(self._habits) > MAX_PROGRAMS:
            del self._habits[next(iter(self._habits))]
