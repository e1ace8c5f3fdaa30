"""Polish by a language model: started at pauses, shown as it arrives, and bounded in time.

At every pause in a dictation the whole text so far is sent; if the newest request turns out to be exactly the one that
`polish` makes, its answer has been under way since the last pause. If the answer is late, missing, or does not mean
what was said (`guard`), the rules' text is used; the note says why. The wait never exceeds the budget.

The model gets the words as they were said and not the rules' text, because it could not correct a wrong rule. It also
gets the style of the place and user words that were perhaps meant.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from functools import reduce

import anyio

from desktop.core.errors import Problem
from desktop.core.types import Context, Polished, Sent
from desktop.llm.client import Chat, Exchange
from desktop.llm.messages import Question, tokens
from desktop.llm.prompts import examples
from desktop.polish.guard.guard import harm
from desktop.polish.instructions import instructions
from desktop.polish.rules.pipeline import Rules

logger = logging.getLogger(__name__)

PAUSE_S = 0.3
"""Seconds without a change after which a text is requested ahead: streaming engines change it all the time."""

AHEAD_CHARACTERS = 1500
"""Longest text, in characters (about two minutes), that is requested ahead: all of it is sent again at every pause."""

PATIENCE_S = 10.0
"""Seconds after which a request made ahead is given up; the longest pause between two sentences is shorter."""

ROOM = 1.5, 50
"""Token limit of the answer: this factor times the tokens of the text, plus this many."""


_QUOTED = re.compile(r"[\"“「]([^\"“”「」]+)[\"”」]", re.DOTALL)
_QUOTES = re.compile(r"[\"“”「」]|\bquote\b|引号", re.IGNORECASE)


class LLM:
    """The language model's half of `TextPolisher`. `budget_s` counts from the call of `polish`."""

    def __init__(self, chat: Chat, budget_s: float, rules: Rules | None = None) -> None:
        self._chat = chat
        self._budget_s = budget_s
        self._rules = rules or Rules()
        self._begun: dict[int, _Polishing] = {}

    def ahead(self, text: str, context: Context) -> None:
        """Send a request at a pause, or open a connection for an empty text; the newest text replaces older ones."""
        self._polishing(context).expect(self._question(text, context) if text.strip() else None)

    async def polish(self, text: str, context: Context, show: Callable[[str], None]) -> Polished:
        """Return the model's text, or the rules' text with a note."""
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
        """Stop all requests of the dictation and return their receipt."""
        polishing = self._begun.pop(context.dictation, None)
        return polishing.end() if polishing is not None else ()

    def _polishing(self, context: Context) -> _Polishing:
        return self._begun.setdefault(context.dictation, _Polishing(self._chat))

    def _question(self, text: str, context: Context) -> Question:
        """Build the request for `text` at this place."""
        times, more = ROOM
        told = instructions(text, context.style, self._rules.vocabulary.terms)
        shown = () if self._chat.openai else examples("polish")  # OpenAI's models need no examples
        return Question(told, text, round(times * tokens(text)) + more, examples=shown)

    async def _answered(
        self, polishing: _Polishing, question: Question, ruled: str, show: Callable[[str], None]
    ) -> tuple[str, str]:
        """Return the model's text and "", or "" and a sentence that says why there is none."""
        name = self._chat.service.name
        task, exchange = polishing.ask(question, show)
        done, _ = await asyncio.wait([task], timeout=self._budget_s)
        if not done:
            return "", f"{name} did not polish in {self._budget_s:g} s."
        try:
            answer = task.result()
        except Problem as problem:
            return "", problem.title
        except Exception:  # a bug, which `_on_done` logs
            return "", "The polish failed."
        answer = unquoted(question.text, answer)
        wrong = "did not finish" if exchange.cut else self._harm(question.text, ruled, answer)
        return ("", f"{name} {wrong}.") if wrong else (answer, "")

    def _harm(self, said: str, ruled: str, answer: str) -> str:
        """Return what is wrong with the answer; empty if it means what was said or what the rules' text, the
        alternative, says.
        """
        words = self._rules.vocabulary.terms
        wrong = harm(said, answer, words)
        return wrong if wrong and harm(ruled, answer, words) else ""


def unquoted(said: str, answer: str) -> str:
    """Return `answer` without quotation marks around all of it, unless quotation marks were dictated."""
    whole = _QUOTED.fullmatch(answer)
    return whole[1].strip() if whole and not _QUOTES.search(said) else answer


class _Polishing:
    """The language model requests of one dictation: the one under way and all earlier ones."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._exchanges: list[Exchange] = []
        self._tasks: set[asyncio.Task[str] | asyncio.Task[None]] = set()
        self._task: asyncio.Task[str] | None = None
        self._question: Question | None = None
        self._at_once = anyio.Event()
        self._show: Callable[[str], None] = lambda draft: None

    def expect(self, question: Question | None) -> None:
        """Send the request after a pause, unless it equals the last one; None opens a connection."""
        if question is None:
            self._chat.prepare()
        elif question != self._question:
            self._stop()
            self._question = question
            if len(question.text) <= AHEAD_CHARACTERS:
                self._begin(question)

    def ask(self, question: Question, show: Callable[[str], None]) -> tuple[asyncio.Task[str], Exchange]:
        """Return the task and exchange for a request: the one under way if it is the same, else a new one."""
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
        """Stop all requests and return one receipt for all that was sent."""
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
