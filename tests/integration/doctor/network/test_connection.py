"""The way out as the environment has it: a SOCKS proxy is gone through, what nobody can use is named in words."""

from __future__ import annotations

import gc
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest
from anyio.abc import ByteStream, SocketAttribute, SocketStream
from anyio.streams.buffered import BufferedByteStream
from websockets.asyncio.server import ServerConnection
from websockets.asyncio.server import serve as listen
from websockets.exceptions import ProxyError

from desktop.app.model_downloads import DownloadManager
from desktop.core.errors import ServiceError, UserError
from desktop.doctor.network.measurement import Stage
from desktop.doctor.network.probe import Endpoint, measure_service
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.network.errors import service_errors
from desktop.network.websockets import WebSockets
from models.download import download_model, list_downloadable
from models.staging import ProgressCallback
from models.store import ModelStore
from tests.support.cloud.tls_server import trusting
from tests.support.hub import CONTENT, model, serving
from tests.support.model_errors import raises_model_error

pytestmark = pytest.mark.anyio

AWAY = Service("Away", "https://away.invalid", ServiceKey("openai", lambda name: "sk-test"))


def kept(variable: str) -> str:
    """What the environment calls a variable of this name: in Windows it has capitals alone."""
    return variable.upper() if sys.platform == "win32" else variable


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's own way out."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(params=["socks", "no certificates", "none there"])
def barred(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """What is said where the environment names a proxy that nobody speaks (GNOME's), or certificates that are none."""
    if request.param == "socks":
        monkeypatch.setenv("ALL_PROXY", "socks://me:secret@127.0.0.1:9/")
        return r"^The proxy in ALL_PROXY cannot be used\. Write it as .* socks5://HOST:PORT"
    file = tmp_path / "named.pem"
    if request.param == "no certificates":
        file.write_text("nothing of the kind")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return r"^SSL_CERT_FILE names .*named\.pem, which cannot be read as certificates\. Name a file that can"


@asynccontextmanager
async def socks(to: str = "") -> AsyncIterator[tuple[str, list[str]]]:
    """A SOCKS5 proxy that wants no password: its address, and whom it was asked for. `to`: whom all get instead."""
    asked: list[str] = []

    async def through(client: SocketStream) -> None:
        async with client:
            inward = BufferedByteStream(client)
            await inward.receive_exactly((await inward.receive_exactly(2))[1])
            await client.send(b"\x05\x00")
            kind = (await inward.receive_exactly(4))[3]
            name = await inward.receive_exactly(4 if kind == 1 else (await inward.receive_exactly(1))[0])
            host = ".".join(map(str, name)) if kind == 1 else name.decode()
            port = int.from_bytes(await inward.receive_exactly(2))
            asked.append(f"{host}:{port}")
            place, _, number = (to or asked[-1]).partition(":")
            async with await anyio.connect_tcp(place, int(number)) as server, anyio.create_task_group() as both:
                await client.send(b"\x05\x00\x00\x01" + bytes(6))
                both.start_soon(pour, inward, server)
                both.start_soon(pour, server, client)

    async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, through)
        yield f"127.0.0.1:{listener.extra(SocketAttribute.local_port)}", asked
        tasks.cancel_scope.cancel()


@asynccontextmanager
async def refusing(*answers: bytes) -> AsyncIterator[str]:
    """A proxy that answers one thing after the other to whatever it is told, and hangs up: its address."""

    async def refuse(client: SocketStream) -> None:
        async with client:
            for answer in answers:
                await client.receive()
                await client.send(answer)

    async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, refuse)
        yield f"127.0.0.1:{listener.extra(SocketAttribute.local_port)}"
        tasks.cancel_scope.cancel()


async def pour(source: ByteStream, into: ByteStream) -> None:
    async for some in source:
        await into.send(some)
    await into.send_eof()


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
async def test_a_model_comes_through_a_socks_proxy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, scheme: str
) -> None:
    store = ModelStore(tmp_path, {"tiny": model()})
    with serving() as hub:
        async with socks() as (address, asked):
            monkeypatch.setenv("ALL_PROXY", f"{scheme}://{address}")
            await download_model("tiny", store, hub=hub.address)
        assert set(asked) == {hub.address.removeprefix("http://")}
    assert {path.name for path in store.model_path("tiny").iterdir()} == set(CONTENT)


async def test_a_model_that_cannot_be_asked_for_says_why(barred: str, tmp_path: Path) -> None:
    with raises_model_error(rf"the model hub cannot be asked\. {barred[1:]}") as told:
        await download_model("tiny", ModelStore(tmp_path, {"tiny": model()}))
    assert "secret" not in str(UserError.from_coded(told.value))
    assert await list_downloadable({"tiny": model()}) == set()


async def test_client_barred_from_network_still_asks_local(barred: str) -> None:
    with serving() as hub:
        client = ServiceClient()
        here = Service("Here", hub.address, ServiceKey("local", lambda name: ""), is_key_optional=True)
        assert (await client.request(here, "GET", "/r/config.json")).content == CONTENT["config.json"]
        with pytest.raises(ServiceError, match=barred) as told:
            await client.request(AWAY, "GET", "/models")
        assert told.value.status == 0
        await client.aclose()


async def test_a_socket_goes_through_a_socks_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async def echo(line: ServerConnection) -> None:
        async for said in line:
            await line.send(said)

    client = ServiceClient()
    async with listen(echo, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with socks(f"127.0.0.1:{port}") as (address, asked):
            monkeypatch.setenv("ALL_PROXY", f"socks5h://{address}")
            sockets = WebSockets(client.ssl_context)
            for url in ("ws://away.invalid/listen", f"ws://127.0.0.1:{port}/listen"):
                line = await sockets.open(AWAY, url)
                await line.send("over there")
                assert await line.recv() == "over there"
                sockets.close_later(line)
            await sockets.aclose()
    assert asked == ["away.invalid:80"], "this machine is asked without it"
    await client.aclose()


async def test_a_socket_says_why_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks://127.0.0.1:9/")
    client = ServiceClient()
    with pytest.raises(ServiceError, match=r"The proxy in ALL_PROXY cannot be used"):
        await WebSockets(client.ssl_context).open(AWAY, "wss://away.invalid/listen")
    await client.aclose()


@pytest.mark.parametrize("file", ["none there", "no certificates"])
async def test_socket_names_unreadable_certificates(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, file: str) -> None:
    (tmp_path / "no certificates").write_text("nothing of the kind")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / file))
    with pytest.raises(ServiceError, match=rf"^SSL_CERT_FILE names .*{file}, which cannot be read as cert") as told:
        await WebSockets(trusting()).open(AWAY, "wss://away.invalid/listen")
    assert told.value.status == 0


@pytest.mark.parametrize("address", ["http://me@127.0.0.1:9", "http://127.0.0.1:9/there", "127.0.0.1:9"])
async def test_socket_names_proxy_only_it_cannot_use(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", address)
    with pytest.raises(ServiceError, match=r"^The proxy in HTTPS_PROXY cannot be used\."):
        await WebSockets(trusting()).open(AWAY, "wss://away.invalid/listen")


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", kept("all_proxy")])
@pytest.mark.parametrize(
    "address",
    [
        *("http://127.0.0.1:99999", "127.0.0.1:65536", "http://127.0.0.1:-1"),
        *("socks5h://me:secret@127.0.0.1:x", "http://me:secret@[::1"),
    ],
)
async def test_a_proxy_whose_port_is_none_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, address: str
) -> None:
    monkeypatch.setenv(variable, address)
    said = rf"^The proxy in {variable} cannot be used\. Write it as http://HOST:PORT"
    with pytest.raises(ServiceError, match=said):
        await asked()
    for scheme in ("wss", "ws") if variable.lower() == "all_proxy" else ("wss",):
        with pytest.raises(ServiceError, match=said) as told:
            await WebSockets(trusting()).open(AWAY, f"{scheme}://away.invalid/listen")
        assert (told.value.status, "secret" in str(told.value)) == (0, False)
    with raises_model_error(rf"the model hub cannot be asked\. {said[1:]}"):
        await download_model("tiny", ModelStore(tmp_path, {"tiny": model()}))
    trouble = (await measure_service(Endpoint("away", AWAY), create_ssl_context=trusting)).failure
    assert trouble is not None
    assert (trouble.stage, trouble.message.title) == (Stage.NAME, f"The proxy in {variable} cannot be used.")


@pytest.mark.parametrize(("variable", "without"), [("HTTP_PROXY", ""), ("HTTPS_PROXY", "away.invalid")])
async def test_bad_proxy_port_bars_only_proxied_hosts(
    monkeypatch: pytest.MonkeyPatch, variable: str, without: str
) -> None:
    monkeypatch.setenv(variable, "http://127.0.0.1:99999")
    monkeypatch.setenv("NO_PROXY", without)
    with pytest.raises(ServiceError, match=r"^away\.invalid was not found\."):
        await asked()


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # where SOCKS refuses, httpcore2 leaves a socket open
@pytest.mark.parametrize(
    ("variable", "scheme", "answers", "lasts"),
    [
        ("HTTPS_PROXY", "http", [b"HTTP/1.1 407 Who are you?\r\nContent-Length: 0\r\n\r\n"], True),
        (kept("https_proxy"), "http", [b"HTTP/1.1 503 Not now\r\nContent-Length: 0\r\n\r\n"], False),
        ("ALL_PROXY", "socks5h", [b"\x05\x02"], True),  # it wants a password
        ("ALL_PROXY", "socks5h", [b"\x05\x00", b"\x05\x02\x00\x01" + bytes(6)], True),  # its rules forbid it
        (kept("all_proxy"), "socks5h", [b"\x05\x00", b"\x05\x04\x00\x01" + bytes(6)], False),  # it finds no way there
        ("ALL_PROXY", "socks5h", [b"\x05\x00", b"\x05\x05\x00\x01" + bytes(6)], False),  # it is refused there
    ],
)
async def test_refusing_proxy_told_from_unreachable_host(
    monkeypatch: pytest.MonkeyPatch, variable: str, scheme: str, answers: list[bytes], lasts: bool
) -> None:
    said = rf"^The proxy does not let us through\. Check {variable}, or the proxy itself\.$"
    if not lasts:
        said = rf"^away\.invalid cannot be reached through the proxy in {variable}\. What .* Try again in a moment\.$"
    async with refusing(*answers) as address:
        monkeypatch.setenv(variable, f"{scheme}://{address}")
        with pytest.raises(ServiceError, match=said):
            await asked()
        sockets = WebSockets(trusting())
        with pytest.raises(ServiceError, match=said), service_errors(AWAY):
            await sockets.open(AWAY, "wss://away.invalid/listen")
        # A dictation opens a socket again after the library's own exceptions alone.
        with pytest.raises(ServiceError if lasts else ProxyError):
            await sockets.open(AWAY, "wss://away.invalid/listen")
    gc.collect()


@pytest.mark.parametrize(("variable", "scheme"), [("HTTPS_PROXY", "http"), ("ALL_PROXY", "socks5h")])
async def test_a_proxy_that_is_not_there_is_blamed(monkeypatch: pytest.MonkeyPatch, variable: str, scheme: str) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        monkeypatch.setenv(variable, f"{scheme}://127.0.0.1:{nobody.getsockname()[1]}")
        said = rf"^Nothing answers at the proxy in {variable}\. Check {variable}, or the proxy itself\.$"
        with pytest.raises(ServiceError, match=said):
            await asked()
        with pytest.raises(ServiceError, match=said), service_errors(AWAY):
            await WebSockets(trusting()).open(AWAY, "wss://away.invalid/listen")


async def test_host_without_proxy_is_blamed_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://nowhere.invalid:9")
    with pytest.raises(ServiceError, match=r"^away\.invalid, or the proxy in HTTPS_PROXY, was not found\."):
        await asked()
    monkeypatch.setenv("NO_PROXY", "away.invalid")
    with pytest.raises(ServiceError, match=r"^away\.invalid was not found\."):
        await asked()


async def asked() -> None:
    client = ServiceClient()
    try:
        await client.request(AWAY, "GET", "/models")
    finally:
        await client.aclose()


async def test_download_ended_by_bug_reported_not_restarted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    begun: list[str] = []

    async def bring(name: str, store: ModelStore, progress: ProgressCallback) -> Path:
        begun.append(name)
        raise ZeroDivisionError

    async with anyio.create_task_group() as group:
        downloads = DownloadManager(ModelStore(tmp_path, {"tiny": model()}), group.start_soon, fetch_model=bring)
        with anyio.fail_after(20), raises_model_error(r"went wrong in Intone\. The log says more\.$"):
            await downloads.ensure_installed("tiny", lambda done, total: None)
        (told,) = downloads.downloads
    assert (begun, str(told.problem)) == (["tiny"], "Something went wrong in Intone. The log says more.")
    assert "ZeroDivisionError" in caplog.text
    caplog.clear()
