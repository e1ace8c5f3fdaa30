"""The user's own words in what was recognized: which are found, and what is never changed."""

from __future__ import annotations

import random
import re
import sys
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.vocabulary.known_forms import is_form, is_word, list_common_words
from desktop.vocabulary.matcher import TermMatcher, apply_matches
from desktop.vocabulary.sound_key import fold_letters, join_keys, sound_key
from tests.prove import words
from tests.prove.record import ROOT

OWN = (
    "PyTorch",
    "Kubernetes",
    "PostgreSQL",
    "GitHub",
    "GitLab",
    "Elasticsearch",
    "Amoxicillin",
    "Thornton",
    "Helstone",
    "Siobhán",
    "Niamh",
    "Visual Studio Code",
    "npm",
    "whilome",
    "Claude",
    "Notion",
    "Linear",
    "Aldi",
    "OneNote",
    "北京烤鸭",
)

PROSE = (ROOT / "tests/prove/prose.txt").read_text(encoding="utf-8").splitlines()


def mend(text: str, language: str = "en", own: tuple[str, ...] = OWN) -> str:
    return apply_matches(text, TermMatcher(own).find_matches(text, language))


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("We use pi torch and pie torch.", "We use PyTorch and PyTorch."),
        ("It runs on Kubernetis now.", "It runs on Kubernetes now."),
        ("it is on cooper netis", "it is on Kubernetes"),
        ("from poster SQL every night", "from PostgreSQL every night"),
        ("push it to get hub", "push it to GitHub"),
        ("it is on get hub, and on the get hub now", "it is on GitHub, and on the get hub now"),
        ("our own Git Lab, and git lab", "our own GitLab, and GitLab"),
        ("on the elastic search", "on the Elasticsearch"),
        ("given Amixisulin for 10 days", "given Amoxicillin for 10 days"),
        ("the keys are with Niam", "the keys are with Niamh"),
        ("siobhan asked", "Siobhán asked"),
        ("pytorch, PYTORCH and Pytorch", "PyTorch, PyTorch and PyTorch"),
        ("open visual studeo code", "open Visual Studio Code"),
        ("Willome it was so. willome", "Whilome it was so. whilome"),
    ],
)
def test_misheard_own_word_is_found(heard: str, written: str) -> None:
    assert mend(heard) == written
    assert mend(written) == written


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("Kubernetis's pods", "Kubernetes's pods"),
        ("Kubernetis’ pods", "Kubernetes’ pods"),
        ("both Helstons", "both Helstones"),
        ("the thorntons'", "the Thorntons'"),
        ("“Thornten,” she said", "“Thornton,” she said"),
        ("(pi torch)", "(PyTorch)"),
    ],
)
def test_endings_and_marks_around_it_stay(heard: str, written: str) -> None:
    assert mend(heard) == written


@pytest.mark.parametrize(
    "text",
    [
        "He had no notion of the motion.",
        "A linear function, and a cloud that is clawed.",
        "They talked all day about a lid.",
        "I do not, and don't, and can't.",
        "one note, two notes, 1 note",
        "pi. Torch the paper, pi\ntorch",
        "pi, torch",
        "kubernetis2 and 3kubernetis and kubernetis_x",
        "the visual studio and the code",
        "a thorn, a ton",
        "npm",
        "Npm is first.",
        "北京考鸭",
        "",
    ],
)
def test_text_without_a_misheard_own_word_is_left_alone(text: str) -> None:
    assert mend(text) == text


@pytest.mark.parametrize(("own", "said"), words.near_names())
def test_names_and_terms_near_own_words_are_left_alone(own: str, said: str) -> None:
    assert mend(f"Then we spoke about {said} once more.", own=(own,)) == f"Then we spoke about {said} once more."


def test_names_are_not_joined_to_another() -> None:
    own = ("Marianne", "Annabel", "Cantor", "Juliana", "Robertson")
    for text in ("Mary Ann and Anna Bell came", "I can't or won't", "Julie Anna, Robert Sun"):
        assert mend(text, own=own) == text


@pytest.mark.parametrize("sound", ["um", "uh", "er", "ah", "hm", "Um", "UH"])
def test_hesitation_is_no_part_of_a_word(sound: str) -> None:
    own = ("UM", "ER", "AH", "Uhland", "Ermine", "Kubernetes", "Hmong", "Mumbai")
    for text in (f"{sound}, so I said", f"the {sound} land", f"kuber {sound} netis", f"m {sound} bye"):
        assert mend(text, own=own) == text


@pytest.mark.parametrize(
    "token",
    [
        "src/kubernetis",
        "kubernetis/src",
        "C:\\kubernetis",
        "kubernetis.yaml",
        "my-kubernetis",
        "kubernetis-pods",
        "--kubernetis",
        "foo_kubernetis",
        "@kubernetis",
        "me@kubernetis.org",
        "./kubernetis",
        "pi-torch",
        "git-lab",
    ],
)
def test_parts_of_commands_and_paths_are_left_alone(token: str) -> None:
    assert mend(f"Now we run {token} again.") == f"Now we run {token} again."


@pytest.mark.parametrize("token", ["kubernetis2", "2kubernetis", "kubernetis_x", "$kubernetis", "Kubernetis3x"])
def test_words_with_digits_and_signs_are_left_alone(token: str) -> None:
    assert mend(f"Now we have {token} in it again.") == f"Now we have {token} in it again."


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("Intone", "The piano is in tune with the voice."),
        ("Intone", "He intones it, and speaks in tone too."),
        ("iPhone", "I phone her every day."),
        ("WeChat", "On Mondays we chat for an hour."),
        ("InDesign", "His interest in design began early."),
        ("MySpace", "Please leave me my space."),
        ("Asana", "A sauna would be good now."),
        ("metformin", "What he met form in the end was a mystery."),
        ("stderr", "Next to him sat Dr. Jones."),
        ("Haribo", "That hairy boy has left the room."),
        ("kubectl", "They like to cube cuddle the toys."),
        ("Tesco", "Her friend Tisch came to the party."),
        ("OAuth", "The auth service is down again."),
        ("Tensley", "His neighbour Tinsley was there."),
        ("OpenGL", "The kernel runs in OpenCL as well."),
        ("iPad", "She has an old iPod in her bag."),
        ("Miro", "The painting by Miró is on loan."),
        ("TypeScript", "Two typescripts of the novel remain."),
    ],
)
def test_meant_words_near_an_own_word_are_left_alone(own: str, said: str) -> None:
    assert mend(said, own=(own,)) == said


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("LangChain", "It is so long a chain."),
        ("Mistral", "I saw mister hale in the garden."),
        ("Nutella", "But Turkey is a NATO ally too."),
        ("Asana", "That counts as an EA in this game."),
        ("Docker", "It was an affaire de coeur at last."),
        ("Cohere", "It was an affaire de coeur at last."),
        ("Debian", "We hadn't been so deep en swum so far."),
        ("WhatsApp", "What sap is this tree giving off?"),
        ("GitHub", "We get hub caps for the car."),
        ("GitHub", "They get hub caps, and I get hub and spoke wheels."),
        ("Wren", "I have a good wr rn as we speak."),
        ("Wren", "It is the Knights of Ren in that film."),
        ("Ollama", "The ole momma would not let her go."),
        ("Doctor Who", "Ask the doctor who came in."),
        ("shopping", "It was chaping all the day."),
    ],
)
def test_meant_words_are_joined_to_no_own_word(own: str, said: str) -> None:
    assert mend(said, own=(own,)) == said


def test_own_words_of_several_words_keep_their_words_of_grammar() -> None:
    assert mend("on the isle of skye again", own=("Isle of Skye",)) == "on the Isle of Skye again"


@pytest.mark.parametrize(
    ("own", "said"),
    [("Nifedipine", "nisedipine"), ("Losartan", "lorsartan"), ("Atenolol", "atemolols"), ("Imatinib", "ivatinib")],
)
def test_endings_of_drugs_make_other_drugs(own: str, said: str) -> None:
    assert mend(f"Give the patient {said} at night.", own=(own,)) == f"Give the patient {said} at night."


def test_misheard_drugs_are_found_by_the_same_sounds() -> None:
    assert mend("Give him imutinib and ador vastatin.", own=("Imatinib", "Atorvastatin")) == (
        "Give him Imatinib and Atorvastatin."
    )


def test_hyphen_of_the_own_word_is_its_own() -> None:
    assert mend("the wi-fi and wifi, not hi-wi-fi", own=("Wi-Fi",)) == "the Wi-Fi and Wi-Fi, not hi-wi-fi"


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("mit dir", "mit dir"),
        ("Ich gehe morgen mit dir ins Kino", "Ich gehe morgen mit dir ins Kino"),
        ("the doctor gave us it", "the doctor gave us it"),
        ("they went to mit last year", "they went to MIT last year"),
        ("behind the cam shaft", "behind the cam shaft"),
    ],
)
def test_capitals_make_no_other_word(heard: str, written: str) -> None:
    assert mend(heard, own=("MIT", "US", "IT", "CAM")) == written
    assert mend(heard, "de", own=("MIT", "US", "IT", "CAM", "Dir", "Kino")) == heard


def test_case_is_kept_where_it_is_to_be() -> None:
    matcher = TermMatcher(OWN)
    text = "we use pytorch, with siobhan: py torch and the kubernetis here"
    kept = apply_matches(text, matcher.find_matches(text, keeps_case=True))
    assert kept == "we use pytorch, with Siobhán: PyTorch and the Kubernetes here"


def test_choice_of_many_matches_takes_no_square_of_time() -> None:
    """Counted, not timed: twice the text makes at most twice the calls, and a few."""

    def count_times(times: int) -> int:
        calls, matches = count_calls(TermMatcher(("Kubernetes",)), "say Kubernetis now and " * times)
        assert matches == times
        return calls

    assert count_times(400) <= 2.2 * count_times(200)


def test_ten_thousand_own_words_cost_little_more_than_one_hundred() -> None:
    """Counted, not timed: a call for each own word that is compared, and more for each that is measured."""
    chosen = random.Random(2)
    syllables = [*map("".join, product("klmrtpdvbgnfzwyhj", "aeiou"))]
    own = list(dict.fromkeys("".join(chosen.choices(syllables, k=chosen.choice((3, 4)))) for _ in range(14_000)))
    own = own[:10_000]
    misheard = [word[:-1] + "n" for word in chosen.sample(own, 286)]
    pairs = zip(misheard[::2], misheard[1::2], strict=True)
    text = " ".join(f"then {one} {other} called about the report" for one, other in pairs)
    assert len(own) == 10_000
    assert len(text.split()) == 1001
    few, many = (count_calls(TermMatcher(own[:count]), text) for count in (100, 10_000))
    assert many[1] > 50
    assert many[0] <= 6 * few[0]
    assert many[0] <= 600 * len(text.split())


def count_calls(matcher: TermMatcher, text: str) -> tuple[int, int]:
    """How many calls the search takes, without what is remembered of other searches, and its matches."""
    for cached in (is_form, is_word, sound_key):
        cached.cache_clear()
    matcher.find_matches("a first search reads the lists")
    calls = 0

    def count(frame: object, event: str, arg: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        matches = matcher.find_matches(text)
    finally:
        sys.setprofile(None)
    return calls, len(matches)


def near(word: str) -> str:
    """A name that is spelled nearly as `word`."""
    vowel = next((at for at, letter in enumerate(word) if at and letter in "aeiou"), len(word) - 1)
    return (word[:vowel] + "aeiou"["aeiou".find(word[vowel]) - 1] + word[vowel + 1 :]).capitalize()


def test_common_words_near_own_words_are_left_alone() -> None:
    common = list_common_words()
    tried = changed = 0
    for sentence in PROSE:
        words = [fold_letters(word) for word in re.findall(r"\w+", sentence)]
        own = tuple(
            name for word in words if len(word) > 3 and word in common and (name := near(word)).lower() not in common
        )
        tried += bool(own)
        changed += len(TermMatcher(own).find_matches(sentence))
    assert tried >= 200
    assert changed == 0


def test_numbers_and_negations_are_left_alone() -> None:
    words = ["no", "not", "never", "one", "two", "three", "eleven", "twenty", "hundred", "million", "first", "second"]
    own = tuple(near(f"{first}{second}") for first, second in pairwise(words))
    for first, second in pairwise(words):
        assert mend(f"{first} {second} of them", own=own) == f"{first} {second} of them"


def test_two_own_words_that_are_as_close_are_none() -> None:
    assert mend("the Lorran papers", own=("Lorren", "Lorrin")) == "the Lorran papers"
    assert mend("the Lorran papers", own=("Lorren",)) == "the Lorren papers"


def test_words_of_the_text_are_not_swallowed() -> None:
    assert mend("a Kubernetis cluster in Kubernetis", own=("Kubernetes",)) == "a Kubernetes cluster in Kubernetes"
    assert mend("by Kubernetes", own=("Kubernetes",)) == "by Kubernetes"


@pytest.mark.parametrize("language", ["de", "es", "ru", "fr"])
def test_other_languages_get_case_and_spaces_alone(language: str) -> None:
    assert mend("pytorch, py torch, git lab", language) == "PyTorch, PyTorch, GitLab"
    assert mend("Kubernetis, pi torch, linear, notion", language) == "Kubernetis, pi torch, linear, notion"


def test_text_that_is_not_english_is_found_out() -> None:
    german = "Wir haben gestern Kubernetis auf unserem Rechner eingerichtet."
    assert mend(german) == german
    assert mend("Yesterday we set up Kubernetis here.") == "Yesterday we set up Kubernetes here."


def test_own_word_in_chinese_text_is_found() -> None:
    assert mend("用Kubernetis部署 pi torch", "zh") == "用Kubernetes部署 PyTorch"


def test_word_longer_than_any_name_is_found_by_its_letters_alone() -> None:
    """Its sounds without two are millions, and so are those of a word heard that has as many."""
    matcher, heard = TermMatcher(("Sm" * 2000, "Kubernetes")), f"{'sm' * 2000} and {'bn' * 2000} now"
    matches = matcher.find_matches(f"we set up kubernetis here with {heard}")
    assert [match.written for match in matches] == ["Kubernetes", "Sm" * 2000]


def test_no_own_words_change_nothing() -> None:
    assert TermMatcher(()).find_matches("pi torch") == []


@given(st.text(alphabet=st.sampled_from("aeioukbtrnsg '’-.,1é京"), max_size=80))
def test_matches_are_in_order_and_whole_words(text: str) -> None:
    matches = TermMatcher(("Kubernetes", "Bern", "Tibet", "Genua Est")).find_matches(text)
    for match in matches:
        assert text[match.start].isalpha()
        assert not text[: match.start][-1:].isdigit()
    for before, after in pairwise(matches):
        assert before.end <= after.start


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("knight", "night"),
        ("philip", "filib"),
        ("chekov", "jekoff"),
        ("xavier", "zavier"),
        ("thomas", "tomas"),
        ("quartz", "kwords"),
        ("wright", "ride"),
    ],
)
def test_words_that_sound_alike_have_one_key(one: str, other: str) -> None:
    assert sound_key(one) == sound_key(other) != ""


def test_key_of_joined_words_is_that_of_the_whole() -> None:
    assert join_keys(map(sound_key, ("get", "hub"))) == sound_key("github")
    assert join_keys(map(sound_key, ("pie", "torch"))) == sound_key("pytorch")
    assert sound_key("кирилл") == ""
