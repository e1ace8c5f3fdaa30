"""What Windows reaches can be imported there: with the wheels for Windows, and without those of Linux."""

from __future__ import annotations

from pathlib import Path

from tests.support.desks.wine import WineDesk, windows_path
from tests.unit.core.test_other_systems import OF_WINDOWS, is_ours, reached


def test_what_windows_reaches_is_imported(desk: WineDesk, tmp_path: Path) -> None:
    modules: set[str] = set()
    for module in OF_WINDOWS:
        reached(module, modules)
    listed = tmp_path / "modules.txt"
    listed.write_text("\n".join(sorted(filter(is_ours, modules))))
    assert desk.helper("imports", windows_path(listed)) == {}
