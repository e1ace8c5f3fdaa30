"""Two numbers that belong together, numbers that are counted, and a colon between two."""

from __future__ import annotations

import pytest

from tests.support.spoken_numbers import typed


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("between eight and fifteen percent", "between 8 and 15%"),
        ("two to three per cent of it", "2 to 3% of it"),
        ("lend me two or three dollars", "lend me $2 or $3"),
        ("a twenty by six frame", "a 20 by 6 frame"),
        ("read pages nine to twelve", "read pages 9 to 12"),
        ("use UTF thirty two or UTF eight", "use UTF 32 or UTF 8"),
        ("take lift six to floor nine", "take lift six to floor 9"),
        ("building two floor eight room five", "building 2 floor 8 room 5"),
        ("HTTP three beats HTTP one point one", "HTTP 3 beats HTTP 1.1"),
        ("he owes six or seven euros", "he owes €6 or €7"),
        ("we lost from two to four million people", "we lost from 2 to 4 million people"),
    ],
)
def test_both_halves_are_in_digits(said: str, written: str) -> None:
    assert typed(said) == written == typed(written)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("it made from two to four million dollars", "it made from two to $4 million"),
        ("between five and six billion euros", "between five and €6 billion"),
        ("pay eight or nine dollars and twenty cents", "pay eight or $9.20"),
        ("Can June two help on June thirty?", "Can June two help on June 30?"),
    ],
)
def test_half_with_a_sign_of_its_own_is_not_shared(said: str, written: str) -> None:
    assert typed(said) == written == typed(written)


@pytest.mark.parametrize(
    "said",
    [
        "between six and eleven people",
        "from three to twenty people",
        "a three by five card",
        "nine out of ninety",
        "we had two dogs and nine cats",
        "gate two and three quarters",
    ],
)
def test_both_halves_stay_words(said: str) -> None:
    assert typed(said) == said


@pytest.mark.parametrize(
    "said",
    [
        "We count two three four five six.",
        "nine eight seven six five",
        "Five ten fifteen twenty, here I come.",
        "A one b two c three d four.",
        "they were born nineteen ten nineteen twenty nineteen thirty",
        "nine eleven two thousand and one",
        "the whole nine yards",
        "the usual python one",
        "Release one lock of the two.",
        "Six fifty.",
        "Eight forty.",
        "A three six two.",
    ],
)
def test_what_is_counted_or_doubtful_stays_words(said: str) -> None:
    assert typed(said) == said


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("my code is two three four five", "my code is 2345"),
        ("it is eight four one nine", "it is 8419"),
        ("Eleven thirty.", "11:30."),
        ("Sixty cents.", "60 cents."),
        ("my four oh one k is up", "my 401k is up"),
        ("a core i five is enough", "a Core i5 is enough"),
        ("fourteen hundred Ocean Drive", "1400 Ocean Drive"),
        ("fourteen hundred people on this drive", "1,400 people on this drive"),
    ],
)
def test_what_is_one_number_is_written_as_one(said: str, written: str) -> None:
    assert typed(said) == written


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("we meet at nine colon fifteen", "we meet at 9:15"),
        ("we meet at nine colon fifteen p m", "we meet at 9:15 p.m."),
        ("read Luke two colon eleven aloud", "read Luke 2:11 aloud"),
        ("the odds are twenty one colon four", "the odds are 21:4"),
        ("at six colon oh five", "at 6:05"),
        ("the colon is an organ", "the colon is an organ"),
    ],
)
def test_colon_between_numbers_is_written(said: str, written: str) -> None:
    assert typed(said) == written == typed(written)
