"""Count the words and names of a recording that a model got right. Pure, and with what the app itself is made of.

Compared is what was said, not how it is laid out: without case, marks and sounds that are no words, with numbers as the
app's own rules write them, since one model writes "three" where another writes "3", and Chinese in simplified
characters, since a model writes either. A character of a script without
spaces is a word. The libraries that `desktop.bench.metrics` scores with are not part of the app.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence

from desktop.core.text import WORD
from desktop.polish.rules.edit import RuleContext
from desktop.polish.rules.fillers import edit_fillers
from desktop.polish.rules.languages.language import base_code, choose_language
from desktop.polish.rules.numbers.numbers import edit_numbers
from desktop.polish.rules.pipeline import apply_rules
from desktop.stt.chinese_script import convert_to_script

SPELLINGS = {"mr": "mister", "mrs": "missus", "dr": "doctor", "prof": "professor", "ok": "okay"}
"""Words that models write in two ways, of which neither is a mistake."""

type Words = tuple[str, ...]


def split_said(text: str, language: str) -> Words:
    """Return the words of `text` that count; `language` is the code that the recognizer named, or empty."""
    context = RuleContext(base_code(choose_language(language, text)), is_language_guessed=not language)
    text = convert_to_script(text, context.language, "simplified")
    plain = apply_rules(text, context, rules={"fillers": edit_fillers, "numbers": edit_numbers}).text
    plain = unicodedata.normalize("NFKC", plain).casefold().replace("’", "'").replace("_", " ")
    return tuple(SPELLINGS.get(word, word) for word in WORD.findall(plain) if word[0].isalnum())


def count_errors(reference: Sequence[str], heard: Sequence[str]) -> int:
    """Return the least number of words to exchange, leave out and add to get from `reference` to `heard`."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(reference, 1):
        diagonal, row[0] = row[0], number
        for at, other in enumerate(heard, 1):
            diagonal, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, diagonal + (word != other))
    return row[-1]


def count_names(names: Collection[Words], reference: Sequence[str], heard: Sequence[str]) -> tuple[int, int]:
    """Return how many times one of `names` was said, and how many of those were heard."""
    said = {name: _count_run(name, reference) for name in names}
    return sum(said.values()), sum(min(count, _count_run(name, heard)) for name, count in said.items() if count)


def _count_run(run: Words, words: Sequence[str]) -> int:
    return sum(tuple(words[at : at + len(run)]) == run for at in range(len(words) - len(run) + 1)) if run else 0
