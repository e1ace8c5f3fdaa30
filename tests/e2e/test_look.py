"""What is chosen of the look, in the running app: the overlay's place and size, and the start with the session."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.e2e.conftest import MODELS
from tests.support.desk import Desk, until

SCREEN_HEIGHT = 800


def asked(desk: Desk, *words: str) -> str:
    return subprocess.run(["xwininfo", *words], env=desk.environ, capture_output=True, text=True).stdout


def overlay(desk: Desk) -> tuple[int, int] | None:
    """The overlay's top and its height; None while it is not seen."""
    ours = re.search(r'(0x\w+) "Intone": \("intone" "Intone"\)', asked(desk, "-root", "-tree"))
    told = asked(desk, "-id", ours[1], "-stats") if ours else ""
    found = re.search(r"upper-left Y: +(\d+).*?Height: (\d+).*?Map State: (\w+)", told, re.DOTALL)
    return (int(found[1]), int(found[2])) if found and found[3] == "IsViewable" else None


def test_look_setting_applies_at_once_or_at_next_start(tmp_path: Path) -> None:
    with Desk(tmp_path / "desk") as desk:
        (desk.home / "models").symlink_to(MODELS)
        desk.intone("settings", "set", "look.scale", "200")
        desk.intone("settings", "set", "look.motion", "off")
        desk.start()
        desk.wait_ready()
        desk.open_xterm(tmp_path / "text")
        desk.press()
        until(lambda: overlay(desk) is not None, "the overlay is seen")
        at_foot = overlay(desk)
        assert at_foot is not None
        assert at_foot[1] == 2 * 44
        assert at_foot[0] > SCREEN_HEIGHT // 2
        desk.intone("settings", "set", "look.pill_place", "top")
        until(lambda: (overlay(desk) or at_foot)[0] == 2 * 24, lambda: f"it is at the top, not at {overlay(desk)}")
        desk.intone("settings", "set", "look.pill", "off")
        desk.release()
        desk.wait_state("idle")
        desk.intone("settings", "set", "startup.autostart", "on")
        entry = desk.home / ".config" / "autostart" / "app.intone.Intone.desktop"
        until(entry.exists, "it starts with the session")
        desk.intone("settings", "set", "startup.autostart", "off")
        until(lambda: not entry.exists(), "it does not start with the session any more")
