"""Which texts go in by the input method, which by the paster below, and what is said of them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import Literal

import pytest

from desktop.core.interfaces import PasterCapability, UserActivity
from desktop.core.messages import Message, Notes
from desktop.core.types import FieldKind, InputField, Outcome, PasteResult, Target
from desktop.paste.apps import PasteRules
from desktop.paste.input_method.interface import EarlierReport, FieldLostError, FieldTraits, SurroundingText
from desktop.paste.input_method.paster import InputMethodPaster
from desktop.paste.input_method.route import CommitRoute
from desktop.paste.request import (
    COMMIT_CUT_OFF,
    COMMIT_UNPROVEN,
    COMMIT_UNSEEN,
    PASSWORD_FOCUSED,
    RETURN_NOT_PRESSED,
    USER_AWAY,
    USER_LEFT,
    PasteOptions,
)
from desktop.paste.session_paster import PasteFocus
from desktop.paste.text_fit import Insertion
from desktop.paste.x11.undo import INPUT_SINCE
from tests.support.input_method import FIRST, NOTHING, FakeField, FakeInputMethod, FakeSessionPaster

EDITOR = Target(7, "editor", "Letter")
TERMINAL = Target(8, "xterm")
UNKNOWN = Target(-1)
INSERTED = PasteResult(Outcome.INSERTED)
BELOW = PasteResult(Outcome.UNCONFIRMED)
BLIND = UserActivity(last_input_at=lambda until: min(monotonic(), until))
"""A session in which other keys than the talk key are not known, as the desktop's portal of keys says it."""


class Desk:
    """A window `target` with a `field`, and a paster for it."""

    def __init__(
        self,
        field: FakeField | None,
        target: Target = EDITOR,
        activity: UserActivity | None = None,
        below: PasterCapability = NOTHING,
        options: PasteOptions | None = None,
        is_input_known: bool = False,
    ) -> None:
        self.field = field or FakeField()
        self.method = FakeInputMethod(field)
        self.below = FakeSessionPaster(target, below)
        self.below.options = options or PasteOptions()
        self.below.is_input_known = is_input_known
        self.target = target
        self.sent_at: list[str] = []
        self.sent = asyncio.Event()
        self.paster = InputMethodPaster(
            self.below, CommitRoute(self.method, lambda app: app == "pinentry"), activity or UserActivity()
        )

    def on_sent(self) -> None:
        self.sent_at.append(self.field.text)
        self.sent.set()

    async def paste(self, text: str, enter: bool = False) -> PasteResult:
        return await self.paster.paste(text, self.target, self.on_sent, enter)


def paste(desk: Desk, text: str, enter: bool = False) -> PasteResult:
    return asyncio.run(desk.paste(text, enter))


def test_a_text_goes_into_the_field_and_is_proven() -> None:
    desk = Desk(FakeField.marked("Dear Bob, |"))
    assert paste(desk, "Thank you.") == INSERTED
    assert desk.field.text == "Dear Bob, Thank you."
    assert desk.sent_at == ["Dear Bob, Thank you."]
    assert desk.below.done == []
    assert desk.method.holders == 0


def test_the_input_method_is_asked_for_the_program() -> None:
    desk = Desk(FakeField.marked("|"), Target(7, "", "", 99999999))
    assert paste(desk, "One.") == INSERTED
    assert desk.method.programs == [99999999]


LEFT_TO_THE_PASTER_BELOW: dict[str, Callable[[Desk], None]] = {
    "own window": lambda desk: setattr(desk, "target", Target(7, "intone", "", os.getpid())),
    "no window": lambda desk: setattr(desk, "target", Target()),
    "no input method": lambda desk: setattr(desk.method, "is_available", False),
    "no field": lambda desk: setattr(desk.method, "field", None),
    "the connection is lost": lambda desk: setattr(desk.method, "breaks", "acquire"),
    "switched off": lambda desk: setattr(desk.below, "options", PasteOptions(input_method="off")),
    "a window of X": lambda desk: desk.below.x_windows.add(desk.target.handle),
    "another window": lambda desk: setattr(desk.below, "focus", PasteFocus(Target(9))),
    "the user's chord": lambda desk: setattr(
        desk.below, "options", PasteOptions(PasteRules({"Editor": {"chord": "shift+insert"}}))
    ),
    "the user's delay": lambda desk: setattr(
        desk.below, "options", PasteOptions(PasteRules({"editor": {"delay_ms": 5}}))
    ),
}


@pytest.mark.parametrize("reason", LEFT_TO_THE_PASTER_BELOW)
def test_the_paster_below_gets_the_text_untouched(reason: str) -> None:
    desk = Desk(FakeField.marked("before |"))
    LEFT_TO_THE_PASTER_BELOW[reason](desk)
    assert paste(desk, "One.", enter=True) == BELOW
    assert desk.below.done == ["paste One. and Return"]
    assert desk.field.done == []
    assert len(desk.sent_at) == 1


@pytest.mark.parametrize(("proves", "text"), [(True, "before "), (False, "before One.")])
def test_a_field_without_receipt_is_left_to_a_paster_below_that_has_one(proves: bool, text: str) -> None:
    desk = Desk(FakeField.marked("before |", is_terminal=True))
    desk.below.proves_insertions = proves
    assert paste(desk, "One.").outcome is Outcome.UNCONFIRMED
    assert desk.field.text == text
    assert desk.below.done == (["paste One."] if proves else [])


def test_a_remote_desktop_gets_the_clipboard() -> None:
    desk = Desk(FakeField.marked("|"), Target(7, "remmina"))
    assert paste(desk, "One.") == BELOW
    assert desk.method.programs == []


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        (FakeField.marked("|", is_password=True, is_private=True), FieldKind.PASSWORD),
        (FakeField.marked("|", is_private=True), FieldKind.PRIVATE),
        (FakeField.marked("|"), FieldKind.PLAIN),
        (None, None),
    ],
)
def test_the_target_has_what_the_input_method_knows_of_its_field(
    field: FakeField | None, kind: FieldKind | None
) -> None:
    target = asyncio.run(Desk(field).paster.find_target())
    assert target == replace(EDITOR, kind=kind)
    assert (target.is_password, target.is_private) == (kind is FieldKind.PASSWORD, kind is FieldKind.PRIVATE)


def test_the_input_method_is_asked_for_the_kind_of_field_alone() -> None:
    desk = Desk(FakeField.marked("|"))
    asyncio.run(desk.paster.find_target())
    assert paste(desk, "One.") == INSERTED
    assert desk.method.traits_only == [True, False]


def test_a_window_that_came_up_once_the_field_was_had_gets_nothing() -> None:
    desk = Desk(FakeField.marked("|"))
    desk.method.on_acquire = lambda: setattr(desk.below, "focus", PasteFocus(Target(9)))
    assert paste(desk, "One.") == BELOW
    assert desk.field.done == []


def test_a_field_that_becomes_one_for_passwords_gets_nothing() -> None:
    class Changing(FakeField):
        @property
        def surrounding(self) -> SurroundingText | None:
            self.traits = FieldTraits(is_password=True)
            return super().surrounding

    desk = Desk(Changing())
    desk.below.note_insertion(last := Insertion(EDITOR.handle, "Yes.", monotonic()))
    assert paste(desk, "One.", enter=True) == PASSWORD_FOCUSED
    assert (desk.field.done, desk.below.done, desk.sent_at) == ([], [], [])
    assert desk.below.focus.last_insertion is last


@pytest.mark.parametrize("is_password", [False, True])
def test_a_field_that_was_lost_before_anything_was_sent(is_password: bool) -> None:
    class Lost(FakeField):
        async def commit(self, text: str, on_sent: Callable[[], None] = lambda: None) -> SurroundingText | None:
            self.traits = FieldTraits(is_password=is_password)
            raise FieldLostError

    desk = Desk(Lost())
    assert paste(desk, "One.") == (PASSWORD_FOCUSED if is_password else BELOW)
    assert desk.below.done == ([] if is_password else ["paste One."])


@pytest.mark.parametrize(("change", "becomes"), [("", "One. Two."), ("late", "One.Two."), ("unproven", "One.Two.")])
def test_silence_says_that_nothing_changed_only_after_a_fresh_proof(
    change: str, becomes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dictate() -> str:
        desk = Desk(FakeField.marked("|"))
        desk.field.reports_changes = True
        desk.field.shows = lambda text: "One.\u200b" if change == "unproven" else text
        await desk.paste("One.")
        desk.field.shows = lambda text: text
        if change == "late":
            monkeypatch.setattr("desktop.paste.input_method.editor.MAX_SILENCE_S", 0.0)
        await desk.paste("Two.")
        return desk.field.text.replace("\u200b", "")

    assert asyncio.run(dictate()) == becomes


@pytest.mark.parametrize("is_input_known", [False, True])
def test_silence_is_joined_to_whether_or_not_input_is_known(is_input_known: bool) -> None:
    activity = UserActivity() if is_input_known else BLIND
    field = FakeField.marked("|")
    assert dictate_twice(field, PasteOptions(), "One.", "Two.", activity, is_input_known) == "One. Two."


class LateField(FakeField):
    """A field of a busy program: it says for so many looks what it held before, and then nothing, or how it is."""

    looks = 0
    reports_at_last = True

    @property
    def surrounding(self) -> SurroundingText | None:
        self.looks -= 1
        if self.looks >= 0:
            return FIRST
        return super().surrounding if self.reports_at_last else None


@pytest.mark.parametrize("is_input_known", [False, True])
def test_a_late_report_is_completed_by_what_was_inserted(is_input_known: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.paste.input_method.committer.RECEIPT_TIMEOUT_S", 0.01)

    async def dictate() -> str:
        activity = UserActivity() if is_input_known else BLIND
        desk = Desk(field := LateField(), activity=activity, is_input_known=is_input_known)
        field.looks = 1000
        assert (await desk.paste("One.")).outcome is Outcome.UNCONFIRMED
        field.looks = 3
        assert await desk.paste("Two.") == INSERTED
        return field.text

    assert asyncio.run(dictate()) == "One. Two."


def test_a_late_report_of_which_nothing_came_since_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.paste.input_method.committer.RECEIPT_TIMEOUT_S", 0.01)

    async def dictate() -> str:
        desk = Desk(field := LateField(), activity=BLIND)
        field.looks = 1000
        assert (await desk.paste("One.")).outcome is Outcome.UNCONFIRMED
        field.looks, field.reports_at_last = 0, False
        await desk.paste("Two.")
        return field.text

    assert asyncio.run(dictate()) == "One. Two."


def test_texts_in_a_terminal_are_not_joined_where_keys_are_unknown() -> None:
    async def dictate() -> str:
        desk = Desk(FakeField.marked("|", is_terminal=True), activity=BLIND)
        desk.field.reports = False
        await desk.paste("ls.")
        await desk.paste("pwd.")
        return desk.field.text

    assert asyncio.run(dictate()) == "ls.pwd."


@pytest.mark.parametrize(("seen", "becomes"), [("One.|", "One. Two."), ("|One.|", "One.Two."), ("Else|", "One.Two.")])
def test_silence_is_not_believed_once_another_text_was_reported(seen: str, becomes: str) -> None:
    async def dictate() -> str:
        desk = Desk(FakeField.marked("|"), activity=BLIND)
        desk.field.reports_changes = True
        await desk.paste("One.")
        field, desk.method.field = desk.method.field, FakeField.marked(seen)
        await desk.paster.find_target()
        desk.method.field = field
        await desk.paste("Two.")
        return desk.field.text

    assert asyncio.run(dictate()) == becomes


def test_silence_of_another_field_says_nothing() -> None:
    async def dictate() -> str:
        desk = Desk(FakeField.marked("|"), UNKNOWN, activity=BLIND)
        desk.field.reports_changes = True
        await desk.paste("One.")
        desk.method.focus += 1
        await desk.paste("Two.")
        return desk.field.text

    assert asyncio.run(dictate()) == "One.Two."


@pytest.mark.parametrize(("typed", "becomes"), [(False, "It is the end."), (True, "It is|The end.")])
def test_a_text_fits_what_was_reported_earlier_unless_keys_were_pressed_since(typed: bool, becomes: str) -> None:
    async def dictate() -> tuple[str, Outcome]:
        at = monotonic()
        activity = UserActivity(last_input_at=lambda until: at + 1 if typed else 0.0)
        desk = Desk(FakeField.marked("It is|"), activity=activity, is_input_known=True)
        desk.field.reports_changes = True
        desk.field.release()
        desk.field.earlier = EarlierReport(SurroundingText("It is", 5, 5), at)
        result = await desk.paste("The end.")
        return desk.field.text, result.outcome

    text, outcome = asyncio.run(dictate())
    assert text == becomes.replace("|", "")
    assert outcome is Outcome.INSERTED


def test_the_choice_is_applied_at_the_start_and_when_it_changes() -> None:
    async def run() -> list[str]:
        desk = Desk(None, options=PasteOptions(input_method="always"))
        desk.paster.start(asyncio.get_running_loop())
        desk.paster.options = PasteOptions(input_method="off")
        desk.paster.options = PasteOptions()
        desk.paster.close()
        return desk.method.choices

    assert asyncio.run(run()) == ["always", "off", "auto"]


@pytest.mark.parametrize("choice", ["auto", "always"])
def test_both_choices_put_texts_in(choice: Literal["auto", "always"]) -> None:
    assert paste(Desk(FakeField.marked("|"), options=PasteOptions(input_method=choice)), "One.") == INSERTED


def test_the_input_method_is_not_asked_twice_for_a_target() -> None:
    desk = Desk(FakeField.marked("|", is_password=True))
    desk.below.asks_input_method = True
    assert asyncio.run(desk.paster.find_target()) == EDITOR
    assert desk.method.programs == []


def test_a_rule_without_keys_is_followed() -> None:
    desk = Desk(FakeField.marked("|"), options=PasteOptions(PasteRules({"editor": {"lines": "flatten"}})))
    assert paste(desk, "One.\nTwo.") == INSERTED
    assert desk.field.text == "One. Two."


@pytest.mark.parametrize(
    ("target", "is_terminal", "rules"),
    [(EDITOR, True, {}), (TERMINAL, False, {"xterm": {"lines": "bracketed"}}), (Target(7, "code"), False, {})],
)
def test_lines_for_a_shell_are_left_to_bracketed_paste(
    target: Target, is_terminal: bool, rules: dict[str, dict[str, str]]
) -> None:
    desk = Desk(FakeField.marked("|", is_terminal=is_terminal), target, options=PasteOptions(PasteRules(rules)))
    assert paste(desk, "echo one\necho two") == BELOW
    assert desk.field.done == []
    assert paste(desk, "echo one").outcome is not Outcome.REFUSED
    assert desk.field.text == "echo one"


@pytest.mark.parametrize("target", [EDITOR, TERMINAL])
def test_a_terminal_is_quietly_unconfirmed(target: Target) -> None:
    desk = Desk(FakeField.marked("|", is_terminal=target is EDITOR), target)
    desk.field.reports = False
    assert paste(desk, "ls") == PasteResult(Outcome.UNCONFIRMED)
    assert desk.field.text == "ls"


def test_lines_become_one_in_a_terminal_of_the_table() -> None:
    desk = Desk(FakeField.marked("|", is_terminal=True), TERMINAL)
    assert paste(desk, "one\ntwo\n") == PasteResult(Outcome.UNCONFIRMED)
    assert desk.field.text == "one two"


PASSWORDS: dict[str, Callable[[Desk], None]] = {
    "by its input method": lambda desk: setattr(desk.field, "traits", FakeField.marked("", is_password=True).traits),
    "at the release": lambda desk: setattr(desk, "target", replace(EDITOR, field=InputField(is_password=True))),
    "a prompt": lambda desk: setattr(desk, "target", replace(EDITOR, app="pinentry")),
}


@pytest.mark.parametrize("known", PASSWORDS)
def test_a_password_field_gets_nothing_and_the_clipboard_neither(known: str) -> None:
    desk = Desk(FakeField.marked("|"))
    PASSWORDS[known](desk)
    assert paste(desk, "One.") == PASSWORD_FOCUSED
    assert (desk.field.done, desk.below.done, desk.sent_at) == ([], [], [])


def test_a_prompt_that_came_up_in_an_unknown_window_gets_nothing() -> None:
    desk = Desk(FakeField.marked("|"), UNKNOWN)
    desk.below.focus = PasteFocus(Target(9, "pinentry"))
    assert paste(desk, "One.") == PASSWORD_FOCUSED
    assert desk.field.done == []


def test_an_unknown_window_gets_the_text_by_its_focused_field() -> None:
    desk = Desk(FakeField.marked("|"), UNKNOWN)
    assert paste(desk, "One.") == INSERTED
    for focused in (Target(4, "intone", "", os.getpid()), Target(5, "xclock"), Target(6, "remmina"), Target()):
        desk.below.focus, desk.below.x_windows = PasteFocus(focused), {5}
        assert paste(desk, "Two.") == BELOW
    assert desk.field.text == "One."


def test_nothing_goes_in_after_the_user_has_left() -> None:
    desk = Desk(FakeField.marked("|"), activity=UserActivity(last_left_at=monotonic))
    assert paste(desk, "One.") == USER_AWAY
    assert (desk.field.done, desk.below.done, desk.sent_at) == ([], [], [])


def test_texts_keep_their_order_behind_a_paste_below() -> None:
    async def dictate() -> list[PasteResult]:
        desk = Desk(FakeField.marked("|"))
        desk.below.answers.clear()
        desk.method.is_available = False
        first = asyncio.create_task(desk.paste("One."))
        await desk.sent.wait()
        desk.sent.clear()
        desk.method.is_available = True
        second = asyncio.create_task(desk.paste("Two."))
        await desk.sent.wait()
        desk.below.answers.set()
        results = [await first, await second, await desk.paste("Three.")]
        assert desk.below.done == ["paste One.", "paste Two."]
        assert desk.field.done == ["commit Three."]
        return results

    assert asyncio.run(dictate()) == [BELOW, BELOW, INSERTED]


def test_texts_keep_their_order_into_the_field() -> None:
    async def dictate() -> str:
        desk = Desk(FakeField.marked("|"))
        await asyncio.gather(*(desk.paste(f"{number}. ") for number in range(20)))
        assert desk.method.holders == 0
        return desk.field.text

    assert asyncio.run(dictate()) == "".join(f"{number}. " for number in range(20))


def test_a_program_that_reports_nothing_is_unconfirmed() -> None:
    desk = Desk(FakeField(reports=False))
    assert paste(desk, "One.") == PasteResult(Outcome.UNCONFIRMED, (COMMIT_UNSEEN,))
    assert desk.field.text == "One."


def test_a_text_that_is_reported_otherwise_is_unconfirmed() -> None:
    desk = Desk(FakeField.marked("|"))
    desk.field.shows = lambda text: text[:2]
    assert paste(desk, "One.") == PasteResult(Outcome.UNCONFIRMED, (COMMIT_UNPROVEN,))
    assert desk.below.done == []


@pytest.mark.parametrize("breaks", ["commit", "part"])
def test_a_lost_field_gets_no_second_text(breaks: str) -> None:
    desk = Desk(FakeField.marked("|"))
    desk.field.breaks = breaks
    assert paste(desk, "One.") == PasteResult(Outcome.UNCONFIRMED, (COMMIT_CUT_OFF,))
    assert desk.below.done == []
    assert len(desk.sent_at) == 1
    assert desk.below.focus.last_insertion is None


def test_what_was_proven_before_the_field_was_left_counts() -> None:
    desk = Desk(FakeField.marked("|"))
    desk.field.breaks, desk.method.breaks = "wait", "release"
    assert paste(desk, "One.") == INSERTED
    assert desk.below.done == []


def test_return_is_pressed_on_proof_alone() -> None:
    desk = Desk(FakeField.marked("|"))
    assert paste(desk, "One.", enter=True) == INSERTED
    assert desk.field.done == ["commit One.", "return"]
    desk = Desk(FakeField.marked("|"))
    desk.field.shows = lambda text: "?"
    assert paste(desk, "One.", enter=True).notes == (COMMIT_UNPROVEN, RETURN_NOT_PRESSED)
    assert "return" not in desk.field.done


@pytest.mark.parametrize("breaks", ["", "return"])
def test_a_return_that_cannot_be_pressed_is_said(breaks: str) -> None:
    desk = Desk(FakeField.marked("|"))
    desk.field.can_press, desk.field.breaks = False, breaks
    assert paste(desk, "One.", enter=True) == PasteResult(Outcome.INSERTED, (RETURN_NOT_PRESSED,))


@pytest.mark.parametrize("target", [EDITOR, TERMINAL])
def test_return_in_a_terminal_is_left_to_the_paster_below(target: Target) -> None:
    desk = Desk(FakeField.marked("|", is_terminal=target is EDITOR), target)
    assert paste(desk, "ls", enter=True) == BELOW
    assert desk.below.done == ["paste ls and Return"]


@pytest.mark.parametrize(("can_press", "notes"), [(True, ()), (False, (RETURN_NOT_PRESSED,))])
def test_return_is_a_key_where_the_toolkit_takes_none(can_press: bool, notes: Notes) -> None:
    desk = Desk(FakeField.marked("|"))
    desk.field.can_press, desk.below.can_press = False, can_press
    assert paste(desk, "One.", enter=True) == PasteResult(Outcome.INSERTED, notes)
    assert desk.below.done == ["return"]


@pytest.mark.parametrize(("reason", "field"), [(USER_LEFT, "last_left_at"), (INPUT_SINCE, "last_input_at")])
def test_return_is_not_pressed_after_something_else(reason: Message, field: str) -> None:
    desk = Desk(FakeField.marked("|"), is_input_known=True)
    now = {"last_left_at": UserActivity(last_left_at=lambda: monotonic() if desk.field.done else 0.0)}
    now["last_input_at"] = UserActivity(last_input_at=lambda until: monotonic() if desk.field.done else 0.0)
    paster = InputMethodPaster(desk.below, CommitRoute(desk.method, lambda app: False), now[field])
    result = asyncio.run(paster.paste("One.", EDITOR, desk.on_sent, enter=True))
    assert result == PasteResult(Outcome.INSERTED, (reason, RETURN_NOT_PRESSED))
    assert desk.field.done == ["commit One."]


def test_return_is_pressed_on_proof_where_no_input_is_known() -> None:
    desk = Desk(FakeField.marked("|"), activity=BLIND)
    assert paste(desk, "One.", enter=True) == INSERTED
    assert desk.field.done == ["commit One.", "return"]


def test_a_program_that_reports_late_is_proven() -> None:
    desk = Desk(FakeField(reports=False, reports_late=True))
    assert paste(desk, "One.", enter=True) == INSERTED
    assert desk.field.done == ["commit One.", "return"]


def test_what_was_sent_by_return_is_not_undone() -> None:
    desk = Desk(FakeField.marked("|"))
    assert paste(desk, "One.", enter=True) == INSERTED
    last = desk.below.focus.last_insertion
    assert last is not None
    assert (last.text, last.previous_text) == ("", "\n")


def test_a_rule_that_presses_return_does() -> None:
    desk = Desk(FakeField.marked("|"), options=PasteOptions(PasteRules({"editor": {"enter": True}})))
    assert paste(desk, "One.") == INSERTED
    assert desk.field.done == ["commit One.", "return"]


def test_a_private_field_is_named() -> None:
    assert paste(Desk(FakeField.marked("|", is_private=True)), "One.") == replace(INSERTED, is_private=True)


@pytest.mark.parametrize(
    ("field", "options", "becomes"),
    [
        ("It is |", PasteOptions(), "It is the end."),
        ("It is|", PasteOptions(), "It is the end."),
        ("Yes.|", PasteOptions(), "Yes. The end."),
        ("It |is| now", PasteOptions(), "It the end now"),
        ("It is|", PasteOptions(join="none"), "It isThe end."),
        ("It is|", PasteOptions(join="none", cursor=True), "It is the end."),
    ],
)
def test_a_text_fits_what_the_program_reports(field: str, options: PasteOptions, becomes: str) -> None:
    desk = Desk(FakeField.marked(field), options=options)
    assert paste(desk, "The end.") == INSERTED
    assert desk.field.text == becomes


@pytest.mark.parametrize(
    ("join", "is_input_known", "was_touched", "becomes"),
    [
        ("auto", True, False, "One. Two."),
        ("auto", True, True, "One.Two."),
        ("auto", False, False, "One.Two."),
        ("space", False, True, "One. Two."),
        ("none", True, False, "One.Two."),
    ],
)
def test_a_silent_program_is_joined_to_as_below(
    join: str, is_input_known: bool, was_touched: bool, becomes: str
) -> None:
    activity = UserActivity(last_input_at=lambda until: monotonic() if was_touched else 0.0)
    options = PasteOptions(join="space" if join == "space" else "none" if join == "none" else "auto")
    desk = Desk(FakeField(reports=False), activity=activity, options=options, is_input_known=is_input_known)

    async def dictate() -> None:
        await desk.paste("One.")
        await desk.paste("Two.")

    asyncio.run(dictate())
    assert desk.field.text == becomes


@pytest.mark.parametrize(
    ("field", "first", "then", "becomes"),
    [
        ("|", "One.", "Two.", "One. Two."),
        ("It|", "is", "The end.", "It is the end."),
        ("|", "日本", "日本。", "日本日本。"),
    ],
)
def test_texts_are_joined_where_only_changes_are_reported(field: str, first: str, then: str, becomes: str) -> None:
    assert dictate_twice(FakeField.marked(field), PasteOptions(), first, then) == becomes


@pytest.mark.parametrize(("join", "becomes"), [("none", "One.Two."), ("space", "One. Two.")])
def test_silence_of_a_field_changes_no_choice_of_the_user(join: Literal["none", "space"], becomes: str) -> None:
    assert dictate_twice(FakeField.marked("|"), PasteOptions(join=join), "One.", "Two.") == becomes


def dictate_twice(
    field: FakeField,
    options: PasteOptions,
    first: str,
    then: str,
    activity: UserActivity | None = None,
    is_input_known: bool = False,
) -> str:
    """Dictate into a field that reports changes alone; return what stands there."""

    async def dictate() -> str:
        desk = Desk(field, activity=activity, options=options, is_input_known=is_input_known)
        field.reports_changes = True
        assert await desk.paste(first) == INSERTED
        assert await desk.paste(then) == INSERTED
        assert desk.below.done == []
        return field.text

    return asyncio.run(dictate())


def test_a_text_after_an_undone_one_is_joined_too() -> None:
    async def dictate() -> Desk:
        desk = Desk(FakeField.marked("|"))
        desk.field.reports_changes = True
        for text in ("One.", "Oops."):
            assert await desk.paste(text) == INSERTED
        assert (await desk.paster.undo_paste((), desk.on_sent)).outcome is Outcome.CANCELLED
        assert await desk.paste("Two.") == INSERTED
        return desk

    assert asyncio.run(dictate()).field.text == "One. Two."


def test_what_a_terminal_reports_decides_nothing() -> None:
    desk = Desk(FakeField.marked("It is|", is_terminal=True))
    assert paste(desk, "The end.") == PasteResult(Outcome.UNCONFIRMED)
    assert desk.field.text == "It isThe end."


def test_a_report_that_lacks_the_last_insertion_decides_nothing() -> None:
    desk = Desk(FakeField.marked("It is|"), is_input_known=True)
    desk.below.note_insertion(Insertion(EDITOR.handle, "Yes.", monotonic()))
    assert paste(desk, "The end.") == INSERTED
    assert desk.field.text == "It is The end."


def test_the_paster_below_joins_to_what_was_committed() -> None:
    desk = Desk(FakeField.marked("It is|"))
    assert paste(desk, "The end.") == INSERTED
    last = desk.below.focus.last_insertion
    assert last == Insertion(7, " the end.", last.inserted_at if last else 0.0, "s", "The end.")


def test_text_with_the_cursor_within_goes_below() -> None:
    desk = Desk(FakeField.marked("|"), below=PasterCapability.PLACE_CURSOR)
    asyncio.run(desk.paster.paste_around("Dear ", "!", EDITOR, desk.on_sent))
    assert desk.below.done == ["paste Dear |!"]


def test_capabilities_grow_with_the_input_method() -> None:
    desk = Desk(None, below=PasterCapability.READ_CLIPBOARD)
    added = PasterCapability.UNDO | PasterCapability.EDIT_SELECTION | PasterCapability.LIVE_TEXT
    assert desk.paster.capabilities == PasterCapability.READ_CLIPBOARD | added
    desk.paster.options = PasteOptions(input_method="off")
    assert desk.paster.capabilities == PasterCapability.READ_CLIPBOARD
    desk.paster.options = PasteOptions()
    desk.method.is_available = False
    assert desk.paster.capabilities == PasterCapability.READ_CLIPBOARD


def test_its_use_is_told_when_it_changes() -> None:
    told: list[bool] = []
    desk = Desk(None)
    paster = InputMethodPaster(desk.below, CommitRoute(desk.method, lambda app: False), UserActivity(), told.append)
    asyncio.run(paster.find_target())
    asyncio.run(paster.find_target())
    assert told == [True]
    paster.options = PasteOptions(input_method="off")
    paster.options = PasteOptions()
    desk.method.is_available = False
    asyncio.run(paster.find_target())
    assert told == [True, False, True, False]


def test_its_use_is_told_as_it_comes_and_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> list[bool]:
        told: asyncio.Queue[bool] = asyncio.Queue()
        desk = Desk(None)
        paster = InputMethodPaster(
            desk.below, CommitRoute(desk.method, lambda app: False), UserActivity(), told.put_nowait
        )
        desk.method.is_available = False
        paster.start(asyncio.get_running_loop())
        desk.method.is_available = True
        seen = [await told.get()]
        desk.method.is_available = False
        return [*seen, await told.get()]

    monkeypatch.setattr("desktop.paste.input_method.paster.USE_CHECK_S", 0.001)
    assert asyncio.run(run()) == [True, False]


def test_the_clipboard_is_copied_early_only_where_it_may_be_needed() -> None:
    desk = Desk(None)
    route, options = CommitRoute(desk.method, lambda app: False), PasteOptions()
    assert not route.may_prefetch(EDITOR, options)
    assert route.may_prefetch(Target(7, "remmina"), options)
    assert route.may_prefetch(EDITOR, PasteOptions(input_method="off"))

    async def find_no_field() -> None:
        async with route.open_field(EDITOR) as context:
            assert context is None

    asyncio.run(find_no_field())
    assert route.may_prefetch(EDITOR, options)


@pytest.mark.parametrize(("target", "is_copied"), [(TERMINAL, True), (EDITOR, False)])
def test_the_clipboard_is_copied_early_for_a_terminal_that_the_paster_below_proves(
    target: Target, is_copied: bool
) -> None:
    desk = Desk(FakeField.marked("|", is_terminal=target is TERMINAL), target)
    desk.below.proves_insertions = True
    asyncio.run(desk.paster.find_target())
    assert desk.paster._route.may_prefetch(target, PasteOptions()) is is_copied


def test_it_starts_and_closes_both() -> None:
    async def run() -> Desk:
        desk = Desk(None)
        desk.paster.start(asyncio.get_running_loop())
        desk.paster.close()
        return desk

    desk = asyncio.run(run())
    assert desk.below.done == ["start", "close"]
    assert not desk.method.is_available


def test_the_clipboard_is_read_below() -> None:
    assert asyncio.run(Desk(None).paster.read_clipboard()) == "clipboard"


def test_an_insertion_that_was_not_seen_is_refused() -> None:
    desk = Desk(None)
    assert paste(desk, "One.") == BELOW
    result = asyncio.run(desk.paster.undo_paste((), lambda: None))
    assert result == PasteResult(Outcome.REFUSED, (Message("insertion-unseen"), Message("nothing-undone")))
