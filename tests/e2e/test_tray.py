"""A desktop without a tray, and one whose tray comes late."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.desk import Desk, until
from tests.e2e.conftest import MODELS


def windows(desk: Desk) -> str:
    """All windows of the desk, each beneath the one that it is in."""
    return subprocess.run(
        ["xwininfo", "-root", "-tree"], env=desk.environ, capture_output=True, text=True, check=True
    ).stdout


def test_without_a_tray_the_history_opens_and_the_icon_comes_with_the_tray(tmp_path: Path) -> None:
    with Desk(tmp_path / "desk") as desk:
        (desk.home / "models").symlink_to(MODELS)
        desk.start()
        until(lambda: "Intone history" in windows(desk), "the history is open")
        desk.spawn("stalonetray", "--window-layer", "normal")
        until(lambda: "stalonetray" in windows(desk), "a tray is there")
        until(lambda: "intone" in windows(desk).partition("stalonetray")[2], lambda: windows(desk))
