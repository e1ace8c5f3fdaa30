"""Decide what the pill shows in each state and for how long, without a widget; `pill.window` draws it.

The time an outcome stays is decided here, not by the flow: it depends on how much there is to read.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto
from typing import assert_never

from desktop.core.errors import RecognizerError, ServiceError, UserError
from desktop.core.state import (
    AppState,
    CorrectionOffered,
    Done,
    EmotionSwitched,
    Failed,
    Health,
    Idle,
    LanguageSwitched,
    Listening,
    Pasting,
    Polishing,
    Starting,
    Transcribing,
)
from desktop.core.types import Outcome, Transcript, engine_name
from desktop.ui import wording
from desktop.ui.i18n import translate_message

INSERTED_MS = 700
GLANCE_MS = 2_000
READ_MS = 4_000
FAILED_MS = 8_000

_TAIL_CHARS = 240
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


class PillAction(Enum):
    """An action that one click performs."""

    RETRY = auto()
    UNDO = auto()
    LEARN = auto()


@dataclass(frozen=True, slots=True)
class PillContent:
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
    action: PillAction | None = None
    display_ms: int | None = None
    is_message: bool = False
    announcement: str = ""
    changed_ranges: tuple[tuple[int, int], ...] = ()


def pill_content(app_state: AppState, actions: Collection[PillAction] = ()) -> PillContent | None:
    """Return the pill's content for `shown` with at most these `offers`; None for no pill."""
    health = app_state.health
    match app_state.state:
        case Idle():
            return None
        case Starting():
            return PillContent(Glyph.RING, tentative=wording.translate("pill", "Opening the microphone"))
        case Listening(problem=UserError(title=title, remedy=remedy)):
            return _message_content(Glyph.ALERT, title, remedy, None)
        case Listening(heard, is_locked=locked, remaining_s=left_s, style=style, style_reason=why):
            said, guessed = _split_transcript(heard)
            listening = wording.translate("pill", "Listening")
            waiting = "" if said or guessed else listening
            tail = _tail_text(_engine_and_language(health, heard), locked, left_s, wording.style_text(style, why))
            spoken = _listening_announcement(listening, locked, left_s)
            return PillContent(Glyph.BARS, said, guessed or waiting, tail=tail, announcement=spoken)
        case Transcribing(heard, into):
            said, guessed = _split_transcript(heard)
            waiting = "" if said or guessed else _waiting_text(health)
            return PillContent(
                Glyph.LINE, said, guessed or waiting, tail=_target_text(into) or _engine_and_language(health, heard)
            )
        case Polishing(text, into) | Pasting(text, into):
            return PillContent(Glyph.LINE, last_line(text), tail=_target_text(into) or _engine_text(health))
        case Done(outcome, text, note, into, kept):
            return _done_content(outcome, text, note, into, actions, kept)
        case Failed(problem, kept):
            return _failed_content(problem, actions if kept else ())
        case LanguageSwitched(languages):
            said = wording.language_names(languages)
            return PillContent(Glyph.RING, said, display_ms=GLANCE_MS, announcement=said)
        case EmotionSwitched(on):
            said = wording.translate("pill", "Expression: on") if on else wording.translate("pill", "Expression: off")
            return PillContent(Glyph.RING, said, display_ms=GLANCE_MS, announcement=said)
        case CorrectionOffered(heard, written):
            if PillAction.LEARN not in actions:
                return None
            asked = wording.translate("pill", "Learn {0} for {1}?").format(written, heard)
            return _message_content(Glyph.RING, asked, "", FAILED_MS, PillAction.LEARN)
        case _:
            assert_never(app_state.state)


def _listening_announcement(listening: str, locked: bool, left_s: int | None) -> str:
    """Return the announcement while the user speaks: it changes only when its statement becomes true."""
    if left_s is not None:
        return wording.translate("pill", "Less than half a minute is left")
    return wording.translate("pill", "Listening. Tap the key to finish") if locked else listening


def _done_content(
    outcome: Outcome, text: str, note: str, into: str, actions: Collection[PillAction], kept: bool
) -> PillContent:
    said = wording.outcome_text(outcome)
    place = _target_text(into)
    match outcome:
        case Outcome.INSERTED:
            if note:  # the text is visible in the window
                return _message_content(Glyph.TICK, said, note, READ_MS, tail=place)
            hold, spoken = READ_MS if into else INSERTED_MS, f"{said} {place}".strip()
            return PillContent(Glyph.TICK, last_line(text) or said, tail=place, display_ms=hold, announcement=spoken)
        case Outcome.COPIED:
            return _message_content(Glyph.CLIPBOARD, said, note, READ_MS)
        case Outcome.UNCONFIRMED:
            return _message_content(Glyph.SENT, said, note, READ_MS, tail=place)
        case Outcome.REFUSED if note:
            why, _, then = note.partition(". ")
            return _message_content(Glyph.ALERT, f"{why.rstrip('.')}.", then, FAILED_MS)
        case Outcome.REFUSED | Outcome.FAILED:
            return _message_content(Glyph.ALERT, said, note, FAILED_MS)
        case Outcome.CANCELLED:
            if not kept:
                return _message_content(
                    Glyph.CROSS, wording.translate("pill", "Cancelled. Nothing was kept."), "", READ_MS
                )
            offer = PillAction.UNDO if PillAction.UNDO in actions else None
            return _message_content(Glyph.CROSS, said, "", READ_MS if offer else GLANCE_MS, offer)
        case Outcome.RECOVERED:
            return _message_content(Glyph.TICK, said, note, FAILED_MS if note else READ_MS)
        case Outcome.SILENT:
            return _message_content(Glyph.PAUSE, note or said, "", READ_MS if note else GLANCE_MS)
        case _:
            assert_never(outcome)


def _failed_content(problem: UserError, actions: Collection[PillAction]) -> PillContent:
    offer = (
        PillAction.RETRY
        if isinstance(problem, RecognizerError | ServiceError) and PillAction.RETRY in actions
        else None
    )
    return _message_content(Glyph.ALERT, problem.title, problem.remedy, FAILED_MS, offer)


def _message_content(
    glyph: Glyph, said: str, note: str, hold_ms: int | None, offer: PillAction | None = None, tail: str = ""
) -> PillContent:
    said, note = translate_message(said), translate_message(note)
    said, detail = (note, "") if said.rstrip(".。") in note else (said, note)
    spoken = f"{said} {detail}".strip()
    return PillContent(
        glyph, said, detail=detail, tail=tail, action=offer, display_ms=hold_ms, is_message=True, announcement=spoken
    )


def _split_transcript(heard: Transcript) -> tuple[str, str]:
    text = heard.text.replace("\n", " ")
    start = max(0, len(text) - _TAIL_CHARS)
    settled = max(start, heard.stable_length)
    said, guessed = text[start:settled].lstrip(), text[settled:].rstrip()
    return said, guessed if said else guessed.lstrip()


def last_line(text: str) -> str:
    """Return the end of `text` on one line."""
    return " ".join(text[-_TAIL_CHARS:].split())


def _tail_text(engine: str, locked: bool, left_s: int | None, style: str) -> str:
    if left_s is not None:
        return f"{left_s // 60}:{left_s % 60:02d}"
    if locked:
        return wording.translate("pill", "Tap to finish")
    return style or engine


def _target_text(into: str) -> str:
    return f"→ {into}" if into else ""


def _engine_text(health: Health) -> str:
    return engine_name(health.engine_name, health.model)


def _engine_and_language(health: Health, heard: Transcript) -> str:
    """Return the engine, and the language once it is known."""
    language = wording.language_names((heard.language,)) if heard.language else ""
    return " · ".join(filter(None, (_engine_text(health), language)))


def _waiting_text(health: Health) -> str:
    return wording.progress_text(health.progress) if health.progress else wording.translate("pill", "Working")
