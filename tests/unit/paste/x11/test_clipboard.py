"""Selections of ours, by the server's clock, which begins anew after 49.7 days."""

from __future__ import annotations

import pytest

from desktop.paste.x11.owned_selection import OwnedSelection


@pytest.mark.parametrize(
    ("since", "time", "ended"),
    [
        (5000, 5000, True),
        (5000, 9000, True),
        (5000, 4000, False),
        pytest.param(2**32 - 1000, 500, True, id="the clock began anew while it was ours"),
        pytest.param(500, 2**32 - 1000, False, id="it was ours before the clock began anew, and is again"),
    ],
)
def test_a_loss_is_of_what_was_owned_then(since: int, time: int, ended: bool) -> None:
    assert OwnedSelection({}, since).is_lost_at(time) == ended
