"""A minute and a half of what `make prove-soak` does for an hour."""

from __future__ import annotations

from pathlib import Path

from tests.prove import soak
from tests.prove.record import Run

SECONDS = 90
SPARE = 20
"""So many more threads or files may be there at the end than before the first dictation: clients, pools and devices are
open by then. A file that each dictation forgets shows in an hour, and so does memory."""


def test_short_soak_loses_and_leaks_nothing(tmp_path: Path) -> None:
    found = soak.prove(Run("soak", 3, SECONDS, tmp_path))
    assert found["wrong"] == []
    assert found["dictations"] >= 3
    assert found["children"]["last"] == found["children"]["first"]
    for what in ("threads", "handles"):
        assert found[what]["last"] <= found[what]["first"] + SPARE, what
    assert Path(found["plot"]).read_text().rstrip().endswith("</svg>")
