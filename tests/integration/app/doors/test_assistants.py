"""What a program gets of the app for the user: asked each time, and nothing unless the user says or allows it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio import to_thread

from desktop.app.doors import assistants
from desktop.app.doors.assistants import AwaitedAnswer
from desktop.core.ipc_client import Reply, open_connection
from desktop.core.paths import Paths
from desktop.core.types import FieldKind, Outcome, Target
from desktop.gateway.link import AppRefusedError, open_link
from desktop.history.recorder import NO_ROW
from desktop.settings.store import write_setting
from tests.support.asked_user import SpeakingUser, User
from tests.support.running_engine import dictated, running, without_session

pytestmark = pytest.mark.anyio


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.setattr(assistants, "ANSWER_DELAY_S", 0.0)
    return without_session(tmp_path, monkeypatch)


@pytest.fixture
async def scene(paths: Paths) -> AsyncIterator[SpeakingUser]:
    user = User()
    async with running(paths, user) as engine:
        yield SpeakingUser(engine, user)


async def request(paths: Paths, command: str, **values: Any) -> Reply:
    """Return the app's answer to a client called Helper. Raises `AppRefusedError`."""
    with anyio.fail_after(60):
        async with open_link(paths, {"command": command, "client": "Helper", **values}) as link:
            return await link.read_line()


async def test_answer_is_kept_under_the_programs_name_and_pasted_nowhere(scene: SpeakingUser, paths: Paths) -> None:
    answers = list[Reply]()
    async with anyio.create_task_group() as tasks:

        async def ask() -> None:
            answers.append(await request(paths, "dictate", prompt="When?"))

        tasks.start_soon(ask)
        await scene.user.asked.wait()
        with pytest.raises(AppRefusedError, match="Other programs use Intone"):
            await request(paths, "search", query="a")
        await scene.speak("on Monday")
    assert answers == [{"text": "On Monday."}]
    await scene.until(lambda: scene.engine.history.last() is not None)
    row = scene.engine.history.last()
    assert row is not None
    assert (row.app, row.window, row.text, row.delivery.value) == ("Helper", "", "On Monday.", "inserted")
    assert row.note == "Helper has the words. They went into no window."
    assert scene.paster.pasted == []
    await scene.speak("for a window")
    await scene.until(lambda: bool(scene.paster.pasted))


@pytest.mark.parametrize(
    ("focus", "client", "is_kept"),
    [
        (Target(1, "keepassxc", "Passwords"), "Helper", False),
        (Target(1, "firefox", "A page — Mozilla Firefox Private Browsing"), "Helper", False),
        (Target(1, "editor", "Untitled"), "KeePassXC", True),
    ],
)
async def test_the_window_in_front_decides_whether_an_answer_is_kept(
    scene: SpeakingUser, paths: Paths, focus: Target, client: str, is_kept: bool
) -> None:
    scene.paster.focus = focus
    opened = await to_thread.run_sync(open_connection, paths, {"command": "listen"})
    assert opened is not None
    async with open_link(paths, {"command": "dictate", "client": client, "prompt": "Well?"}) as link:
        await scene.user.asked.wait()
        await scene.speak("an answer")
        assert await link.read_line() == {"text": "An answer."}
    await scene.engine._dictation_controller.wait_until_recorded()
    await dictated(scene.engine, "What comes after it.")
    with opened.client, opened.client.makefile("r", encoding="utf-8") as received:
        opened.client.settimeout(20)
        first = json.loads(await to_thread.run_sync(received.readline))
    assert (first["app"], first["text"]) == ((client, "An answer.") if is_kept else ("", "What comes after it."))
    rows = await to_thread.run_sync(scene.engine.history.rows)
    assert [row.text for row in rows] == ["What comes after it.", *(["An answer."] if is_kept else [])]


async def test_after_a_no_nothing_is_asked_for_a_while(scene: SpeakingUser, paths: Paths) -> None:
    scene.user.allows = False
    with pytest.raises(AppRefusedError, match="The user has declined"):
        await request(paths, "dictate", prompt="A secret?")
    with pytest.raises(AppRefusedError, match="The user has just declined"):
        await request(paths, "search", query="heron")
    assert len(scene.user.questions) == 1


async def test_only_time_application_and_text_of_kept_dictations_are_handed_over(
    scene: SpeakingUser, paths: Paths
) -> None:
    await dictated(scene.engine, "A heron.", app="editor", window="Secret title")
    await dictated(scene.engine, "Never a heron.", private=True)
    await dictated(scene.engine, "Another heron.")
    scene.user.allows = True
    found = (await request(paths, "search", query="heron", limit=20))["dictations"]
    assert [(sorted(row), row["app"], row["text"]) for row in found] == [
        (["app", "started_at", "text"], "", "Another heron."),
        (["app", "started_at", "text"], "editor", "A heron."),
    ]
    assert len((await request(paths, "search", query="", limit=1))["dictations"]) == 1


async def test_what_the_user_has_cancelled_is_not_handed_over(scene: SpeakingUser, paths: Paths) -> None:
    await dictated(scene.engine, "A heron.")
    for _ in range(3):
        await dictated(scene.engine, "", raw_text="never that heron", delivery=Outcome.CANCELLED)
    await dictated(scene.engine, "Another heron.")
    scene.user.allows = True
    for query in ("", "heron"):
        for limit, texts in ((1, ["Another heron."]), (2, ["Another heron.", "A heron."])):
            found = (await request(paths, "search", query=query, limit=limit))["dictations"]
            assert [row["text"] for row in found] == texts


async def test_no_answer_is_a_no(scene: SpeakingUser, paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("CONSENT_TIMEOUT_S", 0.05), ("ANSWER_TIMEOUT_S", 0.05), ("DECLINE_PAUSE_S", 0.0)):
        monkeypatch.setattr(assistants, name, seconds)
    for command, values in (("search", {"query": "heron"}), ("dictate", {"prompt": "Well?"})):
        with pytest.raises(AppRefusedError, match="has not answered in time"):
            await request(paths, command, **values)
    assert scene.user.closed == 2


async def test_nothing_is_handed_over_in_private_mode(scene: SpeakingUser, paths: Paths) -> None:
    await dictated(scene.engine, "A heron.")
    write_setting(paths.settings, "history.private", "on")
    scene.engine.reload()
    scene.user.allows = True
    for command, values in (("search", {"query": "heron"}), ("dictate", {"prompt": "Well?"})):
        with pytest.raises(AppRefusedError, match="private mode"):
            await request(paths, command, **values)
    assert scene.user.questions == []


async def test_answer_where_nothing_is_kept_is_refused_and_not_lost(scene: SpeakingUser, paths: Paths) -> None:
    recorder = scene.engine._history_service.recorder
    async with open_link(paths, {"command": "dictate", "client": "Helper", "prompt": "Well?"}) as link:
        await scene.user.asked.wait()
        scene.paster.focus = Target(1, "browser", "A page", kind=FieldKind.PRIVATE)
        await scene.speak("for a private field")
        await scene.until(lambda: recorder.unkept_row is not None)
        assert (recorder.unkept_row and recorder.unkept_row.text) == "For a private field."
        scene.paster.focus = Target(1, "editor", "Untitled")
        write_setting(paths.settings, "history.private", "on")
        scene.engine.reload()
        scene.take_place()
        await scene.speak("in private mode")
        await scene.until(lambda: recorder.unkept_row is not None and recorder.unkept_row.text == "In private mode.")
        write_setting(paths.settings, "history.private", "off")
        scene.engine.reload()
        scene.take_place()
        await scene.speak("an answer")
        assert await link.read_line() == {"text": "An answer."}
    await scene.until(lambda: scene.engine.history.last() is not None)
    assert [row.text for row in await to_thread.run_sync(scene.engine.history.rows)] == ["An answer."]


@pytest.mark.parametrize("is_private", [False, True])
async def test_words_for_a_question_that_ended_meanwhile_can_be_pasted(
    scene: SpeakingUser, paths: Paths, is_private: bool
) -> None:
    controller, recorder = scene.engine._dictation_controller, scene.engine._history_service.recorder
    async with open_link(paths, {"command": "dictate", "client": "Helper", "prompt": "Well?"}):
        await scene.user.asked.wait()
        if is_private:
            write_setting(paths.settings, "history.private", "on")
            scene.engine.reload()
            scene.take_place()
        release = await scene.press("long words")
    await scene.until(lambda: controller._asked is None)
    release()
    await scene.until(lambda: (row := recorder.newest()) is not None and row.text == "Long words.")
    row = recorder.newest()
    assert row is not None
    assert row.delivery is Outcome.REFUSED
    assert scene.paster.pasted == []
    assert (row.id == NO_ROW) is is_private


async def test_words_said_before_the_question_is_seen_go_into_their_window(scene: SpeakingUser, paths: Paths) -> None:
    scene.user.is_shown = False
    async with open_link(paths, {"command": "dictate", "client": "Helper", "prompt": "Well?"}):
        await scene.user.asked.wait()
        await scene.speak("my letter")
        await scene.until(lambda: bool(scene.paster.pasted))
    assert scene.paster.pasted == [("My letter.", 1)]


async def test_question_is_answered_from_a_second_after_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    nothing: Any = None
    awaited = AwaitedAnswer("Helper", nothing, nothing, now=lambda: 10.0)
    assert not awaited.is_answered_by(100.0)
    awaited.on_shown()
    assert [awaited.is_answered_by(at) for at in (9.0, 10.9, 11.0)] == [False, False, True]
    awaited.decline()
    assert not awaited.is_answered_by(11.0)


async def test_client_that_goes_away_closes_its_question(scene: SpeakingUser, paths: Paths) -> None:
    controller = scene.engine._dictation_controller
    async with open_link(paths, {"command": "dictate", "client": "Helper", "prompt": "Well?"}):
        await scene.user.asked.wait()
        assert controller._asked is not None
    await scene.until(lambda: scene.user.closed == 1 and controller._asked is None)
    await scene.until(lambda: not scene.engine.doors._load_assistants()._is_asking)
    for command, values in (("search", {"query": "heron"}), ("dictate", {"prompt": "Well?"})):
        with pytest.raises(AppRefusedError, match="The user has just declined"):
            await request(paths, command, **values)


async def test_client_that_reads_nothing_keeps_no_other_from_asking(
    scene: SpeakingUser, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    await dictated(scene.engine, "heron " * 1_000_000)
    scene.user.allows = True
    with monkeypatch.context() as patch:
        patch.setattr(assistants, "SEND_TIMEOUT_S", 0.05)
        opened = await to_thread.run_sync(open_connection, paths, {"command": "search", "query": "", "limit": 1})
        assert opened is not None
        await scene.until(lambda: not scene.engine.doors.is_busy)
    with opened.client:
        assert (await request(paths, "search", query="crane", limit=1)) == {"dictations": []}
