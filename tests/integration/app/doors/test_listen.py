"""`intone listen` as a process of its own, at an engine that runs."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio import to_thread

from desktop.__main__ import main
from desktop.app.doors.service import MAX_READERS
from desktop.app.engine import Engine
from desktop.core.ipc_client import Connection, open_connection
from desktop.core.paths import Paths
from desktop.history.rows import JSON_KEYS
from desktop.settings.store import write_setting
from tests.support.running_engine import dictated, running, without_session

pytestmark = pytest.mark.anyio


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    return without_session(tmp_path, monkeypatch)


@pytest.fixture
async def engine(paths: Paths) -> AsyncIterator[Engine]:
    async with running(paths) as engine:
        yield engine


@contextmanager
def listening(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "desktop", "listen", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


async def read_line(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    line = await to_thread.run_sync(process.stdout.readline)
    values: dict[str, Any] = json.loads(line)
    return values


async def until_read_by(engine: Engine, count: int) -> None:
    with anyio.fail_after(30):
        while engine.doors._feed.reader_count != count:
            await anyio.lowlevel.checkpoint()


async def connect(paths: Paths) -> Connection:
    opened = await to_thread.run_sync(open_connection, paths, {"command": "listen"})
    assert opened is not None
    opened.client.settimeout(20)
    return opened


async def test_each_dictation_is_a_line_until_the_app_ends(paths: Paths) -> None:
    async with running(paths) as engine:
        with listening() as process:
            await until_read_by(engine, 1)
            await dictated(engine, "Grüße, one.", app="editor")
            await dictated(engine, "never", private=True)
            await dictated(engine, "Two.")
            lines = [await read_line(process) for _ in range(2)]
            engine.stop()
            with anyio.fail_after(30):
                status = await to_thread.run_sync(process.wait)
    assert [(line["text"], line["app"], line["delivery"]) for line in lines] == [
        ("Grüße, one.", "editor", "inserted"),
        ("Two.", "", "inserted"),
    ]
    assert all(tuple(line) == JSON_KEYS for line in lines)
    assert status == 0


async def test_nothing_is_published_in_private_mode(engine: Engine, paths: Paths) -> None:
    opened = await connect(paths)
    with opened.client:
        write_setting(paths.settings, "history.private", "on")
        engine.reload()
        await dictated(engine, "never")
        write_setting(paths.settings, "history.private", "off")
        engine.reload()
        await dictated(engine, "kept")
        line = await to_thread.run_sync(opened.client.recv, 1 << 16)
    assert json.loads(line)["text"] == "kept"


async def test_command_ends_when_its_reader_goes(engine: Engine) -> None:
    with listening("--wait") as process:
        await until_read_by(engine, 1)
        assert process.stdout is not None
        process.stdout.close()
        if sys.platform == "win32":
            await dictated(engine, "seen at the next line alone")
        with anyio.fail_after(30):
            assert await to_thread.run_sync(process.wait) == 0
    await until_read_by(engine, 0)


async def test_waiting_command_reads_from_the_next_app(paths: Paths) -> None:
    with listening("--wait") as process:
        for text in ("one", "two"):
            async with running(paths) as engine:
                await until_read_by(engine, 1)
                await dictated(engine, text)
                assert (await read_line(process))["text"] == text


async def test_waiting_command_outlasts_an_app_that_ends_as_it_is_asked(paths: Paths) -> None:
    with socket.socket(socket.AF_UNIX) as ending:
        ending.bind(str(paths.socket))
        ending.listen()
        with listening("--wait") as process:
            for _ in range(2):
                (await to_thread.run_sync(ending.accept))[0].close()
            assert process.poll() is None
            ending.close()
            paths.socket.unlink()
            async with running(paths) as engine:
                await until_read_by(engine, 1)


async def test_reader_that_reads_nothing_delays_nothing_and_is_counted(
    engine: Engine, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.app.doors.feed.MAX_WAITING_LINES", 3)
    opened = await connect(paths)
    text = "word " * 40_000  # more than a socket keeps
    with anyio.fail_after(60), opened.client:
        for _ in range(8):
            await dictated(engine, text)
        received = opened.client.makefile("r", encoding="utf-8")
        lines = list[dict[str, Any]]()
        while sum(line.get("dropped", 1) for line in lines) < 8:
            lines.append(json.loads(await to_thread.run_sync(received.readline)))
    assert sum(line.get("dropped", 1) for line in lines) == 8
    assert any("dropped" in line for line in lines)


async def test_only_so_many_listen_and_commands_go_on(engine: Engine, paths: Paths) -> None:
    connections = [await connect(paths) for _ in range(MAX_READERS + 1)]
    try:
        assert [connection.reply["ok"] for connection in connections] == [True] * MAX_READERS + [False]
        assert "listen to Intone already" in connections[-1].reply["error"]
        status = await to_thread.run_sync(open_connection, paths, {"command": "status"})
        assert status is not None
        assert status.reply["ok"]
        status.client.close()
    finally:
        for connection in connections:
            connection.client.close()
    await until_read_by(engine, 0)


@pytest.mark.parametrize("request_line", [{"command": "dictate-not"}, {"command": ["listen"]}, {"command": None}])
async def test_other_requests_are_refused(engine: Engine, paths: Paths, request_line: dict[str, Any]) -> None:
    opened = await to_thread.run_sync(open_connection, paths, request_line)
    assert opened is not None
    opened.client.close()
    assert not opened.reply["ok"]


async def test_without_an_app_the_command_says_so(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    assert await to_thread.run_sync(main, ["listen"]) == 1
    printed = capsys.readouterr()
    assert (printed.out, "Intone is not running" in printed.err) == ("", True)
