"""A desktop without a tray, and one whose tray comes late."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.desk import Desk, until
from tests.e2e.conftest import MODELS


def windows(desk: Desk, within: str = "-root") -> str:
    """The windows of the desk, or those `within` the window of that name, with their names and classes."""
    which = ["-root"] if within == "-root" else ["-name", within]
    done = subprocess.run(["xwininfo", *which, "-tree"], env=desk.environ, capture_output=True, text=True)
    return done.stdout


def test_without_a_tray_the_history_opens_and_the_icon_comes_with_the_tray(tmp_path: Path) -> None:
    with Desk(tmp_path / "desk") as desk:
        (desk.home / "models").symlink_to(MODELS)
        desk.start()
        until(lambda: "Intone history" in windows(desk), "the history is open")
        desk.spawn("stalonetray")
        icon = re.compile(r'\("intone" "Intone"\) +24x24')
        until(lambda: icon.search(windows(desk, "stalonetray")), "the icon is in the tray")
