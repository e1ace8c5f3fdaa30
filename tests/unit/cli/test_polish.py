"""`intone polish` as a script sees it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command_line import run_intone

TERMINAL = "powershell" if sys.platform == "win32" else "xterm"


def intone(home: Path, said: str, *arguments: str) -> str:
    return run(home, said, *arguments).stdout


def run(home: Path, said: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = run_intone(home, "polish", *arguments, given=said.encode())
    assert done.returncode == 0
    return done


def test_the_whole_of_a_text_is_polished(tmp_path: Path) -> None:
    assert intone(tmp_path, "hello   there") == "Hello there.\n"
    assert intone(tmp_path, "hello there\n") == "Hello there.\n"
    assert intone(tmp_path, "hello   there", "--mode", "off") == "hello   there\n"


def test_line_ends_of_windows_become_ours(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "desktop", "polish", "--mode", "off", "--json"],
        env={**os.environ, "INTONE_HOME": str(tmp_path)},
        input=b"hello\r\nthere\r\n",
        stdout=subprocess.PIPE,
        timeout=60,
        check=True,
    )
    assert json.loads(done.stdout)["text"] == "hello\nthere"


def test_lines_polished_each_in_its_own_language(tmp_path: Path) -> None:
    said = "hello there\n\n你好\none\\ntwo\n"
    told = intone(tmp_path, said, "--lines").splitlines()
    assert told == ["Hello there.", "", "你好。", "One\\nTwo."]


def test_json_tells_what_was_changed(tmp_path: Path) -> None:
    (line,) = intone(tmp_path, "hello there\n", "--lines", "--json").splitlines()
    assert json.loads(line) == {
        "text": "Hello there.",
        "changed": [
            {"rule": "sentences", "before": "h", "after": "H", "confidence": None},
            {"rule": "sentences", "before": "", "after": ".", "confidence": None},
        ],
        "style": "",
        "note": "",
    }


@pytest.mark.parametrize("key", ["fillers,sentences", ""])
def test_a_rule_can_be_switched_off(tmp_path: Path, key: str) -> None:
    (tmp_path / "settings.toml").write_text(f'[polish]\nwithout = "{key}"\n')
    assert intone(tmp_path, "hello there") == ("hello there\n" if key else "Hello there.\n")


def test_invalid_line_asks_no_service_and_is_named(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[polish]\nmode = "llm"\n[look]\ntheme = "drak"\n')
    done = run(tmp_path, "hello there")
    assert done.stdout == "Hello there.\n"
    assert "No language model is asked until look.theme is mended." in done.stderr


def test_missing_language_model_noted_and_rules_used(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[polish]\nurl = "local"\n')
    told = json.loads(intone(tmp_path, "we all say hello there", "--mode", "llm", "--json"))
    assert (told["text"], told["note"]) == (
        "We all say hello there.",
        "No language model is installed. Used the rules.",
    )


def test_a_place_has_its_style(tmp_path: Path) -> None:
    (tmp_path / "styles.toml").write_text('[[rule]]\ntitle = "*Invoice*"\nstyle = "casual"\n')
    assert intone(tmp_path, "hello there", "--app", "slack") == "Hello there\n"
    assert intone(tmp_path, "hello there", "--app", TERMINAL) == "hello there\n"
    told = json.loads(intone(tmp_path, "hello there", "--title", "Invoice 7", "--json"))
    assert (told["text"], told["style"]) == ("Hello there", "casual")
    assert json.loads(intone(tmp_path, "hello there", "--site", "mail.google.com", "--json"))["style"] == "formal"


@pytest.mark.parametrize(
    "command", [["polish"], ["polish", "--lines"], ["emotion", "--text"], ["key", "set", "openai"]]
)
def test_what_is_no_text_fails_with_a_sentence(tmp_path: Path, command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "desktop", *command],
        env={**os.environ, "INTONE_HOME": str(tmp_path), "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"},
        input=b"caf\xe9\n",
        capture_output=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, b"")
    (line,) = done.stderr.splitlines()
    assert line == b"What was given is not text in UTF-8. Convert it first, with `iconv` for one."
