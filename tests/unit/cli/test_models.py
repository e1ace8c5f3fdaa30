"""`intone models`, as a person or a script calls it."""

from __future__ import annotations

import argparse
import json
import socket
from pathlib import Path

import pytest

from desktop.cli import models
from models.catalog import load_catalog


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INTONE_HOME", str(tmp_path))
    return tmp_path


def intone(*arguments: str) -> int:
    parser = argparse.ArgumentParser("intone")
    models.register(parser.add_subparsers())
    chosen = parser.parse_args(["models", *arguments])
    return int(chosen.run(chosen))


def install(home: Path, name: str) -> Path:
    """Lay files of the right sizes where the model belongs."""
    folder = home / "models" / name
    folder.mkdir(parents=True)
    for file in load_catalog()[name].hub.files:
        with (folder / file.name).open("wb") as stream:
            stream.truncate(file.size)
    return folder


def test_list_tells_every_model_and_which_is_installed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    install(home, "tiny")
    assert intone("list") == 0
    out = capsys.readouterr().out
    assert [line.split()[0] for line in out.splitlines()] == list(load_catalog())
    assert [line.split()[0] for line in out.splitlines() if line.endswith("installed")] == ["tiny"]


def test_list_for_scripts_is_an_object_a_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    install(home, "tiny")
    assert intone("list", "--json") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert rows[0] == {
        "name": "tiny",
        "kind": "speech",
        "installed": True,
        "bytes": 78_203_619,
        "languages": "multilingual",
        "licence": "MIT",
        "source": "Systran/faster-whisper-tiny@d90ca5fe260221311c53c58e660288d3deb8d356",
        "language_codes": [],
        "family": "whisper",
        "format": "ctranslate2",
        "proved": True,
        "attribution": "Whisper by OpenAI, converted to CTranslate2's format by Systran.",
    }
    assert [row["name"] for row in rows if row["installed"]] == ["tiny"]
    assert {row["kind"] for row in rows} == {"speech", "language"}


def test_language_model_listed_found_and_removed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = install(home, "smollm2-135m")
    assert intone("list") == 0
    installed = [line.split() for line in capsys.readouterr().out.splitlines() if line.endswith("installed")]
    assert [words[:2] for words in installed] == [["smollm2-135m", "language"]]
    assert intone("path", "smollm2-135m") == 0
    assert capsys.readouterr().out == f"{folder}\n"
    assert intone("remove", "smollm2-135m") == 0
    assert not folder.exists()


def test_path_is_the_folder(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = install(home, "tiny")
    assert intone("path", "tiny") == 0
    assert capsys.readouterr().out == f"{folder}\n"
    assert intone("path", "tiny", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"name": "tiny", "path": str(folder)}


def test_path_of_missing_model_fails_with_remedy(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert intone("path", "base", "--json") == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Model base is not installed. Run `intone models pull base`")


def test_remove_deletes_once(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = install(home, "tiny")
    assert intone("remove", "tiny") == 0
    assert not folder.exists()
    assert intone("remove", "tiny") == 1
    assert capsys.readouterr().err.startswith("Model tiny is not installed.")


def test_pull_without_a_network_fails_with_a_sentence(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{nobody.getsockname()[1]}")
        assert intone("pull", "small") == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Model small could not be fetched: the model hub could not be reached. Check")


@pytest.mark.parametrize("arguments", [("pull", "huge"), ("path",), ("sing",), ()])
def test_wrong_usage_is_2(home: Path, arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        intone(*arguments)
    assert ended.value.code == 2
