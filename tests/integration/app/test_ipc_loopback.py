"""The channel of Windows, run on each system: a port of this machine that obeys the holders of a token."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from anyio import to_thread

from desktop.app.ipc import acquire_lock, serve_commands
from desktop.core.errors import UserError
from desktop.core.ipc_client import Reply, send_command
from desktop.core.paths import Paths, find_paths
from tests.support.private_files import is_private

REFUSED = "refused a client without this app's token"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path / "run")


async def echo(command: str) -> Reply:
    return {"ok": True, "did": command}


async def asked(paths: Paths, command: str) -> Reply | None:
    return await to_thread.run_sync(lambda: send_command(paths, command, uses_loopback=True))


def endpoint(paths: Paths) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(paths.endpoint.read_text(encoding="utf-8"))
    return values


def answer(port: int, request: object) -> bytes:
    """What comes back for this request, up to the end."""
    with socket.create_connection(("127.0.0.1", port), 10) as client:
        client.sendall(json.dumps(request).encode() + b"\n")
        return client.makefile("rb").read()


@pytest.mark.anyio
async def test_a_command_with_the_token_is_done(paths: Paths) -> None:
    async with serve_commands(paths, echo, uses_loopback=True):
        assert await asked(paths, "toggle") == {"ok": True, "did": "toggle"}
        assert not paths.socket.exists()
    assert not paths.endpoint.exists()
    assert await asked(paths, "toggle") is None


@pytest.mark.anyio
@pytest.mark.parametrize(
    "token",
    [{}, {"token": ""}, {"token": "0" * 64}, {"token": None}, {"token": 7}, {"token": ["a"]}, {"token": "é"}],
)
async def test_a_client_without_the_token_is_refused(
    paths: Paths, caplog: pytest.LogCaptureFixture, token: dict[str, Any]
) -> None:
    done = []

    async def handle(command: str) -> Reply:
        done.append(command)
        return {"ok": True}

    caplog.set_level(logging.WARNING)
    async with serve_commands(paths, handle, uses_loopback=True):
        port = endpoint(paths)["port"]
        assert await to_thread.run_sync(answer, port, {"command": "toggle"} | token) == b""
        assert await to_thread.run_sync(answer, port, ["toggle"]) == b""
    assert done == []
    assert caplog.messages.count(REFUSED) == 2


@pytest.mark.anyio
async def test_token_is_random_and_only_its_user_reads_it(paths: Paths) -> None:
    tokens = []
    for _ in range(2):
        async with serve_commands(paths, echo, uses_loopback=True):
            tokens.append(endpoint(paths)["token"])
            if sys.platform != "win32":
                assert is_private(paths.endpoint)
    assert [len(bytes.fromhex(token)) for token in tokens] == [32, 32]
    assert tokens[0] != tokens[1]


@pytest.mark.anyio
async def test_unknown_command_with_the_token_is_answered(paths: Paths) -> None:
    async with serve_commands(paths, echo, uses_loopback=True):
        known = endpoint(paths)
        reply = json.loads(await to_thread.run_sync(answer, known["port"], {"command": "x", "token": known["token"]}))
        assert not reply["ok"]


@pytest.mark.anyio
async def test_two_homes_have_two_ports(paths: Paths, tmp_path: Path) -> None:
    other = Paths(config=tmp_path / "other", data=tmp_path, state=tmp_path, runtime=paths.runtime)
    async with serve_commands(paths, echo, uses_loopback=True), serve_commands(other, echo, uses_loopback=True):
        assert endpoint(paths)["port"] != endpoint(other)["port"]
        token = endpoint(other)["token"]
        request = {"command": "status", "token": token}
        assert await to_thread.run_sync(answer, endpoint(paths)["port"], request) == b""
        assert await asked(other, "status") == {"ok": True, "did": "status"}


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
    async with serve_commands(paths, handle, uses_loopback=True):
        print("serving", flush=True)
        await anyio.sleep_forever()

with acquire_lock(paths):
    anyio.run(main)
"""


@pytest.fixture
def killed(paths: Paths) -> dict[str, Any]:
    """The channel's file of an app that served this home until it was killed."""
    with subprocess.Popen([sys.executable, "-c", SERVE_FOR_EVER, str(paths.config)], stdout=subprocess.PIPE) as app:
        assert app.stdout is not None
        assert app.stdout.readline().strip() == b"serving"
        assert acquire_lock(paths) is None
        assert send_command(paths, "status", uses_loopback=True) == {"ok": True}
        app.kill()
    return endpoint(paths)


@pytest.mark.anyio
async def test_file_of_a_killed_app_is_no_app_and_replaced(paths: Paths, killed: dict[str, Any]) -> None:
    assert await asked(paths, "status") is None
    lock = acquire_lock(paths)
    assert lock is not None
    with lock:
        async with serve_commands(paths, echo, uses_loopback=True):
            assert endpoint(paths)["token"] != killed["token"]
            assert await asked(paths, "status") == {"ok": True, "did": "status"}


@pytest.mark.parametrize("reply", [b"", b"HTTP/1.1 400 Bad Request\r\n", b"\xff\n"])
def test_another_program_at_the_port_is_no_app(paths: Paths, reply: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        paths.runtime.mkdir()
        paths.endpoint.write_text(json.dumps({"port": server.getsockname()[1], "token": "0" * 64}))

        def serve() -> None:
            client, _ = server.accept()
            with client:
                client.recv(1000)
                client.sendall(reply)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(UserError, match="went away"):
            send_command(paths, "status", uses_loopback=True)
        thread.join()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"port": "x", "token": ""}', '{"port": 99999, "token": ""}'])
def test_damaged_file_of_the_channel_is_named(paths: Paths, text: str) -> None:
    paths.runtime.mkdir()
    paths.endpoint.write_text(text)
    with pytest.raises(UserError, match="damaged"):
        send_command(paths, "status", uses_loopback=True)


def test_windows_ignores_the_runtime_folder_of_linux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("INTONE_HOME", str(tmp_path / "home"))
    here = find_paths("win32")
    assert here.config == tmp_path / "home"
    assert tmp_path not in here.runtime.parents
    assert here.runtime != tmp_path
