"""The interface that `desktop.paste.delayed.transaction` needs of a system, as small as Windows and macOS allow.

Windows' implementation has run under Wine 10 and not yet on Windows (`tests.windows`), that of macOS not at all
(`desktop.platforms.macos`); the transaction is tested against a fake desktop with its own clock.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from desktop.core.chords import PasteShortcut
from desktop.core.keys import HeldModifiers
from desktop.core.messages import Message, Notes
from desktop.core.types import PasteResult, Target
from desktop.paste.delayed.pending_text import TextReadCallback

HELD_KEY_TIMEOUT_S = 2.0
"""Seconds to wait for a modifier that the user holds (CopyQ waits as long)."""

MAX_COPY_BYTES = 64 * 2**20
"""Size above which a copy of the clipboard costs more memory than it is worth."""

ANSWER_TIMEOUT_S = 5.0
"""Seconds that a program may take for all that one paste asks it. An answer takes some ms, the first one in a browser
perhaps seconds; a window that handles no message for as long is called hung by Windows."""

ANSWER_GRACE_S = 0.2
"""Seconds that each query gets in any case: of a paste that has used its time up, and of an app that quits."""

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
        """Return the target window of a key released now; see `desktop.paste.focus`."""
        ...

    def active_window(self) -> Target:
        """Return the window that has the focus."""
        ...

    def app_names(self, target: Target) -> tuple[str, str]:
        """Return the names by which the table of applications may know the target's program."""
        ...

    def is_electron(self, target: Target) -> bool:
        """Return whether the target's program is known to be one of Electron's."""
        ...

    def find_refusal(self, target: Target, timeout_s: float, is_ending: Callable[[], bool]) -> PasteResult | None:
        """Return why nothing may be pasted into `target`, which has the focus, or None.

        With COPIED the text is left on the clipboard, with REFUSED it is not. Waits `timeout_s` for an answer of the
        target's program, no longer than until `is_ending()`, but `ANSWER_GRACE_S` in any case.
        """
        ...

    def focused_field(self, target: Target) -> int:
        """Return a number of the field in `target` that has the focus, without a wait; 0 where none is known so."""
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

    def offer_text(self, text: str, target: Target, on_read: TextReadCallback, on_lost: Callable[[], None]) -> C | None:
        """Copy what is on the clipboard and offer it `text` instead; None if the clipboard is unavailable.

        `on_read` is called with the reader and the time, `on_lost` when another program took the clipboard; both in the
        paste thread.
        """
        ...

    def renew_offer(self) -> bool:
        """Offer the same text again, so that the next reader is reported."""
        ...

    def owns_clipboard(self) -> bool:
        """Return whether the clipboard still holds what we last put there."""
        ...

    def restore_clipboard(self, contents: C, is_ending: Callable[[], bool]) -> Notes:
        """Restore what `offer_text` has copied, unless another program has put something there since; wait as long as
        another has the clipboard open, no more than a moment once `is_ending()`. Return notes on what is lost of it,
        empty where nothing is."""
        ...

    def leave_text(self, text: str, is_ending: Callable[[], bool], *, over_own: bool = False) -> bool:
        """Put `text` on the clipboard for the user to paste, with the same request not to record it; with `over_own`
        only in the place of what we put there. Wait as `restore_clipboard`. Return whether it is there."""
        ...

    def read_text(self, contents: C | None) -> str | None:
        """Return the text of `contents`, or of the clipboard; None where there is none, or a secret."""
        ...

    def remove_text(self, text: str, target: Target, text_after_cursor: str, replacement: str) -> Message | None:
        """Replace `text` by `replacement` at the cursor of `target`, which has the focus, if exactly that stands there,
        all but its end `text_after_cursor` before the cursor.

        Returns why nothing was changed, `FIELD_ALTERED` if that is not known, None when it is done.
        """
        ...

    def move_cursor(self, text: str, target: Target, text_after_cursor: str) -> bool:
        """Move the cursor from the end of `text` in `target`, which has the focus, to before `text_after_cursor`.
        Return whether it is there."""
        ...

    def read_selection(self, target: Target, is_ending: Callable[[], bool]) -> str | None:
        """Return what is selected in `target`, which has the focus; None where that is not known exactly. Waits for its
        program as `find_refusal`, for at most a second."""
        ...

    def replace_selection(self, target: Target, selected: str, text: str) -> Message | None:
        """Replace what is selected in `target`, which has the focus, by `text`, if that is `selected`. Returns as
        `remove_text`."""
        ...

    def close(self) -> None:
        """Disconnect from the system; called last, in the paste thread."""
        ...
