"""The app on GNOME Shell without the extension that shows tray icons, as GNOME comes."""

from __future__ import annotations

import pytest

from tests.support.desk import until
from tests.support.desks.account import Account
from tests.support.desks.gnome import ALT_L, F4, GnomeDesk, missing


def test_without_a_tray_the_history_is_what_is_left_of_the_first_run(account: Account) -> None:
    lacking = missing()
    if lacking:
        pytest.skip(f"GNOME is not installed here: there is no {', '.join(lacking)}")
    with GnomeDesk(account, new=True, tray=False) as desk:

        def wait_title(title: str) -> None:
            until(lambda: desk.focused_title().startswith(title), lambda: f"{title} is seen; {desk.windows()}", 60)

        desk.start()
        wait_title("Speak instead of typing")
        desk.tap(ALT_L, F4)
        wait_title("Intone history")
        desk.tap(ALT_L, F4)
        until(lambda: not desk.windows(), lambda: f"no window is left; {desk.windows()}")
        desk.intone()
        wait_title("Intone history")
