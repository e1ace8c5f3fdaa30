"""Prose that needs no polish comes out as it went in, and loses no word.

Its sentences are those of `python -m tests.prove clean`, and the project's own documents and docstrings. Those of
`python -m tests.prove prose`, books and manuals in Debian packages, are not on every machine.
"""

from __future__ import annotations

import random

from desktop.core.types import DictationContext
from desktop.polish.rules.pipeline import RULES, PolishRules
from tests.prove.clean import BAR, prose
from tests.prove.lost_words import find_loss
from tests.prove.prose import own_prose

SENTENCES = 3_000
MOST_LOSSES = 7
"""Of these sentences."""


def test_prose_is_left_alone_to_the_character() -> None:
    rules, texts = PolishRules(), prose()
    changed = [(text, made) for text in texts if (made := rules(text, DictationContext()).text) != text]
    assert len(changed) <= (1 - BAR) * len(texts), changed


def test_layout_leaves_it_alone_in_one_piece_too() -> None:
    layout = PolishRules(without=frozenset(RULES) - {"spoken", "lists", "spacing", "sentences"})
    english = " ".join(text for text in prose() if text.isascii())
    assert layout(english, DictationContext()).text == english


def test_own_documents_lose_hardly_a_word() -> None:
    rules, texts = PolishRules(), own_prose()
    made = [(text, rules(text, DictationContext())) for text in random.Random(1).sample(texts, SENTENCES)]
    losses = [(text, loss) for text, after in made if (loss := find_loss(text, after.text, after.changes))]
    assert len(losses) <= MOST_LOSSES, losses


def test_prose_loses_no_word_in_thorough_mode() -> None:
    rules = PolishRules(removals="thorough")
    lost = [text for text in prose() if find_loss(text, rules(text, DictationContext()).text)]
    assert lost == []
