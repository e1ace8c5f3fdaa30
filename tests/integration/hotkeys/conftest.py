"""What the tests of hotkeys share."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.keys import Action
from desktop.hotkeys.shortcut_binder import AgreedKeys, save_agreed


@pytest.fixture
def agreed(tmp_path: Path) -> Path:
    """The file of the keys that the user has agreed to before."""
    file = tmp_path / "agreed.json"
    save_agreed(file, AgreedKeys(frozenset((Action.SEND, Action.TALK, Action.UNDO)), was_asked=True))
    return file
