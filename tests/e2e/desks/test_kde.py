"""The app on KDE Plasma: a first run that asks for the key and for pasting, dictations into windows of every kind, the
clipboard given back, and a restart."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import Clip
from tests.e2e.desks.checks import (
    check_dictation,
    check_languages_by_layout,
    check_picture_given_back,
    check_pill_without_focus,
    check_restart,
    check_row,
    check_text_in_window,
)
from tests.support.desk import BUSY_S, until
from tests.support.desks.account import Account
from tests.support.desks.first_run import FirstRun, run_on_kde
from tests.support.desks.kde import PORTAL, SETTINGS_APP, WIDTH, KdeDesk, missing


@pytest.fixture(scope="module")
def new_kde(account: Account) -> Iterator[KdeDesk]:
    """Plasma, on which Intone begins with its first run."""
    if absent := missing():
        pytest.skip(f"KDE is not installed here: there is no {', '.join(absent)}")
    with KdeDesk(account, new=True) as desk:
        yield desk


@pytest.fixture(scope="module")
def first_run(new_kde: KdeDesk, clips: list[Clip]) -> FirstRun:
    """The first run, in which the desktop gives the key and allows pasting."""
    return run_on_kde(new_kde, clips[1].path)


@pytest.fixture(scope="module")
def kde(new_kde: KdeDesk, first_run: FirstRun) -> KdeDesk:
    """Plasma after the first run, with the app in the tray alone."""
    return new_kde


def test_kde_first_run_reaches_first_sentence(first_run: FirstRun, clips: list[Clip]) -> None:
    assert first_run.unasked == []
    check_row(first_run.row, clips[1])


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


def test_kde_layout_is_the_language_at_the_press(kde: KdeDesk) -> None:
    check_languages_by_layout(kde)
