"""Which span of a text is meant by what was said again, and how it is written there: tables of both."""

from __future__ import annotations

import pytest

from desktop.core.types import Replacement
from desktop.dictation.again_match import (
    FINAL_MARKS,
    MIN_LIKENESS,
    Found,
    apply_replacements,
    find_correction,
    find_places,
    fit_written,
)

REPLACED = [
    ("I met coo chair a in Prague.", "Kucera", "en", "I met Kucera in Prague."),
    ("I met coo chair a in Prague.", "kucera.", "en", "I met kucera in Prague."),
    (
        "The model was trained with pie torch on two cards.",
        "PyTorch.",
        "en",
        "The model was trained with PyTorch on two cards.",
    ),
    (
        "The numbers come from Postker SQL every night.",
        "PostgreSQL",
        "en",
        "The numbers come from PostgreSQL every night.",
    ),
    ("The bottle says combat you with ginger.", "Kombucha", "en", "The bottle says Kombucha with ginger."),
    ("Dr. Wadsick will call.", "Doctor Wojcik", "en", "Doctor Wojcik will call."),
    ("The piece is by J.S. Back.", "J.S. Bach", "en", "The piece is by J.S. Bach."),
    ("Wonder how many people have it.", "Wondering", "en", "Wondering how many people have it."),
    ("We use Firebase for it.", "used", "en", "We used Firebase for it."),
    ("We need 50 of them.", "15", "en", "We need 15 of them."),
    ("Restart engine X after the change.", "Nginx", "en", "Restart Nginx after the change."),
    ("It rained all weak.", "Week.", "en", "It rained all week."),
    ("weak rain fell.", "week", "en", "Week rain fell."),
    ("It ended. weather or not it rains.", "whether", "en", "It ended. Whether or not it rains."),
    ("The plan is coo chair's.", "Kucera", "en", "The plan is Kucera's."),
    ("The plan is coo chair's own.", "Kucera's", "en", "The plan is Kucera's own."),
    ("Its late and its tail hurts.", "it's late", "en", "It's late and its tail hurts."),
    ("Wir treffen Herrn Kutschera morgen.", "Kucera", "de", "Wir treffen Herrn Kucera morgen."),
    ("Das ist ein schönes Rat.", "Rad.", "de", "Das ist ein schönes Rad."),
    ("Elle habite à Bordo maintenant.", "Bordeaux", "fr", "Elle habite à Bordeaux maintenant."),
    ("我们明天去北京图书馆见面。", "北京图书管", "zh", "我们明天去北京图书管见面。"),
    ("Line one has a hetsner.\nLine two has none.", "Hetzner", "en", "Line one has a Hetzner.\nLine two has none."),
]


@pytest.mark.parametrize(("text", "said", "language", "wanted"), REPLACED)
def test_the_likest_span_is_what_was_misheard(text: str, said: str, language: str, wanted: str) -> None:
    best = find_places(text, said, language, "", MIN_LIKENESS).places[0][0]
    replacement = fit_written(text, best.start, best.end, said.strip(FINAL_MARKS), language)
    assert apply_replacements(text, [replacement]) == wanted


@pytest.mark.parametrize(
    ("text", "said", "wanted"),
    [
        ("I met Kutchera in Prague.", "Kucera", "I met Kucera in Prague."),
        ("Restart hetsner after the change.", "Hetzner", "Restart Hetzner after the change."),
        ("It rained all weak.", "Week.", "It rained all week."),
    ],
)
def test_one_span_that_is_clearly_the_likest_is_replaced_unasked(text: str, said: str, wanted: str) -> None:
    found = find_correction(text, said, "en")
    assert found.replaced is not None, found
    assert apply_replacements(text, [found.replaced]) == wanted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("We met for lunch.", "Kucera"),
        ("", "Kucera"),
        ("I met coo chair a.", ""),
        ("I met coo chair a.", "..."),
        ("I saw you on the train to Vienna.", "Schenectady"),
        ("Please send it on Monday.", "that is not what I have said at all, I said it in quite other words"),
        ("我们明天去北京。", "图书馆"),
    ],
)
def test_nothing_is_replaced_where_nothing_sounds_alike(text: str, said: str) -> None:
    assert find_correction(text, said, "en") == Found()


@pytest.mark.parametrize(
    ("text", "said", "places"),
    [
        ("Ann told Anne that it rains.", "Hannah", ["Ann", "Anne"]),
        ("The meal was a meal.", "Miele", ["meal", "meal"]),
        ("kutchera and kutchera", "Kucera", ["kutchera", "kutchera"]),
        ("The lawyer has a warrior and a worrier.", "warier", ["warrior", "a worrier", "worrier"]),
        ("Kucera called, and coo chair a called back.", "Kucera", ["coo chair", "coo chair a"]),
        ("Vamos a Guadalahara mañana.", "Guadalajara", ["a Guadalahara", "Guadalahara"]),
    ],
)
def test_spans_that_are_alike_or_not_sure_are_a_question(text: str, said: str, places: list[str]) -> None:
    found = find_correction(text, said, "en")
    assert found.replaced is None
    assert [text[each.start : each.end] for each in found.choices] == places


def test_a_neighbour_makes_one_of_two_spans_unique() -> None:
    text = "A letter for coo chair a came from coo chair a today."
    found = find_correction(text, "from Kucera", "en")
    assert {each.start for each in found.choices} == {text.index("from")}


def test_of_choices_that_overlap_one_is_made() -> None:
    text = "I met coo chair a."
    choices = [Replacement(2, 17, "Kucera"), Replacement(6, 17, "Kucera")]
    assert apply_replacements(text, choices) == "I met Kucera."


def test_what_stands_there_already_is_reported() -> None:
    assert find_correction("I met Kucera in Prague.", "Kucera", "en") == Found(is_there=True)


def test_runs_do_not_cross_the_end_of_a_sentence() -> None:
    found = find_correction("We like pie. Torch the rest.", "PyTorch", "en")
    assert found.replaced is not None
    assert found.replaced.start == len("We like pie. ")


def test_several_replacements_are_made_at_their_places() -> None:
    text = "kutchera and kutchera"
    assert apply_replacements(text, find_correction(text, "Kucera", "en").choices) == "Kucera and Kucera"


@pytest.mark.parametrize("near", [0, 1])
def test_all_places_with_the_same_words_are_looked_at(near: int) -> None:
    text = "Don'ts, door, dog, dock and dots. Don'ts."
    starts = [text.index("Don'ts"), text.rindex("Don'ts")]
    places = find_places(text, "dogs", "en", "", MIN_LIKENESS, lambda start, end: 0.3 if start == starts[near] else 0.6)
    found = {each.start for place in places.places for each in place}
    assert set(starts) <= found


def test_the_same_words_beside_other_likely_ones_are_looked_at() -> None:
    """The words of the second place are timed wrongly: the sound of one of them is near, that of both is far."""
    text = "it's our talking by the door and it's our talking by the door"
    distances = {(0, 8): 0.5, (38, 41): 0.42}
    places = find_places(text, "kids are", "en", "", MIN_LIKENESS, lambda start, end: distances.get((start, end), 1.0))
    assert [
        [text[each.start : each.end] for each in place if each[:2] in ((0, 8), (33, 41))] for place in places[0][:2]
    ] == [
        ["it's our"],
        ["it's our"],
    ]


def test_a_word_more_at_either_end_is_looked_at() -> None:
    text = "so bob stewart saw a living bird"
    places = find_places(
        text, "lobster", "en", "", MIN_LIKENESS, lambda start, end: 0.3 if end == 6 < start + 5 else 1.0
    )
    assert [text[each.start : each.end] for each in places.places[0]] == ["bob", "so bob", "bob stewart"]


def test_a_word_less_at_either_end_is_looked_at() -> None:
    text = "they will play moats after the break"
    near = (text.index("moats"), text.index(" the"))
    places = find_places(text, "Mozart", "en", "", MIN_LIKENESS, lambda *run: 0.3 if run == near else 1.0)
    assert {"moats", "after"} < {text[each.start : each.end] for each in places.places[0]}


def test_runs_that_are_not_alike_are_among_the_others() -> None:
    """Where no sound is compared, the recording of the text may still tell that they are meant."""
    text = "talking by the kid"
    places = find_places(text, "door", "en", "", 0.2)
    looked_at = {text[each.start : each.end] for place in places.places for each in place}
    assert "kid" not in looked_at
    assert "kid" in {text[each.start : each.end] for each in places.others}


def test_a_part_of_what_was_said_is_looked_at_beside_a_place_alone() -> None:
    """It was heard right, and is no place; but where "wanted" was meant, the recordings may tell."""
    text = "they all want to be"
    near = (text.index("want"), text.index(" be"))
    places = find_places(text, "I want it", "en", "", MIN_LIKENESS, lambda *run: 0.3 if run == near else 1.0)
    assert {"want to", "want"} < {text[each.start : each.end] for each in places.places[0]}
    assert "want" not in {
        text[each.start : each.end] for place in find_places(text, "I want it", "en", "", 0.0).places for each in place
    }
