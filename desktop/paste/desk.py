"""What the transaction of `promising` needs of a system, as small as Windows and macOS can be told apart by.

Untested: neither system's half of it has run yet (see `desktop/windows`, `desktop/macos`); the transaction's half has,
against a desk on a clock of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from desktop.paste.chords import Paste
from desktop.paste.promise import Told
from desktop.ports import Delivery, Target

HELD_S = 2.0
"""How long a modifier that the person holds is waited for (CopyQ waits as long)."""

MOST_BYTES = 64 * 2**20
"""Above this a copy of the clipboard costs more memory than it is worth."""

ALL_S = 0.5
"""When the last format of the clipboard is asked for: the person is waiting for their text."""


@dataclass(frozen=True, slots=True)
class Held:
    """The modifiers that are physically down, and those that the chord itself holds (the Control keys, or on macOS the
    Command keys), by the system's key codes."""

    down: frozenset[int]
    chord: frozenset[int]


class Desk[C](Protocol):
    """A keyboard, a clipboard with contents of the type C, and the windows. For the paste thread, but for `post`.

    Nothing here raises: what cannot be done is answered with False or None.
    """

    def now(self) -> float:
        """Seconds of `time.monotonic`'s clock."""
        ...

    def wait(self, done: Callable[[], bool], until: float | None = None) -> bool:
        """Serve the system until `done()`, asked after each thing that happened, or until the time `until`. Whether it
        was done."""
        ...

    def post(self, job: Callable[[], None]) -> None:
        """Have `job` run in the paste thread during a wait. From any thread."""
        ...

    def meant(self) -> Target:
        """The window that somebody means who lets go of the key now; see `focus`."""
        ...

    def active(self) -> Target:
        """The window that has the focus."""
        ...

    def names(self, target: Target) -> tuple[str, str]:
        """The names by which the table of applications may know the target's program."""
        ...

    def refusal(self, target: Target) -> Delivery | None:
        """Why nothing may be written into `target`, which has the focus, or None. With COPIED the text is left on the
        clipboard, with REFUSED it is not."""
        ...

    def held(self) -> Held:
        """What the person holds."""
        ...

    def keys_of(self, chord: Paste) -> tuple[int, ...]:
        """The codes of the keys that `press` will press."""
        ...

    def label(self, chord: Paste) -> str:
        """The chord as it is printed on this system's keys."""
        ...

    def press(self, keys: tuple[int, ...]) -> bool:
        """Press these keys and release them. False where the system does not allow it."""
        ...

    def enter(self) -> int:
        """The key that sends a message or runs a line."""
        ...

    def lend(self, text: str, target: Target, read: Told, lost: Callable[[], None]) -> C | None:
        """Copy what is on the clipboard and promise it `text` in its place; None where it cannot be had.

        `read` is told who takes the text and when, `lost` that another program took the clipboard; both in the paste
        thread.
        """
        ...

    def renew(self) -> bool:
        """Promise the same text again, so that the next reader is told of."""
        ...

    def ours(self) -> bool:
        """Whether the clipboard still holds what was last put there by us."""
        ...

    def give_back(self, contents: C) -> bool:
        """Put back what `lend` has copied."""
        ...

    def leave(self, text: str) -> bool:
        """Put `text` on the clipboard for the person to paste, with the same plea not to record it."""
        ...

    def close(self) -> None:
        """Leave the system; called last, in the paste thread."""
        ...
