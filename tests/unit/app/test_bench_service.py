"""What compares models beside the app: it ends at a press and goes on afterwards, and costs nothing otherwise."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

import anyio
import pytest

from desktop.app.bench_service import REPEAT_S, REST_S, BenchProgress, BenchService, is_time_to_compare
from desktop.app.trials import TrialService
from desktop.core.errors import UserError
from desktop.core.message_json import dump_message
from desktop.history.store import HistoryStore
from desktop.settings.schema import RecognizerSettings, Settings

STAND_IN = """
import json, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
is_first = len(sys.argv) > 1 and not __import__("os").path.exists(sys.argv[1])
if is_first:
    open(sys.argv[1], "w").close()
print(json.dumps({"done": 1, "total": 2, "model": str(child.pid)}), flush=True)
if is_first:
    child.wait()
child.kill()
"""
"""A process that starts another, and waits for it the first time: it is killed once it has said what it did."""

type Work = Callable[[], Coroutine[Any, Any, object]]


async def be_idle() -> None:
    """No dictation is running."""


def is_alive(pid: int) -> bool:
    """Whether the process exists and has not ended."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


@pytest.mark.anyio
async def test_a_press_ends_all_processes_and_the_comparison_goes_on(tmp_path: Path) -> None:
    seen: list[BenchProgress] = []
    changed = anyio.Event()

    def on_change(progress: BenchProgress) -> None:
        nonlocal changed
        seen.append(progress)
        changed.set()
        changed = anyio.Event()

    async def wait_for(condition: Callable[[BenchProgress], bool]) -> None:
        with anyio.fail_after(20):
            while not condition(seen[-1]):
                await changed.wait()

    async with anyio.create_task_group() as tasks:
        command = (sys.executable, "-c", STAND_IN, str(tmp_path / "once"))
        service = BenchService(tasks.start_soon, be_idle, command, resume_s=0.0)
        service.watch(on_change)
        service.start()
        await wait_for(lambda progress: progress.done == 1)
        pids = [service.pid, int(seen[-1].model)]
        service.on_press()
        with anyio.fail_after(1):
            while any(is_alive(pid) for pid in pids if pid is not None):
                await anyio.lowlevel.checkpoint()
        await wait_for(lambda progress: not progress.is_running)
        assert service.pid is None
        assert seen[-1] == BenchProgress(False, 1, 2, seen[-1].model)
        assert seen[-1].model != str(pids[1]), "it was started again"
        service.unwatch(on_change)


@pytest.mark.anyio
async def test_a_stopped_comparison_stays_stopped_and_a_failed_one_is_named(tmp_path: Path) -> None:
    async with anyio.create_task_group() as tasks:
        for code, is_failed in (("import sys; sys.exit(3)", True), ("import time; time.sleep(60)", False)):
            ended = anyio.Event()
            service = BenchService(tasks.start_soon, be_idle, (sys.executable, "-c", code))
            seen: list[BenchProgress] = []

            def on_change(
                progress: BenchProgress, seen: list[BenchProgress] = seen, ended: anyio.Event = ended
            ) -> None:
                seen.append(progress)
                if len(seen) > 1 and not progress.is_running:
                    ended.set()

            service.watch(on_change)
            service.start()
            service.start()
            if not is_failed:
                with anyio.fail_after(20):
                    while service.pid is None:
                        await anyio.lowlevel.checkpoint()
                service.stop()
            with anyio.fail_after(20):
                await ended.wait()
            assert (seen[-1].problem is not None) is is_failed


@pytest.mark.anyio
async def test_what_was_left_out_is_named_though_the_rest_goes_on() -> None:
    problem = {"problem": dump_message(UserError("bench-mine-model-missing").message)}
    progress = {"done": 1, "total": 1, "model": "base"}
    code = f"import json; print(json.dumps({problem!r})); print(json.dumps({progress!r}))"
    async with anyio.create_task_group() as tasks:
        service = BenchService(tasks.start_soon, be_idle, (sys.executable, "-c", code))
        service.start()
    assert (service.progress.done, service.progress.is_running) == (1, False)
    assert service.progress.problem is not None
    assert service.progress.problem.code == "bench-mine-model-missing"


@pytest.mark.anyio
async def test_what_is_stopped_and_started_at_once_is_one_run() -> None:
    runs: list[Work] = []
    async with anyio.create_task_group() as tasks:

        def spawn(work: Work) -> None:
            runs.append(work)
            tasks.start_soon(work)

        service = BenchService(spawn, be_idle, (sys.executable, "-c", "import sys; sys.stdin.read()"))
        service.start()
        with anyio.fail_after(20):
            while service.pid is None:
                await anyio.lowlevel.checkpoint()
            first = service.pid
            service.stop()
            service.start()
            while service.pid in (None, first):
                await anyio.lowlevel.checkpoint()
        assert len(runs) == 1
        assert not is_alive(first)
        service.stop()
    assert service.pid is None


@pytest.mark.parametrize(
    ("idle_s", "since_last_s", "on_mains", "computing_little", "expected"),
    [
        (REST_S, None, True, True, True),
        (REST_S, REPEAT_S, True, True, True),
        (REST_S - 1, None, True, True, False),
        (REST_S, REPEAT_S - 1, True, True, False),
        (REST_S, None, False, True, False),
        (REST_S, None, True, False, False),
    ],
)
def test_comparisons_begin_by_themselves_only_at_rest(
    idle_s: float, since_last_s: float | None, on_mains: bool, computing_little: bool, expected: bool
) -> None:
    rest = {"on_mains": on_mains, "computing_little": computing_little}
    assert is_time_to_compare(idle_s, since_last_s, **rest) is expected


def test_nothing_of_it_is_loaded_until_it_is_asked_for() -> None:
    code = (
        "import sys; from desktop.app import trials; from desktop.history import recorder; "
        "print([name for name in sys.modules if 'bench' in name or name == 'desktop.platforms.power'])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.anyio
async def test_settings_and_presses_make_it_only_where_it_is_wanted(tmp_path: Path) -> None:
    spawned: list[Work] = []

    def no_session() -> Any:
        raise AssertionError("nothing is dictated")

    async def transcribe(*given: object) -> Any:
        raise AssertionError("nothing is transcribed")

    service = TrialService(
        no_session,
        transcribe,
        HistoryStore(tmp_path / "history.db"),
        is_dictating=lambda: False,
        has_llm=lambda: False,
        spawn=spawned.append,
        wait_until_idle=be_idle,
    )
    asked, idle = (Settings(recognizer=RecognizerSettings(compare=value)) for value in ("asked", "idle"))
    service.on_press()
    service.apply_settings(asked)
    assert spawned == []
    service.apply_settings(idle)
    service.apply_settings(idle)
    assert len(spawned) == 1
    service.on_press()
    service.apply_settings(asked)
    service.apply_settings(idle)
    assert len(spawned) == 2
