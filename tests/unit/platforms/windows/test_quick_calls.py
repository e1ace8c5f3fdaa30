"""What is called while all keys of the machine wait for our hook keeps Python's global lock.

Read from the source, since `desktop.platforms.windows.api` is imported on Windows alone.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]


def functions_of(library: str) -> set[str]:
    """The names in `api` that are bound to a library opened by this class of ctypes."""
    assignments = [
        (target, node.value)
        for node in ast.parse((ROOT / "desktop/platforms/windows/api.py").read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign)
        for target in node.targets
    ]
    libraries = {
        ast.unparse(name)
        for targets, values in assignments
        for name, value in zip(
            targets.elts if isinstance(targets, ast.Tuple) else [targets],
            values.elts if isinstance(values, ast.Tuple) else [values],
            strict=False,
        )
        if ast.unparse(value).startswith(f"ctypes.{library}(")
    }
    return {
        ast.unparse(target)
        for target, value in assignments
        if isinstance(value, ast.Call)
        and ast.unparse(value.func) == "_bind"
        and ast.unparse(value.args[0]) in libraries
    }


@pytest.mark.parametrize("name", ["key_state", "tick_count", "message_time"])
def test_calls_of_the_hook_keep_the_lock(name: str) -> None:
    assert name in functions_of("PyDLL")


def test_calls_that_may_wait_give_the_lock_away() -> None:
    assert {"send_input", "wait_for_message", "send_message", "raw_input"} <= functions_of("CDLL")
