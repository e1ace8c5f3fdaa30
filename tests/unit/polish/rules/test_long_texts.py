"""Rules take as long for a long text as for its parts."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from desktop.polish.rules.edit import RuleContext
from desktop.polish.rules.pipeline import apply_rules


def count_calls(act: Callable[[], object]) -> int:
    """Return how many calls `act` makes, those of built-in functions and steps of generators included."""
    count = 0

    def on_event(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    previous = sys.getprofile()
    sys.setprofile(on_event)
    try:
        act()
    finally:
        sys.setprofile(previous)
    return count


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("plus thirty two ", "en"),
        ("page two and page thirty ", "en"),
        ("new paragraph ", "en"),
        ("send it to eve at acme dot com by nine thirty, ", "en"),
        ("my room is six, no, nine. ", "en"),
    ],
)
def test_time_grows_with_the_length_only(said: str, language: str) -> None:
    context = RuleContext(language)
    apply_rules(said, context)
    short = count_calls(lambda: apply_rules(said * 20, context))
    assert count_calls(lambda: apply_rules(said * 80, context)) < 5 * short
