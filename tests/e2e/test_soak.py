"""Two minutes of what `make prove-soak` does for an hour."""

from __future__ import annotations

from pathlib import Path

from tests.prove import soak
from tests.prove.record import Run

SECONDS = 120
SPARE = 8
"""So many more threads or files may be there at the end: pools and caches are still growing."""


def test_two_minutes_at_a_desk_cost_no_word_no_clipboard_no_key_and_leave_nothing_open(tmp_path: Path) -> None:
    found = soak.prove(Run("soak", 3, SECONDS, tmp_path))
    assert found["wrong"] == []
    assert found["dictations"] >= 3
    for what in ("threads", "handles", "children"):
        assert found[what]["last"] <= found[what]["first"] + SPARE, what
    assert Path(found["plot"]).read_text().rstrip().endswith("</svg>")
