"""A real `intone serve`, asked by OpenAI's own client and by whatever else may come."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import openai
import pytest

from desktop.__main__ import main
from desktop.app.doors import transcripts
from desktop.cli.serve import bind_sockets
from desktop.core.errors import UserError
from desktop.core.ipc_client import open_connection
from desktop.core.paths import Paths, find_paths
from desktop.gateway import server
from desktop.gateway.guard import RequestGuard, find_peer_uid
from desktop.gateway.refusal import MAX_FILE_BYTES
from desktop.gateway.server import MAX_PLACES, send_refusal
from tests.support.desk import until
from tests.support.encrypted_home import asked
from tests.support.endpoint import (
    KEY,
    Answer,
    FakeModel,
    Served,
    app_with,
    ask,
    ask_for_text,
    form,
    read_answer,
    serving,
    wav,
)
from tests.support.keyring import InFile
from tests.support.other_systems import SYSTEM, only_on_linux

OTHER_UID = 65534
IS_ROOT = sys.platform != "win32" and os.getuid() == 0

HUNDRED_MB = 100_000_000


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def model(home: Path) -> Iterator[FakeModel]:
    model = FakeModel()
    with app_with(Paths(home, home, home, home), model):
        yield model


@pytest.fixture(scope="module")
def served(home: Path, model: FakeModel) -> Iterator[Served]:
    with serving(home) as served:
        yield served


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(api_key=KEY, base_url=served.url, max_retries=0) as client:
        yield client


def test_openais_client_gets_each_format(client: openai.OpenAI, model: FakeModel) -> None:
    file = ("a.wav", wav(3.25))
    transcriptions = client.audio.transcriptions
    assert transcriptions.create(file=file, model="whisper-1", prompt="Names").text == "Hello there. General."
    plain = transcriptions.create(file=file, model="tiny.en", response_format="text", language="de")
    assert plain == "Hello there. General.\n"
    verbose = transcriptions.create(
        file=file, model="whisper-1", response_format="verbose_json", timestamp_granularities=["segment"]
    )
    assert (verbose.language, verbose.duration, verbose.text) == ("en", 3.25, "Hello there. General.")
    assert verbose.segments is not None
    assert [(part.id, part.start, part.end, part.text) for part in verbose.segments] == [
        (0, 0.0, 1.5, "Hello there."),
        (1, 1.5, 3.25, "General."),
    ]
    assert transcriptions.create(file=file, model="whisper-1", response_format="srt") == (
        "1\n00:00:00,000 --> 00:00:01,500\nHello there.\n\n2\n00:00:01,500 --> 00:00:03,250\nGeneral.\n\n"
    )
    assert transcriptions.create(file=file, model="whisper-1", response_format="vtt") == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nHello there.\n\n00:00:01.500 --> 00:00:03.250\nGeneral.\n\n"
    )
    assert model.heard[:2] == [(3.25, None), (3.25, ("de",))]
    assert [one.id for one in client.models.list()] == ["tiny.en", "whisper-1"]


PLAYLIST = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n"

FORM, FORM_TYPE = form(("file", wav(0.5), "a.wav"), ("model", b"whisper-1", None))

PUNYCODE = f"{FORM_TYPE}; charset=punycode"

REFUSED: dict[str, tuple[Callable[[int], Answer], int, str]] = {
    "no key": (lambda port: ask(port, body=FORM, Authorization=None), 401, "The key is missing or wrong"),
    "a wrong key": (lambda port: ask(port, Authorization=f"Bearer {KEY}x"), 401, "The key is missing or wrong"),
    "another scheme": (lambda port: ask(port, Authorization=f"Basic {KEY}"), 401, "The key is missing or wrong"),
    "no key for models": (
        lambda port: ask(port, "GET", "/v1/models", Authorization=None),
        401,
        "The key is missing or wrong",
    ),
    "a page": (lambda port: ask(port, body=FORM, Origin="https://example.org"), 403, "Pages in a browser"),
    "a page without origin": (lambda port: ask(port, Origin="null"), 403, "Pages in a browser"),
    "a rebound name": (lambda port: ask(port, Host=f"example.org:{port}"), 403, "Only addresses of this machine"),
    "a name like ours": (lambda port: ask(port, Host="127.0.0.1.example.org"), 403, "Only addresses of this machine"),
    "another address": (lambda port: ask(port, "GET", "/"), 404, "There is no such address"),
    "another method": (lambda port: ask(port, "GET"), 405, "There is no such address"),
    "no form": (lambda port: ask(port, body=b"{}", Content_Type="application/json"), 400, "Send a form"),
    "a broken form": (lambda port: ask(port, body=b"x", Content_Type=FORM_TYPE), 400, "The form cannot be read"),
    "a form without boundary": (
        lambda port: ask(port, body=FORM, Content_Type="multipart/form-data"),
        400,
        "The form cannot be read",
    ),
    "a form in an encoding that takes minutes to decode": (
        lambda port: ask(port, body=form(("model", b"a-" + b"9" * 9_000, None))[0], Content_Type=PUNYCODE),
        400,
        "The form cannot be read",
    ),
    "no file": (lambda port: ask(port, body=form(("model", b"x", None))[0], Content_Type=FORM_TYPE), 400, "no `file`"),
    "a file that is a field": (
        lambda port: ask(port, body=form(("file", b"x", None))[0], Content_Type=FORM_TYPE),
        400,
        "no `file`",
    ),
    "two files": (
        lambda port: ask(port, body=form(("file", b"x", "a"), ("file", b"x", "b"))[0], Content_Type=FORM_TYPE),
        400,
        "one file at most",
    ),
    "garbage": (lambda port: ask_for_text(port, os.urandom(50_000)), 400, "no audio that can be read"),
    "an empty file": (lambda port: ask_for_text(port, b""), 400, "no audio that can be read"),
    "a playlist": (lambda port: ask_for_text(port, PLAYLIST), 400, "no audio that can be read"),
    "half a file": (lambda port: ask_for_text(port, wav()[:20]), 400, "no audio that can be read"),
    "no samples": (lambda port: ask_for_text(port, wav(0)), 400, "no audio in the file"),
    "two samples a second": (lambda port: ask_for_text(port, wav(3_500, 2)), 400, "fewer than 4000 samples"),
    "another model": (lambda port: ask_for_text(port, wav(0.1), ("model", "gpt-5")), 404, "The model that is served"),
    "another language": (lambda port: ask_for_text(port, wav(0.1), ("language", "xx")), 400, "no language xx"),
    "another format": (
        lambda port: ask_for_text(port, wav(0.1), ("response_format", "xml")),
        400,
        "json, text, verbose_json, srt, vtt",
    ),
    "a stream": (lambda port: ask_for_text(port, wav(0.1), ("stream", "true")), 400, "Answers come whole"),
    "times of words": (
        lambda port: ask_for_text(port, wav(0.1), ("timestamp_granularities[]", "word")),
        400,
        "Only segments",
    ),
    "100 MB": (lambda port: ask(port, Content_Length=str(HUNDRED_MB)), 413, "larger than 25 MB"),
    "a length that is huge": (lambda port: ask(port, Content_Length="9" * 18), 413, "larger than 25 MB"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_a_sentence(served: Served, model: FakeModel, name: str) -> None:
    request, status, sentence = REFUSED[name]
    heard = len(model.heard)
    answer = request(served.port)
    assert (answer.status, answer.headers["content-type"]) == (status, "application/json")
    assert sentence in answer.error["message"]
    assert set(answer.error) == {"message", "type", "param", "code"}
    assert len(model.heard) == heard


def test_openais_client_understands_a_refusal(client: openai.OpenAI, served: Served) -> None:
    with pytest.raises(openai.APIStatusError, match="larger than 25 MB") as refused:
        client.audio.transcriptions.create(file=("a.wav", bytes(HUNDRED_MB)), model="whisper-1")
    assert refused.value.status_code == 413
    with pytest.raises(openai.BadRequestError, match="no audio that can be read"):
        client.audio.transcriptions.create(file=("a.wav", b"garbage"), model="whisper-1")
    with (
        openai.OpenAI(api_key="wrong", base_url=served.url, max_retries=0) as other,
        pytest.raises(openai.AuthenticationError, match="The key is missing or wrong"),
    ):
        other.models.list()
    assert served.memory_mb < 300


def test_a_stream_without_end_is_refused_at_the_limit(served: Served) -> None:
    head = (
        f"POST /v1/audio/transcriptions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {KEY}\r\n"
        f"Content-Type: {FORM_TYPE}\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    start = FORM[: FORM.index(b"RIFF")]
    with socket.create_connection(("127.0.0.1", served.port), 30) as line:
        line.sendall(head.encode() + f"{len(start):x}\r\n".encode() + start + b"\r\n")
        piece = f"{1 << 20:x}\r\n".encode() + bytes(1 << 20) + b"\r\n"
        for _ in range((MAX_FILE_BYTES >> 20) + 2):
            line.sendall(piece)
        answer = read_answer(line)
    assert (answer.status, answer.error["code"]) == (413, "file_too_large")
    assert served.memory_mb < 300


def test_more_than_the_queue_takes_is_asked_to_come_later(served: Served, model: FakeModel) -> None:
    model.may_answer.clear()
    answers = list[Answer]()
    threads = [
        threading.Thread(target=lambda: answers.append(ask_for_text(served.port, wav(0.2))))
        for _ in range(MAX_PLACES + 1)
    ]
    try:
        for thread in threads:
            thread.start()
        until(lambda: bool(answers), "one is refused")
    finally:
        model.may_answer.set()
        for thread in threads:
            thread.join(30)
    assert sorted(answer.status for answer in answers) == [200] * MAX_PLACES + [429]
    assert (answers[0].headers["retry-after"], answers[0].error["type"]) == ("5", "rate_limit_error")


@pytest.mark.anyio
async def test_request_that_stops_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "BODY_SILENCE_S", 0.05)
    sent = list[Any]()
    parts = [{"type": "http.request", "body": FORM[:100], "more_body": True}]

    async def receive() -> Any:
        return parts.pop() if parts else await anyio.sleep_forever()

    async def send(part: Any) -> None:
        sent.append(part)

    headers = {"host": "localhost", "authorization": f"Bearer {KEY}", "content-type": FORM_TYPE}
    nothing: Any = None
    scope = {
        **{
            "type": "http",
            "method": "POST",
            "path": "/v1/audio/transcriptions",
            "query_string": b"",
            "http_version": "1",
        },
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    app = server.create_app(nothing, KEY)
    for _ in range(MAX_PLACES + 1):  # each gives its place back
        parts[:] = [{"type": "http.request", "body": FORM[:100], "more_body": True}]
        await app(scope, receive, send)
    assert [part["status"] for part in sent if "status" in part] == [408] * (MAX_PLACES + 1)
    assert (b"connection", b"close") in sent[0]["headers"]


def test_silent_clients_keep_no_other_from_the_app(
    home: Path, model: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcripts, "SILENCE_TIMEOUT_S", 1.0)
    request, paths = {"command": "transcribe", "samples": 16_000}, Paths(home, home, home, home)
    silent = [open_connection(paths, request) for _ in range(transcripts.MAX_WAITING)]
    begun = open_connection(paths, request)
    assert begun is not None
    begun.client.close()
    assert begun.reply["error"].startswith("Other programs use Intone just now.")
    for opened in silent:
        assert opened is not None
        with opened.client, opened.client.makefile("r") as received:
            assert json.loads(received.readline())["code"] == "audio-too-slow"
    monkeypatch.setattr(transcripts, "SILENCE_TIMEOUT_S", 0.1)
    begun = open_connection(paths, request)
    assert begun is not None
    with begun.client, begun.client.makefile("r") as received:
        begun.client.sendall(bytes(4 * 1_000))
        assert json.loads(received.readline())["code"] == "audio-too-slow"


def test_client_that_reads_no_answer_keeps_no_other_waiting(
    home: Path, served: Served, model: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = open_connection(Paths(home, home, home, home), {"command": "transcribe", "samples": 1_000})
    assert opened is not None
    with opened.client:
        with monkeypatch.context() as long:
            long.setattr(model, "text", "Hello. " * 1_000_000)
            opened.client.sendall(bytes(4 * 1_000))
            assert opened.client.recv(1) == b"{"  # and it reads no more
        assert ask_for_text(served.port, wav(0.2)).status == 200


def test_request_waits_while_the_user_dictates(served: Served, model: FakeModel) -> None:
    heard, answers = len(model.heard), list[Answer]()
    model.is_dictating = True
    thread = threading.Thread(target=lambda: answers.append(ask_for_text(served.port, wav(0.2))))
    try:
        thread.start()
        until(lambda: model.idle_awaited > 1, "it waits for the end of the dictation")
        assert (len(model.heard), answers) == (heard, [])
    finally:
        model.is_dictating = False
        thread.join(30)
    assert [answer.status for answer in answers] == [200]
    assert len(model.heard) == heard + 1


def files_of(served: Served) -> set[Path]:
    """What the endpoint has open that has a path, also what was deleted since."""
    opened = (file.readlink() for file in Path(f"/proc/{served.process.pid}/fd").iterdir())
    return {file for file in opened if file.is_absolute()}


def test_file_is_never_on_the_disk(served: Served) -> None:
    body, kind = form(("file", bytes(16 << 20), "a.wav"))
    head = f"POST /v1/audio/transcriptions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\n"
    files_before = files_of(served)
    with socket.create_connection(("127.0.0.1", served.port), 30) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
        line.sendall(f"{head}Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body[:-9])
        assert files_of(served) == files_before
        line.sendall(body[-9:])
        assert read_answer(line).status == 400


def test_client_that_goes_away_gives_its_place_back(served: Served, model: FakeModel) -> None:
    model.may_answer.clear()
    before = model.cancelled

    def has_stopped(count: int) -> bool:
        return model.cancelled == count

    try:
        for number in range(1, MAX_PLACES + 2):
            with socket.create_connection(("127.0.0.1", served.port), 30) as line:
                head = f"POST /v1/audio/transcriptions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\n"
                line.sendall(f"{head}Content-Type: {FORM_TYPE}\r\nContent-Length: {len(FORM)}\r\n\r\n".encode() + FORM)
                until(lambda: model.waiting == 1, "the model is asked")
            until(partial(has_stopped, before + number), "the model is stopped")
    finally:
        model.may_answer.set()
    assert ask_for_text(served.port, wav(0.1)).status == 200


def test_only_this_machine_is_listened_to(served: Served) -> None:
    listening = set[str]()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{served.process.pid}/net/{table}").read_text().splitlines()[1:]:
            own, _other, state = line.split()[1:4]
            if state == "0A" and own.endswith(f":{served.port:04X}"):
                listening.add(own.partition(":")[0])
    assert listening <= {"0100007F", "00000000000000000000000001000000"}
    assert "0100007F" in listening


def test_both_loopback_addresses_and_names_are_served(served: Served) -> None:
    names = ["127.0.0.1", f"LOCALHOST:{served.port}", f"[::1]:{served.port}"]
    assert [ask(served.port, "GET", "/v1/models", Host=name).status for name in names] == [200] * 3
    if Path("/proc/net/if_inet6").exists():
        assert ask(served.port, "GET", "/v1/models", address="::1").status == 200


ASK_AS_OTHER = f"""
import os, socket, sys
os.setuid({OTHER_UID})
line = socket.create_connection((sys.argv[2], int(sys.argv[1])), 30)
head = ("GET /v1/models HTTP/1.1", "Host: 127.0.0.1", "Authorization: Bearer {KEY}", "Connection: close", "", "")
line.sendall("\\r\\n".join(head).encode())
while data := line.recv(65536):
    sys.stdout.write(data.decode())
"""


def test_own_client_is_found_by_each_address(served: Served) -> None:
    assert ask(served.port, "GET", "/v1/models", address="::ffff:127.0.0.1").status == 200
    assert find_peer_uid(("127.0.0.1", 1), ("127.0.0.1", served.port)) is None


def test_connection_that_the_system_does_not_name_is_refused() -> None:
    sent = list[Any]()

    async def send(part: Any) -> None:
        sent.append(part)

    nothing: Any = None
    guard = RequestGuard(nothing, KEY, send_refusal, lambda client, server: None)
    scope = {"type": "http", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2), "headers": []}
    anyio.run(guard, scope, nothing, send)
    assert sent[0]["status"] == 403
    assert b"does not say whose" in sent[1]["body"]


@pytest.mark.skipif(not IS_ROOT, reason="only root can become another user")
@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1"])
def test_another_user_is_refused_even_with_the_key(served: Served, address: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASK_AS_OTHER, str(served.port), address], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("HTTP/1.1 403 ")
    assert "This endpoint serves another user" in done.stdout


def test_without_an_app_or_a_model_it_says_so(served: Served, home: Path, model: FakeModel, tmp_path: Path) -> None:
    with serving(tmp_path) as alone:
        answer = ask_for_text(alone.port, wav(0.1))
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert "Intone is not running" in answer.error["message"]
    model.has_local_model = False
    try:
        answer = ask_for_text(served.port, wav(0.1))
    finally:
        model.has_local_model = True
    assert (answer.status, answer.error["code"]) == (503, "serve-model-missing")
    assert "There is no speech model on this machine." in answer.error["message"]


def test_taken_port_is_said(served: Served) -> None:
    with pytest.raises(UserError, match=f"Port {served.port} cannot be served"):
        bind_sockets(served.port)


def test_key_is_made_once_and_kept_in_the_keyring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("INTONE_SERVE_KEY", raising=False)
    monkeypatch.setenv("INTONE_HOME", str(tmp_path))
    monkeypatch.setenv("INTONE_TEST_KEYRING", str(tmp_path / "keyring.json"))

    def run(option: str) -> str:
        assert main(["serve", option]) == 0
        return capsys.readouterr().out.strip()

    with asked(InFile()):
        first, again, changed, last = run("--show-key"), run("--show-key"), run("--new-key"), run("--show-key")
    assert first == again
    assert len(first) > 40
    assert changed == ""
    assert last not in ("", first)
    assert not (tmp_path / "keys.toml").exists()


def test_key_of_the_endpoint_is_tested_at_no_service(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["key", "test", "serve"]) == 1
    assert "no service has it to test" in capsys.readouterr().err


def test_app_that_makes_no_sense_is_logged_without_the_texts_of_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_on_linux(SYSTEM)
    monkeypatch.setenv("INTONE_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with socket.socket(socket.AF_UNIX) as app:
        app.bind(str(find_paths().socket))
        app.listen()

        def answer() -> None:
            with app.accept()[0] as client:
                client.recv(4096)
                client.sendall(b'{"ok": true}\n')

        threading.Thread(target=answer, daemon=True).start()
        with serving(tmp_path) as served:
            assert ask(served.port, "GET", "/v1/models").status == 500
            served.process.terminate()
            assert served.process.stderr is not None
            said = served.process.stderr.read()
    assert "KeyError\n" in said
    assert "'model'" not in said
