"""One WebSocket at a server of the tests: events out, frames in, and the faults of its script at each point.

Its frames are read to the end whatever happened to it: a socket that is not read never learns that the other side has
gone.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketState

from tests.support.cloud.faults import At, Close, Faults, Refuse, Say, Silence, Skip, Slow


class Ended(Exception):
    """A fault has ended this socket, or its other side has gone."""


class Line:
    """A socket; `sent` has the types of the events that were sent on it, in order."""

    def __init__(self, socket: WebSocket, faults: Faults) -> None:
        self.sent: list[str] = []
        self._socket, self._faults = socket, faults
        self._sending = asyncio.Lock()
        self._silent = False

    async def accept(self, refusal: Response | None) -> None:
        """Make it a socket, or refuse to. Raises `Ended`."""
        fault = self._faults.take(At.HANDSHAKE)
        match fault:
            case Slow():
                await asyncio.sleep(fault.seconds)
            case Refuse():
                refusal = Response(fault.body, fault.status, dict(fault.headers))
            case Silence():
                while (await self._socket.receive())["type"] != "websocket.disconnect":
                    pass
                raise Ended
        if refusal:
            await self._socket.send_denial_response(refusal)
            raise Ended
        await self._socket.accept()
        await self.meet(At.ACCEPTED)

    async def meet(self, at: At) -> bool:
        """Have the faults of this point happen; whether what is due here is to be left out. Raises `Ended`."""
        while (fault := self._faults.take(at)) is not None:
            match fault:
                case Say():
                    await self.send(fault.event)
                case Slow():
                    await asyncio.sleep(fault.seconds)
                case Skip():
                    return True
                case Silence():
                    self._silent = True
                    raise Ended
                case Close():
                    await self.close(fault.code, fault.reason)
                    raise Ended
                case _:
                    raise AssertionError(f"{fault} is for requests")
        return False

    async def send(self, event: Mapping[str, Any]) -> None:
        """Send an event. Raises `Ended` where nothing can be sent any more."""
        async with self._sending:
            if self._silent or self._socket.application_state != WebSocketState.CONNECTED:
                raise Ended
            await self._socket.send_json(dict(event))
            self.sent.append(event["type"])

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close it from this side."""
        async with self._sending:
            if not self._silent and self._socket.application_state == WebSocketState.CONNECTED:
                await self._socket.close(code, reason)

    async def frames(self) -> AsyncIterator[str | bytes]:
        """What arrives, until the other side has gone; nothing of it once a fault has ended this side."""
        while (message := await self._socket.receive())["type"] != "websocket.disconnect":
            if not self._silent and self._socket.application_state == WebSocketState.CONNECTED:
                text = message.get("text")
                yield message["bytes"] if text is None else text


def parsed(frame: str | bytes) -> dict[str, Any]:
    """The object in a text frame; an empty one where it holds none."""
    try:
        event = json.loads(frame) if isinstance(frame, str) else None
    except ValueError:
        event = None
    return event if isinstance(event, dict) else {}
