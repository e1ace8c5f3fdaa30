"""A version that was installed beneath the app is said once it starts, and started once that disturbs nothing."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from desktop.app import replacement
from desktop.app.replacement import REST_S, ReplacementService, is_desk_idle, probe_version
from desktop.core.installation import DEBIAN_PREFIX
from desktop.core.replacement import InstalledFiles

pytestmark = pytest.mark.anyio

needs_shell = pytest.mark.skipif(sys.platform == "win32", reason="programs are scripts; on Windows none is asked")


def _script(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("echo intone 1.2.3", "1.2.3"),
        ("echo intone 1.2.3; exit 1", ""),
        ("echo another 1.2.3", ""),
        ("echo 'intone 1 2'", ""),
        ("echo intone 1.2.3; echo more", ""),
        ("kill -9 $$", ""),
    ],
)
@needs_shell
async def test_probe_version_believes_a_program_that_ends_well(tmp_path: Path, text: str, version: str) -> None:
    assert await probe_version([str(_script(tmp_path, "intone", text))], tmp_path) == version


@pytest.mark.parametrize(
    ("tried", "version"),
    [
        ("echo intone 1.2.3", "1.2.3"),
        ("echo Intone could not load its windows. >&2; exit 1", ""),  # a library that the system lacks
        ("kill -ABRT $$", ""),  # as Qt without its platform
        ("echo usage: >&2; exit 2", "0.1.0"),  # an older version, which does not know the argument
    ],
)
@needs_shell
async def test_probe_version_has_it_try_to_start(tmp_path: Path, tried: str, version: str) -> None:
    program = _script(tmp_path, "intone", f'[ "$1" = --version ] && echo intone 0.1.0 && exit\n{tried}')
    assert await probe_version([str(program)], tmp_path) == version


@needs_shell
async def test_probe_version_of_nothing_is_none(tmp_path: Path) -> None:
    assert await probe_version([str(tmp_path / "intone")], tmp_path) == ""


def _write_status(root: Path, status: str) -> None:
    """Write a database of dpkg that has the package with `status`."""
    if not Path("/usr/bin/dpkg-query").exists():
        pytest.skip("dpkg-query is not installed")
    database = root / "var/lib/dpkg"
    (database / "info").mkdir(parents=True)
    (database / "info/intone.list").touch()
    (database / "status").write_text(
        f"Package: intone\nStatus: {status}\nVersion: 1\nArchitecture: amd64\nMaintainer: Test\nDescription: test\n"
    )


@needs_shell
@pytest.mark.parametrize(
    ("status", "version"),
    [
        ("install ok installed", "1.2.3"),
        ("hold ok installed", "1.2.3"),
        ("install ok unpacked", ""),
        ("hold ok half-configured", ""),
    ],
)
async def test_probe_version_waits_for_dpkg(tmp_path: Path, status: str, version: str) -> None:
    _write_status(tmp_path, status)
    program = _script(tmp_path, "intone", "echo intone 1.2.3")
    assert await probe_version([str(program)], tmp_path, DEBIAN_PREFIX) == version


@needs_shell
async def test_probe_version_of_another_installation_asks_no_dpkg(tmp_path: Path) -> None:
    _write_status(tmp_path, "install ok unpacked")
    program = _script(tmp_path, "intone", "echo intone 1.2.3")
    assert await probe_version([str(program)], tmp_path, tmp_path / "venv") == "1.2.3"


@needs_shell
async def test_probe_version_has_one_timeout_for_both_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write_status(tmp_path, "install ok installed")
    monkeypatch.setattr(replacement, "PROBE_TIMEOUT_S", 0.5)
    with anyio.fail_after(30):
        assert await probe_version(["sleep", "60"], tmp_path, DEBIAN_PREFIX) == ""


@needs_shell
async def test_probe_version_waits_longer_where_it_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replacement, "PROBE_TIMEOUT_S", 0.001)
    program = _script(tmp_path, "intone", "echo intone 1.2.3")
    assert await probe_version([str(program)], tmp_path, timeout_s=30.0) == "1.2.3"


class Desk:
    """What the service hears and does. A probe takes `probe_s`, by a clock that stands still otherwise."""

    def __init__(self, folder: Path) -> None:
        self.clock_s = self.probe_s = 0.0
        self.file = folder / "file"
        self.file.write_text("1")
        self.version, self.may_restart = "2.0", False
        self.events: list[str] = []
        self.looks = 0
        self._news = anyio.Event()
        self.service = ReplacementService(
            InstalledFiles(self.file),
            self._probe,
            self._tell,
            self._may_restart,
            lambda: self._add("restart"),
            lambda: self.clock_s,
        )

    def replace(self, content: str) -> None:
        part = self.file.with_suffix(".new")
        part.write_text(content)
        part.replace(self.file)

    async def _probe(self) -> str:
        self._add("probe")
        self.clock_s += self.probe_s
        return self.version

    def _tell(self, version: str) -> None:
        self._add(version)

    def _may_restart(self) -> bool:
        self.looks += 1
        self._notify()
        return self.may_restart

    def _add(self, event: str) -> None:
        self.events.append(event)
        self._notify()

    def _notify(self) -> None:
        self._news.set()
        self._news = anyio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self.service.run, 0.001, 0.0)
            yield
            tasks.cancel_scope.cancel()

    async def until(self, event: str, count: int = 1) -> None:
        with anyio.fail_after(10):
            while self.events.count(event) < count:
                await self._news.wait()

    async def until_looked(self, count: int) -> None:
        with anyio.fail_after(10):
            while self.looks < count:
                await self._news.wait()


async def test_replaced_files_are_said_once_and_started_when_idle(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    async with desk.running():
        await anyio.wait_all_tasks_blocked()
        assert desk.events == []
        desk.replace("2")
        await desk.until_looked(3)
        assert desk.events == ["probe", "2.0"]
        desk.may_restart = True
        await desk.until("restart")


async def test_version_that_does_not_start_is_not_said(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.version, desk.may_restart = "", True
    async with desk.running():
        desk.replace("2")
        with anyio.fail_after(10):
            while desk.events.count("probe") < 3:
                await anyio.lowlevel.checkpoint()
        assert set(desk.events) == {"probe"}
        desk.version = "2.1"
        await desk.until("2.1")
        await desk.until("restart")


async def test_version_that_took_long_not_to_start_is_tried_again_late(tmp_path: Path) -> None:
    slow, quick = Desk(tmp_path), Desk(tmp_path)
    slow.version, slow.probe_s, quick.version = "", 60.0, ""
    async with slow.running(), quick.running():
        slow.replace("2")
        await slow.until("probe")
        await quick.until("probe", 9)
        assert slow.events == ["probe"]
    slow.version = "2.0"
    assert await slow.service._look(slow.service._files) == 0.0  # type: ignore[arg-type]


async def test_third_version_is_said_as_well(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    async with desk.running():
        desk.replace("2")
        await desk.until("2.0")
        desk.version = "3.0"
        desk.replace("three")
        await desk.until("3.0")


async def test_a_watch_that_begins_again_knows_the_first_files(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    async with desk.running():
        pass
    desk.replace("22")
    async with desk.running():
        await desk.until("2.0")


async def test_files_taken_off_start_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.may_restart = True
    async with desk.running():
        desk.file.unlink()
        await desk.service._look(desk.service._files)  # type: ignore[arg-type]
    assert desk.events == []


@pytest.mark.parametrize(
    ("state", "idle_s", "is_paused", "is_working", "may"),
    [
        ("idle", REST_S, False, False, True),
        ("idle", REST_S - 1, False, False, False),
        ("idle", REST_S, True, False, False),
        ("idle", REST_S, False, True, False),
        ("listening", REST_S, False, False, False),
        ("failed", REST_S, False, False, True),
        ("failed", REST_S - 1, False, False, False),
    ],
)
def test_is_desk_idle_only_where_nothing_would_be_disturbed(
    state: str, idle_s: float, is_paused: bool, is_working: bool, may: bool
) -> None:
    assert is_desk_idle(state, idle_s, is_paused=is_paused, is_working=is_working) is may
