"""The user's command after a dictation, by real processes."""

from __future__ import annotations

import logging
import os
import shlex
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from desktop.app.doors.hook import MAX_WAITING, HookRunner, build_environment, run_command
from desktop.core.errors import UserError
from desktop.core.tasks import EngineTasks
from desktop.core.types import Outcome
from desktop.credentials import environment
from desktop.history.rows import HistoryRow
from desktop.settings.schema import HooksSettings, Settings
from desktop.settings.store import LoadedSettings
from desktop.settings.values import split_command

pytestmark = pytest.mark.anyio

ROW = HistoryRow(
    id=7,
    started_at=datetime(2026, 5, 4, 12, 30, tzinfo=UTC),
    text="Über words; $(date) | `id`",
    language="en",
    app="edi\0tor",
    delivery=Outcome.INSERTED,
)


def command(code: str, *arguments: object) -> str:
    """A command line that runs this Python code."""
    return shlex.join([sys.executable, "-c", code, *map(str, arguments)])


WRITE = "import sys; open(sys.argv[1], 'ab').write(sys.stdin.buffer.read() + b'|')"


class Hooks:
    """A runner with these settings; `problems` are the codes of what it reported."""

    def __init__(self, work: EngineTasks, after: str, timeout_s: int = 10) -> None:
        self.loaded = LoadedSettings(Settings(hooks=HooksSettings(after=after, timeout_s=timeout_s)))
        self.problems: list[UserError] = []
        self.runner = HookRunner(lambda: self.loaded, work.spawn, self.problems.append)


@pytest.fixture
async def work() -> AsyncIterator[EngineTasks]:
    work = EngineTasks()
    async with anyio.create_task_group() as work.tasks:
        yield work


async def test_words_come_on_standard_input_and_no_shell_sees_them(tmp_path: Path) -> None:
    file = tmp_path / "words"
    assert await run_command(command(WRITE, file), ROW.text, {}, 10) == 0
    assert file.read_text(encoding="utf-8") == f"{ROW.text}|"


async def test_command_knows_the_dictation_and_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-0123456789")
    monkeypatch.setattr(environment, "_removed_keys", {})
    environment.remove_keys_from_environ()
    file = tmp_path / "environment"
    code = "import os, sys; open(sys.argv[1], 'w').write(repr(dict(os.environ)))"
    assert await run_command(command(code, file), "", build_environment(ROW), 10) == 0
    found = file.read_text(encoding="utf-8")
    assert "sk-0123456789" not in found
    for part in (
        "'INTONE_ID': '7'",
        "'INTONE_OUTCOME': 'inserted'",
        "'INTONE_LANGUAGE': 'en'",
        "'INTONE_APP': 'editor'",
    ):
        assert part in found


async def test_command_that_reads_nothing_gets_a_long_text() -> None:
    assert await run_command(command("pass"), "word " * 200_000, {}, 10) == 0


async def test_command_is_killed_with_its_children(tmp_path: Path) -> None:
    ready, held = (tmp_path / name for name in ("ready", "held"))
    for fifo in (ready, held):
        os.mkfifo(fifo)
    code = 'exec 3> "$1"; : > "$2"; sleep 60 & wait'
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(run_command, shlex.join(["sh", "-c", code, "sh", str(held), str(ready)]), "", {}, 60)
        held_end = await anyio.open_file(held, "rb")  # the command and its child have the other one
        await (await anyio.open_file(ready, "rb")).aclose()
        tasks.cancel_scope.cancel()
    with anyio.fail_after(20):
        assert await held_end.read() == b""
    await held_end.aclose()


@pytest.mark.parametrize("code", ['exec 3> "$1"; sleep 60 & exit 0', 'exec 3> "$1"; sleep 60 0<&0 & exit 0'])
async def test_what_a_command_leaves_behind_is_killed_and_not_waited_for(tmp_path: Path, code: str) -> None:
    held = tmp_path / "held"
    os.mkfifo(held)
    held_end = os.open(held, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with anyio.fail_after(30):
            assert await run_command(shlex.join(["sh", "-c", code, "sh", str(held)]), "word " * 200_000, {}, 60) == 0
            os.set_blocking(held_end, True)
            assert await to_thread.run_sync(os.read, held_end, 1) == b""
    finally:
        os.close(held_end)


@pytest.mark.parametrize(
    ("command_line", "words"),
    [
        (r'"C:\Program Files\note.exe" --to C:\notes\ ', [r"C:\Program Files\note.exe", "--to", "C:\\notes\\"]),
        (r'note.exe "two words"', ["note.exe", "two words"]),
    ],
)
def test_backslashes_separate_folders_on_windows(command_line: str, words: list[str]) -> None:
    assert split_command(command_line, is_windows=True) == words


async def test_command_is_ended_at_the_time_limit() -> None:
    assert await run_command("sleep 60", "", {}, 0.1) is None


async def test_runs_one_at_a_time_in_order_and_keeps_the_newest(work: EngineTasks, tmp_path: Path) -> None:
    file = tmp_path / "words"
    hooks = Hooks(work, shlex.join(["sh", "-c", 'cat >> "$1"; printf "|" >> "$1"', "sh", str(file)]))
    for number in range(MAX_WAITING + 2):
        hooks.runner.add(replace(ROW, text=str(number)))
    hooks.runner.add(replace(ROW, text=""))  # nothing was said
    with anyio.fail_after(60):
        while hooks.runner._is_running:
            await anyio.lowlevel.checkpoint()
    assert file.read_text(encoding="utf-8") == "".join(f"{number}|" for number in range(2, MAX_WAITING + 2))
    assert hooks.problems == []


@pytest.mark.parametrize(
    ("after", "timeout_s", "code"),
    [
        (command("import sys; print('secret'); sys.exit(3)"), 10, "hook-failed"),
        ("/nowhere/command", 10, "hook-not-started"),
        ("''", 10, "hook-not-started"),
        ("sleep 60", 1, "hook-too-slow"),
    ],
)
async def test_failure_is_shown_once_and_logged_without_words(
    work: EngineTasks, caplog: pytest.LogCaptureFixture, after: str, timeout_s: int, code: str
) -> None:
    hooks = Hooks(work, after, timeout_s)
    with caplog.at_level(logging.INFO):
        for _ in range(2 if timeout_s > 1 else 1):
            await hooks.runner._run_for(ROW)
    assert [problem.message.code for problem in hooks.problems] == [code]
    assert "secret" not in caplog.text
    assert ROW.text not in caplog.text
    caplog.clear()


async def test_nothing_is_run_in_safe_mode_or_without_a_command(work: EngineTasks, tmp_path: Path) -> None:
    file = tmp_path / "words"
    hooks = Hooks(work, command(WRITE, file))
    chosen = hooks.loaded
    for loaded in (replace(chosen, is_safe_mode=True), LoadedSettings(Settings())):
        hooks.loaded = loaded
        hooks.runner.add(ROW)
        with anyio.fail_after(10):
            while hooks.runner._is_running:
                await anyio.lowlevel.checkpoint()
    assert not file.exists()
