"""Commands that are run as by a script, and an app that answers them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desktop.core.ipc_client import Reply
from desktop.core.paths import Paths, find_paths

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
type Intone = Callable[..., subprocess.CompletedProcess[str]]


@dataclass
class App:
    """Stands for a running app: notes what it is asked, and gives the answers of a test."""

    status: Reply = field(default_factory=dict)
    refuses: Reply | None = None
    asked: list[str] = field(default_factory=list)

    async def handle(self, command: str) -> Reply:
        self.asked.append(command)
        return self.refuses or {"ok": True, **self.status}


def paths_of(home: Path, runtime: Path) -> Paths:
    """Where commands look that have this home and `XDG_RUNTIME_DIR`, by which Windows does not go."""
    return Paths(
        config=home, data=home, state=home, runtime=find_paths().runtime if sys.platform == "win32" else runtime
    )


def printed(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """The JSON objects on stdout, of a command that did well and had nothing else to say."""
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def fails(done: subprocess.CompletedProcess[str], saying: str) -> None:
    """It failed with a sentence for people, which Windows has in words of its own, and gave programs nothing."""
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr if sys.platform == "win32" else saying in done.stderr
    assert "Traceback" not in done.stderr
