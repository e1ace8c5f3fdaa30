"""Decide what the pill shows in each state and for how long, without a widget; `pill.window` draws it.

The time an outcome stays is decided here, not by the flow: it depends on how much there is to read.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto
from typing import assert_never

from desktop.core.errors import Problem, RecognizerProblem, ServiceProblem
from desktop.core.state import (
    Done,
    Expression,
    Failed,
    Health,
    Idle,
    Learning,
    Listening,
    Pasting,
    Polishing,
    Shown,
    Starting,
    Switched,
    Transcribing,
)
from desktop.core.types import Outcome, Transcript
from desktop.ui import wording as words
from desktop.ui.i18n import sentence
from desktop.ui.style.rtl import arrow

INSERTED_MS = 700
GLANCE_MS = 2_000
READ_MS = 4_000
FAILED_MS = 8_000

_TAIL = 240
"""Characters at the end of a long dictation that can fit a line of `tokens.PILL_WIDTH`."""


class Glyph(Enum):
    """The picture at the left of the pill."""

    RING = auto()
    BARS = auto()
    LINE = auto()
    TICK = auto()
    SENT = auto()
    CLIPBOARD = auto()
    CROSS = auto()
    PAUSE = auto()
    ALERT = auto()


class Offer(Enum):
    """An action that one click performs."""

    RETRY = auto()
    UNDO = auto()
    LEARN = auto()


@dataclass(frozen=True, slots=True)
class Face:
    """Content of the pill.

    `settled` and `tentative` are speech, one line whose end is always visible; of a `message` the beginning is visible
    and the rest wraps, followed by a quiet `detail`. `tail` is faint text at the right. `spoken` is announced to screen
    readers. `hold_ms` is the time it is shown, None for as long as the state lasts. `marked` are (start, end) ranges of
    `settled` that polish changed.
    """

    glyph: Glyph
    settled: str = ""
    tentative: str = ""
    detail: str = ""
    tail: str = ""
    offer: Offer | None = None
    hold_ms: int | None = None
    message: bool = False
    spoken: str = ""
    marked: tuple[tuple[int, int], ...] = ()


def face(shown: Shown, offers: Collection[Offer] = ()) -> Face | None:
    """Return the pill's content for `shown` with at most these `offers`; None for no pill."""
    health = shown.health
    match shown.state:
        case Idle():
            return None
        case Starting():
            return Face(Glyph.RING, tentative=words.translate("pill", "Opening the microphone"))
        case Listening(trouble=Problem(title=title, remedy=remedy)):
            return _message(Glyph.ALERT, title, remedy, None)
        case Listening(heard, locked=locked, left_s=left_s, style=style, why=why):
            said, guessed = _parts(heard)
            listening = words.translate("pill", "Listening")
            waiting = "" if said or guessed else listening
            tail = _tail(_heard_by(health, heard), locked, left_s, words.style(style, why))
            spoken = _spoken(listening, locked, left_s)
            return Face(Glyph.BARS, said, guessed or waiting, tail=tail, spoken=spoken)
        case Transcribing(heard, into):
            said, guessed = _parts(heard)
            waiting = "" if said or guessed else _waiting(health)
            return Face(Glyph.LINE, said, guessed or waiting, tail=_place(into) or _heard_by(health, heard))
        case Polishing(text, into) | Pasting(text, into):
            return Face(Glyph.LINE, line(text), tail=_place(into) or _engine(health))
        case Done(outcome, text, note, into, kept):
            return _done(outcome, text, note, into, offers, kept)
        case Failed(problem, kept):
            return _failed(problem, offers if kept else ())
        case Switched(languages):
            said = words.languages(languages)
            return Face(Glyph.RING, said, hold_ms=GLANCE_MS, spoken=said)
        case Expression(on):
            said = words.translate("pill", "Expression: on") if on else words.translate("pill", "Expression: off")
            return Face(Glyph.RING, said, hold_ms=GLANCE_MS, spoken=said)
        case Learning(heard, written):
            if Offer.LEARN not in offers:
                return None
            asked = words.translate("pill", "Learn {0} for {1}?").format(written, heard)
            return _message(Glyph.RING, asked, "", FAILED_MS, Offer.LEARN)
        case _:
            assert_never(shown.state)


def _spoken(listening: str, locked: bool, left_s: int | None) -> str:
    """Return the announcement while the user speaks: it changes only when its statement becomes true."""
    if left_s is not None:
        return words.translate("pill", "Less than half a minute is left")
    return words.translate("pill", "Listening. Tap the key to finish") if locked else listening


def _done(outcome: Outcome, text: str, note: str, into: str, offers: Collection[Offer], kept: bool) -> Face:
    said = words.outcome(outcome)
    place = _place(into)
    match outcome:
        case Outcome.INSERTED:
            if note:  # the text is visible in the window
                return _message(Glyph.TICK, said, note, READ_MS, tail=place)
            hold, spoken = READ_MS if into else INSERTED_MS, f"{said} {place}".strip()
            return Face(Glyph.TICK, line(text) or said, tail=place, hold_ms=hold, spoken=spoken)
        case Outcome.COPIED:
            return _message(Glyph.CLIPBOARD, said, note, READ_MS)
        case Outcome.UNCONFIRMED:
            return _message(Glyph.SENT, said, note, READ_MS, tail=place)
        case Outcome.REFUSED if note:
            why, _, then = note.partition(". ")
            return _message(Glyph.ALERT, f"{why.rstrip('.')}.", then, FAILED_MS)
        case Outcome.REFUSED | Outcome.FAILED:
            return _message(Glyph.ALERT, said, note, FAILED_MS)
        case Outcome.CANCELLED:
            if not kept:
                return _message(Glyph.CROSS, words.translate("pill", "Cancelled. Nothing was kept."), "", READ_MS)
            offer = Offer.UNDO if Offer.UNDO in offers else None
            return _message(Glyph.CROSS, said, "", READ_MS if offer else GLANCE_MS, offer)
        case Outcome.RECOVERED:
            return _message(Glyph.TICK, said, note, FAILED_MS if note else READ_MS)
        case Outcome.SILENT:
            return _message(Glyph.PAUSE, note or said, "", READ_MS if note else GLANCE_MS)
        case _:
            assert_never(outcome)


def _failed(problem: Problem, offers: Collection[Offer]) -> Face:
    offer = Offer.RETRY if isinstance(problem, RecognizerProblem | ServiceProblem) and Offer.RETRY in offers else None
    return _message(Glyph.ALERT, problem.title, problem.remedy, FAILED_MS, offer)


def _message(
    glyph: Glyph, said: str, note: str, hold_ms: int | None, offer: Offer | None = None, tail: str = ""
) -> Face:
    said, note = sentence(said), sentence(note)
    said, detail = (note, "") if said.rstrip(".。") in note else (said, note)
    spoken = f"{said} {detail}".strip()
    return Face(glyph, said, detail=detail, tail=tail, offer=offer, hold_ms=hold_ms, message=True, spoken=spoken)


def _parts(heard: Transcript) -> tuple[str, str]:
    text = heard.text.replace("\n", " ")
    start = max(0, len(text) - _TAIL)
    settled = max(start, heard.settled)
    said, guessed = text[start:settled].lstrip(), text[settled:].rstrip()
    return said, guessed if said else guessed.lstrip()


def line(text: str) -> str:
    """Return the end of `text` on one line."""
    return " ".join(text[-_TAIL:].split())


def _tail(engine: str, locked: bool, left_s: int | None, style: str) -> str:
    if left_s is not None:
        return f"{left_s // 60}:{left_s % 60:02d}"
    if locked:
        return words.translate("pill", "Tap to finish")
    return style or engine


def _place(into: str) -> str:
    return f"{arrow()} {into}" if into else ""


def _engine(health: Health) -> str:
    return words.engine_name(health.engine_name, health.model)


def _heard_by(health: Health, heard: Transcript) -> str:
    """Return the engine, and the language once it is known."""
    language = words.languages((heard.language,)) if heard.language else ""
    return " · ".join(filter(None, (_engine(health), language)))


def _waiting(health: Health) -> str:
    return words.progress(health.progress) if health.progress else words.translate("pill", "Working")
