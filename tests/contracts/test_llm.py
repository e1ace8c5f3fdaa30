"""Polish and emotion against a server that keeps OpenAI's rules, and against one of the many that know only the fields
that all know: what is asked is accepted by both, and what they answer is understood."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from desktop.core.messages import render
from desktop.core.types import DictationContext, Emotion, Transcript
from desktop.emotion import llm_detector
from desktop.emotion.baseline import TransientVoiceBaselines
from desktop.emotion.detector import LocalEmotionDetector
from desktop.llm.client import LLMClient
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.polish import llm_polisher
from tests.support.cloud.faults import At, Stall, Truncate
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.tls_server import serve, trusting

SAID, GOOD = "um so hello there jane", "Hello there, Jane."


def answers(messages: list[dict[str, Any]]) -> str:
    joy = '{"label": "joy", "confidence": 0.9, "valence": 0.8, "arousal": 0.4}'
    return joy if "valence" in messages[0]["content"] else GOOD


@pytest.mark.anyio
@pytest.mark.parametrize("openai", [True, False])
@pytest.mark.parametrize("http", ["2", "1.1"])
async def test_both_are_accepted_and_understood(openai: bool, http: str) -> None:
    server = OpenAI(key="sk-test", compatible=not openai, chat=answers)
    server.shutdowns["gpt-6-luna"] = "2020-01-01"
    client = ServiceClient(http, trusting())
    with serve(server) as served:
        service = Service("Example", f"{served.url}/v1", ServiceKey("openai", lambda name: "sk-test"))
        chat = LLMClient(client, service, openai=openai)
        await chat.warm()
        drafts: list[str] = []
        polished = await llm_polisher.LLMPolisher(chat, 10).polish(SAID, DictationContext(), drafts.append)
        felt = await llm_detector.LLMEmotionDetector(chat, LocalEmotionDetector(TransientVoiceBaselines())).detect(
            Transcript(SAID), np.zeros(0, np.float32), DictationContext()
        )
        await client.aclose()
    assert (polished.text, polished.notes) == (GOOD, ())
    assert len(drafts) > 1
    assert felt.emotion == Emotion("joy", 0.9, 0.8, 0.4, engine="llm")
    asked = [request.json for request in server.asked if request.path.endswith("/chat/completions")]
    assert len(asked) == 2
    if openai:
        assert {request["model"] for request in asked} == {"gpt-5.6-luna"}, "the first of the list has ended"
        assert all(sent.cost_usd for sent in (*polished.sent, *felt.sent))
    else:
        assert {tuple(sorted(request)) for request in asked} == {
            ("max_tokens", "messages", "model", "stream", "temperature")
        }


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (Stall(At.CHAT), "did not polish in 1 s."),
        (Stall(At.CHAT, 0.5), "did not polish in 1 s."),
        (Truncate(At.CHAT), "gave an answer that makes no sense."),
    ],
)
async def test_a_stream_that_stops_is_no_polish(fault: Stall | Truncate, why: str) -> None:
    server = OpenAI(chat=answers, faults=[fault])
    client = ServiceClient(ssl_context=trusting())
    with serve(server) as served:
        service = Service("Example", f"{served.url}/v1", ServiceKey("openai", lambda name: "sk-test"))
        budget_s = 1 if isinstance(fault, Stall) else 10
        polisher = llm_polisher.LLMPolisher(LLMClient(client, service, "gpt-6-luna", openai=True), budget_s)
        polished = await polisher.polish(SAID, DictationContext(), lambda draft: None)
        await client.aclose()
    assert (polished.text, render(polished.notes)) == ("So hello there jane.", f"Example {why} Used the rules.")
    assert polished.sent[0].cost_usd is not None
