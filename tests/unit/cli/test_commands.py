"""The command line as a script sees it: exit status, stdout for programs, stderr for people."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from anyio import to_thread

from desktop import __version__
from desktop.__main__ import COMMANDS
from desktop.app.ipc import serve_commands
from desktop.cli.history import parse_moment
from desktop.core.errors import RecognizerError
from desktop.core.ipc_client import Reply
from desktop.core.paths import Paths
from desktop.core.types import Emotion, Outcome
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)

type Intone = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def environment(tmp_path: Path, home: Path) -> dict[str, str]:
    return {**os.environ, "INTONE_HOME": str(home), "XDG_RUNTIME_DIR": str(tmp_path)}


@pytest.fixture
def paths(tmp_path: Path, home: Path) -> Paths:
    return Paths(config=home, data=home, state=home, runtime=tmp_path)


@pytest.fixture
def intone(environment: dict[str, str]) -> Intone:
    """Runs `intone` with arguments, and with nobody at the keyboard."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "desktop", *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


@pytest.fixture
def history(home: Path) -> HistoryStore:
    """Three dictations, an hour apart, the last of them just now."""
    history = HistoryStore(home / "history.db")
    now = datetime.now(UTC)
    for hours, text in ((2, "The first one."), (1, "The second, about whales."), (0, "The third one.")):
        history.add(
            HistoryEntry(started_at=now - timedelta(hours=hours), app="kate", text=text, delivery=Outcome.INSERTED)
        )
    return history


@dataclass
class App:
    """Stands for a running app: notes what it is asked and says what it is told to say."""

    status: Reply = field(default_factory=dict)
    refuses: Reply | None = None
    asked: list[str] = field(default_factory=list)

    async def handle(self, command: str) -> Reply:
        self.asked.append(command)
        return self.refuses or {"ok": True, **self.status}


def printed(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """The JSON objects on stdout, of a command that did well and had nothing else to say."""
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def fails(done: subprocess.CompletedProcess[str], saying: str) -> None:
    """It failed with a sentence for people, and gave programs nothing."""
    assert (done.returncode, done.stdout) == (1, "")
    assert saying in done.stderr
    assert "Traceback" not in done.stderr


def test_every_command_tells_of_itself_with_an_example(intone: Intone) -> None:
    overview = intone("--help")
    assert overview.returncode == 0
    for command in COMMANDS:
        assert f"\n    {command}" in overview.stdout


@pytest.mark.parametrize(
    "command",
    ["start", "paste-last", "status", "history", "history list", "history export", "settings", "settings set"],
)
def test_help_has_an_example(intone: Intone, command: str) -> None:
    done = intone(*command.split(), "--help")
    assert done.returncode == 0
    assert "Example: " in done.stdout
    assert f"intone {command.split()[0]}" in done.stdout.split("Example: ")[1]


def test_the_version_is_printed(intone: Intone) -> None:
    assert intone("--version").stdout == f"intone {__version__}\n"


@pytest.mark.parametrize(
    "wrong",
    [
        "sing",
        "history",
        "history sing",
        "history show",
        "history show one",
        "history list --limit 0",
        "history list --limit -1",
        "history list --limit many",
        "history list --since whenever",
        "history list --emotion glee",
        "history list --delivery shouted",
        "history import",
        "history correct-emotion 1 glee",
        "settings set polish.mode",
        "status --yaml",
    ],
)
def test_wrong_usage_is_2_and_says_so_on_stderr(intone: Intone, wrong: str) -> None:
    done = intone(*wrong.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage: intone" in done.stderr


DRIVING = ["start", "stop", "toggle", "cancel", "language", "paste-last", "undo", "swap", "mood", "quit"]


@pytest.mark.parametrize("command", [*DRIVING, "status"])
def test_command_without_running_app_fails_with_remedy(intone: Intone, command: str) -> None:
    fails(intone(command), "Intone is not running. Start it with `intone`.")


def test_status_json_without_app_prints_no_json(intone: Intone) -> None:
    fails(intone("status", "--json"), "Intone is not running.")


@pytest.mark.anyio
@pytest.mark.parametrize("command", DRIVING)
async def test_a_running_app_is_driven(intone: Intone, paths: Paths, command: str) -> None:
    app = App()
    async with serve_commands(paths, app.handle):
        done = await to_thread.run_sync(intone, command)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert app.asked == [command]


@pytest.mark.anyio
async def test_the_last_text_can_be_had_as_it_was_spoken(intone: Intone, paths: Paths) -> None:
    app = App()
    async with serve_commands(paths, app.handle):
        done = await to_thread.run_sync(intone, "paste-last", "--raw")
    assert (done.returncode, app.asked) == (0, ["paste-last-raw"])


@pytest.mark.anyio
async def test_command_refused_by_app_fails_with_its_reason(intone: Intone, paths: Paths) -> None:
    app = App(refuses={"ok": False, "error": "There is nothing to paste yet."})
    async with serve_commands(paths, app.handle):
        done = await to_thread.run_sync(intone, "paste-last")
    fails(done, "There is nothing to paste yet.")


@pytest.mark.anyio
async def test_status_prints_exactly_the_promised_keys(intone: Intone, paths: Paths) -> None:
    status = {"state": "idle", "ready": True, "engine": "whisper", "model": "base", "device": "cpu"}
    status |= {"note": "The card is too old.", "last": None}
    app = App(status={**status, "more": 1})
    async with serve_commands(paths, app.handle):
        done = await to_thread.run_sync(intone, "status", "--json")
        plain = await to_thread.run_sync(intone, "status")
    assert printed(done) == [status]
    assert plain.stdout == "Intone is idle (whisper base on cpu) and ready. The card is too old.\n"


def test_driving_the_app_loads_nothing_heavy(environment: dict[str, str]) -> None:
    heavy = (
        "numpy",
        "PySide6",
        "pydantic",
        "anyio",
        "asyncio",
        "httpx2",
        "openai",
        "faster_whisper",
        "sqlite3",
        "tomlkit",
        "av",
    )
    code = (
        "import sys\n"
        "from desktop.__main__ import main\n"
        "assert main(['status']) == 1\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout == "[]\n"


def test_the_list_is_newest_first_one_row_a_line(intone: Intone, history: HistoryStore) -> None:
    assert printed(intone("history", "list", "--json")) == [row.to_json() for row in history.rows()]
    assert [row["id"] for row in printed(intone("history", "list", "--json", "--limit", "2"))] == [3, 2]
    assert [row["id"] for row in printed(intone("history", "list", "--json", "--since", "90m"))] == [3, 2]
    lines = intone("history", "list").stdout.splitlines()
    assert len(lines) == 3
    assert lines[0].split()[0] == "3"
    assert lines[0].endswith("The third one.")


def test_history_list_shows_fifty_rows_by_default(intone: Intone, history: HistoryStore) -> None:
    for number in range(60):
        history.add(HistoryEntry(started_at=NOON, text=str(number), delivery=Outcome.INSERTED))
    assert len(printed(intone("history", "list", "--json"))) == 50


def test_list_search_and_export_take_the_same_filters(intone: Intone, history: HistoryStore, tmp_path: Path) -> None:
    history.update(1, language="zh", delivery=Outcome.COPIED)
    history.correct_emotion(2, "joy")
    for flags, ids in (
        (["--app", "Kate"], [3, 2, 1]),
        (["--app", "xterm"], []),
        (["--language", "zh", "--delivery", "copied"], [1]),
        (["--emotion", "joy"], [2]),
        (["--until", "30m"], [2, 1]),
        (["--until", "30m", "--since", "90m"], [2]),
    ):
        assert [row["id"] for row in printed(intone("history", "list", "--json", *flags))] == ids
        assert [row["id"] for row in printed(intone("history", "search", "the", "--json", *flags))] == ids
        intone("history", "export", str(tmp_path / "some.jsonl"), *flags)
        assert [json.loads(line)["id"] for line in (tmp_path / "some.jsonl").read_text().splitlines()] == ids


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


def test_search_takes_words_with_or_without_quotes(intone: Intone, history: HistoryStore) -> None:
    assert [row["id"] for row in printed(intone("history", "search", "whal", "--json"))] == [2]
    assert [row["id"] for row in printed(intone("history", "search", "one", "first", "--json"))] == [1]
    assert [row["id"] for row in printed(intone("history", "search", "one first", "--json"))] == [1]
    assert printed(intone("history", "search", '"(', "--json")) == []


def test_show_prints_all_of_a_row(intone: Intone, history: HistoryStore) -> None:
    row = history.update(2, emotion=Emotion("joy", 0.5, 0.25, 0.0))
    assert row is not None
    assert printed(intone("history", "show", "2", "--json")) == [row.to_json()]
    assert "text: The second, about whales.\n" in intone("history", "show", "2").stdout
    fails(intone("history", "show", "99"), "There is no dictation 99.")


def test_foreign_text_cannot_control_terminal(intone: Intone, history: HistoryStore) -> None:
    history.add(
        HistoryEntry(started_at=NOON, app="a\nb", window="\x1b]0;pwned\x07", text="\x1b[2J", delivery=Outcome.INSERTED)
    )
    for done in (intone("history", "list"), intone("history", "show", "4")):
        assert done.returncode == 0
        assert "\x1b" not in done.stdout
        assert "a\nb" not in done.stdout


def test_export_writes_all_rows_by_default(intone: Intone, history: HistoryStore, tmp_path: Path) -> None:
    out = tmp_path / "words.jsonl"
    assert printed(intone("history", "export", str(out), "--json")) == [{"file": str(out), "rows": 3}]
    assert [json.loads(line)["id"] for line in out.read_text().splitlines()] == [3, 2, 1]
    intone("history", "export", str(out), "--limit", "1")
    assert len(out.read_text().splitlines()) == 1
    fails(intone("history", "export", str(tmp_path / "words.pdf")), "ends in one of")


def test_delete_and_clear_say_what_is_gone(intone: Intone, history: HistoryStore) -> None:
    assert intone("history", "delete", "2").stdout == "Dictation 2 is deleted.\n"
    fails(intone("history", "delete", "2"), "There is no dictation 2.")
    assert printed(intone("history", "clear", "--json")) == [{"deleted": 2}]
    assert history.rows() == []


@pytest.mark.parametrize(("answer", "left"), [("\n", 3), ("n\n", 3), ("y\n", 0)])
def test_clear_asks_a_person(environment: dict[str, str], history: HistoryStore, answer: str, left: int) -> None:
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


def test_a_reader_that_has_seen_enough_is_no_failure(environment: dict[str, str], history: HistoryStore) -> None:
    for _ in range(50):
        history.add(HistoryEntry(started_at=NOON, text="long " * 2000, delivery=Outcome.INSERTED))
    command = [sys.executable, "-m", "desktop", "history", "list"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as listing:
        assert listing.stdout is not None
        assert listing.stderr is not None
        listing.stdout.readline()
        listing.stdout.close()
        assert listing.stderr.read() == b""
        assert listing.wait(timeout=60) == 0


def test_settings_are_read_and_written(intone: Intone, home: Path) -> None:
    assert intone("settings", "get", "polish.mode").stdout == "rules\n"
    assert intone("settings", "set", "recognizer.language", "en, de").returncode == 0
    assert intone("settings", "get", "recognizer.language").stdout == "en,de\n"
    assert "recognizer.language = en,de\n" in intone("settings", "list").stdout
    assert intone("settings", "reset", "recognizer.language").returncode == 0
    assert intone("settings", "get", "recognizer.language").stdout == "auto\n"
    assert intone("settings", "path").stdout == f"{home / 'settings.toml'}\n"


def test_settings_that_cannot_be_fail_with_what_to_do(intone: Intone, home: Path) -> None:
    fails(intone("settings", "set", "polish.mode", "loud"), "Choose off, rules or llm.")
    fails(intone("settings", "get", "polish.mod"), "Did you mean polish.mode?")
    assert not (home / "settings.toml").exists()


def test_a_setting_is_described_with_its_value(intone: Intone) -> None:
    intone("settings", "set", "audio.others", "pause")
    assert intone("settings", "describe", "audio.others").stdout.splitlines() == [
        "Other sound. While you talk. Afterwards it is as it was.",
        "`duck` turns other programs down to a fifth, `pause` pauses media players (MPRIS).",
        "Value: one of these",
        "  off    Goes on",
        "  duck   Is turned down",
        "  pause  Is paused",
        "Default: off",
        "Now: pause",
    ]
    assert printed(intone("settings", "describe", "hotkey.undo", "--json")) == [
        {
            "key": "hotkey.undo",
            "label": "Undo",
            "help": "Takes the last text out again, if nothing was typed since.",
            "details": "",
            "form": "keys (`f9`), chords (`ctrl+alt+space`) or mouse buttons (`button8`), separated by commas",
            "choices": [],
            "default": "",
            "value": "",
        }
    ]
    fails(intone("settings", "describe", "polish.mod"), "Did you mean polish.mode?")


def test_settings_get_reports_file_problems_beside(intone: Intone, home: Path) -> None:
    home.mkdir()
    (home / "settings.toml").write_text('[polish]\nmode = "loud"\n[audio]\ndevice = "mic"\n')
    done = intone("settings", "get", "audio.device")
    assert (done.returncode, done.stdout) == (0, "mic\n")
    assert "polish.mode cannot be loud." in done.stderr


@pytest.mark.anyio
async def test_running_app_notified_of_correct_and_forget(intone: Intone, paths: Paths, history: HistoryStore) -> None:
    app = App()
    async with serve_commands(paths, app.handle):
        await to_thread.run_sync(intone, "history", "correct-emotion", "2", "joy")
        await to_thread.run_sync(intone, "history", "forget-emotions", "--yes")
    assert app.asked == ["history", "history"]


@pytest.mark.anyio
async def test_a_running_app_is_told_of_a_change(intone: Intone, paths: Paths) -> None:
    app = App()
    async with serve_commands(paths, app.handle):
        await to_thread.run_sync(intone, "settings", "set", "polish.mode", "off")
        await to_thread.run_sync(intone, "settings", "reset", "polish.mode")
        await to_thread.run_sync(intone, "settings", "get", "polish.mode")
        assert app.asked == ["reload", "reload"]
        app.refuses = {
            "ok": False,
            "error": str(RecognizerError("reported-message", title="The model is missing.", advice="Pull it.")),
        }
        done = await to_thread.run_sync(intone, "settings", "set", "recognizer.model", "small")
    fails(done, "The change is saved, but Intone could not apply it. The model is missing. Pull it.")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31T10:00:00+02:00", datetime(2026, 1, 31, 8, tzinfo=UTC)),
        ("2026-01-31T10:00:00Z", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        ("30m", NOON - timedelta(minutes=30)),
        ("2h", NOON - timedelta(hours=2)),
        ("7D", NOON - timedelta(days=7)),
        ("4w", NOON - timedelta(weeks=4)),
        ("2026-01-31", datetime(2026, 1, 31).astimezone()),
        ("2026-01-31 14:30", datetime(2026, 1, 31, 14, 30).astimezone()),
        ("today", datetime(2026, 3, 14).astimezone()),
        ("yesterday", datetime(2026, 3, 13).astimezone()),
    ],
)
def test_since_is_a_date_a_time_or_an_age(text: str, moment: datetime) -> None:
    assert parse_moment(text, NOON) == moment


@pytest.mark.parametrize("text", ["", "7", "d", "-1d", "7 days", "2026-13-01", "soon", "99999999d"])
def test_since_refuses_what_it_cannot_read(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="such as"):
        parse_moment(text, NOON)
