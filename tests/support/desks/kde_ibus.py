"""Plasma whose user runs IBus."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from tests.support.desks import kde
from tests.support.desks.ibus_session import IBusSession
from tests.support.desks.installed import lacking
from tests.support.ibus import MODULES


def missing() -> list[str]:
    """What of the desk is not installed here."""
    return [*kde.missing(), *lacking(("ibus-daemon",))]


class KdeIBusDesk(IBusSession, kde.KdeDesk):
    """Plasma with IBus's daemon: KWin passes the fields on to none, so that the programs ask it themselves."""

    variables: ClassVar[Mapping[str, str]] = {**kde.KdeDesk.variables, "GSETTINGS_BACKEND": "memory", **MODULES}

    def _start_desktop(self) -> None:
        super()._start_desktop()
        self.start_ibus()
