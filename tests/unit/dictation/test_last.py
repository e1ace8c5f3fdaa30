"""Paste again, undo and swap: which text, and what the history says afterwards."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import pytest

from desktop.audio.spool_file import SpoolFile
from desktop.core.errors import PasteError
from desktop.core.messages import Message, render
from desktop.core.paths import Paths
from desktop.core.state import Done
from desktop.core.types import Outcome, PasteResult, Target
from desktop.dictation.insertion import UNDONE_NOTE
from desktop.dictation.last import RAW_TEXT_NOTE, TEXT_BEFORE_EDIT_NOTE, LastDictation
from desktop.dictation.result import EDIT_STYLE
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from desktop.paste.request import CLIPBOARD_UNAVAILABLE, CONTENTS_PARTLY_LOST
from desktop.paste.undo import TEXT_CHANGED
from tests.support.last_scene import POLISHED, RAW, Scene, TakingPaster
from tests.support.stage import FakePaster, Stage

pytestmark = pytest.mark.anyio

IN_HISTORY = "The text is in the history."
NOT_IN_HISTORY = "Paste last has the text; the history does not."


@pytest.fixture
def paster() -> TakingPaster:
    return TakingPaster()


@pytest.fixture
def scene(tmp_path: Path, paster: TakingPaster) -> Scene:
    scene = Scene(tmp_path, paster)
    scene.dictated()
    return scene


async def test_paste_last_gives_polished_or_raw_text(scene: Scene, paster: TakingPaster) -> None:
    await scene.afterwards.paste_last()
    await scene.afterwards.paste_last(raw=True)
    assert [text for text, _ in paster.pasted] == [POLISHED, RAW]


async def test_older_text_pastes_as_corrected_or_raw(scene: Scene, paster: TakingPaster) -> None:
    scene.dictated()
    scene.history.correct_text(1, "Hello you.")
    await scene.afterwards.paste_row(1)
    await scene.afterwards.paste_row(1, raw=True)
    assert [text for text, _ in paster.pasted] == ["Hello you.", RAW]


async def test_paste_waits_until_focus_leaves_own_windows(scene: Scene, paster: TakingPaster) -> None:
    ours, theirs = Target(handle=1, pid=os.getpid()), Target(handle=2, pid=1)
    paster.focuses = [ours, ours]
    paster.focus = theirs
    await scene.afterwards.paste_row(1)
    assert paster.pasted == [(POLISHED, theirs.handle)]
    assert paster.focuses == []


async def test_paste_last_from_the_menu_waits_until_it_lost_the_focus(scene: Scene, paster: TakingPaster) -> None:
    menu, theirs = Target(handle=1, pid=os.getpid()), Target(handle=2, pid=1)
    paster.focuses = [menu, Target(), menu, Target()]  # the taskbar is no target
    paster.focus = theirs
    await scene.afterwards.paste_last(is_from_own_window=True)
    assert paster.pasted == [(POLISHED, theirs.handle)]


async def test_text_cleared_while_the_menu_has_the_focus_is_not_pasted(scene: Scene, paster: TakingPaster) -> None:
    paster.focuses = [Target(handle=1, pid=os.getpid())]
    paster.focus = Target(handle=2, pid=1)
    paster.on_look = scene.history.clear
    with pytest.raises(PasteError, match="There is nothing to paste"):
        await scene.afterwards.paste_last(is_from_own_window=True)
    scene.dictated()
    with pytest.raises(PasteError, match="There is nothing to paste"):
        await scene.afterwards.paste_row(scene.row().id)
    assert paster.pasted == []


class HungPaster(TakingPaster):
    """A paster that finds nothing the first time, for as long as it is waited for."""

    looks = 0

    async def find_target(self) -> Target:
        self.looks += 1
        if self.looks == 1:
            await anyio.sleep_forever()
        return self.focus


async def test_wait_for_another_window_ends_also_in_a_lookup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.dictation.last.FOCUS_TIMEOUT_S", 0.1)
    paster = HungPaster()
    scene = Scene(tmp_path, paster)
    scene.dictated()
    with anyio.fail_after(30):
        await scene.afterwards.paste_last(is_from_own_window=True)
    assert [text for text, _ in paster.pasted] == [POLISHED]


async def test_own_window_that_keeps_the_focus_gets_the_text(
    scene: Scene, paster: TakingPaster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.dictation.last.FOCUS_TIMEOUT_S", 0.1)
    looked_at = list[float]()
    paster.focus = Target(handle=1, pid=os.getpid())
    paster.on_look = lambda: looked_at.append(anyio.current_time())
    started_at = anyio.current_time()
    await scene.afterwards.paste_last(is_from_own_window=True)
    assert paster.pasted == [(POLISHED, paster.focus.handle)]
    assert len(looked_at) > 1
    assert looked_at[-1] - started_at >= 0.1


async def test_paste_last_by_key_goes_into_own_windows_at_once(scene: Scene, paster: TakingPaster) -> None:
    paster.focus = Target(handle=1, pid=os.getpid())
    await scene.afterwards.paste_last()
    assert paster.pasted == [(POLISHED, paster.focus.handle)]


async def test_undoing_older_text_leaves_newest_row(scene: Scene) -> None:
    scene.dictated()
    await scene.afterwards.paste_row(1)
    await scene.afterwards.undo()
    assert [row.delivery for row in scene.history.rows()] == [Outcome.INSERTED, Outcome.INSERTED]


async def test_a_row_that_is_gone_cannot_be_pasted(scene: Scene, paster: TakingPaster) -> None:
    with pytest.raises(PasteError, match="There is nothing to paste"):
        await scene.afterwards.paste_row(7)
    assert paster.pasted == []


async def test_unkept_text_is_pasted_and_swapped_without_row(scene: Scene, paster: TakingPaster) -> None:
    before = scene.row()
    scene.dictated_in_private()
    await scene.afterwards.paste_last()
    await scene.afterwards.swap()
    await scene.afterwards.undo()
    assert [text for text, _ in paster.pasted] == ["Secret."]
    assert paster.asked == [("Secret.", "um secret"), ()]
    assert scene.row() == before


@pytest.mark.parametrize(("private", "place"), [(False, IN_HISTORY), (True, NOT_IN_HISTORY)])
async def test_unpasted_text_is_where_its_note_says(
    scene: Scene, paster: TakingPaster, private: bool, place: str
) -> None:
    if private:
        scene.dictated_in_private()
    paster.outcome = CLIPBOARD_UNAVAILABLE
    result = await scene.afterwards.paste_last()
    state = scene.states[-1]
    assert isinstance(state, Done)
    assert (state.outcome, state.notes) == (result.outcome, result.notes)
    assert render(result.notes) == f"Another program holds the clipboard. {place}"


@pytest.mark.parametrize(("private", "place"), [(False, IN_HISTORY), (True, NOT_IN_HISTORY)])
async def test_failed_swap_says_where_the_text_is(
    scene: Scene, paster: TakingPaster, private: bool, place: str
) -> None:
    if private:
        scene.dictated_in_private()
    paster.taken = CLIPBOARD_UNAVAILABLE
    with pytest.raises(PasteError) as raised:
        await scene.afterwards.swap()
    state = scene.states[-1]
    assert isinstance(state, Done)
    assert str(raised.value) == render(state.notes) == f"Another program holds the clipboard. {place}"


async def test_older_text_stays_in_history_in_private_mode(scene: Scene, paster: TakingPaster) -> None:
    scene.dictated_in_private()
    paster.outcome = CLIPBOARD_UNAVAILABLE
    await scene.afterwards.paste_row(1)
    assert scene.states == [Done(Outcome.FAILED, POLISHED, CLIPBOARD_UNAVAILABLE.notes)]


async def test_where_nothing_was_said_there_is_nothing_to_do(tmp_path: Path, paster: TakingPaster) -> None:
    scene = Scene(tmp_path, paster)
    for ask in (scene.afterwards.paste_last, scene.afterwards.swap):
        with pytest.raises(PasteError, match="There is nothing to"):
            await ask()


async def test_what_was_undone_is_told_by_its_row(scene: Scene, paster: TakingPaster) -> None:
    await scene.afterwards.undo()
    row = scene.row()
    assert paster.asked == [()]
    assert (row.delivery, row.notes, row.text) == (Outcome.CANCELLED, (UNDONE_NOTE,), POLISHED)
    assert scene.remembered == 1
    assert scene.states == [], "that it is gone is seen"


async def test_clipboard_lost_by_undo_is_reported(scene: Scene, paster: TakingPaster) -> None:
    paster.taken = PasteResult(Outcome.CANCELLED, (CONTENTS_PARTLY_LOST,))
    await scene.afterwards.undo()
    assert scene.states == [Done(Outcome.SILENT, notes=(CONTENTS_PARTLY_LOST,))]
    assert (scene.row().delivery, scene.row().notes) == (Outcome.CANCELLED, (UNDONE_NOTE,))


async def test_a_swap_goes_both_ways_and_loses_neither_text(scene: Scene, paster: TakingPaster) -> None:
    for notes in ((RAW_TEXT_NOTE,), (), (RAW_TEXT_NOTE,)):
        await scene.afterwards.swap()
        row = scene.row()
        assert (row.delivery, row.notes) == (Outcome.INSERTED, notes)
        assert (row.raw_text, row.text) == (RAW, POLISHED)
    assert paster.asked == [(POLISHED, RAW), (RAW, POLISHED), (POLISHED, RAW)]
    assert scene.states[-1] == Done(Outcome.INSERTED)


async def test_a_refusal_is_said_and_changes_no_row(scene: Scene, paster: TakingPaster) -> None:
    paster.taken = PasteResult(Outcome.REFUSED, (TEXT_CHANGED, Message("nothing-undone")))
    with pytest.raises(PasteError, match="The text changed since"):
        await scene.afterwards.undo()
    assert scene.row().delivery is Outcome.INSERTED
    assert scene.remembered == 0
    assert scene.states == [Done(Outcome.REFUSED, notes=paster.taken.notes)]


async def test_half_failed_swap_is_noted_in_its_row(scene: Scene, paster: TakingPaster) -> None:
    paster.taken = PasteResult(Outcome.COPIED, (Message("window-changed"),))
    await scene.afterwards.swap()
    assert (scene.row().delivery, scene.row().note) == (Outcome.COPIED, "The window changed.")


async def test_a_copy_that_is_undone_is_not_the_dictation(scene: Scene) -> None:
    await scene.afterwards.paste_last()
    await scene.afterwards.undo()
    assert scene.row().delivery is Outcome.INSERTED


async def test_text_never_inserted_is_not_marked_undone(scene: Scene) -> None:
    scene.dictated(Outcome.COPIED)
    await scene.afterwards.undo()
    assert scene.row().delivery is Outcome.COPIED


async def test_edit_keeps_its_request_after_swap_and_undo(scene: Scene, paster: TakingPaster) -> None:
    asked = Message("text-edited", instruction="make this shorter")
    now = datetime.now(UTC)
    scene.record(
        HistoryEntry(
            started_at=now, raw_text="long", text="short", style=EDIT_STYLE, notes=(asked,), delivery=Outcome.INSERTED
        )
    )
    for notes in ((asked, TEXT_BEFORE_EDIT_NOTE), (asked,)):
        await scene.afterwards.swap()
        assert (scene.row().delivery, scene.row().notes) == (Outcome.INSERTED, notes)
    await scene.afterwards.undo()
    assert (scene.row().delivery, scene.row().notes) == (Outcome.CANCELLED, (asked, UNDONE_NOTE))
    assert paster.asked == [("short", "long"), ("long", "short"), ()]


async def test_undone_edit_on_clipboard_is_noted_in_its_row(scene: Scene, paster: TakingPaster) -> None:
    paster.taken = PasteResult(Outcome.COPIED, (Message("window-changed"),))
    await scene.afterwards.undo()
    assert (scene.row().delivery, scene.row().note) == (Outcome.COPIED, "The window changed.")


@pytest.mark.parametrize(("minutes", "app", "taken"), [(1, "editor", True), (6, "editor", False), (1, "other", False)])
async def test_only_recent_insertion_there_can_be_scratched(
    tmp_path: Path, paster: TakingPaster, minutes: int, app: str, taken: bool
) -> None:
    scene = Scene(tmp_path, paster)
    at = datetime.now(UTC) - timedelta(minutes=minutes)
    scene.record(HistoryEntry(started_at=at, app="editor", text=POLISHED, delivery=Outcome.INSERTED))
    result = await scene.afterwards.scratch(Target(1, app))
    assert result == (PasteResult(Outcome.CANCELLED) if taken else None)
    assert (scene.row().delivery is Outcome.CANCELLED) is taken


async def test_a_paster_that_cannot_look_says_so(tmp_path: Path) -> None:
    scene = Scene(tmp_path, FakePaster())
    scene.dictated()
    with pytest.raises(PasteError, match="cannot see what it inserted"):
        await scene.afterwards.undo()


class SlowMemory:
    """Remembers in `history` once `gate` is open."""

    def __init__(self, history: HistoryStore) -> None:
        self.gate = threading.Event()
        self._history = history

    def remember(self, entry: HistoryEntry, take: SpoolFile) -> int:
        assert self.gate.wait(5)
        take.discard()
        return self._history.add(entry).id


async def test_newest_text_is_known_before_row_is_written(tmp_path: Path, paster: TakingPaster) -> None:
    stage = Stage(tmp_path / "spool")
    history = HistoryStore(tmp_path / "history.db")
    history.add(HistoryEntry(started_at=datetime.now(UTC), raw_text="older", text="Older.", delivery=Outcome.INSERTED))
    slow = SlowMemory(history)
    stage.dictation.dependencies = replace(stage.parts(), paster=paster, record_entry=slow.remember)
    stage.recognizer.texts = ["newer", "newest"]
    memory = DictationRecorder(Paths(tmp_path, tmp_path, tmp_path, tmp_path), history)
    afterwards = LastDictation(stage.dictation, history, memory, lambda: None)
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        (await stage.press()).say(3)
        stage.release()
        await stage.until(lambda: len(paster.pasted) == 1)
        speaking = await stage.press()
        tasks.start_soon(afterwards.paste_last)
        tasks.start_soon(afterwards.undo)
        for _ in range(20):
            await anyio.lowlevel.checkpoint()
        assert [text for text, _ in paster.pasted] == ["Newer."], "it waits for the row, not for who still speaks"
        slow.gate.set()
        await stage.until(lambda: len(paster.pasted) == 2 and paster.asked == [()])
        assert [text for text, _ in paster.pasted] == ["Newer.", "Newer."]
        speaking.say(3)
        stage.release()
        await stage.until(lambda: len(paster.pasted) == 3)
        tasks.cancel_scope.cancel()
