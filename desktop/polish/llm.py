"""Polish by a language model: begun at the pauses, shown as it comes, and bounded.

A dictation's whole text is asked again at every pause in it, and the newest request is taken where it turns out to be
the very one that `polish` makes: then the answer has been on its way since the last pause. It is the rules' text
that is used where the answer is late, is none, or does not mean what was said (`meaning`); the note says which, and
the words are never waited for beyond the budget.

The model is told the words as they were said and not what the rules made of them, since it could not put a wrong rule
right. It is also told how one writes at the place, and which of the person's own words were perhaps meant.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from functools import reduce

import anyio

from desktop.chat import Chat, Exchange, Question
from desktop.chat.request import tokens
from desktop.polish.instructions import instructions
from desktop.polish.meaning import harm
from desktop.polish.rules import Rules
from desktop.ports import Context, Polished, Sent
from desktop.problems import Problem
from desktop.prompts import examples

logger = logging.getLogger(__name__)

PAUSE_S = 0.3
"""A text that has not changed for so long is asked ahead: engines that hear word by word change it all the time."""

AHEAD_CHARACTERS = 1500
"""A longer text, of two minutes and more, is not asked ahead: all of it would be sent again at every pause."""

PATIENCE_S = 10.0
"""What was asked ahead is given up after this; the longest pause between two sentences is shorter."""

ROOM = 1.5, 50
"""The answer's limit is so many times the tokens of the text, and so many more."""


_QUOTED = re.compile(r"[\"“「]([^\"“”「」]+)[\"”」]", re.DOTALL)
_QUOTES = re.compile(r"[\"“”「」]|\bquote\b|引号", re.IGNORECASE)


class LLM:
    """A language model's half of the `Writer`. `budget_s` counts from `polish`."""

    def __init__(self, chat: Chat, budget_s: float, rules: Rules | None = None) -> None:
        self._chat = chat
        self._budget_s = budget_s
        self._rules = rules or Rules()
        self._begun: dict[int, _Polishing] = {}

    def ahead(self, text: str, context: Context) -> None:
        """Ask at a pause, or for an empty text have a connection; the newest text wins."""
        self._polishing(context).expect(self._question(text, context) if text.strip() else None)

    async def polish(self, text: str, context: Context, show: Callable[[str], None]) -> Polished:
        """The model's text, or the rules' with a note."""
        made = self._rules(text, context)
        if not made.text:
            return Polished("", sent=self.over(context), changed=made.changed)
        polishing = self._polishing(context)
        answer, note = await self._answered(polishing, self._question(text, context), made.text, show)
        if answer:
            return Polished(self._rules.closed(answer, context), sent=self.over(context))
        note = " ".join(filter(None, (note, "Used the rules.", made.note)))
        return Polished(made.text, note, self.over(context), made.changed)

    def over(self, context: Context) -> tuple[Sent, ...]:
        """Stop what was begun, and the receipt for it."""
        polishing = self._begun.pop(context.dictation, None)
        return polishing.end() if polishing is not None else ()

    def _polishing(self, context: Context) -> _Polishing:
        return self._begun.setdefault(context.dictation, _Polishing(self._chat))

    def _question(self, text: str, context: Context) -> Question:
        """What is asked about `text` at this place."""
        times, more = ROOM
        told = instructions(text, context.style, self._rules.vocabulary.terms)
        shown = () if self._chat.openai else examples("polish")  # its models know what is meant
        return Question(told, text, round(times * tokens(text)) + more, examples=shown)

    async def _answered(
        self, polishing: _Polishing, question: Question, ruled: str, show: Callable[[str], None]
    ) -> tuple[str, str]:
        """The model's text, or a sentence that says why there is none."""
        name = self._chat.service.name
        task, exchange = polishing.ask(question, show)
        done, _ = await asyncio.wait([task], timeout=self._budget_s)
        if not done:
            return "", f"{name} did not polish in {self._budget_s:g} s."
        try:
            answer = task.result()
        except Problem as problem:
            return "", problem.title
        except Exception:  # a bug, which `_ended` logs
            return "", "The polish failed."
        answer = unquoted(question.text, answer)
        wrong = "did not finish" if exchange.cut else self._harm(question.text, ruled, answer)
        return ("", f"{name} {wrong}.") if wrong else (answer, "")

    def _harm(self, said: str, ruled: str, answer: str) -> str:
        """What is wrong with the answer; nothing where it says what the rules' text does, which would be used else."""
        words = self._rules.vocabulary.terms
        wrong = harm(said, answer, words)
        return wrong if wrong and harm(ruled, answer, words) else ""


def unquoted(said: str, answer: str) -> str:
    """`answer` without quotation marks around all of it that nobody asked for."""
    whole = _QUOTED.fullmatch(answer)
    return whole[1].strip() if whole and not _QUOTES.search(said) else answer


class _Polishing:
    """What is asked for one dictation: the request under way, and all that came before it."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._exchanges: list[Exchange] = []
        self._tasks: set[asyncio.Task[str] | asyncio.Task[None]] = set()
        self._task: asyncio.Task[str] | None = None
        self._question: Question | None = None
        self._at_once = anyio.Event()
        self._show: Callable[[str], None] = lambda draft: None

    def expect(self, question: Question | None) -> None:
        """Ask it after a pause, unless it is what was asked last; None: have a connection."""
        if question is None:
            self._chat.prepare()
        elif question != self._question:
            self._stop()
            self._question = question
            if len(question.text) <= AHEAD_CHARACTERS:
                self._begin(question)

    def ask(self, question: Question, show: Callable[[str], None]) -> tuple[asyncio.Task[str], Exchange]:
        """The request for it: the one under way, where that is the very same, else a new one."""
        task = self._task
        if question != self._question or task is None or (task.done() and (task.cancelled() or task.exception())):
            self._stop()
            self._question = question
            task = self._begin(question)
        self._at_once.set()
        self._show = show
        if draft := self._exchanges[-1].answer:
            show(draft)
        return task, self._exchanges[-1]

    def end(self) -> tuple[Sent, ...]:
        """Stop, and one receipt for all that was sent."""
        for task in self._tasks:
            task.cancel()
        self._show = lambda draft: None
        sent = [receipt for exchange in self._exchanges if (receipt := exchange.sent("polish"))]
        return (reduce(_sum, sent),) if sent else ()

    def _begin(self, question: Question) -> asyncio.Task[str]:
        exchange = self._chat.exchange(question)
        self._exchanges.append(exchange)
        self._at_once = anyio.Event()
        self._task = asyncio.create_task(self._ask(exchange, self._at_once))
        self._keep(self._task)
        return self._task

    async def _ask(self, exchange: Exchange, at_once: anyio.Event) -> str:
        with anyio.move_on_after(PAUSE_S):
            await at_once.wait()
        with anyio.CancelScope() as patience:
            if not at_once.is_set():
                patience.deadline = anyio.current_time() + PATIENCE_S
            return await exchange.run(lambda draft: self._show(draft))
        raise Problem(f"{self._chat.service.name} did not answer in time.")

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _keep(self, task: asyncio.Task[str] | asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[str] | asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) and not isinstance(error, Problem):
            logger.error("asking a language model failed", exc_info=error)


def _sum(one: Sent, other: Sent) -> Sent:
    costs = one.cost_usd, other.cost_usd
    cost = None if costs[0] is None or costs[1] is None else round(costs[0] + costs[1], 8)
    return replace(one, characters=one.characters + other.characters, cost_usd=cost)
