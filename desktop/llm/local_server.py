"""The app's end of the language model's process: start it, know its address and whether it runs, end it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import secrets
import sys
import time
from collections import deque

from desktop.core.errors import UserError
from desktop.core.messages import REDACTED
from desktop.core.process import child_environ, read_lines
from desktop.llm.local_model import LocalModelFile

logger = logging.getLogger(__name__)

LOAD_TIMEOUT_S = 120.0
"""Seconds to load a model. From a cold disk a gigabyte takes half a minute; beyond this the process hangs."""

LOAD_FAILURE = "load_model: failed to load model"
"""What llama.cpp writes when it has given a model up. Under Wine its server then waits for itself for ever, instead of
raising."""

MAX_THREADS = 8
"""Most compute threads: reading the weights takes the time, and a few cores already keep the memory busy."""


class LocalLLMServer:
    """One run of the process, serving at `url` for requests with the `key`."""

    def __init__(self, process: asyncio.subprocess.Process, key: str) -> None:
        self.url = ""
        self.key = key
        self._process = process
        self._stderr_tail = deque[str](maxlen=3)
        self._stderr_task = asyncio.create_task(self._read_stderr())

    @classmethod
    async def start(cls, model: LocalModelFile) -> LocalLLMServer:
        """Start the process and load `model`. Raises `UserError`."""
        started_at = time.monotonic()
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "desktop.llm.local_worker"),
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
                env=child_environ(),
            )
        except OSError as error:
            raise UserError("language-model-unstartable", name=model.name) from error
        server = cls(process, secrets.token_urlsafe(32))
        try:
            await server._load(model)
        except BaseException:
            await server.stop()
            raise
        logger.info("language model loaded in %.2f s", time.monotonic() - started_at)
        return server

    @property
    def is_alive(self) -> bool:
        """Return whether the process runs."""
        return self._process.returncode is None

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self._process.pid

    async def stop(self) -> None:
        """Kill the process; its memory is free when this returns."""
        self._kill()
        await self._process.wait()
        await asyncio.wait([self._stderr_task])

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def _load(self, model: LocalModelFile) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        config = {"file": str(model.file), "key": self.key, "threads": choose_thread_count()}
        line = b""
        with contextlib.suppress(TimeoutError, ConnectionError, ValueError):  # the last for an overlong line
            self._process.stdin.write(json.dumps(config).encode() + b"\n")
            async with asyncio.timeout(LOAD_TIMEOUT_S):
                line = await self._process.stdout.readline()
        self.url, error = _parse_reply(line)
        if not self.url:
            error = " / ".join((error, *self._stderr_tail)).replace(self.key, REDACTED)
            logger.warning("a language model was not loaded: %s", error)
            raise UserError("language-model-unloadable", name=model.name)

    async def _read_stderr(self) -> None:
        """Keep the last lines of standard error, which are logged only where loading fails: no dictated text exists by
        then.

        Kills a process that has given its model up. Reads on afterwards, since a full pipe would stop the process.
        """
        assert self._process.stderr is not None
        async for line in read_lines(self._process.stderr):
            self._stderr_tail.append(line)
            if not self.url and LOAD_FAILURE in line:
                self._kill()


def _parse_reply(line: bytes) -> tuple[str, str]:
    """Return the address that the process serves at, empty where it does not; and the error."""
    if not line:
        return "", "it ended or hung"
    try:
        reply = json.loads(line)
    except (ValueError, RecursionError):
        reply = None
    match reply:
        case {"url": str(url)} if url:
            return url, ""
        case {"error": str(reason)}:
            return "", reason
        case _:
            return "", "its answer made no sense"


def choose_thread_count() -> int:
    """Return the number of compute threads: half of the logical processors.

    Threads wait for each other at every layer, so one that waits for its processor delays all: on two processors that
    another process was using, two threads wrote 2 to 30 words in the time in which one wrote 90, and not 1.4 times as
    many on idle processors.
    """
    return min(MAX_THREADS, max(1, (os.cpu_count() or 1) // 2))
