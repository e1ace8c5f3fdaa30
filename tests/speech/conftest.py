"""The real model, loaded once for all tests that need one, and what a command needs that loads its own.

For this package and no longer: as long as an asynchronous fixture lives, every test gets its event loop, and those that
bring a clock of their own would wait for real.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from desktop.stt.local.client import WhisperClient
from desktop.stt.local.model_choice import LocalModel
from tests.support.lent_files import lend

MODELS = Path(__file__).parents[2] / ".cache/home/models"


async def installed(name: str) -> LocalModel:
    """A model that `make test` has fetched."""
    return LocalModel.from_catalog(name, MODELS / name)


@pytest.fixture(scope="package")
async def whisper(anyio_backend: str) -> AsyncIterator[WhisperClient]:
    """Whisper base on the CPU."""
    model = WhisperClient(partial(installed, "base"), device="cpu")
    await model.load()
    yield model
    await model.close()


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A home with models and nothing else, and no display."""
    lend(MODELS, tmp_path / "models")
    return {**{k: v for k, v in os.environ.items() if k != "DISPLAY"}, "INTONE_HOME": str(tmp_path)}
