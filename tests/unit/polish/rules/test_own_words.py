"""The user's own words, as a rule of polish: what it reports, and in which modes it is applied."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.core.types import DictationContext, PolishedText, RuleChange, Style
from desktop.polish.polisher import TextPolisher
from desktop.polish.rules.edit import RuleContext, RuleEdit
from desktop.polish.rules.pipeline import PolishRules, apply_rules
from desktop.polish.styles import load_styles
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
    polished = await polish(TextPolisher("rules", PolishRules(OWN)), "it runs on Kubernetis")
    assert polished.text == "It runs on Kubernetes."


async def test_as_spoken_changes_what_was_misheard_alone() -> None:
    rules = TextPolisher("off", PolishRules(OWN))
    assert (await polish(rules, "it is pytorch, or pie torch")).text == "it is pytorch, or PyTorch"
    assert (await polish(rules, "it runs on Kubernetis")).text == "it runs on Kubernetis"


@pytest.mark.parametrize("name", ["code", "terminal"])
async def test_case_is_left_alone_in_code_and_terminals(name: str) -> None:
    own = Vocabulary(("Git", "Docker", "PyTorch"))
    context = DictationContext(language="en", style=load_styles(Path("/nonexistent")).styles[name])
    rules = TextPolisher("rules", PolishRules(own))
    for command in ("git push and docker run", "pip install pytorch", "cd src/pytorch", "GIT_DIR=x"):
        assert (await polish(rules, command, context)).text == command
    assert (await polish(rules, "then import pie torch", context)).text == "then import PyTorch"


async def test_language_that_is_not_known_gets_capitals_inside_alone() -> None:
    rules = TextPolisher("rules", PolishRules(Vocabulary(("MIT", "PyTorch"))))
    assert (await polish(rules, "mit dir", DictationContext())).text.lower().rstrip(".") == "mit dir"
    assert "MIT" not in (await polish(rules, "so mit dir", DictationContext())).text
    assert "PyTorch" in (await polish(rules, "pytorch mit dir", DictationContext())).text


async def test_number_is_not_lost_to_an_own_word_that_is_the_whole_text() -> None:
    made = PolishRules(Vocabulary(("Elleven",)), frozenset({"numbers"}))("elevan", CONTEXT)
    assert made.text == "Elleven."
    rule = {"own_words": lambda text, context: [RuleEdit(0, 6, "Elleven")]}
    made = apply_rules("eleven", RuleContext("en"), rules=rule)
    assert (made.text, made.refused) == ("eleven", ("own_words",))
