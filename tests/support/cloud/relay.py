"""A bad way to a server: a TCP relay on loopback that delays what passes, limits how much does, and can break.

    with serve(server) as served, relayed(served, rtt_s=0.08, up_bit_s=2e6, queue=65_536) as relay:
        ...                         # relay.url and relay.sockets instead of served's; the certificate holds for both
        relay.connections           # how many were made, each with its TCP and TLS handshakes
        relay.up_bytes, relay.down_bytes
        relay.reset()               # RST on all of them
        relay.reset_after(2000)     # the same once so many more bytes have come down: in the middle of an answer
        relay.freeze()              # half-open: nothing passes on those there are, and nothing closes; new ones work
        relay.freeze(new=True)      # nothing passes at all
        relay.stall(2.0)            # the link carries nothing upwards for so long, and goes on
        relay.refuse()              # it listens no more
        relay.thaw()                # all is well again, for new connections

It models one link: segments of `SEGMENT` bytes leave in order at the link's rate, shared by all connections, and arrive
half a round trip later. Nothing is lost, there is no slow start, and a connection closes in both directions at once.
The queue has no limit, as if routers held everything; with `queue` it holds about so many bytes of each connection, and
what does not fit stays with its sender, as behind a modem. The kernel answers a TCP handshake by itself and at once;
the round trip that it would have taken is added to the first bytes instead, so that the whole takes as long as it
would, and all of it looks like TLS.
(tc netem would do all this better, and is not in every kernel.)
"""

from __future__ import annotations

import asyncio
import selectors
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.cloud.tls_server import Served

SEGMENT = 1448
"""Bytes: what Ethernet leaves a TCP segment."""

READY_S = 20.0


class Wire:
    """One direction of the link: when what is put on it now arrives. `rate` is in bytes a second, None: no limit."""

    def __init__(self, delay_s: float, rate: float | None) -> None:
        self.delay_s, self.rate = delay_s, rate
        self._free_at = 0.0

    def stall(self, now: float, seconds: float) -> None:
        """Let nothing more arrive that is put on it before so many seconds are over."""
        self._free_at = max(now, self._free_at) + seconds

    def arrives(self, now: float, size: int) -> float:
        """The time at which a segment is there."""
        self._free_at = max(now, self._free_at) + (size / self.rate if self.rate else 0.0)
        return self._free_at + self.delay_s


class End(asyncio.Protocol):
    """One end of a connection through the relay: what it hears goes to `other`, by way of `wire`, unless it is
    `frozen`. `made` is called once it is connected, `arrived` with the bytes that were handed over."""

    def __init__(
        self, relay: Relay, wire: Wire, arrived: Callable[[int], None], made: Callable[[End], None] | None = None
    ) -> None:
        self.transport: asyncio.Transport | None = None
        self.other: End | None = None
        self.frozen = False
        self._relay, self._wire, self._arrived, self._made = relay, wire, arrived, made
        self._on_the_way: deque[tuple[float, bytes]] = deque()
        self._held = 0
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: Any) -> None:
        """See asyncio."""
        self.transport = transport
        self._relay.ends.add(self)
        if self._made:
            self._made(self)

    def data_received(self, data: bytes) -> None:
        """Put it on the way."""
        for at in range(0, len(data), SEGMENT):
            self._send(data[at : at + SEGMENT])
        if self.transport and self._relay.queue and (self.frozen or self._held > self._relay.queue):
            self.transport.pause_reading()

    def eof_received(self) -> bool:
        """Close the other end once all has arrived; this one stays open for what still comes."""
        self._send(b"")
        return True

    def connection_lost(self, error: Exception | None) -> None:
        """An end that broke breaks the other; one that closed closes it."""
        self._relay.ends.discard(self)
        if self.other and error and not self.frozen:
            self.other.reset()
        else:
            self._send(b"")

    def reset(self) -> None:
        """RST."""
        if self.transport and not self.transport.is_closing():
            linger = struct.pack("ii", 1, 0)
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.transport.abort()

    def _send(self, part: bytes) -> None:
        """Have `part` arrive in its time; an empty one is the end."""
        if self.frozen:
            return
        due = self._wire.arrives(self._loop.time(), len(part))
        self._on_the_way.append((due, part))
        self._held += len(part)
        if len(self._on_the_way) == 1:
            self._loop.call_at(due, self._deliver)

    def _deliver(self) -> None:
        now = self._loop.time()
        while self._on_the_way and self._on_the_way[0][0] <= now:
            _, part = self._on_the_way.popleft()
            self._held -= len(part)
            target = self.other.transport if self.other and not self.frozen else None
            if target and not target.is_closing():
                if part:
                    target.write(part)
                    self._arrived(len(part))
                else:
                    target.close()
        if self._on_the_way:
            self._loop.call_at(self._on_the_way[0][0], self._deliver)
        if self.transport and self._relay.queue and self._held <= self._relay.queue and not self.frozen:
            self.transport.resume_reading()


class Relay:
    """See the module. What its methods do is done when they return."""

    def __init__(
        self, served: Served, loop: asyncio.AbstractEventLoop, rtt_s: float, up: float | None, queue: int | None
    ) -> None:
        self.queue = queue
        self.connections = self.up_bytes = self.down_bytes = 0
        self.environ = served.environ
        self.ends: set[End] = set()
        self._loop, self._rtt_s = loop, rtt_s
        self._up, self._down = Wire(rtt_s / 2, up and up / 8), Wire(rtt_s / 2, None)
        self._served, self._listener = served, None
        self._freezing = False
        self._resets_at: int | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]

    @property
    def url(self) -> str:
        """The server's root, by this way."""
        return self._served.url.replace(str(self._served.port), str(self.port))

    @property
    def sockets(self) -> str:
        """Its root for WebSockets."""
        return self.url.replace("http", "ws", 1)

    def reset(self) -> None:
        """Break every connection."""
        self._do(self._reset)

    def reset_after(self, down_bytes: int) -> None:
        """Break every connection once so many bytes more have arrived from the server."""
        self._resets_at = self.down_bytes + down_bytes

    def freeze(self, new: bool = False) -> None:
        """Let nothing pass on the connections there are, with `new` neither on those to come; close none."""

        def freeze() -> None:
            self._freezing = new
            for end in self.ends:
                end.frozen = True

        self._do(freeze)

    def stall(self, seconds: float) -> None:
        """Carry nothing more upwards for so long."""
        self._do(lambda: self._up.stall(self._loop.time(), seconds))

    def refuse(self) -> None:
        """Listen no more."""
        self._do(self._close)

    def thaw(self) -> None:
        """Listen, and let new connections pass."""
        self._freezing = False
        asyncio.run_coroutine_threadsafe(self.open(), self._loop).result(READY_S)

    async def open(self) -> None:
        """Listen, if it does not yet."""
        if self._listener is None:
            listening = socket.socket()
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if self.queue:
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.queue)
            listening.bind(("127.0.0.1", self.port))
            self._listener = await self._loop.create_server(self._near, sock=listening)

    def end(self) -> None:
        """End all of it."""

        def end() -> None:
            self._close()
            self._reset()
            for task in self._tasks:
                task.cancel()

        self._do(end)

    def _do(self, what: Callable[[], None]) -> None:
        async def do() -> None:
            what()

        asyncio.run_coroutine_threadsafe(do(), self._loop).result(READY_S)

    def _close(self) -> None:
        if self._listener:
            self._listener.close()
            self._listener = None

    def _reset(self) -> None:
        self._resets_at = None
        for end in list(self.ends):
            end.reset()

    def _near(self) -> End:
        """The client's end of a new connection."""
        return End(self, self._up, self._went_up, self._accepted)

    def _accepted(self, near: End) -> None:
        self.connections += 1
        near.frozen = self._freezing
        if not near.frozen:
            task = self._loop.create_task(self._reach(near, self._loop.time() + self._rtt_s))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _reach(self, near: End, at: float) -> None:
        """Connect to the server, and let the client be heard from `at` on."""
        assert near.transport
        near.transport.pause_reading()
        far = End(self, self._down, self._came_down)
        far.other = near
        try:
            await self._loop.create_connection(lambda: far, "127.0.0.1", self._served.port)
        except OSError:
            return near.reset()
        near.other = far
        await asyncio.sleep(max(0.0, at - self._loop.time()))
        if not near.transport.is_closing():
            near.transport.resume_reading()

    def _went_up(self, size: int) -> None:
        self.up_bytes += size

    def _came_down(self, size: int) -> None:
        self.down_bytes += size
        if self._resets_at is not None and self.down_bytes >= self._resets_at:
            self._reset()


@contextmanager
def relayed(
    served: Served, rtt_s: float = 0.08, up_bit_s: float | None = 2e6, queue: int | None = None
) -> Iterator[Relay]:
    """A way to `served` of `rtt_s` there and back, which takes `up_bit_s` bits a second upwards and holds about `queue`
    bytes of each connection."""
    loop = asyncio.SelectorEventLoop(selectors.SelectSelector())  # epoll rounds every wait up to milliseconds
    relay = Relay(served, loop, rtt_s, up_bit_s, queue)

    def live() -> None:
        loop.run_forever()
        loop.close()

    thread = threading.Thread(target=live, name="relay")
    thread.start()
    try:
        relay.thaw()
        yield relay
    finally:
        relay.end()
        loop.call_soon_threadsafe(loop.stop)
        thread.join(READY_S)
