"""What the pill says in each state, and for how long: decided here without a widget, drawn in `pill`.

How long an outcome stays is the pill's decision, not the flow's: a state says what is, and how long a person needs to
read it depends on what there is to read.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto
from typing import assert_never

from desktop.ports import Outcome, Transcript
from desktop.problems import Problem, RecognizerProblem
from desktop.state import Done, Failed, Health, Idle, Listening, Pasting, Polishing, Shown, Starting, Transcribing
from desktop.ui import words

INSERTED_MS = 700
GLANCE_MS = 2_000
READ_MS = 4_000
FAILED_MS = 8_000

_TAIL = 240
"""Characters at the end of a long dictation that can matter to a line of `tokens.PILL_WIDTH`."""


class Glyph(Enum):
    """The picture at the pill's left."""

    RING = auto()
    BARS = auto()
    LINE = auto()
    TICK = auto()
    CLIPBOARD = auto()
    CROSS = auto()
    PAUSE = auto()
    ALERT = auto()


class Offer(Enum):
    """What one click can do."""

    RETRY = auto()
    UNDO = auto()


@dataclass(frozen=True, slots=True)
class Face:
    """One look of the pill.

    `settled` and `tentative` are one line whose end is always visible; with `detail` the pill has two lines instead,
    the second one quiet. `tail` stands faint at the right. `hold_ms` is how long it stays, None for as long as the
    state does.
    """

    glyph: Glyph
    settled: str = ""
    tentative: str = ""
    detail: str = ""
    tail: str = ""
    offer: Offer | None = None
    hold_ms: int | None = None

    @property
    def spoken(self) -> str:
        """What a screen reader says of it."""
        match self.glyph:
            case Glyph.BARS:
                return words.translate("pill", "Listening")
            case Glyph.RING | Glyph.LINE:
                return ""
            case Glyph.TICK:
                return words.outcome(Outcome.INSERTED)
            case _:
                return f"{self.settled} {self.detail}".strip()


def face(shown: Shown, offers: Collection[Offer] = ()) -> Face | None:
    """What the pill shows for `shown`, offering at most `offers`; None for nothing."""
    health = shown.health
    match shown.state:
        case Idle():
            return None
        case Starting():
            return Face(Glyph.RING, tentative=words.translate("pill", "Opening the microphone"))
        case Listening(trouble=Problem(title=title, remedy=remedy)):
            return Face(Glyph.ALERT, title, detail=remedy)
        case Listening(heard, locked=locked, left_s=left_s):
            said, guessed = _parts(heard)
            waiting = "" if said or guessed else words.translate("pill", "Listening")
            return Face(Glyph.BARS, said, guessed or waiting, tail=_tail(health, locked, left_s))
        case Transcribing(heard, into):
            said, guessed = _parts(heard)
            waiting = "" if said or guessed else _waiting(health)
            return Face(Glyph.LINE, said, guessed or waiting, tail=_place(into) or _engine(health))
        case Polishing(text, into) | Pasting(text, into):
            return Face(Glyph.LINE, _line(text), tail=_place(into) or _engine(health))
        case Done(outcome, text, note, into):
            return _done(outcome, text, note, into, offers)
        case Failed(problem):
            return _failed(problem, offers)
        case _:
            assert_never(shown.state)


def _done(outcome: Outcome, text: str, note: str, into: str, offers: Collection[Offer]) -> Face:
    said = words.outcome(outcome)
    match outcome:
        case Outcome.INSERTED:
            hold_ms = READ_MS if into or note else INSERTED_MS
            return Face(Glyph.TICK, _line(text) or said, detail=note, tail=_place(into), hold_ms=hold_ms)
        case Outcome.COPIED:
            return Face(Glyph.CLIPBOARD, said, detail=_unless(note, said), hold_ms=READ_MS)
        case Outcome.UNCONFIRMED:
            return Face(Glyph.TICK, said, detail=note, hold_ms=READ_MS)
        case Outcome.REFUSED | Outcome.FAILED:
            return Face(Glyph.ALERT, said, detail=_unless(note, said), hold_ms=FAILED_MS)
        case Outcome.CANCELLED:
            if Offer.UNDO in offers:
                return Face(Glyph.CROSS, said, offer=Offer.UNDO, hold_ms=READ_MS)
            return Face(Glyph.CROSS, said, hold_ms=GLANCE_MS)
        case Outcome.RECOVERED:
            return Face(Glyph.TICK, note or said, hold_ms=READ_MS)
        case Outcome.SILENT:
            return Face(Glyph.PAUSE, note or said, hold_ms=READ_MS if note else GLANCE_MS)
        case _:
            assert_never(outcome)


def _failed(problem: Problem, offers: Collection[Offer]) -> Face:
    offer = Offer.RETRY if isinstance(problem, RecognizerProblem) and Offer.RETRY in offers else None
    return Face(Glyph.ALERT, problem.title, detail=problem.remedy, offer=offer, hold_ms=FAILED_MS)


def _unless(note: str, said: str) -> str:
    return "" if note.rstrip(".") == said.rstrip(".") else note


def _parts(heard: Transcript) -> tuple[str, str]:
    text = heard.text.replace("\n", " ")
    start = max(0, len(text) - _TAIL)
    settled = max(start, heard.settled)
    said, guessed = text[start:settled].lstrip(), text[settled:].rstrip()
    return said, guessed if said else guessed.lstrip()


def _line(text: str) -> str:
    return " ".join(text[-_TAIL:].split())


def _tail(health: Health, locked: bool, left_s: int | None) -> str:
    if left_s is not None:
        return f"{left_s // 60}:{left_s % 60:02d}"
    if locked:
        return words.translate("pill", "Tap to finish")
    return _engine(health)


def _place(into: str) -> str:
    return f"→ {into}" if into else ""


def _engine(health: Health) -> str:
    return words.engine_name(health.engine_name, health.model)


def _waiting(health: Health) -> str:
    return words.progress(health.progress) if health.progress else words.translate("pill", "Working")
