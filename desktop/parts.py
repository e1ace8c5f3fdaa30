"""What an utterance is made with, and what it hands to whatever writes its words into a window."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from desktop.ending import Ending
from desktop.history import Entry
from desktop.polish.styles import Styles
from desktop.ports import Context, Delivery, Feeler, Felt, Microphone, Paster, Polisher, Recognizer, Target, Transcript
from desktop.spool import Spool, Take
from desktop.state import State


@dataclass(frozen=True, slots=True)
class Parts:
    """All of it; replaced whole when a setting changes, so that an utterance under way keeps its own.

    A take ends by itself after `longest_s`: nobody notices a key that is stuck. `remember` stores an entry and, where
    it is to be kept, the take's audio, and returns the row's id; `felt` adds to that row what `feeler` found later.
    Both run in a worker thread and raise `HistoryProblem`. `styles` says how one writes where. `inserted` is told what
    has arrived, and where; `keeps` says whether anything of what is said to a window is kept, and `feels` whether its
    emotion is looked for; `clipboard` gives its text, where somebody wants it. `edit` begins what is said to a
    selection, None where there is no model for it; `scratch` takes back what was inserted last in a window, and returns
    None where there is none. `again`: it is taken up again from its recording, which is kept already.
    """

    microphone: Microphone
    recognizer: Recognizer
    polisher: Polisher
    paster: Paster
    spool: Spool
    remember: Callable[[Entry, Take], int]
    longest_s: float = 600.0
    feeler: Feeler | None = None
    felt: Callable[[int, Felt], None] = lambda id, felt: None
    keeps: Callable[[Target], bool] = lambda target: True
    feels: Callable[[Target], bool] = lambda target: True
    styles: Styles = field(default_factory=Styles)
    inserted: Callable[[str, Target], None] = lambda text, target: None
    clipboard: Callable[[], Awaitable[str | None]] | None = None
    edit: Callable[[], Editing] | None = None
    scratch: Callable[[Target], Awaitable[Delivery | None]] | None = None
    again: bool = False


class Turn(Protocol):
    """Returns once everything that was spoken before is on its way, or even `remembered`; cancellable until then."""

    async def __call__(self, *, remembered: bool = False) -> Delivery | None:
        """Wait; nothing can be cancelled afterwards. Return None, or the refusal where nothing may be inserted: the
        user has left, or a password prompt came up since the press."""
        ...


@dataclass(frozen=True, slots=True)
class Said:
    """What is to be written and where. `into` names the window where it is another than at the press; `released_at` is
    the key's release (monotonic); `enter`: press Return after it; `note` is what there is to say of the microphone."""

    words: Transcript
    context: Context
    into: str
    released_at: float
    enter: bool
    note: str


type Write = Callable[[Said, Parts, Turn, Callable[[State], None], Callable[[], None]], Awaitable[Ending]]
"""What stands in the place of `writing.write`."""


class Editing(Polisher, Protocol):
    """One edit of what is selected."""

    async def write(
        self, said: Said, parts: Parts, turn: Turn, draw: Callable[[State], None], sent: Callable[[], None]
    ) -> Ending:
        """See `Write`."""
        ...
