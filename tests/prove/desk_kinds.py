"""The desktops that `desks` proves, and in what they differ for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.desks import gnome, kde, labwc, sway
from tests.support.desks.first_run import FirstRun, run_on_gnome, run_on_kde
from tests.support.desks.session import DesktopSession

LETTER_A = 30
"""Its key code of evdev; X adds 8."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskKind:
    """A desktop: its class, its terminal, the program that is its compositor, and how its user types an a.

    `first_run` goes through it where the desktop is asked for something in it. `faults` are those of
    `tests.prove.desk_faults.FAULTS` that can happen there. `untold` are the password fields, as
    `tests.prove.desk_cells.PASSWORDS` names them, that the desktop cannot tell from others; `kept` are those whose
    window it does not tell, so that they get nothing, and what was said to another window stays in the history.
    """

    desk: Callable[..., DesktopSession]
    missing: Callable[[], list[str]]
    terminal: str
    compositor: str
    press_a: Callable[[Any], object]
    faults: tuple[str, ...]
    first_run: Callable[[Any, Path], FirstRun] | None = None
    portal: str = ""
    untold: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


WITHOUT_ACCESSIBILITY = ("off qt", "off chromium", "on chromium")
"""Qt names its fields when accessibility is on, Chromium only with a flag of its own; wlroots' compositors hear of them
by the input method."""

CRASHES = ("xwayland-killed", "compositor-killed")
PORTALS = ("portal-killed", "portal-backend-killed")

DESKS: Mapping[str, DeskKind] = {
    "gnome": DeskKind(
        desk=gnome.GnomeDesk,
        missing=gnome.missing,
        terminal="console",
        compositor="gnome-shell",
        press_a=lambda desk: desk.tap(LETTER_A),
        faults=("sharing-stopped", *PORTALS, "ibus-restarted", *CRASHES),
        first_run=run_on_gnome,
        portal="org.freedesktop.impl.portal.desktop.gnome",
        untold=WITHOUT_ACCESSIBILITY,
        kept=("forced chromium",),
    ),
    "kde": DeskKind(
        desk=kde.KdeDesk,
        missing=kde.missing,
        terminal="konsole",
        compositor="kwin_wayland",
        press_a=lambda desk: desk.tap(LETTER_A + 8),
        faults=(*PORTALS, "data-control-lost", *CRASHES),
        first_run=run_on_kde,
        portal=kde.PORTAL,
        untold=WITHOUT_ACCESSIBILITY,
    ),
    "labwc": DeskKind(
        desk=labwc.LabwcDesk,
        missing=labwc.missing,
        terminal="foot",
        compositor="labwc",
        press_a=lambda desk: desk.keys("a"),
        faults=("data-control-lost", *CRASHES),
    ),
    "sway": DeskKind(
        desk=sway.SwayDesk,
        missing=sway.missing,
        terminal="foot",
        compositor="sway",
        press_a=lambda desk: desk.keys("a"),
        faults=("data-control-lost", *CRASHES),
    ),
}
