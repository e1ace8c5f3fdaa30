"""Players that are paused while one talks, on a real bus."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path

import anyio
import pytest
from dbus_fast import Message, PropertyAccess
from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property

from desktop.audio import media_players
from desktop.audio.ducking import AudioDucker, DuckedStream
from desktop.audio.media_players import PlayerPauser
from tests.integration.audio.test_ducking import PATIENCE_S, living, others, until
from tests.support.session_bus import NO_SERVICES

pytestmark = pytest.mark.anyio


class Player(ServiceInterface):
    """What a music player shows on the bus. `asked` is what it was asked to do; for as many `looks` it still shows what
    it did before (`shown`). While it is `silent` it shows nothing, and counts in `unanswered` who wants to see it."""

    def __init__(self, status: str, looks: int) -> None:
        super().__init__("org.mpris.MediaPlayer2.Player")
        self.status = self.shown = status
        self.asked: list[str] = []
        self.silent = False
        self.unanswered = 0
        self._looks = looks
        self._before, self._late = status, 0

    @dbus_property(access=PropertyAccess.READ)
    def PlaybackStatus(self) -> "s":  # noqa: F821, N802, UP037
        self._late -= 1
        self.shown = self._before if self._late >= 0 else self.status
        return self.shown

    @dbus_method()
    def Pause(self):  # noqa: N802
        self._do("Pause", "Paused")

    @dbus_method()
    def Play(self):  # noqa: N802
        self._do("Play", "Playing")

    def _do(self, asked: str, status: str) -> None:
        self._before, self._late = self.status, self._looks
        self.status = status
        self.asked.append(asked)

    def keeps_silent(self, message: Message) -> bool:
        silent = self.silent and message.member == "Get"
        self.unanswered += silent
        return silent


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[bytes]]:
    """A session bus of the test's own."""
    command = ["dbus-daemon", f"--config-file={NO_SERVICES}", "--nofork", "--print-address=1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    with process.stdout:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", process.stdout.readline().decode().strip())
    yield process
    process.terminate()
    process.wait(timeout=5)


@asynccontextmanager
async def playing(name: str, status: str = "Playing", looks: int = 0) -> AsyncIterator[Player]:
    connection = await MessageBus().connect()
    player = Player(status, looks)
    connection.add_message_handler(player.keeps_silent)
    connection.export("/org/mpris/MediaPlayer2", player)
    await connection.request_name(f"org.mpris.MediaPlayer2.{name}")
    try:
        yield player
    finally:
        connection.disconnect()


@pytest.mark.usefixtures("bus")
async def test_playing_players_pause_and_resume_if_untouched(tmp_path: Path) -> None:
    these = others(tmp_path, "pause")
    async with (
        playing("music") as music,
        playing("film") as film,
        playing("radio", "Paused") as radio,
        living(these),
    ):
        async with these.ducked():
            await until(lambda: (music.status, film.status) == ("Paused", "Paused"))
            await until(lambda: len(these.ducked_streams) == 2)
            film.status = "Stopped"
        await until(lambda: not these.ducked_streams)
        assert (music.asked, film.asked, radio.asked) == (["Pause", "Play"], ["Pause"], [])


@pytest.mark.usefixtures("bus")
async def test_player_pausing_late_is_resumed_too(tmp_path: Path) -> None:
    these = others(tmp_path, "pause")
    async with playing("music", looks=5) as music:
        async with living(these):
            async with these.ducked():
                await until(lambda: music.asked)
            await until(lambda: not these.ducked_streams)
            assert music.asked == ["Pause", "Play"]
            music.asked.clear()
            async with these.ducked():
                await until(lambda: music.asked)
        assert music.asked == ["Pause", "Play"], "the app ended meanwhile"


@pytest.mark.usefixtures("bus")
async def test_unanswering_player_resumed_when_it_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with owed(tmp_path, monkeypatch) as (these, music):
        async with these.ducked():
            pass
        await until(lambda: not these.ducked_streams)
        assert music.asked == ["Pause", "Play"]


@asynccontextmanager
async def owed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[AudioDucker, Player]]:
    """A player that was paused and did not answer when it was to go on, so that it is still owed to."""
    monkeypatch.setattr(media_players, "ANSWER_TIMEOUT_S", PATIENCE_S)
    monkeypatch.setenv("PATH", "")  # nothing reports what begins, so the player is asked at the end alone
    these = others(folder, "pause")
    async with playing("music") as music, living(these):
        async with these.ducked():
            await until(lambda: music.shown == "Paused")
            music.silent = True
            monkeypatch.setattr(media_players, "ANSWER_TIMEOUT_S", 0.5)
        await until(lambda: these.ducked_streams[0].due)
        music.silent = False
        monkeypatch.setattr(media_players, "ANSWER_TIMEOUT_S", PATIENCE_S)
        yield these, music


@pytest.mark.usefixtures("bus")
async def test_player_not_resumed_long_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with owed(tmp_path, monkeypatch) as (these, music):
        monkeypatch.setattr(import_module("desktop.audio.ducking"), "PAUSE_EXPIRY_S", 0.0)
        async with these.ducked():
            pass
        await until(lambda: not these.ducked_streams)
        assert music.asked == ["Pause"]


@pytest.mark.usefixtures("bus")
async def test_player_restarted_by_user_paused_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with owed(tmp_path, monkeypatch) as (these, music):
        music.status = "Playing"
        async with these.ducked():
            await until(lambda: music.asked == ["Pause", "Pause"])
            assert len(these.ducked_streams) == 1
        await until(lambda: not these.ducked_streams)
        assert music.asked == ["Pause", "Pause", "Play"]


async def test_without_a_bus_that_answers_the_debt_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_players, "ANSWER_TIMEOUT_S", 0.1)
    owed = DuckedStream("pause", "org.mpris.MediaPlayer2.music", ":1.5")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/bus")
    assert not await PlayerPauser().restore(owed)
    async with await asyncio.start_unix_server(lambda reader, writer: writer.close(), f"{tmp_path}/bus"):
        assert not await PlayerPauser().restore(owed)


async def test_a_player_that_has_gone_is_owed_nothing(bus: subprocess.Popen[bytes]) -> None:
    assert await PlayerPauser().restore(DuckedStream("pause", "org.mpris.MediaPlayer2.music", ":1.5"))


async def test_a_bus_that_ends_in_the_middle_is_none(bus: subprocess.Popen[bytes]) -> None:
    async def end() -> None:
        await until(lambda: music.unanswered)
        bus.kill()

    async with playing("music") as music, anyio.create_task_group() as tasks:
        music.silent = True
        tasks.start_soon(end)
        assert await PlayerPauser().find_streams() == []
