"""Edit the selected text by voice: a language model applies the spoken instruction to it.

The gesture, the microphone, the spool and the recognizer are those of a dictation; only what comes before and after the
words differs, and that is a `VoiceEdit`. It is a `Polisher` for the start and end of the session, and its `insert`
replaces `dictation.insertion.insert_text`. The words are the instruction and the selection is the material, the other
way round than in polish. There is no text of rules to fall back on and no meaning to guard, because the user asked for
a change: the answer is only checked for signs that it is not a text, and any failure changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import anyio

from desktop.core.errors import Problem
from desktop.core.interfaces import Edits, Paster
from desktop.core.state import Pasting, Polishing, State
from desktop.core.types import Context, Outcome, Polished, Selection, Sent, Target
from desktop.dictation.dependencies import Parts, Said, Turn
from desktop.dictation.result import EDIT, Ending
from desktop.llm.client import Chat, Exchange
from desktop.llm.messages import Question, tokens
from desktop.llm.prompts import prompt

logger = logging.getLogger(__name__)

DEADLINE_S = 10.0
"""Seconds to wait for an edit, longer than for a polish: the time after which people give up on a page (Nielsen
1993)."""

ROOM, MOST_TOKENS = (2.0, 500), 4096
"""The limit of the answer: a factor on the tokens of the text and tokens on top, and the number that every model can
write."""

LONGER, MORE = 8, 500
"""An answer longer than this factor times the text plus this many characters is not an edit."""

UNSEEN = "Here Intone cannot see what is selected."
UNTOUCHED = "Nothing was changed."

_TALK = re.compile(
    r"(?:sure|certainly|absolutely|of course|okay|ok)[,!.:]? (?:here|i can|i'd|i’d|i'll|i’ll|let me|please)"
    r"|here(?:'s|’s| is| are) (?:the|your|a|an)\b[^\n]*(?:text|version|translation|list|selection|rewrit|edit)"
    r"|(?:i'm|i’m|i am) (?:sorry|unable|an ai)\b|as an ai\b"
    r"|i (?:can't|can’t|cannot|can not) (?:help|assist|comply|do|provide|fulfil)"
    r"|please provide\b|(?:抱歉|对不起|很抱歉)[,，].*(?:无法|不能)|(?:好的|当然)[,，!！].*(?:以下|这是)",
    re.IGNORECASE,
)
"""How models begin when they speak for themselves."""

_FENCE = re.compile(r"```[^\n`]*\n(.*?)\n?```", re.DOTALL)

_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "«": "»", "„": "“", "「": "」", "『": "』", "`": "`"}
"""Opening quotation marks and what closes each."""


@dataclass(frozen=True, slots=True)
class Change(Question):
    """The request to apply an `instruction` to a text."""

    instruction: str = ""

    @property
    def messages(self) -> list[dict[str, str]]:
        """The prompt, the instruction, and the text between two marks that neither contains."""
        mark, number = "selection", 1
        while f"{mark}>" in f"{self.instruction}{self.text}".lower():
            mark, number = f"selection-{number}", number + 1
        told = f"{self.instruction}\n\n<{mark}>\n{self.text}\n</{mark}>"
        system = self.prompt.replace("<selection>", f"<{mark}>")
        return [{"role": "system", "content": system}, {"role": "user", "content": told}]

    @property
    def characters(self) -> int:
        """How many of the characters are the user's."""
        return len(self.text) + len(self.instruction)


def change(text: str, instruction: str) -> Change:
    """Build the request for the model."""
    times, more = ROOM
    return Change(prompt("edit"), text.strip(), min(MOST_TOKENS, round(times * tokens(text)) + more), None, instruction)


def bare(text: str, answer: str) -> str:
    """Return `answer` as it replaces `text`: without a fence or quotation marks that the model put around it and `text`
    does not have, and with the whitespace around `text`."""
    within = answer.strip()
    if not text.lstrip().startswith("```") and (fenced := _FENCE.fullmatch(within)):
        within = fenced.group(1).strip()
    first, inside = within[:1], within[1:-1]
    quoted = len(within) > 1 and within[-1] == _QUOTES.get(first) and not {first, within[-1]} & {*inside}
    if quoted and text.strip()[:1] != first:
        within = inside.strip()
    begin, end = len(text) - len(text.lstrip()), len(text.rstrip())
    return f"{text[:begin]}{within}{text[end:]}" if within else ""


def wrong(text: str, answer: str) -> str:
    """Return why `answer` cannot replace `text`, as the end of a sentence; empty if it can."""
    if not answer.strip():
        return "gave no text"
    if _TALK.match(answer.strip()) and not _TALK.match(text.strip()):
        return "answered instead"
    if len(answer) > LONGER * len(text) + MORE:
        return "wrote much more than an edit"
    return ""


def asked(instruction: str) -> str:
    """Return the row's note of the instruction: "Edited: make this shorter."."""
    words = " ".join(instruction.split()).rstrip(".。!！ ")
    return f"Edited: {words[:1].lower()}{words[1:]}."


class Edit:
    """One voice edit by the model `client` in a window of `paster`. The answer is awaited for `deadline_s`."""

    def __init__(self, paster: Paster, chat: Chat, deadline_s: float = DEADLINE_S) -> None:
        self._paster = paster
        self._chat = chat
        self._deadline_s = deadline_s
        self._marked: asyncio.Task[Selection] | None = None
        self._exchange: Exchange | None = None

    def ahead(self, text: str, context: Context) -> None:
        """Read the selection and connect to the model when the key goes down; nothing is sent before the release."""
        if not text and self._marked is None:
            self._chat.prepare()
            if isinstance(self._paster, Edits):
                self._marked = asyncio.create_task(self._paster.marked())

    async def polish(self, text: str, context: Context, show: Callable[[str], None]) -> Polished:
        """Return the words unchanged: they are an instruction."""
        return Polished(text)

    def over(self, context: Context) -> tuple[Sent, ...]:
        """Stop what was started and return the receipt for what was sent."""
        if self._marked is not None:
            self._marked.cancel()
        receipt = self._exchange.sent("edit") if self._exchange is not None else None
        return (receipt,) if receipt is not None else ()

    async def write(
        self,
        said: Said,
        parts: Parts,
        turn: Turn,
        draw: Callable[[State], None],
        sent: Callable[[], None],
    ) -> Ending:
        """Replace the selection by the edited text, as `insert_text`. Raises `UserError` if there is none."""
        words, target = said.words, said.context.target
        draw(Polishing(words.text, said.into))
        selection = await self._selected(target)
        if not isinstance(self._paster, Edits) or selection.text is None:
            return Ending(Outcome.REFUSED, words, target=target, note=f"{selection.why} {UNTOUCHED}")
        text = await self._edited(selection.text, words.text, lambda draft: draw(Polishing(draft, said.into)))
        if (refused := await turn()) is not None:
            note = f"{asked(words.text)} {refused.note}"
            return Ending(refused.outcome, replace(words, text=selection.text), text, target, note, style=EDIT)
        began = time.monotonic()
        draw(Pasting(text, said.into))
        with anyio.CancelScope(shield=True):
            delivery = await self._paster.replace(selection, text, target, sent)
        return Ending(
            delivery.outcome,
            replace(words, text=selection.text),
            text,
            target,
            " ".join(filter(None, (asked(words.text), delivery.note, words.note, said.note))),
            release_to_text_ms=(began - said.released_at) * 1000,
            paste_ms=(time.monotonic() - began) * 1000,
            style=EDIT,
        )

    async def _selected(self, target: Target) -> Selection:
        if not isinstance(self._paster, Edits) or self._marked is None:
            return Selection(why=UNSEEN)
        return await self._paster.selected(await self._marked, target)

    async def _edited(self, text: str, instruction: str, show: Callable[[str], None]) -> str:
        """Return the model's edit of `text`. Raises `UserError`."""
        name = self._chat.service.name
        self._exchange = exchange = self._chat.exchange(change(text, instruction))
        answer = None
        with anyio.move_on_after(self._deadline_s):
            answer = await exchange.run(show)
        if answer is None:
            raise Problem(f"{name} did not answer in {self._deadline_s:g} s.", UNTOUCHED)
        edited = bare(text, answer)
        if fault := "did not finish" if exchange.cut else wrong(text, edited):
            raise Problem(f"{name} {fault}.", UNTOUCHED)
        return edited
