"""Compare the installed models on the user's recordings beside the app: when the user asks for it, or at rest.

The work is a process of its own (`desktop.bench.mine_process`), whose results stay. No decode can be cancelled, so at a
press of the key the process is killed, with the models' processes that it has started, and the press waits for nothing.
What was asked for by the user goes on once the user has spoken.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import anyio
from anyio import to_thread

from desktop.core.errors import UserError
from desktop.core.message_json import load_message
from desktop.core.process import child_environ, read_lines
from desktop.core.tasks import SpawnTask
from desktop.platforms import power

logger = logging.getLogger(__name__)

MODULE = "desktop.bench.mine_process"

RESUME_S = 5.0
"""Seconds without a dictation after which a comparison goes on."""

KILL_TIMEOUT_S = 2.0
"""Seconds that a killed process may take to end."""

REST_S = 600.0
"""Seconds without a dictation after which the user is away."""

CHECK_S = 60.0
"""Seconds between two looks at whether the machine is at rest."""

REPEAT_S = 24 * 3600.0
"""Seconds after a comparison until the next one by itself."""


@dataclass(frozen=True, slots=True)
class BenchProgress:
    """Whether a comparison runs, `done` of `total` results, the model being measured, and why the last one failed."""

    is_running: bool = False
    done: int = 0
    total: int = 0
    model: str = ""
    problem: UserError | None = None


def is_time_to_compare(idle_s: float, since_last_s: float | None, *, on_mains: bool, computing_little: bool) -> bool:
    """Return whether a comparison may begin by itself; `since_last_s` is None where there was none."""
    is_due = since_last_s is None or since_last_s >= REPEAT_S
    return is_due and idle_s >= REST_S and on_mains and computing_little


class BenchService:
    """Runs comparisons on the engine's loop. `wait_until_idle` returns while no dictation is running.

    `command` starts the process; `resume_s` replaces `RESUME_S` in tests.
    """

    def __init__(
        self,
        spawn: SpawnTask,
        wait_until_idle: Callable[[], Awaitable[None]],
        command: tuple[str, ...] = (sys.executable, "-P", "-m", MODULE),
        resume_s: float = RESUME_S,
    ) -> None:
        self.progress = BenchProgress()
        self._spawn = spawn
        self._wait_until_idle = wait_until_idle
        self._command = command
        self._resume_s = resume_s
        self._watchers: list[Callable[[BenchProgress], None]] = []
        self._process: asyncio.subprocess.Process | None = None
        self._is_wanted = self._is_running = False
        self._is_pressed = self._is_killed = self._is_by_itself = False
        self._last_press_at = time.monotonic()
        self._last_end_at: float | None = None
        self._resting: anyio.CancelScope | None = None

    @property
    def pid(self) -> int | None:
        """The process that compares, if one runs."""
        return None if self._process is None else self._process.pid

    def watch(self, on_change: Callable[[BenchProgress], None]) -> None:
        """Call `on_change` with `progress` now and at each change."""
        self._watchers.append(on_change)
        on_change(self.progress)

    def unwatch(self, on_change: Callable[[BenchProgress], None]) -> None:
        """Stop calling `on_change`."""
        self._watchers.remove(on_change)

    def start(self) -> None:
        """Compare now, unless that is being done."""
        self._is_by_itself = False
        self._begin()

    def stop(self) -> None:
        """End the comparison; what it has measured stays."""
        self._is_wanted = False
        self._kill()

    def on_press(self) -> None:
        """End the process at once, because the user speaks. Waits for nothing."""
        self._last_press_at = time.monotonic()
        self._is_pressed = True
        self._kill()

    def run_at_rest(self, is_wanted: bool) -> None:
        """Compare by itself whenever the machine is at rest, or no longer."""
        if is_wanted and self._resting is None:
            self._resting = anyio.CancelScope()
            self._spawn(self._watch_rest)
        elif not is_wanted and self._resting is not None:
            self._resting.cancel()
            self._resting = None
            if self._is_by_itself:
                self.stop()

    def _begin(self) -> None:
        self._is_wanted = True
        if not self._is_running:  # else what was stopped a moment ago goes on
            self._is_running, self._is_pressed = True, False
            self._spawn(self._run)

    async def _watch_rest(self) -> None:
        scope = self._resting
        assert scope is not None
        with scope:
            while True:
                await anyio.sleep(CHECK_S)
                on_mains = await to_thread.run_sync(power.is_on_mains)
                if self._is_wanted:
                    if self._is_by_itself and not on_mains:
                        self.stop()
                    continue
                now = time.monotonic()
                since_last_s = None if self._last_end_at is None else now - self._last_end_at
                idle_s = now - self._last_press_at
                if is_time_to_compare(
                    idle_s, since_last_s, on_mains=on_mains, computing_little=power.is_computing_little()
                ):
                    self._is_by_itself = True
                    self._begin()

    async def _run(self) -> None:
        """Run the process until it has measured everything, or is no longer wanted."""
        self._publish(BenchProgress(is_running=True))
        try:
            while self._is_wanted:
                await self._wait_for_silence()
                if self._is_wanted and await self._run_process():
                    self._last_end_at = time.monotonic()
                    return
                if self._is_by_itself:
                    return  # it begins again when the machine is at rest
        finally:
            self._is_wanted = self._is_running = False
            self._publish(replace(self.progress, is_running=False))

    async def _wait_for_silence(self) -> None:
        """Wait until no dictation has run for a while, if there was one."""
        await self._wait_until_idle()
        while self._is_pressed:
            self._is_pressed = False
            await anyio.sleep(self._resume_s)
            await self._wait_until_idle()

    async def _run_process(self) -> bool:
        """Run the process; return whether it ended by itself."""
        options: dict[str, Any] = {"process_group": 0}
        if sys.platform == "win32":
            options = {"creationflags": subprocess.IDLE_PRIORITY_CLASS}
        pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, stdin=pipe, stdout=pipe, stderr=nothing, env=child_environ(), **options
            )
        except OSError as error:
            logger.warning("models cannot be compared: %s", error.strerror)
            self._publish(replace(self.progress, problem=UserError("bench-mine-failed")))
            return True
        self._process, self._is_killed = process, False
        try:
            if self._is_pressed or not self._is_wanted:  # while it was being started
                self._kill()
            assert process.stdout is not None
            async for line in read_lines(process.stdout):
                self._take_line(line)
            code = await process.wait()
        finally:
            self._kill()
            with anyio.move_on_after(KILL_TIMEOUT_S, shield=True):
                await process.wait()
            self._process = None
        if code and not self._is_killed:
            logger.warning("the comparison of models ended with %d", code)
            self._publish(replace(self.progress, problem=UserError("bench-mine-failed")))
        return not self._is_killed

    def _take_line(self, line: str) -> None:
        values = json.loads(line)
        if "problem" in values:
            message = load_message(values["problem"])
            problem = UserError("bench-mine-failed") if message is None else UserError.of(message)
            self._publish(replace(self.progress, problem=problem))
        else:
            self._publish(replace(self.progress, **values))

    def _kill(self) -> None:
        """Kill the process with those that it has started, which are of its group."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        self._is_killed = True
        with suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                process.kill()  # the models' processes end with their standard input
            else:
                os.killpg(process.pid, signal.SIGKILL)

    def _publish(self, progress: BenchProgress) -> None:
        self.progress = progress
        for on_change in tuple(self._watchers):
            on_change(progress)
