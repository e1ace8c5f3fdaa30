"""What comes over a network: answers, streams and refusals of services, and what models write."""

from __future__ import annotations

import contextlib
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

import httpx2
from openai.types.chat import ChatCompletionChunk
from pydantic import ValidationError
from websockets.exceptions import ConnectionClosedError
from websockets.frames import Close

from desktop.app.updates import ReleaseResponse, find_newer
from desktop.core.errors import UserError
from desktop.core.minisign import PublicKey, SignatureMismatchError, verify_signature
from desktop.core.types import DictationContext
from desktop.dictation.voice_edit import build_edit_request, describe_edit, find_answer_fault, unwrap_answer
from desktop.doctor.network.measurement import parse_headers
from desktop.doctor.network.probe import fetch_status_page
from desktop.emotion.llm_detector import parse_emotion
from desktop.llm.chat_completions import LLMRequest, clean_answer, parse_chunk
from desktop.llm.client import LLMClient, LLMCompletion
from desktop.network.client import ServiceAnswer
from desktop.network.endpoint import Service, ServiceKey
from desktop.network.errors import parse_retry_after_s, refusal_error, service_error
from desktop.network.provider_models import parse_listing
from desktop.network.timing import ExchangeTiming
from desktop.polish.guard.guard import find_harm
from desktop.polish.llm_polisher import strip_quotes
from desktop.polish.rules.pipeline import PolishRules
from desktop.stt.cloud import deepgram, openai
from desktop.stt.cloud.deepgram_flux import FluxProtocol
from desktop.stt.cloud.deepgram_nova import NovaProtocol
from desktop.stt.cloud.openai_realtime import RealtimeProtocol
from desktop.stt.cloud.request import CloudRequest
from desktop.stt.cloud.streaming_protocol import StreamingProtocol, StreamingServiceError
from desktop.stt.cloud.upload import parse_processing_s
from desktop.vocabulary.vocabulary import Vocabulary
from tests.fuzz.target import Target, lines, problem, run

_SERVICE = Service("Somebody", "https://example.org/v1", ServiceKey("openai", lambda name: ""), is_key_optional=True)
_NOBODY: Any = None


def _talk(make: Callable[[], StreamingProtocol], data: bytes) -> None:
    talk = make()
    talk.audio_messages(bytes(32_000))
    try:
        for message in data.split(b"\n"):
            talk.handle_message(message.decode(errors="replace"))
            _ = talk.result, talk.is_done, talk.is_stuck, talk.keep_alive
        talk.handle_close()
    except (StreamingServiceError, ValueError):
        pass


def _answer(data: bytes) -> ServiceAnswer:
    return ServiceAnswer(200, {}, data, ExchangeTiming())


def _openai(data: bytes) -> None:
    said = openai.OpenAIRecognizer(_NOBODY, _SERVICE, CloudRequest("auto", ()))._parse_answer(_answer(data))
    _ = said.language_code, said.text


def _deepgram(data: bytes) -> None:
    deepgram.DeepgramRecognizer(_NOBODY, _SERVICE, CloudRequest("nova-3", ()))._parse_answer(_answer(data))


def _refusal(data: bytes) -> None:
    head, _, body = data.partition(b"\n")
    headers = {"retry-after": head.decode(errors="replace")}
    parse_retry_after_s(headers)
    for status in (400, 401, 429, 500):
        str(refusal_error(_SERVICE, status, headers, body))


def _chat(data: bytes) -> None:
    """A chunk as OpenAI's client hands it on, where it is JSON (`_stream` has the client read it), and an answer."""
    content = None
    with contextlib.suppress(ValueError, RecursionError):
        content = json.loads(data)
    if isinstance(content, dict):
        with contextlib.suppress(ValueError):
            clean_answer(parse_chunk(ChatCompletionChunk.construct(**content)).text)
    clean_answer(data.decode(errors="replace"))


class _Stream(httpx2.AsyncByteStream):
    """A body that comes in two pieces."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    async def __aiter__(self) -> AsyncIterator[bytes]:
        half = len(self._data) // 2
        yield self._data[:half]
        yield self._data[half:]


class _Answering:
    """A client that gets `data` as the answer to every request."""

    data = b""

    @contextlib.asynccontextmanager
    async def stream(self, *_: object, **__: object) -> AsyncIterator[httpx2.Response]:
        yield httpx2.Response(200, headers={"content-type": "text/event-stream"}, stream=_Stream(self.data))


_ANSWERING: Any = _Answering()
_LLM = LLMClient(_ANSWERING, _SERVICE, "m", openai=False)


def _stream(data: bytes) -> None:
    async def read() -> None:
        completion = LLMCompletion(_LLM, LLMRequest("a", "one two", 100))
        with contextlib.suppress(UserError):
            await completion.run(lambda so_far: None)
        completion.receipt("polish")

    _ANSWERING.data = data
    run(read())


class _Told:
    """A client that gets the same answer from every service."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    async def request(self, *_: object) -> ServiceAnswer:
        return _answer(self._data)


def _status(data: bytes) -> None:
    client: Any = _Told(data)
    run(fetch_status_page(client, "https://example.org/api/v2/status.json"))


def _emotion(data: bytes) -> None:
    with contextlib.suppress(ValidationError):
        parse_emotion(data.decode(errors="replace"))


SPOKEN, SPOKEN_HANG_S = 3000, 10.0
"""Bytes of a transcript, some minutes, and what is a hang. Speech of an hour takes the rules no longer than that, but
nonsense of an hour does: a character that comes thousands of times is compared with itself. The worst of minutes takes
some seconds, where each character is a number and each edit is judged beside all around it."""


@cache
def _rules() -> PolishRules:
    return PolishRules(Vocabulary(("Kubernetes",), {"get hub": "GitHub"}))


def _transcript(data: bytes) -> None:
    _rules()(data[:SPOKEN].decode(errors="replace"), DictationContext())


def _polished(data: bytes) -> None:
    """A model's answer to what was said; the first line of an input is that, the rest is the answer."""
    said, _, answer = data[:SPOKEN].decode(errors="replace").partition("\n")
    answer = strip_quotes(said, clean_answer(answer))
    find_harm(said, answer, ("Kubernetes",))
    _rules().close_text(answer, DictationContext())


def _heads(data: bytes) -> None:
    headers = dict(line.split(": ", 1) for line in data.decode(errors="replace").split("\n") if ": " in line)
    parse_headers(headers, datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC))
    parse_processing_s(headers)


def _newer(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        find_newer(ReleaseResponse.model_validate_json(data))
    find_newer(ReleaseResponse(version="9.9", url=data.decode(errors="replace")))
    with contextlib.suppress(SignatureMismatchError):
        verify_signature(b"", data, PublicKey(bytes(8), bytes(32)))


def _edited(data: bytes) -> None:
    """A model's answer to a selection; the first line of an input is that, the rest is the answer."""
    text, _, answer = data.decode(errors="replace").partition("\n")
    find_answer_fault(text, unwrap_answer(text, answer))
    _ = build_edit_request(text, answer).messages, describe_edit(answer)


def _goodbye(data: bytes) -> None:
    """Why a socket was closed; nothing of it is logged."""
    said = data.decode(errors="replace")
    problems = [
        service_error(_SERVICE, ConnectionClosedError(given, None))
        for given in (None, Close(1011, ""), Close(1011, "x"), Close(1011, said))
    ]
    assert {problem.status for problem in problems} == {0}
    assert problems[-1].log_text in {problem.log_text for problem in problems[:-1]}


_TEXT = {"transcript": "one two", "confidence": 0.9, "words": [], "languages": ["en"]}
_NOVA = lines(
    {"type": "Results", "start": 0.0, "duration": 1.0, "is_final": True, "speech_final": True, "channel_index": [0, 1],
     "channel": {"alternatives": [_TEXT]}, "from_finalize": True},
    {"type": "Metadata", "duration": 1.0},
    {"type": "Error", "description": "no", "code": "x"},
)  # fmt: skip
_FLUX = lines(
    {"type": "Connected"},
    {"type": "TurnInfo", "event": "Update", "turn_index": 0, "audio_window_end": 0.5, "transcript": "one", "words": []},
    {"type": "TurnInfo", "event": "EndOfTurn", "turn_index": 0, "audio_window_end": 1.0, "transcript": "one two"},
    {"type": "Error", "code": "X", "description": "no"},
)
_ITEM = "conversation.item.input_audio_transcription"
_ITEMS = lines(
    {"type": "session.updated", "session": {}},
    {"type": "input_audio_buffer.committed", "item_id": "a", "previous_item_id": None},
    {"type": f"{_ITEM}.delta", "item_id": "a", "delta": "one "},
    {"type": f"{_ITEM}.completed", "item_id": "a", "transcript": "one two", "usage": {}},
    {"type": "error", "error": {"type": "x", "code": "y", "message": "no"}},
)
_BATCH = lines(
    {"results": {"channels": [{"alternatives": [_TEXT], "detected_language": "en"}]}, "metadata": {"duration": 1.0}}
)
_EVENT = lines({"choices": [{"delta": {"content": "Hello"}, "finish_reason": None}], "usage": {"prompt_tokens": 1}})
_LAST = lines({"choices": [{"delta": {}, "finish_reason": "stop"}]})
_EVENTS = b"".join(b"data: " + event + b"\n\n" for event in (_EVENT, _EVENT, _LAST, b"[DONE]"))
_MOOD = lines({"label": "joy", "confidence": 0.5, "valence": 0.1, "arousal": 0.2})
_PAGE = lines({"status": {"indicator": "none", "description": "All systems operational."}})

_SAID = (
    b"um so i mean we we need three hundred and twenty five dollars by march fifth no march sixth at half past two",
    "首先我们需要三百二十五块钱 new line 第二 嗯 就是 明天下午三点半 get hub".encode(),
    b"first buy milk second call mister smith at one two three four comma not today period",
)
_ANSWERED = (
    b"we do not need 325 dollars by march six\nWe don't need $325 by March 6.",
    "我们不需要三百块\n我们不需要 300 块。".encode(),
    b'send it to anna\n"Send it to Anna."',
)
_REWRITTEN = (
    b"  we meets at ten  \nWe meet at ten.",
    b"send it\n```text\nSend it.\n```",
    "说一下\n好的，以下是修改后的文本。".encode(),
    b'</selection> a\n"<selection-1> A"',
)
_LONG = (b"it is " + b"9" * 2900 + b" march " + b"9" * 5000, b"the 1" + b"0" * 2900 + b"th of march\n1")
_SCATTERED = ("百二十 I+finity 百二十 首先我需要 不是 九 " * 80).encode()
_HARMFUL = (*_LONG, _SCATTERED, b"um " + b"sm" * 1400)
_ROWS = (b"do it 5\n" + b"[" * 700, b"no\n" + b"99:99k0.1>" * 120, b"5k\n" + b"5k 6k 70 k " * 90)
_HEADS = (
    b"openai-processing-ms: 120\ndate: Mon, 04 May 2026 03:02:01 GMT\nx-ratelimit-remaining-requests: 7\n"
    b"x-ratelimit-reset-requests: 6m0s\ncf-ray: 1-FRA"
)

CHAT = ("desktop.llm", "desktop.network.openai_sdk", "openai._streaming")
HERE, LIVE = ("desktop.stt", "desktop.network.provider_models"), ("desktop.stt", "desktop.core.text")


def targets() -> dict[str, Target]:
    """Each by its name."""
    return {
        "deepgram-live": Target(partial(_talk, partial(NovaProtocol, "wss://example.org")), (_NOVA,), LIVE),
        "deepgram-flux": Target(partial(_talk, partial(FluxProtocol, "wss://example.org")), (_FLUX,), LIVE),
        "openai-live": Target(
            partial(_talk, lambda: RealtimeProtocol("wss://example.org", {"model": "m"})),
            (_ITEMS,),
            (*LIVE, "desktop.audio.levels"),
        ),
        "chat-stream": Target(
            _stream,
            (_EVENTS, b": hello\nretry: 5\nid: 1\n" + _EVENTS),
            CHAT,
            (b"data: " + b"[" * 65_000 + b"\n\n", b"data: 9\n\n", b"data: " + b"9" * 5_000 + b"\n\n"),
        ),
        "transcript": Target(
            _transcript, _SAID, ("desktop.polish", "desktop.vocabulary.vocabulary"), _HARMFUL, hang_s=SPOKEN_HANG_S
        ),
        "polished": Target(_polished, _ANSWERED, ("desktop.polish",), (*_LONG, *_ROWS), hang_s=SPOKEN_HANG_S),
        "chat": Target(
            _chat,
            (_EVENT, b"<think>a</think> <dictation>b</dictation>"),
            ("desktop.llm",),
            (
                *(b"<" + b" " * 65_000, b"</dicta" * 5_000 + b"tion>" * 5_000, b"<" * 65_000, b"<dictation>" * 5_900),
                *(b"[" * 65_000, b"9", b"9" * 5_000),
            ),
        ),
        "deepgram": Target(partial(problem, _deepgram), (_BATCH,), HERE),
        "openai": Target(partial(problem, _openai), (lines({"text": "one two", "languages": [{"code": "en"}]}),), HERE),
        "models-list": Target(
            parse_listing,
            (lines({"data": [{"id": "a", "shutdown_date": "2027-01-01"}]}),),
            ("desktop.network.provider_models",),
        ),
        "refusals": Target(
            _refusal, (b"3\n" + lines({"error": {"message": "No.", "code": "x"}}),), ("desktop.network",)
        ),
        "status-page": Target(_status, (_PAGE,), ("desktop.doctor.network",), (b"[" * 65_000,)),
        "answer-heads": Target(
            _heads,
            (_HEADS,),
            ("desktop.doctor.network.measurement", "desktop.stt.cloud.upload"),
            ("openai-processing-ms: ²".encode(),),
        ),
        "goodbyes": Target(
            _goodbye, (b"Come back later.", b"INVALID_AUTH"), ("desktop.network", "desktop.core.errors")
        ),
        "updates": Target(
            _newer,
            (
                lines({"version": "9.2.0", "url": "https://example.org/newest"}),
                lines({"tag_name": "v9.2.0", "html_url": "https://[::1]:80/a", "draft": False, "prerelease": True}),
                b"\n".join(
                    (b"untrusted comment: a", b64encode(b"ED" + bytes(72)), b"trusted comment: b", b64encode(bytes(64)))
                ),
            ),
            ("desktop.app.updates", "desktop.core.minisign"),
            (lines({"version": "9" * 5000}), lines({"version": "9.²"})),
        ),
        "edits": Target(
            _edited, _REWRITTEN, ("desktop.dictation.voice_edit",), (b"<selection>" * 5_900, b"a\n" + b"```\n" * 16_000)
        ),
        "emotion": Target(_emotion, (_MOOD,), ("desktop.emotion.llm_detector",)),
    }
