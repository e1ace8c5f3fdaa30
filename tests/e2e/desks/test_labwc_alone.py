"""The app on labwc without an X server: the pill is a layer of the compositor's, and the text comes into the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import Clip
from tests.e2e.desks.test_labwc import MISHEARD
from tests.support.desk import until
from tests.support.desks.account import Account
from tests.support.desks.labwc import LabwcDesk, missing
from tests.support.ui.layer_desk import pill_place
from tests.support.ui.pill_desk import Place
from tests.support.words import error_rate


@pytest.fixture(scope="module")
def labwc(account: Account) -> Iterator[LabwcDesk]:
    """labwc with Intone, once that can listen; its X server cannot be started."""
    if absent := missing():
        pytest.skip(f"labwc is not installed here: there is no {', '.join(absent)}")
    with LabwcDesk(account, xwayland=False) as desk:
        desk.start()
        until(lambda: desk.status().get("model"), lambda: f"the model is loaded; {desk.log.read_text()}", 120)
        yield desk


def place(desk: LabwcDesk) -> Place | None:
    return pill_place(desk.run("grim", "-t", "ppm", "-"))


def titles(desk: LabwcDesk) -> str:
    return desk.run("sh", "-c", "wlrctl toplevel list || true").decode()


def test_labwc_without_x_has_pill_without_focus(labwc: LabwcDesk, clips: list[Clip]) -> None:
    until(lambda: "Intone history" in titles(labwc), "the history is open, since there is no tray")
    labwc.run("wlrctl", "toplevel", "close", "title:Intone history")
    until(lambda: "Intone history" not in titles(labwc), lambda: f"it is closed; {titles(labwc)}")
    window = labwc.open("foot")
    labwc.copy(b"mine")
    assert place(labwc) is None

    def look() -> None:
        until(lambda: place(labwc), "the pill is seen")
        seen = place(labwc)
        assert seen is not None
        assert (seen.height, seen.middle[0], seen.bottom) == pytest.approx((44, 1280 / 2, 720 - 24), abs=2)
        assert labwc.focused_title() == window.title

    row = labwc.dictate(clips[1].path, look)
    assert error_rate(clips[1].text, row["text"]) <= MISHEARD
    window.wait("text", lambda text: text == row["text"])
    until(lambda: labwc.clipboard() == b"mine", "the clipboard is given back")
    until(lambda: place(labwc) is None, "the pill is gone")
    assert labwc.focused_title() == window.title
    window.close()
