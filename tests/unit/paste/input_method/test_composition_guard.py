"""The process that waits for the app's end: it runs when there is something to guard, and a dead one is replaced."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from anyio import to_thread

from desktop.paste.input_method.composition_guard import HIDDEN, SHOWN, CompositionGuard

pytestmark = pytest.mark.anyio


def children() -> set[int]:
    return {int(pid) for file in Path("/proc/self/task").glob("*/children") for pid in file.read_text().split()}


async def test_dead_process_is_replaced_and_none_is_left(tmp_path: Path) -> None:
    before = children()
    guard = CompositionGuard({"XDG_RUNTIME_DIR": str(tmp_path)})
    guard.note(is_shown=True)
    assert guard._process is None
    await guard.arm()
    first = guard._process
    await guard.arm()
    assert guard._process is first is not None
    os.kill(first.pid, signal.SIGKILL)
    await to_thread.run_sync(os.waitid, os.P_PID, first.pid, os.WEXITED | os.WNOWAIT)
    await guard.arm()
    assert guard._process is not first
    for is_shown, mark in ((True, SHOWN), (False, HIDDEN)):
        guard.note(is_shown=is_shown)
        assert os.pread(guard._file, 1, 0) == mark
    guard.close()
    assert guard._process is None
    assert children() == before
