"""Links to the running app, over the channel of its commands (`desktop.app.ipc_links` is the app's end)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from anyio import to_thread

from desktop.core.errors import UserError
from desktop.core.ipc_client import Reply, open_connection
from desktop.core.paths import Paths

MAX_LINE_BYTES = 16 << 20
"""The longest line of the app that is taken: the text of hours, or a page of the history."""


class AppRefusedError(Exception):
    """The app does not do it; the text is its sentence, and `code` that of its message."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(str(reply.get("error", "")))
        self.code = str(reply.get("code", ""))


class AppLink:
    """An open link. `reply` is the app's first line."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, reply: Reply) -> None:
        self.reply = reply
        self._reader = reader
        self._writer = writer

    async def send(self, data: bytes | memoryview) -> None:
        """Send bytes, and wait until the app has room for more. Raises `UserError` where the app has ended."""
        try:
            self._writer.write(data)
            await self._writer.drain()
        except ConnectionError as error:
            raise UserError("app-gone") from error

    async def read_line(self) -> Reply:
        """Return the app's next line. Raises `AppRefusedError`, and `UserError` where the app has ended."""
        try:
            line = await self._reader.readuntil(b"\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError) as error:
            raise UserError("app-gone") from error
        reply: Reply = json.loads(line)
        if reply.get("ok") is False:
            raise AppRefusedError(reply)
        return reply


@asynccontextmanager
async def open_link(paths: Paths, request: Mapping[str, Any]) -> AsyncIterator[AppLink]:
    """Open a link to this home's app for as long as the context lasts.

    Raises `AppRefusedError`, and `UserError` where no app runs.
    """
    opened = await to_thread.run_sync(open_connection, paths, request)
    if opened is None:
        raise UserError("app-missing")
    reader, writer = await asyncio.open_connection(sock=opened.client, limit=MAX_LINE_BYTES)
    try:
        if opened.reply.get("ok") is not True:
            raise AppRefusedError(opened.reply)
        reader.feed_data(opened.rest)
        yield AppLink(reader, writer, opened.reply)
    finally:
        writer.close()
