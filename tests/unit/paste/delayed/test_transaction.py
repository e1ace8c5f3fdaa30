"""The transaction of Windows and macOS, on a desk with a clock of its own: what the clipboard holds, who reads, and
what the user reads."""

from __future__ import annotations

import pytest

from desktop.core.messages import Message
from desktop.core.types import Outcome, PasteResult, Target
from desktop.paste.apps import PasteRules
from desktop.paste.delayed.desktop import HELD_KEY_TIMEOUT_S
from desktop.paste.delayed.pending_text import MAX_RENEWALS, ReaderKind
from desktop.paste.outcome import QUIET_S, READ_TIMEOUT_S
from desktop.paste.request import (
    REMOTE_UNPROVEN,
    RETURN_NOT_PRESSED,
    PasteOptions,
    PasteRequest,
    leave_on_clipboard,
)
from desktop.paste.undo import NOTHING_TO_UNDO, REMOVED_NOT_REPLACED, TEXT_CHANGED, UndoRequest
from tests.support.fake_desk import CONTROL, EDITOR, OTHER, SHIFT, FakeDesk, Typist, V


@pytest.mark.parametrize("after_s", [0.0, 0.05, 3.0])
def test_paste_text_once_and_clipboard_restored(after_s: float) -> None:
    typist = Typist(FakeDesk())
    typist.reads(after_s)
    typist.paste("one")
    assert typist.taken == ["one"]
    assert typist.ends == [PasteResult(Outcome.INSERTED)]
    assert typist.desk.clipboard == "before"
    assert typist.sent == 1
    assert typist.desk.pressed == typist.expected == [(CONTROL, V)]
    assert typist.desk.now() == pytest.approx(1000 + after_s + QUIET_S)


def test_what_nobody_reads_stays_on_the_clipboard() -> None:
    typist = Typist(FakeDesk())
    typist.paste("one")
    assert typist.ends == [
        PasteResult(Outcome.COPIED, (Message("text-not-taken-copied", name="Editor", shortcut="Ctrl+V"),))
    ]
    assert typist.desk.clipboard == "one"
    assert typist.desk.now() == pytest.approx(1000 + READ_TIMEOUT_S)


def test_paste_two_texts_joined_clipboard_restored() -> None:
    typist = Typist(FakeDesk())
    typist.reads(0.1)
    typist.paste("One.", "Two.")
    assert typist.taken == ["One.", " Two."]
    assert typist.desk.clipboard == "before"


@pytest.mark.parametrize("app", ["chrome", "Slack"])
def test_paste_browser_keeps_the_offer_for_its_second_read(app: str) -> None:
    browser = Target(9, app, "", 99)
    typist = Typist(FakeDesk(focus=browser))
    typist.reads(0.01)
    typist.desk.after(1.5, lambda: typist.taken.append(typist.desk.read(ReaderKind.TARGET)))
    typist.paste("one", target=browser)
    assert typist.taken == ["one", "one"]
    assert typist.ends == [PasteResult(Outcome.INSERTED)]


def test_paste_clipboard_history_first_still_inserted() -> None:
    typist = Typist(FakeDesk(greed=2))
    typist.reads(0.5)
    typist.paste("one")
    assert typist.taken == ["one"]
    assert typist.ends == [PasteResult(Outcome.INSERTED)]


def test_paste_read_by_unnamed_in_front_is_inserted() -> None:
    typist = Typist(FakeDesk())
    typist.desk.on_press = lambda: typist.desk.after(
        0.05, lambda: typist.taken.append(typist.desk.read(ReaderKind.UNNAMED_IN_FRONT))
    )
    typist.paste("one")
    assert (typist.taken, typist.ends) == (["one"], [PasteResult(Outcome.INSERTED)])
    assert typist.desk.now() == pytest.approx(1000 + 0.05 + QUIET_S)


@pytest.mark.parametrize("lag_s", [0.001, 0.05, 0.15])
def test_paste_unnamed_history_after_the_chord_is_no_receipt(lag_s: float) -> None:
    typist = Typist(FakeDesk(greed=8, history=ReaderKind.UNNAMED_IN_FRONT, lag_s=lag_s))
    typist.paste("one")
    assert [end.outcome for end in typist.ends] == [Outcome.UNCONFIRMED]
    assert typist.ends[0].notes == (Message("text-read-by-other"),)
    assert typist.desk.now() == pytest.approx(1000 + READ_TIMEOUT_S), "a slow target still finds the text"


def test_paste_remembers_an_unnamed_history_until_it_is_gone() -> None:
    desk = FakeDesk(greed=2, history=ReaderKind.UNNAMED_IN_FRONT)
    typist = Typist(desk)
    reads = iter((False, True, True))
    desk.on_press = lambda: (
        desk.after(0.05, lambda: desk.read(ReaderKind.UNNAMED_IN_FRONT) and None) if next(reads) else None
    )
    typist.paste("one", "two", "three")
    assert [end.outcome for end in typist.ends] == [Outcome.UNCONFIRMED, Outcome.UNCONFIRMED, Outcome.INSERTED]


def test_paste_unnamed_history_is_no_receipt() -> None:
    manner = PasteOptions(PasteRules({"Editor": {"delay_ms": 100}}))
    typist = Typist(FakeDesk(greed=2, history=ReaderKind.UNNAMED_IN_FRONT), manner)
    typist.paste("one")
    assert [end.outcome for end in typist.ends] == [Outcome.UNCONFIRMED]


def test_paste_greedy_clipboard_history_is_unconfirmed() -> None:
    typist = Typist(FakeDesk(greed=MAX_RENEWALS + 1))
    typist.reads(0.5)
    typist.paste("one")
    assert [end.outcome for end in typist.ends] == [Outcome.UNCONFIRMED]
    assert typist.ends[0].notes == (Message("text-read-by-other"),)
    assert typist.desk.clipboard == "before"


def test_a_clipboard_that_another_took_is_left_to_it() -> None:
    typist = Typist(FakeDesk())
    typist.desk.on_press = lambda: typist.desk.after(0.1, lambda: typist.desk.take("theirs"))
    typist.paste("one")
    assert [end.outcome for end in typist.ends] == [Outcome.UNCONFIRMED]
    assert typist.desk.clipboard == "theirs"


@pytest.mark.parametrize(
    ("desk", "target", "why"),
    [
        (FakeDesk(focus=OTHER), EDITOR, "window-changed"),
        (FakeDesk(), Target(), "window-missing"),
        (FakeDesk(down=frozenset((SHIFT,))), EDITOR, "key-held-down"),
        (FakeDesk(may_press=False), EDITOR, "keys-not-allowed"),
        (FakeDesk(elevated=True), EDITOR, "window-elevated"),
    ],
)
def test_paste_unsendable_text_left_on_clipboard(desk: FakeDesk, target: Target, why: str) -> None:
    typist = Typist(desk)
    typist.paste("one", target=target)
    assert typist.ends == [leave_on_clipboard("Ctrl+V", Message(why))]
    assert desk.clipboard == "one"
    assert desk.pressed == []
    assert typist.sent == 0


def test_paste_password_field_refused_nothing_copied() -> None:
    typist = Typist(FakeDesk(password=True))
    typist.paste("one")
    assert typist.ends == [PasteResult(Outcome.REFUSED, (Message("password-field-not-pasted"),))]
    assert typist.desk.clipboard == "before"
    assert typist.desk.pressed == []


def test_paste_window_checked_again_after_keys_are_up() -> None:
    typist = Typist(FakeDesk(down=frozenset((SHIFT,))))

    def later() -> None:
        typist.desk.down, typist.desk.focus = frozenset(), OTHER

    typist.desk.after(HELD_KEY_TIMEOUT_S / 2, later)
    typist.paste("one")
    assert [end.notes[0] for end in typist.ends] == [Message("window-changed")]


@pytest.mark.parametrize("answered_before", [0, 1, 2])
@pytest.mark.parametrize(
    ("change", "why"),
    [({"focus": OTHER}, "window-changed"), ({"down": frozenset((SHIFT,))}, "key-held-down")],
)
def test_paste_change_while_the_program_is_asked_stops_the_chord(
    change: dict[str, object], why: str, answered_before: int
) -> None:
    desk = FakeDesk()
    answers = iter(range(10))

    def answer_late() -> None:
        if next(answers) == answered_before:
            desk.wait(lambda: False, desk.now() + 0.5)
            vars(desk).update(change)

    desk.on_asked = answer_late
    typist = Typist(desk)
    if answered_before == 2:
        typist.reads(0.0)
        typist.paste("one", enter=True)
        assert desk.pressed == [(CONTROL, V)], "Return goes nowhere"
    else:
        typist.paste("one")
        assert typist.ends == [leave_on_clipboard("Ctrl+V", Message(why))]
        assert desk.pressed == []


def test_paste_field_that_changes_while_it_is_asked_is_asked_again() -> None:
    desk = FakeDesk()

    def change_field() -> None:
        desk.field_in_focus, desk.password = 1, desk.field_in_focus == 1

    desk.on_asked = change_field
    typist = Typist(desk)
    typist.paste("one")
    assert [end.outcome for end in typist.ends] == [Outcome.REFUSED]


def test_paste_field_that_changes_always_gets_nothing() -> None:
    desk = FakeDesk()
    desk.on_asked = lambda: setattr(desk, "field_in_focus", desk.field_in_focus + 1)
    typist = Typist(desk)
    typist.paste("one")
    assert typist.ends == [leave_on_clipboard("Ctrl+V", Message("window-changed"))]


def test_paste_waits_for_all_answers_of_its_program_no_longer_than_for_one() -> None:
    desk = FakeDesk(down=frozenset((SHIFT,)), answer_s=2.0)
    typist = Typist(desk)
    typist.reads(after_s=0.1)
    desk.after(3.0, lambda: setattr(desk, "down", frozenset()))
    typist.paste("one", "two")
    assert [end.outcome for end in typist.ends] == [Outcome.INSERTED] * 2
    assert desk.timeouts == [5.0, 3.0, 1.0, 5.0, 3.0], "asked when a key was held, when it was up, before the keys"


def test_paste_talk_key_in_chord_causes_no_delay() -> None:
    typist = Typist(FakeDesk(down=frozenset((CONTROL,))), talk_held=True)
    typist.reads(0.0)
    typist.paste("one")
    assert typist.ends == [PasteResult(Outcome.INSERTED)]
    assert typist.desk.now() == pytest.approx(1000 + QUIET_S)


def test_paste_terminal_one_line_return_after_proof() -> None:
    manner = PasteOptions(PasteRules({"WindowsTerminal": {"enter": True}}))
    terminal = Target(9, "WindowsTerminal", "", 99)
    typist = Typist(FakeDesk(focus=terminal), manner)
    typist.reads(0.0)
    typist.paste("one\ntwo\n", target=terminal)
    assert typist.taken == ["one two"]
    assert typist.desk.pressed == [(CONTROL, V), (13,)]

    unread = Typist(FakeDesk(focus=terminal), manner)
    unread.paste("one", target=terminal)
    assert unread.desk.pressed == [(CONTROL, V)]


def test_paste_enter_follows_proof() -> None:
    typist = Typist(FakeDesk())
    typist.reads(0.0)
    typist.paste("one", enter=True)
    assert typist.desk.pressed == typist.expected == [(CONTROL, V), (13,)]


def test_paste_enter_waits_for_talk_key_release() -> None:
    desk = FakeDesk(down=frozenset((CONTROL,)))
    typist = Typist(desk, talk_held=True)
    typist.reads(0.0)
    desk.after(1.0, lambda: setattr(desk, "down", frozenset()))
    typist.paste("one", enter=True)
    assert typist.ends == [PasteResult(Outcome.INSERTED)]
    assert desk.pressed == [(CONTROL, V), (13,)]
    assert desk.now() >= 1001


def test_that_return_was_not_pressed_is_said() -> None:
    held = Typist(FakeDesk(down=frozenset((CONTROL,))), talk_held=True)
    held.reads(0.0)
    held.paste("one", enter=True)
    assert held.ends == [PasteResult(Outcome.INSERTED, (Message("key-held-down"), RETURN_NOT_PRESSED))]
    assert held.desk.pressed == [(CONTROL, V)]

    hidden = Typist(FakeDesk())
    hidden.desk.on_press = lambda: hidden.desk.after(0.0, lambda: hidden.desk.read(ReaderKind.TARGET) and None)
    hidden.desk.after(0.1, lambda: setattr(hidden.desk, "password", True))
    hidden.paste("one", enter=True)
    assert hidden.ends == [PasteResult(Outcome.INSERTED, (RETURN_NOT_PRESSED,))], (
        "that something was pasted is no secret"
    )


@pytest.mark.parametrize(
    "app", ["mstsc", "msrdcw", "CDViewer", "wfica32", "vmware-view", "vmware-remotemks", "vmplayer"]
)
def test_paste_remote_desktop_early_read_not_claimed(app: str) -> None:
    remote = Target(9, app, "", 99)
    typist = Typist(FakeDesk(focus=remote))
    typist.desk.after(0.3, lambda: typist.desk.read(ReaderKind.TARGET) and None)
    typist.paste("one", target=remote)
    assert typist.ends == [PasteResult(Outcome.UNCONFIRMED, (REMOTE_UNPROVEN,))]
    assert typist.desk.now() == pytest.approx(1000 + 1.0 + QUIET_S)


def undo(typist: Typist, *texts: str) -> PasteResult:
    """Dictate "One." and take it back, or have it replaced by the other of `texts`."""
    typist.desk.on_press = lambda: typist.desk.after(0.05, lambda: type_text(typist))
    typist.promising.submit(PasteRequest("One.", EDITOR, lambda: None, typist.ends.append))
    return undo_last(typist, *texts)


def undo_last(typist: Typist, *texts: str) -> PasteResult:
    """Take back what was pasted last, or have it replaced by the other of `texts`."""
    ends: list[PasteResult] = []

    def answered(result: PasteResult) -> None:
        ends.append(result)
        typist.promising.close()

    typist.promising.submit(UndoRequest(texts, typist.desk.now(), lambda: None, answered))
    typist.promising.run()
    (end,) = ends
    return end


def type_text(typist: Typist) -> None:
    typist.desk.written += typist.desk.read(ReaderKind.TARGET)


def test_undo_removes_the_last_insertion() -> None:
    typist = Typist(FakeDesk(written="before "))
    assert undo(typist) == PasteResult(Outcome.CANCELLED)
    assert typist.desk.written == "before "


def test_undo_swaps_the_text_for_the_other() -> None:
    typist = Typist(FakeDesk(written="before "))
    assert undo(typist, "One.", "one") == PasteResult(Outcome.INSERTED)
    assert typist.desk.written == "before one"


def test_undo_of_changed_text_is_refused() -> None:
    typist = Typist(FakeDesk())
    typist.desk.after(0.1, lambda: setattr(typist.desk, "written", "One. And more"))
    assert undo(typist) == PasteResult(Outcome.REFUSED, (TEXT_CHANGED, Message("nothing-undone")))
    assert typist.desk.written == "One. And more"


def test_undo_in_password_field_is_refused() -> None:
    typist = Typist(FakeDesk())
    typist.desk.after(0.1, lambda: setattr(typist.desk, "password", True))
    assert undo(typist).notes == (Message("password-field-not-pasted"), Message("nothing-undone"))
    assert typist.desk.written == "One."


@pytest.mark.parametrize("obstacle", [{"password": True}, {"free": False}, {"elevated": True, "free": False}])
def test_swap_that_removed_and_cannot_replace_says_so(obstacle: dict[str, bool]) -> None:
    class Changing(FakeDesk):
        """A desk on which something comes up once the text was removed."""

        def remove_text(self, text: str, target: Target, text_after_cursor: str, replacement: str) -> Message | None:
            reason = super().remove_text(text, target, text_after_cursor, replacement)
            for name, value in obstacle.items():
                setattr(self, name, value)
            return reason

    typist = Typist(Changing(written="before "))
    result = undo(typist, "One.", "one")
    assert (result.outcome, result.notes[0]) == (Outcome.REMOVED, REMOVED_NOT_REPLACED)
    assert len(result.notes) > 1, "and why"
    assert typist.desk.written == "before "


def test_undo_without_insertion_is_refused() -> None:
    assert undo_last(Typist(FakeDesk())) == PasteResult(Outcome.REFUSED, (NOTHING_TO_UNDO, Message("nothing-undone")))


def test_at_the_end_what_is_lent_is_given_back() -> None:
    typist = Typist(FakeDesk())
    typist.desk.on_press = typist.promising.close
    typist.paste("one")
    assert [end.outcome for end in typist.ends] == [Outcome.UNCONFIRMED]
    assert typist.desk.clipboard == "before"
