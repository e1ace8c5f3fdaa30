"""The prompts are files, short, and in what is installed."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from desktop.llm.prompts import PROMPT_FILES, count_prompt_tokens, find_token_counter, load_prompt
from models.store import ModelStore

ROOT = Path(__file__).parents[3]
INSTALLED = ModelStore(ROOT / ".cache" / "home" / "models")


def test_the_prompts_are_short() -> None:
    by = find_token_counter(INSTALLED)
    assert by.name == "the tokenizer of Whisper tiny.en"
    tokens = dict(count_prompt_tokens(by))
    assert tokens["polish"] < 300
    assert tokens["edit"] < 120
    longest = by.count("\nVoice: higher, louder, faster than usual.")
    assert tokens["emotion"] + tokens["emotion schema"] + longest < 200


def test_tokens_estimated_without_model_and_noted(tmp_path: Path) -> None:
    by = find_token_counter(ModelStore(tmp_path))
    assert by.name == "3.5 characters a token"
    assert by.count("a" * 36) == 11


def test_every_label_is_in_the_emotions_prompt() -> None:
    for word in ("neutral", "joy", "surprise", "sadness", "fear", "anger", "disgust", "valence", "arousal"):
        assert word in load_prompt("emotion")


@pytest.mark.parametrize("as_json", [True, False])
def test_the_command_counts_them(as_json: bool, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "desktop", "prompts", *(["--json"] if as_json else [])],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"INTONE_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    lines = done.stdout.splitlines()
    assert len(lines) == len(PROMPT_FILES) + 2
    if as_json:
        first = json.loads(lines[0])
        assert list(first) == ["name", "tokens", "counted_by"]
        assert (first["name"], first["counted_by"]) == ("polish", "3.5 characters a token")
    else:
        assert lines[0].startswith("polish: ")


def test_the_wheel_holds_the_prompts_and_the_tables(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        check=True,
        capture_output=True,
        cwd=ROOT,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        held = set(file.namelist())
    wanted = [f"desktop/{path}" for path in PROMPT_FILES.values()]
    assert held >= {*wanted, "desktop/emotion/prompts/emotion.json", "desktop/llm/models.toml"}
