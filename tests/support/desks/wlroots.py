"""Compositors of wlroots without a screen, and a user whose keys are pressed by wtype.

They draw nothing here (their headless backend) and have no keyboard, so one is plugged in for as long as the desk
stands: without any, they give no window the focus.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from tests.support.desk import BUSY_S, until
from tests.support.desks.account import Account
from tests.support.desks.data_control import DataControlDesk

PARTS = ("wtype", "grim", "wl-copy", "xdotool", "xwininfo", "foot")
"""What such a desk and its terminal are made of beside the compositor, by the programs that are looked for in PATH."""

HEADLESS: Mapping[str, str] = {
    "WLR_BACKENDS": "headless",
    "WLR_LIBINPUT_NO_DEVICES": "1",
    "WLR_RENDERER": "pixman",
}

NO_XWAYLAND: Mapping[str, str] = {"WLR_XWAYLAND": "/nonexistent"}

NO_SERVER = ":5999"
"""A display that does not answer. labwc names one as well, but leaves its number free, and another test's server may
take it."""

KEPT = "DISPLAY|XAUTHORITY|WAYLAND_DISPLAY|SWAYSOCK|I3SOCK|LABWC_PID"
"""What a compositor tells the programs that it starts."""


class WlrootsDesk(DataControlDesk):
    """The desk of a compositor that has no portal for keys: a binding of its own runs `intone`.

    Without `xwayland` the compositor finds no X server to start.
    """

    services: ClassVar = ("org.a11y.*",)
    keyboard: subprocess.Popen[bytes]
    """The one that is plugged in."""

    def __init__(self, account: Account, *, new: bool = False, xwayland: bool = True) -> None:
        super().__init__(account, new=new)
        self.xwayland = xwayland

    @property
    def told(self) -> Path:
        """Where the compositor writes its variables when it is up."""
        return self.runtime / "compositor-environ"

    @property
    def tell(self) -> str:
        """What a shell runs to write them."""
        return f"env | grep -E '^({KEPT})=.' > {self.told}.part && mv {self.told}.part {self.told}"

    def run_compositor(self, *command: str) -> None:
        """Start it, which runs `tell` when it is up, and plug a keyboard in."""
        self.spawn(*command, extra=HEADLESS if self.xwayland else {**HEADLESS, **NO_XWAYLAND})
        until(self.told.exists, lambda: f"{command[0]} runs\n{self.output(command[0])}", BUSY_S)
        self.environ |= dict(line.split("=", 1) for line in self.told.read_text().splitlines())
        if "DISPLAY" in self.environ and not self.xwayland:
            self.environ["DISPLAY"] = NO_SERVER
        self.keyboard = self.plug_keyboard()

    def plug_keyboard(self) -> subprocess.Popen[bytes]:
        """Plug a keyboard in, for as long as its process runs."""
        return self.spawn("wtype", "-s", "100000000")

    def pills(self) -> list[str]:
        """The app's pill, where it is seen: an X window that no manager keeps. Its server answers its user only."""
        found = self.run("sh", "-c", "xdotool search --onlyvisible --class Intone || true").decode().split()
        return [window for window in found if b"Override Redirect State: yes" in self.run("xwininfo", "-id", window)]

    def picture(self, file: Path) -> None:
        file.write_bytes(self.run("grim", "-"))

    def wait_ready(self, timeout_s: float = 120) -> None:
        """Wait until the model is loaded: the app knows nothing of a compositor's bindings."""
        self._wait_status(lambda status: bool(status.get("model")), "the model is loaded", timeout_s)

    def keys(self, *words: str) -> None:
        """Press keys, in wtype's syntax."""
        self.run("wtype", *words)
