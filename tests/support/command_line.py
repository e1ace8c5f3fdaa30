"""Commands that are run as by a script, and an app that answers them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from desktop.__main__ import main
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


def run_intone(
    home: Path, *arguments: str, given: bytes = b"", runtime: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `intone` with arguments and stdin in this process: another takes a third of a second to start.

    `home` is also the folder of the channel to the app, where there is no `runtime`.
    """
    streams = [TextIOWrapper(BytesIO(text), "utf-8", newline="\n") for text in (given, b"", b"")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INTONE_HOME", str(home))
        patch.setenv("XDG_RUNTIME_DIR", str(runtime or home))
        for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
            patch.setattr(sys, name, stream)
        try:
            status = main(arguments)
        except SystemExit as ended:  # argparse's
            status = int(ended.code or 0)
    printed = []
    for stream in streams[1:]:
        stream.seek(0)
        printed.append(stream.read())
    return subprocess.CompletedProcess(arguments, status, *printed)


def printed(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """The JSON objects on stdout, of a command that did well and had nothing else to say."""
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def fails(done: subprocess.CompletedProcess[str], saying: str) -> None:
    """It failed with a sentence for people, and gave programs nothing."""
    assert (done.returncode, done.stdout) == (1, "")
    assert saying in done.stderr
    assert "Traceback" not in done.stderr
