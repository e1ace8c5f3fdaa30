"""Requests to a paster and their options, shared by the pasters of all systems.

Separate from the transactions, so that no system needs another's libraries to use them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sized
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Literal

from desktop.core.types import Delivery, Outcome, Selection, Target
from desktop.paste.apps import Applications

NO_SCREEN = Delivery(Outcome.FAILED, "The screen cannot be reached. The text is in the history.")
BROKEN = Delivery(Outcome.FAILED, "Something went wrong inside Intone. The text is in the history.")
CLOSED = Delivery(Outcome.FAILED, "Intone was closed before the text was inserted. The text is in the history.")
TAKEN = Delivery(Outcome.FAILED, "Another program holds the clipboard. The text is in the history.")
SECRET = Delivery(Outcome.REFUSED, "A password field has the focus. The text is in the history.")
LEFT = "The screen was locked, or the machine slept."
AWAY = Delivery(Outcome.REFUSED, "The screen was locked, or the machine slept. The text is in the history.")
UNSENT = "Return was not pressed."
UNKEPT = "What was on the clipboard before could not be kept."
PARTLY = "Part of what was on the clipboard before could not be kept."
UNSURE = "This window reads the clipboard by itself, so it is unknown whether the text arrived. It is in the history."
UNREAD = "The clipboard was taken before the text was read. If it is missing, it is in the history."


@dataclass(frozen=True, slots=True)
class Request:
    """A dictation to paste.

    `on_sent` and `on_answer` may be called from the paste thread and return at once. `enter`: press Return once it has
    arrived, whatever the application's rule says; else the cursor goes before `text_after_cursor`, the text's end.

    With `over` it replaces that selection, or goes nowhere. `replaced_text` is what stood there before, which an undo
    restores; with `final` it cannot be undone itself. `requested_at` is when it was requested (monotonic).
    """

    text: str
    target: Target
    sent: Callable[[], None]
    answer: Callable[[Delivery], None]
    enter: bool = False
    after: str = ""
    over: Selection | None = None
    original: str = ""
    final: bool = False
    since: float = field(default_factory=monotonic)


@dataclass(frozen=True, slots=True)
class Reading:
    """A request for the clipboard's text; `on_answer` is as a paste's, called with None if there is none."""

    answer: Callable[[str | None], None]


@dataclass(frozen=True, slots=True)
class Look:
    """A request for the selected text, with which `on_answer` is called from the paste thread: in `target`, if it
    equals what was `reported`; without a target, what the focused window reports by itself."""

    answer: Callable[[Selection], None]
    target: Target | None = None
    marked: Selection = Selection()


@dataclass(frozen=True, slots=True)
class Manner:
    """The user's choices: rules for applications, and how two dictations are joined ("auto": with a space if nothing
    was touched in between, "space": always, "none"). `cursor`, `site`: whether the text around the cursor and the host
    of the page may be read."""

    applications: Applications = field(default_factory=Applications)
    join: Literal["auto", "space", "none"] = "auto"
    cursor: bool = False
    site: bool = False


@dataclass(frozen=True, slots=True)
class Hands:
    """The user's activity.

    `is_talk_key_held`: whether the talk key is down; `is_talking`: whether it is and the next dictation is being
    spoken; `is_speaking`: whether a dictation is being spoken, with a key held for it or not; `last_input_at`: when a
    key or button was last pressed, not after a given time (both monotonic); `last_left_at`: when the user was last
    known to leave, which is when the screen was locked. `expect_own_keys` is called with the keycodes that we are about
    to press, so that they do not count as the user's.
    """

    expect: Callable[[Iterable[int]], None] = lambda keycodes: None
    held: Callable[[], bool] = lambda: False
    talking: Callable[[], bool] = lambda: False
    touched: Callable[[float], float] = lambda until: 0.0
    left: Callable[[], float] = lambda: 0.0
    speaking: Callable[[], bool] = lambda: False


def unread(enter: bool) -> str:
    """Return the note for a text whose read was not seen, after which Return was to be pressed if `enter`."""
    return f"{UNREAD} {UNSENT}" if enter else UNREAD


def unkept(contents: Sized, whole: bool) -> str:
    """Return the note for kept `contents` of a clipboard that are not the `whole` of it."""
    if whole:
        return ""
    return PARTLY if contents else UNKEPT


def also(delivery: Delivery, note: str) -> Delivery:
    """Return `delivery` with one more `note`."""
    return replace(delivery, note=" ".join(filter(None, (delivery.note, note))))


def losing(delivery: Delivery, contents: Sized, whole: bool) -> Delivery:
    """Return `delivery` with the note on lost contents; none if the text is left on the clipboard, in the place of all
    of them."""
    return delivery if delivery.outcome is Outcome.COPIED else also(delivery, unkept(contents, whole))


def tell[T](answer: asyncio.Future[T], value: T) -> None:
    """Set the result of a future of the loop, from the paste thread; nothing if it is done already."""

    def give() -> None:
        if not answer.done():
            answer.set_result(value)

    answer.get_loop().call_soon_threadsafe(give)
