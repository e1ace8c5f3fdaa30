"""What is not used costs nothing: no module, thread, socket or file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]

LATE = (
    *(
        "starlette",
        "uvicorn",
        "mcp",
        "mcp_types",
        "python_multipart",
        "desktop.gateway",
        "desktop.dictation.spoken_answer",
    ),
    *("desktop.app.doors.hook", "desktop.app.doors.transcripts", "desktop.app.doors.assistants"),
)


@pytest.mark.parametrize("module", ["desktop.app.engine", "desktop.cli.listen", "desktop.cli.serve", "desktop.cli.mcp"])
def test_nothing_behind_a_door_is_loaded_before_it_opens(module: str) -> None:
    code = f"import {module}, sys; print(sorted(name for name in sys.modules if name.startswith({LATE!r})))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
