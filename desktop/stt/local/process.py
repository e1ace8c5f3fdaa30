"""Run the worker process of the model (start it, send requests, detect its death), and encode the messages to it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import subprocess
import sys
from collections import deque
from typing import Any

from desktop.core.message_json import load_message
from desktop.core.messages import Message
from desktop.core.process import child_environ, read_lines
from desktop.stt.local.worker_protocol import (
    BACKGROUND_OPTION,
    HEARTBEAT_ID,
    LENGTHS_SIZE,
    pack_message,
    unpack_lengths,
)

logger = logging.getLogger(__name__)

MEMORY_ENVIRONMENT = {"MALLOC_ARENA_MAX": "1", "ONEDNN_PRIMITIVE_CACHE_CAPACITY": "16"}
"""Environment variables that keep the worker's memory flat while window lengths vary.

One heap for all threads: with one each, the windows fragment all of them. Giving back more (a low
MALLOC_TRIM_THRESHOLD_) doubles the encoder's time by page faults. And oneDNN caches a compiled kernel for each of the
last 1,024 shapes, of which every length is one: after 1,000 windows on two threads in three minutes base took 603 MB
and was rising; with sixteen it took 374 MB, flat from the first minute on, and was no slower.
"""

THREAD_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1"}
"""Environment variables that keep the worker from spinning.

After every product of two matrices the threads of NumPy's BLAS wait for the next one in a loop: on two cores a live
decode took 220 ms of processor time instead of 115, and was no sooner. The other lane and the app need the rest.
"""

HEARTBEAT_INTERVAL_S = 1.0
"""Seconds between two heartbeats."""

MAX_MISSED_HEARTBEATS = 4
"""Missed heartbeats in a row after which the process counts as hung.

Heartbeats are counted instead of seconds, since the app itself may have been blocked.
"""

KILL_TIMEOUT_S = 2.0
"""Seconds that a killed process may take to end. One that waits in a driver (a GPU's, a disk's) may never end."""

PROCESS_SILENT, ANSWER_INVALID = Message("worker-silent"), Message("worker-answer-invalid")


class WorkerError(Exception):
    """The process did not do a job. `reason` says why; without it the text does, which is that of a library."""

    def __init__(self, text: str = "", reason: Message | None = None) -> None:
        super().__init__(text)
        self.reason = reason


class WorkerDiedError(WorkerError):
    """The process ended or hung: killed, aborted by a library, or out of memory."""


class WorkerJobError(WorkerError):
    """The process could not do the job; the message is that of its exception."""


class WorkerProcess:
    """One run of the process, with a heartbeat every `heartbeat_interval_s` seconds.

    Answers carry the number of their request, so that an abandoned request (Esc) does not shift the others. While a
    request is pending the process must answer heartbeats, which it does beside any computation: one that is stopped or
    stuck is detected within seconds, and a decode that is merely slow is waited for.
    """

    def __init__(self, process: asyncio.subprocess.Process, heartbeat_interval_s: float = HEARTBEAT_INTERVAL_S) -> None:
        self._process = process
        self._heartbeat_interval_s = heartbeat_interval_s
        self._pending: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._next_id = 0
        self._heartbeats = 0
        self._stderr_tail: deque[str] = deque(maxlen=5)
        self._reason: Message | None = None
        self._tasks = [asyncio.create_task(self._read_answers()), asyncio.create_task(self._read_stderr())]

    @classmethod
    async def start(cls, *, is_background: bool = False) -> WorkerProcess:
        """Start the process, without a model; with `is_background` at a priority that delays no other. Raises
        `WorkerDiedError` if the system cannot start one."""
        pipe = asyncio.subprocess.PIPE
        options: dict[str, Any] = {}
        if is_background and sys.platform == "win32":
            options["creationflags"] = subprocess.IDLE_PRIORITY_CLASS
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "desktop.stt.local.worker", *([BACKGROUND_OPTION] * is_background)),
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
                env=child_environ(PYTHONUNBUFFERED="1", **MEMORY_ENVIRONMENT, **THREAD_ENVIRONMENT),
                **options,
            )
        except OSError as error:
            raise WorkerDiedError(error.strerror or str(error)) from error
        return cls(process)

    @property
    def is_alive(self) -> bool:
        """Whether it can take requests."""
        return self._process.returncode is None and not self._tasks[0].done()

    @property
    def is_busy(self) -> bool:
        """Whether a request is pending."""
        return bool(self._pending)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    async def request(
        self, timeout_s: float, header: dict[str, Any], payload: bytes = b"", max_missed: int = MAX_MISSED_HEARTBEATS
    ) -> dict[str, Any]:
        """Send a request and return the answer.

        Raises `WorkerDiedError` if the process dies, takes longer than `timeout_s` seconds or misses `max_missed`
        heartbeats in a row, and `WorkerJobError` if it cannot do the job.
        """
        number, self._next_id = self._next_id, self._next_id + 1
        answer = self._pending[number] = asyncio.get_running_loop().create_future()
        answer.add_done_callback(lambda done: done.cancelled() or done.exception())  # the caller may be gone by then
        watch = asyncio.create_task(self._watch_heartbeat(max_missed))
        try:
            if not self.is_alive:
                raise WorkerDiedError
            assert self._process.stdin is not None
            self._process.stdin.write(pack_message({**header, "id": number}, payload))
            async with asyncio.timeout(timeout_s):
                await self._process.stdin.drain()
                result: dict[str, Any] = await answer
        except (OSError, TimeoutError) as error:
            await self.stop()
            raise WorkerDiedError(str(error)) from error
        finally:
            watch.cancel()
            self._pending.pop(number, None)
        if "error" in result:
            raise WorkerJobError(result["error"], load_message(result.get("reason")))
        return result

    async def stop(self) -> None:
        """Kill the process; its memory is free on return. One that survives the kill is left behind."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        try:
            async with asyncio.timeout(KILL_TIMEOUT_S):
                await self._process.wait()
                await asyncio.wait(self._tasks)
        except TimeoutError:
            logger.warning("the model's process %d does not end and is left behind", self.pid)
            for task in self._tasks:
                task.cancel()
            await asyncio.wait(self._tasks)
            self._fail_pending()

    def _fail_pending(self) -> None:
        """Fail every pending request with `WorkerDiedError`."""
        for waiting in self._pending.values():
            if not waiting.done():
                said = [*self._stderr_tail, *([str(self._reason)] if self._reason else [])]
                waiting.set_exception(WorkerDiedError(" / ".join(said), self._reason))

    async def _watch_heartbeat(self, max_missed: int) -> None:
        """Stop the process if it misses too many heartbeats, which fails its pending requests."""
        assert self._process.stdin is not None
        missed = 0
        while missed < max_missed:
            before = self._heartbeats
            with contextlib.suppress(OSError):  # it has ended
                self._process.stdin.write(pack_message({"do": "pulse", "id": HEARTBEAT_ID}))
            await asyncio.sleep(self._heartbeat_interval_s)
            missed = 0 if self._heartbeats > before else missed + 1
        self._reason = PROCESS_SILENT
        await self.stop()

    async def _read_answers(self) -> None:
        assert self._process.stdout is not None
        try:
            while True:
                header_size, payload_size = unpack_lengths(await self._process.stdout.readexactly(LENGTHS_SIZE))
                answer = json.loads(await self._process.stdout.readexactly(header_size))
                await self._process.stdout.readexactly(payload_size)
                self._validate(answer)
                self._heartbeats += 1
                waiting = self._pending.get(answer["id"])
                if waiting is not None and not waiting.done():
                    waiting.set_result(answer)
        except asyncio.IncompleteReadError:
            code = await self._process.wait()
            logger.info("the model's process ended with %s", code)
        except Exception as error:  # whatever it is, nothing after it can be parsed
            logger.warning("the model's process gave an answer that makes no sense (%s)", type(error).__name__)
            self._reason = ANSWER_INVALID
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        finally:
            self._fail_pending()

    def _validate(self, answer: Any) -> None:
        """Raise `ValueError` if `answer` has an unknown request number, or an error without a message."""
        number = answer["id"]
        if type(number) is not int or not (number == HEARTBEAT_ID or 0 <= number < self._next_id):
            raise ValueError("no such request")
        if not isinstance(answer.get("error", ""), str):
            raise ValueError("no message")

    async def _read_stderr(self) -> None:
        assert self._process.stderr is not None
        async for line in read_lines(self._process.stderr):
            self._stderr_tail.append(line)
