"""The one polisher: as spoken, by the rules, or by a language model, as the place or the settings want it.

A model is given the user's replacements, and they are made again in what it answers. Snippets come last, whoever
polished: what the user keeps for a few words is nobody's to change, and all that was said being such words, nobody is
asked. A trigger that only the model says is words: it may put what was said into shape, and call up nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from desktop.polish.rules import Rules
from desktop.ports import Context, Polished, Sent
from desktop.vocabulary.snippets import expanded, is_trigger, said_in

if TYPE_CHECKING:  # not loaded where nothing leaves the machine
    from desktop.polish.llm import LLM

FEW_WORDS = 3
"""A model is not asked about so few: there is nothing in them to put into shape, and they are wanted at once."""


class Writer:
    """`ports.Polisher` in a `mode` of which the style of a place may want less, and never more: what a table says of a
    place sends nothing away. Without an `llm` its texts are the rules'."""

    def __init__(
        self, mode: Literal["off", "rules", "llm"] = "rules", rules: Rules | None = None, llm: LLM | None = None
    ) -> None:
        self._mode = mode
        self._rules = rules or Rules()
        self._llm = llm

    def ahead(self, text: str, context: Context) -> None:
        """Have the model asked at a pause, where one will be; the rules cost nothing worth beginning early."""
        if is_trigger(text, self._rules.vocabulary):
            return
        if (llm := self._asked(context)) and (not text.strip() or _many(text)):
            llm.ahead(self._rules.replaced(text, context), context)

    async def polish(self, text: str, context: Context, show: Callable[[str], None]) -> Polished:
        """`text` as one would have typed it at the place of `context`."""
        vocabulary = self._rules.vocabulary
        if is_trigger(text, vocabulary):
            polished = Polished(text, sent=self.over(context))
        else:
            polished = await self._put_right(text, context, show)
        allowed = None
        if self._asked(context) and vocabulary.snippets:
            allowed = said_in((text, self._rules(text, context).text), vocabulary)
        made = expanded(polished.text, vocabulary, datetime.now().astimezone(), context.clipboard, allowed)
        note = " ".join(filter(None, (polished.note, made.note)))
        return replace(polished, text=made.text, note=note, changed=polished.changed + made.changed, after=made.after)

    async def _put_right(self, text: str, context: Context, show: Callable[[str], None]) -> Polished:
        if self._mode_at(context) == "off":
            return Polished(text, sent=self.over(context))
        if (llm := self._asked(context)) and _many(text):
            polished = await llm.polish(self._rules.replaced(text, context), context, show)
            return replace(polished, text=self._rules.replaced(polished.text, context))
        made = self._rules(text, context)
        return Polished(made.text, made.note, self.over(context), made.changed)

    def over(self, context: Context) -> tuple[Sent, ...]:
        """Stop what was begun, and the receipt for it."""
        return self._llm.over(context) if self._llm is not None else ()

    def _asked(self, context: Context) -> LLM | None:
        return self._llm if self._mode_at(context) == "llm" else None

    def _mode_at(self, context: Context) -> str:
        return min(self._mode, context.style.mode or self._mode, key=("off", "rules", "llm").index)


def _many(text: str) -> bool:
    """Whether there are enough words; a script without spaces is counted by its characters."""
    return len(text.split()) > FEW_WORDS or (not text.isascii() and len(text) > 2 * FEW_WORDS)
