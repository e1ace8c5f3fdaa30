"""A target, and what targets are made with."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import json
import shutil
import tempfile
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from desktop.core.errors import UserError

HANG_S = 2.0


@dataclass(frozen=True)
class Target:
    """A reader, what it is meant to read, the modules whose code that is, what did harm once, and how many seconds of
    the processor are a hang."""

    read: Callable[[bytes], object]
    seeds: tuple[bytes, ...]
    within: tuple[str, ...]
    harmful: tuple[bytes, ...] = ()
    hang_s: float = HANG_S


@cache
def folder() -> Path:
    """A folder in memory where there is one: files are written by the million."""
    memory = Path("/dev/shm")
    made = tempfile.mkdtemp(prefix="intone-fuzz-", dir=memory if memory.is_dir() else None)
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return Path(made)


def in_file(name: str, read: Callable[[Path], object], data: bytes) -> None:
    """Have `data` read from a file, which may raise a `UserError`."""
    path = folder() / name
    path.write_bytes(data)
    with contextlib.suppress(UserError):
        read(path)


def problem(read: Callable[[bytes], object], data: bytes) -> None:
    """Have `data` read, which may raise a `UserError`."""
    with contextlib.suppress(UserError):
        read(data)


@cache
def _runner() -> asyncio.Runner:
    runner = asyncio.Runner()
    atexit.register(runner.close)
    return runner


def run[T](coroutine: Coroutine[Any, Any, T]) -> T:
    """What comes of it, in a loop that is made once."""
    return _runner().run(coroutine)


def lines(*messages: Any) -> bytes:
    """Each as JSON, on a line of its own."""
    return b"\n".join(json.dumps(message).encode() for message in messages)
