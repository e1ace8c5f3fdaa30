"""Which texts are evidently in none of the user's languages."""

from __future__ import annotations

import pytest

from desktop.core.files import read_package_toml
from desktop.stt.text_language import is_foreign

ENGLISH = "I think that the weather is going to be fine, and we will go there with them."
GERMAN = "Ich glaube, dass das Wetter schön wird, und wir gehen mit ihnen auch noch in die Stadt."
RUSSIAN = "Я думаю, что погода будет хорошая, и мы пойдём туда."


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        (ENGLISH, ("de",)),
        (ENGLISH, ("fr", "de")),
        (GERMAN, ("en",)),
        (RUSSIAN, ("en", "de")),
        (RUSSIAN, ("uk", "en")),
        (ENGLISH, ("ru",)),
        (ENGLISH, ("zh", "ja")),
        ("今天天气很好，我们一起去公园吧。", ("en",)),
        ("Il pense que nous ne sommes pas dans la ville.", ("it",)),
    ],
)
def test_text_in_another_language_is_foreign(text: str, allowed: tuple[str, ...]) -> None:
    assert is_foreign(text, allowed)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        (ENGLISH, ("en",)),
        (ENGLISH, ()),
        (GERMAN, ("de", "en")),
        (RUSSIAN, ("be", "en")),
        ("", ("de",)),
        ("Okay.", ("ru",)),
        ("Downloads Ordner Update Release Branch", ("de",)),
        ("The Who und die Beatles spielen in der Stadt.", ("de",)),
        (ENGLISH, ("de", "sw")),  # whose words are not known
        ("我用 Visual Studio Code 写代码，也用 GitHub。", ("zh",)),
        ("今天天气很好，我们去公园。", ("zh-TW",)),
        ("12 34 56", ("el",)),
    ],
)
def test_text_without_clear_evidence_is_accepted(text: str, allowed: tuple[str, ...]) -> None:
    assert not is_foreign(text, allowed)


def test_no_language_with_a_script_of_its_own_counts_as_latin() -> None:
    scripts = read_package_toml("desktop.stt", "languages.toml")["scripts"]
    assert all(is_foreign(ENGLISH, (code,)) for codes in scripts.values() for code in codes)
