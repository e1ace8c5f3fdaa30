"""OpenAI's chat completions, whole or as a stream; the text is the test's (`OpenAI.chat`), its tokens are counted as
four characters each."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from secrets import token_hex
from typing import Any

from starlette.responses import JSONResponse, Response

MODELS = ("gpt-6-luna", "gpt-5.6-luna", "gpt-5.4-mini", "gpt-5.4-nano")

TOKEN = 4
"""Characters."""

type Messages = list[dict[str, Any]]


def echo(messages: Messages) -> str:
    """What was said last."""
    return str(messages[-1]["content"])


def completion(asked: Any, answer: Callable[[Messages], str], compatible: bool = False) -> Response:
    """The answer to a request's body."""
    if not isinstance(asked, dict) or not isinstance(asked.get("messages"), list) or not asked["messages"]:
        return _wrong("Missing required parameter: 'messages'.", "messages", "missing_required_parameter")
    if not compatible and asked.get("model") not in MODELS:
        return _wrong(f"The model '{asked.get('model')}' does not exist.", None, "model_not_found", 404)
    if not compatible and "max_tokens" in asked:
        return _wrong("Use 'max_completion_tokens' with this model.", "max_tokens", "unsupported_parameter")
    text = answer(asked["messages"])
    most = asked.get("max_completion_tokens") or asked.get("max_tokens")
    kept = text[: most * TOKEN] if most else text
    reason = "stop" if kept == text else "length"
    used = _usage("".join(str(message.get("content")) for message in asked["messages"]), kept)
    base = {"id": f"chatcmpl-{token_hex(8)}", "created": int(time.time()), "model": asked.get("model", "")}
    if not asked.get("stream"):
        message = {"role": "assistant", "content": kept, "refusal": None}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": reason}
        return JSONResponse({**base, "object": "chat.completion", "choices": [choice], "usage": used})
    options = asked.get("stream_options") or {}
    padding = {} if options.get("include_obfuscation") is False else {"obfuscation": token_hex(4)}
    told = {"usage": None} if options.get("include_usage") else {}

    def chunk(delta: Mapping[str, str], end: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": end}
        return {**base, "object": "chat.completion.chunk", "choices": [choice], **told, **padding}

    pieces = [kept[at : at + TOKEN] for at in range(0, len(kept), TOKEN)]
    chunks = [chunk({"role": "assistant", "content": ""}), *(chunk({"content": piece}) for piece in pieces)]
    chunks.append(chunk({}, reason))
    if told:
        chunks.append({**base, "object": "chat.completion.chunk", "choices": [], "usage": used, **padding})
    return stream(chunks, done=True)


def stream(events: Iterable[Mapping[str, Any]], named: bool = False, done: bool = False) -> Response:
    """`events` as server-sent ones, all of them; `named` by their type, ended by [DONE] where `done`."""
    lines = []
    for event in events:
        name = f"event: {event['type']}\n" if named else ""
        lines.append(f"{name}data: {json.dumps(event)}\n\n")
    if done:
        lines.append("data: [DONE]\n\n")
    return Response("".join(lines), media_type="text/event-stream")


def _usage(asked: str, answered: str) -> dict[str, Any]:
    prompt, answer = -(-len(asked) // TOKEN), -(-len(answered) // TOKEN)
    details = {"cached_tokens": 0, "audio_tokens": 0}
    return {
        "prompt_tokens": prompt,
        "completion_tokens": answer,
        "total_tokens": prompt + answer,
        "prompt_tokens_details": details,
    }


def _wrong(message: str, param: str | None, code: str, status: int = 400) -> Response:
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return JSONResponse({"error": error}, status)
