"""Polish a dictation: as spoken, by the rules, or by a language model, depending on the place and the settings.

A model gets the text with the user's replacements made, and they are made again in its answer. Snippets are expanded
last: no polisher may change their text, and if the whole dictation is a trigger, no model is used. A trigger that only
the model wrote stays words: a model may shape what was said, but not call up a snippet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from desktop.core.types import Context, Polished, Sent
from desktop.polish.rules.pipeline import Rules
from desktop.vocabulary.snippets import expanded, is_trigger, said_in

if TYPE_CHECKING:  # not loaded when nothing leaves the machine
    from desktop.polish.llm_polisher import LLM

FEW_WORDS = 3
"""Most words of a text that no model is used for: there is nothing to shape, and it is wanted at once."""


class Writer:
    """The `Polisher` of dictations, in a `mode` that a style may lower but never raise: a table of places sends nothing
    away.

    Without an `llm` the texts are those of the rules.
    """

    def __init__(
        self, mode: Literal["off", "rules", "llm"] = "rules", rules: Rules | None = None, llm: LLM | None = None
    ) -> None:
        self._mode = mode
        self._rules = rules or Rules()
        self._llm = llm

    def ahead(self, text: str, context: Context) -> None:
        """Start the model's request at a pause if a model will be used; the rules are too fast to need it."""
        if is_trigger(text, self._rules.vocabulary):
            return
        if (llm := self._asked(context)) and (not text.strip() or _many(text)):
            llm.ahead(self._rules.replaced(text, context), context)

    async def polish(self, text: str, context: Context, show: Callable[[str], None]) -> Polished:
        """Return `text` as it would have been typed at the place of `context`."""
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
        """Stop all requests of the dictation and return their receipt."""
        return self._llm.over(context) if self._llm is not None else ()

    def _asked(self, context: Context) -> LLM | None:
        return self._llm if self._mode_at(context) == "llm" else None

    def _mode_at(self, context: Context) -> str:
        return min(self._mode, context.style.mode or self._mode, key=("off", "rules", "llm").index)


def _many(text: str) -> bool:
    """Return whether a text has enough words for a model; a script without spaces is counted by characters."""
    return len(text.split()) > FEW_WORDS or (not text.isascii() and len(text) > 2 * FEW_WORDS)
