"""`intone history` where it changes something beside a running app, and numbers that no dictation has."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from anyio import to_thread

from desktop.app.ipc import serve_commands
from desktop.core.types import Outcome
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from tests.support.command_line import App, paths_of, run_intone

type Intone = Callable[..., int]


@pytest.fixture
def intone(tmp_path: Path) -> Intone:
    """Runs `intone` with arguments, and gives its exit status."""

    def run(*arguments: str) -> int:
        return run_intone(tmp_path, *arguments).returncode

    return run


@pytest.mark.parametrize(
    "wrong",
    [
        "history show 99999999999999999999999",
        "history edit 9223372036854775808 --text x",
        f"history delete {'9' * 5000}",
        "history correct-emotion 0 joy",
        "vocabulary learn 99999999999999999999999",
    ],
)
def test_impossible_number_is_wrong_usage(intone: Intone, wrong: str) -> None:
    assert intone(*wrong.split()) == 2


@pytest.mark.anyio
async def test_running_app_notified_of_edit_delete_import(intone: Intone, tmp_path: Path) -> None:
    history = HistoryStore(tmp_path / "history.db")
    for text in ("One.", "Two."):
        history.add(HistoryEntry(started_at=datetime.now(UTC), text=text, delivery=Outcome.INSERTED))
    app, out = App(), str(tmp_path / "words.jsonl")
    async with serve_commands(paths_of(tmp_path, tmp_path), app.handle):
        for arguments, status in (
            (["export", out], 0),
            (["edit", "1", "--text", "The very first."], 0),
            (["delete", "2"], 0),
            (["delete", "2"], 1),
            (["import", out], 0),
            (["import", out], 0),
        ):
            app.asked.append(arguments[0])
            assert await to_thread.run_sync(intone, "history", *arguments) == status
    assert app.asked == ["export", "edit", "history", "delete", "history", "delete", "import", "history", "import"]


def given(home: Path, words: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `intone history ARGUMENTS` with `words` on standard input."""
    return run_intone(home, "history", *arguments, given=words.encode())


@pytest.fixture
def whales(tmp_path: Path) -> Path:
    """A home with two dictations."""
    for text in ("A blue whale.", "A heron."):
        HistoryStore(tmp_path / "history.db").add(
            HistoryEntry(started_at=datetime.now(UTC), text=text, delivery=Outcome.INSERTED)
        )
    return tmp_path


@pytest.mark.parametrize("arguments", [["search"], ["search", "-"], ["search", "--limit", "9", "-"]])
def test_search_reads_its_words_from_standard_input(whales: Path, arguments: list[str]) -> None:
    found = given(whales, "whal\nblu\n", *arguments)
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.rstrip().endswith("A blue whale.")
    assert found.stdout.count("\n") == 1


def test_sentence_that_is_not_found_prints_the_nearest(whales: Path) -> None:
    sought = "a blue whale today"
    found = given(whales, sought, "search")
    assert found.stdout.rstrip().endswith("A blue whale.")
    assert (found.stdout.count("\n"), found.stderr) == (1, "Nothing has exactly these words; this is the nearest.\n")
    for arguments in (["search", "--json"], ["search", "--app", "xterm"]):
        unfound = given(whales, sought, *arguments)
        assert (unfound.stdout, unfound.stderr) == ("", ""), arguments


def test_search_without_any_word_says_so(whales: Path) -> None:
    found = given(whales, " \n", "search")
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr == "No words were given to look for. `intone history list` shows all.\n"
    assert given(whales, "", "search", "").stdout.count("\n") == 2, "as it was"


def test_the_examples_put_no_word_into_an_argument(whales: Path) -> None:
    helps = {words: given(whales, "", *words.split(), "--help").stdout for words in ("search", "edit", "")}
    assert "Example: echo blue whale | intone history search" in helps["search"]
    assert "Example: echo 'Hi Jo' | intone history edit 12" in helps["edit"]
    assert "Example: echo invoice | intone history search --since 7d" in helps[""]
    for words in ("search", "edit"):
        assert "see its arguments" in " ".join(helps[words].split())
    assert given(whales, "Hi Jo\n", "edit", "2", "--json").returncode == 0
    (row,) = HistoryStore(whales / "history.db").rows_with_ids([2])
    assert row.edited == "Hi Jo"


def test_the_documents_put_no_word_into_an_argument() -> None:
    root = Path(__file__).parents[3]
    texts = [(root / name).read_text(encoding="utf-8") for name in ("README.md", "docs/user-guide.md")]
    assert all("history edit 12 --text" not in text for text in texts)
    assert any("`echo invoice | intone history search`" in text for text in texts)
