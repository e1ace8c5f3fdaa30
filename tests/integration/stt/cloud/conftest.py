"""The tests' servers, each with one word to say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

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
