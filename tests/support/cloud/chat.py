"""Scripted chat completions, piece by piece, each held back by a gate if need be, and nonsense in between:
what `openai_chat`, which keeps the rules and answers at once, never does.

What was asked is kept, and whether its client was there to the end.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route


class Gate:
    """Shut until it is opened, from any thread."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    def open(self) -> None:
        self._open.set()
        for loop, event in self._waiting:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    async def passed(self) -> None:
        event = asyncio.Event()
        self._waiting.append((asyncio.get_running_loop(), event))
        if not self._open.is_set():
            await event.wait()


@dataclass
class Says:
    """An answer: its `pieces`, of which a gate holds back what follows. `raw` events go out as they are, instead."""

    pieces: tuple[str | Gate, ...] = ()
    raw: tuple[str, ...] = ()
    status: int = 200
    kind: str = "text/event-stream"
    finish: str = "stop"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Call:
    """One request: whether it was for "polish", "edit" or "emotion", and what became of it."""

    purpose: str
    body: dict[str, Any]
    http: str
    authorization: str | None
    answered: bool = False
    abandoned: bool = False


class ChatServer:
    """The app to be served, `polish`, `edit` and `emotion` what it says, a list in turn or the same always."""

    def __init__(self) -> None:
        self.polish: Says | list[Says] = Says(("Hello there.",))
        self.edit: Says | list[Says] = Says(("Edited.",))
        self.emotion: Says | list[Says] = Says(('{"label":"joy","confidence":0.9,"valence":0.8,"arousal":0.4}',))
        self.models: list[dict[str, Any]] = [{"id": "served"}]
        self.listings = 0
        self.calls: list[Call] = []
        self.app = Starlette(
            routes=[Route("/v1/models", self._models), Route("/v1/chat/completions", self._chat, methods=["POST"])]
        )

    def of(self, purpose: str) -> list[Call]:
        return [call for call in self.calls if call.purpose == purpose]

    async def _models(self, request: Request) -> Response:
        self.listings += 1
        return JSONResponse({"object": "list", "data": self.models})

    async def _chat(self, request: Request) -> Response:
        body = await request.json()
        told = body["messages"][0]["content"]
        purpose = "emotion" if "valence" in told else "edit" if "<selection" in told else "polish"
        call = Call(purpose, body, request.scope["http_version"], request.headers.get("authorization"))
        scripted = {"polish": self.polish, "edit": self.edit, "emotion": self.emotion}[purpose]
        says = scripted.pop(0) if isinstance(scripted, list) else scripted
        self.calls.append(call)
        if says.status != 200:
            return JSONResponse({"error": {"message": "No."}}, says.status, says.headers)
        return StreamingResponse(_events(says, call), media_type=says.kind)


async def _events(says: Says, call: Call) -> AsyncIterator[str]:
    try:
        for event in says.raw:
            yield f"data: {event}\n\n"
        for piece in says.pieces:
            if isinstance(piece, Gate):
                await piece.passed()
            else:
                yield _event({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
        if not says.raw:
            yield _event({"choices": [{"index": 0, "delta": {}, "finish_reason": says.finish}]})
            if call.body.get("stream_options", {}).get("include_usage"):
                yield _event({"choices": [], "usage": {"prompt_tokens": 200, "completion_tokens": 10}})
            yield "data: [DONE]\n\n"
        call.answered = True
    finally:
        call.abandoned = not call.answered


def _event(told: dict[str, Any]) -> str:
    return f"data: {json.dumps(told)}\n\n"
