"""What of a face is seen in each style of the overlay, what a screen reader hears of it, and what polish changed."""

from __future__ import annotations

import pytest

from desktop.core.errors import MicrophoneError
from desktop.core.state import (
    AppState,
    DictationState,
    Done,
    Failed,
    Health,
    Idle,
    Listening,
    Pasting,
    Polishing,
    Starting,
    Transcribing,
)
from desktop.core.types import Outcome, Transcript
from desktop.paste.request import RETURN_NOT_PRESSED
from desktop.ui.pill.content import Glyph, PillContent
from desktop.ui.pill.presenter import PillPresenter, PillStyle, find_changed_ranges

HEALTH = Health(engine_name="whisper", model="base")
FAILED = Failed(MicrophoneError("microphone-not-found"))
SPEAKING = Listening(Transcript("hello there", stable_length=5))


class Reader:
    """A screen reader."""

    def __init__(self, style: PillStyle = "live") -> None:
        self.heard: list[str] = []
        self.swap_key = ""
        self.worn = PillPresenter(lambda face: self.heard.append(face.announcement), lambda health: self.swap_key)
        self.worn.style = style

    def draw(self, *states: DictationState) -> PillContent | None:
        seen = None
        for state in states:
            seen = self.worn.present(AppState(state, HEALTH))
        return seen


@pytest.mark.parametrize("style", ["live", "compact"])
def test_the_key_that_brings_words_back_is_named(style: PillStyle) -> None:
    reader, taken = Reader(style), Done(Outcome.INSERTED, "At three.", lacks_words=True)
    seen = reader.draw(taken)
    reader.swap_key = "F9"
    named, plain = reader.draw(Idle(), taken), reader.draw(Idle(), Done(Outcome.INSERTED, "At three."))
    assert [one and one.tail for one in (seen, named, plain)] == ["Words taken out", "Words taken out · F9", ""]


@pytest.mark.parametrize(
    ("outcome", "tail"), [(Outcome.INSERTED, "Words taken out · F9"), (Outcome.COPIED, "Words taken out")]
)
def test_words_taken_out_are_said_beside_a_note(outcome: Outcome, tail: str) -> None:
    reader = Reader()
    reader.swap_key = "F9"
    seen = reader.draw(Done(outcome, "At three.", (RETURN_NOT_PRESSED,), lacks_words=True))
    assert seen is not None
    assert seen.tail == tail
    assert reader.heard[-1].endswith("Words taken out")


@pytest.mark.parametrize(
    ("state", "glyph"),
    [
        (Starting(), Glyph.RING),
        (SPEAKING, Glyph.BARS),
        (Transcribing(Transcript("hello there")), Glyph.LINE),
        (Polishing("Hello there."), Glyph.LINE),
        (Done(Outcome.INSERTED, "Hello there."), Glyph.TICK),
    ],
)
def test_the_compact_one_has_its_glyph_and_no_word(state: DictationState, glyph: Glyph) -> None:
    seen = Reader("compact").draw(state)
    assert seen is not None
    assert (seen.glyph, seen.settled, seen.tentative, seen.tail) == (glyph, "", "", "")


def test_compact_shows_countdown_failure_and_cancel() -> None:
    counting = Reader("compact").draw(Listening(Transcript("hello"), remaining_s=9))
    assert counting is not None
    assert (counting.settled, counting.tail) == ("", "0:09")
    for state, says in ((FAILED, "No microphone was found."), (Done(Outcome.CANCELLED), "Cancelled")):
        seen = Reader("compact").draw(state)
        assert seen is not None
        assert seen.settled == says


@pytest.mark.parametrize("state", [Starting(), SPEAKING, Polishing("Hello"), Done(Outcome.INSERTED, "Hello")])
def test_off_shows_nothing_of_what_goes_well(state: DictationState) -> None:
    assert Reader("off").draw(state) is None


@pytest.mark.parametrize("state", [FAILED, Done(Outcome.COPIED), Done(Outcome.CANCELLED), Done(Outcome.FAILED)])
def test_switched_off_what_needs_a_person_is_seen(state: DictationState) -> None:
    assert Reader("off").draw(state) is not None


@pytest.mark.parametrize("style", ["live", "compact", "off"])
def test_screen_reader_hears_same_in_every_style(style: PillStyle) -> None:
    reader = Reader(style)
    reader.draw(Starting(), Listening(), SPEAKING, Transcribing(), Polishing(), Done(Outcome.INSERTED, "Hello"), Idle())
    assert reader.heard == ["Listening", "Inserted"]
    reader.draw(Listening(), FAILED)
    assert reader.heard[2:] == [
        "Listening",
        "No microphone was found. Connect one, or turn it on in the sound settings.",
    ]


def test_lock_and_little_time_announced_once_each() -> None:
    reader = Reader()
    reader.draw(Listening(), Listening(is_locked=True), Listening(is_locked=True, level=0.5))
    reader.draw(Listening(is_locked=True, remaining_s=30), Listening(is_locked=True, remaining_s=29))
    assert reader.heard == ["Listening", "Listening. Tap the key to finish", "Less than half a minute is left"]


@pytest.mark.parametrize(
    ("heard", "written", "marked"),
    [
        ("hello there", "Hello there.", []),
        ("um so lets meet at two", "So let's meet at two.", ["let's"]),
        ("we need three thousand", "We need 3,000", ["3,000"]),
        ("see you at noon", "See you at 12.", ["12"]),
        ("我们明天见", "我们明天见。", []),
        ("see you 😀 at noon", "See you 😀 at twelve", ["twelve"]),
        ("", "", []),
    ],
)
def test_words_changed_by_polish_marked_and_no_others(heard: str, written: str, marked: list[str]) -> None:
    assert [written[start:end] for start, end in find_changed_ranges(heard, written)] == marked


def test_they_are_marked_from_the_draft_to_the_end() -> None:
    """Of the words as they were heard in the end, not of the live ones, which may lag behind."""
    reader, text, raw_text = Reader(), "See you at 12.", "see you at noon"
    live = Transcript("see you")
    for state in (
        Polishing(text, raw_text=raw_text),
        Pasting(text, raw_text=raw_text),
        Done(Outcome.INSERTED, text, raw_text=raw_text),
    ):
        seen = reader.draw(Listening(live), Transcribing(live), state)
        assert seen is not None
        assert [seen.settled[start:end] for start, end in seen.changed_ranges] == ["12"]
