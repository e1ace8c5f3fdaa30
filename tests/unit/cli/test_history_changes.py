"""What commands change in the history: imports, corrected emotions, deletions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from anyio import to_thread

from desktop.app.ipc import serve_commands
from desktop.core.paths import Paths
from desktop.history.store import HistoryStore
from tests.support.command_line import App, Intone, fails, printed
from tests.support.other_systems import TERMINAL, only_on_linux


def test_import_of_export_names_bad_lines_on_stderr(intone: Intone, history: HistoryStore, tmp_path: Path) -> None:
    out = tmp_path / "words.jsonl"
    intone("history", "export", str(out))
    with out.open("a") as file:
        file.write("{}\n")
    history.delete(2)
    done = intone("history", "import", str(out), "--json")
    assert json.loads(done.stdout) == {"added": 1, "known": 2, "bad": 1}
    assert done.stderr.startswith("Line 4 of words.jsonl was left out: ")
    assert (
        "0 dictations added, 3 were there already. 1 could not be read." in intone("history", "import", str(out)).stdout
    )
    fails(intone("history", "import", str(tmp_path / "words.pdf")), "cannot be read from words.pdf")


def test_emotion_corrected_reset_and_forgotten(intone: Intone, history: HistoryStore) -> None:
    assert printed(intone("history", "correct-emotion", "2", "joy", "--json")) == [{"id": 2, "emotion_user": "joy"}]
    assert printed(intone("history", "show", "2", "--json"))[0]["emotion_user"] == "joy"
    assert printed(intone("history", "correct-emotion", "2", "none", "--json")) == [{"id": 2, "emotion_user": None}]
    fails(intone("history", "correct-emotion", "9", "joy"), "There is no dictation 9.")
    intone("history", "correct-emotion", "2", "fear")
    assert printed(intone("history", "forget-emotions", "--json")) == [{"forgotten": 1}]
    assert printed(intone("history", "show", "2", "--json"))[0]["emotion_user"] is None


def test_delete_and_clear_say_what_is_gone(intone: Intone, history: HistoryStore) -> None:
    assert intone("history", "delete", "2").stdout == "Dictation 2 is deleted.\n"
    fails(intone("history", "delete", "2"), "There is no dictation 2.")
    assert printed(intone("history", "clear", "--json")) == [{"deleted": 2}]
    assert history.rows() == []


@pytest.mark.parametrize(("answer", "left"), [("\n", 3), ("n\n", 3), ("y\n", 0)])
def test_clear_asks_a_person(environment: dict[str, str], history: HistoryStore, answer: str, left: int) -> None:
    only_on_linux(TERMINAL)
    person, terminal = os.openpty()
    with os.fdopen(person, "w") as keyboard, os.fdopen(terminal) as stdin:
        keyboard.write(answer)
        keyboard.flush()
        done = subprocess.run(
            [sys.executable, "-m", "desktop", "history", "clear"],
            env=environment,
            stdin=stdin,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert "Delete all dictations" in done.stderr
    assert len(history.rows()) == left
    assert done.returncode == (1 if left else 0)


@pytest.mark.anyio
async def test_running_app_notified_of_correct_and_forget(intone: Intone, paths: Paths, history: HistoryStore) -> None:
    app = App()
    async with serve_commands(paths, app.handle):
        await to_thread.run_sync(intone, "history", "correct-emotion", "2", "joy")
        await to_thread.run_sync(intone, "history", "forget-emotions", "--yes")
    assert app.asked == ["history", "history"]
