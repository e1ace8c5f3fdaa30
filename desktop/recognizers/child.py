"""The app's end of the model's process: start it, ask it, notice its death.

Answers carry the number of their question, so that a question nobody waits for any more (Esc) does not shift the
others. While it owes an answer its pulse is felt, which the process gives beside whatever it computes: one that is
stopped or stuck is known in seconds, and a decode that is merely slow is waited for.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import sys
from collections import deque
from typing import Any

from desktop.children import environ, lines
from desktop.recognizers import wire

logger = logging.getLogger(__name__)


THRIFT = {"MALLOC_ARENA_MAX": "1", "ONEDNN_PRIMITIVE_CACHE_CAPACITY": "16"}
"""What keeps the process's memory flat while windows are of ever other lengths.

One heap for the threads: with one each, the windows pick holes in all of them. Giving back more (a low
MALLOC_TRIM_THRESHOLD_) doubles the encoder's time by page faults. And oneDNN keeps a compiled kernel for each of the
last 1,024 shapes that it met, of which every length is one: after 1,000 windows on two threads in three minutes base
took 603 MB and was rising; with sixteen it took 374 MB, flat from the first minute on, and was no slower."""


PULSE_S = 1.0
"""How often the pulse is felt."""

MISSED = 4
"""So many in a row, and the process hangs. Ticks are counted and not seconds, since the app may have been held up."""


END_S = 2.0
"""How long a killed process may take to end. One that waits in a driver (a GPU's, a disk's) may not end at all."""


class ChildDiedError(Exception):
    """The process ended or hung: killed, aborted by a library, out of memory."""


class JobError(Exception):
    """The process lives but could not do the job; the message is its exception's."""


class Child:
    """One run of the process, whose pulse is felt every `pulse_s`."""

    def __init__(self, process: asyncio.subprocess.Process, pulse_s: float = PULSE_S) -> None:
        self._process = process
        self._pulse_s = pulse_s
        self._questions: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._given = 0
        self._pulses = 0
        self._last_words: deque[str] = deque(maxlen=5)
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._overhear())]

    @classmethod
    async def start(cls) -> Child:
        """Start the process; it has no model yet. Raises `ChildDiedError` where the system has no room for one."""
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "desktop.recognizers.whisper_child"),
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
                env=environ(PYTHONUNBUFFERED="1", **THRIFT),
            )
        except OSError as error:
            raise ChildDiedError(error.strerror or "it could not be started") from error
        return cls(process)

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.returncode is None and not self._tasks[0].done()

    @property
    def busy(self) -> bool:
        """Whether it owes an answer."""
        return bool(self._questions)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def ask(
        self, limit_s: float, head: dict[str, Any], payload: bytes = b"", missed: int = MISSED
    ) -> dict[str, Any]:
        """Its answer. Raises `ChildDiedError` when it dies, takes longer than `limit_s` or has no pulse so many times,
        `JobError` if it cannot."""
        number, self._given = self._given, self._given + 1
        answer = self._questions[number] = asyncio.get_running_loop().create_future()
        answer.add_done_callback(lambda done: done.cancelled() or done.exception())  # who asked may be gone by then
        watch = asyncio.create_task(self._watch(missed))
        try:
            if not self.alive:
                raise ChildDiedError
            assert self._process.stdin is not None
            self._process.stdin.write(wire.pack({**head, "id": number}, payload))
            async with asyncio.timeout(limit_s):
                await self._process.stdin.drain()
                found: dict[str, Any] = await answer
        except (OSError, TimeoutError) as error:
            await self.stop()
            raise ChildDiedError(str(error)) from error
        finally:
            watch.cancel()
            self._questions.pop(number, None)
        if "error" in found:
            raise JobError(found["error"])
        return found

    async def stop(self) -> None:
        """End it now; its memory is free when this returns, unless not even a kill ends it: then it is left behind."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        try:
            async with asyncio.timeout(END_S):
                await self._process.wait()
                await asyncio.wait(self._tasks)
        except TimeoutError:
            logger.warning("the model's process %d does not end and is left behind", self.pid)
            for task in self._tasks:
                task.cancel()
            await asyncio.wait(self._tasks)
            self._fail()

    def _fail(self) -> None:
        """Have every question end in the death of the process."""
        for waiting in self._questions.values():
            if not waiting.done():
                waiting.set_exception(ChildDiedError(" / ".join(self._last_words)))

    async def _watch(self, most: int) -> None:
        """End a process that has no pulse; its questions are answered by its death."""
        assert self._process.stdin is not None
        missed = 0
        while missed < most:
            felt = self._pulses
            with contextlib.suppress(OSError):  # it has ended
                self._process.stdin.write(wire.pack({"do": "pulse", "id": wire.PULSE}))
            await asyncio.sleep(self._pulse_s)
            missed = 0 if self._pulses > felt else missed + 1
        self._last_words.append("it did not answer any more")
        await self.stop()

    async def _read(self) -> None:
        assert self._process.stdout is not None
        try:
            while True:
                head, payload = wire.lengths(await self._process.stdout.readexactly(wire.LENGTHS))
                answer = json.loads(await self._process.stdout.readexactly(head))
                await self._process.stdout.readexactly(payload)
                self._check(answer)
                self._pulses += 1
                waiting = self._questions.get(answer["id"])
                if waiting is not None and not waiting.done():
                    waiting.set_result(answer)
        except asyncio.IncompleteReadError:
            code = await self._process.wait()
            logger.info("the model's process ended with %s", code)
        except Exception as error:  # whatever it is, nothing that comes after it can be read
            logger.warning("the model's process gave an answer that makes no sense (%s)", type(error).__name__)
            self._last_words.append("its answer made no sense")
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        finally:
            self._fail()

    def _check(self, answer: Any) -> None:
        """Raise `ValueError` where `answer` has the number of no question, or an error without a message."""
        number = answer["id"]
        if type(number) is not int or not (number == wire.PULSE or 0 <= number < self._given):
            raise ValueError("no such question")
        if not isinstance(answer.get("error", ""), str):
            raise ValueError("no message")

    async def _overhear(self) -> None:
        assert self._process.stderr is not None
        async for line in lines(self._process.stderr):
            self._last_words.append(line)
