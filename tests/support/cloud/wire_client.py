"""Speak to the tests' servers as a vendor's client would, one request or event at a time."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import httpx2
import numpy as np
import soundfile
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.support.cloud.tls_server import Served, trusting

KEY = "a-key"

SECOND = bytes(2 * 24_000)
APPEND = {"type": "input_audio_buffer.append", "audio": base64.b64encode(SECOND).decode()}
COMMIT = {"type": "input_audio_buffer.commit"}
LIVE = {"model": "gpt-live-transcribe", "languages": ["en"]}
LESS = bytes(2 * 15_000)
"""At 16 kHz: too little for a guess at it."""

STREAM = "/v1/listen?model=nova-3&encoding=linear16&sample_rate=16000"
TURNS = "/v2/listen?model=flux-general-en&encoding=linear16&sample_rate=16000"

PATIENCE_S, LIMIT_S = 0.2, 20.0
"""How long what must never come is waited for, and what must."""


def update(**transcription: Any) -> dict[str, Any]:
    """A session as it should be asked for."""
    heard = {"format": {"type": "audio/pcm", "rate": 24000}, "transcription": transcription, "turn_detection": None}
    return {"type": "session.update", "session": {"type": "transcription", "audio": {"input": heard}}}


def flac(seconds: float = 1.0) -> bytes:
    """A file of silence."""
    file = io.BytesIO()
    soundfile.write(file, np.zeros(int(seconds * 16_000)), 16_000, format="FLAC")
    return file.getvalue()


@asynccontextmanager
async def asking(served: Served, scheme: str = "Bearer") -> AsyncIterator[httpx2.AsyncClient]:
    """A client with the key."""
    headers = {"Authorization": f"{scheme} {KEY}"}
    async with httpx2.AsyncClient(base_url=served.url, verify=trusting(), http2=True, headers=headers) as client:
        yield client


def socket(served: Served, path: str, scheme: str = "Bearer", **headers: str) -> Any:
    """A WebSocket with the key."""
    headers = {"Authorization": f"{scheme} {KEY}", **headers}
    return connect(f"{served.sockets}{path}", ssl=trusting(), additional_headers=headers)


def realtime(served: Served, query: str = "intent=transcription", **headers: str) -> Any:
    """A socket of OpenAI's Realtime API."""
    return socket(served, f"/v1/realtime?{query}", **headers)


async def say(connection: ClientConnection, *events: dict[str, Any] | bytes) -> None:
    for event in events:
        await connection.send(event if isinstance(event, bytes) else json.dumps(event))


async def until(connection: ClientConnection, kind: str) -> list[dict[str, Any]]:
    """The events that come up to one whose type ends so."""
    events = [json.loads(await connection.recv())]
    while not events[-1]["type"].endswith(kind):
        events.append(json.loads(await connection.recv()))
    return events


async def rest(connection: ClientConnection, most: int) -> list[str]:
    """The last words of the types of what is still told, up to `most`, and how it ends: "silence", or "closed" with its
    code. Only the silence that is expected is short."""
    told: list[str] = []
    try:
        while True:
            with anyio.fail_after(LIMIT_S if len(told) < most else PATIENCE_S):
                told.append(json.loads(await connection.recv())["type"].rpartition(".")[2])
    except TimeoutError:
        return [*told, "silence"]
    except ConnectionClosed as end:
        return [*told, f"closed {end.rcvd.code if end.rcvd else None}"]


async def follows(connection: ClientConnection, told: list[str]) -> None:
    """This, and nothing else, is still told."""
    assert await rest(connection, len(told) - (told[-1] == "silence")) == told
