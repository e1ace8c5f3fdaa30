"""A paster on a real X server, and programs that it pastes into."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support.desk import ROOT
from tests.support.paste_desk import Desk, desk_on
from tests.support.x_clients import SlowReader, focused, program


@pytest.fixture
async def desk(display: str) -> AsyncIterator[Desk]:
    async with desk_on(display) as desk:
        yield desk


@pytest.fixture
def qt(display: str, tmp_path: Path) -> Iterator[Path]:
    """A Qt editor with the focus; the file that holds its text."""
    path = tmp_path / "qt.txt"
    script = ROOT / "tests/support/qt_editor.py"
    with program(display, "intone-editor", sys.executable, script, path, env={"QT_QPA_PLATFORM": "xcb"}):
        yield path


@pytest.fixture
def slow(display: str, request: pytest.FixtureRequest) -> Iterator[SlowReader]:
    """A window that reads the clipboard half a second after the chord, or as many as the test says."""
    with SlowReader(display, getattr(request, "param", 0.5)) as reader:
        focused(display, "slow-reader")
        yield reader
