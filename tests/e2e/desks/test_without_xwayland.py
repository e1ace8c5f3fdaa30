"""The app on sway and labwc without X: the pill is a layer of the compositor's, and the text is in the window.

labwc tells programs of a display that does not answer; sway tells of none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.conftest import Clip
from tests.e2e.desks.checks import MINE, check_dictation
from tests.support.desk import BUSY_S, until
from tests.support.desks import labwc, sway
from tests.support.desks.account import Account
from tests.support.desks.first_run import HISTORY
from tests.support.desks.installed import lacking
from tests.support.desks.wlroots import WlrootsDesk
from tests.support.ui.layer_desk import pill_place
from tests.support.ui.pill_desk import Place

HEIGHTS = {sway.SwayDesk: 800, labwc.LabwcDesk: 720}
"""Of the screens, whose width is 1280."""


@pytest.fixture(scope="module", params=[sway, labwc], ids=["sway", "labwc"])
def bare(request: pytest.FixtureRequest, account: Account) -> Iterator[WlrootsDesk]:
    """A compositor with Intone, once that can listen."""
    if absent := [*request.param.missing(), *lacking(["wlrctl"])]:
        pytest.skip(f"this is not installed here: {', '.join(absent)}")
    kind = sway.SwayDesk if request.param is sway else labwc.LabwcDesk
    with kind(account, xwayland=False) as one:
        one.start()
        one.wait_ready()
        yield one


def place(bare: WlrootsDesk) -> Place | None:
    """Where the pill is seen; None where it is not."""
    return pill_place(bare.run("grim", "-t", "ppm", "-"))


def titles(bare: WlrootsDesk) -> str:
    return bare.run("sh", "-c", "wlrctl toplevel list || true").decode()


def test_without_xwayland_pill_takes_no_focus_and_text_lands(bare: WlrootsDesk, clips: list[Clip]) -> None:
    until(lambda: HISTORY in titles(bare), "the history is open, since there is no tray", BUSY_S)
    bare.run("wlrctl", "toplevel", "close", f"title:{HISTORY}")
    until(lambda: HISTORY not in titles(bare), lambda: f"it is closed; {titles(bare)}", BUSY_S)
    with bare.open("foot") as window:
        bare.copy(MINE)
        assert place(bare) is None

        def look() -> None:
            until(lambda: place(bare), "the pill is seen", BUSY_S)
            seen = place(bare)
            assert seen is not None
            bottom = HEIGHTS[type(bare)] - 24
            assert (seen.height, seen.middle[0], seen.bottom) == pytest.approx((44, 1280 / 2, bottom), abs=2)
            assert bare.focused_title() == window.title

        row = check_dictation(bare, window, clips[1], look)
        assert row["app"] == "foot"
        until(lambda: bare.clipboard() == MINE, "the clipboard is given back", BUSY_S)
        until(lambda: place(bare) is None, "the pill is gone", BUSY_S)
        assert bare.focused_title() == window.title


def test_doctor_says_who_draws_pill_without_xwayland(bare: WlrootsDesk) -> None:
    findings = {one["name"]: one for one in map(json.loads, bare.intone("doctor", "--json").stdout.splitlines())}
    assert findings["display"]["detail"] == "Wayland without XWayland: the overlay is on the compositor's top layer"
    assert findings["display"]["ok"]
