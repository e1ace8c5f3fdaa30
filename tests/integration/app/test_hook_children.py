"""What a hook starts and leaves behind ends with it, on every system: real processes, seen by their connections."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from desktop.app.doors.hook import run_command

CHILD = """
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as connection:
    print("connected", flush=True)
    connection.recv(1)
"""
"""A child that holds a connection until it is killed."""

HOOK = """
import subprocess, sys
child = subprocess.Popen([sys.executable, sys.argv[1], sys.argv[2]], stdout=subprocess.PIPE)
child.stdout.readline()
if sys.argv[3] == "stay":
    child.wait()
"""

pytestmark = pytest.mark.anyio


@contextmanager
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        yield server


def command(folder: Path, server: socket.socket, how: str) -> str:
    """A command line of a hook that starts a child, which connects to `server`, and stays or leaves it behind."""
    hook, child = folder / "hook.py", folder / "child.py"
    hook.write_text(HOOK)
    child.write_text(CHILD)
    return f'"{sys.executable}" "{hook}" "{child}" {server.getsockname()[1]} {how}'


async def assert_ended(connection: socket.socket) -> None:
    """Wait until the other end is closed, as it is when the child has ended."""
    with connection:
        connection.settimeout(30)
        with suppress(ConnectionResetError):  # as Windows closes the connections of a process that is killed
            assert await to_thread.run_sync(connection.recv, 1) == b""


async def test_child_that_a_hook_leaves_behind_is_killed(tmp_path: Path) -> None:
    with listening() as server:
        assert await run_command(command(tmp_path, server, "leave"), "words", {}, 60) == 0
        await assert_ended(server.accept()[0])


async def test_children_are_killed_when_the_app_ends(tmp_path: Path) -> None:
    with listening() as server:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(run_command, command(tmp_path, server, "stay"), "words", {}, 600)
            connection, _ = await to_thread.run_sync(server.accept)
            tasks.cancel_scope.cancel()
        await assert_ended(connection)
