"""Which dictation is undone, swapped and pasted again, and what its text is by then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import anyio
import pytest

from desktop.core.errors import HistoryError, PasteError
from desktop.core.messages import Message
from desktop.core.state import Done
from desktop.core.types import Outcome, PasteResult, Target
from desktop.dictation.insertion import UNDONE_NOTE
from desktop.dictation.last import CORRECTED_NOTE, RAW_TEXT_NOTE
from desktop.dictation.result import EDIT_STYLE
from desktop.dictation.session import DictationSession
from desktop.history.rows import HistoryEntry, HistoryRow
from desktop.paste.request import CLIPBOARD_UNAVAILABLE
from desktop.paste.undo import INPUT_SINCE, REMOVED_NOT_REPLACED, REMOVED_NOT_RESTORED
from desktop.settings.schema import HistorySettings
from tests.support.last_scene import POLISHED, RAW, Scene, TakingPaster
from tests.unit.audio.test_spool import no_file_larger_than

pytestmark = pytest.mark.anyio

CORRECTED = "Hello Jon."
REFUSED = PasteResult(Outcome.REFUSED, (INPUT_SINCE, Message("nothing-undone")))


@pytest.fixture
def paster() -> TakingPaster:
    return TakingPaster()


@pytest.fixture
def scene(tmp_path: Path, paster: TakingPaster) -> Scene:
    scene = Scene(tmp_path, paster)
    scene.dictated()
    return scene


async def correct(scene: Scene) -> None:
    current = await scene.afterwards.load_current()
    assert current is not None
    await scene.afterwards.correct(current, CORRECTED, lambda: None)


async def test_after_a_restart_the_corrected_text_is_pasted(scene: Scene, tmp_path: Path, paster: TakingPaster) -> None:
    await correct(scene)
    await Scene(tmp_path, paster).afterwards.paste_last()
    assert [text for text, _ in paster.pasted] == [CORRECTED]


async def test_after_an_edit_in_the_history_its_text_is_pasted_and_swapped_in(
    scene: Scene, paster: TakingPaster
) -> None:
    scene.history.correct_text(scene.row().id, CORRECTED)
    await scene.afterwards.swap()
    await scene.afterwards.swap()
    await scene.afterwards.paste_last()
    assert paster.asked == [(POLISHED, RAW), (RAW, CORRECTED)]
    assert [text for text, _ in paster.pasted] == [CORRECTED]


async def test_a_refused_scratch_leaves_the_correction(tmp_path: Path, paster: TakingPaster) -> None:
    scene = Scene(tmp_path, paster)
    scene.record(
        HistoryEntry(started_at=datetime.now(UTC), app="editor", raw_text=RAW, text=POLISHED, delivery=Outcome.INSERTED)
    )
    await correct(scene)
    paster.taken = REFUSED
    assert await scene.afterwards.scratch(Target(1, "editor")) == REFUSED
    paster.taken = None
    await scene.afterwards.paste_last(raw=False)
    await scene.afterwards.undo()
    assert [text for text, _ in paster.pasted] == [CORRECTED]


@pytest.mark.parametrize("raw", [False, True])
async def test_a_refused_copy_leaves_what_can_be_undone(scene: Scene, paster: TakingPaster, raw: bool) -> None:
    await correct(scene)
    paster.outcome = REFUSED
    await scene.afterwards.paste_last(raw)
    await scene.afterwards.undo()
    assert paster.asked[-1] == (CORRECTED, POLISHED)
    assert (scene.row().edited, scene.row().notes) == (None, ())


@pytest.mark.parametrize("is_row", [False, True])
async def test_undo_of_a_copy_leaves_a_dictation_that_came_while_a_menu_closed(
    scene: Scene, paster: TakingPaster, is_row: bool
) -> None:
    session, id = SimpleNamespace(is_delivered=True, recorded=anyio.Event()), scene.row().id
    looked = anyio.Event()

    def look() -> None:
        if not looked.is_set():
            scene.dictation._unfinished_sessions.append(cast(DictationSession, session))
            looked.set()

    paster.focuses, paster.on_look = [Target(0), Target(5)], look
    async with anyio.create_task_group() as tasks:
        if is_row:
            tasks.start_soon(scene.afterwards.paste_row, id)
        else:
            tasks.start_soon(partial(scene.afterwards.paste_last, is_from_own_window=True))
        await looked.wait()
        with anyio.fail_after(5):
            while paster.focuses:
                await anyio.lowlevel.checkpoint()
        await anyio.wait_all_tasks_blocked()
        scene.dictated()
        session.recorded.set()
    await scene.afterwards.undo()
    assert scene.row().delivery is Outcome.INSERTED


async def test_a_swap_after_a_refused_raw_copy_is_told_as_it_is(scene: Scene, paster: TakingPaster) -> None:
    paster.outcome = REFUSED
    await scene.afterwards.paste_last(raw=True)
    await scene.afterwards.swap()
    assert paster.asked == [(POLISHED, RAW)]
    assert scene.row().notes == (RAW_TEXT_NOTE,)


async def test_undo_after_an_answer_is_told_by_the_dictation_before_it(scene: Scene, paster: TakingPaster) -> None:
    now = datetime.now(UTC)
    scene.record(HistoryEntry(started_at=now, text="Yes.", delivery=Outcome.INSERTED), given_to="assistant")
    await scene.afterwards.undo()
    answer, chat = scene.history.rows()
    assert (answer.delivery, answer.notes) == (Outcome.INSERTED, ())
    assert (chat.delivery, chat.notes) == (Outcome.CANCELLED, (UNDONE_NOTE,))


async def test_scratch_after_an_answer_is_told_by_the_dictation_before_it(tmp_path: Path, paster: TakingPaster) -> None:
    scene = Scene(tmp_path, paster)
    now = datetime.now(UTC)
    scene.record(HistoryEntry(started_at=now, app="chat", text=POLISHED, delivery=Outcome.INSERTED))
    now = datetime.now(UTC)
    scene.record(HistoryEntry(started_at=now, app="chat", text="Yes.", delivery=Outcome.INSERTED), given_to="assistant")
    await scene.afterwards.scratch(Target(1, "chat"))
    assert [row.delivery for row in scene.history.rows()] == [Outcome.INSERTED, Outcome.CANCELLED]


async def test_undo_is_told_by_a_dictation_that_is_pasted_while_the_history_is_read(
    scene: Scene, paster: TakingPaster, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, read = SimpleNamespace(is_delivered=True, recorded=anyio.Event()), scene.memory.inserted

    def read_slowly() -> HistoryRow | None:
        monkeypatch.undo()
        row = read()
        scene.dictation._unfinished_sessions.append(cast(DictationSession, session))
        return row

    monkeypatch.setattr(scene.memory, "inserted", read_slowly)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(scene.afterwards.undo)
        with anyio.fail_after(5):
            while not scene.dictation.is_busy:
                await anyio.lowlevel.checkpoint()
        scene.dictated()
        session.recorded.set()
    assert [row.delivery for row in scene.history.rows()] == [Outcome.CANCELLED, Outcome.INSERTED]


@pytest.mark.parametrize("delivery", [Outcome.REFUSED, Outcome.COPIED])
async def test_undo_is_told_by_the_row_that_was_inserted(scene: Scene, delivery: Outcome) -> None:
    scene.dictated(delivery)
    await scene.afterwards.undo()
    assert [row.delivery for row in scene.history.rows()] == [delivery, Outcome.CANCELLED]


async def test_say_again_is_about_the_text_that_was_inserted(scene: Scene, paster: TakingPaster) -> None:
    now = datetime.now(UTC)
    scene.record(HistoryEntry(started_at=now, text="Not pasted.", delivery=Outcome.REFUSED))
    await correct(scene)
    assert paster.asked == [(POLISHED, CORRECTED)]
    assert [row.edited for row in scene.history.rows()] == [None, CORRECTED]


async def test_a_correction_of_a_copy_is_the_text_from_then_on(scene: Scene, paster: TakingPaster) -> None:
    await scene.afterwards.paste_last()
    await correct(scene)
    await scene.afterwards.paste_last()
    assert [text for text, _ in paster.pasted] == [POLISHED, CORRECTED]
    assert (scene.row().delivery, scene.row().notes) == (Outcome.INSERTED, ())


async def test_an_undone_correction_is_forgotten(scene: Scene) -> None:
    await correct(scene)
    assert (scene.row().edited, scene.row().notes) == (CORRECTED, (CORRECTED_NOTE,))
    await scene.afterwards.undo()
    assert (scene.row().edited, scene.row().notes) == (None, ())


async def test_an_undone_correction_leaves_what_was_written_in_the_history_since(
    scene: Scene, paster: TakingPaster
) -> None:
    await correct(scene)
    scene.history.correct_text(scene.row().id, "Hello Joan.")
    await scene.afterwards.undo()
    assert paster.asked[-1] == (CORRECTED, POLISHED)
    assert (scene.row().edited, scene.row().notes) == ("Hello Joan.", ())


async def test_the_next_dictation_is_what_is_undone(scene: Scene, paster: TakingPaster) -> None:
    await correct(scene)
    scene.dictated()
    await scene.afterwards.undo()
    assert paster.asked[-1] == ()
    assert [(row.delivery, row.edited) for row in scene.history.rows()] == [
        (Outcome.CANCELLED, None),
        (Outcome.INSERTED, CORRECTED),
    ]


async def test_a_text_whose_row_was_deleted_is_removed_and_not_brought_back(scene: Scene, paster: TakingPaster) -> None:
    scene.dictated()
    scene.history.delete(scene.row().id)
    with pytest.raises(PasteError, match="There is nothing to"):
        await scene.afterwards.swap()
    await scene.afterwards.undo()
    assert paster.asked == [()]
    assert scene.row().delivery is Outcome.INSERTED


async def test_what_an_earlier_run_inserted_keeps_its_row(scene: Scene, tmp_path: Path, paster: TakingPaster) -> None:
    paster.taken = REFUSED
    later = Scene(tmp_path, paster)
    with pytest.raises(PasteError):
        await later.afterwards.undo()
    with pytest.raises(PasteError, match="There is nothing to"):
        await later.afterwards.swap()
    assert scene.row().delivery is Outcome.INSERTED


async def test_a_private_text_is_pasted_as_corrected(scene: Scene, paster: TakingPaster) -> None:
    scene.dictated_in_private()
    await correct(scene)
    await scene.afterwards.paste_last()
    assert [text for text, _ in paster.pasted] == [CORRECTED]
    await scene.afterwards.undo()
    assert not scene.memory.has_words_to_lose, "the user took it back"


async def test_a_row_that_waits_for_the_history_is_told_too(scene: Scene) -> None:
    with no_file_larger_than(0), pytest.raises(HistoryError):
        scene.dictated()
    await scene.afterwards.undo()
    scene.record(HistoryEntry(started_at=datetime.now(UTC), text="Next.", delivery=Outcome.INSERTED))
    assert [row.delivery for row in scene.history.rows()] == [Outcome.INSERTED, Outcome.CANCELLED, Outcome.INSERTED]


async def test_a_correction_that_the_history_refuses_is_known_all_the_same(scene: Scene, paster: TakingPaster) -> None:
    with no_file_larger_than(0), pytest.raises(HistoryError):
        await correct(scene)
    await scene.afterwards.undo()
    assert paster.asked[-1] == (CORRECTED, POLISHED)


async def test_a_failed_undo_keeps_the_earlier_text(scene: Scene, paster: TakingPaster) -> None:
    await correct(scene)
    paster.taken = CLIPBOARD_UNAVAILABLE
    with pytest.raises(PasteError):
        await scene.afterwards.undo()
    paster.taken = None
    await scene.afterwards.undo()
    assert paster.asked[-2:] == [(CORRECTED, POLISHED)] * 2


GONE = PasteResult(Outcome.REMOVED, (REMOVED_NOT_REPLACED, Message("clipboard-held")))


async def test_a_swap_that_only_removes_is_told_by_the_row(scene: Scene, paster: TakingPaster) -> None:
    paster.taken = GONE
    assert await scene.afterwards.swap() == GONE
    assert (scene.row().delivery, scene.row().notes) == (Outcome.REMOVED, GONE.notes)
    assert scene.states == [Done(Outcome.REMOVED, notes=GONE.notes)]
    await scene.afterwards.paste_last()
    assert [text for text, _ in paster.pasted] == [POLISHED]


@pytest.mark.parametrize("settings", [HistorySettings(), HistorySettings(private="on")])
async def test_what_is_only_removed_is_brought_back_before_a_newer_answer(
    scene: Scene, paster: TakingPaster, settings: HistorySettings
) -> None:
    now = datetime.now(UTC)
    scene.record(HistoryEntry(started_at=now, raw_text=RAW, text=POLISHED, delivery=Outcome.INSERTED), settings)
    now = datetime.now(UTC)
    scene.record(HistoryEntry(started_at=now, text="Yes.", delivery=Outcome.INSERTED), settings, given_to="assistant")
    paster.taken = GONE
    await scene.afterwards.swap()
    await scene.afterwards.paste_last()
    await scene.afterwards.paste_last()
    assert [text for text, _ in paster.pasted] == [POLISHED, "Yes."]


async def test_what_is_only_removed_does_not_come_before_a_newer_text(scene: Scene, paster: TakingPaster) -> None:
    paster.taken = GONE
    await scene.afterwards.swap()
    scene.record(HistoryEntry(started_at=datetime.now(UTC), text="Next.", delivery=Outcome.COPIED))
    await scene.afterwards.paste_last()
    assert [text for text, _ in paster.pasted] == ["Next."]


async def test_a_removed_copy_of_an_older_row_is_brought_back(scene: Scene, paster: TakingPaster) -> None:
    id = scene.row().id
    scene.record(HistoryEntry(started_at=datetime.now(UTC), text="Newer.", delivery=Outcome.INSERTED))
    paster.focuses = [Target(5)]
    await scene.afterwards.paste_row(id)
    paster.taken = GONE
    await scene.afterwards.swap()
    await scene.afterwards.paste_last()
    assert [text for text, _ in paster.pasted] == [POLISHED, POLISHED]


async def test_a_correction_that_only_removes_keeps_its_words(scene: Scene, paster: TakingPaster) -> None:
    paster.taken = GONE
    await correct(scene)
    assert (scene.row().delivery, scene.row().edited, scene.row().notes) == (Outcome.REMOVED, CORRECTED, GONE.notes)
    await scene.afterwards.paste_last()
    assert [text for text, _ in paster.pasted] == [CORRECTED]


async def test_an_undo_of_a_correction_that_only_removes_keeps_the_text_before(
    scene: Scene, paster: TakingPaster
) -> None:
    await correct(scene)
    paster.taken = GONE
    assert await scene.afterwards.undo() == GONE
    assert (scene.row().delivery, scene.row().edited) == (Outcome.REMOVED, None)
    await scene.afterwards.paste_last()
    assert [text for text, _ in paster.pasted] == [POLISHED]


async def test_an_undone_edit_that_only_removes_keeps_the_selection(scene: Scene, paster: TakingPaster) -> None:
    now = datetime.now(UTC)
    scene.record(HistoryEntry(started_at=now, raw_text="mine", text="new", style=EDIT_STYLE, delivery=Outcome.INSERTED))
    paster.taken = replace(GONE, notes=(REMOVED_NOT_RESTORED,))
    await scene.afterwards.undo()
    assert (scene.row().delivery, scene.row().notes) == (Outcome.REMOVED, (REMOVED_NOT_RESTORED,))
    await scene.afterwards.paste_last(raw=True)
    assert [text for text, _ in paster.pasted] == ["mine"]


async def test_a_private_text_that_is_only_removed_could_be_lost(scene: Scene, paster: TakingPaster) -> None:
    scene.dictated_in_private()
    paster.taken = GONE
    await scene.afterwards.swap()
    assert scene.memory.has_words_to_lose


async def test_private_texts_hide_no_kept_one(scene: Scene) -> None:
    scene.record(
        HistoryEntry(started_at=datetime.now(UTC), text="Secret.", delivery=Outcome.INSERTED),
        HistorySettings(private="on"),
    )
    await scene.afterwards.undo()
    assert scene.row().delivery is Outcome.INSERTED
