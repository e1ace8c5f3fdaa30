"""How long the loop stands still while the client of an engine elsewhere is loaded, in a process of its own each time.

The loop looks at the clock every millisecond: first at rest, then while the app's own call loads the client in a worker
thread and creates it. Beside it the naive way, the same import on the loop. The first process may have to compile.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from statistics import median
from time import perf_counter
from typing import Any

import anyio

from tests.prove.record import ROOT, Run, tell

STARTS = 20
STALL_MS = 20.0
"""How long the loop may stand still."""

REST_S = 1.0


def prove(run: Run) -> dict[str, Any]:
    """Load the client; `run.limit` is how many times."""
    starts = run.upto(STARTS)
    command = [sys.executable, "-m", "tests.prove.cloud_start"]
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for number in range(starts):
        if f"{number}" not in run.lines:
            run.lines.add(f"{number}", json.loads(subprocess.check_output(command, cwd=ROOT, env=environ)))
            tell(f"cloud-start: {number + 1}/{starts}", "\r")
    lines = [run.lines[f"{number}"] for number in range(starts)]
    figures = {name: _figures([line[name] for line in lines]) for name in lines[0] if name.endswith("_ms")}
    return {"starts": starts, **figures, "ok": figures["stall_ms"]["worst"] <= STALL_MS}


def _figures(some: list[float]) -> dict[str, float]:
    return {"median": round(median(some), 1), "worst": round(max(some), 1)}


async def _measure() -> dict[str, float]:
    from desktop.network import openai_sdk, services
    from desktop.network.client import ServiceClient
    from desktop.settings.schema import Settings
    from tests.support.cloud.tls_server import trusting

    client = openai_sdk.OpenAIClient(ServiceClient("2", trusting()), services.build_service("openai", Settings()))

    async def load() -> None:
        await services.load_client("openai")
        await client.load()

    async def load_on_loop() -> None:
        openai_sdk._import_sdk.cache_clear()
        for name in [name for name in sys.modules if name.split(".")[0] == "openai"]:
            del sys.modules[name]
        openai_sdk._import_sdk()

    rest_ms, _ = await _stall_ms(lambda: anyio.sleep(REST_S))
    stall_ms, load_ms = await _stall_ms(load)
    naive_ms, _ = await _stall_ms(load_on_loop)
    return {"rest_ms": rest_ms, "stall_ms": stall_ms, "load_ms": load_ms, "naive_ms": naive_ms}


async def _stall_ms(work: Callable[[], Awaitable[None]]) -> tuple[float, float]:
    """The longest time between two looks at the clock during that work, and how long it took."""
    worst_s = 0.0

    async def look() -> None:
        nonlocal worst_s
        before = perf_counter()
        while True:
            await anyio.sleep(0.001)
            now = perf_counter()
            worst_s, before = max(worst_s, now - before - 0.001), now

    async with anyio.create_task_group() as group:
        group.start_soon(look)
        await anyio.sleep(0.05)
        began = perf_counter()
        await work()
        took_s = perf_counter() - began
        await anyio.sleep(0.01)
        group.cancel_scope.cancel()
    return 1000 * worst_s, 1000 * took_s


if __name__ == "__main__":
    sys.stdout.write(json.dumps(anyio.run(_measure)) + "\n")
