"""Case, spaces and the full stop, by what stands on either side of the cursor (`|`)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.paste.text_fit import CONTINUING_WORDS, fit_text

CASES = [
    # At the beginning of something.
    ("|", "The shop is open.", "The shop is open."),
    ("Dear Ann,\n|", "The shop is open.", "The shop is open."),
    ("   |", "The shop is open.", "The shop is open."),
    ("- |", "The milk.", "The milk."),
    ("* [ ] |", "The milk.", "The milk."),
    ("1. |", "The milk.", "The milk."),
    ("> |", "The milk.", "The milk."),
    ("## |", "The milk", "The milk"),
    # After a sentence.
    ("It rains.|", "The shop is open.", " The shop is open."),
    ("It rains. |", "The shop is open.", "The shop is open."),
    ("Does it?|", "The shop is open.", " The shop is open."),
    ("He said “Go.”|", "The shop is open.", " The shop is open."),
    ("(It rains.)|", "The shop is open.", " The shop is open."),
    ("Note:|", "The shop is open.", " The shop is open."),
    # Within a sentence.
    ("I went|", "To the shop.", " to the shop."),
    ("I went |", "To the shop.", "to the shop."),
    ("I went to|", "Paris.", " Paris."),
    ("I asked|", "NASA.", " NASA."),
    ("She knows|", "I was there.", " I was there."),
    ("She knows|", "I'm there.", " I'm there."),
    ("bread,|", "And milk.", " and milk."),
    ("fruit, e.g.|", "The apple.", " the apple."),
    ("I saw Dr.|", "Who.", " who."),
    ("He (Tom)|", "Was there.", " was there."),
    ("10%|", "Of it.", " of it."),
    # What the text follows without a space.
    ("bread (|", "And milk.", "and milk."),
    ("She said “|", "The shop is open.", "The shop is open."),
    ('She said "|', "The shop is open.", "The shop is open."),
    ('She said "hello"|', "And left.", " and left."),
    ("the so-called '|", "More", "More"),
    ("https://|", "example", "example"),
    ("ask @|", "ann", "ann"),
    ("it costs $|", "20.", "20."),
    ("well-|", "known", "known"),
    ("one —|", "And two.", " and two."),
    ("bread|", ", and milk.", ", and milk."),
    ("bread|", "\nMilk.", "\nMilk."),
    # What follows the text.
    ("I went | and came back.", "To the shop.", "to the shop"),
    ("I went |and came back.", "To the shop.", "to the shop "),
    ("| we should go.", "Maybe.", "Maybe"),
    ("|We should go.", "It rains.", "It rains. "),
    ("| We should go.", "It rains.", "It rains."),
    ("I went to the |, and back.", "Shop.", "Shop"),
    ("I went to the |.", "Shop.", "Shop"),
    ("I went to the |?", "Shop.", "Shop"),
    ("(|)", "The shop.", "The shop"),
    ('"|"', "The shop", "The shop"),
    ('| "go" he said', "Now", "Now"),
    ("|(or not)", "Maybe", "Maybe "),
    ("|'s house", "Tom.", "Tom"),
    ("one | three", "Two!", "Two!"),
    ("one | three", "Two...", "Two..."),
    ("one | 3 four", "Two.", "Two"),
    ("|\nNext line", "It rains.", "It rains."),
    ("| \nNext line", "It rains.", "It rains."),
    ("we|go", "All.", " all "),
    # Scripts without spaces.
    ("今天|", "我们去。", "我们去。"),
    ("今天|很好。", "天气。", "天气"),
    ("|明天也好。", "今天很好。", "今天很好。"),
    ("今天很好。|", "我们去。", "我们去。"),
    ("我用|", "Python。", "Python。"),
    ("我说「|」", "好。", "好。"),
    ("안녕|", "네.", " 네."),
]


@pytest.mark.parametrize(("there", "text", "fitted"), CASES)
def test_a_text_fits_between_its_neighbours(there: str, text: str, fitted: str) -> None:
    before, _, after = there.partition("|")
    assert fit_text(text, before, after) == fitted


@pytest.mark.parametrize(
    ("before", "after", "fitted"),
    [
        (None, None, "The shop."),
        ("went to", None, " the shop."),
        (None, "and back", "The shop "),
        (None, "", "The shop."),
    ],
)
def test_a_side_that_is_not_known_decides_nothing(before: str | None, after: str | None, fitted: str) -> None:
    assert fit_text("The shop.", before, after) == fitted


@given(st.text(), st.text() | st.none(), st.text() | st.none())
def test_no_letter_or_digit_is_added_or_lost(text: str, before: str | None, after: str | None) -> None:
    fitted = fit_text(text, before, after)
    assert [c for c in fitted.casefold() if c.isalnum()] == [c for c in text.casefold() if c.isalnum()]
    assert len(text) - 1 <= len(fitted) <= len(text) + 2


@given(st.sampled_from(sorted(CONTINUING_WORDS)))
def test_only_words_beginning_no_name_lose_capital(word: str) -> None:
    assert fit_text(f"{word.capitalize()} so", "I was", "") == f" {word} so"
    assert fit_text(f"{word.upper()}X so", "I was", "") == f" {word.upper()}X so"
