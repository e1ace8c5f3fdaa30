from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest


@pytest.fixture(scope="module")
def session(display: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """A session that has the accessibility bus from its start, as a desktop's has."""
    from tests.support.accessible_session import session_on, start_accessibility

    with session_on(display, tmp_path_factory.mktemp("session")) as environ:
        start_accessibility(environ)
        yield environ
