"""Where the overlay was dragged to, kept for the next start."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.ui.pill.placement import PillPositions


def at_once(work) -> None:
    work()


def test_a_place_is_kept_for_its_screen(tmp_path: Path) -> None:
    file = tmp_path / "state" / "pill.json"
    places = PillPositions(file, at_once)
    places.set_position("DP-1", (0.25, 0.75))
    places.set_position("HDMI-1", (0.5, 0.1))
    places.set_position("HDMI-1", None)
    places.save()
    again = PillPositions(file, at_once)
    assert again.get_position("DP-1") == (0.25, 0.75)
    assert again.get_position("HDMI-1") is None


def test_nothing_is_written_before_it_is_to_be_kept(tmp_path: Path) -> None:
    places = PillPositions(tmp_path / "pill.json", at_once)
    places.set_position("DP-1", (0.5, 0.5))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("written", ["", "{", "[]", "3", '{"DP-1": 4}', '{"DP-1": ["x", 2]}', '{"DP-1": [1, 2, 3]}'])
def test_a_file_that_is_none_of_ours_is_no_obstacle(tmp_path: Path, written: str) -> None:
    file = tmp_path / "pill.json"
    file.write_text(written)
    assert PillPositions(file, at_once).get_position("DP-1") is None


def test_a_place_is_never_off_the_screen(tmp_path: Path) -> None:
    file = tmp_path / "pill.json"
    file.write_text('{"DP-1": [7, -3]}')
    assert PillPositions(file, at_once).get_position("DP-1") == (1.0, 0.0)


def test_where_it_cannot_be_kept_nothing_else_happens(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "state").write_text("a file, and no folder")
    places = PillPositions(tmp_path / "state" / "pill.json", at_once)
    places.set_position("DP-1", (0.5, 0.5))
    places.save()
    assert places.get_position("DP-1") == (0.5, 0.5)
    assert "the place of the overlay is not kept" in caplog.text
    caplog.clear()
