"""The app on GNOME Shell without the extension that shows tray icons, as GNOME comes."""

from __future__ import annotations

import pytest

from tests.support.desk import BUSY_S, until
from tests.support.desks.account import Account
from tests.support.desks.first_run import HISTORY, WELCOME
from tests.support.desks.gnome import ALT_L, F4, GnomeDesk, missing


def test_without_a_tray_the_history_is_what_is_left_of_the_first_run(account: Account) -> None:
    lacking = missing()
    if lacking:
        pytest.skip(f"GNOME is not installed here: there is no {', '.join(lacking)}")
    with GnomeDesk(account, new=True, tray=False) as desk:
        desk.start()
        desk.wait_title(WELCOME)
        desk.tap(ALT_L, F4)
        desk.wait_title(HISTORY)
        desk.tap(ALT_L, F4)
        until(lambda: not desk.windows(), lambda: f"no window is left; {desk.windows()}", BUSY_S)
        desk.intone()
        desk.wait_title(HISTORY)
