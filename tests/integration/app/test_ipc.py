"""The local socket and the lock: one app a home, driven by its own user alone."""

from __future__ import annotations

import json
import logging
import os
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import anyio
import anyio.lowlevel
import pytest
from anyio import to_thread

from desktop.app.ipc import MAX_CLIENTS, MAX_REQUEST_BYTES, acquire_lock, serve_commands
from desktop.core.errors import UserError
from desktop.core.ipc_client import Reply, send_command
from desktop.core.paths import Paths
from tests.support.other_systems import SYSTEM, only_on_linux

NOBODY = 65534


IS_ROOT = sys.platform != "win32" and os.getuid() == 0


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path / "run")


async def echo(command: str) -> Reply:
    return {"ok": True, "did": command}


async def asked(paths: Paths, command: str) -> Reply | None:
    return await to_thread.run_sync(send_command, paths, command)


def raw(paths: Paths, sent: bytes) -> bytes:
    """What comes back for these bytes, up to the end; nothing for a connection that is cut."""
    only_on_linux(SYSTEM)
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(10)
        client.connect(str(paths.socket))
        try:
            client.sendall(sent)
            return client.makefile("rb").read()
        except ConnectionError:
            return b""


CONNECT = """
import socket, sys
client = socket.socket(socket.AF_UNIX)
client.settimeout(10)
try:
    client.connect(sys.argv[1])
except PermissionError:
    sys.exit("not allowed")
try:
    client.sendall(b'{"command": "status"}\\n')
    print(client.recv(100))
except ConnectionError:
    print(b"")
"""


def as_nobody(path: Path) -> str:
    """What a program of another user gets at `path`."""
    python = os.path.realpath(sys.executable)
    command = [python, "-I", "-c", CONNECT, str(path)]
    child = subprocess.run(command, user=NOBODY, group=NOBODY, extra_groups=[], capture_output=True, text=True, cwd="/")
    return (child.stdout + child.stderr).strip()


@pytest.fixture
def crossing() -> Iterator[Paths]:
    """Paths that another user may walk through, unlike those of pytest."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield Paths(config=folder, data=folder, state=folder, runtime=folder)


@pytest.mark.anyio
async def test_a_command_is_done_and_its_reply_comes_back(paths: Paths) -> None:
    async with serve_commands(paths, echo):
        assert await asked(paths, "toggle") == {"ok": True, "did": "toggle"}


def test_nobody_answers_where_no_app_runs(paths: Paths) -> None:
    assert send_command(paths, "status") is None


@pytest.mark.anyio
async def test_ended_app_answers_nothing_and_socket_is_gone(paths: Paths) -> None:
    async with serve_commands(paths, echo):
        pass
    assert send_command(paths, "status") is None
    assert not paths.socket.exists()


@pytest.mark.anyio
async def test_the_socket_is_for_its_user_alone(paths: Paths) -> None:
    async with serve_commands(paths, echo):
        only_on_linux(SYSTEM)
        assert stat.S_IMODE(paths.socket.stat().st_mode) == 0o600
        assert stat.S_IMODE(paths.runtime.stat().st_mode) == 0o700


@pytest.mark.anyio
async def test_two_homes_do_not_meet(paths: Paths, tmp_path: Path) -> None:
    other = Paths(config=tmp_path / "other", data=tmp_path, state=tmp_path, runtime=paths.runtime)
    async with serve_commands(paths, echo):
        assert send_command(other, "status") is None


@pytest.mark.anyio
async def test_several_clients_are_served_at_once(paths: Paths) -> None:
    both = anyio.Event()
    waiting = 0

    async def together(command: str) -> Reply:
        nonlocal waiting
        waiting += 1
        if waiting == 2:
            both.set()
        await both.wait()
        return {"ok": True}

    async with serve_commands(paths, together), anyio.create_task_group() as clients:
        clients.start_soon(asked, paths, "start")
        clients.start_soon(asked, paths, "stop")
    assert waiting == 2


@pytest.mark.anyio
async def test_command_ending_the_app_is_answered(paths: Paths) -> None:
    end = anyio.Event()
    replies: list[Reply | None] = []

    async def leave(command: str) -> Reply:
        end.set()
        return {"ok": True}

    async def client() -> None:
        replies.append(await asked(paths, "quit"))

    async with anyio.create_task_group() as clients, serve_commands(paths, leave):
        clients.start_soon(client)
        await end.wait()
    assert replies == [{"ok": True}]


@pytest.mark.anyio
async def test_a_problem_becomes_a_sentence(paths: Paths) -> None:
    async def fail(command: str) -> Reply:
        raise UserError("microphone-unresponsive")

    async with serve_commands(paths, fail):
        reply = await asked(paths, "start")
    assert reply == {"ok": False, "error": str(UserError("microphone-unresponsive"))}


@pytest.mark.anyio
async def test_a_bug_is_logged_and_the_next_client_is_served(paths: Paths, caplog: pytest.LogCaptureFixture) -> None:
    async def stumble(command: str) -> Reply:
        if command == "start":
            raise ZeroDivisionError
        return {"ok": True}

    async with serve_commands(paths, stumble):
        reply = await asked(paths, "start")
        assert reply is not None
        assert not reply["ok"]
        assert await asked(paths, "stop") == {"ok": True}
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.anyio
@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"nonsense",
        b"[1, 2]",
        b"{}",
        b'{"command": 7}',
        b'{"command": "explode"}',
        b'{"command": ["start"]}',
        b"\xff\xfe",
        b"x" * 5000,
        b"[" * 4000,
        b'{"command": "status", "more": "' + b"x" * MAX_REQUEST_BYTES + b'"}',
    ],
)
async def test_what_is_no_command_is_refused_with_a_sentence(paths: Paths, line: bytes) -> None:
    async def never(command: str) -> Reply:
        raise AssertionError(command)

    async with serve_commands(paths, never):
        answer = json.loads(await to_thread.run_sync(raw, paths, line + b"\n"))
        assert not answer["ok"]
        assert "something it does not know" in answer["error"]


@pytest.mark.anyio
async def test_a_client_that_says_nothing_is_let_go(paths: Paths) -> None:
    async with serve_commands(paths, echo, timeout_s=0.1):
        assert await to_thread.run_sync(raw, paths, b'{"command"') == b""
        assert await asked(paths, "status") == {"ok": True, "did": "status"}


@pytest.mark.anyio
async def test_excess_clients_dropped_and_next_served(paths: Paths) -> None:
    only_on_linux(SYSTEM)
    waiting, go_on = 0, anyio.Event()

    async def wait(command: str) -> Reply:
        nonlocal waiting
        waiting += 1
        await go_on.wait()
        return {"ok": True}

    async with serve_commands(paths, wait), anyio.create_task_group() as clients:
        connected = []
        for _ in range(MAX_CLIENTS):
            client = await anyio.connect_unix(str(paths.socket))
            await client.send(b'{"command": "start"}\n')
            connected.append(client)
        while waiting < MAX_CLIENTS:
            await anyio.lowlevel.checkpoint()
        assert await to_thread.run_sync(raw, paths, b'{"command": "start"}\n') == b""
        go_on.set()
        for client in connected:
            assert json.loads(await client.receive()) == {"ok": True}
            await client.aclose()
        assert await asked(paths, "start") == {"ok": True}
        clients.cancel_scope.cancel()


@pytest.mark.anyio
async def test_a_line_without_an_end_is_cut_off(paths: Paths) -> None:
    async with serve_commands(paths, echo):
        answer = json.loads(await to_thread.run_sync(raw, paths, b"x" * (MAX_REQUEST_BYTES + 1)))
        assert not answer["ok"]


@pytest.mark.anyio
@pytest.mark.skipif(not IS_ROOT, reason="only root can become another user")
async def test_another_users_link_is_not_followed(paths: Paths, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    paths.runtime.symlink_to(tmp_path / "mine")
    os.chown(paths.runtime, NOBODY, NOBODY, follow_symlinks=False)
    with pytest.raises(UserError, match="link"):
        acquire_lock(paths)


def test_app_at_which_too_many_clients_wait_is_waited_for(paths: Paths) -> None:
    paths.runtime.mkdir()
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as first:
        server.bind(str(paths.socket))
        server.listen(0)
        first.connect(str(paths.socket))
        with pytest.raises(UserError, match="does not answer"):
            send_command(paths, "status", 0.1)


@pytest.mark.anyio
async def test_an_app_that_does_not_answer_is_named(paths: Paths) -> None:
    async def hang(command: str) -> Reply:
        await anyio.sleep_forever()
        raise AssertionError

    async with serve_commands(paths, hang):
        with pytest.raises(UserError, match="does not answer"):
            await to_thread.run_sync(send_command, paths, "status", 0.1)


@pytest.mark.anyio
@pytest.mark.skipif(not IS_ROOT, reason="only root can become another user")
async def test_other_user_refused_despite_file_mode(crossing: Paths, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    async with serve_commands(crossing, echo):
        assert await to_thread.run_sync(as_nobody, crossing.socket) == "not allowed"
        crossing.socket.chmod(0o666)
        assert await to_thread.run_sync(as_nobody, crossing.socket) == "b''"
        assert f"uid {NOBODY}" in caplog.text
        assert await asked(crossing, "status") == {"ok": True, "did": "status"}


def test_only_one_app_serves_a_home(paths: Paths) -> None:
    first = acquire_lock(paths)
    assert first is not None
    with first:
        assert acquire_lock(paths) is None
    second = acquire_lock(paths)
    assert second is not None
    second.release()


SERVE_FOR_EVER = """
import sys
from pathlib import Path
import anyio
from desktop.app.ipc import acquire_lock, serve_commands
from desktop.core.paths import Paths
home = Path(sys.argv[1])
paths = Paths(config=home, data=home, state=home, runtime=home / "run")

async def handle(command):
    return {"ok": True}

async def main():
    async with serve_commands(paths, handle):
        print("serving", flush=True)
        await anyio.sleep_forever()

with acquire_lock(paths):
    anyio.run(main)
"""


@pytest.fixture
def killed(paths: Paths) -> None:
    """An app served this home until it was killed."""
    command = [sys.executable, "-c", SERVE_FOR_EVER, str(paths.config)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as app:
        assert app.stdout is not None
        assert app.stdout.readline().strip() == b"serving"
        assert acquire_lock(paths) is None
        app.kill()


@pytest.mark.anyio
@pytest.mark.usefixtures("killed")
async def test_dead_process_socket_and_lock_replaced(paths: Paths) -> None:
    assert (paths.endpoint if sys.platform == "win32" else paths.socket).exists()
    assert send_command(paths, "status") is None
    lock = acquire_lock(paths)
    assert lock is not None
    with lock:
        async with serve_commands(paths, echo):
            assert await asked(paths, "status") == {"ok": True, "did": "status"}


@pytest.mark.anyio
async def test_folder_unfit_for_socket_raises_problem(paths: Paths, tmp_path: Path) -> None:
    only_on_linux(SYSTEM)
    deep = Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path / ("x" * 120))
    with pytest.raises(UserError, match="XDG_RUNTIME_DIR"):
        async with serve_commands(deep, echo):
            pass
    (tmp_path / "file").touch()
    barred = Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path / "file")
    with pytest.raises(UserError, match="XDG_RUNTIME_DIR"):
        acquire_lock(barred)
