"""A paster has the methods of its capabilities, and no others."""

from __future__ import annotations

import sys

import pytest

from desktop.core.interfaces import Paster, PasterCapability
from desktop.paste.delayed.paster import DelayedPaster

METHODS = {
    PasterCapability.PLACE_CURSOR: {"paste_around"},
    PasterCapability.READ_CLIPBOARD: {"read_clipboard"},
    PasterCapability.REQUEST_PERMISSION: {"request_permission"},
    PasterCapability.UNDO: {"undo_paste"},
    PasterCapability.LIVE_TEXT: {"open_composition"},
    PasterCapability.PRESS_RETURN: {"press_return"},
    PasterCapability.EDIT_SELECTION: {"read_selection", "copy_selection", "replace_selection"},
}


PASTERS: list[type[Paster]] = [DelayedPaster]
if sys.platform != "win32":
    from desktop.paste.wayland.paster import WaylandPaster
    from desktop.paste.x11.paster import X11Paster

    PASTERS += [WaylandPaster, X11Paster]


@pytest.mark.parametrize("paster", PASTERS)
def test_methods_are_those_of_the_capabilities(paster: type[Paster]) -> None:
    assert METHODS.keys() == set(PasterCapability)
    own = vars(paster).get("capabilities", PasterCapability(0))
    promised = set[str]().union(*(names for capability, names in METHODS.items() if capability in own))
    optional = set[str]().union(*METHODS.values())
    assert {name for name in optional if getattr(paster, name) is not getattr(Paster, name)} == promised
