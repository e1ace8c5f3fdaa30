"""The channel of Windows, run on each system: a port of this machine that obeys the holders of a token."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio import to_thread

from desktop.app.ipc import MAX_WAITING_CLIENTS, acquire_lock, serve_commands
from desktop.app.ipc_links import Link
from desktop.core.errors import UserError
from desktop.core.ipc_client import (
    MAX_REPLY_BYTES,
    Reply,
    make_proof,
    open_connection,
    send_command,
    show_running_app,
)
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
    "claims",
    [
        {},
        {"nonce": "n"},
        {"nonce": "n", "proof": ""},
        {"nonce": "n", "proof": "0" * 64},
        {"nonce": "n", "proof": make_proof("0" * 64, "client", "n")},
        {"nonce": "n", "proof": None},
        {"nonce": "n", "proof": 7},
        {"nonce": "n", "proof": ["a"]},
        {"nonce": "n", "proof": "é"},
        {"nonce": "n", "proof": "\ud800"},
        {"nonce": "\ud800", "proof": "0"},
        {"nonce": ["a"], "proof": "0"},
    ],
)
async def test_a_client_without_the_token_is_refused(
    paths: Paths, caplog: pytest.LogCaptureFixture, claims: dict[str, Any]
) -> None:
    done = []

    async def handle(command: str) -> Reply:
        done.append(command)
        return {"ok": True}

    caplog.set_level(logging.WARNING)
    async with serve_commands(paths, handle, uses_loopback=True):
        port = endpoint(paths)["port"]
        assert await to_thread.run_sync(answer, port, {"command": "toggle"} | claims) == b""
        assert await to_thread.run_sync(answer, port, ["toggle"]) == b""
    assert done == []
    assert caplog.messages.count(REFUSED) == 1  # a minute


@pytest.mark.anyio
async def test_clients_that_say_nothing_keep_no_command_out(paths: Paths) -> None:
    async with serve_commands(paths, echo, uses_loopback=True):
        port = endpoint(paths)["port"]
        silent = [await anyio.connect_tcp("127.0.0.1", port) for _ in range(MAX_WAITING_CLIENTS + 1)]
        assert await asked(paths, "status") == {"ok": True, "did": "status"}
        with pytest.raises(anyio.EndOfStream):
            await silent[0].receive()  # which had waited longest
        for client in silent:
            await client.aclose()


@pytest.mark.anyio
async def test_port_that_cannot_be_written_leaves_the_app_without_commands(
    paths: Paths, caplog: pytest.LogCaptureFixture
) -> None:
    (paths.endpoint / "in the way").mkdir(parents=True)
    async with serve_commands(paths, echo, uses_loopback=True):
        pass
    assert any(message.startswith("no command can be served") for message in caplog.messages)


@pytest.mark.anyio
async def test_fault_in_serving_a_client_leaves_the_channel_open(paths: Paths) -> None:
    replies: list[Reply] = [{"ok": {1}}, {"ok": True}]  # the first is no JSON

    async def handle(command: str) -> Reply:
        return replies.pop(0)

    async with serve_commands(paths, handle, uses_loopback=True):
        with pytest.raises(UserError, match="went away"):
            await asked(paths, "status")
        assert await asked(paths, "status") == {"ok": True}


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
        request = {"command": "x", "nonce": "n", "proof": make_proof(known["token"], "client", "n")}
        reply = json.loads(await to_thread.run_sync(answer, known["port"], request))
        assert not reply["ok"]
        request["proof"] = make_proof(known["token"], "app", "n")
        assert await to_thread.run_sync(answer, known["port"], request) == b""


@pytest.mark.anyio
async def test_two_homes_have_two_ports(paths: Paths, tmp_path: Path) -> None:
    other = Paths(config=tmp_path / "other", data=tmp_path, state=tmp_path, runtime=paths.runtime)
    async with serve_commands(paths, echo, uses_loopback=True), serve_commands(other, echo, uses_loopback=True):
        assert endpoint(paths)["port"] != endpoint(other)["port"]
        token = endpoint(other)["token"]
        request = {"command": "status", "nonce": "n", "proof": make_proof(token, "client", "n")}
        assert await to_thread.run_sync(answer, endpoint(paths)["port"], request) == b""
        assert await asked(other, "status") == {"ok": True, "did": "status"}


SERVE_FOR_EVER = """
import sys
from pathlib import Path
import anyio
from desktop.app.ipc import MAX_WAITING_CLIENTS, acquire_lock, serve_commands
from desktop.app.ipc_links import Link
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


REPLIES = [
    b"",
    b"HTTP/1.1 400 Bad Request\r\n",
    b"\xff\n",
    b"[]\n",
    b"[" * 100_000 + b"\n",
    b'{"ok": true}\n',
    b'{"ok": true, "proof": 7}\n',
    json.dumps({"ok": True, "proof": make_proof("0" * 64, "app", "")}).encode() + b"\n",
]
"""What a program says that has the port of an app that was killed, and does not know its token."""


@pytest.mark.parametrize("reply", REPLIES)
def test_another_program_at_the_port_is_no_app(paths: Paths, reply: bytes) -> None:
    heard = list[bytes]()
    with socket.create_server(("127.0.0.1", 0)) as server:
        paths.runtime.mkdir()
        paths.endpoint.write_text(json.dumps({"port": server.getsockname()[1], "token": "0" * 64}))

        def serve() -> None:
            client, _ = server.accept()
            with client:
                heard.append(client.recv(1000))
                client.sendall(reply)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(UserError, match="went away"):
            send_command(paths, "status", uses_loopback=True)
        thread.join()
    assert b"0" * 64 not in heard[0]


def trickle(client: socket.socket) -> None:
    """Send bytes for 5 s, each within any timeout, and no end of a line."""
    for _ in range(500):
        client.sendall(b" ")
        threading.Event().wait(0.01)


def flood(client: socket.socket) -> None:
    """Send more than any reply has, and no end of a line; then wait for the other side."""
    client.sendall(bytes(2 * MAX_REPLY_BYTES))
    client.recv(1)


@pytest.mark.parametrize(("send", "timeout_s", "problem"), [(trickle, 0.3, "not answer"), (flood, 10.0, "went away")])
def test_another_program_at_the_port_holds_nothing_up(
    paths: Paths, send: Callable[[socket.socket], None], timeout_s: float, problem: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        paths.runtime.mkdir()
        paths.endpoint.write_text(json.dumps({"port": server.getsockname()[1], "token": "0" * 64}))

        def serve() -> None:
            client, _ = server.accept()
            with client, suppress(ConnectionError):
                client.recv(1000)
                send(client)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(UserError, match=problem):
            send_command(paths, "status", timeout_s, uses_loopback=True)
        thread.join()


def test_start_asks_no_port_while_no_app_runs(paths: Paths) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        paths.runtime.mkdir()
        paths.endpoint.write_text(json.dumps({"port": server.getsockname()[1], "token": "0" * 64}))
        assert not show_running_app(paths, uses_loopback=True)
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.anyio
async def test_start_shows_the_history_of_the_app_that_runs(paths: Paths) -> None:
    def show() -> bool:
        return show_running_app(paths, uses_loopback=True)

    assert not await to_thread.run_sync(show)
    lock = acquire_lock(paths)
    assert lock is not None
    with lock:
        async with serve_commands(paths, echo, uses_loopback=True):
            assert await to_thread.run_sync(show)


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


@pytest.mark.anyio
async def test_a_link_stays_open_and_the_app_proves_itself_once(paths: Paths) -> None:
    async def answer_link(link: Link) -> None:
        await link.accept()
        await link.send({"heard": (await link.read(5)).decode()})
        raise UserError("app-busy")

    async with serve_commands(paths, echo, links=answer_link, uses_loopback=True):
        opened = await to_thread.run_sync(lambda: open_connection(paths, {"command": "listen"}, uses_loopback=True))
        assert opened is not None
        assert opened.reply == {"ok": True}
        with opened.client:
            opened.client.sendall(b"12345")
            received = opened.client.makefile("rb")
            lines = (await to_thread.run_sync(received.read)).splitlines()
    assert json.loads(lines[0]) == {"heard": "12345"}
    assert json.loads(lines[1])["code"] == "app-busy"
