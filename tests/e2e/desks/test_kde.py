"""The app on KDE Plasma: a first run that asks for the key and for pasting, dictations into windows of every kind, the
clipboard given back, and a restart."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import Clip
from tests.e2e.desks.checks import (
    check_dictation,
    check_picture_given_back,
    check_pill_without_focus,
    check_restart,
    check_row,
    check_text_in_window,
)
from tests.support.desk import BUSY_S, until
from tests.support.desks.account import Account
from tests.support.desks.first_run import PAGES
from tests.support.desks.kde import PORTAL, RETURN, SETTINGS_APP, SPACE, TAB, WIDTH, KdeDesk, missing


@pytest.fixture(scope="module")
def kde(account: Account) -> Iterator[KdeDesk]:
    """Plasma with Intone in its first run, once the desktop has given the key and allowed pasting."""
    if absent := missing():
        pytest.skip(f"KDE is not installed here: there is no {', '.join(absent)}")
    with KdeDesk(account, new=True) as desk:
        desk.start()
        desk.wait_title("Speak instead of typing")
        assert not [*desk.windows(PORTAL), *desk.windows(SETTINGS_APP)], "the desktop asks before anything is explained"
        for page in PAGES:
            desk.tap(RETURN)
            desk.wait_title(page)
        desk.tap(TAB)
        desk.tap(SPACE)
        until(lambda: desk.windows(SETTINGS_APP), "KDE shows the key in its settings", BUSY_S)
        desk.close_windows(SETTINGS_APP)
        desk.wait_title("Hold this key to talk")
        desk.tap(SPACE)  # the next button: the first has gone
        desk.agree()
        desk.wait_title("Hold this key to talk")
        desk.wait_ready()
        desk.tap(RETURN)
        desk.wait_title("Your first sentence")
        yield desk


def test_kde_first_run_reaches_first_sentence(kde: KdeDesk, clips: list[Clip]) -> None:
    check_row(kde.dictate(clips[1].path), clips[1])
    kde.tap(TAB)
    kde.tap(RETURN)
    kde.wait_title("What is kept")
    kde.tap(RETURN)
    until(lambda: not kde.windows("Intone"), "the app is in the tray alone", BUSY_S)


@pytest.mark.parametrize("kind", ["gtk4", "gtk3", "qt", "chromium", "konsole"])
def test_kde_key_held_puts_text_in_window(kde: KdeDesk, clips: list[Clip], kind: str) -> None:
    check_text_in_window(kde, kind, clips[1])


def test_kde_clipboard_gets_picture_back(kde: KdeDesk, clips: list[Clip]) -> None:
    check_picture_given_back(kde, "qt", clips[1])


def test_kde_pill_is_seen_and_takes_no_focus(kde: KdeDesk, clips: list[Clip]) -> None:
    (pill,) = check_pill_without_focus(kde, "qt", clips[1])
    assert abs(pill.middle - WIDTH / 2) <= 1


@pytest.mark.parametrize("service", ["org.freedesktop.portal.Desktop", PORTAL])
def test_kde_portal_killed_key_comes_back(kde: KdeDesk, clips: list[Clip], service: str) -> None:
    with kde.open("gtk4") as window:
        kde.kill_service(service)
        until(kde.hears_key, "the key is heard again", BUSY_S)
        check_dictation(kde, window, clips[1])


def test_kde_restarted_app_asks_nothing(kde: KdeDesk, clips: list[Clip]) -> None:
    check_restart(kde, "gtk4", clips[1])
    assert not [*kde.windows(PORTAL), *kde.windows(SETTINGS_APP)]
