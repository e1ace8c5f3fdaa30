"""What the tests of hotkeys share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.keys import Action
from desktop.hotkeys.shortcut_binder import AgreedKeys, save_agreed
from tests.conftest import bare_display
from tests.support.hotkey_desk import Desk


@pytest.fixture
def agreed(tmp_path: Path) -> Path:
    """The file of the keys that the user has agreed to before."""
    file = tmp_path / "agreed.json"
    save_agreed(file, AgreedKeys(frozenset((Action.SEND, Action.TALK, Action.UNDO)), was_asked=True))
    return file


@pytest.fixture(scope="module")
def own_display() -> Iterator[str]:
    with bare_display() as name:
        yield name


@pytest.fixture
def desk(own_display: str) -> Iterator[Desk]:
    desk = Desk(own_display)
    yield desk
    held = desk.held(), desk.buttons_held()
    desk.close()
    assert held == ([], 0)
