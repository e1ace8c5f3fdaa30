"""Prose that needs no polish comes out as it went in. Its sentences are those of `python -m tests.prove clean`."""

from __future__ import annotations

from desktop.core.types import DictationContext
from desktop.polish.rules.pipeline import RULES, PolishRules
from tests.prove.clean import BAR, prose


def test_prose_is_left_alone_to_the_character() -> None:
    rules, texts = PolishRules(), prose()
    changed = [(text, made) for text in texts if (made := rules(text, DictationContext()).text) != text]
    assert len(changed) <= (1 - BAR) * len(texts), changed


def test_layout_leaves_it_alone_in_one_piece_too() -> None:
    layout = PolishRules(without=frozenset(RULES) - {"spoken", "lists", "spacing", "sentences"})
    english = " ".join(text for text in prose() if text.isascii())
    assert layout(english, DictationContext()).text == english
