"""What plays in Windows is turned down and gets its volume back, by the app's own ducker."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.desks.wine import WineDesk, windows_path


def test_tone_is_turned_down_and_has_its_volume_back(desk: WineDesk, tmp_path: Path) -> None:
    told = desk.helper("ducking", windows_path(tmp_path / "ducked.json"))
    assert (told["programs"], told["is_own"], told["is_set"]) == (["python.exe"], [True], [True])
    assert told["of_another"] is False
    assert [told["before"], told["ducked"], told["after"]] == pytest.approx([0.8, 0.16, 0.8], abs=0.005)
    assert told["left"] == []
