"""labwc without a screen: a compositor of wlroots whose bindings toggle."""

from __future__ import annotations

from collections.abc import Mapping
from shlex import join
from typing import ClassVar

from tests.support.desks.installed import lacking_for_desk
from tests.support.desks.session import OWN
from tests.support.desks.wlroots import PARTS, WlrootsDesk

PROGRAMS = ("labwc", "wlrctl", *PARTS)

CONFIG = """<?xml version="1.0"?>
<labwc_config>
  <keyboard>
    <default/>
    <keybind key="F9" layoutDependent="yes"><action name="Execute"><command>{toggle}</command></action></keybind>
  </keyboard>
</labwc_config>
"""
"""One key cannot have both a press and a release. Keycodes of wtype's keyboards are its own: bindings go by keysym."""


def missing() -> list[str]:
    """What of the desk is not installed here."""
    return lacking_for_desk(PROGRAMS)


class LabwcDesk(WlrootsDesk):
    """labwc of `account`, from entering to leaving. F9 toggles a dictation."""

    variables: ClassVar[Mapping[str, str]] = {"XDG_CURRENT_DESKTOP": "labwc:wlroots"}
    toggles: ClassVar[bool] = True

    def _start_desktop(self) -> None:
        config = self.user.own(self.folder / "labwc")
        toggle = join(["env", "-C", str(self.tree), *self.program, "toggle"])
        (config / "rc.xml").write_text(CONFIG.format(toggle=toggle))
        (config / "autostart").write_text(f"{self.tell}\n")
        (config / "environment").write_text("")
        self.run_compositor("labwc", "-C", str(config))

    def others(self) -> set[str]:
        listed = self.run("sh", "-c", "wlrctl toplevel list || true").decode().splitlines()
        return {line for line in listed if line.partition(": ")[0] not in OWN}

    def focused_title(self) -> str:
        listed = self.run("sh", "-c", "wlrctl toplevel list state:active || true").decode().strip()
        return listed.partition(": ")[2]

    def begin_talking(self) -> None:
        self.keys("-k", "F9")

    def end_talking(self) -> None:
        self.keys("-k", "F9")
