"""Whether the machine runs on mains, by what Linux lists of its supplies."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.platforms.power import is_on_mains

BATTERY, MAINS_ON, MAINS_OFF = (
    {"type": "Battery"},
    {"type": "Mains", "online": "1"},
    {"type": "Mains", "online": "0"},
)


@pytest.mark.parametrize(
    ("supplies", "expected"),
    [
        ([], True),
        ([MAINS_ON], True),
        ([BATTERY, MAINS_ON], True),
        ([BATTERY, MAINS_OFF], False),
        ([BATTERY], False),
        ([BATTERY, MAINS_OFF, {"type": "USB", "online": "1"}], True),
        ([{"type": "Battery", "scope": "Device"}], True),
        ([{"type": "Battery", "scope": "System"}, {"type": "UPS"}], False),
    ],
)
def test_mains_are_known_by_the_supplies(tmp_path: Path, supplies: list[dict[str, str]], expected: bool) -> None:
    for number, supply in enumerate(supplies):
        (tmp_path / str(number)).mkdir()
        for name, value in supply.items():
            (tmp_path / str(number) / name).write_text(f"{value}\n")
    assert is_on_mains(tmp_path, "linux") is expected


def test_what_tells_nothing_is_not_mains(tmp_path: Path) -> None:
    assert is_on_mains(tmp_path / "none", "linux")
    assert not is_on_mains(tmp_path, "darwin")
