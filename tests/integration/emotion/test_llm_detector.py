"""The model's emotion against a server over TLS and HTTP/2: taken where it is exactly what was asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, get_args

import numpy as np
import pytest

from desktop.core.types import DictationContext, Emotion, EmotionResult, Style, Transcript
from desktop.emotion.baseline import TransientVoiceBaselines
from desktop.emotion.detector import LocalEmotionDetector
from desktop.emotion.llm_detector import EmotionAnswer, LLMEmotionDetector, parse_emotion
from desktop.llm.client import LLMClient
from desktop.llm.prompts import load_schema
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from tests.support.cloud.chat import ChatServer, Gate, Says
from tests.support.cloud.tls_server import Served, serve, trusting

JOY = '{"label": "joy", "confidence": 0.9, "valence": 0.8, "arousal": 0.4}'
SAID = Transcript("we won we actually won")
SILENCE = np.zeros(0, np.float32)


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[ChatServer, Served]]:
    server = ChatServer()
    with serve(server.app) as running:
        yield server, running


async def felt(
    served: tuple[ChatServer, Served], says: Says, deadline_s: float = 10, style: Style | None = None
) -> EmotionResult:
    server, running = served
    server.emotion, server.calls = says, []
    client = ServiceClient(ssl_context=trusting())
    service = Service("Example", f"{running.url}/v1", ServiceKey("polish", lambda name: "sk-test"))
    feeler = LLMEmotionDetector(
        LLMClient(client, service, "gpt-6-luna", openai=True),
        LocalEmotionDetector(TransientVoiceBaselines()),
        deadline_s,
    )
    try:
        return await feeler.detect(SAID, SILENCE, DictationContext(style=style or Style()))
    finally:
        await client.aclose()


@pytest.mark.anyio
async def test_only_words_sent_emotion_and_receipt_returned(
    served: tuple[ChatServer, Served],
) -> None:
    found = await felt(served, Says((JOY[:20], JOY[20:])))
    assert found.emotion == Emotion("joy", 0.9, 0.8, 0.4, engine="llm")
    (sent,) = found.sent
    assert (sent.host, sent.purpose, sent.characters, sent.audio_bytes) == (
        f"localhost:{served[1].port}",
        "emotion",
        len(SAID.text),
        0,
    )
    assert sent.cost_usd == pytest.approx((200 * 0.10 + 10 * 0.50) / 1e6)
    (call,) = served[0].calls
    assert call.body["messages"][1]["content"] == f"<dictation>\n{SAID.text}\n</dictation>"
    assert call.body["response_format"]["json_schema"]["schema"] == load_schema("emotion")


@pytest.mark.anyio
@pytest.mark.parametrize(
    "says",
    [
        Says(("joy",)),
        Says((JOY.replace("joy", "love"),)),
        Says((JOY.replace("0.9", "1.9"),)),
        Says((JOY.replace("0.8", "NaN"),)),
        Says((JOY.replace(', "arousal": 0.4', ""),)),
        Says((JOY[:-1],), finish="length"),
        Says(("[]",)),
        Says(),
        Says(status=500),
    ],
)
async def test_unusable_answer_judged_locally_receipt_kept(served: tuple[ChatServer, Served], says: Says) -> None:
    found = await felt(served, says)
    assert found.emotion is not None
    here = LocalEmotionDetector(TransientVoiceBaselines()).detect_blocking(SAID, SILENCE)
    assert replace(found.emotion, note="") == here
    assert found.emotion.note.endswith("Judged on this machine.")
    assert found.sent[0].characters == len(SAID.text)


@pytest.mark.anyio
async def test_a_late_answer_is_not_waited_for(served: tuple[ChatServer, Served]) -> None:
    late = Gate()
    found = await felt(served, Says((late, JOY)), deadline_s=0.2)
    assert found.emotion is not None
    assert (found.emotion.engine, found.emotion.note) == (
        "local",
        "The language model did not answer in 0.2 s. Judged on this machine.",
    )
    assert found.sent[0].purpose == "emotion"
    late.open()


@pytest.mark.anyio
async def test_offline_this_machine_judges_and_nothing_left() -> None:
    client = ServiceClient(ssl_context=trusting())
    service = Service("Example", "http://127.0.0.1:9/v1", ServiceKey("polish", lambda name: ""), is_key_optional=True)
    found = await LLMEmotionDetector(
        LLMClient(client, service, "mine", openai=False), LocalEmotionDetector(TransientVoiceBaselines())
    ).detect(SAID, SILENCE, DictationContext())
    assert found.emotion is not None
    assert (found.emotion.engine, found.sent) == ("local", ())
    await client.aclose()


@pytest.mark.anyio
@pytest.mark.parametrize("code", ["all", "names"])
async def test_spoken_code_is_sent_to_no_model(
    served: tuple[ChatServer, Served], code: Literal["all", "names"]
) -> None:
    found = await felt(served, Says((JOY,)), style=Style(code=code))
    assert found.emotion is not None
    assert (found.emotion.engine, found.emotion.note, found.sent, served[0].calls) == ("local", "", (), [])


@pytest.mark.parametrize("around", ["{}", "```json\n{}\n```", "Here it is: {}."])
def test_what_stands_around_the_answer_does_no_harm(around: str) -> None:
    assert parse_emotion(around.replace("{}", JOY)) == Emotion("joy", 0.9, 0.8, 0.4, engine="llm")


@pytest.mark.parametrize(("said", "told"), [(0.9, 0.2), (-1.0, -0.2), (0.1, 0.1)])
def test_read_neutral_answer_is_near_neutral(said: float, told: float) -> None:
    answer = json.dumps({"label": "neutral", "confidence": 0.9, "valence": said, "arousal": -said})
    assert parse_emotion(answer) == Emotion("neutral", 0.9, told, -told, engine="llm")


def test_the_schema_asks_for_what_is_taken() -> None:
    shape = load_schema("emotion")
    assert shape is not None
    assert list(shape["properties"]) == shape["required"] == list(EmotionAnswer.model_fields)
    assert sorted(shape["properties"]["label"]["enum"]) == sorted(
        get_args(EmotionAnswer.model_fields["label"].annotation)
    )
    assert json.loads(JOY).keys() == shape["properties"].keys()
