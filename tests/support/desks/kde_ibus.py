"""Plasma whose user runs IBus, and has told GTK, Qt and Chromium of it, as on desktops that start no daemon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from tests.support.desk import BUSY_S, until
from tests.support.desks import kde
from tests.support.desks.installed import lacking

ENGINE = "xkb:us::eng"


def missing() -> list[str]:
    """What of the desk is not installed here."""
    return [*kde.missing(), *lacking(("ibus-daemon",))]


class KdeIBusDesk(kde.KdeDesk):
    """Plasma with IBus' daemon, whose engine is a plain layout."""

    variables: ClassVar[Mapping[str, str]] = {
        **kde.KdeDesk.variables,
        "GTK_IM_MODULE": "ibus",
        "QT_IM_MODULE": "ibus",
        "XMODIFIERS": "@im=ibus",
        "GSETTINGS_BACKEND": "memory",
    }

    def _start_desktop(self) -> None:
        super()._start_desktop()
        self.spawn("ibus-daemon", "--xim", "--panel=disable", "--config=disable", "--replace")
        until(self._has_engine, lambda: f"IBus has {ENGINE}\n{self.output('ibus-daemon')}", BUSY_S)

    def _has_engine(self) -> bool:
        """Switch the user's engine on; whether it is."""
        self.run("sh", "-c", f"ibus engine {ENGINE} || true")
        return self.run("sh", "-c", "ibus engine || true").decode().strip() == ENGINE
