"""The app on KDE Plasma after an update from a version with another identity: its key comes along without a dialog. And
password fields get nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from desktop import APP_ID
from tests.conftest import Clip
from tests.e2e.desks.checks import check_password_refused
from tests.support.desk import BUSY_S, until
from tests.support.desks.account import Account
from tests.support.desks.kde import PORTAL, SETTINGS_APP, KdeDesk, missing

KEY_SERVICE, KEY_PATH = "org.kde.kglobalaccel", "/kglobalaccel"

QT_F9 = 0x01000038

SET_PRESENT = 2
"""KGlobalAccel's flag for a key whose program runs, as the portal sets it."""

ACCESSIBLE = {"QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "GNOME_ACCESSIBILITY": "1"}
"""What has Qt and Chromium be on the accessibility bus."""


def talk_key(desk: KdeDesk, component: str) -> list[int]:
    """The talk key that KDE keeps for an identity."""
    words = [component, "talk", "", ""]
    (keys,) = desk.bus.call(KEY_SERVICE, KEY_PATH, "org.kde.KGlobalAccel.shortcut", "as", words)
    return [key for key in keys if key]


@pytest.fixture(scope="module")
def kde(account: Account) -> Iterator[KdeDesk]:
    """Plasma, which keeps a key for the identity of an earlier version, with Intone."""
    if absent := missing():
        pytest.skip(f"KDE is not installed here: there is no {', '.join(absent)}")
    with KdeDesk(account) as desk:
        names = ["intone", "talk", "Intone", "Hold to talk"]
        desk.bus.call(KEY_SERVICE, KEY_PATH, "org.kde.KGlobalAccel.doRegister", "as", names)
        desk.bus.call(KEY_SERVICE, KEY_PATH, "org.kde.KGlobalAccel.setShortcut", "asaiu", names, [QT_F9], SET_PRESENT)
        assert talk_key(desk, "intone") == [QT_F9]
        desk.start()
        until(lambda: desk.status().get("model"), lambda: f"the model is loaded; {desk.log.read_text()}", 120)
        yield desk


def test_kde_key_of_earlier_version_comes_along(kde: KdeDesk) -> None:
    until(kde.hears_key, lambda: f"the key is heard; {kde.status()}\n{kde.log.read_text()}", BUSY_S)
    assert (talk_key(kde, "intone"), talk_key(kde, APP_ID)) == ([], [QT_F9])
    assert not [*kde.windows(PORTAL), *kde.windows(SETTINGS_APP)], "nothing was asked"
    kde.quit()
    kde.start()
    until(kde.hears_key, lambda: f"the key is heard after a restart; {kde.status()}", BUSY_S)


@pytest.mark.parametrize(("kind", "extra"), [("gtk4", {}), ("gtk3", {}), ("qt", ACCESSIBLE), ("chromium", ACCESSIBLE)])
def test_kde_password_field_gets_nothing(kde: KdeDesk, clips: list[Clip], kind: str, extra: Mapping[str, str]) -> None:
    check_password_refused(kde, kind, clips[1], extra)
