"""Which window is meant when the focus moves while somebody talks."""

from __future__ import annotations

import pytest

from desktop.core.types import Target
from desktop.paste.focus import MAX_PERIODS, MIN_FOCUS_S, FocusHistory

NONE, EDITOR, BROWSER = Target(), Target(1, "Mousepad"), Target(2, "Firefox")


@pytest.mark.parametrize(
    ("stays", "now", "meant"),
    [
        ([], 5.0, NONE),
        ([(EDITOR, 0.0)], 5.0, EDITOR),
        ([(EDITOR, 5.0)], 5.1, EDITOR),  # nothing else is known
        ([(EDITOR, 0.0), (BROWSER, 4.0)], 5.0, BROWSER),
        ([(EDITOR, 0.0), (BROWSER, 4.9)], 5.0, EDITOR),
        ([(EDITOR, 0.0), (BROWSER, 5.0)], 5.01 + MIN_FOCUS_S, BROWSER),
        ([(EDITOR, 0.0), (NONE, 4.8), (BROWSER, 4.9)], 5.0, EDITOR),  # no window has the focus while they change
        ([(NONE, 0.0), (BROWSER, 4.9)], 5.0, BROWSER),
        ([(EDITOR, 0.0), (BROWSER, 4.8), (EDITOR, 4.9)], 5.0, EDITOR),
    ],
)
def test_the_last_window_that_kept_the_focus_is_meant(
    stays: list[tuple[Target, float]], now: float, meant: Target
) -> None:
    focus = FocusHistory()
    for target, since in stays:
        focus.record(target, since)
    assert focus.find_target(now) == meant


def test_retitled_window_is_not_newly_focused() -> None:
    focus = FocusHistory()
    focus.record(EDITOR, 0.0)
    renamed = Target(EDITOR.handle, "Mousepad", "letter.txt")
    focus.record(BROWSER, 4.0)
    focus.record(EDITOR, 4.5)
    focus.record(renamed, 4.95)
    assert focus.find_target(5.0) == renamed


def test_a_flicker_of_windows_is_outlived() -> None:
    focus = FocusHistory()
    focus.record(EDITOR, 0.0)
    for turn in range(2 * MAX_PERIODS):
        focus.record(Target(10 + turn), 4.9 + turn / 1000)
    assert focus.find_target(5.0).handle == 9 + 2 * MAX_PERIODS
