"""The user muted in calls while one dictates: real recording streams on a real sound server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from time import monotonic

import anyio
import pytest
from anyio import to_thread

from desktop.audio.calls.mute_file import MuteFile
from desktop.audio.calls.muter import CallMuter, CallMutes
from desktop.audio.calls.pulse_calls import PulseCalls, find_recording_programs
from desktop.audio.calls.restorer import CallRestorer
from tests.support.desk import ROOT
from tests.support.sound_server import Sound
from tests.support.stage import FakeMicrophone

TIMEOUT_S = 20.0


class Calls:
    """A muter in `folder`, and what it has said."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "muted.json"
        self.said = list[CallMutes]()
        self.streams = PulseCalls()
        self.muter = CallMuter(self.file, self.streams, CallRestorer(self.file), self.said.append)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[CallMuter]:
        """Run it, connected."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self.muter.run)
            await until(lambda: self.streams.server)
            yield self.muter
            tasks.cancel_scope.cancel()


async def until(met: Callable[[], object]) -> None:
    with anyio.fail_after(TIMEOUT_S):
        while not await to_thread.run_sync(met):
            pass


@pytest.mark.anyio
async def test_calls_are_muted_for_a_recording_and_nothing_else_is(sound: Sound, tmp_path: Path) -> None:
    sound.record("Zoom")
    sound.record("Firefox")
    sound.record("studio", "vmic_sink.monitor")
    sound.record("quiet")
    sound.mute_recorder("quiet", on=True)
    sound.record("mixer", "vmic", "media.name=Peak detect")
    sound.record("Intone", "vmic", "intone.line=1")
    sound.stream("music")
    before, calls = sound.recorders(), Calls(tmp_path)
    async with calls.running() as muter:
        async with muter.wrap(FakeMicrophone()).open():
            await until(lambda: sound.muted()["Zoom"] == sound.muted()["Firefox"] == [True])
            assert [one.title for one in MuteFile(calls.file).read()] == ["Zoom", "Firefox"]
            others = {"studio": [False], "quiet": [True], "mixer": [False], "Intone": [False]}
            assert {name: sound.muted()[name] for name in others} == others
            assert sound.volumes() == {"music": 65536}
        await until(lambda: sound.recorders() == before)
        await until(lambda: not calls.file.exists())
    await until(lambda: calls.said[-1] == CallMutes())
    assert CallMutes(("Zoom", "Firefox")) in calls.said
    assert not any(mutes.is_failing for mutes in calls.said)


@pytest.mark.anyio
async def test_a_call_that_begins_meanwhile_is_muted(sound: Sound, tmp_path: Path) -> None:
    calls = Calls(tmp_path)
    async with calls.running() as muter:
        async with muter.muting():
            await to_thread.run_sync(sound.record, "Zoom")
            await until(lambda: sound.muted() == {"Zoom": [True]})
        await until(lambda: sound.muted() == {"Zoom": [False]})


@pytest.mark.anyio
async def test_a_user_who_unmutes_or_mutes_meanwhile_is_obeyed(sound: Sound, tmp_path: Path) -> None:
    sound.record("Zoom")
    sound.record("Teams")
    calls = Calls(tmp_path)
    async with calls.running() as muter:
        async with muter.muting():
            await until(lambda: sound.muted() == {"Zoom": [True], "Teams": [True]})
            sound.mute_recorder("Zoom", on=False)
            sound.mute_recorder("Teams", on=False)
            await until(lambda: not calls.file.exists())
            sound.mute_recorder("Teams", on=True)
            await to_thread.run_sync(sound.record, "Meet")
            await until(lambda: sound.muted()["Meet"] == [True])
            assert sound.muted() == {"Zoom": [False], "Teams": [True], "Meet": [True]}
        await until(lambda: sound.muted() == {"Zoom": [False], "Teams": [True], "Meet": [False]})
        async with muter.muting():
            await until(lambda: sound.muted()["Zoom"] == [True])
        await until(lambda: sound.muted()["Zoom"] == [False])
        assert sound.muted()["Teams"] == [True]


@pytest.mark.anyio
async def test_a_call_that_ends_muted_begins_unmuted(sound: Sound, tmp_path: Path) -> None:
    sound.load("module-stream-restore")
    recorder = sound.record("Zoom")
    calls = Calls(tmp_path)
    async with calls.running() as muter:
        async with muter.muting():
            await until(lambda: sound.muted() == {"Zoom": [True]})
            recorder.terminate()
            await until(lambda: not sound.muted())
        await until(lambda: [one.due > 0 for one in MuteFile(calls.file).read()] == [True])
        recorder = await to_thread.run_sync(sound.record, "Zoom")
        await until(lambda: sound.muted() == {"Zoom": [False]})
        await until(lambda: not calls.file.exists())
        async with muter.muting():
            await until(lambda: sound.muted() == {"Zoom": [True]})
            recorder.terminate()
            await until(lambda: not sound.muted())
            await to_thread.run_sync(sound.record, "Zoom")  # the server mutes it from its beginning
            await until(lambda: calls.said[-1].programs == ("Zoom",))
            await to_thread.run_sync(sound.record, "Zoom")
            await until(lambda: sound.muted() == {"Zoom": [True, True]})
        await until(lambda: sound.muted() == {"Zoom": [False, False]})
        await until(lambda: not calls.file.exists())


@pytest.mark.anyio
async def test_presses_in_quick_succession_end_as_they_should(sound: Sound, tmp_path: Path) -> None:
    sound.record("Zoom")
    calls = Calls(tmp_path)
    async with calls.running() as muter:
        for _ in range(100):
            async with muter.muting():
                await anyio.lowlevel.checkpoint()
            await anyio.lowlevel.checkpoint()
        async with muter.muting():
            await until(lambda: sound.muted() == {"Zoom": [True]})
            assert calls.said[-1] == CallMutes(("Zoom",))
        await until(lambda: sound.muted() == {"Zoom": [False]})
        await until(lambda: not calls.file.exists())


@pytest.mark.anyio
async def test_fifty_calls_are_muted(sound: Sound, tmp_path: Path) -> None:
    recorders = 50
    for number in range(recorders):
        sound.record(f"call {number}")
    calls = Calls(tmp_path)
    async with calls.running() as muter:
        async with muter.muting():
            await until(lambda: len(calls.said) > 0 and len(calls.said[-1].programs) == recorders)
            assert all(one == [True] for one in sound.muted().values())
        await until(lambda: not any(one == [True] for one in sound.muted().values()))


@pytest.mark.anyio
async def test_a_frozen_server_delays_no_recording_and_is_said(sound: Sound, tmp_path: Path) -> None:
    sound.record("Zoom")
    calls = Calls(tmp_path)
    async with calls.running() as muter:
        sound.freeze()
        try:
            began = monotonic()
            async with muter.muting():
                assert monotonic() - began < 0.1
                await until(lambda: bool(calls.said) and calls.said[-1].is_failing)
            await until(lambda: calls.said[-1] == CallMutes())
            assert [one.title for one in MuteFile(calls.file).read()] == ["Zoom"]
        finally:
            sound.freeze(on=False)
        await until(lambda: not calls.file.exists())
        assert sound.muted() == {"Zoom": [False]}
        sound.freeze()
        try:
            async with muter.muting():
                await until(lambda: calls.said[-1].is_failing)
                sound.freeze(on=False)
                await until(lambda: calls.said[-1] == CallMutes(("Zoom",)))
        finally:
            sound.freeze(on=False)


@pytest.mark.anyio
async def test_an_app_that_ends_while_the_server_is_frozen_leaves_the_rest_to_the_restorer(
    sound: Sound, tmp_path: Path
) -> None:
    sound.record("Zoom")
    restorer = CallRestorer(tmp_path / "muted.json")
    calls = Calls(tmp_path)
    calls.muter = CallMuter(calls.file, calls.streams, restorer, calls.said.append)
    try:
        async with calls.running() as muter, muter.muting():
            await until(lambda: sound.muted() == {"Zoom": [True]})
            sound.freeze()
    finally:
        sound.freeze(on=False)
    await until(lambda: not restorer.is_running)
    assert sound.muted() == {"Zoom": [False]}
    assert not calls.file.exists()


@pytest.mark.anyio
async def test_a_server_that_starts_again_is_found_again(sound: Sound, tmp_path: Path) -> None:
    sound.record("Zoom")
    calls = Calls(tmp_path)
    async with calls.running() as muter:
        async with muter.muting():
            await until(lambda: sound.muted() == {"Zoom": [True]})
            await to_thread.run_sync(sound.restart)
            await until(lambda: calls.said[-1].is_failing or calls.streams.server)
            await to_thread.run_sync(sound.record, "Zoom")
            await until(lambda: sound.muted() == {"Zoom": [True]})
            await until(lambda: calls.said[-1] == CallMutes(("Zoom",)))
        await until(lambda: sound.muted() == {"Zoom": [False]})
        await until(lambda: not calls.file.exists())


@pytest.mark.anyio
async def test_without_a_server_it_is_said_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    calls = Calls(tmp_path)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(calls.muter.run)
        async with calls.muter.muting():
            await until(lambda: calls.said == [CallMutes(is_failing=True)])
        await until(lambda: calls.said[-1] == CallMutes())
        tasks.cancel_scope.cancel()
    assert await find_recording_programs(PulseCalls()) == ()


@contextmanager
def app(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """An app that mutes calls; inside, they are muted."""
    command = (sys.executable, "-m", "tests.support.killed_calls", str(folder / "muted.json"))
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "muted\n"
            yield process
        finally:
            process.kill()


@pytest.mark.anyio
async def test_a_killed_app_gives_calls_back(sound: Sound, tmp_path: Path) -> None:
    sound.record("Zoom")
    before = sound.recorders()
    with app(tmp_path) as killed:
        assert sound.muted() == {"Zoom": [True]}
        killed.kill()
        await until(lambda: sound.recorders() == before)
    await until(lambda: not (tmp_path / "muted.json").exists())


@pytest.mark.anyio
async def test_the_next_start_gives_back_where_all_was_killed(sound: Sound, tmp_path: Path) -> None:
    sound.record("Zoom")
    with app(tmp_path) as killed:
        for child in (*task_children(killed.pid), killed.pid):
            os.kill(child, signal.SIGKILL)
        killed.wait()
    assert sound.muted() == {"Zoom": [True]}
    calls = Calls(tmp_path)
    calls.muter.is_wanted = False  # whatever the settings say then
    await calls.muter.run()
    assert sound.muted() == {"Zoom": [False]}
    assert not calls.file.exists()


def task_children(pid: int) -> list[int]:
    """The processes that any thread of `pid` has started."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for found in lists for child in found.read_text().split()]


@pytest.mark.anyio
async def test_an_app_that_starts_at_once_is_not_undone_by_the_last_ones_restorer(sound: Sound, tmp_path: Path) -> None:
    sound.record("Zoom")
    with app(tmp_path) as killed:
        killed.kill()
        with app(tmp_path):
            assert sound.muted() == {"Zoom": [True]}
            assert len(MuteFile(tmp_path / "muted.json").read()) == 1
        await until(lambda: sound.muted() == {"Zoom": [False]})


@pytest.mark.anyio
async def test_a_restorer_that_is_killed_alone_is_started_again(sound: Sound, tmp_path: Path) -> None:
    sound.record("Zoom")
    restorer = CallRestorer(tmp_path / "muted.json")
    calls = Calls(tmp_path)
    calls.muter = CallMuter(calls.file, calls.streams, restorer, calls.said.append)
    async with calls.running() as muter:
        assert restorer._process is not None
        restorer._process.kill()
        restorer._process.wait()
        assert not restorer.is_running
        async with muter.muting():
            await until(lambda: sound.muted() == {"Zoom": [True]})
        await until(lambda: restorer.is_running)


@pytest.mark.anyio
async def test_a_look_names_the_programs_that_hear_the_user(sound: Sound) -> None:
    sound.record("Zoom")
    sound.record("studio", "vmic_sink.monitor")
    assert await find_recording_programs(PulseCalls()) == ("Zoom",)
