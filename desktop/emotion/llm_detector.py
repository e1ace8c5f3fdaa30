"""Detect emotions by a language model, in a request separate from the polish, so that an error in one never costs the
other. It is sent the words, and a line on how the voice differs from its usual; never the audio.

An answer is used only if it is exactly what was requested. Published results of such answers are modest (a macro-F1 of
.16 to .36 on 13 labels, arXiv 2607.00968): hence the few labels, mostly "neutral". Without such an answer, the local
result is used.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Annotated, Literal

import anyio
from anyio import to_thread
from pydantic import BaseModel, Field, ValidationError

from desktop.core.errors import Problem
from desktop.core.types import Audio, Context, Emotion, Felt, Transcript
from desktop.emotion.detector import Local
from desktop.emotion.fusion import near_neutral
from desktop.llm.client import Chat
from desktop.llm.messages import Question
from desktop.llm.prompts import prompt, schema

logger = logging.getLogger(__name__)

DEADLINE_S = 4.0
"""Seconds to wait for an answer, longer than for a polish because nothing waits for it; but a row that changes long
after the dictation would surprise its reader."""

MOST = 60
"""Tokens of the answer at most: a line of JSON has 30."""

type Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
type Signed = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]


class Answer(BaseModel):
    """The requested answer. The labels are Ekman's six and neutral, as in most corpora. OpenAI enforces it by
    `prompts/emotion.json`, which has no bounds: each costs tokens, and the answer is checked here anyway."""

    label: Literal["neutral", "joy", "surprise", "sadness", "fear", "anger", "disgust"]
    confidence: Share
    valence: Signed
    arousal: Signed


class LLM:
    """`EmotionDetector` by a language model, with `local` for the voice, and for the words if the model fails."""

    def __init__(self, chat: Chat, local: Local, deadline_s: float = DEADLINE_S) -> None:
        self._chat = chat
        self._local = local
        self._deadline_s = deadline_s

    async def feel(self, transcript: Transcript, audio: Audio, context: Context) -> Felt:
        """Return the emotion of words and voice."""
        here, line = await to_thread.run_sync(self._local.look, transcript, audio, context.microphone)
        asked = "\n".join(filter(None, (prompt("emotion"), line)))
        exchange = self._chat.exchange(Question(asked, transcript.text, MOST, schema("emotion")))
        emotion, why = here, f"The language model did not answer in {self._deadline_s:g} s."
        fault: Problem | None = None
        with anyio.move_on_after(self._deadline_s):
            try:
                emotion, why = read(await exchange.run(lambda draft: None)), ""
            except Problem as problem:
                why, fault = problem.title, problem
            except ValidationError:
                why = "The language model's answer was none."
        if why:
            logger.info("an emotion is judged here: %s", fault or why)
            emotion = replace(here, note=" ".join(filter(None, (why, "Judged on this machine.", here.note))))
        receipt = exchange.sent("emotion")
        return Felt(emotion, (receipt,) if receipt else ())


def read(answer: str) -> Emotion:
    """Return the emotion in `answer`, whatever text surrounds its JSON. Valence and arousal of the label neutral are
    held near 0. Raises `ValidationError` if there is no emotion."""
    found = Answer.model_validate_json(answer[answer.find("{") : answer.rfind("}") + 1])
    pleasant, excited = found.valence, found.arousal
    if found.label == "neutral":
        pleasant, excited = near_neutral(pleasant), near_neutral(excited)
    return Emotion(found.label, found.confidence, pleasant, excited, engine="llm")
