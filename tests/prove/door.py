"""What other programs ask of the app, mixed by the seed: requests to the endpoint, hooks, and a slow reader.

Requests go to a real `intone serve`, whose app has a stand-in for the model: whole ones, and each kind of fault. Hooks
are real processes: fast, slow, failing ones and one that leaves a child behind. The reader is a real socket that reads
nothing until all dictations are recorded by a real engine.
"""

from __future__ import annotations

import json
import os
import random
import shlex
import socket
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
from anyio import to_thread

from desktop.app.doors import feed
from desktop.app.doors.hook import run_command
from desktop.core.ipc_client import open_connection
from desktop.core.paths import Paths
from tests.prove.record import Run, tell
from tests.support.endpoint import KEY, FakeModel, app_with, ask, ask_for_text, serving, wav
from tests.support.running_engine import dictated, environ_without_session, running

REQUESTS, HOOKS, DICTATIONS = 100, 50, 150

HOOK_TIMEOUT_S = 0.5

MARK = "INTONE_PROOF_HOOK"
"""In the environment of hooks and of what they start."""

SLOW_TEXT = "word " * 4_000
"""20 kB: a socket holds ten of them."""


def prove(run: Run) -> dict[str, Any]:
    """All of it, or `run.limit` of each."""
    draw = random.Random(run.seed)
    requests = prove_requests(draw, run.upto(REQUESTS))
    tell(f"requests: {requests}")
    hooks = anyio.run(prove_hooks, draw, run.upto(HOOKS))
    tell(f"hooks: {hooks}")
    lines = anyio.run(prove_lines, run.upto(DICTATIONS))
    is_met = all(part.pop("ok") for part in (requests, hooks, lines))
    return {"requests": requests, "hooks": hooks, "listen": lines, "ok": is_met}


def prove_requests(draw: random.Random, count: int) -> dict[str, Any]:
    """Send `count` requests, a half of them with a fault; compare status and sentence with what is due."""
    good = wav(0.5)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        model = FakeModel()
        with app_with(Paths(home, home, home, home), model), serving(home) as served:
            port = served.port
            ask_for_text(port, good)
            open_before = len(list(Path(f"/proc/{served.process.pid}/fd").iterdir()))
            kinds: dict[str, tuple[int, Callable[[], int]]] = {
                "whole": (200, lambda: ask_for_text(port, good).status),
                "no key": (401, lambda: ask(port, body=good, Authorization=None).status),
                "a page": (403, lambda: ask(port, Origin="https://example.org").status),
                "a rebound name": (403, lambda: ask(port, Host="example.org").status),
                "garbage": (400, lambda: ask_for_text(port, draw.randbytes(30_000)).status),
                "cut": (400, lambda: ask_for_text(port, good[: draw.randint(1, 40)]).status),
                "100 MB": (413, lambda: ask(port, Content_Length="100000000").status),
                "gone": (0, lambda: leave(port, good, draw)),
            }
            wrong, counts, times = [], Counter[str](), list[float]()
            for _ in range(count):
                kind = draw.choice(["whole", *kinds]) if draw.random() < 0.5 else "whole"
                due, request = kinds[kind]
                began = time.perf_counter()
                status = request()
                times.append(time.perf_counter() - began)
                counts[kind] += 1
                if status != due:
                    wrong.append((kind, status))
            deadline = time.monotonic() + 10
            while (left := len(list(Path(f"/proc/{served.process.pid}/fd").iterdir())) - open_before) > 0:
                if time.monotonic() > deadline:
                    break
            memory_mb = served.memory_mb
    p50_ms = round(1000 * sorted(times)[len(times) // 2], 1)
    found = {"count": count, "kinds": dict(counts), "wrong": wrong, "left_open": max(left, 0)}
    return {**found, "p50_ms": p50_ms, "memory_mb": memory_mb, "ok": not wrong and left <= 0 and memory_mb < 300}


def leave(port: int, good: bytes, draw: random.Random) -> int:
    """Go away in the middle of a request."""
    head = f"POST /v1/audio/transcriptions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\n"
    with socket.create_connection(("127.0.0.1", port), 30) as line:
        line.sendall(f"{head}Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 90000\r\n\r\n".encode())
        line.sendall(good[: draw.randint(0, 9000)])
    return 0


async def prove_hooks(draw: random.Random, count: int) -> dict[str, Any]:
    """Run `count` hooks; each ends as its kind does, in its time, and leaves no process."""
    kinds: dict[str, tuple[int | None, str]] = {
        "fast": (0, "cat > /dev/null"),
        "reads nothing": (0, "true"),
        "failing": (3, "exit 3"),
        "slow": (None, "sleep 60"),
        "forking": (None, "sleep 60 & sleep 60 & wait"),
    }
    wrong, counts, longest_s = [], Counter[str](), 0.0
    for _ in range(count):
        kind = draw.choice(list(kinds))
        due, code = kinds[kind]
        began = time.monotonic()
        text = "word " * draw.choice([1, 100_000])
        status = await run_command(shlex.join(["sh", "-c", code]), text, {MARK: str(os.getpid())}, HOOK_TIMEOUT_S)
        longest_s = max(longest_s, time.monotonic() - began)
        counts[kind] += 1
        if status != due:
            wrong.append((kind, status))
    left = await to_thread.run_sync(count_marked)
    found = {"count": count, "kinds": dict(counts), "wrong": wrong, "left_processes": left}
    return {**found, "longest_s": round(longest_s, 2), "ok": not wrong and not left and longest_s < HOOK_TIMEOUT_S + 5}


def count_marked() -> int:
    """Return how many processes of hooks still run; one that was killed may take a moment to be gone."""
    mark = f"{MARK}={os.getpid()}".encode()
    deadline = time.monotonic() + 5
    while True:
        count = 0
        for environ in Path("/proc").glob("[0-9]*/environ"):
            try:
                count += mark in environ.read_bytes()
            except OSError:
                continue
        if not count or time.monotonic() > deadline:
            return count


async def prove_lines(count: int) -> dict[str, Any]:
    """Record `count` dictations before a reader that reads nothing until the end, and as many without one."""
    with tempfile.TemporaryDirectory() as folder, environ_without_session(Path(folder)) as paths:
        async with running(paths) as engine:
            alone = await time_dictations(engine, count)
            opened = await to_thread.run_sync(open_connection, paths, {"command": "listen"})
            assert opened is not None
            with opened.client, opened.client.makefile("rb") as received:
                beside = await time_dictations(engine, count)
                lines = list[dict[str, Any]]()
                while sum(line.get("dropped", 1) for line in lines) < count:
                    lines.append(json.loads(await to_thread.run_sync(received.readline)))
            dropped = sum(line.get("dropped", 0) for line in lines)
            reader_count = engine.doors._feed.reader_count
    kept = sum("dropped" not in line for line in lines)
    found = {"count": count, "lines": kept, "dropped": dropped, "most_held": feed.MAX_WAITING_LINES}
    times = {"row_ms_alone": alone, "row_ms_beside": beside}
    return {**found, **times, "ok": kept + dropped == count and beside < 3 * alone + 50 and reader_count <= 1}


async def time_dictations(engine: Any, count: int) -> float:
    """Return the median milliseconds until a dictation is recorded."""
    times = []
    for _ in range(count):
        began = time.perf_counter()
        await dictated(engine, SLOW_TEXT)
        times.append(time.perf_counter() - began)
    return round(1000 * sorted(times)[count // 2], 1)
