"""Requests to a paster and their options, shared by the pasters of all systems.

Separate from the transactions, so that no system needs another's libraries to use them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sized
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Literal

from desktop.core.messages import Message, Notes, join_notes
from desktop.core.types import Outcome, PasteResult, Selection, Target
from desktop.paste.apps import PasteRules

TEXT_IN_HISTORY = Message("text-in-history")
NO_SCREEN = PasteResult(Outcome.FAILED, (Message("paste-screen-lost"), TEXT_IN_HISTORY))
INTERNAL_ERROR = PasteResult(Outcome.FAILED, (Message("paste-internal-error"), TEXT_IN_HISTORY))
PASTE_CLOSED = Message("paste-app-closed")
APP_CLOSED = PasteResult(Outcome.FAILED, (PASTE_CLOSED, TEXT_IN_HISTORY))
CLIPBOARD_UNAVAILABLE = PasteResult(Outcome.FAILED, (Message("clipboard-held"), TEXT_IN_HISTORY))
PASSWORD_FIELD_FOCUSED = Message("password-field-focused")
PASSWORD_FOCUSED = PasteResult(Outcome.REFUSED, (PASSWORD_FIELD_FOCUSED, TEXT_IN_HISTORY))
FIELD_NOT_REPORTED = Message("field-not-reported")
CHROMIUM_PASSWORD_FIELD = Message("chromium-password-field")
CHROMIUM_NOT_REPORTED = Message("chromium-not-reported")
KEEP_OFF_CLIPBOARD = (
    PASSWORD_FIELD_FOCUSED,
    FIELD_NOT_REPORTED,
    CHROMIUM_PASSWORD_FIELD,
    CHROMIUM_NOT_REPORTED,
    PASTE_CLOSED,
)
"""Reasons for which a text goes nowhere, not even on the clipboard."""
USER_LEFT = Message("user-away")
USER_AWAY = PasteResult(Outcome.REFUSED, (USER_LEFT, TEXT_IN_HISTORY))
RETURN_NOT_PRESSED = Message("return-not-pressed")
CONTENTS_LOST = Message("clipboard-contents-lost")
CONTENTS_PARTLY_LOST = Message("clipboard-contents-partly-lost")
WINDOW_READS_CLIPBOARD = Message("window-reads-clipboard")
TAKEN_BEFORE_READ = Message("clipboard-taken-before-read")
WINDOW_UNKNOWN = Message("paste-window-unknown")
"""A program has read the text after the keys, and the desktop does not tell which."""
COMMIT_UNSEEN = Message("commit-unseen")
"""The input method has put the text in, and the program reports no text at all."""
COMMIT_UNPROVEN = Message("commit-unproven")
COMMIT_CUT_OFF = Message("commit-cut-off")
DELETION_UNPROVEN = Message("deletion-unproven")
PROBE_LEFT = Message("probe-left")
REMOTE_UNPROVEN = Message("remote-window-unproven")
"""A remote desktop has read the text for its other side."""
UNTOLD_NOTES: tuple[Notes, ...] = ((), (WINDOW_UNKNOWN,), (COMMIT_UNSEEN,), (REMOTE_UNPROVEN,))
"""Notes of an unconfirmed text where it can never be known whether a text has arrived."""
QUIT_GRACE_S = 0.3
"""Seconds that pastes still wait for the answer whether a password field has the focus, or for a held key, once the app
quits: a program that answers in 200 ms gets its text."""


@dataclass(frozen=True, slots=True)
class PasteRequest:
    """A dictation to paste.

    - `on_sent`, `on_answer`: may be called from the paste thread and return at once.
    - `enter`: press Return once the text has arrived, whatever the application's rule says.
    - `text_after_cursor`: the end of the text, before which the cursor goes unless Return is pressed.
    - `selection`: the selection to replace; the text goes nowhere if that is not selected any more.
    - `replaced_text`: what stood there before, which an undo restores.
    - `final`: the paste cannot be undone itself.
    - `requested_at`: when it was requested (monotonic).
    """

    text: str
    target: Target
    on_sent: Callable[[], None]
    on_answer: Callable[[PasteResult], None]
    enter: bool = False
    text_after_cursor: str = ""
    selection: Selection | None = None
    replaced_text: str = ""
    final: bool = False
    requested_at: float = field(default_factory=monotonic)

    @property
    def is_put_back(self) -> bool:
        """Whether the text stood there before, with every character that it has."""
        return self.final or self.text == self.replaced_text


@dataclass(frozen=True, slots=True)
class ClipboardTextRequest:
    """A request for the clipboard's text; `on_answer` is as a paste's, called with None if there is none."""

    on_answer: Callable[[str | None], None]


@dataclass(frozen=True, slots=True)
class SelectionRequest:
    """A request for the selected text, with which `on_answer` is called from the paste thread: in `target`, if it
    equals what was `reported`; without a target, what the focused window reports by itself."""

    on_answer: Callable[[Selection], None]
    target: Target | None = None
    reported: Selection = Selection()


@dataclass(frozen=True, slots=True)
class PasteOptions:
    """The user's choices: rules for applications, and how two dictations are joined ("auto": with a space if nothing
    was touched in between, "space": always, "none"). `cursor`, `site`: whether the text around the cursor and the host
    of the page may be read. `input_method`: whether texts go in by the input method where there is one ("auto": unless
    the user's own is more than a keyboard layout)."""

    rules: PasteRules = field(default_factory=PasteRules)
    join: Literal["auto", "space", "none"] = "auto"
    cursor: bool = False
    site: bool = False
    input_method: Literal["auto", "always", "off"] = "auto"


def unread_notes(enter: bool, reason: Message = TAKEN_BEFORE_READ) -> Notes:
    """Return the notes for a text whose read was not seen for `reason`, after which Return was to be pressed if
    `enter`."""
    return (reason, RETURN_NOT_PRESSED) if enter else (reason,)


def lost_contents_notes(contents: Sized, is_whole: bool) -> Notes:
    """Return the notes on a clipboard of which `contents` were kept; empty if that `is_whole`."""
    if is_whole:
        return ()
    return (CONTENTS_PARTLY_LOST,) if contents else (CONTENTS_LOST,)


def leave_on_clipboard(shortcut: str, *reasons: Message) -> PasteResult:
    """Return the result of a text that was left on the clipboard for `reasons`."""
    return PasteResult(Outcome.COPIED, (*reasons, Message("text-on-clipboard", shortcut=shortcut)))


def app_name(target: Target) -> str | Message:
    """Return the name of the target's application as the parameter of a message."""
    return target.app or Message("unnamed-window")


def refuse(reason: Message) -> PasteResult:
    """Return the result of a text that went nowhere."""
    if reason == PASTE_CLOSED:
        return APP_CLOSED
    return PasteResult(Outcome.REFUSED, (reason, TEXT_IN_HISTORY))


def add_notes(result: PasteResult, notes: Notes) -> PasteResult:
    """Return `result` with more notes."""
    return replace(result, notes=join_notes(result.notes, notes))


def add_lost_contents_notes(result: PasteResult, contents: Sized, is_whole: bool) -> PasteResult:
    """Return `result` with the notes on lost contents; none if the text is left on the clipboard, in the place of all
    of them."""
    return result if result.outcome is Outcome.COPIED else add_notes(result, lost_contents_notes(contents, is_whole))


def call_threadsafe(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    """Call `call` in the loop, from the paste thread."""
    loop.call_soon_threadsafe(call)


def set_result_threadsafe[T](future: asyncio.Future[T], value: T) -> None:
    """Set the result of a future of the loop, from the paste thread; nothing if it is done already."""

    def set_result() -> None:
        if not future.done():
            future.set_result(value)

    future.get_loop().call_soon_threadsafe(set_result)
