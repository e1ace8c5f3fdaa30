"""The user's own words, as a rule of polish: what it reports, and in which modes it is applied."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop.core.types import DictationContext, PolishedText, RuleChange, Style
from desktop.polish.polisher import TextPolisher
from desktop.polish.rules.pipeline import PolishRules
from desktop.vocabulary.vocabulary import Vocabulary

pytestmark = pytest.mark.anyio

OWN = Vocabulary(("PyTorch",), {"coober netties": "Kubernetes"}, {"pie torch page": "https://pytorch.org"})
CONTEXT = DictationContext(language="en")
CHANGE = RuleChange("own_words", "pie torch", "PyTorch")


class Model:
    """A language model that writes what it gets, with a mark after it."""

    def __init__(self) -> None:
        self.prepared: list[str] = []

    def prepare(self, text: str, context: DictationContext) -> None:
        self.prepared.append(text)

    def finish(self, context: DictationContext) -> tuple[()]:
        return ()

    async def polish(self, text: str, context: DictationContext, on_draft: Callable[[str], None]) -> PolishedText:
        return PolishedText(f"{text}!", changes=(RuleChange("fillers", "um", ""),))


async def polish(polisher: TextPolisher, text: str, context: DictationContext = CONTEXT) -> PolishedText:
    return await polisher.polish(text, context, lambda draft: None)


@pytest.mark.parametrize("mode", ["off", "rules", "llm"])
async def test_own_words_are_found_and_reported_in_every_mode(mode: str) -> None:
    model = Model()
    polisher = TextPolisher(mode, PolishRules(OWN), model if mode == "llm" else None)
    polished = await polish(polisher, "we use pie torch every day")
    assert polished.text.lower().startswith("we use pytorch every day")
    assert "PyTorch" in polished.text
    assert polished.changes[0] == CHANGE
    polisher.prepare("we use pie torch every day", CONTEXT)
    assert model.prepared == (["we use PyTorch every day"] if mode == "llm" else [])


@pytest.mark.parametrize("mode", ["off", "rules", "llm"])
async def test_own_words_can_be_switched_off(mode: str) -> None:
    without = frozenset({"own_words"})
    polisher = TextPolisher(mode, PolishRules(OWN, without), Model() if mode == "llm" else None)
    assert "pie torch" in (await polish(polisher, "we use pie torch every day")).text
    style = DictationContext(language="en", style=Style(without=without))
    polisher = TextPolisher(mode, PolishRules(OWN), Model() if mode == "llm" else None)
    assert "pie torch" in (await polish(polisher, "we use pie torch every day", style)).text


async def test_replacements_snippets_and_addresses_go_first() -> None:
    rules = TextPolisher("off", PolishRules(OWN))
    assert (await polish(rules, "the pie torch page")).text == "the https://pytorch.org"
    assert (await polish(rules, "see pytorch.org/pie")).text == "see pytorch.org/pie"
    assert OWN.find_own_words("on coober netties", "en") == []
    ruled = PolishRules(OWN)("on coober netties", CONTEXT)
    assert RuleChange("replacements", "coober netties", "Kubernetes") in ruled.changes


async def test_learned_word_is_found_as_a_listed_one() -> None:
    polished = await polish(TextPolisher("off", PolishRules(OWN)), "it runs on Kubernetis")
    assert polished.text == "it runs on Kubernetes"
