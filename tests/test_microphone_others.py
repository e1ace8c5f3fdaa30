"""Other sound while one talks: real streams on a real sound server, a player on a real bus."""

from __future__ import annotations

import json
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest
from anyio import to_thread
from dbus_fast import PropertyAccess
from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property

from desktop.microphone import Ducking, Hushing, Others, Pausing
from desktop.microphone.others import Mode
from tests.sound import Sound
from tests.stage import FakeMicrophone

PATIENCE_S = 10.0
FULL, SOFT = 65536, 13107


def others(folder: Path, mode: Mode = "duck", after_s: float = 0.0) -> Others:
    made = Others(folder / "hushed.json", {"duck": Ducking(), "pause": Pausing()})
    made.mode, made.after_s = mode, after_s
    return made


@asynccontextmanager
async def living(these: Others) -> AsyncIterator[None]:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(these.run)
        yield
        tasks.cancel_scope.cancel()


async def until(met: Callable[[], object]) -> None:
    with anyio.fail_after(PATIENCE_S):
        while not await to_thread.run_sync(met):
            pass


def owed(folder: Path) -> int:
    return len(json.loads((folder / "hushed.json").read_text()))


@pytest.mark.anyio
async def test_what_plays_is_softer_while_one_talks_and_then_as_it_was(sound: Sound, tmp_path: Path) -> None:
    sound.stream("music")
    sound.stream("game")
    sound.stream("Intone")
    sound.set_volume("game", 40_000)
    these = others(tmp_path)
    async with living(these):
        async with Hushing(FakeMicrophone(), these).open():
            await until(lambda: sound.volumes() == {"music": SOFT, "game": 8_000, "Intone": FULL})
            assert owed(tmp_path) == 2
            async with Hushing(FakeMicrophone(), these).open():
                await to_thread.run_sync(sound.stream, "advert")
            await until(lambda: sound.volumes()["advert"] == SOFT)
        await until(lambda: sound.volumes() == {"music": FULL, "game": 40_000, "Intone": FULL, "advert": FULL})
    assert owed(tmp_path) == 0


@pytest.mark.anyio
async def test_a_volume_that_somebody_else_changes_meanwhile_stays_so(sound: Sound, tmp_path: Path) -> None:
    sound.stream("music")
    these = others(tmp_path)
    async with living(these):
        async with these.hushed():
            await until(lambda: sound.volumes()["music"] == SOFT)
            sound.set_volume("music", 30_000)
        await until(lambda: not these.debts)
    assert sound.volumes()["music"] == 30_000


@pytest.mark.anyio
async def test_the_end_of_the_app_gives_back_and_so_does_the_start_after_a_crash(sound: Sound, tmp_path: Path) -> None:
    sound.stream("music")
    these = others(tmp_path)
    async with living(these), these.hushed():
        await until(lambda: sound.volumes()["music"] == SOFT)
        left_by_a_crash = (tmp_path / "hushed.json").read_text()
    assert sound.volumes()["music"] == FULL
    sound.set_volume("music", SOFT)
    (tmp_path / "hushed.json").write_text(left_by_a_crash)
    async with living(others(tmp_path)):
        await until(lambda: sound.volumes()["music"] == FULL)


@pytest.mark.anyio
async def test_a_program_that_stops_while_it_is_soft_is_not_soft_for_ever(sound: Sound, tmp_path: Path) -> None:
    sound.load("module-stream-restore")
    player = sound.stream("music")
    these = others(tmp_path)
    async with living(these):
        async with these.hushed():
            await until(lambda: sound.volumes()["music"] == SOFT)
            player.terminate()
            await until(lambda: not sound.volumes())
        await until(lambda: owed(tmp_path) == 1)
        await to_thread.run_sync(sound.stream, "music")
        await until(lambda: sound.volumes()["music"] == FULL)
    assert owed(tmp_path) == 0


@pytest.mark.anyio
async def test_a_shortcut_changes_nothing(sound: Sound, tmp_path: Path) -> None:
    sound.stream("music")
    these = others(tmp_path, after_s=60)
    async with living(these):
        async with these.hushed():
            await until(lambda: True)
        async with these.hushed():
            await until(lambda: True)
        assert sound.volumes()["music"] == FULL
    assert these.debts == []


@pytest.mark.anyio
async def test_a_file_that_is_none_of_ours_owes_nothing(tmp_path: Path) -> None:
    (tmp_path / "hushed.json").write_text('{"kind": 1}')
    assert others(tmp_path).debts == []


class Player(ServiceInterface):
    """What a music player shows on the bus. `asked` is what it was asked to do."""

    def __init__(self, status: str) -> None:
        super().__init__("org.mpris.MediaPlayer2.Player")
        self.status = status
        self.asked: list[str] = []

    @dbus_property(access=PropertyAccess.READ)
    def PlaybackStatus(self) -> "s":  # noqa: F821, N802, UP037
        return self.status

    @dbus_method()
    def Pause(self):  # noqa: N802
        self.status = "Paused"
        self.asked.append("Pause")

    @dbus_method()
    def Play(self):  # noqa: N802
        self.status = "Playing"
        self.asked.append("Play")


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A session bus of the test's own."""
    command = ["dbus-daemon", "--session", "--nofork", "--print-address=1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    with process.stdout:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", process.stdout.readline().decode().strip())
    yield
    process.terminate()
    process.wait(timeout=5)


@asynccontextmanager
async def playing(name: str, status: str) -> AsyncIterator[Player]:
    connection = await MessageBus().connect()
    player = Player(status)
    connection.export("/org/mpris/MediaPlayer2", player)
    await connection.request_name(f"org.mpris.MediaPlayer2.{name}")
    yield player
    connection.disconnect()


@pytest.mark.anyio
async def test_players_that_play_are_paused_and_go_on_unless_somebody_touched_them(bus: None, tmp_path: Path) -> None:
    these = others(tmp_path, "pause")
    async with (
        playing("music", "Playing") as music,
        playing("film", "Playing") as film,
        playing("radio", "Paused") as radio,
        living(these),
    ):
        async with these.hushed():
            await until(lambda: (music.status, film.status) == ("Paused", "Paused"))
            await until(lambda: len(these.debts) == 2)
            film.status = "Stopped"
        await until(lambda: not these.debts)
        assert (music.asked, film.asked, radio.asked) == (["Pause", "Play"], ["Pause"], [])


@pytest.mark.anyio
async def test_without_a_bus_or_a_sound_server_nothing_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    assert await Pausing().find() == []
    assert await Ducking().find() == []
