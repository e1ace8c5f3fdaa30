"""Polish by a language model: started at pauses, shown as it arrives, and bounded in time (`docs/adr/0007`).

At every pause in a dictation the whole text so far is sent; if the newest request turns out to be exactly the one that
`polish` makes, its answer has been under way since the last pause. If the answer is late, missing, or does not mean
what was said (`guard`), the rules' text is used; the notes say why. The wait never exceeds the budget.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import reduce

import anyio
from anyio import to_thread

from desktop.core.errors import UserError
from desktop.core.messages import Message, join_notes
from desktop.core.types import DictationContext, PolishedText, SentData, Style
from desktop.llm.chat_completions import LLMRequest, estimate_tokens
from desktop.llm.client import LLMClient, LLMCompletion
from desktop.llm.prompts import load_examples, load_prompt
from desktop.polish.guard.guard import find_harm
from desktop.polish.guard.tokens import tokenize
from desktop.polish.rules.pipeline import PolishRules

logger = logging.getLogger(__name__)

PAUSE_S = 0.3
"""Seconds without a change after which a text is requested ahead: streaming engines change it all the time."""

MAX_AHEAD_CHARACTERS = 1500
"""Longest text, in characters (about two minutes), that is requested ahead: all of it is sent again at every pause."""

AHEAD_TIMEOUT_S = 10.0
"""Seconds after which a request made ahead is given up; the longest pause between two sentences is shorter."""

TOKEN_LIMIT = 1.5, 50
"""Token limit of the answer: this factor times the tokens of the text, plus this many."""

MAX_NEAR_WORDS = 40
"""Most of the user's words that are sent with a text."""

MIN_PAIR_SHARE = 0.4
"""Least share of common letter pairs between a word and what was said (Dice's coefficient); "cooper netties" and
Kubernetes reach it.
"""

_QUOTED = re.compile(r"[\"“「]([^\"“”「」]+)[\"”」]", re.DOTALL)
_QUOTES = re.compile(r"[\"“”「」]|\bquote\b|引号", re.IGNORECASE)


class LLMPolisher:
    """The language model's half of `TextPolisher`. `budget_s` counts from the call of `polish`.

    The model gets the words as they were said and not the rules' text, because it could not correct a wrong rule.
    """

    def __init__(self, client: LLMClient, budget_s: float, rules: PolishRules | None = None) -> None:
        self._client = client
        self._budget_s = budget_s
        self._rules = rules or PolishRules()
        self._requests: dict[int, _PolishRequests] = {}

    def prepare(self, text: str, context: DictationContext) -> None:
        """Send a request at a pause, or open a connection for an empty text; the newest text replaces older ones."""
        self._requests_for(context).request_ahead(self._build_request(text, context) if text.strip() else None)

    async def polish(self, text: str, context: DictationContext, on_draft: Callable[[str], None]) -> PolishedText:
        """Return the model's text, or the rules' text with notes."""
        ruled = self._rules(text, context)
        if not ruled.text:
            return PolishedText("", sent=self.finish(context), changes=ruled.changes)
        requests = self._requests_for(context)
        request = self._build_request(text, context)
        answer = await self._request_answer(requests, request, ruled.text, context.language, on_draft)
        if isinstance(answer, str):
            return PolishedText(self._rules.close_text(answer, context), sent=self.finish(context))
        notes = join_notes((answer, Message("polish-rules-used")), ruled.notes)
        return PolishedText(ruled.text, notes, self.finish(context), ruled.changes)

    def finish(self, context: DictationContext) -> tuple[SentData, ...]:
        """Stop all requests of the dictation and return their receipt."""
        requests = self._requests.pop(context.dictation_id, None)
        return requests.stop() if requests is not None else ()

    def _requests_for(self, context: DictationContext) -> _PolishRequests:
        return self._requests.setdefault(context.dictation_id, _PolishRequests(self._client))

    def _build_request(self, text: str, context: DictationContext) -> LLMRequest:
        """Build the request for `text` at this place."""
        times, extra = TOKEN_LIMIT
        instructions = build_instructions(text, context.style, self._rules.vocabulary.terms)
        examples = () if self._client.openai else load_examples("polish")  # OpenAI's models need no examples
        return LLMRequest(instructions, text, round(times * estimate_tokens(text)) + extra, examples=examples)

    async def _request_answer(
        self,
        requests: _PolishRequests,
        request: LLMRequest,
        ruled_text: str,
        language: str,
        on_draft: Callable[[str], None],
    ) -> str | Message:
        """Return the model's text, or why there is none."""
        name = self._client.service.name
        late = Message("polish-late", name=name, seconds=f"{self._budget_s:g}")
        deadline = anyio.current_time() + self._budget_s
        task, completion = requests.request_now(request, on_draft)
        done, _ = await asyncio.wait([task], timeout=self._budget_s)
        if not done:
            return late
        try:
            answer = task.result()
        except UserError as problem:
            return Message("problem-title", problem=problem.message)
        except Exception:  # a bug, which `_on_done` logs
            return Message("polish-failed")
        answer = strip_quotes(request.text, answer)
        if completion.is_truncated:
            return Message("polish-answer-unfinished", name=name)
        harm = await _find_harm_in_time(
            deadline, request.text, ruled_text, answer, self._rules.vocabulary.terms, language
        )
        if harm is None:
            return late
        return Message(harm, name=name) if harm else answer


async def _find_harm_in_time(
    deadline: float, spoken: str, ruled_text: str, answer: str, words: Sequence[str], language: str
) -> str | None:
    """Return the code of what is wrong with the answer; None if that is not known at `deadline` (the event loop's
    time). A long text is compared in a thread, which goes on unheard.
    """
    with anyio.CancelScope(deadline=deadline):
        return await to_thread.run_sync(_find_harm, spoken, ruled_text, answer, words, language, abandon_on_cancel=True)
    return None


def _find_harm(spoken: str, ruled_text: str, answer: str, words: Sequence[str], language: str) -> str:
    """Return the code of what is wrong with the answer; empty if it means what was said or what the rules' text, the
    alternative, says.
    """
    harm = find_harm(spoken, answer, words, language)
    return harm if harm and find_harm(ruled_text, answer, words, language) else ""


def strip_quotes(spoken: str, answer: str) -> str:
    """Return `answer` without quotation marks around all of it, unless quotation marks were dictated."""
    quoted = _QUOTED.fullmatch(answer)
    return quoted[1].strip() if quoted and not _QUOTES.search(spoken) else answer


def build_instructions(text: str, style: Style, words: Sequence[str] = ()) -> str:
    """Return the system message for `text`: the prompt, the style of the place, and user words that it may contain.

    Only words that sound like something in the text are sent: others would cost time and money on every request, and
    are no business of the service.
    """
    parts = [load_prompt("polish")]
    style_notes = [style.tone.strip()]
    if not style.capital:
        style_notes.append("Begin without a capital.")
    if not style.closing:
        style_notes.append("Put no mark at the end.")
    if any(style_notes):
        parts.append(f"How one writes here: {' '.join(filter(None, style_notes))}")
    if near_words := find_near_words(text, words):
        parts.append(f"If these are meant, spell them so: {', '.join(near_words)}.")
    return "\n\n".join(parts)


def find_near_words(text: str, words: Sequence[str]) -> list[str]:
    """Return those of `words`, in order and at most `MAX_NEAR_WORDS`, that look or sound like something in `text`."""
    if not words:
        return []
    words_in_text = [token.word for token in tokenize(text) if not token.forms]
    windows = ["".join(words_in_text[at : at + count]) for at in range(len(words_in_text)) for count in (1, 2, 3)]
    window_pairs = [_letter_pairs(window) for window in windows]
    windows_of_pair: defaultdict[str, set[int]] = defaultdict(set)
    for at, pairs in enumerate(window_pairs):
        for pair in pairs:
            windows_of_pair[pair].add(at)
    near_words = []
    for word in words:
        pairs = _letter_pairs("".join(c for c in word.lower() if c.isalnum()))
        hits = Counter(at for pair in pairs for at in windows_of_pair.get(pair, ()))
        if any(2 * count >= MIN_PAIR_SHARE * (len(pairs) + len(window_pairs[at])) for at, count in hits.items()):
            near_words.append(word)
    return near_words[:MAX_NEAR_WORDS]


def _letter_pairs(word: str) -> set[str]:
    """Return every pair of adjacent letters, word boundaries included."""
    framed = f" {word} "
    return {framed[at : at + 2] for at in range(len(framed) - 1)} if word else set()


class _PolishRequests:
    """The language model requests of one dictation: the one under way and all earlier ones."""

    def __init__(self, client: LLMClient) -> None:
        self._client = client
        self._completions: list[LLMCompletion] = []
        self._tasks: set[asyncio.Task[str] | asyncio.Task[None]] = set()
        self._task: asyncio.Task[str] | None = None
        self._request: LLMRequest | None = None
        self._send_now = anyio.Event()
        self._on_draft: Callable[[str], None] = lambda draft: None

    def request_ahead(self, request: LLMRequest | None) -> None:
        """Send the request after a pause, unless it equals the last one; None opens a connection."""
        if request is None:
            self._client.start_warming()
        elif request != self._request:
            self._cancel_current()
            self._request = request
            if len(request.text) <= MAX_AHEAD_CHARACTERS:
                self._start(request)

    def request_now(
        self, request: LLMRequest, on_draft: Callable[[str], None]
    ) -> tuple[asyncio.Task[str], LLMCompletion]:
        """Return the task and completion for a request: the one under way if it is the same, else a new one."""
        task = self._task
        if request != self._request or task is None or (task.done() and (task.cancelled() or task.exception())):
            self._cancel_current()
            self._request = request
            task = self._start(request)
        self._send_now.set()
        self._on_draft = on_draft
        if draft := self._completions[-1].answer:
            on_draft(draft)
        return task, self._completions[-1]

    def stop(self) -> tuple[SentData, ...]:
        """Stop all requests and return one receipt for all that was sent."""
        for task in self._tasks:
            task.cancel()
        self._on_draft = lambda draft: None
        sent = [receipt for completion in self._completions if (receipt := completion.receipt("polish"))]
        return (reduce(_sum_receipts, sent),) if sent else ()

    def _start(self, request: LLMRequest) -> asyncio.Task[str]:
        completion = self._client.create_completion(request)
        self._completions.append(completion)
        self._send_now = anyio.Event()
        self._task = asyncio.create_task(self._run(completion, self._send_now))
        self._track(self._task)
        return self._task

    async def _run(self, completion: LLMCompletion, at_once: anyio.Event) -> str:
        with anyio.move_on_after(PAUSE_S):
            await at_once.wait()
        with anyio.CancelScope() as timeout:
            if not at_once.is_set():
                timeout.deadline = anyio.current_time() + AHEAD_TIMEOUT_S
            return await completion.run(lambda draft: self._on_draft(draft))
        raise UserError("polish-answer-late", name=self._client.service.name)

    def _cancel_current(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _track(self, task: asyncio.Task[str] | asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._on_done)

    def _on_done(self, task: asyncio.Task[str] | asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) and not isinstance(error, UserError):
            logger.error("asking a language model failed", exc_info=error)


def _sum_receipts(first: SentData, second: SentData) -> SentData:
    costs = first.cost_usd, second.cost_usd
    cost = None if costs[0] is None or costs[1] is None else round(costs[0] + costs[1], 8)
    return replace(first, characters=first.characters + second.characters, cost_usd=cost)
