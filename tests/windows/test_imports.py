"""All that the app reaches on Windows can be imported there, with the wheels for Windows and without those of Linux."""

from __future__ import annotations

from pathlib import Path

from tests.support.desks.wine import WineDesk, windows_path
from tests.support.imports import Reach, is_ours
from tests.unit.core.test_other_systems import ENTRIES


def test_what_windows_reaches_is_imported(desk: WineDesk, tmp_path: Path) -> None:
    listed = tmp_path / "modules.txt"
    listed.write_text("\n".join(sorted(filter(is_ours, Reach(ENTRIES, "win32").importers))))
    assert desk.helper("imports", windows_path(listed)) == {}
