"""What the vendors' servers of the tests have in common: a key, words, a script of faults, and a record of what came.

A test waits for what it needs to have arrived: `server.when(lambda: server.asked)`, from an async one through
`anyio.to_thread.run_sync`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.cloud.faults import Fault, Faults
from tests.support.cloud.words import Said, Words

LIMIT_S = 20.0

TEXT = "The quick brown fox jumps over the lazy dog."
"""What is heard where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was read whole, and the seconds the answer to it took to be made (`took_s`).

    `fields` has the fields of a form or of a query in their order, `audio` the bytes of the audio and `name` that of
    its file; `json` is the body where it is that.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    http: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    audio: bytes = field(default=b"", repr=False)
    name: str = ""
    json: Any = None
    status: int = 200
    took_s: float = 0.0


class Server:
    """An ASGI application, `app`, with the rest. An empty `key` lets everybody in."""

    app: Callable[..., Any]

    def __init__(self, words: Words | None = None, *, key: str = "", faults: Iterable[Fault] = ()) -> None:
        self.words: Words = words or Said(TEXT)
        self.key = key
        self.faults = Faults(faults)
        self.asked: list[Asked] = []
        self._changed = threading.Condition()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)

    def tell(self) -> None:
        """Wake the waiters in `when`: something has changed."""
        with self._changed:
            self._changed.notify_all()

    def when(self, what: Callable[[], object], limit_s: float = LIMIT_S) -> None:
        """Wait, in a thread that is not the server's, until `what` is true."""
        with self._changed:
            assert self._changed.wait_for(lambda: bool(what()), limit_s), "it did not happen at the server"

    def paths(self) -> list[str]:
        """Where the requests went, in order."""
        return [asked.path for asked in self.asked]
