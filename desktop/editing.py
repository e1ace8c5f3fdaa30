"""Voice editing: text is selected, a key is held, what is said is done to the text by a language model.

The gesture, the microphone, the spool and the recognizer are a dictation's; only what comes before the words and after
them is another, and that is an `Edit`. It is a `Polisher` for the dictation's beginning and end, and its `write` stands
where `writing.write` does. Here the words are the instruction and the selection is the material, the other way round
than in polish. There are no rules' text to fall back on and no meaning to guard, since the person asked for a change:
what the model gives is only looked at for signs that it is no text at all, and whatever goes wrong changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import anyio

from desktop.chat import Chat, Exchange, Question
from desktop.chat.request import tokens
from desktop.ending import EDIT, Ending
from desktop.parts import Parts, Said, Turn
from desktop.ports import Context, Edits, Outcome, Paster, Polished, Selection, Sent, Target
from desktop.problems import Problem
from desktop.prompts import prompt
from desktop.state import Pasting, Polishing, State

logger = logging.getLogger(__name__)

DEADLINE_S = 10.0
"""An edit is waited for, as a dictation is not: this is the time in which people give a page up (Nielsen 1993)."""

ROOM, MOST_TOKENS = (2.0, 500), 4096
"""The answer's limit: so many times the tokens of the text and so many more, and what every model may write."""

LONGER, MORE = 8, 500
"""No edit makes a text so many times longer, and so many characters more: such an answer is not one."""

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
"""Marks of quotation, and what closes each."""


@dataclass(frozen=True, slots=True)
class Change(Question):
    """The question what becomes of the text when the `instruction` is followed."""

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
        """How many of them are the person's."""
        return len(self.text) + len(self.instruction)


def change(text: str, instruction: str) -> Change:
    """What a model is asked."""
    times, more = ROOM
    return Change(prompt("edit"), text.strip(), min(MOST_TOKENS, round(times * tokens(text)) + more), None, instruction)


def bare(text: str, answer: str) -> str:
    """The `answer` as it goes where `text` is: without the fence and the quotation marks that models put around it and
    that the text has not, between the blanks that the text has around it."""
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
    """What is wrong with `answer` as what became of `text`, as the end of a sentence; empty where nothing is."""
    if not answer.strip():
        return "gave no text"
    if _TALK.match(answer.strip()) and not _TALK.match(text.strip()):
        return "answered instead"
    if len(answer) > LONGER * len(text) + MORE:
        return "wrote much more than an edit"
    return ""


def asked(instruction: str) -> str:
    """The row's word of what was asked: "Edited: make this shorter."."""
    words = " ".join(instruction.split()).rstrip(".。!！ ")
    return f"Edited: {words[:1].lower()}{words[1:]}."


class Edit:
    """One edit, by the model `chat` in a window of `paster`'s. The answer is waited for until `deadline_s`."""

    def __init__(self, paster: Paster, chat: Chat, deadline_s: float = DEADLINE_S) -> None:
        self._paster = paster
        self._chat = chat
        self._deadline_s = deadline_s
        self._marked: asyncio.Task[Selection] | None = None
        self._exchange: Exchange | None = None

    def ahead(self, text: str, context: Context) -> None:
        """Look what is selected and have a connection, when the key goes down; nothing is sent before the release."""
        if not text and self._marked is None:
            self._chat.prepare()
            if isinstance(self._paster, Edits):
                self._marked = asyncio.create_task(self._paster.marked())

    async def polish(self, text: str, context: Context, show: Callable[[str], None]) -> Polished:
        """The words are an instruction, and stay as they are."""
        return Polished(text)

    def over(self, context: Context) -> tuple[Sent, ...]:
        """Stop what was begun, and the receipt for what was sent."""
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
        """Put what becomes of the selection in its place; as `writing.write`. Raises `Problem` where nothing does."""
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
        """What the model makes of `text`. Raises `Problem`."""
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
