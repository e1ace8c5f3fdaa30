"""Connections of the command channel that stay open: what the app serves other programs with.

A link begins as a command does, with a line of JSON, whose `command` is one of `LINKS`, and the app's reply to it. What
follows is the link's own. Only this user's programs come that far (`desktop.app.ipc_channel`).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

import anyio
from anyio.abc import SocketStream
from anyio.streams.buffered import BufferedByteReceiveStream

from desktop.core.errors import UserError

logger = logging.getLogger(__name__)

LINKS = ("listen", "transcribe", "dictate", "search")
"""All links: finished dictations as they come, a transcript of given audio, an answer by voice, dictations found."""

CLIENT_GONE = (anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.EndOfStream, anyio.IncompleteRead)
"""What is raised where a client has closed its end."""


class Link:
    """One client's connection. `request` is its first line; `signature` what shows a client that this is the app."""

    def __init__(
        self,
        stream: SocketStream,
        received: BufferedByteReceiveStream,
        request: Mapping[str, Any],
        signature: Mapping[str, str],
    ) -> None:
        self.request = request
        self._stream = stream
        self._received = received
        self._signature = signature

    def text(self, name: str, max_chars: int) -> str:
        """Return a text of the request, cut at `max_chars`; empty where it has none."""
        value = self.request.get(name)
        return value[:max_chars] if isinstance(value, str) else ""

    def number(self, name: str, default: int, largest: int) -> int:
        """Return a number of the request from 0 to `largest`; `default` where it has none."""
        value = self.request.get(name)
        return min(max(value, 0), largest) if isinstance(value, int) else default

    async def accept(self, **values: object) -> None:
        """Reply that the link is open, and `values`."""
        await self.send({"ok": True, **values})

    async def send(self, values: Mapping[str, Any]) -> None:
        """Send a line. Waits for as long as the client reads none."""
        line = json.dumps({**values, **self._signature}, ensure_ascii=False)
        self._signature = {}
        await self._stream.send(line.encode(errors="replace") + b"\n")

    async def read(self, count: int) -> bytes:
        """Return the next `count` bytes. Raises one of `CLIENT_GONE`."""
        return await self._received.receive_exactly(count)

    async def run_while_open(self, work: Callable[[], Awaitable[None]], is_read: anyio.Event | None = None) -> None:
        """Run `work`, which is cancelled when the client closes its end. Raises what `work` does.

        Where `work` reads, `is_read` is set once it has read all, and the end is noticed from then on.
        """
        problem: Exception | None = None
        async with anyio.create_task_group() as tasks:

            async def watch() -> None:
                if is_read is not None:
                    await is_read.wait()
                with suppress(*CLIENT_GONE):
                    while True:
                        await self._received.receive()
                tasks.cancel_scope.cancel()

            tasks.start_soon(watch)
            try:
                await work()
            except Exception as error:
                problem = error
            tasks.cancel_scope.cancel()
        if problem is not None:
            raise problem


type LinkHandler = Callable[[Link], Awaitable[None]]
"""Serves a link until it ends. A `UserError` it raises becomes its last line."""


async def serve_link(link: Link, handle: LinkHandler) -> None:
    """Serve `link`; what goes wrong is its last line, with the `code` of the message."""
    with suppress(*CLIENT_GONE):
        try:
            await handle(link)
        except UserError as problem:
            await link.send({"ok": False, "error": str(problem), "code": problem.message.code})
