"""Format states, outcomes, keys and rows as text for the tray, tooltips and windows, without a widget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import reduce
from typing import assert_never

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from desktop.core.engine_names import engine_name
from desktop.core.errors import SettingsError, UserError
from desktop.core.keys import name_key, parse_binding
from desktop.core.messages import AND, OR
from desktop.core.state import (
    AppState,
    AvailableRelease,
    CallMuteOffered,
    Corrected,
    CorrectionChoice,
    CorrectionOffered,
    DictationState,
    Done,
    DownloadStatus,
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
from desktop.core.types import Outcome, RuleChange, SentData
from desktop.history.rows import HistoryRow, local_time
from desktop.settings.schema import LAYOUT
from desktop.ui.i18n import describe_setting, list_text, message_text, title_text
from desktop.ui.language_names import language_name

translate = QCoreApplication.translate

_MB = 1_000_000
_WEEK_DAYS = 7

MAX_REMOVALS_SHOWN = 5
"""Most removals of a dictation named among its facts; the difference to what was heard shows all."""


def key_name(key: str) -> str:
    """Return the name of a hotkey, or of several separated by commas: `ctrl_r,button8` is Right Ctrl or Back Button."""
    try:
        return list_text((message_text(parse_binding(binding).name) for binding in key.split(",")), OR)
    except SettingsError:
        return key


def talk_key_name(health: Health, keys: Sequence[str]) -> str:
    """Return the name of the talk key: the desktop's where that has chosen it, else that of the settings' `keys`."""
    return desktop_key_name(health.talk_key) or key_name(",".join(keys))


def swap_key_name(health: Health, keys: Sequence[str]) -> str:
    """Return the name of the key that swaps raw and polished text; empty if no key is known to do so."""
    if health.is_key_by_compositor:
        return ""
    return key_name(",".join(keys)) if health.swap_key is None and keys else desktop_key_name(health.swap_key or "")


def desktop_key_name(label: str) -> str:
    """Return what the desktop calls a key, or several; names in English, as of GNOME's, in the windows' language."""
    return list_text((message_text(name_key(key)) for key in label.split(str(OR))), OR)


def join_sentences(*sentences: str) -> str:
    """Join sentences, with a space between where the language has one."""
    parts = [*filter(None, sentences)]
    return reduce(translate("words", "{0} {1}").format, parts) if parts else ""


def language_names(codes: Sequence[str]) -> str:
    """Return the names of languages by Whisper's codes, of any for none: English or German. `LAYOUT` is among them as
    values of `recognizer.language`."""
    names = list_text((language_name(code) for code in codes if code != LAYOUT), OR)
    if LAYOUT in codes:
        by_layout = translate("words", "Keyboard's layout")
        return translate("words", "{0}, else {1}").format(by_layout, names) if names else by_layout
    return names or translate("words", "Any language")


def style_text(name: str, reason: str) -> str:
    """Return a style and what selected it: Casual · Slack. Empty without a style."""
    names = {
        "formal": translate("words", "Formal"),
        "casual": translate("words", "Casual"),
        "code": translate("words", "Code"),
        "terminal": translate("words", "Terminal"),
        "programming": translate("words", "Spoken code"),
        "prompt": translate("words", "Prompts to agents"),
        "notes": translate("words", "Notes"),
    }
    title = names.get(name, name[:1].upper() + name[1:])
    return " · ".join(filter(None, (title, reason))) if name else ""


def outgoing_text(hosts: Mapping[str, Sequence[str]]) -> str:
    """Return what leaves the machine, one sentence for each host."""
    if not hosts:
        return translate("words", "Nothing. Speech is recognized on this machine.")
    data_names = {
        "speech": translate("words", "what you say"),
        "text": translate("words", "the text"),
        "selected": translate("words", "what you select and ask to be edited"),
    }
    gets = translate("words", "{0} gets {1}.")
    return join_sentences(
        *(gets.format(host, list_text((data_names[kind] for kind in kinds), AND)) for host, kinds in hosts.items())
    )


def sent_text(sent: SentData) -> str:
    """Return what a host received of a dictation."""
    if sent.audio_bytes:
        size = f"{sent.audio_bytes / 1000:.0f} kB"
        text = translate("words", "{0} got {1} of sound").format(sent.host, size)
    else:
        text = translate("words", "{0} got {1} characters").format(sent.host, sent.characters)
    return f"{text} ({sent.cost_usd:.4f} $)" if sent.cost_usd else text


def progress_text(progress: DownloadStatus) -> str:
    """Return the progress of a download."""
    if not progress.total:
        return translate("words", "{0} is being fetched.").format(progress.item)
    return translate("words", "{0} is downloading: {1} of {2} MB.").format(
        progress.item, progress.done // _MB, -(-progress.total // _MB)
    )


def status_text(app_state: AppState, talk: str) -> str:
    """Return one sentence about the application's state; `talk` names the talk key."""
    match app_state.state:
        case Starting():
            return translate("words", "Opening the microphone")
        case Listening(problem=UserError() as problem):
            return title_text(problem)
        case Listening() | Done(goes_on=True):
            return translate("words", "Listening")
        case Transcribing() | Polishing() | Pasting():
            return translate("words", "Finishing the text")
        case Failed(problem):
            return title_text(problem)
        case CorrectionChoice():
            return translate("words", "Asking which place is meant")
        case (
            Idle()
            | Done()
            | LanguageSwitched()
            | EmotionSwitched()
            | SettingsNotice()
            | ReplacementNotice()
            | CorrectionOffered()
            | CallMuteOffered()
            | Corrected()
        ):
            return _idle_status(app_state.health, talk)
        case _:
            assert_never(app_state.state)


def _idle_status(health: Health, talk: str) -> str:
    if health.progress:
        return progress_text(health.progress)
    if health.problem:
        return title_text(health.problem)
    if health.paused:
        return translate("words", "The keys are paused.")
    if not health.is_ready:
        return translate("words", "Getting ready")
    return translate("words", "Ready. Hold {0} and speak.").format(talk_key_name(health, (talk,)))


def last_outcome_text(state: DictationState) -> str:
    """Return the outcome of the last dictation; empty without one, or while its problem is the status."""
    if not isinstance(state, Done) or (state.outcome is Outcome.SILENT and state.notes):  # they say what it was
        return ""
    return translate("words", "Last dictation: {0}").format(outcome_text(state.outcome))


def current_problem(app_state: AppState) -> UserError | None:
    """Return the problem that the user should know of now."""
    return app_state.state.problem if isinstance(app_state.state, Failed) else app_state.health.problem


def update_text(release: AvailableRelease | None) -> str:
    """Return that a newer version exists; empty when none is known."""
    return translate("words", "Intone {0} is there").format(release.version) if release is not None else ""


def replacement_text(version: str | None) -> str:
    """Return that another version was installed beneath this one; empty for none."""
    return translate("words", "Intone {0} is installed: restart").format(version) if version is not None else ""


def outcome_text(outcome: Outcome) -> str:
    """Return the outcome of a dictation in as few words as are true."""
    match outcome:
        case Outcome.INSERTED:
            return translate("words", "Inserted")
        case Outcome.UNCONFIRMED:
            return translate("words", "Sent, not confirmed")
        case Outcome.COPIED:
            return translate("words", "Copied. Press Ctrl+V")
        case Outcome.REFUSED:
            return translate("words", "Nothing was pasted.")
        case Outcome.FAILED:
            return translate("words", "The text could not be pasted.")
        case Outcome.CANCELLED:
            return translate("words", "Cancelled")
        case Outcome.REMOVED:
            return translate("words", "Removed")
        case Outcome.RECOVERED:
            return translate("words", "Recovered. It is in the history.")
        case Outcome.SILENT:
            return translate("words", "Nothing was said.")
        case _:
            assert_never(outcome)


def row_outcome_text(outcome: Outcome) -> str:
    """Return the outcome of a dictation in the history."""
    match outcome:
        case Outcome.COPIED:
            return translate("words", "Copied")
        case Outcome.REFUSED:
            return translate("words", "Not pasted")
        case Outcome.FAILED:
            return translate("words", "Failed")
        case Outcome.RECOVERED:
            return translate("words", "Recovered")
        case Outcome.SILENT:
            return translate("words", "Command")
        case Outcome.INSERTED | Outcome.UNCONFIRMED | Outcome.CANCELLED | Outcome.REMOVED:
            return outcome_text(outcome).rstrip(".")
        case _:
            assert_never(outcome)


def emotion_label(row: HistoryRow) -> str:
    """Return the emotion label of the dictation: `unsure` when undecided, empty when not detected."""
    if row.effective_emotion is None:
        return ""
    return "unsure" if row.effective_emotion.abstained else row.effective_emotion.label


def emotion_text(label: str) -> str:
    """Return a description of the sound, not of the user's feelings; `label` as from `emotion_label`."""
    texts = {
        "neutral": translate("words", "Sounded even"),
        "joy": translate("words", "Sounded joyful"),
        "sadness": translate("words", "Sounded sad"),
        "anger": translate("words", "Sounded angry"),
        "fear": translate("words", "Sounded fearful"),
        "surprise": translate("words", "Sounded surprised"),
        "disgust": translate("words", "Sounded disgusted"),
    }
    return texts.get(label, translate("words", "Not sure how it sounded"))


def day_heading(day: date, today: date) -> str:
    """Return a day as a heading: Today, Yesterday, a weekday of the last week, else the date."""
    ago = (today - day).days
    if ago == 0:
        return translate("words", "Today")
    if ago == 1:
        return translate("words", "Yesterday")
    qdate = QDate(day.year, day.month, day.day)
    if 0 < ago < _WEEK_DAYS:
        return QLocale().toString(qdate, "dddd")
    date_format = translate("words", "d MMMM") if day.year == today.year else translate("words", "d MMMM yyyy")
    return QLocale().toString(qdate, date_format)


def time_of_day(moment: datetime) -> str:
    """Return the local time of day."""
    return local_time(moment).strftime("%H:%M")


def duration_text(duration_s: float) -> str:
    """Return a duration as text."""
    minutes, rest = divmod(round(duration_s), 60)
    if minutes:
        return translate("words", "{0} min {1} s").format(minutes, rest)
    return translate("words", "{0} s").format(f"{duration_s:.1f}" if duration_s < 10 else rest)


def date_and_time(moment: datetime) -> str:
    """Return a day and time: Tuesday 24 November, 11:42."""
    local = local_time(moment)
    day = QLocale().toString(QDate(local.year, local.month, local.day), translate("words", "dddd d MMMM"))
    return translate("words", "{0}, {1}").format(day, time_of_day(moment))


def removal_text(change: RuleChange) -> str:
    """Return what a rule took out and how sure it was: Taken out: "at two, no wait" (Corrections, 97 % sure)."""
    rule = describe_setting("polish.without").choices.get(change.rule, change.rule)
    words = " ".join(_removed(change).split()).strip(" ,.;")
    if change.confidence is None:
        return translate("words", "Taken out: “{0}” ({1})").format(words, rule)
    return translate("words", "Taken out: “{0}” ({1}, {2} % sure)").format(words, rule, int(100 * change.confidence))


def _removed(change: RuleChange) -> str:
    """Return what stands before a change and not after it: a letter that only became a capital went nowhere."""
    left = len(change.before) - len(change.after)
    is_same_end = change.before[left:].casefold() == change.after.casefold()
    return change.before[:left] if left > 0 and is_same_end else change.before


def dictation_facts(row: HistoryRow) -> list[str]:
    """Return target, outcome and timing of a dictation, as far as known."""
    facts = [
        row.app,
        style_text(row.style, ""),
        row_outcome_text(row.delivery),
        translate("words", "{0} of speech").format(duration_text(row.duration_s)),
        engine_name(row.engine, row.model),
    ]
    if row.release_to_text_ms is not None:
        facts.append(translate("words", "text {0} ms after release").format(round(row.release_to_text_ms)))
    if row.edited is not None:
        facts.append(translate("words", "Corrected by you"))
    if mended := [change for change in row.changed if change.rule == "own_words"]:
        pairs = (translate("words", "{0} → {1}").format(change.before, change.after) for change in mended)
        facts.append(translate("words", "Your words: {0}").format(list_text(pairs)))
    removals = [change for change in row.changed if change.is_removal]
    facts += map(removal_text, removals[:MAX_REMOVALS_SHOWN])
    facts += [sent_text(part) for part in row.sent]
    facts.append(message_text(row.notes))
    return [fact for fact in facts if fact]
