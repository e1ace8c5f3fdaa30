"""What is said with the edit key held is done to the selection by a model, over TLS."""

from __future__ import annotations

from dataclasses import replace

import anyio
import numpy as np
import pytest

from desktop.core.messages import render
from desktop.core.state import Done, Idle, Polishing
from desktop.core.types import FRAME_SAMPLES, Emotion, EmotionResult, Outcome, PasteResult, Selection
from desktop.dictation.result import EDIT_STYLE
from desktop.hotkeys.gesture import DictationIntent
from desktop.paste.request import USER_AWAY
from tests.support.cloud.chat import ChatServer, Gate, Says
from tests.support.stage import FakeFeeler, Stage
from tests.support.voice_editing import EDITED, NOTHING_CHANGED, ORIGINAL, SAID, SELECTION_CHANGED, EditingPaster, edit

pytestmark = pytest.mark.anyio

SOUND = np.full(FRAME_SAMPLES, 0.1, np.float32)


async def test_answer_replaces_selection_and_row_has_request(
    stage: Stage, server: ChatServer, paster: EditingPaster
) -> None:
    feeler = FakeFeeler(EmotionResult(Emotion("joy", 0.9, 0.8, 0.4)))
    stage.dictation.dependencies = replace(stage.dictation.dependencies, emotion_detector=feeler)
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        await edit(stage)
        await stage.until(lambda: bool(stage.rows))
        tasks.cancel_scope.cancel()
    assert paster.replaced == [(Selection(1, ORIGINAL), EDITED)]
    assert paster.asked == [Selection(1, ORIGINAL)], "what was marked at the press"
    assert paster.pasted == []
    (row,) = stage.rows
    assert (row.raw_text, row.text, row.style) == (ORIGINAL, EDITED, EDIT_STYLE)
    assert (row.delivery, row.note) == (Outcome.INSERTED, "Edited: make this shorter.")
    (sent,) = row.sent
    assert (sent.purpose, sent.characters) == ("edit", len(ORIGINAL) + len(SAID))
    assert feeler.heard == [], "an instruction has no mood"
    assert (row.emotion, row.changed) == (None, ())
    (call,) = server.calls
    assert call.body["messages"][1]["content"] == f"{SAID}\n\n<selection>\n{ORIGINAL}\n</selection>"
    assert stage.states[-1] == Done(Outcome.INSERTED, EDITED, row.notes)


async def test_drafts_are_shown_and_escape_changes_nothing(
    stage: Stage, server: ChatServer, paster: EditingPaster
) -> None:
    server.edit = Says(("Short", Gate()))
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        await edit(stage)
        await stage.until(lambda: Polishing("Short") in stage.states)
        stage.escape()
        await stage.until(lambda: bool(stage.rows))
        tasks.cancel_scope.cancel()
    assert paster.replaced == []
    (row,) = stage.rows
    assert (row.delivery, row.raw_text, row.text, row.style) == (Outcome.CANCELLED, SAID, "", EDIT_STYLE)
    assert [sent.purpose for sent in row.sent] == ["edit"], "it had left the machine"


async def test_changed_selection_keeps_answer_in_history(
    stage: Stage, server: ChatServer, paster: EditingPaster
) -> None:
    paster.outcome = PasteResult(Outcome.REFUSED, (SELECTION_CHANGED, NOTHING_CHANGED))
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        await edit(stage)
        await stage.until(lambda: bool(stage.rows))
        tasks.cancel_scope.cancel()
    (row,) = stage.rows
    assert (row.delivery, row.text) == (Outcome.REFUSED, EDITED)
    assert row.note == f"Edited: make this shorter. {render(paster.outcome.notes)}"


async def test_edit_on_locked_screen_goes_to_history_only(
    stage: Stage, server: ChatServer, paster: EditingPaster
) -> None:
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        await edit(stage)
        await stage.until_state(Polishing)
        stage.dictation.on_user_left()
        await stage.until(lambda: bool(stage.rows))
        tasks.cancel_scope.cancel()
    (row,) = stage.rows
    assert paster.replaced == []
    assert (row.delivery, row.text) == (Outcome.REFUSED, EDITED)
    assert row.note == f"Edited: make this shorter. {render(USER_AWAY.notes)}"


async def test_edit_waits_for_earlier_dictation(stage: Stage, server: ChatServer, paster: EditingPaster) -> None:
    slow = anyio.Event()
    stage.recognizer.gates.append(slow)
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        stage.recognizer.texts.append("first words")
        (await stage.press()).say(20)
        stage.release()
        await stage.until(lambda: len(stage.recognizer.heard) == 1)
        await edit(stage)
        await stage.until(lambda: bool(server.calls) and server.calls[0].answered)
        assert paster.replaced == []
        slow.set()
        await stage.until(lambda: len(stage.rows) == 2)
        tasks.cancel_scope.cancel()
    assert [text for text, _ in paster.pasted] == ["First words."]
    assert [text for _, text in paster.replaced] == [EDITED]


async def test_an_edit_taken_up_again_is_an_edit(stage: Stage, server: ChatServer, paster: EditingPaster) -> None:
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        await stage.press()
        stage.mean(DictationIntent.DISCARD)
        await stage.until_state(Idle)
        stage.recognizer.texts.append(SAID)
        stage.dictation.resume(SOUND, stage.parts().record_entry, EDIT_STYLE)
        await stage.until(lambda: len(stage.rows) == 1)
        tasks.cancel_scope.cancel()
    assert [text for _, text in paster.replaced] == [EDITED]
    assert paster.pasted == []
