"""`intone vocabulary` and `intone history edit` as a script sees them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from anyio import to_thread

from desktop.app.ipc import serve_commands
from desktop.core.ipc_client import Reply
from desktop.core.paths import Paths
from desktop.core.types import Outcome, RuleChange
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from tests.support.command_line import run_intone

type Intone = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def intone(tmp_path: Path, home: Path) -> Intone:
    def run(*arguments: str, said: str = "", status: int = 0) -> subprocess.CompletedProcess[str]:
        done = run_intone(home, *arguments, given=said.encode(), runtime=tmp_path)
        assert done.returncode == status, done.stderr
        return done

    return run


def listed(intone: Intone) -> list[tuple[str, str, str]]:
    lines = intone("vocabulary", "list", "--json").stdout.splitlines()
    return [(one["kind"], one["heard"], one["written"]) for one in map(json.loads, lines)]


def test_added_term_is_listed_and_used_until_removed(intone: Intone) -> None:
    intone("vocabulary", "add", "--word", "Kubernetes", "Ada")
    intone("vocabulary", "add", "--word", "kubernetes")
    intone("vocabulary", "add", "get hub", "GitHub")
    intone("vocabulary", "add", "--snippet", "my address", r"12 High Street\nLondon")
    assert listed(intone) == [
        ("word", "kubernetes", ""),
        ("word", "Ada", ""),
        ("replacement", "get hub", "GitHub"),
        ("snippet", "my address", "12 High Street\nLondon"),
    ]
    assert intone("polish", said="push to get hub").stdout == "Push to GitHub.\n"
    assert intone("polish", said="my address").stdout == "12 High Street\nLondon\n"
    for text in ("Kubernetes", "Get Hub", "my address", "ada"):
        intone("vocabulary", "remove", text)
    assert listed(intone) == []
    assert intone("polish", said="push to get hub").stdout == "Push to get hub.\n"


def test_what_cannot_be_fails_with_what_to_do(intone: Intone) -> None:
    assert intone("vocabulary", "remove", "nothing", status=1).stderr == (
        "nothing is not in the vocabulary. `intone vocabulary list` shows it all.\n"
    )
    assert "Quote what has spaces." in intone("vocabulary", "add", "get", "hub", "GitHub", status=1).stderr
    assert "a few words" in intone("vocabulary", "add", "...", "GitHub", status=1).stderr
    assert "no comma" in intone("vocabulary", "add", "--word", "a,b", status=1).stderr


def test_bad_file_entry_is_reported_with_the_list(intone: Intone, home: Path) -> None:
    home.mkdir()
    (home / "vocabulary.toml").write_text('[replacements]\n"get hub" = "GitHub"\n"x" = 3\n')
    told = intone("vocabulary", "list")
    assert told.stdout == "replacement  get hub  ->  GitHub\n"
    assert "'x' is left out" in told.stderr


def test_files_are_taken_in_and_written(intone: Intone, tmp_path: Path) -> None:
    table = tmp_path / "words.csv"
    table.write_text(
        "kind,heard,written\nword,Ada,\nword,Ada,\nreplacement,get hub,GitHub\nreplacement,,x\nkept,Bartlett,\n"
    )
    took = intone("vocabulary", "import", str(table), "--json")
    assert json.loads(took.stdout) == {"words": 1, "replacements": 1, "snippets": 0, "bad": 1, "kept": 1}
    assert took.stderr == "words.csv, line 5: What is heard is a few words, at most 100 characters.\n"
    intone("vocabulary", "import", str(table))
    assert listed(intone) == [("word", "Ada", ""), ("replacement", "get hub", "GitHub"), ("kept", "Bartlett", "")]
    copy = tmp_path / "all.toml"
    assert intone("vocabulary", "export", str(copy)).stdout == f"Wrote 3 entries to {copy}.\n"
    assert 'words = ["Ada"]' in copy.read_text()


def test_imported_table_cannot_control_the_terminal(intone: Intone, home: Path, tmp_path: Path) -> None:
    table, words = tmp_path / "all.toml", tmp_path / "words.txt"
    table.write_text('[replacements]\n"a \\u001b]0;evil\\u0007 b" = "y\\u009b"\n')
    words.write_text("foo\x1b[2Jbar\n")
    intone("vocabulary", "import", str(table))
    intone("vocabulary", "import", str(words))
    with (home / "vocabulary.toml").open("a") as file:
        file.write('["\\u001b[2J"]\n')
    told = intone("vocabulary", "list")
    assert told.stdout == "word         foo [2Jbar\nreplacement  a  ]0;evil  b  ->  y \n"
    assert told.stderr == "vocabulary.toml: there is no section  [2J.\n"
    assert "\x1b" not in intone("settings", "list").stdout


def test_correction_is_kept_and_learned_on_request(intone: Intone, home: Path) -> None:
    history = HistoryStore(home / "history.db")
    row = history.add(
        HistoryEntry(started_at=datetime.now(UTC), text="Push it to get hub.", raw_text="", delivery=Outcome.INSERTED)
    )
    told = intone("history", "edit", str(row.id), "--text", "Push it to GitHub.").stdout
    assert told.splitlines() == [
        f"Dictation {row.id} is corrected.",
        f"Learn: get hub -> GitHub? `intone vocabulary learn {row.id}`",
    ]
    kept = history.get(row.id)
    assert kept is not None
    assert (kept.text, kept.edited) == ("Push it to get hub.", "Push it to GitHub.")
    assert listed(intone) == []
    assert intone("vocabulary", "learn", str(row.id)).stdout == "get hub is written GitHub.\n"
    assert listed(intone) == [("replacement", "get hub", "GitHub")]
    piped = intone("history", "edit", str(row.id), "--json", said="Push it.\n").stdout
    assert json.loads(piped) == {"id": row.id, "edited": "Push it.", "suggestions": []}
    assert "Nothing in that correction" in intone("vocabulary", "learn", str(row.id), status=1).stderr
    assert "was not corrected" in intone("vocabulary", "learn", "99", status=1).stderr
    assert "no dictation 99" in intone("history", "edit", "99", "--text", "x", status=1).stderr


def test_own_word_that_is_taken_back_is_left_as_heard(intone: Intone, home: Path) -> None:
    intone("vocabulary", "add", "--word", "Bartleby")
    assert intone("polish", said="ask Bartlebie").stdout == "Ask Bartleby.\n"
    changed = (RuleChange("own_words", "Bartlebie", "Bartleby"),)
    row = HistoryStore(home / "history.db").add(
        HistoryEntry(
            started_at=datetime.now(UTC),
            text="Ask Bartleby.",
            raw_text="ask Bartlebie",
            delivery=Outcome.INSERTED,
            changed=changed,
        )
    )
    told = intone("history", "edit", str(row.id), "--text", "Ask Bartlebie.").stdout
    assert told.splitlines()[1] == f"Leave Bartlebie as it is? `intone vocabulary learn {row.id}`"
    assert intone("vocabulary", "learn", str(row.id)).stdout == "Bartlebie is left as it is.\n"
    assert listed(intone) == [("word", "Bartleby", ""), ("kept", "Bartlebie", "")]
    assert intone("polish", said="ask Bartlebie").stdout == "Ask Bartlebie.\n"
    intone("vocabulary", "remove", "bartlebie")
    assert listed(intone) == [("word", "Bartleby", "")]


@pytest.mark.anyio
async def test_a_running_app_is_told_of_each_change(intone: Intone, paths: Paths) -> None:
    asked: list[str] = []

    async def handle(command: str) -> Reply:
        asked.append(command)
        return {"ok": True}

    async with serve_commands(paths, handle):
        for arguments in (["add", "get hub", "GitHub"], ["add", "--word", "Ada"], ["remove", "get hub"]):
            await to_thread.run_sync(lambda arguments=arguments: intone("vocabulary", *arguments))
    assert asked == ["reload"] * 3
