"""The app on labwc, which has no portal: its binding toggles a dictation, and the text comes into the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import Clip
from tests.e2e.desks.checks import (
    check_languages_by_layout,
    check_password_refused,
    check_picture_given_back,
    check_pill_without_focus,
    check_text_in_window,
)
from tests.support.desks.account import Account
from tests.support.desks.labwc import LabwcDesk, missing


@pytest.fixture(scope="module")
def labwc(account: Account) -> Iterator[LabwcDesk]:
    """labwc with Intone, once that can listen."""
    if absent := missing():
        pytest.skip(f"labwc is not installed here: there is no {', '.join(absent)}")
    with LabwcDesk(account) as desk:
        desk.start()
        desk.wait_ready()
        yield desk


@pytest.mark.parametrize("kind", ["gtk4", "qt", "chromium", "foot"])
def test_labwc_toggled_dictation_is_in_window(labwc: LabwcDesk, clips: list[Clip], kind: str) -> None:
    check_text_in_window(labwc, kind, clips[1])


def test_labwc_clipboard_gets_picture_back(labwc: LabwcDesk, clips: list[Clip]) -> None:
    check_picture_given_back(labwc, "qt", clips[1])


def test_labwc_pill_is_seen_and_takes_no_focus(labwc: LabwcDesk, clips: list[Clip]) -> None:
    check_pill_without_focus(labwc, "qt", clips[1])


@pytest.mark.parametrize("kind", ["gtk4", "gtk3", "qt", "chromium"])
def test_labwc_password_field_gets_nothing(labwc: LabwcDesk, clips: list[Clip], kind: str) -> None:
    check_password_refused(labwc, kind, clips[1])


def test_labwc_tells_no_layout_and_the_settings_language_is_expected(labwc: LabwcDesk) -> None:
    check_languages_by_layout(labwc)
