"""Decide what the pill shows in each state and for how long, without a widget; `desktop.ui.pill.window` draws it.

The time an outcome stays is decided here, not by the flow: it depends on how much there is to read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise
from typing import assert_never

from desktop.core.engine_names import engine_name
from desktop.core.errors import RecognizerError, ServiceError, UserError
from desktop.core.state import (
    MESSAGE_DISPLAY_S,
    AppState,
    CallMuteOffered,
    Corrected,
    CorrectionChoice,
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
    ReplacementNotice,
    SettingsNotice,
    Starting,
    Transcribing,
)
from desktop.core.text import is_unspaced
from desktop.core.types import Outcome, Replacement, Transcript
from desktop.paste.request import UNTOLD_NOTES
from desktop.ui import wording
from desktop.ui.i18n import message_text, remedy_text, title_text

INSERTED_MS = 700
GLANCE_MS = 2_000
READ_MS = 4_000
CHOICE_MS = 20_000
CONTEXT_CHARS, HAN_CONTEXT_CHARS = 14, 6
"""Characters on either side of a place that the user is asked about; fewer where they are Han."""

FAILED_MS = int(MESSAGE_DISPLAY_S * 1_000)

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
    MUTE_CALLS = auto()
    REPLACE = auto()
    SHOW_SETTINGS = auto()
    RESTART = auto()


@dataclass(frozen=True, slots=True)
class PillContent:
    """Content of the pill.

    `settled` and `tentative` are speech, one line whose end is always visible. With `is_message` the beginning of
    `settled` is visible and the rest wraps, followed by a quiet `detail`. `tail` is faint text at the right.
    `display_ms` is the time it is shown, None for as long as the state lasts. `announcement` is for screen readers.
    `changed_ranges` are (start, end) ranges of `settled` that polish changed. `is_removal`: `tail` says that it took
    words out. `is_mute`: `tail` says where the user is muted. `is_question`: the user is asked, and answers with the
    key.
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
    is_removal: bool = False
    is_mute: bool = False
    is_question: bool = False


def pill_content(app_state: AppState) -> PillContent | None:
    """Return the pill's content for `app_state`; None for no pill."""
    health = app_state.health
    match app_state.state:
        case Idle():
            return None
        case Starting():
            return PillContent(Glyph.RING, tentative=wording.translate("pill", "Opening the microphone"))
        case Listening(problem=UserError() as problem):
            return _message_content(Glyph.ALERT, title_text(problem), remedy_text(problem), None)
        case Listening() if health.is_mute_failing:
            title = wording.translate("pill", "You are not muted: calls hear you.")
            note = wording.translate("pill", "They were not muted this time. Mute yourself there.")
            return _message_content(Glyph.ALERT, title, note, None)
        case Listening(transcript, is_locked=is_locked, remaining_s=remaining_s, languages=languages) as spoken:
            settled, tentative = _split_transcript(transcript)
            listening = wording.translate("pill", "Listening")
            waiting = "" if settled or tentative else listening
            style, chosen = wording.style_text(spoken.style, spoken.style_reason), _chosen_languages(languages)
            engine = _join_facts(_engine_text(health), chosen) if chosen else _engine_and_language(health, transcript)
            mute = _mute_text(health.muted_in)
            hint = _end_hint(is_locked, spoken.goes_on, remaining_s)
            tail = _tail_text(engine, hint, _join_facts(style, chosen) if style else "", mute)
            announcement = _listening_announcement(listening, is_locked, spoken.goes_on, remaining_s)
            return PillContent(
                Glyph.BARS,
                settled,
                tentative or waiting,
                tail=tail,
                announcement=" · ".join(filter(None, (announcement, mute))),
                is_mute=bool(mute),
            )
        case Transcribing(transcript, target_name):
            settled, tentative = _split_transcript(transcript)
            waiting = "" if settled or tentative else _waiting_text(health)
            tail = _target_text(target_name) or _engine_and_language(health, transcript)
            return PillContent(Glyph.LINE, settled, tentative or waiting, tail=tail)
        case Polishing(text, target_name) | Pasting(text, target_name):
            return PillContent(Glyph.LINE, last_line(text), tail=_target_text(target_name) or _engine_text(health))
        case Done() as done:
            content = _done_content(done)
            return replace(content, display_ms=None, action=None) if done.goes_on else content
        case Failed(problem, has_recording):
            return _failed_content(problem, has_recording)
        case LanguageSwitched(languages):
            names = wording.language_names(languages)
            return PillContent(Glyph.RING, names, display_ms=GLANCE_MS, announcement=names)
        case EmotionSwitched(on):
            text = wording.translate("pill", "Expression: on") if on else wording.translate("pill", "Expression: off")
            return PillContent(Glyph.RING, text, display_ms=GLANCE_MS, announcement=text)
        case SettingsNotice(message):
            action = PillAction.SHOW_SETTINGS
            return _message_content(Glyph.ALERT, title_text(message), remedy_text(message), FAILED_MS, action)
        case ReplacementNotice(version):
            title = wording.translate("pill", "Intone {0} is installed.").format(version)
            note = wording.translate("pill", "It starts by itself once you have not dictated for a while.")
            return _message_content(Glyph.RING, title, note, FAILED_MS, PillAction.RESTART)
        case CorrectionOffered(heard, written):
            is_kept = heard == written
            question = (
                wording.translate("pill", "Leave {0} as it is?")
                if is_kept
                else wording.translate("pill", "Learn {0} for {1}?")
            ).format(written, heard)
            return _message_content(Glyph.RING, question, "", FAILED_MS, PillAction.LEARN)
        case CallMuteOffered(program):
            question = wording.translate("pill", "Mute you in {0} while you dictate?").format(program)
            note = wording.translate("pill", "It heard this dictation. The settings have it too: In a call.")
            return _message_content(Glyph.RING, question, note, FAILED_MS, PillAction.MUTE_CALLS)
        case Corrected(old, new, notes):
            replaced = wording.translate("words", "{0} → {1}").format(last_line(old), last_line(new))
            return _message_content(Glyph.TICK, replaced, message_text(notes), READ_MS)
        case CorrectionChoice(text, choices):
            return _choice_content(text, choices)
        case _:
            assert_never(app_state.state)


def _listening_announcement(listening: str, is_locked: bool, goes_on: bool, remaining_s: int | None) -> str:
    """Return the announcement while the user speaks: it changes only when its statement becomes true."""
    if remaining_s is not None:
        return wording.translate("pill", "Less than half a minute is left")
    if goes_on:
        return wording.translate("pill", "Listening, paragraph by paragraph. Tap the key to end")
    return wording.translate("pill", "Listening. Tap the key to finish") if is_locked else listening


def _choice_content(text: str, choices: tuple[Replacement, ...]) -> PillContent:
    """Return the question which of `choices` of `text` is meant, each with the words around it."""
    if len(choices) == 1:
        (only,) = choices
        question = wording.translate("pill", "Replace {0} by {1}?").format(text[only.start : only.end], only.written)
        detail = wording.translate("pill", "Hold the same key and say yes.")
        return _message_content(Glyph.RING, question, detail, CHOICE_MS, PillAction.REPLACE)
    has_borders = any(first.end > second.start for first, second in pairwise(choices))
    if has_borders:
        question = wording.translate("pill", "Which one? Hold the same key and say its number.")
    elif len(choices) == 2:
        question = wording.translate("pill", "Which one? Hold the same key and say one, two or both.")
    else:
        question = wording.translate("pill", "Which one? Hold the same key and say its number, or all.")
    shown = [_describe(text, choice) for choice in choices]
    common = ""
    if len(set(shown)) < len(shown):
        common = choices[0].written if len({choice.written for choice in choices}) == 1 else ""
        shown = [_context_of(text, choice, has_written=not common) for choice in choices]
    numbered = [f"{number}: {each}" for number, each in enumerate(shown, start=1)]
    detail = " · ".join([f"→ {common}", *numbered] if common else numbered)
    return replace(_message_content(Glyph.RING, question, detail, CHOICE_MS), is_question=True)


def _describe(text: str, choice: Replacement) -> str:
    """Return what a choice replaces in `text`, and by what."""
    return wording.translate("words", "{0} → {1}").format(text[choice.start : choice.end], choice.written)


def _context_of(text: str, choice: Replacement, *, has_written: bool) -> str:
    """Return the words around a place in `text`, which stands between brackets; with `has_written` with what it is
    replaced by."""
    around = HAN_CONTEXT_CHARS if is_unspaced(text[choice.start]) else CONTEXT_CHARS
    start, end = max(0, choice.start - around), choice.end + around
    before, after = text[start : choice.start], text[choice.end : end]
    before = before.partition(" ")[2] if start and " " in before[:-1] else before
    after = after.rpartition(" ")[0] if end < len(text) and " " in after[1:] else after
    place = _describe(text, choice) if has_written else text[choice.start : choice.end]
    return f"{before}[{place}]{after}".replace("\n", " ").strip()


def _done_content(done: Done) -> PillContent:
    outcome, notes = done.outcome, done.notes
    title, note = wording.outcome_text(outcome), message_text(notes)
    removal = wording.translate("pill", "Words taken out") if done.lacks_words else ""
    target = " · ".join(filter(None, (removal, _target_text(done.new_target))))
    match outcome:
        case Outcome.INSERTED if note:  # the text is visible in the window
            return _message_content(Glyph.TICK, title, note, READ_MS, tail=target, is_removal=done.lacks_words)
        case Outcome.UNCONFIRMED if notes not in UNTOLD_NOTES:
            return _message_content(Glyph.SENT, title, note, READ_MS, tail=target, is_removal=done.lacks_words)
        case Outcome.INSERTED | Outcome.UNCONFIRMED:  # where the desktop can never tell, the row explains the arrow
            return PillContent(
                Glyph.TICK if outcome is Outcome.INSERTED else Glyph.SENT,
                last_line(done.text) or title,
                tail=target,
                display_ms=READ_MS if target else INSERTED_MS,
                announcement=f"{title} {target}".strip(),
                is_removal=done.lacks_words,
            )
        case Outcome.COPIED:
            return _message_content(Glyph.CLIPBOARD, title, note, READ_MS, tail=removal)  # which no key brings back
        case Outcome.REFUSED | Outcome.REMOVED if notes:
            detail = wording.join_sentences(remedy_text(notes[0]), message_text(notes[1:]))
            return _message_content(Glyph.ALERT, title_text(notes[0]), detail, FAILED_MS)
        case Outcome.REFUSED | Outcome.REMOVED | Outcome.FAILED:
            return _message_content(Glyph.ALERT, title, note, FAILED_MS)
        case Outcome.CANCELLED:
            if not done.has_recording:
                return _message_content(
                    Glyph.CROSS, wording.translate("pill", "Cancelled. Nothing was kept."), "", READ_MS
                )
            return _message_content(Glyph.CROSS, title, "", READ_MS, PillAction.UNDO)
        case Outcome.RECOVERED:
            return _message_content(Glyph.TICK, title, note, FAILED_MS if note else READ_MS)
        case Outcome.SILENT:
            return _message_content(Glyph.PAUSE, note or title, "", READ_MS if note else GLANCE_MS)
        case _:
            assert_never(outcome)


def _failed_content(problem: UserError, has_recording: bool) -> PillContent:
    can_retry = has_recording and isinstance(problem, RecognizerError | ServiceError)
    action = PillAction.RETRY if can_retry else None
    return _message_content(Glyph.ALERT, title_text(problem), remedy_text(problem), FAILED_MS, action)


def _message_content(
    glyph: Glyph,
    title: str,
    note: str,
    display_ms: int | None,
    action: PillAction | None = None,
    tail: str = "",
    *,
    is_removal: bool = False,
) -> PillContent:
    """Return a message: `title` with `note` as its detail, or `note` alone where it says the same and more."""
    title, detail = (note, "") if title.rstrip(".。") in note else (title, note)
    return PillContent(
        glyph,
        title,
        detail=detail,
        tail=tail,
        action=action,
        display_ms=display_ms,
        is_message=True,
        announcement=" ".join(filter(None, (title, detail, tail))),
        is_removal=is_removal,
    )


def _split_transcript(transcript: Transcript) -> tuple[str, str]:
    """Return the settled and the tentative part of the transcript's end."""
    text = transcript.text.replace("\n", " ")
    start = max(0, len(text) - _TAIL_CHARS)
    border = max(start, transcript.stable_length)
    settled, tentative = text[start:border].lstrip(), text[border:].rstrip()
    return settled, tentative if settled else tentative.lstrip()


def last_line(text: str) -> str:
    """Return the end of `text` on one line."""
    return " ".join(text[-_TAIL_CHARS:].split())


def _end_hint(is_locked: bool, goes_on: bool, remaining_s: int | None) -> str:
    """Return what ends the recording, or when; empty while a key is held."""
    if remaining_s is not None:
        return f"{remaining_s // 60}:{remaining_s % 60:02d}"
    if goes_on:
        return wording.translate("pill", "Hands free · tap to end")
    return wording.translate("pill", "Tap to finish") if is_locked else ""


def _tail_text(engine: str, hint: str, style: str, mute: str) -> str:
    return " · ".join(filter(None, (hint, mute))) or style or engine


def _mute_text(programs: tuple[str, ...]) -> str:
    """Return where the user is muted for the dictation; empty for nowhere."""
    if len(programs) > 1:
        return wording.translate("pill", "Muted in {0} programs").format(len(programs))
    return wording.translate("pill", "Muted in {0}").format(*programs) if programs else ""


def _target_text(target_name: str) -> str:
    return f"→ {target_name}" if target_name else ""


def _engine_text(health: Health) -> str:
    return engine_name(health.engine_name, health.model)


def _engine_and_language(health: Health, transcript: Transcript) -> str:
    """Return the engine, and the language once it is known."""
    language = wording.language_names((transcript.language,)) if transcript.language else ""
    return _join_facts(_engine_text(health), language)


def _chosen_languages(codes: Sequence[str]) -> str:
    """Return the language that the layout or the application chose, of several the codes: names take too much room."""
    return "/".join(codes) if len(codes) != 1 else wording.language_names(codes)


def _join_facts(*facts: str) -> str:
    return " · ".join(filter(None, facts))


def _waiting_text(health: Health) -> str:
    return wording.progress_text(health.progress) if health.progress else wording.translate("pill", "Working")
