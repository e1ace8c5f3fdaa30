"""The muter beside a server that answers when the test has it answer."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from desktop.audio.calls.mute_file import MuteFile
from desktop.audio.calls.muter import CallMuter, CallMutes, NoRestorer
from desktop.audio.calls.streams import MutedStream, RecordingStream

ZOOM = RecordingStream("5", 5, "Zoom", "Zoom", False, True)

TIMEOUT_S = 20.0


class Server:
    """A sound server with `streams`, which does what is asked as soon as `answer` is called."""

    poll_s = math.inf

    def __init__(self, *streams: RecordingStream) -> None:
        self.streams = {stream.where: stream for stream in streams}
        self.server = ""
        self.asked = list[tuple[str, bool, Callable[[bool], None]]]()
        self._on_change: Callable[[], None] = lambda: None

    async def run(self, on_change: Callable[[], None]) -> None:
        self.server, self._on_change = "a", on_change
        on_change()
        await anyio.sleep_forever()

    async def refresh(self) -> None:
        """All is current."""

    def set_mute(self, where: str, *, is_muted: bool, on_done: Callable[[bool], None]) -> None:
        self.asked.append((where, is_muted, on_done))

    def answer(self, *, is_done: bool = True) -> None:
        """Answer the first question."""
        where, is_muted, on_done = self.asked.pop(0)
        if is_done:
            self.streams[where] = replace(self.streams[where], is_muted=is_muted)
        on_done(is_done)

    def set_by_user(self, where: str, *, is_muted: bool) -> None:
        """Mute or unmute in a mixer."""
        self.streams[where] = replace(self.streams[where], is_muted=is_muted)
        self._on_change()


class Muting:
    """A muter of `server`, and what it has said."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server = server
        self.file = folder / "muted.json"
        self.said = [CallMutes()]
        self.muter = CallMuter(self.file, server, NoRestorer(), self.said.append)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[CallMuter]:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self.muter.run)
            await until(lambda: self.muter._server == "a")
            yield self.muter
            tasks.cancel_scope.cancel()


async def until(met: Callable[[], object]) -> None:
    with anyio.fail_after(TIMEOUT_S):
        while not met():
            await anyio.lowlevel.checkpoint()


@pytest.mark.anyio
async def test_a_press_mutes_before_anything_else_runs_and_writes_first(tmp_path: Path) -> None:
    muting = Muting(Server(ZOOM), tmp_path)
    async with muting.running() as muter:
        async with muter.muting():
            assert [(where, is_muted) for where, is_muted, _ in muting.server.asked] == [("5", True)]
            assert [one.title for one in MuteFile(muting.file).read()] == ["Zoom"]
            muting.server.answer()
            await until(lambda: muting.said[-1] == CallMutes(("Zoom",)))
        await until(lambda: muting.server.asked)
        assert muting.file.exists()
        muting.server.answer()
        await until(lambda: not muting.file.exists())
        await until(lambda: muting.said[-1] == CallMutes())


@pytest.mark.anyio
async def test_a_mute_that_is_refused_or_late_is_said(tmp_path: Path) -> None:
    muting = Muting(Server(ZOOM), tmp_path)
    async with muting.running() as muter:
        async with muter.muting():
            await until(lambda: muting.said[-1].is_failing)  # late
            muting.server.answer()
            await until(lambda: muting.said[-1] == CallMutes(("Zoom",)))
        await until(lambda: muting.server.asked)
        muting.server.answer()
        async with muter.muting():
            muting.server.answer(is_done=False)
            await until(lambda: muting.said[-1].is_failing)
        await until(lambda: muting.said[-1] == CallMutes())


@pytest.mark.anyio
async def test_a_release_and_a_press_before_the_answers_end_muted(tmp_path: Path) -> None:
    muting = Muting(Server(ZOOM), tmp_path)
    async with muting.running() as muter:
        async with muter.muting():
            pass
        await until(lambda: len(muting.server.asked) == 2)
        async with muter.muting():
            assert [is_muted for _, is_muted, _ in muting.server.asked] == [True, False, True]
            for _ in range(3):
                muting.server.answer()
                for _ in range(5):
                    await anyio.lowlevel.checkpoint()
            await until(lambda: muting.said[-1] == CallMutes(("Zoom",)))
            assert muting.server.streams["5"].is_muted
        await until(lambda: muting.server.asked)
        muting.server.answer()
        await until(lambda: not muting.file.exists())


@pytest.mark.anyio
async def test_a_mute_that_the_user_undoes_is_not_made_again(tmp_path: Path) -> None:
    muting = Muting(Server(ZOOM), tmp_path)
    async with muting.running() as muter:
        async with muter.muting():
            muting.server.answer()
            await until(lambda: muting.said[-1] == CallMutes(("Zoom",)))
            muting.server.set_by_user("5", is_muted=False)
            await until(lambda: not muting.file.exists())
            await until(lambda: muting.said[-1] == CallMutes())
            muting.server.set_by_user("5", is_muted=True)
            await anyio.lowlevel.checkpoint()
        for _ in range(20):
            await anyio.lowlevel.checkpoint()
        assert muting.server.asked == []
        assert muting.server.streams["5"].is_muted


@pytest.mark.anyio
async def test_a_press_whose_recording_opens_stays_muted_and_one_without_does_not(tmp_path: Path) -> None:
    muting = Muting(Server(ZOOM), tmp_path)
    async with muting.running() as muter:
        muter.expect()
        assert [is_muted for _, is_muted, _ in muting.server.asked] == [True]
        async with muter.muting():
            assert len(muting.server.asked) == 1
            muting.server.answer()
            await until(lambda: muting.said[-1] == CallMutes(("Zoom",)))
        await until(lambda: muting.server.asked)
        muting.server.answer()
        muter.expect()
        muting.server.answer()
        await until(lambda: muting.said[-1] == CallMutes(("Zoom",)))
        await until(lambda: muting.server.asked)  # no recording was opened
        assert muting.server.asked[0][1] is False


@pytest.mark.anyio
async def test_what_the_settings_do_not_want_only_undoes(tmp_path: Path) -> None:
    left = MutedStream("5", 5, "Zoom", "Zoom", "a", 1e12)
    MuteFile(tmp_path / "muted.json").write(lambda: (left,))
    muting = Muting(Server(replace(ZOOM, is_muted=True)), tmp_path)
    muting.muter.is_wanted = False
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(muting.muter.run)
        await until(lambda: muting.server.asked)
        assert muting.server.asked[0][:2] == ("5", False)
        muting.server.answer()
    assert not muting.file.exists()


@pytest.mark.anyio
async def test_the_end_of_the_app_undoes_what_is_muted(tmp_path: Path) -> None:
    muting = Muting(Server(ZOOM), tmp_path)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(muting.muter.run)
        await until(lambda: muting.muter._server == "a")
        async with muting.muter.muting():
            muting.server.answer()
            await until(lambda: muting.said[-1] == CallMutes(("Zoom",)))
            tasks.cancel_scope.cancel()
            with anyio.CancelScope(shield=True):
                await until(lambda: muting.server.asked)
                muting.server.answer()
    assert not muting.file.exists()
    assert not muting.server.streams["5"].is_muted


def test_a_file_that_is_none_of_ours_is_said_and_left(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "muted.json").write_text("nonsense")
    assert MuteFile(tmp_path / "muted.json").read() == ()
    assert "cannot be read" in caplog.text


def test_a_folder_that_takes_no_file_does_not_raise(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "state").touch()
    MuteFile(tmp_path / "state/muted.json").write(lambda: (MutedStream("5", 5, "Zoom", "Zoom", "a"),))
    assert "not kept on disk" in caplog.text
