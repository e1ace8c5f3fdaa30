"""The command line as a script sees it: exit status, stdout for programs, stderr for people, and an app that runs."""

from __future__ import annotations

import subprocess
import sys
from argparse import Namespace
from functools import partial

import pytest
from anyio import to_thread

from desktop import __version__
from desktop.__main__ import COMMANDS
from desktop.app.ipc import acquire_lock, serve_commands
from desktop.app.replacement import PROBE_TIMEOUT_S
from desktop.cli import remote
from desktop.core.ipc_client import Reply
from desktop.core.paths import Paths
from desktop.paste.outcome import READ_TIMEOUT_S
from tests.support.command_line import App, Intone, fails, printed


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


DRIVING = [
    *("start", "stop", "toggle", "cancel", "language", "paste-last", "undo", "swap", "again", "find", "mood", "quit")
]


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
async def test_a_question_about_the_last_text_is_answered(intone: Intone, paths: Paths) -> None:
    app = App()
    async with serve_commands(paths, app.handle):
        done = await to_thread.run_sync(intone, "again", "2")
        await to_thread.run_sync(intone, "again", "all")
    assert (done.returncode, app.asked) == (0, ["again-2", "again-all"])


@pytest.mark.anyio
async def test_command_refused_by_app_fails_with_its_reason(intone: Intone, paths: Paths) -> None:
    app = App(refuses={"ok": False, "error": "There is nothing to paste yet."})
    async with serve_commands(paths, app.handle):
        done = await to_thread.run_sync(intone, "paste-last")
    fails(done, "There is nothing to paste yet.")


@pytest.mark.anyio
async def test_paste_that_is_not_confirmed_says_so(intone: Intone, paths: Paths) -> None:
    app = App(status={"note": "The clipboard was taken before the text was read."})
    async with serve_commands(paths, app.handle):
        done = await to_thread.run_sync(intone, "paste-last")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "The clipboard was taken before the text was read.\n"


def test_paste_and_restart_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: dict[str, float] = {}

    def reply(paths: Paths, command: str, timeout_s: float) -> Reply:
        waited[command] = timeout_s
        return {"ok": True}

    monkeypatch.setattr(remote, "send_command", reply)
    for command in ("paste-last", "swap", "undo", "restart"):
        assert remote.run_command(Namespace(command=command, raw=False, place=None)) == 0
    assert waited["paste-last"] == waited["swap"] > 3 * READ_TIMEOUT_S > waited["undo"]
    assert waited["restart"] > PROBE_TIMEOUT_S


@pytest.mark.anyio
async def test_status_prints_exactly_the_promised_keys(intone: Intone, paths: Paths) -> None:
    status = {"state": "idle", "ready": True, "engine": "whisper", "model": "base", "device": "cpu"}
    status |= {"note": "The card is too old.", "languages": [], "last": None}
    app = App(status={**status, "more": 1})
    async with serve_commands(paths, app.handle):
        done = await to_thread.run_sync(intone, "status", "--json")
        plain = await to_thread.run_sync(intone, "status")
    app = App(status={**status, "model": "moonshine-base", "engine_title": "Moonshine base"})
    async with serve_commands(paths, app.handle):
        titled = await to_thread.run_sync(intone, "status")
    app = App(status={**status, "model": "", "device": "", "engine_title": ""})
    async with serve_commands(paths, app.handle):
        loading = await to_thread.run_sync(intone, "status")
    app = App(status={**status, "input_method": True})
    async with serve_commands(paths, app.handle):
        by_input_method = await to_thread.run_sync(intone, "status")
    assert printed(done) == [status]
    assert plain.stdout == "Intone is idle (whisper base on cpu) and ready. The card is too old.\n"  # an older app
    assert loading.stdout == "Intone is idle (a model on this machine) and ready. The card is too old.\n"
    assert titled.stdout == "Intone is idle (Moonshine base on cpu) and ready. The card is too old.\n"
    assert "and ready. Texts go in by the input method. The card" in by_input_method.stdout


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


@pytest.mark.anyio
async def test_second_start_opens_history_without_qt(environment: dict[str, str], paths: Paths) -> None:
    code = (
        "import sys\n"
        "from desktop.__main__ import main\n"
        "print(main([]), [name for name in ('PySide6', 'anyio', 'pydantic') if name in sys.modules])"
    )
    command = [sys.executable, "-c", code]
    app = App()
    lock = acquire_lock(paths)
    assert lock is not None
    with lock:
        async with serve_commands(paths, app.handle):
            done = await to_thread.run_sync(
                partial(subprocess.run, command, env=environment, capture_output=True, text=True, timeout=60)
            )
    assert (app.asked, done.stdout) == (["show"], "0 []\n")
    assert done.stderr == "Intone is already running; its history is open.\n"
