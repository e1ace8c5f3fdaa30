"""Sentences and names."""

from __future__ import annotations

from datetime import UTC, date

import pytest
from PySide6.QtCore import QLocale

from desktop.core.errors import HotkeyError, RecognizerError
from desktop.core.state import AppState, DownloadStatus, Failed, Health, Listening, Transcribing
from desktop.core.types import Outcome
from desktop.settings.schema import LANGUAGES
from desktop.ui import wording
from tests.support.history_rows import WindowsTime


@pytest.mark.parametrize(
    ("health", "keys", "name"),
    [
        (Health(), ("f8",), "F8"),
        (Health(), (), ""),
        (Health(swap_key="Meta+F8"), ("f8",), "Meta+F8"),
        (Health(swap_key=""), ("f8",), ""),
        (Health(hotkey=HotkeyError("wayland-keys-sway")), ("f8",), ""),
    ],
)
def test_a_key_that_may_not_swap_is_not_named(health: Health, keys: tuple[str, ...], name: str) -> None:
    assert wording.swap_key_name(health, keys) == name


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (AppState(health=Health(engine_loaded=True)), "Ready. Hold Right Ctrl and speak."),
        (AppState(health=Health(engine_loaded=True, talk_key="Meta+F9")), "Ready. Hold Meta+F9 and speak."),
        (AppState(), "Getting ready"),
        (
            AppState(health=Health(progress=DownloadStatus("Whisper base", 62_000_000, 144_500_000))),
            "Whisper base is downloading: 62 of 145 MB.",
        ),
        (AppState(health=Health(progress=DownloadStatus("Whisper base"))), "Whisper base is being fetched."),
        (AppState(health=Health(hotkey=HotkeyError("key-taken", key="F9"))), "F9 is taken by another program."),
        (AppState(Listening()), "Listening"),
        (AppState(Transcribing()), "Finishing the text"),
        (
            AppState(Failed(RecognizerError("reported-message", title="The engine stopped.", advice="Try again."))),
            "The engine stopped.",
        ),
    ],
)
def test_one_sentence_says_how_the_app_is(shown: AppState, said: str) -> None:
    assert wording.status_text(shown, "ctrl_r") == said


@pytest.mark.parametrize(("day", "said"), [(24, "Today"), (23, "Yesterday"), (20, "Friday"), (17, "17 November")])
def test_days_are_named_as_people_name_them(qapp, day: int, said: str) -> None:
    assert wording.day_heading(date(2026, 11, day), date(2026, 11, 24)) == said


def test_another_year_is_named() -> None:
    assert wording.day_heading(date(2025, 11, 24), date(2026, 11, 24)) == "24 November 2025"


def test_unknown_key_named_as_written() -> None:
    assert [wording.key_name(key) for key in ("ctrl+alt+space", "nonsense")] == ["Ctrl+Alt+Space", "nonsense"]


def test_several_keys_are_named_together() -> None:
    assert wording.key_name("ctrl_r,button8") == "Right Ctrl or Back Button"


def test_language_unknown_to_qt_named_by_code() -> None:
    assert wording.language_names(("yue", "en", "xx")) == "Cantonese or English or xx"


@pytest.mark.parametrize("code", sorted(set(LANGUAGES) - {"jw"}))
def test_languages_are_named_as_qt_names_them(code: str) -> None:
    assert wording.language_names((code,)) == QLocale.languageToString(QLocale(code).language())


def test_javanese_is_named_by_whispers_code() -> None:
    assert wording.language_names(("jw",)) == "Javanese"


def test_no_two_outcomes_read_alike_in_the_history() -> None:
    assert len({wording.row_outcome_text(outcome) for outcome in Outcome}) == len(Outcome)


@pytest.mark.parametrize(("length_s", "said"), [(3.24, "3.2 s"), (45.2, "45 s"), (61, "1 min 1 s")])
def test_lengths_are_as_exact_as_they_are_short(length_s: float, said: str) -> None:
    assert wording.duration_text(length_s) == said


def test_time_that_is_none_here_is_shown_as_stored() -> None:
    moment = WindowsTime(1965, 5, 4, 12, 37, tzinfo=UTC)
    assert wording.time_of_day(moment) == "12:37"
    assert "12:37" in wording.date_and_time(moment)
