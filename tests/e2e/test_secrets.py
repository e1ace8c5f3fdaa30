"""A key and a sentence are planted, everything is done that the app does with them, it is made to crash, and then all
that it has written anywhere is searched: while the history is encrypted, and once it is not any more."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Clip
from tests.support.cloud.chat import ChatServer, Says
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.tls_server import Served, serve
from tests.support.cloud.words import Said
from tests.support.desk import ROOT, Desk

KEY, POLISH_KEY = "sk-planted-0123456789", "sk-polish-9876543210"
SAID = "The marmalade submarine left the velvet harbour at seven."
WORDS = ("marmalade", "velvet harbour")


@pytest.fixture(scope="module")
def service() -> Iterator[Served]:
    with serve(OpenAI(Said(SAID), key=KEY)) as served:
        yield served


@pytest.fixture(scope="module")
def polisher() -> Iterator[Served]:
    server = ChatServer()
    server.polish = Says((SAID,))
    with serve(server.app) as served:
        yield served


def below(pid: int) -> Iterator[Path]:
    """The folders in /proc of the processes that `pid` has started, and those have."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield Path("/proc") / child
            yield from below(int(child))


def read(file: Path) -> bytes:
    """What is in a file; nothing where it is that of a process that has ended, as a short `pactl` does."""
    try:
        return file.read_bytes()
    except OSError:
        if file.is_relative_to("/proc") and not file.parent.exists():
            return b""
        raise


def found(files: list[Path], secrets: tuple[str, ...]) -> list[str]:
    """Which files have which of these in them."""
    return [f"{file}: {secret}" for file in files for secret in secrets if secret.encode() in read(file)]


def test_keys_and_words_are_only_in_intended_places(
    service: Served, polisher: Served, clips: list[Clip], tmp_path: Path
) -> None:
    with Desk(tmp_path / "desk") as desk:
        (desk.home / "models").symlink_to(ROOT / ".cache/home/models")
        desk.environ |= {**service.environ, "OPENAI_API_KEY": KEY, "INTONE_POLISH_KEY": POLISH_KEY}
        desk.environ["PYTHON_KEYRING_BACKEND"] = "tests.support.keyring.InFile"
        desk.environ["INTONE_TEST_KEYRING"] = str(tmp_path / "keyring.json")
        for key, value in {
            "recognizer.engine": "openai",
            "engines.openai.url": service.url,
            "history.encrypted": "on",
            "polish.mode": "llm",
            "polish.url": f"{polisher.url}/v1",
        }.items():
            assert desk.intone("settings", "set", key, value).returncode == 0
        desk.start()
        desk.wait_ready()
        desk.open_qt_editor(tmp_path / "text")
        desk.dictate(clips[4].path)
        (row,) = desk.wait_rows(1)
        assert row["text"] == SAID
        assert desk.intone("history", "export", str(tmp_path / "export.jsonl")).returncode == 0
        assert desk.intone("history", "search", "marmalade").returncode == 0
        doctor = desk.intone("doctor")
        assert not [secret for secret in (*WORDS, KEY, POLISH_KEY) if secret in doctor.stdout + doctor.stderr]
        (address,) = desk.runtime.glob("intone-*.sock")
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(address))
            client.sendall(f'{{"command": "{KEY} {SAID}"}}\n'.encode())
            assert b"does not know" in client.recv(4096)

        (secret,) = json.loads((tmp_path / "keyring.json").read_text()).values()
        assert desk.app is not None
        children = list(below(desk.app.pid))
        assert any(b"stt.local.worker" in read(child / "cmdline") for child in children)
        assert found([child / "environ" for child in children], (KEY, POLISH_KEY, secret)) == []
        listed = [folder / "cmdline" for folder in (Path(f"/proc/{desk.app.pid}"), *children)]
        assert found(listed, (*WORDS, KEY, POLISH_KEY, secret)) == []

        desk.press()
        desk.wait_state("listening")
        os.kill(desk.app.pid, signal.SIGABRT)
        desk.app.wait(timeout=20)
        desk.release()

        files = [file for folder in (desk.home, desk.runtime) for file in folder.rglob("*") if file.is_file()]
        assert {"history.sealed.db", "intone.log"} <= {file.name for file in files}
        assert {".take", ".flac"} <= {file.suffix for file in files}
        assert found([*files, desk.log], (secret, KEY, POLISH_KEY, *WORDS, "fLaC", "SQLite format 3")) == []
        assert desk.intone("settings", "reset", "history.encrypted").returncode == 0

        theirs = ("history.db", "history.db-wal", "history.db-shm")
        files = [file for folder in (desk.home, desk.runtime) for file in folder.rglob("*") if file.is_file()]
        files += [desk.log, *ROOT.glob("core*")]
        assert {"settings.toml", "intone.log", *theirs[:1]} <= {file.name for file in files}
        assert found(files, (KEY, POLISH_KEY)) == []
        assert found([file for file in files if file.name not in theirs], WORDS) == []
        kept = [file for file in files if file.name in theirs]
        assert found(kept, WORDS[:1]), "the search finds what is there"
        assert not list(ROOT.glob("core*"))
