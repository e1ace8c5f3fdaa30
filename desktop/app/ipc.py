"""Serve commands over a local channel, and hold the lock that allows only one running app.

Key bindings of a Wayland compositor, scripts and a second start all use this channel. Each connection carries one
request, a line of JSON each way, so that a hanging client holds nothing; those of `desktop.app.ipc_links` alone stay
open. `desktop.app.ipc_channel` keeps others out.

The lock, not the channel, decides who serves: a socket file outlives a crash, a lock does not, so the holder of the
lock may remove a socket it finds. The lock's file is never removed, because two starts could then each lock a different
one; and it must not leak into a child process, which would hold it beyond its parent (Python closes it on exec; never
fork). A second lock lies in the state folder: a start without this session's runtime folder would not find the first,
and would take the other app's current recording for one left by a crash.
"""

from __future__ import annotations

import errno
import json
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Self

import anyio
from anyio.abc import SocketAttribute, SocketListener, SocketStream
from anyio.streams.buffered import BufferedByteReceiveStream

from desktop.app.ipc_channel import CommandChannel, LogInterval, make_channel
from desktop.app.ipc_links import LINKS, Link, LinkHandler, serve_link
from desktop.core.errors import UserError
from desktop.core.ipc_client import USES_LOOPBACK, Reply, send_command, translate_os_errors
from desktop.core.locks import open_lock_file, try_lock
from desktop.core.messages import Message, PartList
from desktop.core.paths import Paths, make_private_dir

logger = logging.getLogger(__name__)

COMMANDS = (
    *("start", "stop", "toggle", "cancel", "language", "paste-last", "paste-last-raw", "undo", "swap", "mood"),
    *("again", "again-1", "again-2", "again-3", "again-4", "again-all"),
    *("find", "pause", "resume", "quit", "restart", "status", "show", "reload", "history"),
)
"""All commands. `show` opens the history window (a second start), `reload` reads the settings again, `history` reports
that another process changed the history."""

MAX_REQUEST_BYTES = 4096
"""Maximum bytes of a request. It contains a name, for a link also a question; longer is a mistake or an attack."""

MAX_CLIENTS = 32
"""Maximum simultaneous commands: a repeating key makes a handful. Further clients are disconnected without a reply."""

MAX_WAITING_CLIENTS = 128
"""Maximum simultaneous clients that have not sent their line. The next one takes the place of the oldest, so that no
program keeps others out by connections on which it says nothing."""

CLIENT_TIMEOUT_S = 5.0
"""Seconds for a client to send its line (a channel may give less), and again to read the reply."""

OTHER_APP_TIMEOUT_S, OTHER_APP_RETRY_S = 20.0, 0.1
"""Seconds for an app that starts or ends to answer or to go, and between two looks."""

ACCEPT_RETRY_S = 0.1
"""Seconds before accepting again after the system refused for lack of file descriptors or memory, or after many
faults."""

EXHAUSTED_ERRNOS = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
MAX_RESETS = 100
"""Faults in a row after which accepting pauses: what is no reset connection would take a whole processor."""

type CommandHandler = Callable[[str], Awaitable[Reply]]
"""Runs one of `COMMANDS`. A `UserError` it raises becomes the reply's error."""


class InstanceLock:
    """The lock on this home's app; leaving its context releases it."""

    def __init__(self, *fds: int) -> None:
        self._fds = fds

    def release(self) -> None:
        """Release the lock, so that another app may serve."""
        for fd in self._fds:
            os.close(fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def acquire_lock(paths: Paths) -> InstanceLock | None:
    """Acquire the lock of this home; return None where a running app holds it.

    Raises `UserError` when the folder is unusable, or where the running app's socket is in another session.
    """
    with translate_os_errors(paths):
        make_private_dir(paths.runtime, is_own=paths.owns_runtime)
        fd = _lock_file(paths.lock)
    if fd is None:
        return None
    try:
        make_private_dir(paths.state)
        state_fd = _lock_file(paths.state_lock)
    except OSError as error:  # a full disk, or one without locks, must not prevent dictation
        logger.warning("the state cannot be locked: %s", error.strerror)
        return InstanceLock(fd)
    if state_fd is None:
        os.close(fd)
        raise UserError("app-running-elsewhere")
    return InstanceLock(fd, state_fd)


def acquire_lock_or_show(paths: Paths) -> InstanceLock | None:
    """Acquire the lock of this home, or open the history of the app that holds it and return None. Blocks.

    An app that starts or ends at this moment holds the lock and does not answer: it is waited for. Raises `UserError`
    as `acquire_lock` does, and where the app does not answer.
    """
    deadline = monotonic() + OTHER_APP_TIMEOUT_S
    while (lock := acquire_lock(paths)) is None:
        try:
            if send_command(paths, "show") is not None:
                return None
        except UserError as problem:
            if problem.message.code != "app-gone":
                raise
        if monotonic() >= deadline:
            raise UserError("app-unresponsive")
        sleep(OTHER_APP_RETRY_S)
    return lock


def _lock_file(path: Path) -> int | None:
    """Return the locked file's descriptor, None where another process holds the lock."""
    fd = open_lock_file(path)
    try:
        if try_lock(fd):
            return fd
    except OSError:
        os.close(fd)
        raise
    os.close(fd)
    return None


@asynccontextmanager
async def serve_commands(
    paths: Paths,
    handle: CommandHandler,
    timeout_s: float = CLIENT_TIMEOUT_S,
    *,
    links: LinkHandler | None = None,
    uses_loopback: bool = USES_LOOPBACK,
) -> AsyncIterator[None]:
    """Serve commands at this home's channel while the context lasts. Call with the lock held.

    `handle` runs on this loop, for several clients at once, and `links` serves those of `LINKS`. On exit, running
    commands are cancelled; a finished reply is still sent, so that `quit` may end the context. Raises `UserError` when
    the socket cannot be created; without a port, which needs a file on a disk that may be full, nothing is served.
    Exceptions of the body are raised in an `ExceptionGroup`, as from any task group.
    """
    channel = make_channel(paths, uses_loopback=uses_loopback)
    listener = await _open_listener(paths, channel)
    if listener is None:
        yield
        return
    limits = _ClientLimits()

    async def serve_client(client: SocketStream) -> None:
        try:
            await _serve_client(client, channel, handle, links, limits, timeout_s)
        except Exception:  # would end the app
            logger.exception("a client could not be served")

    async with listener, anyio.create_task_group() as clients:
        clients.start_soon(_accept_clients, listener, lambda client: clients.start_soon(serve_client, client))
        try:
            yield
        finally:
            clients.cancel_scope.cancel()
            channel.remove()


async def _open_listener(paths: Paths, channel: CommandChannel) -> SocketListener | None:
    """Return the channel's listener, None where the app goes on without. Raises `UserError`."""
    try:
        with translate_os_errors(paths):
            make_private_dir(paths.runtime, is_own=paths.owns_runtime)
            return await SocketListener.from_socket(await channel.bind())
    except UserError as error:
        if not channel.is_optional:
            raise
        logger.warning("no command can be served: %s", error)
        return None


async def _accept_clients(listener: SocketListener, on_client: Callable[[SocketStream], object]) -> None:
    """Call `on_client` for each client, until cancelled.

    A connection that its client resets before it is accepted fails with an `OSError` on Windows; anyio translates
    those of Unix sockets alone. Others wait behind it, so the next is accepted at once.
    """
    faults, failures = LogInterval(), 0
    while True:
        try:
            client = await listener.accept()
        except (anyio.BrokenResourceError, OSError) as error:
            cause = error.__cause__ or error
            failures += 1
            if faults.may_log():
                logger.error("no client can be accepted now: %s", cause)
            if getattr(cause, "errno", None) in EXHAUSTED_ERRNOS or failures % MAX_RESETS == 0:
                await anyio.sleep(ACCEPT_RETRY_S)
        else:
            failures = 0
            on_client(client)


class _ClientLimits:
    """Limits how many clients of a channel wait and are served."""

    def __init__(self) -> None:
        self._waiting: list[anyio.CancelScope] = []
        self._served_count = 0

    @contextmanager
    def waiting(self, timeout_s: float) -> Iterator[None]:
        """Have one more client wait inside this context, which is cancelled after `timeout_s`, or by newer clients."""
        if len(self._waiting) >= MAX_WAITING_CLIENTS:
            self._waiting.pop(0).cancel()
        with anyio.move_on_after(timeout_s) as scope:
            self._waiting.append(scope)
            try:
                yield
            finally:
                if scope in self._waiting:
                    self._waiting.remove(scope)

    @contextmanager
    def served(self) -> Iterator[bool]:
        """Serve one more client inside this context; yield whether it may be served."""
        self._served_count += 1
        try:
            yield self._served_count <= MAX_CLIENTS
        finally:
            self._served_count -= 1


async def _serve_client(
    client: SocketStream,
    channel: CommandChannel,
    handle: CommandHandler,
    links: LinkHandler | None,
    limits: _ClientLimits,
    timeout_s: float,
) -> None:
    """Serve one client: read its line, run the command, send the reply."""
    async with client:
        if not channel.admits(client.extra(SocketAttribute.raw_socket)):
            return
        request: dict[str, Any] | None = None
        received = BufferedByteReceiveStream(client)
        with suppress(anyio.BrokenResourceError, anyio.EndOfStream, anyio.IncompleteRead):
            with limits.waiting(min(timeout_s, channel.line_timeout_s)):
                request = await _read_request(received)
            if request is None or not channel.permits(request):
                return
            if links is not None and request.get("command") in LINKS:
                await serve_link(Link(client, received, request, channel.sign(request)), links)
                return
            with limits.served() as may_be_served:
                if may_be_served:
                    command = request.get("command")
                    reply = await _run_command(command if command in COMMANDS else None, handle)
                    with anyio.move_on_after(timeout_s, shield=True):
                        await client.send(json.dumps(reply | channel.sign(request)).encode() + b"\n")


async def _read_request(received: BufferedByteReceiveStream) -> dict[str, Any]:
    """Read the request; empty for an invalid line."""
    try:
        line = await received.receive_until(b"\n", MAX_REQUEST_BYTES)
        request = json.loads(line) if len(line) <= MAX_REQUEST_BYTES else None
    except (anyio.DelimiterNotFound, ValueError, RecursionError):
        return {}
    return request if isinstance(request, dict) else {}


async def _run_command(command: str | None, handle: CommandHandler) -> Reply:
    if command is None:
        return {"ok": False, "error": str(Message("app-command-unknown", commands=PartList((*COMMANDS,))))}
    try:
        return await handle(command)
    except UserError as problem:
        return {"ok": False, "error": str(problem)}
    except Exception:
        logger.exception("%s failed", command)
        return {"ok": False, "error": str(Message("app-command-failed", command=command))}
