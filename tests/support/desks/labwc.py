"""labwc without a screen: a compositor of wlroots that has no portal for keys, and whose bindings toggle.

It draws nothing here (its headless backend) and has no keyboard, so one is plugged in for as long as the desk stands:
without any, it gives no window the focus.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import join
from typing import ClassVar

from tests.support.desk import until
from tests.support.desks.account import Account
from tests.support.desks.data_control import DataControlDesk

PROGRAMS = (
    "labwc",
    "Xwayland",
    "wtype",
    "wlrctl",
    "grim",
    "wl-copy",
    "xdotool",
    "xwininfo",
    "pipewire",
    "wireplumber",
    "pipewire-pulse",
)
"""What the desk is made of, by the programs that are looked for in PATH."""

CONFIG = """<?xml version="1.0"?>
<labwc_config>
  <keyboard>
    <default/>
    <keybind key="F9" layoutDependent="yes"><action name="Execute"><command>{toggle}</command></action></keybind>
  </keyboard>
</labwc_config>
"""
"""One key cannot have both a press and a release. Keycodes of wtype's keyboards are its own: bindings go by keysym."""

AUTOSTART = "env | grep -E '^(DISPLAY|XAUTHORITY|WAYLAND_DISPLAY|LABWC_PID)=.' > {told}.part && mv {told}.part {told}\n"

NO_XWAYLAND = {"WLR_XWAYLAND": "/nonexistent"}
HEADLESS = {"WLR_BACKENDS": "headless", "WLR_LIBINPUT_NO_DEVICES": "1", "WLR_RENDERER": "pixman"}


def missing() -> list[str]:
    """What of the desk is not installed here."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


class LabwcDesk(DataControlDesk):
    """labwc of `account`, from entering to leaving. F9 toggles a dictation.

    Without `xwayland` it finds no X server to start, and programs are told of a display that does not answer.
    """

    services: ClassVar[Sequence[str]] = ("org.a11y.*",)
    variables: ClassVar[Mapping[str, str]] = {"XDG_CURRENT_DESKTOP": "labwc:wlroots"}

    def __init__(self, account: Account, *, new: bool = False, xwayland: bool = True) -> None:
        super().__init__(account, new=new)
        self._xwayland = xwayland

    def _start_desktop(self) -> None:
        told, config = self.runtime / "labwc-environ", self.user.own(self.folder / "labwc")
        toggle = join(["env", "-C", str(self.tree), *self.program, "toggle"])
        (config / "rc.xml").write_text(CONFIG.format(toggle=toggle))
        (config / "autostart").write_text(AUTOSTART.format(told=told))
        (config / "environment").write_text("")
        self.spawn("labwc", "-C", str(config), extra=HEADLESS | ({} if self._xwayland else NO_XWAYLAND))
        until(told.exists, lambda: f"labwc runs\n{self.output('labwc')}")
        self.environ |= dict(line.split("=", 1) for line in told.read_text().splitlines())
        self.spawn("wtype", "-s", "100000000")

    def focused_title(self) -> str:
        """The title of the window that has the focus."""
        listed = self.run("sh", "-c", "wlrctl toplevel list state:active || true").decode().strip()
        return listed.partition(": ")[2]

    def pills(self) -> list[str]:
        """The app's pill, where it is seen: an X window that labwc leaves alone. Its server answers its user only."""
        found = self.run("sh", "-c", "xdotool search --onlyvisible --class Intone || true").decode().split()
        return [window for window in found if b"Override Redirect State: yes" in self.run("xwininfo", "-id", window)]

    def picture(self, file: Path) -> None:
        """Save what is seen."""
        file.write_bytes(self.run("grim", "-"))

    def begin_talking(self) -> None:
        self.keys("-k", "F9")

    def end_talking(self) -> None:
        self.keys("-k", "F9")

    def keys(self, *words: str) -> None:
        """Press keys, in wtype's syntax."""
        self.run("wtype", *words)
