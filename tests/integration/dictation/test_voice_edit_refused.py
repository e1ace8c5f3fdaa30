"""An edit that cannot be, fails or comes to nothing changes nothing, and sends no more than it must."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import anyio
import pytest

from desktop.core.state import Done, Failed
from desktop.core.types import InputField, Outcome, Selection
from desktop.dictation.result import EDIT_STYLE
from desktop.dictation.voice_edit import SELECTION_UNKNOWN, VoiceEdit
from desktop.llm.client import LLMClient
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from tests.support.cloud.chat import ChatServer, Gate, Says
from tests.support.cloud.tls_server import Served, trusting
from tests.support.stage import FakePaster, Stage
from tests.support.voice_editing import NOTHING_CHANGED, NOTHING_SELECTED, SAID, EditingPaster, edit

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("says", "title"),
    [
        (Says(()), "Example gave no text."),
        (Says(("Sure, here is the shorter text: It.",)), "Example answered instead."),
        (Says(("I'm sorry, I can't help with that.",)), "Example answered instead."),
        (Says(("word " * 200,)), "Example wrote much more than an edit."),
        (Says(("Short, th",), finish="length"), "Example did not finish."),
        (Says(status=401), "Example does not accept the key."),
        (Says(status=500), "Example"),
        (Says(raw=("{",)), "Example"),
    ],
)
async def test_unusable_answer_fails_and_changes_nothing(
    stage: Stage, server: ChatServer, paster: EditingPaster, says: Says, title: str
) -> None:
    server.edit = says
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        await edit(stage)
        failed = await stage.until_state(Failed)
        await stage.until(lambda: bool(stage.rows))
        tasks.cancel_scope.cancel()
    assert isinstance(failed, Failed)
    assert failed.problem.title.startswith(title)
    assert (paster.replaced, paster.pasted) == ([], [])
    assert (stage.rows[0].delivery, stage.rows[0].raw_text, stage.rows[0].style) == (Outcome.FAILED, SAID, EDIT_STYLE)


async def test_model_timeout_changes_nothing(
    stage: Stage, server: ChatServer, chat: LLMClient, paster: EditingPaster
) -> None:
    stage.dictation.dependencies = replace(
        stage.dictation.dependencies, start_edit=partial(VoiceEdit, paster, chat, 0.05)
    )
    server.edit = Says((Gate(),))
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        await edit(stage)
        failed = await stage.until_state(Failed)
        tasks.cancel_scope.cancel()
    assert isinstance(failed, Failed)
    assert str(failed.problem) == f"Example did not answer in 0.05 s. {NOTHING_CHANGED}"
    assert paster.replaced == []


async def test_missing_key_sends_nothing_and_is_reported(
    stage: Stage, server: ChatServer, served: tuple[ChatServer, Served], paster: EditingPaster
) -> None:
    client = ServiceClient(ssl_context=trusting())
    keyless = LLMClient(
        client, Service("Example", f"{served[1].url}/v1", ServiceKey("polish", lambda name: "")), "mine", openai=False
    )
    stage.dictation.dependencies = replace(stage.dictation.dependencies, start_edit=partial(VoiceEdit, paster, keyless))
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        await edit(stage)
        failed = await stage.until_state(Failed)
        await stage.until(lambda: bool(stage.rows))
        tasks.cancel_scope.cancel()
    await client.aclose()
    assert isinstance(failed, Failed)
    assert "key" in failed.problem.title
    assert (server.calls, stage.rows[0].sent, paster.replaced) == ([], (), [])


async def test_where_nothing_is_selected_nothing_is_sent(
    stage: Stage, server: ChatServer, paster: EditingPaster
) -> None:
    paster.selection = Selection(1, refusal=(NOTHING_SELECTED,))
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        await edit(stage)
        await stage.until(lambda: bool(stage.rows))
        tasks.cancel_scope.cancel()
    (row,) = stage.rows
    assert (row.delivery, row.notes) == (Outcome.REFUSED, (NOTHING_SELECTED, NOTHING_CHANGED))
    assert (row.raw_text, row.text, row.sent, server.calls) == (SAID, "", (), [])
    assert stage.states[-1] == Done(Outcome.REFUSED, notes=row.notes)


async def test_a_paster_that_cannot_look_refuses(stage: Stage, server: ChatServer, chat: LLMClient) -> None:
    plain = FakePaster()
    stage.dictation.dependencies = replace(
        stage.dictation.dependencies, paster=plain, start_edit=partial(VoiceEdit, plain, chat)
    )
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        await edit(stage)
        await stage.until(lambda: bool(stage.rows))
        tasks.cancel_scope.cancel()
    assert (stage.rows[0].delivery, stage.rows[0].notes) == (Outcome.REFUSED, (SELECTION_UNKNOWN, NOTHING_CHANGED))
    assert (plain.pasted, server.calls) == ([], [])


async def test_password_field_edit_hears_and_sends_nothing(
    stage: Stage, server: ChatServer, paster: EditingPaster
) -> None:
    paster.focus = replace(paster.focus, field=InputField(is_password=True))
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        await edit(stage)
        await stage.until(lambda: bool(stage.rows))
        tasks.cancel_scope.cancel()
    (row,) = stage.rows
    assert (row.delivery, row.raw_text, row.sent) == (Outcome.REFUSED, "", ())
    assert (paster.asked, paster.replaced, server.calls) == ([], [], [])


async def test_silence_asks_for_nothing(stage: Stage, server: ChatServer, paster: EditingPaster) -> None:
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        await edit(stage, "")
        assert await stage.until_state(Done) == Done(Outcome.SILENT)
        tasks.cancel_scope.cancel()
    assert (stage.rows, paster.asked, server.calls) == ([], [], [])


async def test_edit_without_model_pastes_nothing(stage: Stage, paster: EditingPaster) -> None:
    stage.dictation.dependencies = replace(stage.dictation.dependencies, start_edit=None)
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        await edit(stage)
        await stage.until_state(Failed)
        tasks.cancel_scope.cancel()
    assert (paster.pasted, paster.replaced) == ([], [])
