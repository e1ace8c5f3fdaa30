"""Run the user's command after each dictation that is kept, with its words on standard input.

The command is `hooks.after`, split as a shell splits words and run without one. It is never on the way of a text: its
row is written before. One runs at a time, in a process group of its own, on Windows a job, that is killed at its end
or time limit; what it prints is dropped, and the log has only how it ended and how long it took.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

import anyio
from anyio import to_thread

from desktop.core.errors import UserError
from desktop.core.tasks import SpawnTask
from desktop.history.rows import HistoryRow
from desktop.settings.store import LoadedSettings
from desktop.settings.values import split_command

logger = logging.getLogger(__name__)

MAX_WAITING = 20
"""Dictations that wait for the command of an earlier one; the oldest go."""

FAILURES_SHOWN = 1
"""Failures in a row that are shown: a broken command would otherwise answer each dictation."""


def is_hook_chosen(loaded: LoadedSettings) -> bool:
    """Return whether a command is to be run: never in safe mode, in which the invalid line may be its own."""
    return bool(loaded.settings.hooks.after) and not loaded.is_safe_mode


def build_environment(row: HistoryRow) -> dict[str, str]:
    """Return what the command knows of the dictation besides its words. API keys are in no environment of ours."""
    values = {
        "INTONE_ID": str(row.id),
        "INTONE_OUTCOME": row.delivery.value,
        "INTONE_LANGUAGE": row.language,
        "INTONE_APP": row.app,
        "INTONE_STARTED_AT": row.started_at.isoformat(timespec="milliseconds"),
    }
    return {name: value.replace("\0", "") for name, value in values.items()}


class HookRunner:
    """Runs the command of the settings that `loaded` returns; `on_problem` is called with why one failed."""

    def __init__(
        self, loaded: Callable[[], LoadedSettings], spawn: SpawnTask, on_problem: Callable[[UserError], None]
    ) -> None:
        self._loaded = loaded
        self._spawn = spawn
        self._on_problem = on_problem
        self._waiting: deque[HistoryRow] = deque(maxlen=MAX_WAITING)
        self._is_running = False
        self._failures = 0

    @property
    def is_running(self) -> bool:
        """Whether a command runs, or rows wait for it."""
        return self._is_running

    def add(self, row: HistoryRow) -> None:
        """Run the command for `row`, if it has words, after those for earlier rows."""
        if not row.text:
            return
        self._waiting.append(row)
        if not self._is_running:
            self._is_running = True
            self._spawn(self._run_waiting)

    async def _run_waiting(self) -> None:
        try:
            while self._waiting:
                row = self._waiting.popleft()
                if is_hook_chosen(self._loaded()):
                    await self._run_for(row)
        finally:
            self._is_running = False

    async def _run_for(self, row: HistoryRow) -> None:
        hooks = self._loaded().settings.hooks
        began = time.monotonic()
        problem: UserError | None = None
        try:
            status = await run_command(hooks.after, row.text, build_environment(row), hooks.timeout_s)
        except (OSError, ValueError) as error:
            reason = (error.strerror if isinstance(error, OSError) else None) or "it is no command"
            logger.warning("the hook could not be started: %s", type(error).__name__)
            problem = UserError("hook-not-started", reason=reason)
        else:
            ended = "was killed at its time limit" if status is None else f"ended with status {status}"
            logger.info("the hook %s after %.1f s", ended, time.monotonic() - began)
            if status is None:
                problem = UserError("hook-too-slow", seconds=f"{hooks.timeout_s:g}")
            elif status:
                problem = UserError("hook-failed", status=str(status))
        self._failures = self._failures + 1 if problem is not None else 0
        if problem is not None and self._failures <= FAILURES_SHOWN:
            self._on_problem(problem)


async def run_command(command: str, words: str, environment: dict[str, str], timeout_s: float) -> int | None:
    """Run `command` with `words` on its standard input and return its status, None where the time limit ended it.

    What it has started and left behind is killed with it: at its end, at the limit, and when the app ends. Raises
    `OSError` or `ValueError` where it cannot be started.
    """
    arguments = split_command(command)
    if not arguments:
        raise ValueError(command)
    standard_input, words_end = os.pipe()  # of our own: asyncio would wait for every process that has its pipe
    try:
        process = await asyncio.create_subprocess_exec(
            *arguments,
            stdin=standard_input,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **environment},
            start_new_session=sys.platform != "win32",
        )
    except BaseException:
        os.close(words_end)
        raise
    finally:
        os.close(standard_input)
    status: int | None = None
    kill_all = _find_killer(process.pid)
    try:
        with anyio.move_on_after(timeout_s):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_feed, words_end, words.encode(errors="replace"))
                status = await process.wait()
                tasks.cancel_scope.cancel()  # it has read as much as it wanted
    finally:
        kill_all()
        if status is None:
            with suppress(ProcessLookupError):
                process.kill()
            with anyio.move_on_after(1, shield=True):
                await process.wait()
    return status


async def _feed(descriptor: int, data: bytes) -> None:
    """Write `data` as far as it is read, and close `descriptor`."""
    if sys.platform == "win32":  # where a pipe cannot be waited for; its readers are killed
        await to_thread.run_sync(_write_all, descriptor, data, abandon_on_cancel=True)
        return
    os.set_blocking(descriptor, False)
    try:
        with suppress(BrokenPipeError):
            while data:
                await anyio.wait_writable(descriptor)
                data = data[os.write(descriptor, data) :]
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    with suppress(OSError), open(descriptor, "wb", buffering=0) as file:
        file.write(data)


def _find_killer(pid: int) -> Callable[[], None]:
    """Return what kills a process that was just started, with its children. One that has made a session of its own has
    left the group."""
    if sys.platform == "win32":
        from desktop.platforms.windows.jobs import ProcessJob

        return ProcessJob.of(pid).kill

    def kill_group() -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)

    return kill_group
