"""The app on labwc, which has no portal: its binding toggles a dictation, and the text comes into the window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Clip
from tests.support.desk import until
from tests.support.desks.account import Account
from tests.support.desks.labwc import LabwcDesk, missing
from tests.support.words import error_rate

KINDS = ("gtk4", "gtk3", "qt", "chromium", "foot")

PASSWORD_KINDS = ("gtk4", "gtk3", "qt", "chromium")

MISHEARD = 0.5
"""How much of a sentence may be heard wrongly: on a busy machine PipeWire, which has no right to real time here, loses
sound. The desk is tested, not the recognizer."""


@pytest.fixture(scope="module")
def labwc(account: Account) -> Iterator[LabwcDesk]:
    """labwc with Intone, once that can listen."""
    if absent := missing():
        pytest.skip(f"labwc is not installed here: there is no {', '.join(absent)}")
    with LabwcDesk(account) as desk:
        desk.start()
        until(lambda: desk.status().get("model"), lambda: f"the model is loaded; {desk.log.read_text()}", 120)
        yield desk


@pytest.mark.parametrize("kind", KINDS)
def test_labwc_toggled_dictation_is_in_window(labwc: LabwcDesk, clips: list[Clip], kind: str) -> None:
    window = labwc.open(kind)
    labwc.copy(b"mine")
    row = labwc.dictate(clips[1].path)
    assert error_rate(clips[1].text, row["text"]) <= MISHEARD
    window.wait("text", lambda text: text == row["text"])
    until(lambda: labwc.clipboard() == b"mine", "the clipboard is given back")
    assert (window.text(), labwc.focused_title()) == (row["text"], window.title)
    assert row["delivery"] in ("inserted", "unconfirmed")
    window.close()


def test_labwc_clipboard_gets_picture_back(labwc: LabwcDesk, clips: list[Clip], tmp_path: Path) -> None:
    window = labwc.open("qt")
    labwc.picture(tmp_path / "picture.png")
    picture = (tmp_path / "picture.png").read_bytes()
    labwc.copy(picture, "image/png")
    row = labwc.dictate(clips[1].path)
    window.wait("text", lambda text: text == row["text"])
    until(lambda: labwc.clipboard("image/png") == picture, "the picture is given back")
    window.close()


def test_labwc_pill_is_seen_and_takes_no_focus(labwc: LabwcDesk, clips: list[Clip]) -> None:
    window, pills = labwc.open("qt"), []

    def look() -> None:
        pills.extend(labwc.pills())
        assert labwc.focused_title() == window.title

    row = labwc.dictate(clips[1].path, look)
    assert len(pills) == 1
    window.wait("text", lambda text: text == row["text"])
    window.close()


@pytest.mark.parametrize("kind", PASSWORD_KINDS)
def test_labwc_password_field_gets_nothing(labwc: LabwcDesk, clips: list[Clip], kind: str) -> None:
    window = labwc.open(kind, "password")
    row = labwc.dictate(clips[1].path)
    assert (row["delivery"], row["text"], row["audio_path"]) == ("refused", "", None)
    assert window.text() == ""
    window.close()
