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

from desktop.core.errors import UNSAID, Problem
from desktop.core.process import environ, lines
from desktop.llm.local_model import LocalFile

logger = logging.getLogger(__name__)

LOAD_LIMIT_S = 120.0
"""Seconds to load a model. From a cold disk a gigabyte takes half a minute; beyond this the process hangs."""

MOST_THREADS = 8
"""Most compute threads: reading the weights takes the time, and a few cores already keep the memory busy."""


class LocalServer:
    """One run of the process, serving at `url` for requests with the `key`."""

    def __init__(self, process: asyncio.subprocess.Process, key: str) -> None:
        self.url = ""
        self.key = key
        self._process = process
        self._last_words = deque[str](maxlen=3)
        self._overhearing = asyncio.create_task(self._overhear())

    @classmethod
    async def start(cls, model: LocalFile) -> LocalServer:
        """Start the process and load `model`. Raises `UserError`."""
        began = time.monotonic()
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "desktop.llm.local_worker"),
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
                env=environ(),
            )
        except OSError as error:
            raise Problem(
                f"The language model {model.name} cannot be loaded.", "Close something, then try again."
            ) from error
        server = cls(process, secrets.token_urlsafe(32))
        try:
            await server._load(model)
        except BaseException:
            await server.stop()
            raise
        logger.info("language model loaded in %.2f s", time.monotonic() - began)
        return server

    @property
    def alive(self) -> bool:
        """Return whether the process runs."""
        return self._process.returncode is None

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self._process.pid

    async def stop(self) -> None:
        """Kill the process; its memory is free when this returns."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await asyncio.wait([self._overhearing])

    async def _load(self, model: LocalFile) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {"file": str(model.file), "key": self.key, "threads": threads()}
        line = b""
        with contextlib.suppress(TimeoutError, ConnectionError, ValueError):  # the last for an overlong line
            self._process.stdin.write(json.dumps(asked).encode() + b"\n")
            async with asyncio.timeout(LOAD_LIMIT_S):
                line = await self._process.stdout.readline()
        self.url, why = _told(line)
        if not self.url:
            why = " / ".join((why, *self._last_words)).replace(self.key, UNSAID)
            logger.warning("a language model was not loaded: %s", why)
            raise Problem(
                f"The language model {model.name} cannot be loaded.",
                f"Fetch it again with `intone models pull {model.name}`, or choose another.",
            )

    async def _overhear(self) -> None:
        """Keep the last lines of standard error, which are logged only where loading fails: no dictated text exists by
        then.

        Reads on afterwards, since a full pipe would stop the process.
        """
        assert self._process.stderr is not None
        async for line in lines(self._process.stderr):
            self._last_words.append(line)


def _told(line: bytes) -> tuple[str, str]:
    """Return the address that the process serves at, empty where it does not; and the error."""
    if not line:
        return "", "it ended or hung"
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        told = None
    match told:
        case {"url": str(url)} if url:
            return url, ""
        case {"error": str(why)}:
            return "", why
        case _:
            return "", "its answer made no sense"


def threads() -> int:
    """Return the number of compute threads: half of the logical processors.

    Threads wait for each other at every layer, so one that waits for its processor delays all: on two processors that
    another process was using, two threads wrote 2 to 30 words in the time in which one wrote 90, and not 1.4 times as
    many on idle processors.
    """
    return min(MOST_THREADS, max(1, (os.cpu_count() or 1) // 2))
