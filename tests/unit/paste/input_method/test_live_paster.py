"""Words that are shown while they are spoken, and the paste that takes their place, by the real paster."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from time import monotonic

import anyio
import pytest

from desktop.core.interfaces import UserActivity
from desktop.core.types import InputField, Outcome, PasteResult, Target
from desktop.paste.apps import PasteRules
from desktop.paste.input_method.editor import MAX_SILENCE_S
from desktop.paste.input_method.interface import FIELD_TIMEOUT_S, FieldLostError, InputContext, SurroundingText
from desktop.paste.input_method.paster import InputMethodPaster
from desktop.paste.input_method.route import CommitRoute
from desktop.paste.request import PasteOptions
from desktop.paste.session_paster import PasteFocus
from tests.support.composed_field import settle, until
from tests.support.input_method import FakeField, FakeInputMethod
from tests.support.input_method_desk import EDITOR, TERMINAL, Desk

pytestmark = pytest.mark.anyio


class ReportingField(FakeField):
    """The field of a program that reports its composition as text."""

    @property
    def surrounding(self) -> SurroundingText | None:
        text = f"{self.text[: self.cursor]}{self.composition}{self.text[self.cursor :]}"
        at = self.cursor + len(self.composition)
        return SurroundingText(text, at, at)

    async def show_composition(self, text: str) -> None:
        await super().show_composition(text)
        self._changed.set()


class ShownField(FakeField):
    """Remembers all that was composed."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.shown: list[str] = []

    async def show_composition(self, text: str) -> None:
        self.shown.append(text)
        await super().show_composition(text)


class SharedInputMethod(FakeInputMethod):
    """Gives a lost field to all while one has it, as IBus does; it is given back once `may_release` is set."""

    def __init__(self, field: FakeField) -> None:
        super().__init__(field)
        self.may_release = anyio.Event()

    @asynccontextmanager
    async def acquire(
        self, program: str | int, timeout_s: float = FIELD_TIMEOUT_S, *, traits_only: bool = False
    ) -> AsyncIterator[InputContext | None]:
        async with super().acquire(program) as context:
            is_lost = self.holders > 1 and self.field is not None and self.field.breaks == "wait"
            yield None if is_lost else context
            if not is_lost:
                with anyio.CancelScope(shield=True):
                    await self.may_release.wait()


class LateField(FakeField):
    """Reports what was committed once that is waited for, and counts those who wait."""

    late: SurroundingText | None = None
    watchers = most_watchers = 0

    @property
    def surrounding(self) -> SurroundingText | None:
        return self.late or super().surrounding

    async def commit(self, text: str, on_sent: Callable[[], None] = lambda: None) -> None:
        self.late = self.surrounding
        await super().commit(text, on_sent)

    async def wait_for_change(self) -> None:
        self.watchers += 1
        self.most_watchers = max(self.most_watchers, self.watchers)
        try:
            if self.late is None:
                await super().wait_for_change()
            for _ in range(10):
                await anyio.lowlevel.checkpoint()
            self.late = None
        finally:
            self.watchers -= 1


async def speak_and_paste(desk: Desk, words: str, shown: str, text: str) -> PasteResult:
    """Show `words` until they stand in the field as `shown`, then paste `text`."""
    async with desk.paster.open_composition(desk.target) as composition:
        composition.show(words)
        await until(lambda: desk.field.composition == shown)
        result = await desk.paste(text)
        assert desk.field.composition == ""
    assert desk.method.holders == 0
    return result


@pytest.mark.parametrize("kind", [FakeField, ReportingField])
async def test_text_takes_the_place_of_the_words(kind: type[FakeField]) -> None:
    desk = Desk(kind.marked("Dear Bob,|"))
    result = await speak_and_paste(desk, "And thank you", " and thank you", "And thank you.")
    assert result.outcome is Outcome.INSERTED
    assert desk.field.text == "Dear Bob, and thank you."
    assert desk.field.done == ["commit  and thank you."]
    assert desk.below.done == []


async def test_same_text_as_the_words_is_no_proof_where_they_are_reported() -> None:
    desk = Desk(ReportingField.marked("|"))
    assert (await speak_and_paste(desk, "Thank you.", "Thank you.", "Thank you.")).outcome is Outcome.UNCONFIRMED
    assert desk.field.text == "Thank you."


async def test_words_are_joined_to_what_stands_before_them_alone() -> None:
    desk = Desk(FakeField.marked("So | it goes"))
    async with desk.paster.open_composition(EDITOR) as composition:
        composition.show("that is how.")
        await until(lambda: desk.field.composition == "that is how.")


NOT_SHOWN: dict[str, Callable[[Desk], None]] = {
    "own window": lambda desk: setattr(desk, "target", Target(7, "intone", "", os.getpid())),
    "no input method": lambda desk: setattr(desk.method, "is_available", False),
    "switched off": lambda desk: setattr(desk.below, "options", PasteOptions(input_method="off")),
    "a window of X": lambda desk: desk.below.x_windows.add(desk.target.handle),
    "another window": lambda desk: setattr(desk.below, "focus", PasteFocus(Target(9))),
    "password field": lambda desk: setattr(desk, "target", Target(7, "editor", field=InputField(is_password=True))),
    "password prompt": lambda desk: setattr(desk, "target", Target(7, "pinentry")),
    "terminal": lambda desk: setattr(desk, "target", Target(7, TERMINAL.app)),
    "the user's chord": lambda desk: setattr(
        desk.below, "options", PasteOptions(PasteRules({"editor": {"chord": "shift+insert"}}))
    ),
}


@pytest.mark.parametrize("reason", NOT_SHOWN)
async def test_words_are_not_shown_where_the_text_is_not_committed(reason: str) -> None:
    desk = Desk(FakeField.marked("|"))
    NOT_SHOWN[reason](desk)
    async with desk.paster.open_composition(desk.target) as composition:
        composition.show("hello")
        for _ in range(30):
            await anyio.lowlevel.checkpoint()
    assert (desk.method.programs, desk.field.composition) == ([], "")


async def test_words_are_not_shown_in_a_window_that_came_up_once_the_field_was_had() -> None:
    desk = Desk(FakeField.marked("|"))
    desk.method.on_acquire = lambda: setattr(desk.below, "focus", PasteFocus(Target(9)))
    async with desk.paster.open_composition(EDITOR) as composition:
        composition.show("hello")
        await until(lambda: desk.method.programs == ["editor"])
        for _ in range(30):
            await anyio.lowlevel.checkpoint()
        assert (desk.field.composition, desk.method.holders) == ("", 0)


async def test_unknown_window_shows_the_words_in_the_focused_field() -> None:
    desk = Desk(FakeField.marked("|"), Target(-1))
    assert (await speak_and_paste(desk, "hello", "hello", "Hello.")).outcome is Outcome.INSERTED


async def test_unknown_window_that_is_a_terminal_after_all_shows_none() -> None:
    desk = Desk(FakeField.marked("|"), Target(-1))
    desk.below.focus = PasteFocus(Target(-1, TERMINAL.app))
    async with desk.paster.open_composition(Target(-1)) as composition:
        composition.show("hello")
        for _ in range(30):
            await anyio.lowlevel.checkpoint()
    assert desk.method.programs == []


async def test_words_are_gone_before_the_paster_below_pastes() -> None:
    desk = Desk(FakeField.marked("|"))
    async with desk.paster.open_composition(EDITOR) as composition:
        composition.show("hello")
        await until(lambda: desk.field.composition == "hello")
        desk.below.focus = PasteFocus(Target(9))
        seen: list[str] = []
        await desk.paster.paste("Hello.", EDITOR, lambda: seen.append(desk.field.composition))
    assert (desk.below.done, seen) == (["paste Hello."], [""])


async def test_words_are_gone_before_an_undo() -> None:
    desk = Desk(FakeField.marked("|"))
    await desk.paste("First.")
    composed: list[str] = []

    async def delete_before(count: int) -> None:
        composed.append(desk.field.composition)
        await FakeField.delete_before(desk.field, count)

    desk.field.delete_before = delete_before  # type: ignore[method-assign]
    async with desk.paster.open_composition(EDITOR) as composition:
        composition.show("hello")
        await until(lambda: "hello" in desk.field.composition)
        result = await desk.paster.undo_paste((), lambda: None)
    assert (result.outcome, desk.field.text, composed) == (Outcome.CANCELLED, "", [""])


async def test_words_of_the_next_dictation_come_back_after_a_paste_of_another_text() -> None:
    desk = Desk(FakeField.marked("|"))
    async with desk.paster.open_composition(EDITOR) as composition:
        composition.show("hello")
        await until(lambda: desk.field.composition == "hello")
        await desk.paste("Pasted again.")
        assert desk.field.composition == ""
        composition.show("hello there")
        await until(lambda: desk.field.composition == " hello there")
    assert desk.field.composition == ""


async def test_only_the_commit_waits_for_changes_meanwhile() -> None:
    desk = Desk(field := LateField.marked("|"))
    result = await speak_and_paste(desk, "hello", "hello", "Hello.")
    assert (result.outcome, field.most_watchers, field.watchers) == (Outcome.INSERTED, 1, 0)


async def test_text_goes_into_another_field_once_the_lost_one_is_given_back() -> None:
    desk = Desk(lost := FakeField.marked("|"))
    desk.method = SharedInputMethod(lost)
    paster = InputMethodPaster(desk.below, CommitRoute(desk.method, lambda app: False), UserActivity())
    results: list[PasteResult] = []

    async def paste() -> None:
        results.append(await paster.paste("Hello.", EDITOR, lambda: None))

    async with paster.open_composition(EDITOR) as composition:
        composition.show("hello")
        await until(lambda: lost.composition == "hello")
        lost.breaks = "wait"
        lost._changed.set()
        await until(lambda: lost.composition == "")
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(paste)
            await anyio.wait_all_tasks_blocked()
            assert desk.method.programs == ["editor"]
            desk.method.field = FakeField.marked("|")
            desk.method.may_release.set()
    assert results[0].outcome is Outcome.INSERTED
    assert (lost.text, desk.method.field.text) == ("", "Hello.")


async def test_words_after_our_last_text_are_shown_behind_a_space() -> None:
    desk = Desk(FakeField.marked("|"))
    await desk.paste("First.")
    desk.field.reports = False  # again only once the text is another, as IBus's library does
    async with desk.paster.open_composition(EDITOR) as composition:
        composition.show("Hello")
        await until(lambda: desk.field.composition == " Hello")


async def test_words_stay_longer_than_the_silence_of_a_program_counts() -> None:
    desk = Desk(field := ShownField.marked("|"))
    await desk.paste("First.")
    desk.field.reports = False
    async with desk.paster.open_composition(EDITOR) as composition:
        composition.show("Hello")
        await until(lambda: desk.field.composition == " Hello")
        desk.paster._editor.note_insertion(None)  # the program's silence says no more now
        composition.show("Hello there")
        await until(lambda: field.shown == [" Hello", " Hello there"])


@pytest.mark.parametrize("is_known", [True, False])
async def test_no_words_where_a_key_was_pressed_since_the_last_text(is_known: bool) -> None:
    pressed_at = [0.0]
    activity = UserActivity(last_input_at=lambda until: pressed_at[0])
    desk = Desk(FakeField.marked("|"), activity=activity, is_input_known=is_known)
    await desk.paste("First.")
    desk.field.reports = False  # the user may have selected the text
    pressed_at[0] = monotonic()
    async with desk.paster.open_composition(EDITOR) as composition:
        composition.show("hello")
        await until(lambda: desk.method.holders == 1)
        await settle()
        assert bool(desk.field.composition) != is_known


@pytest.mark.parametrize("is_known", [True, False])
async def test_silence_counts_longer_where_it_is_known_that_no_key_was_pressed(is_known: bool) -> None:
    desk = Desk(FakeField.marked("|"), is_input_known=is_known)
    await desk.paste("First.")
    desk.field.reports = False
    last = desk.paster._editor._insertion
    assert last is not None
    earlier = replace(last, inserted_at=monotonic() - 2 * MAX_SILENCE_S)
    desk.paster._editor.note_insertion(earlier, PasteResult(Outcome.INSERTED))
    async with desk.paster.open_composition(EDITOR) as composition:
        composition.show("Hello")
        await until(lambda: desk.method.holders == 1)
        await settle()
        assert desk.field.composition == (" Hello" if is_known else "")


async def test_words_of_the_next_dictation_wait_for_the_proof_of_the_first_text() -> None:
    desk = Desk(FakeField.marked("|"))
    async with desk.paster._lock:  # a text is in the field, and not proven yet
        opened = desk.paster.open_composition(EDITOR)
        composition = await opened.__aenter__()
        composition.show("hello")
        await settle()
        assert desk.method.programs == []
    await until(lambda: desk.field.composition == "hello")
    await opened.__aexit__(None, None, None)


async def test_no_words_while_the_paster_below_is_at_work() -> None:
    desk = Desk(FakeField.marked("|"))
    desk.below.answers = asyncio.Event()
    desk.method.is_available = False
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(desk.paste, "First.")
        await until(lambda: desk.below.done == ["paste First."])
        desk.method.is_available = True
        async with desk.paster.open_composition(EDITOR) as composition:
            composition.show("hello")
            await settle()
            assert desk.method.programs == []
        desk.below.answers.set()


@pytest.mark.parametrize(
    "field", [FakeField.marked("|Dear Bob|"), FakeField(reports=False)], ids=["selected", "silent"]
)
async def test_no_words_where_something_is_or_may_be_selected(field: FakeField) -> None:
    desk = Desk(field)
    async with desk.paster.open_composition(EDITOR) as composition:
        composition.show("hello")
        await until(lambda: desk.method.holders == 1)
        await settle()
        assert field.composition == ""


@pytest.mark.parametrize("is_known", [True, False])
async def test_words_end_where_a_key_was_pressed(is_known: bool) -> None:
    pressed_at = [0.0]
    activity = UserActivity(last_input_at=lambda until: pressed_at[0])
    desk = Desk(FakeField.marked("|"), activity=activity, is_input_known=is_known)
    async with desk.paster.open_composition(EDITOR) as composition:
        composition.show("hello")
        await until(lambda: desk.field.composition == "hello")
        pressed_at[0] = monotonic()
        composition.show("hello there")
        await until(lambda: desk.field.composition == ("" if is_known else "hello there"))


async def test_text_goes_below_where_the_field_is_lost_before_it_is_sent() -> None:
    class LostField(FakeField):
        async def commit(self, text: str, on_sent: Callable[[], None] = lambda: None) -> None:
            raise FieldLostError

    desk = Desk(LostField.marked("|"))
    await desk.paste("Hello.")
    assert desk.below.done == ["paste Hello."]
