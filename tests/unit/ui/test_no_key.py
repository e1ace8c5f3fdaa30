"""A key that leads to nothing: the history window says why, and where that is mended."""

from __future__ import annotations

import pytest

from desktop.core.errors import HotkeyError, PasteError
from desktop.core.state import AppState, Health
from desktop.ui.history.window import HistoryWindow
from desktop.ui.no_key import NoKeyNotice, opens_key_page

UNASKED = HotkeyError("portal-key-unasked")


@pytest.mark.parametrize(
    ("problem", "is_finished", "opens"),
    [
        (None, False, False),
        (UNASKED, False, True),
        (UNASKED, True, False),
        (HotkeyError("wayland-keys-labwc"), False, True),
        (HotkeyError("wayland-keys-labwc"), True, False),
    ],
)
def test_key_page_opens_by_itself_only_before_the_first_run_was_finished(
    problem: HotkeyError | None, is_finished: bool, opens: bool
) -> None:
    assert opens_key_page(Health(hotkey=problem), is_finished) is opens


@pytest.mark.parametrize(
    ("health", "words"),
    [
        (Health(hotkey=UNASKED), "Your desktop has not been asked for a talk key yet."),
        (
            Health(paste=PasteError("portal-typing-unasked")),
            "Your desktop does not let Intone put text into windows yet.",
        ),
    ],
)
def test_notice_says_what_is_missing_and_leads_to_the_page(qtbot, engine, health: Health, words: str) -> None:
    window = HistoryWindow(engine.app())
    qtbot.addWidget(window)
    notice = NoKeyNotice(engine.app())
    window.add_header(notice)
    window.present()
    assert not notice.isVisible()
    notice.draw(AppState(health=health))
    assert (notice.isVisible(), notice.words.text()) == (True, words)
    notice.button.click()
    assert engine.asked == ["open talk_key"]
    assert window.minimumSizeHint().width() <= 1024
    notice.draw(AppState())
    assert not notice.isVisible()
