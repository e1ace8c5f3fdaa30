"""Given audio is transcribed in short pieces that end where no voice is heard."""

from __future__ import annotations

import pytest

from desktop.app.doors.transcripts import is_piece_end


@pytest.mark.parametrize(
    ("length_s", "quiet_frames", "ends"),
    [
        (3.9, 100, False),
        (4.0, 15, False),
        (4.0, 16, True),
        (6.9, 5, False),
        (7.0, 4, False),
        (7.0, 5, True),
        (14.9, 0, False),
        (15.0, 0, True),
    ],
)
def test_piece_ends_at_a_pause_or_at_its_limit(length_s: float, quiet_frames: int, ends: bool) -> None:
    assert is_piece_end(length_s, quiet_frames) is ends
