"""The language of the keyboard's layout, as far as Wine has it: the keys are switched there, and never the language."""

from __future__ import annotations

from tests.support.desks.wine import WineDesk

SWITCHES = 5


def test_language_is_the_low_word_of_the_layout_whatever_keys_it_has(desk: WineDesk) -> None:
    takes = desk.helper("layouts", "1", str(SWITCHES))
    assert len(takes) == SWITCHES
    assert len({take["active"][:4] for take in takes}) > 1, "the keys were switched"
    assert {(take["active"][4:], take["found"]) for take in takes} == {("0409", "en-US")}
