"""A file of settings for a test to write."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the settings are, in a folder that is not there yet."""
    return tmp_path / "config" / "settings.toml"


@pytest.fixture
def written(file: Path) -> Path:
    """The same, in a folder that is there."""
    file.parent.mkdir()
    return file
