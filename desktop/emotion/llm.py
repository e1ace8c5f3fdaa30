"""Emotion by a language model: a question of its own beside the polish, so that what is wrong with one never costs the
other. It is sent the words, and a line on how the voice sounds beside what is usual; never the voice.

An answer is taken only where it is exactly what was asked for. What is published of such
answers is modest (a macro-F1 of .16 to .36 on 13 labels, arXiv 2607.00968): hence the few labels, mostly "neutral".
Where there is no such answer, what this machine makes of it stands.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Annotated, Literal

import anyio
from anyio import to_thread
from pydantic import BaseModel, Field, ValidationError

from desktop.chat import Chat, Question
from desktop.emotion.fusion import near_neutral
from desktop.emotion.local import Local
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
    """`ports.Feeler` by a language model, with `local` to listen, and to judge where the model does not."""

    def __init__(self, chat: Chat, local: Local, deadline_s: float = DEADLINE_S) -> None:
        self._chat = chat
        self._local = local
        self._deadline_s = deadline_s

    async def feel(self, transcript: Transcript, audio: Audio, context: Context) -> Felt:
        """What words and voice express."""
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
    """The emotion in `answer`, whatever stands around its JSON. Valence and arousal of the label neutral are held near
    it. Raises `ValidationError` where there is no emotion."""
    found = Answer.model_validate_json(answer[answer.find("{") : answer.rfind("}") + 1])
    pleasant, excited = found.valence, found.arousal
    if found.label == "neutral":
        pleasant, excited = near_neutral(pleasant), near_neutral(excited)
    return Emotion(found.label, found.confidence, pleasant, excited, engine="llm")
