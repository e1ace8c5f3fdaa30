"""Requests to a paster and their options, shared by the pasters of all systems.

Separate from the transactions, so that no system needs another's libraries to use them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sized
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Literal

from desktop.core.text import join_notes
from desktop.core.types import Delivery, Outcome, Selection, Target
from desktop.paste.apps import PasteRules

NO_SCREEN = Delivery(Outcome.FAILED, "The screen cannot be reached. The text is in the history.")
INTERNAL_ERROR = Delivery(Outcome.FAILED, "Something went wrong inside Intone. The text is in the history.")
APP_CLOSED = Delivery(Outcome.FAILED, "Intone was closed before the text was inserted. The text is in the history.")
CLIPBOARD_UNAVAILABLE = Delivery(Outcome.FAILED, "Another program holds the clipboard. The text is in the history.")
PASSWORD_FOCUSED = Delivery(Outcome.REFUSED, "A password field has the focus. The text is in the history.")
USER_LEFT = "The screen was locked, or the machine slept."
USER_AWAY = Delivery(Outcome.REFUSED, "The screen was locked, or the machine slept. The text is in the history.")
RETURN_NOT_PRESSED = "Return was not pressed."
CONTENTS_LOST = "What was on the clipboard before could not be kept."
CONTENTS_PARTLY_LOST = "Part of what was on the clipboard before could not be kept."
WINDOW_READS_CLIPBOARD = (
    "This window reads the clipboard by itself, so it is unknown whether the text arrived. It is in the history."
)
TAKEN_BEFORE_READ = "The clipboard was taken before the text was read. If it is missing, it is in the history."


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
    on_answer: Callable[[Delivery], None]
    enter: bool = False
    text_after_cursor: str = ""
    selection: Selection | None = None
    replaced_text: str = ""
    final: bool = False
    requested_at: float = field(default_factory=monotonic)


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
    of the page may be read."""

    rules: PasteRules = field(default_factory=PasteRules)
    join: Literal["auto", "space", "none"] = "auto"
    cursor: bool = False
    site: bool = False


def unread_note(enter: bool) -> str:
    """Return the note for a text whose read was not seen, after which Return was to be pressed if `enter`."""
    return f"{TAKEN_BEFORE_READ} {RETURN_NOT_PRESSED}" if enter else TAKEN_BEFORE_READ


def lost_contents_note(contents: Sized, is_whole: bool) -> str:
    """Return the note on a clipboard of which `contents` were kept; empty if that `is_whole`."""
    if is_whole:
        return ""
    return CONTENTS_PARTLY_LOST if contents else CONTENTS_LOST


def add_note(delivery: Delivery, note: str) -> Delivery:
    """Return `delivery` with one more `note`."""
    return replace(delivery, note=join_notes(delivery.note, note))


def add_lost_contents_note(delivery: Delivery, contents: Sized, is_whole: bool) -> Delivery:
    """Return `delivery` with the note on lost contents; none if the text is left on the clipboard, in the place of all
    of them."""
    return (
        delivery if delivery.outcome is Outcome.COPIED else add_note(delivery, lost_contents_note(contents, is_whole))
    )


def call_threadsafe(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    """Call `call` in the loop, from the paste thread."""
    loop.call_soon_threadsafe(call)


def set_result_threadsafe[T](future: asyncio.Future[T], value: T) -> None:
    """Set the result of a future of the loop, from the paste thread; nothing if it is done already."""

    def set_result() -> None:
        if not future.done():
            future.set_result(value)

    future.get_loop().call_soon_threadsafe(set_result)
