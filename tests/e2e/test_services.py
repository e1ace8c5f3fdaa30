"""The key held, the words another machine's: with a real desk, a server that speaks OpenAI's protocol, and this machine
beside it for the day when that server does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Clip
from tests.support.cloud.faults import At, Stall, refused
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.tls_server import Served, serve
from tests.support.cloud.words import Said
from tests.support.desk import ROOT, Desk, read_until, until
from tests.support.words import error_rate

KEY = "sk-desk-0123456789"
SAID = "These words come from far away."


@pytest.fixture(scope="module")
def server() -> OpenAI:
    return OpenAI(Said(SAID), key=KEY)


@pytest.fixture(scope="module")
def served(server: OpenAI) -> Iterator[Served]:
    with serve(server) as served:
        yield served


@pytest.fixture(scope="module")
def desk(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk whose app asks the server, and has a local model."""
    with Desk(tmp_path_factory.mktemp("desk")) as desk:
        (desk.home / "models").symlink_to(ROOT / ".cache/home/models")
        desk.environ |= {**served.environ, "OPENAI_API_KEY": KEY}
        desk.intone("settings", "set", "recognizer.engine", "openai")
        desk.intone("settings", "set", "engines.openai.url", served.url)
        desk.start()
        desk.wait_ready()
        yield desk


def test_service_words_are_pasted_and_row_names_host(
    desk: Desk, server: OpenAI, served: Served, clips: list[Clip], tmp_path: Path
) -> None:
    status = desk.status()
    assert (status["engine"], status["device"]) == ("openai", f"localhost:{served.port}")
    desk.open_qt_editor(tmp_path / "text")
    desk.dictate(clips[4].path)
    (row,) = desk.wait_rows(1)
    assert (row["text"], row["engine"], row["delivery"]) == (SAID, "openai", "inserted")
    read_until(tmp_path / "text", lambda text: text == SAID)
    (sent,) = row["sent"]
    assert (sent["host"], sent["purpose"]) == (f"localhost:{served.port}", "speech")
    assert sent["audio_bytes"] == len(server.asked[-1].audio)
    assert sent["cost_usd"] > 0


@pytest.mark.parametrize(
    ("fault", "note"),
    [
        (Stall(At.TRANSCRIPTION), "OpenAI did not answer in 1.5 s. Used the local text."),
        (refused(At.TRANSCRIPTION, 401), "OpenAI does not accept the key. Used the local text."),
    ],
)
def test_failing_service_falls_back_locally_with_note(
    desk: Desk, server: OpenAI, clips: list[Clip], tmp_path: Path, fault: Stall, note: str
) -> None:
    before = len(desk.history())
    server.faults += [fault]
    desk.open_qt_editor(tmp_path / "text")
    desk.dictate(clips[4].path)
    row = desk.wait_rows(before + 1)[0]
    assert row["engine"] == "whisper"
    assert error_rate(clips[4].text, row["text"]) <= 0.2
    assert row["sent"][0]["audio_bytes"] > 0, "it left the machine all the same"
    assert row["note"] == note
    read_until(tmp_path / "text", lambda text: text == row["text"])


def test_engine_can_switch_to_local_and_back(desk: Desk) -> None:
    for engine in ("whisper", "openai"):
        assert desk.intone("settings", "set", "recognizer.engine", engine).returncode == 0
        until(lambda engine=engine: desk.status()["engine"] == engine, f"{engine} is at work")  # type: ignore[misc]


def test_service_failure_without_model_keeps_recording(
    served: Served, server: OpenAI, clips: list[Clip], tmp_path: Path
) -> None:
    with Desk(tmp_path / "desk") as alone:
        alone.environ |= {**served.environ, "OPENAI_API_KEY": KEY}
        alone.intone("settings", "set", "recognizer.engine", "openai")
        alone.intone("settings", "set", "engines.openai.url", served.url)
        alone.start()
        alone.wait_ready()
        alone.open_qt_editor(tmp_path / "text")
        server.faults += [refused(At.TRANSCRIPTION, 429, error={"code": "insufficient_quota"})]
        alone.dictate(clips[1].path)
        (failed,) = alone.wait_rows(1)
        alone.dictate(clips[1].path)
        well = alone.wait_rows(2)[0]
        assert list(alone.home.rglob("model.bin")) == [], "no model is fetched for nothing"
    assert failed["delivery"] == "failed"
    assert failed["note"].startswith("The account at OpenAI is out of credit.")
    assert failed["audio_path"]
    assert failed["sent"][0]["audio_bytes"] > 0
    assert (well["text"], well["delivery"]) == (SAID, "inserted")
    read_until(tmp_path / "text", lambda text: text == SAID)


def test_the_key_is_in_no_file(desk: Desk) -> None:
    files = [file for file in desk.home.rglob("*") if file.is_file() and "models" not in file.parts]
    assert any(file.suffix == ".log" for file in files)
    assert not [file for file in files if KEY.encode() in file.read_bytes()]
