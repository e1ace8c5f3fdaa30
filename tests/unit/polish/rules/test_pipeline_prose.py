"""Prose that needs no polish comes out as it went in, and loses no word.

Its sentences are those of `python -m tests.prove clean`, and the project's own documents and docstrings. Those of
`python -m tests.prove prose`, books and manuals in Debian packages, are not on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import pytest

from desktop.core.types import DictationContext
from desktop.polish.rules.pipeline import RULES, PolishRules
from tests.prove.clean import BAR, prose
from tests.prove.lost_words import find_loss
from tests.prove.prose import as_spoken, own_prose, with_sounds

SENTENCES = 1_500
MOST_LOSSES = 1
"""Of these sentences."""

MOST_LOSSES_AT_SOUNDS = 6
"""The same where a sound stands after each comma, at which much more looks taken back."""


def digest(text: str) -> bytes:
    """What puts sentences into an order of which a new one changes little."""
    return sha256(text.encode()).digest()


def test_prose_is_left_alone_to_the_character() -> None:
    rules, texts = PolishRules(), prose()
    changed = [(text, made) for text in texts if (made := rules(text, DictationContext()).text) != text]
    assert len(changed) <= (1 - BAR) * len(texts), changed


def test_layout_leaves_it_alone_in_one_piece_too() -> None:
    layout = PolishRules(without=frozenset(RULES) - {"spoken", "lists", "spacing", "sentences"})
    english = " ".join(text for text in prose() if text.isascii())
    assert layout(english, DictationContext()).text == english


@pytest.mark.parametrize(
    ("spoken", "most"), [(str, MOST_LOSSES), (as_spoken, MOST_LOSSES), (with_sounds, MOST_LOSSES_AT_SOUNDS)]
)
def test_own_documents_lose_hardly_a_word(spoken: Callable[[str], str], most: int) -> None:
    rules = PolishRules()
    texts = [spoken(text) for text in sorted(own_prose(), key=digest)[:SENTENCES]]
    if spoken is as_spoken:  # whose figures are words
        texts = [text for text in texts if not any(map(str.isdigit, text))]
    made = [(text, rules(text, DictationContext())) for text in texts]
    losses = [(text, loss) for text, after in made if (loss := find_loss(text, after.text, after.changes))]
    losses = [(text, loss) for text, loss in losses if loss.kind != "sounds"]
    assert len(losses) <= most, losses


def test_prose_loses_no_word_in_thorough_mode() -> None:
    rules = PolishRules(removals="thorough")
    lost = [text for text in prose() if find_loss(text, rules(text, DictationContext()).text)]
    assert lost == []
