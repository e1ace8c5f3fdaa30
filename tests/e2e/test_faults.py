"""What goes wrong around the running app in the middle of a dictation: each fault ends in a named outcome, and no word
is lost. The first faults of a list that goes on in `tests.unit.dictation.test_faults`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from desktop.platforms.linux.logind import LOGIN, MANAGER, PATH, SESSION
from tests.conftest import Clip
from tests.e2e.conftest import MODELS
from tests.support.desk import Desk, read_until, until
from tests.support.words import error_rate

OURS = f"{PATH}/session/_32"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk whose session bus is the system's too, with the app not started yet, on the quickest model."""
    with Desk(tmp_path_factory.mktemp("desk")) as desk:
        (desk.home / "models").symlink_to(MODELS)
        (desk.home / "settings.toml").write_text('[recognizer]\nmodel = "tiny.en"\n')
        desk.environ["DBUS_SYSTEM_BUS_ADDRESS"] = desk.environ["DBUS_SESSION_BUS_ADDRESS"]
        yield desk


class Logind:
    """A logind at `desk`, in a loop of its own that runs while something is asked of it."""

    def __init__(self, desk: Desk) -> None:
        self._address = desk.environ["DBUS_SESSION_BUS_ADDRESS"]
        self._loop = asyncio.new_event_loop()
        self._asked = asyncio.Event()
        self._bus: Any = None

    def __enter__(self) -> Logind:
        self._loop.run_until_complete(self._connect())
        return self

    def __exit__(self, *_: object) -> None:
        self._bus.disconnect()
        self._loop.run_until_complete(self._bus.wait_for_disconnect())
        self._loop.close()

    def wait_asked(self) -> None:
        """Wait until the app has asked for its session."""
        self._loop.run_until_complete(asyncio.wait_for(self._asked.wait(), 60))

    def say(self, interface: str, member: str, signature: str, *body: object, path: str = PATH) -> None:
        """Give a signal."""

        async def say() -> None:
            await self._bus.send(Message.new_signal(path, interface, member, signature, list(body)))

        self._loop.run_until_complete(say())

    async def _connect(self) -> None:
        self._bus = await MessageBus(self._address).connect()
        self._bus.add_message_handler(self._handle)
        await self._bus.request_name(LOGIN)

    def _handle(self, message: Message) -> Message | None:
        if message.message_type is MessageType.METHOD_CALL and message.member == "GetSessionByPID":
            self._asked.set()
            return Message.new_method_return(message, "o", [OURS])
        return None


def test_lock_keeps_words_and_sleep_breaks_nothing(desk: Desk, clips: list[Clip], tmp_path: Path) -> None:
    with Logind(desk) as logind:
        desk.start()
        logind.wait_asked()
        desk.wait_ready()
        file = tmp_path / "text"
        desk.open_qt_editor(file)
        desk.press()
        desk.wait_state("listening")
        desk.say(clips[1].path)
        logind.say(SESSION, "Lock", "", path=OURS)
        (row,) = desk.wait_rows(1)
        desk.release()
        assert row["delivery"] == "cancelled"
        assert Path(row["audio_path"]).is_file()
        logind.say(MANAGER, "PrepareForSleep", "b", True)
        logind.say(MANAGER, "PrepareForSleep", "b", False)
        desk.wait_state("idle")
        desk.dictate(clips[1].path)
        row = desk.wait_rows(2)[0]
        assert row["delivery"] == "inserted"
        assert read_until(file, lambda text: text == row["text"] != "")


def test_damaged_history_under_app_loses_no_word(desk: Desk, clips: list[Clip], tmp_path: Path) -> None:
    file = tmp_path / "text"
    desk.open_qt_editor(file)
    recordings = len(list((desk.home / "audio").iterdir()))
    desk.press()
    desk.wait_state("listening")
    desk.say(clips[1].path)
    (desk.home / "history.db").write_bytes(b"this is no database at all" * 500)
    desk.release()
    until(lambda: list(desk.home.glob("history.damaged-*.db")), "the old history is kept aside")
    row, *others = desk.wait_rows(1 + recordings)
    assert row["delivery"] == "inserted"
    assert read_until(file, lambda text: text == row["text"] != "")
    assert [other["delivery"] for other in others] == ["failed"] * recordings
    assert all(Path(other["audio_path"]).is_file() for other in others)


def test_session_end_mid_sentence_loses_nothing(desk: Desk, clips: list[Clip]) -> None:
    before = len(desk.history())
    desk.press()
    desk.wait_state("listening")
    desk.say(clips[1].path)
    assert desk.app is not None
    desk.app.terminate()
    assert desk.app.wait(timeout=20) == 0
    desk.release()
    desk.start()
    row = desk.wait_rows(before + 1)[0]
    assert row["delivery"] == "recovered"
    assert error_rate(clips[1].text, row["text"]) <= 0.3
    until(lambda: not list((desk.home / "spool").iterdir()), "the spool is empty")
