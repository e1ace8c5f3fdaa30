"""The app at a virtual desk, with the models that `make test` fetched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.conftest import Clip
from tests.support.desk import ROOT, Desk

MODELS = ROOT / ".cache/home/models"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk with the app running and ready."""
    with Desk(tmp_path_factory.mktemp("desk")) as desk:
        (desk.home / "models").symlink_to(MODELS)
        desk.start()
        desk.wait_ready()
        yield desk


@pytest.fixture(autouse=True)
def nothing_is_left_pressed(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test leaves a key down, and neither does the app."""
    yield
    if "desk" in request.fixturenames:
        desk: Desk = request.getfixturevalue("desk")
        assert desk.keys_down() == set()


@pytest.fixture(scope="session")
def quiet_room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of a room in which nobody speaks: noise at -50 dB."""
    path = tmp_path_factory.mktemp("speech") / "quiet.wav"
    soundfile.write(path, np.random.default_rng(2).normal(0, 0.003, 48_000), 16_000)
    return path


@pytest.fixture(scope="session")
def long_clip(clips: list[Clip], tmp_path_factory: pytest.TempPathFactory) -> Clip:
    """Seven sentences in 35 s and more, with half a second between them."""
    gap = np.zeros(8000, np.float32)
    row = [*clips, *clips[:2]]
    sound = [piece for clip in row for piece in (soundfile.read(clip.path, dtype="float32")[0], gap)]
    path = tmp_path_factory.mktemp("speech") / "long.wav"
    soundfile.write(path, np.concatenate(sound), 16_000)
    return Clip(path, " ".join(clip.text for clip in row))
