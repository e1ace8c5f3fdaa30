"""Emotion by a language model: a question of its own beside the polish, so that what is wrong with one never costs the
other. It is sent the words alone, never the voice.

An answer is taken only where it is exactly what was asked for. What is published of such
answers is modest (a macro-F1 of .16 to .36 on 13 labels, arXiv 2607.00968): hence the few labels, mostly "neutral".
"""

from __future__ import annotations

import logging
from typing import Annotated, Literal

import anyio
from pydantic import BaseModel, Field, ValidationError

from desktop.chat import Chat, Question
from desktop.ports import Audio, Context, Emotion, Felt, Transcript
from desktop.problems import Problem
from desktop.prompts import prompt, schema

logger = logging.getLogger(__name__)

DEADLINE_S = 4.0
"""Nobody waits for it, so that it may take longer than a polish; but a row that changes long after the dictation would
surprise whoever reads it."""

MOST = 60
"""Tokens of the answer: a line of JSON has 30."""

type Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
type Signed = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]


class Answer(BaseModel):
    """What is asked for. The labels are Ekman's six and none of them, as in most corpora. OpenAI is held to it by
    `prompts/emotion.json`, which has no bounds: each costs tokens, and what comes is checked here anyway."""

    label: Literal["neutral", "joy", "surprise", "sadness", "fear", "anger", "disgust"]
    confidence: Share
    valence: Signed
    arousal: Signed


class LLM:
    """`ports.Feeler` by a language model."""

    def __init__(self, chat: Chat, deadline_s: float = DEADLINE_S) -> None:
        self._chat = chat
        self._deadline_s = deadline_s

    async def feel(self, transcript: Transcript, audio: Audio, context: Context) -> Felt:
        """What the words express; no emotion where the answer is late or is none."""
        exchange = self._chat.exchange(Question(prompt("emotion"), transcript.text, MOST, schema("emotion")))
        emotion: Emotion | None = None
        with anyio.move_on_after(self._deadline_s) as scope:
            try:
                emotion = read(await exchange.run(lambda draft: None))
            except Problem as problem:
                logger.info("no emotion is noted: %s", type(problem).__name__)
            except ValidationError:
                logger.info("no emotion is noted: the answer is none")
        if scope.cancelled_caught:
            logger.info("no emotion is noted: the answer is late")
        receipt = exchange.sent("emotion")
        return Felt(emotion, (receipt,) if receipt else ())


def read(answer: str) -> Emotion:
    """The emotion in `answer`, whatever stands around its JSON. Raises `ValidationError` where that is not one."""
    found = Answer.model_validate_json(answer[answer.find("{") : answer.rfind("}") + 1])
    return Emotion(found.label, found.confidence, found.valence, found.arousal)
