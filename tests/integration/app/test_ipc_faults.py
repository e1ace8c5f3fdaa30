"""The local socket where the system has no more to give, and where an app dies while it answers."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

from desktop.core.errors import UserError
from desktop.core.ipc_client import send_command
from desktop.core.paths import Paths

FULL = """
import logging, os, resource, sys
from pathlib import Path
import anyio
from desktop.app.ipc import serve_commands
from desktop.core.paths import Paths
logging.basicConfig(stream=sys.stdout, format="%(message)s")
home = Path(sys.argv[1])

async def handle(command):
    return {"ok": True}

async def main():
    async with serve_commands(Paths(config=home, data=home, state=home, runtime=home / "run"), handle):
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
        held = []
        try:
            while True:
                held.append(os.open(os.devnull, os.O_RDONLY))
        except OSError:
            print("full", flush=True)
        await anyio.wait_readable(sys.stdin)
        for number in held:
            os.close(number)
        await anyio.sleep_forever()

anyio.run(main)
"""


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path / "run")


def test_client_waits_until_a_file_can_be_opened(paths: Paths) -> None:
    command = [sys.executable, "-c", FULL, str(paths.config)]
    pipe, replies = subprocess.PIPE, list[object]()
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as app:
        assert app.stdin is not None
        assert app.stdout is not None
        try:
            assert app.stdout.readline() == "full\n"
            client = Thread(target=lambda: replies.append(send_command(paths, "toggle")))
            client.start()
            assert app.stdout.readline() == "no client can be accepted now: [Errno 24] Too many open files\n"
            app.stdin.write("\n")
            app.stdin.flush()
            client.join()
            assert replies == [{"ok": True}]
        finally:
            app.kill()


def test_half_an_answer_is_an_app_that_went_away(paths: Paths) -> None:
    paths.runtime.mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(paths.socket))
        server.listen()

        def die() -> None:
            client, _ = server.accept()
            with client, client.makefile("rb") as asked:
                asked.readline()
                client.sendall(b'{"ok": tr')

        app = Thread(target=die)
        app.start()
        with pytest.raises(UserError, match="went away before it answered"):
            send_command(paths, "toggle")
        app.join()
