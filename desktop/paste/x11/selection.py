"""Read what is selected in a window that does not report its text: with certainty, or not at all.

A window shows it in two ways, and neither is enough. PRIMARY needs no key press, but Qt and Chromium go on offering
there what has long been deselected, and some programs offer only what the mouse selects. What a window copies on
request is what is selected now, but some editors copy the whole line if nothing is. So both are read and must be equal
to the byte; if a window has nothing in PRIMARY, what it copies counts, unless that ends like a line. What a paste would
not replace (in Tk on X11 it is inserted beside the selection) is not edited at all.

A window that hangs copies when the answer is no longer awaited, over what was restored by then. That is restored once
more, if it is certain that the user has not copied it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from time import monotonic

from Xlib import XK

from desktop.core.interfaces import UserActivity
from desktop.core.messages import Message
from desktop.core.types import Selection
from desktop.paste.selection import (
    MAX_EDIT_CHARACTERS,
    NOTHING_SELECTED,
    SELECTION_CHANGED,
    SELECTION_TOO_LONG,
    SELECTION_UNREADABLE,
)
from desktop.paste.x11.clipboard import X11Clipboard
from desktop.paste.x11.clipboard_copy import SelectionCopy
from desktop.paste.x11.connection import X11Connection
from desktop.paste.x11.keyboard import CONTROL_ROW, XTestKeyboard

COPY_TIMEOUT_S = 1.0
"""Seconds that a window may take to copy; one that has nothing selected never does."""

LATE_COPY_S = 10.0
"""Seconds after the request within which a window's copy still counts as the answer."""

IDLE_S = 3.0
"""Seconds without input before a request, after which a window counts as done with everything that the user had it
do."""

KEY_EVENT_DELAY_S = 0.1
"""Seconds within which a key press is received: over another connection and in another thread than the copy it
causes."""

TK_TARGET = "TK_WINDOW"
"""A target that only Tk offers for its selections."""


def find_edit_objection(reported: str | None, primary_now: str | None, copied: str | None) -> Message | None:
    """Return why what was `copied` must not be edited; None if it may.

    `reported` and `primary_now` are what the window had in PRIMARY at the press and has at the release, None if nothing
    of its own. `copied` is empty if it copied nothing, None if what it copied is unavailable.
    """
    if primary_now != reported:
        return SELECTION_CHANGED
    if copied is None:
        return SELECTION_UNREADABLE
    if not copied.strip():
        return NOTHING_SELECTED
    if copied != primary_now and (primary_now is not None or copied.endswith(("\n", "\r"))):
        return SELECTION_UNREADABLE
    return SELECTION_TOO_LONG if len(copied) > MAX_EDIT_CHARACTERS else None


@dataclass(frozen=True, slots=True)
class UnansweredCopy:
    """A copy that was requested from `window` at `copy_requested_at` (monotonic) and not made in time, and the
    `previous` clipboard, which was restored.

    At the time `requested_at` the user had requested it; what they had pressed before is done if the window reported
    then that it has the text `reported_text`.
    """

    window: int
    copy_requested_at: float
    previous: SelectionCopy
    requested_at: float
    reported_text: str | None

    def is_certainly_late_copy(self, last_input_at: float, text: str | None) -> bool:
        """Return whether the `text` it has copied since was certainly not copied by the user, whose last input was at
        `last_input_at` (monotonic), 0 if unknown."""
        is_idle = last_input_at < self.requested_at - IDLE_S or (
            self.reported_text is not None and self.reported_text == text
        )
        return 0.0 < last_input_at < self.requested_at and is_idle


class SelectionCopier:
    """Reads selections by pressing keys, in the paste thread."""

    def __init__(
        self, connection: X11Connection, clipboard: X11Clipboard, keyboard: XTestKeyboard, activity: UserActivity
    ) -> None:
        self._x = connection
        self._clipboard = clipboard
        self._keyboard = keyboard
        self._activity = activity
        self._primary_read_at = 0.0
        self._unanswered_copy: UnansweredCopy | None = None

    def read_primary(self, window: int) -> Selection:
        """Return what `window` has in PRIMARY."""
        self._primary_read_at = monotonic()
        return Selection(window, self._clipboard.read_text_owned_by("PRIMARY", window) or None)

    def copy_verified(self, reported: Selection, window: int) -> Selection:
        """Return what `window` has selected, if it has been that since it was `reported`.

        The clipboard is restored afterwards.
        """
        if reported.handle != window:
            return Selection(window, refusal=(SELECTION_CHANGED,))
        copied = self.copy_selection(window, requested_at=self._primary_read_at, reported_text=reported.text)
        reason = find_edit_objection(reported.text, self.read_primary(window).text, copied)
        return Selection(window, refusal=(reason,)) if reason else Selection(window, copied)

    def copy_selection(
        self,
        window: int,
        timeout_s: float = COPY_TIMEOUT_S,
        *,
        requested_at: float = inf,
        reported_text: str | None = None,
    ) -> str | None:
        """Return what `window` copies; empty if it copies nothing, as one that has nothing selected.

        None if that is unavailable, would not be replaced by a paste, or the clipboard could not be restored.
        `requested_at` and `reported_text` are as in `UnansweredCopy`.
        """
        clipboard, selection = self._clipboard, "CLIPBOARD"
        copy = clipboard.copy(selection)
        contents = copy.contents
        if not (contents or copy.is_whole):
            return None
        clipboard.serve_copy(selection, contents, is_whole=copy.is_whole)
        self.forget_late_copy()
        copy_requested_at = monotonic()
        try:
            keycodes = (self._keyboard.find_free_modifier(CONTROL_ROW), self._keyboard.find_keycode(XK.XK_Insert))
            self._activity.expect_own_keys(keycodes)
            self._keyboard.press_keys(keycodes)
            if not self._x.wait(lambda: not clipboard.is_owned(selection), monotonic() + timeout_s):
                requested_at = min(requested_at, copy_requested_at)
                self._unanswered_copy = (
                    UnansweredCopy(window, copy_requested_at, copy, requested_at, reported_text) if contents else None
                )
                return ""
            return (
                None
                if clipboard.offers_target(selection, TK_TARGET)
                else clipboard.read_text_owned_by(selection, window)
            )
        finally:
            clipboard.restore_unless_retaken(selection, contents, window, is_whole=copy.is_whole)

    @property
    def has_late_copy(self) -> bool:
        """Whether a program has taken the clipboard that was restored after a window had not answered."""
        return self._unanswered_copy is not None and not self._clipboard.is_owned("CLIPBOARD")

    def restore_after_late_copy(self) -> None:
        """Restore it once more, if that program was the window's and certainly not the user, who may have copied
        themselves. Serves while it waits."""
        unanswered, self._unanswered_copy = self._unanswered_copy, None
        if (
            unanswered is None
            or monotonic() >= unanswered.copy_requested_at + LATE_COPY_S
            or not self._clipboard.is_owned_by("CLIPBOARD", unanswered.window)
        ):
            return
        self._x.pause(KEY_EVENT_DELAY_S)
        text = self._clipboard.read_text_owned_by("CLIPBOARD", unanswered.window)
        if self._clipboard.is_owned_by("CLIPBOARD", unanswered.window) and unanswered.is_certainly_late_copy(
            self._activity.last_input_at(inf), text
        ):
            self._clipboard.serve_copy("CLIPBOARD", unanswered.previous.contents, is_whole=unanswered.previous.is_whole)

    def forget_late_copy(self) -> None:
        """Restore nothing any more, since the clipboard will be replaced."""
        self._unanswered_copy = None
