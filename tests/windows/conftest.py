"""The desk of Windows that all tests here share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.desks.wine import WineDesk, missing


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WineDesk]:
    if lacks := missing():
        pytest.skip(f"no Windows here, for want of {', '.join(lacks)}")
    with WineDesk(tmp_path_factory.mktemp("windows")) as desk:
        yield desk
