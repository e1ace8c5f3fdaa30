"""What the tests of hotkeys share."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture
def agreed(tmp_path: Path) -> Path:
    """The file of the keys that the user has agreed to before."""
    file = tmp_path / "agreed.json"
    file.write_text(json.dumps(["send", "talk", "undo"]))
    return file
