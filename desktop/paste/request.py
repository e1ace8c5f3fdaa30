"""What a paste is asked, by whom and how: the words that every system's paster shares.

Here and not with a transaction, so that no system needs another's libraries to speak of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sized
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Literal

from desktop.paste.applications import Applications
from desktop.ports import Delivery, Outcome, Selection, Target

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
    """A dictation to be pasted. `sent` and `answer` may be called from the paste thread and return at once. `enter`:
    press Return once it has arrived, whatever the application's rule says; else the cursor goes before `after`, the
    text's end.

    With `over` it goes where that is selected, or nowhere. `original` is what stood in its place before, which an undo
    puts back; with `final` it cannot be taken back itself. `since` is when it was asked for (monotonic).
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
    """The clipboard's text is wanted; `answer` is as a paste's, None where there is none."""

    answer: Callable[[str | None], None]


@dataclass(frozen=True, slots=True)
class Look:
    """What is selected is to be told to `answer`, from the paste thread: in `target`, if it is what was `marked`;
    without a target, what the window with the focus says by itself."""

    answer: Callable[[Selection], None]
    target: Target | None = None
    marked: Selection = Selection()


@dataclass(frozen=True, slots=True)
class Manner:
    """What the person has chosen: rules for applications, and what comes between two dictations ("auto": a space where
    nothing was touched in between, "space": always one, "none"). `cursor`, `site`: whether the text around the cursor
    and the host of the page may be asked for."""

    applications: Applications = field(default_factory=Applications)
    join: Literal["auto", "space", "none"] = "auto"
    cursor: bool = False
    site: bool = False


@dataclass(frozen=True, slots=True)
class Hands:
    """What is known of the person: `held`, whether the talk key is down; `talking`, whether it is and the next
    dictation is being spoken; `speaking`, whether one is, be it that no key is held for it; `touched`, when a key or a
    button was last pressed, not after a given time (both monotonic); `left`, when they were last known to leave, which
    is when the screen was locked. `expect` is told the keycodes that we are about to press, so that they are not taken
    for the person's."""

    expect: Callable[[Iterable[int]], None] = lambda keycodes: None
    held: Callable[[], bool] = lambda: False
    talking: Callable[[], bool] = lambda: False
    touched: Callable[[float], float] = lambda until: 0.0
    left: Callable[[], float] = lambda: 0.0
    speaking: Callable[[], bool] = lambda: False


def unread(enter: bool) -> str:
    """What there is to say of a text that nobody was seen to read, be it that `enter` was to be pressed after it."""
    return f"{UNREAD} {UNSENT}" if enter else UNREAD


def unkept(contents: Sized, whole: bool) -> str:
    """What there is to say where these `contents` of a clipboard are kept, and they are not the `whole` of it."""
    if whole:
        return ""
    return PARTLY if contents else UNKEPT


def also(delivery: Delivery, note: str) -> Delivery:
    """`delivery`, with one more `note` to it."""
    return replace(delivery, note=" ".join(filter(None, (delivery.note, note))))


def losing(delivery: Delivery, contents: Sized, whole: bool) -> Delivery:
    """`delivery`, with what is `unkept`; a text that is left on the clipboard stands in the place of all of it."""
    return delivery if delivery.outcome is Outcome.COPIED else also(delivery, unkept(contents, whole))


def tell[T](answer: asyncio.Future[T], value: T) -> None:
    """Answer whoever waits for it on the loop, from the paste thread; nothing where nobody waits any more."""

    def give() -> None:
        if not answer.done():
            answer.set_result(value)

    answer.get_loop().call_soon_threadsafe(give)
