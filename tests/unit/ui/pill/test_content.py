"""What the pill says in each state."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.core.errors import MicrophoneError, RecognizerError, ServiceError
from desktop.core.messages import Message, Notes
from desktop.core.state import (
    MESSAGE_DISPLAY_S,
    AppState,
    CallMuteOffered,
    Corrected,
    CorrectionChoice,
    CorrectionOffered,
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
    SettingsNotice,
    Starting,
    Transcribing,
)
from desktop.core.types import Outcome, Replacement, Transcript
from desktop.history.rows import reported_notes
from desktop.paste.request import RETURN_NOT_PRESSED, TAKEN_BEFORE_READ, WINDOW_UNKNOWN
from desktop.paste.undo import REMOVED_NOT_REPLACED
from desktop.ui import wording
from desktop.ui.pill.content import READ_MS, Glyph, PillAction, pill_content
from desktop.ui.pill.presenter import apply_style

UNPLUGGED = (Message("microphone-unplugged", device="USB Audio"),)
MAYBE_INSERTED = (Message("text-maybe-inserted"),)
REFUSAL = (Message("undo-text-changed"), Message("nothing-undone"))
IGNORED = Message("settings-partly-in-force", problem=Message("setting-unknown", key="histroy", hint=""))
WELL = Health(engine_loaded=True, engine_name="whisper", model="base")


def test_nothing_is_shown_while_nothing_is_said() -> None:
    assert pill_content(AppState(Idle(), WELL)) is None


@pytest.mark.parametrize(
    ("state", "glyph", "said"),
    [
        (Starting(), Glyph.RING, "Opening the microphone"),
        (Listening(), Glyph.BARS, "Listening"),
        (Listening(Transcript("So far")), Glyph.BARS, "So far"),
        (
            Listening(Transcript("So far"), problem=MicrophoneError("microphone-muted", device="USB Audio")),
            Glyph.ALERT,
            "USB Audio is muted.",
        ),
        (Transcribing(), Glyph.LINE, "Working"),
        (Polishing("so far"), Glyph.LINE, "so far"),
        (Pasting("So far."), Glyph.LINE, "So far."),
        (Done(Outcome.INSERTED, "So far."), Glyph.TICK, "So far."),
        (Done(Outcome.INSERTED), Glyph.TICK, "Inserted"),
        (Done(Outcome.COPIED), Glyph.CLIPBOARD, "Copied. Press Ctrl+V"),
        (Done(Outcome.UNCONFIRMED), Glyph.SENT, "Sent, not confirmed"),
        (Done(Outcome.REFUSED), Glyph.ALERT, "Nothing was pasted."),
        (
            Done(Outcome.REFUSED, notes=REFUSAL),
            Glyph.ALERT,
            "The text changed since.",
        ),
        (
            Done(Outcome.REMOVED, notes=(REMOVED_NOT_REPLACED, Message("clipboard-held"))),
            Glyph.ALERT,
            "The text was removed, and the other could not be put in its place.",
        ),
        (Done(Outcome.FAILED), Glyph.ALERT, "The text could not be pasted."),
        (Done(Outcome.CANCELLED), Glyph.CROSS, "Cancelled"),
        (Done(Outcome.RECOVERED), Glyph.TICK, "Recovered. It is in the history."),
        (
            Done(Outcome.RECOVERED, notes=MAYBE_INSERTED),
            Glyph.TICK,
            "Recovered. It is in the history.",
        ),
        (Done(Outcome.SILENT), Glyph.PAUSE, "Nothing was said."),
        (LanguageSwitched(("de",)), Glyph.RING, "German"),
        (LanguageSwitched(()), Glyph.RING, "Any language"),
        (LanguageSwitched(("layout",)), Glyph.RING, "Keyboard's layout"),
        (EmotionSwitched(is_on=False), Glyph.RING, "Expression: off"),
        (EmotionSwitched(is_on=True), Glyph.RING, "Expression: on"),
        (SettingsNotice(IGNORED), Glyph.ALERT, "Not everything in settings.toml is in force."),
        (Failed(MicrophoneError("microphone-not-found")), Glyph.ALERT, "No microphone was found."),
    ],
)
def test_every_state_has_its_picture_and_its_words(state, glyph: Glyph, said: str) -> None:
    worn = pill_content(AppState(state, WELL))
    assert worn is not None
    assert (worn.glyph, worn.settled + worn.tentative) == (glyph, said)
    assert (worn.display_ms or 0) <= MESSAGE_DISPLAY_S * 1_000


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_leaves_by_itself(outcome: Outcome) -> None:
    worn = pill_content(AppState(Done(outcome), WELL))
    assert worn is not None
    assert worn.display_ms is not None


def test_inserted_leaves_first_failure_stays_longest() -> None:
    holds = [
        pill_content(AppState(state)).display_ms  # type: ignore[union-attr]
        for state in (
            Done(Outcome.INSERTED),
            Done(Outcome.SILENT),
            Done(Outcome.COPIED),
            Failed(MicrophoneError("microphone-not-found")),
        )
    ]
    assert holds[0] == 700
    assert holds == sorted(holds)


def test_words_taken_out_are_said_long_enough_to_be_read() -> None:
    plain = pill_content(AppState(Done(Outcome.INSERTED, "At three."), WELL))
    worn = pill_content(AppState(Done(Outcome.INSERTED, "At three.", lacks_words=True), WELL))
    elsewhere = pill_content(AppState(Done(Outcome.INSERTED, "At three.", (), "Notes", lacks_words=True), WELL))
    assert plain is not None
    assert worn is not None
    assert elsewhere is not None
    assert (worn.settled, worn.tail, worn.display_ms) == ("At three.", "Words taken out", READ_MS)
    assert worn.announcement == "Inserted Words taken out"
    assert (plain.tail, elsewhere.tail) == ("", "Words taken out · → Notes")


def test_unknown_window_is_no_notice_after_each_dictation() -> None:
    inserted = pill_content(AppState(Done(Outcome.INSERTED, "Hello there."), WELL))
    sent = pill_content(AppState(Done(Outcome.UNCONFIRMED, "Hello there.", (WINDOW_UNKNOWN,)), WELL))
    assert inserted is not None
    assert sent == replace(inserted, glyph=Glyph.SENT, announcement="Sent, not confirmed")


@pytest.mark.parametrize("notes", [(TAKEN_BEFORE_READ,), (WINDOW_UNKNOWN, RETURN_NOT_PRESSED)])
def test_doubt_that_user_must_act_on_is_a_notice(notes: Notes) -> None:
    worn = pill_content(AppState(Done(Outcome.UNCONFIRMED, "Hello there.", notes), WELL))
    assert worn is not None
    assert (worn.glyph, worn.settled, worn.is_message) == (Glyph.SENT, "Sent, not confirmed", True)
    assert worn.detail


def test_settled_words_told_from_tentative() -> None:
    worn = pill_content(AppState(Listening(Transcript("Hello there my", stable_length=6)), WELL))
    assert worn is not None
    assert (worn.settled, worn.tentative) == ("Hello ", "there my")


def test_a_long_dictation_keeps_its_newest_words() -> None:
    text = "word " * 500 + "newest"
    worn = pill_content(AppState(Listening(Transcript(text, stable_length=len(text))), WELL))
    assert worn is not None
    assert worn.settled.endswith("newest")
    assert len(worn.settled) < 300


def test_style_and_reason_replace_engine() -> None:
    def tail(**state) -> str:
        return pill_content(AppState(Listening(**state), WELL)).tail  # type: ignore[union-attr]

    assert tail(style="casual", style_reason="Slack") == "Casual · Slack"
    assert tail(style="brief", style_reason="title *Invoice*") == "Brief · title *Invoice*"
    assert tail(style="", style_reason="Mousepad") == "Whisper base"
    assert tail(style="casual", style_reason="Slack", remaining_s=12) == "0:12"
    assert tail(style="casual", style_reason="Slack", is_locked=True) == "Tap to finish"


def test_between_paragraphs_it_shows_that_it_listens() -> None:
    listening = pill_content(AppState(Listening(is_locked=True, goes_on=True), WELL))
    assert listening is not None
    assert (listening.glyph, listening.tail) == (Glyph.BARS, "Hands free · tap to end")
    assert listening.announcement == "Listening, paragraph by paragraph. Tap the key to end"
    for notes in ((), (RETURN_NOT_PRESSED,)):
        done = Done(Outcome.INSERTED, "One.", notes, goes_on=True)
        shown, alone = pill_content(AppState(done, WELL)), pill_content(AppState(replace(done, goes_on=False), WELL))
        assert shown is not None
        assert alone is not None
        assert (shown.display_ms, shown.glyph) == (None, alone.glyph), "it stays until it is shown that it listens"
        assert alone.display_ms is not None


def test_another_language_is_said_for_a_moment() -> None:
    worn = pill_content(AppState(LanguageSwitched(("en", "de"))))
    assert worn is not None
    assert (worn.announcement, worn.display_ms) == ("English or German", 2_000)


def test_a_remedy_stands_beneath_its_problem() -> None:
    worn = pill_content(AppState(Failed(MicrophoneError("microphone-not-found"))))
    assert worn is not None
    assert (worn.settled, worn.detail) == (
        "No microphone was found.",
        "Connect one, or turn it on in the sound settings.",
    )
    assert worn.announcement == "No microphone was found. Connect one, or turn it on in the sound settings."


def test_screen_reader_hears_only_start_and_outcome() -> None:
    heard = Transcript("Hello there")
    states = (Starting(), Listening(heard), Transcribing(heard), Pasting("Hello."), Done(Outcome.INSERTED, "Hello."))
    assert [pill_content(AppState(state, WELL)).announcement for state in states] == [
        "",
        "Listening",
        "",
        "",
        "Inserted",
    ]  # type: ignore[union-attr]


@pytest.mark.parametrize("outcome", Outcome)
def test_a_screen_reader_hears_the_outcome_that_it_was(outcome: Outcome) -> None:
    worn = pill_content(AppState(Done(outcome, "Hello."), WELL))
    assert worn is not None
    assert worn.announcement == wording.outcome_text(outcome)


def test_inserted_note_shown_in_place_of_text() -> None:
    worn = pill_content(AppState(Done(Outcome.INSERTED, "So far.", UNPLUGGED)))
    plain = pill_content(AppState(Done(Outcome.INSERTED, "So far.")))
    assert worn is not None
    assert plain is not None
    assert (worn.settled, worn.detail, worn.is_message) == ("Inserted", "USB Audio was unplugged.", True)
    assert worn.announcement == "Inserted USB Audio was unplugged."
    assert (worn.display_ms or 0) > (plain.display_ms or 0)


def test_note_gives_reason_without_repetition() -> None:
    why, again = (
        pill_content(AppState(Done(Outcome.FAILED, notes=reported_notes(note))))
        for note in ("Another program holds the clipboard.", "The window was closed. The text could not be pasted.")
    )
    assert why is not None
    assert again is not None
    assert (why.settled, why.detail) == ("The text could not be pasted.", "Another program holds the clipboard.")
    assert (again.settled, again.detail) == ("The window was closed. The text could not be pasted.", "")


def test_a_refusal_begins_with_its_reason() -> None:
    worn = pill_content(AppState(Done(Outcome.REFUSED, notes=(Message("password-field-not-kept"),))))
    assert worn is not None
    assert (worn.settled, worn.detail) == ("This is a password field.", "Nothing was kept.")


def test_downloading_model_shown_while_words_wait() -> None:
    health = Health(progress=DownloadStatus("Whisper base", 62_000_000, 145_000_000))
    worn = pill_content(AppState(Transcribing(), health))
    assert worn is not None
    assert worn.tentative == "Whisper base is downloading: 62 of 145 MB."


def test_only_what_can_be_done_is_offered() -> None:
    states = (
        Done(Outcome.CANCELLED),
        Failed(RecognizerError("reported-message", title="The engine stopped.", advice="")),
        Failed(ServiceError("reported-message", title="OpenAI is down.", advice="")),
        Failed(MicrophoneError("microphone-not-found")),
    )
    offers = [pill_content(AppState(state)).action for state in states]  # type: ignore[union-attr]
    assert offers == [PillAction.UNDO, PillAction.RETRY, PillAction.RETRY, None]


def test_ignored_line_is_named_and_shown_on_a_click() -> None:
    worn = pill_content(AppState(SettingsNotice(IGNORED), WELL))
    assert worn is not None
    assert (worn.detail, worn.action) == ("There is no setting named histroy.", PillAction.SHOW_SETTINGS)
    assert worn.display_ms is not None


def test_correction_is_offered_to_be_learned() -> None:
    worn = pill_content(AppState(CorrectionOffered("get hub", "GitHub")))
    assert worn is not None
    assert (worn.settled, worn.action) == ("Learn GitHub for get hub?", PillAction.LEARN)
    assert worn.display_ms is not None
    worn = pill_content(AppState(CorrectionOffered("Bartlebie", "Bartlebie")))
    assert worn is not None
    assert (worn.settled, worn.action) == ("Leave Bartlebie as it is?", PillAction.LEARN)


def test_what_was_said_again_is_shown_with_what_it_replaced() -> None:
    worn = pill_content(AppState(Corrected("coo chair a", "Kucera")))
    assert worn is not None
    assert (worn.glyph, worn.settled, worn.detail, worn.action) == (Glyph.TICK, "coo chair a → Kucera", "", None)
    noted = pill_content(AppState(Corrected("a", "b", (Message("clipboard-contents-lost"),))))
    assert noted is not None
    assert noted.detail


def test_places_that_are_alike_are_numbered_with_their_words_around() -> None:
    text = "I sent the letter for coo chair a, and coo chair a will answer it tomorrow."
    choices = (Replacement(22, 33, "Kucera"), Replacement(39, 50, "Kucera"))
    worn = pill_content(AppState(CorrectionChoice(text, choices)))
    assert worn is not None
    assert worn.settled == "Which one? Hold the same key and say one, two or both."
    assert worn.detail == (
        "→ Kucera · 1: letter for [coo chair a], and coo · 2: chair a, and [coo chair a] will answer"
    )
    assert (worn.is_question, worn.action, worn.display_ms is None) == (True, None, False)
    assert apply_style(worn, "off") is worn


def test_words_and_borders_between_which_is_asked_are_shown() -> None:
    text = "bought in Marikish."
    choices = (Replacement(10, 18, "America"), Replacement(10, 18, "Marrakesh"))
    worn = pill_content(AppState(CorrectionChoice(text, choices)))
    assert worn is not None
    assert worn.settled == "Which one? Hold the same key and say its number."
    assert worn.detail == "1: Marikish → America · 2: Marikish → Marrakesh"


def test_words_for_places_that_are_alike_are_shown_at_each() -> None:
    choices = (Replacement(0, 3, "bee"), Replacement(0, 3, "be"), Replacement(11, 14, "bee"))
    worn = pill_content(AppState(CorrectionChoice("bea or not bea", choices)))
    assert worn is not None
    assert worn.detail == "1: [bea → bee] or not bea · 2: [bea → be] or not bea · 3: bea or not [bea → bee]"


def test_borders_of_one_place_are_shown_without_the_words_around() -> None:
    choices = (Replacement(10, 21, "Ljubljana"), Replacement(14, 21, "Ljubljana"))
    worn = pill_content(AppState(CorrectionChoice("A trip to the Yubiana again.", choices)))
    assert worn is not None
    assert worn.detail == "1: the Yubiana → Ljubljana · 2: Yubiana → Ljubljana"


def test_one_place_that_is_not_sure_is_replaced_on_a_click() -> None:
    worn = pill_content(AppState(CorrectionChoice("我把信寄给李思看。", (Replacement(5, 7, "李四"),))))
    assert worn is not None
    assert (worn.settled, worn.action) == ("Replace 李思 by 李四?", PillAction.REPLACE)


@pytest.mark.parametrize(
    "state",
    [
        Transcribing(new_target="Firefox"),
        Polishing("so", "Firefox"),
        Done(Outcome.INSERTED, "So.", new_target="Firefox"),
    ],
)
def test_window_other_than_at_press_is_named(state) -> None:
    shown = pill_content(AppState(state, WELL))
    assert shown is not None
    assert shown.tail == "→ Firefox"


@pytest.mark.parametrize(("left_s", "tail"), [(None, "Whisper base"), (30, "0:30"), (9, "0:09"), (0, "0:00")])
def test_longest_dictation_end_counted_down(left_s: int | None, tail: str) -> None:
    shown = pill_content(AppState(Listening(remaining_s=left_s), WELL))
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
        seen = pill_content(AppState(state, health))
        assert seen is not None
        tails.append(seen.tail)
    assert tails == ["Whisper base", "Whisper base · German", "Whisper base · German"]


@pytest.mark.parametrize("kept", [True, False])
def test_what_was_not_kept_cannot_be_taken_up_again(kept: bool) -> None:
    for state in (
        Done(Outcome.CANCELLED, has_recording=kept),
        Failed(RecognizerError("reported-message", title="It stopped.", advice=""), kept),
    ):
        worn = pill_content(AppState(state, WELL))
        assert worn is not None
        assert (worn.action is not None) is kept
    cancelled = pill_content(AppState(Done(Outcome.CANCELLED, has_recording=False), WELL))
    assert cancelled is not None
    assert cancelled.announcement == "Cancelled. Nothing was kept."


@pytest.mark.parametrize(
    ("programs", "state", "tail", "announcement"),
    [
        (("Zoom",), Listening(), "Muted in Zoom", "Listening · Muted in Zoom"),
        (("Zoom", "Firefox"), Listening(), "Muted in 2 programs", "Listening · Muted in 2 programs"),
        (("Zoom",), Listening(remaining_s=9), "0:09 · Muted in Zoom", None),
        (("Zoom",), Listening(is_locked=True), "Tap to finish · Muted in Zoom", None),
        ((), Listening(), "Whisper", "Listening"),
    ],
)
def test_where_the_user_is_muted_is_said(
    programs: tuple[str, ...], state: Listening, tail: str, announcement: str | None
) -> None:
    worn = pill_content(AppState(state, Health(engine_name="whisper", muted_in=programs)))
    assert worn is not None
    assert (worn.tail, worn.is_mute) == (tail, bool(programs))
    assert announcement in (None, worn.announcement)


def test_a_call_that_hears_is_said_in_place_of_the_words() -> None:
    worn = pill_content(AppState(Listening(), Health(is_mute_failing=True)))
    assert worn is not None
    assert (worn.glyph, worn.settled) == (Glyph.ALERT, "You are not muted: calls hear you.")
    assert pill_content(AppState(Idle(), Health(is_mute_failing=True))) is None


def test_muting_in_a_call_is_offered() -> None:
    worn = pill_content(AppState(CallMuteOffered("Zoom")))
    assert worn is not None
    assert (worn.settled, worn.action) == ("Mute you in Zoom while you dictate?", PillAction.MUTE_CALLS)


@pytest.mark.parametrize(
    ("listening", "tail"),
    [
        (Listening(languages=("de",)), "Whisper base · German"),
        (Listening(languages=("de", "fr", "it")), "Whisper base · de/fr/it"),
        (Listening(languages=("de",), style="casual", style_reason="Slack"), "Casual · Slack · German"),
        (Listening(languages=("de",), is_locked=True), "Tap to finish"),
        (Listening(style="casual", style_reason="Slack"), "Casual · Slack"),
        (Listening(), "Whisper base"),
    ],
)
def test_language_chosen_at_the_press_is_beside_the_words(listening: Listening, tail: str) -> None:
    content = pill_content(AppState(listening, Health(engine_name="whisper", model="base")))
    assert content is not None
    assert content.tail == tail
