"""The tests' servers, each with one word to say, and speech for them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from desktop.audio.file import read_audio
from desktop.core.types import RATE_HZ, Audio
from tests.conftest import sentences
from tests.support.cloud.deepgram import Deepgram
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.tls_server import Served, serve
from tests.support.cloud.wire_client import KEY
from tests.support.cloud.words import Said


@pytest.fixture(scope="module")
def openai() -> Iterator[tuple[OpenAI, Served]]:
    server = OpenAI(Said("Words."), key=KEY)
    with serve(server) as served:
        yield server, served


@pytest.fixture(scope="module")
def deepgram() -> Iterator[tuple[Deepgram, Served]]:
    server = Deepgram(Said("Words."), key=KEY)
    with serve(server) as served:
        yield server, served


@pytest.fixture(scope="module")
def passage() -> tuple[Audio, str]:
    """Three sentences one after the other, and their words."""
    some = sentences()[:3]
    return np.concatenate([read_audio(clip.path) for clip in some]), " ".join(clip.text for clip in some)


@pytest.fixture(scope="module")
def short(passage: tuple[Audio, str]) -> Audio:
    """A second of speech."""
    return passage[0][:RATE_HZ]
