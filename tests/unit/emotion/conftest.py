"""A head for voices, trained on made measures."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.emotion.training.voice import build_head
from tests.support.voice_head import write_measures


@pytest.fixture(scope="session")
def heads_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a head for the model `base`, as `make voice-head` writes one."""
    folder = tmp_path_factory.mktemp("voice-heads")
    build_head([write_measures(folder / "measures.npz")], "base", folder)
    return folder
