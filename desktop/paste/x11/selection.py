"""Read what is selected in a window that does not report its text: with certainty, or not at all.

A window tells it in two ways, and neither is enough. PRIMARY costs no key, but Qt and Chromium go on offering there
what has long been deselected, and some programs offer only what the mouse selects. What a window copies on request is
what is selected now, but some editors copy the whole line if nothing is. So both are read and must be equal to the
byte; if a window has nothing in PRIMARY, what it copies counts, unless that ends like a line. What a paste would not
replace (in Tk on X11 it is inserted beside the selection) is not edited at all.

A window that hangs copies when the answer is no longer awaited, over what was restored by then. That is restored once
more, if it is certain that the user has not copied it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from time import monotonic

from Xlib import XK

from desktop.core.types import Selection
from desktop.paste.request import Hands
from desktop.paste.x11.clipboard import Clipboard
from desktop.paste.x11.clipboard_copy import Copy
from desktop.paste.x11.connection import Connection
from desktop.paste.x11.keyboard import CONTROL, Keyboard

MOST_CHARACTERS = 10_000
"""Five pages: what a language model rewrites within the time that an edit is waited for."""

COPIED_S = 1.0
"""Seconds that a window may take to copy; one that has nothing selected never does."""

LATE_S = 10.0
"""Seconds after the request within which a window's copy still counts as the answer."""

QUIET_S = 3.0
"""Seconds without input before a request, after which a window counts as done with everything that the user had it
do."""

HEARD_S = 0.1
"""Seconds within which a key press is received: over another connection and in another thread than the copy it
causes."""

TK = "TK_WINDOW"
"""A target that only Tk offers for its selections."""

NOTHING = "Nothing is selected."
UNREADABLE = "The selection cannot be read exactly."
CHANGED = "The selection changed."
LONG = "The selection is too long to be edited."
BLIND = "Text in a terminal or a remote desktop cannot be edited."
OURS = "Text in Intone's own windows cannot be edited."
UNTOUCHED = "Nothing was changed."


def told(marked: str | None, now: str | None, copied: str | None) -> str:
    """Return why what was `copied` must not be edited; empty if it may.

    `reported` and `primary_now` are what the window had in PRIMARY at the press and has at the release, None if nothing
    of its own. `copied` is empty if it copied nothing, None if what it copied is unavailable.
    """
    if now != marked:
        return CHANGED
    if copied is None:
        return UNREADABLE
    if not copied.strip():
        return NOTHING
    if copied != now and (now is not None or copied.endswith(("\n", "\r"))):
        return UNREADABLE
    return LONG if len(copied) > MOST_CHARACTERS else ""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A `window` that was asked at `asked_at` (monotonic) to copy and had not in time, and what the clipboard had and
    got back.

    At the time `requested_at` the user had requested it; what they had pressed before is done if the window reported
    then that it has the text `reported_text`.
    """

    window: int
    at: float
    before: Copy
    since: float
    marked: str | None

    def shows(self, touched_at: float, text: str | None) -> bool:
        """Return whether the `text` it has copied since was certainly not copied by the user, whose last input was at
        `last_input_at` (monotonic), 0 if unknown."""
        quiet = touched_at < self.since - QUIET_S or (self.marked is not None and self.marked == text)
        return 0.0 < touched_at < self.since and quiet


class Selecting:
    """Reads selections by pressing keys, in the paste thread."""

    def __init__(self, connection: Connection, clipboard: Clipboard, keyboard: Keyboard, hands: Hands) -> None:
        self._x = connection
        self._clipboard = clipboard
        self._keyboard = keyboard
        self._hands = hands
        self._marked_at = 0.0
        self._unanswered: Unanswered | None = None

    def marked(self, window: int) -> Selection:
        """Return what `window` has in PRIMARY."""
        self._marked_at = monotonic()
        return Selection(window, self._clipboard.text_of("PRIMARY", window) or None)

    def selected(self, marked: Selection, window: int) -> Selection:
        """Return what `window` has selected, if it has been that since it was `reported`.

        The clipboard is restored afterwards.
        """
        if marked.handle != window:
            return Selection(window, why=CHANGED)
        copied = self.copied(window, since=self._marked_at, marked=marked.text)
        why = told(marked.text, self.marked(window).text, copied)
        return Selection(window, None if why else copied, why)

    def copied(
        self, window: int, patience_s: float = COPIED_S, *, since: float = inf, marked: str | None = None
    ) -> str | None:
        """Return what `window` copies; empty if it copies nothing, as one that has nothing selected.

        None if that is unavailable, would not be replaced by a paste, or the clipboard could not be restored.
        `requested_at` and `reported_text` are as in `UnansweredCopy`.
        """
        clipboard, selection = self._clipboard, "CLIPBOARD"
        kept = clipboard.copy(selection)
        before = kept.contents
        if not (before or kept.whole):
            return None
        clipboard.hold(selection, before, whole=kept.whole)
        self.forget()
        asked_at = monotonic()
        try:
            keycodes = (self._keyboard.modifier(CONTROL), self._keyboard.key(XK.XK_Insert))
            self._hands.expect(keycodes)
            self._keyboard.press(keycodes)
            if not self._x.wait(lambda: not clipboard.owns(selection), monotonic() + patience_s):
                since = min(since, asked_at)
                self._unanswered = Unanswered(window, asked_at, kept, since, marked) if before else None
                return ""
            return None if clipboard.offers(selection, TK) else clipboard.text_of(selection, window)
        finally:
            clipboard.put_back(selection, before, window, whole=kept.whole)

    @property
    def late(self) -> bool:
        """Whether a program has taken the clipboard that was restored after a window had not answered."""
        return self._unanswered is not None and not self._clipboard.owns("CLIPBOARD")

    def mend(self) -> None:
        """Restore it once more, if that program was the window's and certainly not the user, who may have copied
        themselves. Serves while it waits."""
        asked, self._unanswered = self._unanswered, None
        if asked is None or monotonic() >= asked.at + LATE_S or not self._clipboard.belongs("CLIPBOARD", asked.window):
            return
        self._x.pause(HEARD_S)
        text = self._clipboard.text_of("CLIPBOARD", asked.window)
        if self._clipboard.belongs("CLIPBOARD", asked.window) and asked.shows(self._hands.touched(inf), text):
            self._clipboard.hold("CLIPBOARD", asked.before.contents, whole=asked.before.whole)

    def forget(self) -> None:
        """Restore nothing any more, since the clipboard will be replaced."""
        self._unanswered = None
