"""sway without a screen: a compositor of wlroots that tells the press of a key from its release."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from shlex import join
from typing import Any, ClassVar

from tests.support.desk import BUSY_S, stop, until
from tests.support.desks.installed import lacking_for_desk
from tests.support.desks.session import OWN
from tests.support.desks.windows import DeskWindow
from tests.support.desks.wlroots import PARTS, WlrootsDesk

PROGRAMS = ("sway", "swaymsg", *PARTS)

CONFIG = """
xwayland {xwayland}
default_border none
workspace_layout tabbed
output HEADLESS-1 resolution 1280x800
bindsym --no-repeat F9 exec {intone} start
bindsym --release F9 exec {intone} stop
exec {tell}
"""


def missing() -> list[str]:
    """What of the desk is not installed here."""
    return lacking_for_desk(PROGRAMS)


class SwayDesk(WlrootsDesk):
    """sway of `account`, from entering to leaving. F9 is held to talk.

    Its user has Qt programs use Wayland, as many do on sway.
    """

    variables: ClassVar[Mapping[str, str]] = {"XDG_CURRENT_DESKTOP": "sway", "QT_QPA_PLATFORM": "wayland"}
    _finger: subprocess.Popen[bytes] | None = None

    def _start_desktop(self) -> None:
        config = self.user.own(self.folder / "sway") / "config"
        intone = join(["env", "-C", str(self.tree), *self.program])
        xwayland = "enable" if self.xwayland else "disable"
        config.write_text(CONFIG.format(xwayland=xwayland, intone=intone, tell=self.tell))
        self.run_compositor("sway", "--config", str(config))
        until(self.keyboards, "a keyboard is plugged in", BUSY_S)

    def focused_title(self) -> str:
        return str(self.focused().get("name") or "")

    def others(self) -> set[str]:
        known = ((node.get("app_id") or node["window_properties"]["class"], node["name"]) for node in self.windows())
        return {f"{program}: {title}" for program, title in known if program not in OWN}

    def focused(self) -> dict[str, Any]:
        """The window that has the focus, as sway tells of it; empty where none has."""
        return next((node for node in self.windows() if node["focused"]), {})

    def windows(self) -> list[dict[str, Any]]:
        """All windows that sway keeps, as it tells of them."""
        return [node for node in nodes(self.sway("-t", "get_tree")) if node.get("pid")]

    def keyboards(self) -> int:
        """How many keyboards are plugged in."""
        return sum(device["type"] == "keyboard" for device in self.sway("-t", "get_inputs"))

    def sway(self, *words: str) -> Any:
        """Ask sway, or have it do something."""
        return json.loads(self.run("swaymsg", "-r", *words))

    def open(self, *words: Any, **more: Any) -> DeskWindow:
        """Open a window, with a keyboard that is plugged in for it: where the last that pressed a key has gone, as the
        one of each paste does, sway's seat has none until a key is pressed, and Chromium crashes. The keyboard before
        it is unplugged when the window is open."""
        before, self.keyboard = self.keyboard, self.plug_keyboard()
        try:
            return super().open(*words, **more)
        finally:
            stop(before)

    def begin_talking(self) -> None:
        self._finger = self.spawn("wtype", "-P", "F9", "-s", "100000000", "-p", "F9")

    def end_talking(self) -> None:
        assert self._finger is not None
        stop(self._finger)


def nodes(node: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A node of sway's tree and all below it."""
    yield dict(node)
    for kind in ("nodes", "floating_nodes"):
        for one in node.get(kind, ()):
            yield from nodes(one)
