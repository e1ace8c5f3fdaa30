"""What commands take for a user who types."""

from __future__ import annotations

import os
from pathlib import Path

from desktop.cli.common import is_terminal
from tests.support.other_systems import TERMINAL, only_on_linux


def test_null_device_and_file_are_no_terminals(tmp_path: Path) -> None:
    (tmp_path / "answers").touch()
    for path in (Path(os.devnull), tmp_path / "answers"):
        with path.open(encoding="utf-8") as stream:
            assert not is_terminal(stream)


def test_a_terminal_is_one() -> None:
    only_on_linux(TERMINAL)
    keyboard, terminal = os.openpty()
    with os.fdopen(keyboard), os.fdopen(terminal) as stream:
        assert is_terminal(stream)
