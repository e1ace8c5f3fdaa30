"""Polish a dictation, or a text that the user tries in a window: as spoken, by the rules, or by a language model.

The user's own words are found first, in every mode. A model gets the text with the user's replacements made, and they
are made again in its answer. Snippets are expanded last: no polisher may change their text, and if the whole dictation
is a trigger, no model is used. A trigger that only the model wrote stays words: a model may shape what was said, but
not call up a snippet.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Literal

from desktop.core.interfaces import Polisher
from desktop.core.messages import Notes, join_notes
from desktop.core.types import DictationContext, PolishedText, RuleChange, SentData, Style
from desktop.polish.guard.tokens import GuardToken, tokenize
from desktop.polish.rules.pipeline import PolishRules
from desktop.polish.rules.tokens import word_set
from desktop.polish.styles import PLAIN_STYLE, Styles
from desktop.settings.schema import PolishSettings
from desktop.vocabulary.snippets import expand_snippets, find_snippets, is_trigger
from desktop.vocabulary.vocabulary import Vocabulary

if TYPE_CHECKING:
    from desktop.polish.llm_polisher import LLMPolisher

MAX_WORDS_WITHOUT_MODEL = 3
"""Most words of a text that no model is used for: there is nothing to shape, and it is wanted at once."""

_CHINESE_CUES = "不对是说错了我口误更正一下等应该的意思"
"""Characters of the phrases by which a Chinese speaker corrects."""


class TextPolisher:
    """The `Polisher` of dictations, in a `mode` that a style may lower but never raise: a table of places sends nothing
    away.

    Without an `llm` the texts are those of the rules.
    """

    def __init__(
        self,
        mode: Literal["off", "rules", "llm"] = "rules",
        rules: PolishRules | None = None,
        llm: LLMPolisher | None = None,
    ) -> None:
        self._mode = mode
        self._rules = rules or PolishRules()
        self._llm = llm

    def prepare(self, text: str, context: DictationContext) -> None:
        """Start the model's request at a pause if a model will be used; the rules are too fast to need it."""
        if is_trigger(text, self._rules.vocabulary):
            return
        if (llm := self._model_for(context)) and (not text.strip() or _needs_model(text)):
            llm.prepare(
                self._rules.apply_replacements(self._rules.mend_own_words(text, context).text, context), context
            )

    async def polish(self, text: str, context: DictationContext, on_draft: Callable[[str], None]) -> PolishedText:
        """Return `text` as it would have been typed at the place of `context`."""
        vocabulary = self._rules.vocabulary
        if is_trigger(text, vocabulary):
            polished = PolishedText(text, sent=self.finish(context))
        else:
            polished = await self._polish_words(text, context, on_draft)
        allowed = None
        if self._model_for(context) and vocabulary.snippets:
            allowed = find_snippets((text, self._rules(text, context).text), vocabulary)
        expanded = expand_snippets(polished.text, vocabulary, datetime.now().astimezone(), context.clipboard, allowed)
        notes = join_notes(polished.notes, expanded.notes)
        return replace(
            polished,
            text=expanded.text,
            notes=notes,
            changes=polished.changes + expanded.changes,
            text_after_cursor=expanded.text_after_cursor,
        )

    async def _polish_words(
        self, text: str, context: DictationContext, on_draft: Callable[[str], None]
    ) -> PolishedText:
        llm = self._model_for(context)
        if self._mode_for(context) != "off" and not (llm and _needs_model(text)):
            ruled = self._rules(text, context)
            return PolishedText(ruled.text, ruled.notes, self.finish(context), ruled.changes)
        mended = self._rules.mend_own_words(text, context, is_as_spoken=llm is None)
        if llm is None:
            return PolishedText(mended.text, mended.notes, self.finish(context), mended.changes)
        polished = await llm.polish(self._rules.apply_replacements(mended.text, context), context, on_draft)
        return replace(
            polished,
            text=self._rules.apply_replacements(polished.text, context),
            changes=mended.changes + polished.changes,
        )

    def finish(self, context: DictationContext) -> tuple[SentData, ...]:
        """Stop all requests of the dictation and return their receipt."""
        return self._llm.finish(context) if self._llm is not None else ()

    def _model_for(self, context: DictationContext) -> LLMPolisher | None:
        return self._llm if self._mode_for(context) == "llm" else None

    def _mode_for(self, context: DictationContext) -> str:
        limit = "rules" if context.style.code else "llm"  # code, and names of a project in it, are sent to no model
        return min(self._mode, context.style.mode or self._mode, limit, key=("off", "rules", "llm").index)


def _needs_model(text: str) -> bool:
    """Return whether a text has enough words for a model; a script without spaces is counted by characters."""
    return len(text.split()) > MAX_WORDS_WITHOUT_MODEL or (
        not text.isascii() and len(text) > 2 * MAX_WORDS_WITHOUT_MODEL
    )


def takes_content(raw: str, text: str, changes: Iterable[RuleChange]) -> bool:
    """Return whether the polished `text` has nowhere a word of `raw` that carries content, and `changes` took some out.

    A word said twice is still there. A small word, a sound or "no, wait" carries nothing, nor does what another rule
    wrote in another way; a "no" between words does.
    """
    changes = list(changes)
    if not any(change.is_removal for change in changes):
        return False
    rewritten = [token for change in changes if not change.is_removal for token in tokenize(change.before)]
    kept = [*tokenize(text), *rewritten]
    left = (
        {token.key for token in kept}
        | {token.word for token in kept}
        | {form for token in kept for form in token.forms}
    )
    said = tokenize(raw)
    cues = _find_cues(said)
    return any(
        token.kind not in ("small", "sound")
        and at not in cues
        and left.isdisjoint((token.key, token.word, *token.forms))
        for at, token in enumerate(said)
    )


def _find_cues(said: Sequence[GuardToken]) -> set[int]:
    """Return the places of words that only say that something is taken back."""
    words = [token.word for token in said]
    found: set[int] = set()
    for at, token in enumerate(said):
        for phrase in _cue_phrases():
            if words[at : at + len(phrase)] == list(phrase) and (phrase != ("no",) or token.parted or at in found):
                found |= {*range(at, at + len(phrase))}
        if token.word in _CHINESE_CUES:
            found.add(at)
    return found


@cache
def _cue_phrases() -> tuple[tuple[str, ...], ...]:
    phrases = (tuple(phrase.split()) for name in ("cue", "hint", "then") for phrase in word_set("en", name))
    return tuple(sorted(phrases, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class PolishTrial:
    """The result of polishing a text without a dictation: the text, notes about it, and the milliseconds it took.

    `host` is the host that received the words; empty if they stayed on this machine.
    """

    text: str
    notes: Notes = ()
    ms: float = 0.0
    host: str = ""


def try_rules(text: str, settings: PolishSettings, vocabulary: Vocabulary, style: Style) -> PolishTrial:
    """Polish `text` by the rules, or leave it as spoken if that is the setting; no language model is used.

    Do not call from a running event loop.
    """
    polisher = TextPolisher(
        "off" if settings.mode == "off" else "rules",
        PolishRules(vocabulary, frozenset(settings.without), settings.removals),
    )
    return asyncio.run(try_polisher(polisher, text, style))


async def try_polisher(polisher: Polisher, text: str, style: Style) -> PolishTrial:
    """Polish `text` with `polisher`; the notes say why a language model's text was not used. Raises `UserError`."""
    started_at = time.perf_counter()
    polished: PolishedText = await polisher.polish(
        text, DictationContext(style=style, clipboard=""), lambda draft: None
    )
    host = next((sent.host for sent in polished.sent), "")
    return PolishTrial(polished.text, polished.notes, (time.perf_counter() - started_at) * 1000, host)


def style_named(styles: Styles, name: str) -> Style:
    """Return the style called `name`; the plain style if there is none."""
    return styles.styles.get(name, styles.styles.get(PLAIN_STYLE, Style()))
