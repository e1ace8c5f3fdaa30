"""The one polisher: as spoken, by the rules, or by a language model, as the place or the settings want it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from desktop.polish.rules import Rules
from desktop.ports import Context, Polished, Sent

if TYPE_CHECKING:  # not loaded where nothing leaves the machine
    from desktop.polish.llm import LLM

FEW_WORDS = 3
"""A model is not asked about so few: there is nothing in them to put into shape, and they are wanted at once."""


class Writer:
    """`ports.Polisher` in a `mode` that the style of a place may replace. Without an `llm` its texts are the rules'."""

    def __init__(
        self, mode: Literal["off", "rules", "llm"] = "rules", rules: Rules | None = None, llm: LLM | None = None
    ) -> None:
        self._mode = mode
        self._rules = rules or Rules()
        self._llm = llm

    def ahead(self, text: str, context: Context) -> None:
        """Have the model asked at a pause, where one will be; the rules cost nothing worth beginning early."""
        if (llm := self._asked(context)) and (not text.strip() or _many(text)):
            llm.ahead(text, context)

    async def polish(self, text: str, context: Context, show: Callable[[str], None]) -> Polished:
        """`text` as one would have typed it at the place of `context`."""
        if (context.style.mode or self._mode) == "off":
            return Polished(text, sent=self.over(context))
        if (llm := self._asked(context)) and _many(text):
            return await llm.polish(text, context, show)
        made = self._rules(text, context)
        return Polished(made.text, made.note, self.over(context), made.changed)

    def over(self, context: Context) -> tuple[Sent, ...]:
        """Stop what was begun, and the receipt for it."""
        return self._llm.over(context) if self._llm is not None else ()

    def _asked(self, context: Context) -> LLM | None:
        return self._llm if (context.style.mode or self._mode) == "llm" else None


def _many(text: str) -> bool:
    """Whether there are enough words; a script without spaces is counted by its characters."""
    return len(text.split()) > FEW_WORDS or (not text.isascii() and len(text) > 2 * FEW_WORDS)
