"""Detect emotions by a language model, in a request separate from the polish, so that an error in one never loses the
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

from desktop.core.errors import UserError
from desktop.core.messages import Message, join_sentences, render
from desktop.core.types import Audio, DictationContext, Emotion, EmotionResult, Transcript
from desktop.emotion.detector import LocalEmotionDetector
from desktop.emotion.fusion import clamp_near_neutral
from desktop.llm.chat_completions import LLMRequest
from desktop.llm.client import LLMClient
from desktop.llm.prompts import load_prompt, load_schema

logger = logging.getLogger(__name__)

LLM_DEADLINE_S = 4.0
"""Seconds to wait for an answer, longer than for a polish because nothing waits for it; but a row that changes long
after the dictation would surprise its reader."""

MAX_ANSWER_TOKENS = 60
"""Tokens of the answer at most: a line of JSON has 30."""

type UnitFloat = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
type SignedUnitFloat = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]


class EmotionAnswer(BaseModel):
    """The requested answer. The labels are Ekman's six and neutral, as in most corpora. OpenAI enforces it by
    `prompts/emotion.json`, which has no bounds: each costs tokens, and the answer is checked here anyway."""

    label: Literal["neutral", "joy", "surprise", "sadness", "fear", "anger", "disgust"]
    confidence: UnitFloat
    valence: SignedUnitFloat
    arousal: SignedUnitFloat


class LLMEmotionDetector:
    """`EmotionDetector` by a language model, with `local` for the voice, and for the words if the model fails."""

    def __init__(self, client: LLMClient, local: LocalEmotionDetector, deadline_s: float = LLM_DEADLINE_S) -> None:
        self._client = client
        self._local = local
        self._deadline_s = deadline_s

    async def detect(self, transcript: Transcript, audio: Audio, context: DictationContext) -> EmotionResult:
        """Return the emotion of words and voice, the local one in a style with spoken code."""
        local_emotion, line = await to_thread.run_sync(
            self._local.detect_with_description, transcript, audio, context.microphone
        )
        if context.style.code:  # code, and names of a project in it, are sent to no model
            return EmotionResult(local_emotion)
        system_prompt = "\n".join(filter(None, (load_prompt("emotion"), line)))
        completion = self._client.create_completion(
            LLMRequest(system_prompt, transcript.text, MAX_ANSWER_TOKENS, load_schema("emotion"))
        )
        emotion = local_emotion
        failure: Message | None = Message("emotion-answer-late", seconds=f"{self._deadline_s:g}")
        with anyio.move_on_after(self._deadline_s):
            try:
                emotion, failure = parse_emotion(await completion.run(lambda draft: None)), None
            except UserError as problem:
                failure = Message("problem-title", problem=problem.message)
            except ValidationError:
                failure = Message("emotion-answer-invalid")
        if failure:
            logger.info("the local result is used for an emotion: %s", failure.redacted())
            note = join_sentences((render((failure, Message("emotion-judged-locally"))), local_emotion.note))
            emotion = replace(local_emotion, note=note)
        receipt = completion.receipt("emotion")
        return EmotionResult(emotion, (receipt,) if receipt else ())


def parse_emotion(answer: str) -> Emotion:
    """Return the emotion in `answer`, whatever text surrounds its JSON. Valence and arousal of the label neutral are
    held near 0. Raises `ValidationError` if there is no emotion."""
    parsed = EmotionAnswer.model_validate_json(answer[answer.find("{") : answer.rfind("}") + 1])
    valence, arousal = parsed.valence, parsed.arousal
    if parsed.label == "neutral":
        valence, arousal = clamp_near_neutral(valence), clamp_near_neutral(arousal)
    return Emotion(parsed.label, parsed.confidence, valence, arousal, engine="llm")
