"""The interface that `paste.delayed.transaction` needs of a system, as small as Windows and macOS allow.

Untested: neither system's implementation has run yet (see `platforms.windows`, `platforms.macos`); the transaction has,
against a fake desktop with its own clock.

The state of a text promised to the clipboard, on systems with delayed rendering. Pure.

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
from typing import Protocol

from desktop.core.chords import PasteShortcut
from desktop.core.keys import HeldModifiers
from desktop.core.types import Delivery, Outcome, Target
from desktop.paste.outcome import PasteProgress, evaluate_outcome

MAX_RENEWALS = 3
"""How often a text is promised again: once for a history that reads once, twice more for one that reads again."""


class PromiseReader(Enum):
    """The reader of the text: the target's program, another, or one that the system does not name."""

    TARGET = auto()
    OTHER = auto()
    UNNAMED = auto()


type PromiseReadCallback = Callable[[PromiseReader, float], None]
"""A callback with the reader of the text and the time (seconds of the promise's clock)."""


@dataclass(frozen=True, slots=True)
class ClipboardPromise:
    """A promised text whose chord has been sent.

    `is_fulfilled`: it was read, so later reads are not reported. `renewals`: how often it was promised again.
    `had_unnamed_reader`: a reader without a name may have been the target.
    """

    progress: PasteProgress
    is_fulfilled: bool = False
    renewals: int = 0
    had_unnamed_reader: bool = False

    def with_read(self, reader: PromiseReader, at: float) -> ClipboardPromise:
        """Note that `reader` took the text at the time `at`.

        What the target takes before the chord does not answer it.
        """
        if reader is PromiseReader.TARGET and at >= self.progress.sent_at:
            return replace(self, is_fulfilled=True, progress=replace(self.progress, read_at=at))
        return replace(
            self, is_fulfilled=True, had_unnamed_reader=self.had_unnamed_reader or reader is PromiseReader.UNNAMED
        )

    def with_renewal(self) -> ClipboardPromise:
        """Note that the text was promised again."""
        return replace(self, is_fulfilled=False, renewals=self.renewals + 1)

    @property
    def needs_renewal(self) -> bool:
        """Whether it should be promised again, because the target could read unseen."""
        return (
            self.is_fulfilled
            and self.progress.read_at is None
            and not self.progress.lost
            and self.renewals < MAX_RENEWALS
        )

    def find_outcome(self, now: float) -> Outcome | None:
        """Return how the paste ended, or None while that is open: as `evaluate_outcome`, but UNCONFIRMED instead of
        COPIED if the target may have read unseen."""
        outcome = evaluate_outcome(self.progress, now)
        return (
            Outcome.UNCONFIRMED
            if outcome is Outcome.COPIED and (self.is_fulfilled or self.had_unnamed_reader)
            else outcome
        )


HELD_KEY_TIMEOUT_S = 2.0
"""Seconds to wait for a modifier that the user holds (CopyQ waits as long)."""

MAX_COPY_BYTES = 64 * 2**20
"""Size above which a copy of the clipboard costs more memory than it is worth."""

COPY_TIMEOUT_S = 0.5
"""Seconds until the last format of the clipboard is requested: the user is waiting for their text."""


class PasteDesktop[C](Protocol):
    """A keyboard, a clipboard with contents of the type C, and the windows. For the paste thread, except `post`.

    Nothing here raises: failures return False or None.
    """

    def now(self) -> float:
        """Return seconds of `time.monotonic`'s clock."""
        ...

    def wait(self, done: Callable[[], bool], until: float | None = None) -> bool:
        """Serve the system until `done()`, checked after each thing that happened, or until the time `until`.

        Returns whether it was done.
        """
        ...

    def post(self, job: Callable[[], None]) -> None:
        """Run `job` in the paste thread during a wait. Callable from any thread."""
        ...

    def target_window(self) -> Target:
        """Return the target window of a key released now; see `paste.focus`."""
        ...

    def active_window(self) -> Target:
        """Return the window that has the focus."""
        ...

    def app_names(self, target: Target) -> tuple[str, str]:
        """Return the names by which the table of applications may know the target's program."""
        ...

    def find_refusal(self, target: Target) -> Delivery | None:
        """Return why nothing may be pasted into `target`, which has the focus, or None.

        With COPIED the text is left on the clipboard, with REFUSED it is not.
        """
        ...

    def held_modifiers(self) -> HeldModifiers:
        """Return the modifiers that the user holds."""
        ...

    def shortcut_keys(self, shortcut: PasteShortcut) -> tuple[int, ...]:
        """Return the codes of the keys for `press_keys`."""
        ...

    def shortcut_label(self, shortcut: PasteShortcut) -> str:
        """Return the shortcut as printed on this system's keys."""
        ...

    def press_keys(self, keys: tuple[int, ...]) -> bool:
        """Press these keys and release them. Returns False if the system does not allow it."""
        ...

    def enter_key(self) -> int:
        """Return the key that sends a message or runs a line."""
        ...

    def promise_text(
        self, text: str, target: Target, on_read: PromiseReadCallback, on_lost: Callable[[], None]
    ) -> C | None:
        """Copy what is on the clipboard and promise it `text` instead; None if the clipboard is unavailable.

        `on_read` is called with the reader and the time, `on_lost` when another program took the clipboard; both in the
        paste thread.
        """
        ...

    def renew_promise(self) -> bool:
        """Promise the same text again, so that the next reader is reported."""
        ...

    def owns_clipboard(self) -> bool:
        """Return whether the clipboard still holds what we last put there."""
        ...

    def restore_clipboard(self, contents: C) -> bool:
        """Restore what `promise_text` has copied."""
        ...

    def leave_text(self, text: str) -> bool:
        """Put `text` on the clipboard for the user to paste, with the same request not to record it."""
        ...

    def close(self) -> None:
        """Disconnect from the system; called last, in the paste thread."""
        ...
