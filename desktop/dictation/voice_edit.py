"""Edit the selected text by voice: a language model applies the spoken instruction to it.

All but two steps are those of a dictation, and these are a `VoiceEdit`, a `SpokenRequest`: it is the session's
`Polisher`, and it replaces the selection where a dictation pastes. The words are the instruction and the selection is
the material, the other way round than in polish. There is no text of rules to fall back on and no meaning to guard,
because the user asked for a change: the answer is only checked for signs that it is not a text, and any failure changes
nothing.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import anyio

from desktop.core.errors import UserError
from desktop.core.interfaces import Paster, PasterCapability
from desktop.core.messages import Foreign, Message, Notes
from desktop.core.types import DictationContext, PasteResult, PolishedText, Selection, SentData, Target
from desktop.llm.chat_completions import ChatMessages, LLMRequest, estimate_tokens
from desktop.llm.client import LLMClient, LLMCompletion
from desktop.llm.prompts import load_prompt

EDIT_DEADLINE_S = 10.0
"""Seconds to wait for an edit, longer than for a polish: the time after which people give up on a page (Nielsen
1993)."""

TOKEN_ALLOWANCE, MAX_EDIT_TOKENS = (2.0, 500), 4096
"""The limit of the answer: a factor on the tokens of the text and tokens on top, and the number that every model can
write."""

MAX_GROWTH_FACTOR, MAX_EXTRA_CHARACTERS = 8, 500
"""An answer longer than this factor times the text plus this many characters is not an edit."""

SELECTION_UNKNOWN = Message("selection-unknown")
NOTHING_CHANGED = Message("nothing-changed")

_CHATTER = re.compile(
    r"(?:sure|certainly|absolutely|of course|okay|ok)[,!.:]? (?:here|i can|i'd|i’d|i'll|i’ll|let me|please)"
    r"|here(?:'s|’s| is| are) (?:the|your|a|an)\b[^\n]*(?:text|version|translation|list|selection|rewrit|edit)"
    r"|(?:i'm|i’m|i am) (?:sorry|unable|an ai)\b|as an ai\b"
    r"|i (?:can't|can’t|cannot|can not) (?:help|assist|comply|do|provide|fulfil)"
    r"|please provide\b|(?:抱歉|对不起|很抱歉)[,，].*(?:无法|不能)|(?:好的|当然)[,，!！].*(?:以下|这是)",
    re.IGNORECASE,
)
"""How models begin when they speak for themselves."""

_CODE_FENCE = re.compile(r"```[^\n`]*\n(.*?)\n?```", re.DOTALL)

_QUOTATION_MARKS = {'"': '"', "'": "'", "“": "”", "‘": "’", "«": "»", "„": "“", "「": "」", "『": "』", "`": "`"}
"""Opening quotation marks and what closes each."""


@dataclass(frozen=True, slots=True)
class VoiceEditRequest(LLMRequest):
    """The request to apply an `instruction` to a text."""

    instruction: str = ""

    @property
    def messages(self) -> ChatMessages:
        """The prompt, the instruction, and the text between two marks that neither contains."""
        mark, given = "selection", f"{self.instruction}{self.text}".lower()
        if mark in given:  # in whatever brackets
            taken = set(re.findall(r"selection-(\d+)", given))
            mark = next(f"selection-{number}" for number in count(1) if str(number) not in taken)
        user_message = f"{self.instruction}\n\n<{mark}>\n{self.text}\n</{mark}>"
        system = self.prompt.replace("<selection>", f"<{mark}>")
        return [{"role": "system", "content": system}, {"role": "user", "content": user_message}]

    @property
    def character_count(self) -> int:
        """How many of the characters are the user's."""
        return len(self.text) + len(self.instruction)


def build_edit_request(text: str, instruction: str) -> VoiceEditRequest:
    """Build the request for the model."""
    factor, extra = TOKEN_ALLOWANCE
    return VoiceEditRequest(
        load_prompt("edit"),
        text.strip(),
        min(MAX_EDIT_TOKENS, round(factor * estimate_tokens(text)) + extra),
        None,
        instruction,
    )


def unwrap_answer(text: str, answer: str) -> str:
    """Return `answer` as it replaces `text`: without a fence or quotation marks that the model put around it and `text`
    does not have, and with the whitespace around `text`."""
    content = answer.strip()
    if not text.lstrip().startswith("```") and (fenced := _CODE_FENCE.fullmatch(content)):
        content = fenced.group(1).strip()
    first, inside = content[:1], content[1:-1]
    quoted = len(content) > 1 and content[-1] == _QUOTATION_MARKS.get(first) and not {first, content[-1]} & {*inside}
    if quoted and text.strip()[:1] != first:
        content = inside.strip()
    begin, end = len(text) - len(text.lstrip()), len(text.rstrip())
    return f"{text[:begin]}{content}{text[end:]}" if content else ""


def find_answer_fault(text: str, answer: str) -> str:
    """Return the code of the message that says why `answer` cannot replace `text`; empty if it can."""
    if not answer.strip():
        return "edit-answer-empty"
    if _CHATTER.match(answer.strip()) and not _CHATTER.match(text.strip()):
        return "edit-answer-talk"
    if len(answer) > MAX_GROWTH_FACTOR * len(text) + MAX_EXTRA_CHARACTERS:
        return "edit-answer-too-long"
    return ""


def describe_edit(instruction: str) -> Notes:
    """Return the row's note of the instruction: "Edited: make this shorter."."""
    words = " ".join(instruction.split()).rstrip(".。!！ ")
    return (Message("text-edited", instruction=Foreign(f"{words[:1].lower()}{words[1:]}")),)


class VoiceEdit:
    """One voice edit by the model `client` in a window of `paster`; `on_replacing` is called before that changes. The
    answer is awaited for `deadline_s`."""

    def __init__(
        self,
        paster: Paster,
        client: LLMClient,
        deadline_s: float = EDIT_DEADLINE_S,
        on_replacing: Callable[[], None] = lambda: None,
    ) -> None:
        self._paster = paster
        self._client = client
        self._deadline_s = deadline_s
        self._on_replacing = on_replacing
        self._selection = Selection(refusal=(SELECTION_UNKNOWN,))
        self._selection_task: asyncio.Task[Selection] | None = None
        self._llm_completion: LLMCompletion | None = None

    def prepare(self, text: str, context: DictationContext) -> None:
        """Read the selection and connect to the model when the key goes down; nothing is sent before the release."""
        if not text and self._selection_task is None:
            self._client.start_warming()
            if PasterCapability.EDIT_SELECTION in self._paster.capabilities:
                self._selection_task = asyncio.create_task(self._paster.read_selection())

    async def polish(self, text: str, context: DictationContext, on_draft: Callable[[str], None]) -> PolishedText:
        """Return the selection as edited by the instruction `text`, or why nothing is edited. Raises `UserError` if the
        model gives no edit."""
        self._selection = selection = await self._copy_selection(context.target)
        if selection.text is None:
            return PolishedText("", refusal=(*selection.refusal, NOTHING_CHANGED))
        edited = await self._request_edit(selection.text, text, on_draft)
        return PolishedText(edited, describe_edit(text), replaces=selection.text)

    def finish(self, context: DictationContext) -> tuple[SentData, ...]:
        """Stop what was started and return the receipt for what was sent."""
        if self._selection_task is not None:
            self._selection_task.cancel()
        receipt = self._llm_completion.receipt("edit") if self._llm_completion is not None else None
        return (receipt,) if receipt is not None else ()

    async def replace_text(self, text: str, target: Target, on_sent: Callable[[], None]) -> PasteResult:
        """Put `text` in the place of the selection that `polish` has read, as `Paster.replace_selection`."""
        self._on_replacing()
        return await self._paster.replace_selection(self._selection, text, target, on_sent)

    async def _copy_selection(self, target: Target) -> Selection:
        if self._selection_task is None:
            return self._selection
        return await self._paster.copy_selection(await self._selection_task, target)

    async def _request_edit(self, text: str, instruction: str, on_draft: Callable[[str], None]) -> str:
        """Return the model's edit of `text`. Raises `UserError`."""
        name = self._client.service.name
        self._llm_completion = completion = self._client.create_completion(build_edit_request(text, instruction))
        answer = None
        with anyio.move_on_after(self._deadline_s):
            answer = await completion.run(on_draft)
        if answer is None:
            raise UserError("edit-answer-late", name=name, seconds=f"{self._deadline_s:g}")
        edited = unwrap_answer(text, answer)
        if fault := "edit-answer-unfinished" if completion.is_truncated else find_answer_fault(text, edited):
            raise UserError(fault, name=name)
        return edited
