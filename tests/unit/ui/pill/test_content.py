"""What the pill says in each state."""

from __future__ import annotations

import pytest

from desktop.core.errors import MicrophoneProblem, RecognizerProblem, ServiceProblem
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
    Progress,
    Shown,
    Starting,
    Switched,
    Transcribing,
)
from desktop.core.types import Outcome, Transcript
from desktop.ui import wording as words
from desktop.ui.pill.content import Glyph, Offer, face

WELL = Health(engine_loaded=True, engine_name="whisper", model="base")


def test_nothing_is_shown_while_nothing_is_said() -> None:
    assert face(Shown(Idle(), WELL)) is None


@pytest.mark.parametrize(
    ("state", "glyph", "said"),
    [
        (Starting(), Glyph.RING, "Opening the microphone"),
        (Listening(), Glyph.BARS, "Listening"),
        (Listening(Transcript("So far")), Glyph.BARS, "So far"),
        (Listening(Transcript("So far"), trouble=MicrophoneProblem("It is muted.")), Glyph.ALERT, "It is muted."),
        (Transcribing(), Glyph.LINE, "Working"),
        (Polishing("so far"), Glyph.LINE, "so far"),
        (Pasting("So far."), Glyph.LINE, "So far."),
        (Done(Outcome.INSERTED, "So far."), Glyph.TICK, "So far."),
        (Done(Outcome.INSERTED), Glyph.TICK, "Inserted"),
        (Done(Outcome.COPIED), Glyph.CLIPBOARD, "Copied. Press Ctrl+V"),
        (Done(Outcome.UNCONFIRMED), Glyph.SENT, "Sent, not confirmed"),
        (Done(Outcome.REFUSED), Glyph.ALERT, "Nothing was pasted."),
        (Done(Outcome.REFUSED, note="It changed. Nothing was undone."), Glyph.ALERT, "It changed."),
        (Done(Outcome.FAILED), Glyph.ALERT, "The text could not be pasted."),
        (Done(Outcome.CANCELLED), Glyph.CROSS, "Cancelled"),
        (Done(Outcome.RECOVERED), Glyph.TICK, "Recovered. It is in the history."),
        (Done(Outcome.RECOVERED, note="It may be there."), Glyph.TICK, "Recovered. It is in the history."),
        (Done(Outcome.SILENT), Glyph.PAUSE, "Nothing was said."),
        (Switched(("de",)), Glyph.RING, "German"),
        (Switched(()), Glyph.RING, "Any language"),
        (Expression(on=False), Glyph.RING, "Expression: off"),
        (Expression(on=True), Glyph.RING, "Expression: on"),
        (Failed(MicrophoneProblem("No microphone was found.")), Glyph.ALERT, "No microphone was found."),
    ],
)
def test_every_state_has_its_picture_and_its_words(state, glyph: Glyph, said: str) -> None:
    worn = face(Shown(state, WELL))
    assert worn is not None
    assert (worn.glyph, worn.settled + worn.tentative) == (glyph, said)


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_leaves_by_itself(outcome: Outcome) -> None:
    worn = face(Shown(Done(outcome), WELL))
    assert worn is not None
    assert worn.hold_ms is not None


def test_inserted_leaves_first_failure_stays_longest() -> None:
    holds = [
        face(Shown(state)).hold_ms  # type: ignore[union-attr]
        for state in (Done(Outcome.INSERTED), Done(Outcome.SILENT), Done(Outcome.COPIED), Failed(MicrophoneProblem("")))
    ]
    assert holds[0] == 700
    assert holds == sorted(holds)


def test_settled_words_told_from_tentative() -> None:
    worn = face(Shown(Listening(Transcript("Hello there my", settled=6)), WELL))
    assert worn is not None
    assert (worn.settled, worn.tentative) == ("Hello ", "there my")


def test_a_long_dictation_keeps_its_newest_words() -> None:
    text = "word " * 500 + "newest"
    worn = face(Shown(Listening(Transcript(text, settled=len(text))), WELL))
    assert worn is not None
    assert worn.settled.endswith("newest")
    assert len(worn.settled) < 300


def test_style_and_reason_replace_engine() -> None:
    def tail(**state) -> str:
        return face(Shown(Listening(**state), WELL)).tail  # type: ignore[union-attr]

    assert tail(style="casual", why="Slack") == "Casual · Slack"
    assert tail(style="brief", why="title *Invoice*") == "Brief · title *Invoice*"
    assert tail(style="", why="Mousepad") == "Whisper base"
    assert tail(style="casual", why="Slack", left_s=12) == "0:12"
    assert tail(style="casual", why="Slack", locked=True) == "Tap to finish"


def test_another_language_is_said_for_a_moment() -> None:
    worn = face(Shown(Switched(("en", "de"))))
    assert worn is not None
    assert (worn.spoken, worn.hold_ms) == ("English or German", 2_000)


def test_a_remedy_stands_beneath_its_problem() -> None:
    worn = face(Shown(Failed(MicrophoneProblem("No microphone was found.", "Plug one in."))))
    assert worn is not None
    assert (worn.settled, worn.detail) == ("No microphone was found.", "Plug one in.")
    assert worn.spoken == "No microphone was found. Plug one in."


def test_screen_reader_hears_only_start_and_outcome() -> None:
    heard = Transcript("Hello there")
    states = (Starting(), Listening(heard), Transcribing(heard), Pasting("Hello."), Done(Outcome.INSERTED, "Hello."))
    assert [face(Shown(state, WELL)).spoken for state in states] == ["", "Listening", "", "", "Inserted"]  # type: ignore[union-attr]


@pytest.mark.parametrize("outcome", Outcome)
def test_a_screen_reader_hears_the_outcome_that_it_was(outcome: Outcome) -> None:
    worn = face(Shown(Done(outcome, "Hello."), WELL))
    assert worn is not None
    assert worn.spoken == words.outcome(outcome)


def test_inserted_note_shown_in_place_of_text() -> None:
    worn = face(Shown(Done(Outcome.INSERTED, "So far.", "USB Audio was unplugged.")))
    plain = face(Shown(Done(Outcome.INSERTED, "So far.")))
    assert worn is not None
    assert plain is not None
    assert (worn.settled, worn.detail, worn.message) == ("Inserted", "USB Audio was unplugged.", True)
    assert worn.spoken == "Inserted USB Audio was unplugged."
    assert (worn.hold_ms or 0) > (plain.hold_ms or 0)


def test_note_gives_reason_without_repetition() -> None:
    why, again = (
        face(Shown(Done(Outcome.FAILED, note=note)))
        for note in ("Another program holds the clipboard.", "The window was closed. The text could not be pasted.")
    )
    assert why is not None
    assert again is not None
    assert (why.settled, why.detail) == ("The text could not be pasted.", "Another program holds the clipboard.")
    assert (again.settled, again.detail) == ("The window was closed. The text could not be pasted.", "")


def test_a_refusal_begins_with_its_reason() -> None:
    worn = face(Shown(Done(Outcome.REFUSED, note="This is a password field. Nothing was kept.")))
    assert worn is not None
    assert (worn.settled, worn.detail) == ("This is a password field.", "Nothing was kept.")


def test_downloading_model_shown_while_words_wait() -> None:
    health = Health(progress=Progress("Whisper base", 62_000_000, 145_000_000))
    worn = face(Shown(Transcribing(), health))
    assert worn is not None
    assert worn.tentative == "Whisper base is downloading: 62 of 145 MB."


def test_only_what_can_be_done_is_offered() -> None:
    cancelled, failed = Shown(Done(Outcome.CANCELLED)), Shown(Failed(RecognizerProblem("The engine stopped.")))
    assert face(Shown(Failed(ServiceProblem("OpenAI is down."))), set(Offer)).offer is Offer.RETRY  # type: ignore[union-attr]
    deaf = Shown(Failed(MicrophoneProblem("No microphone was found.")))
    assert [face(shown).offer for shown in (cancelled, failed)] == [None, None]  # type: ignore[union-attr]
    offers = [face(shown, Offer).offer for shown in (cancelled, failed, deaf)]  # type: ignore[union-attr]
    assert offers == [Offer.UNDO, Offer.RETRY, None]


def test_correction_offered_where_learnable() -> None:
    asked = Shown(Learning("get hub", "GitHub"))
    assert face(asked) is None
    worn = face(asked, Offer)
    assert worn is not None
    assert (worn.settled, worn.offer) == ("Learn GitHub for get hub?", Offer.LEARN)
    assert worn.hold_ms is not None


@pytest.mark.parametrize(
    "state", [Transcribing(into="Firefox"), Polishing("so", "Firefox"), Done(Outcome.INSERTED, "So.", into="Firefox")]
)
def test_window_other_than_at_press_is_named(state) -> None:
    shown = face(Shown(state, WELL))
    assert shown is not None
    assert shown.tail == "→ Firefox"


@pytest.mark.parametrize(("left_s", "tail"), [(None, "Whisper base"), (30, "0:30"), (9, "0:09"), (0, "0:00")])
def test_longest_dictation_end_counted_down(left_s: int | None, tail: str) -> None:
    shown = face(Shown(Listening(left_s=left_s), WELL))
    assert shown is not None
    assert shown.tail == tail


def test_the_language_is_named_once_it_is_known() -> None:
    health = Health(engine_name="whisper", model="base")
    tails = []
    for state in (
        Listening(Transcript("hallo")),
        Listening(Transcript("hallo", language="de")),
        Transcribing(Transcript("hallo", language="de")),
    ):
        seen = face(Shown(state, health))
        assert seen is not None
        tails.append(seen.tail)
    assert tails == ["Whisper base", "Whisper base · German", "Whisper base · German"]


@pytest.mark.parametrize("kept", [True, False])
def test_what_was_not_kept_cannot_be_taken_up_again(kept: bool) -> None:
    for state in (Done(Outcome.CANCELLED, kept=kept), Failed(RecognizerProblem("It stopped."), kept)):
        worn = face(Shown(state, WELL), Offer)
        assert worn is not None
        assert (worn.offer is not None) is kept
    cancelled = face(Shown(Done(Outcome.CANCELLED, kept=False), WELL), Offer)
    assert cancelled is not None
    assert cancelled.spoken == "Cancelled. Nothing was kept."
