"""A program of the matrix, started once for all that is pasted into it, and the paster."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.integration.matrix.programs import Program, opened
from tests.support.paste_desk import Desk, desk_on


@pytest.fixture
async def desk(display: str) -> AsyncIterator[Desk]:
    async with desk_on(display) as desk:
        yield desk


@pytest.fixture(scope="module")
def program(
    display: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Program]:
    """The program that the test is parametrized with."""
    with opened(request.param, display, tmp_path_factory.mktemp("program")) as program:
        yield program
        assert program.added("") == "", "nothing came late"
