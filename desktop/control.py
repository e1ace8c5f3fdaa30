"""How the running app is driven from outside: a local socket, and the lock that makes it the only one.

A Wayland compositor's key binding, a script and a second start all speak through here. One request a connection, a line
of JSON each way, since a command is a moment and a client that hangs must hold nothing. The socket is the user's alone
three times over: its folder, its mode (set before it has a name, so that there is no moment of doubt) and the peer's
uid.

The lock, not the socket, decides who serves: a socket file outlives a crash, `flock` does not. Whoever holds the lock
may remove a socket that it finds. The lock's file is never removed, because two starts could then each lock a different
one; and it must not leak into a child, or the child would hold it beyond its parent (Python closes it on exec; never
fork). A second lock lies with the state: a start without this session's runtime folder would find no first one, and
take what the other app is hearing for what a crash has left.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import anyio
from anyio.abc import SocketAttribute, SocketListener, SocketStream
from anyio.streams.buffered import BufferedByteReceiveStream

from desktop.paths import Paths, private
from desktop.problems import Problem

log = logging.getLogger(__name__)

COMMANDS = (
    *("start", "stop", "toggle", "cancel", "language", "paste-last", "paste-last-raw", "undo", "swap", "mood"),
    *("pause", "resume", "quit", "status", "show", "reload", "history"),
)
"""All that can be asked. `show` opens the history window (a second start), `reload` reads the settings again,
`history` what was changed in the history."""

LONGEST_REQUEST = 4096
"""Bytes. A request is a name; anything longer is a mistake or worse."""

MOST_CLIENTS = 32
"""How many are served at once: a key that repeats itself makes a handful. Who comes then is let go unanswered."""

DEADLINE_S = 5.0
"""For a client to say its line, and again to read the answer."""

AGAIN_S = 0.1
"""How long after the system let nobody in, for want of file descriptors or memory, it is tried again."""

type Reply = dict[str, Any]
"""`{"ok": true, ...}` or `{"ok": false, "error": sentence}`."""

type Handle = Callable[[str], Awaitable[Reply]]
"""Does one of `COMMANDS`. A `Problem` it raises becomes the reply's error."""


class Lock:
    """Held for as long as this app serves its home; leaving it as a context lets it go."""

    def __init__(self, *fds: int) -> None:
        self._fds = fds

    def release(self) -> None:
        """Let another app serve."""
        for fd in self._fds:
            os.close(fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def acquire(paths: Paths) -> Lock | None:
    """The lock of this home, or None where a running app has it. Raises `Problem` when the folder cannot be used, and
    where an app runs whose socket is elsewhere."""
    with _problems(paths):
        private(paths.runtime, ours=paths.owns_runtime)
        fd = _locked(paths.lock)
    if fd is None:
        return None
    try:
        private(paths.state)
        beside = _locked(paths.state_lock)
    except OSError as error:  # a disk that is full, or has no locks, keeps nobody from dictating
        log.warning("the state cannot be locked: %s", error.strerror)
        return Lock(fd)
    if beside is None:
        os.close(fd)
        raise Problem(
            "Intone is already running, in another session.",
            "Quit it there, or start this one with that session's XDG_RUNTIME_DIR.",
        )
    return Lock(fd, beside)


def _locked(path: Path) -> int | None:
    """The descriptor of the file, locked; None where somebody else has it."""
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        return None
    except OSError:
        os.close(fd)
        raise
    return fd


@asynccontextmanager
async def serve(paths: Paths, handle: Handle, deadline_s: float = DEADLINE_S) -> AsyncIterator[None]:
    """Answer at this home's socket for as long as the context lasts. To be called with the lock held.

    `handle` runs on this loop, for several clients at once. On leaving, what is being asked is cancelled; an answer
    that is known already still goes out, so that `quit` may end the context. Raises `Problem` when the socket cannot
    be made; what the body raises comes out in an `ExceptionGroup`, as from any task group.
    """
    with _problems(paths):
        private(paths.runtime, ours=paths.owns_runtime)
        paths.socket.unlink(missing_ok=True)
        listener = await SocketListener.from_socket(_bound(paths.socket))
    served: set[SocketStream] = set()

    async def answer(client: SocketStream) -> None:
        if len(served) >= MOST_CLIENTS:
            await client.aclose()
            return
        served.add(client)
        try:
            await _answer(client, handle, deadline_s)
        finally:
            served.discard(client)

    async def listen() -> None:
        lets_in = True
        while True:
            try:
                client = await listener.accept()
            except anyio.BrokenResourceError as error:
                if lets_in:
                    log.error("nobody can be let in just now: %s", error.__cause__)
                lets_in = False
                await anyio.sleep(AGAIN_S)
            else:
                lets_in = True
                clients.start_soon(answer, client)

    async with listener, anyio.create_task_group() as clients:
        clients.start_soon(listen)
        try:
            yield
        finally:
            clients.cancel_scope.cancel()
            paths.socket.unlink(missing_ok=True)


def ask(paths: Paths, command: str, timeout_s: float = 10.0) -> Reply | None:
    """Ask this home's app to do one of `COMMANDS` and return its reply, or None where none runs. Blocks.

    Raises `Problem` when it does not answer in time or is not this user's.
    """
    with _problems(paths), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(timeout_s)
        try:
            client.connect(str(paths.socket))
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        if _peer_uid(client) != os.getuid():
            raise PermissionError(f"{paths.socket} is answered by another user")
        client.sendall(json.dumps({"command": command}).encode() + b"\n")
        with client.makefile("rb") as answer:
            line = answer.readline()
        if not line.endswith(b"\n"):
            raise ConnectionResetError
    reply: Reply = json.loads(line)
    return reply


async def _answer(client: SocketStream, handle: Handle, deadline_s: float) -> None:
    """Serve one client: its line, the deed, the reply."""
    async with client:
        if (uid := _peer_uid(client.extra(SocketAttribute.raw_socket))) != os.getuid():
            log.warning("refused a client of uid %d", uid)
            return
        with suppress(anyio.BrokenResourceError, anyio.EndOfStream, anyio.IncompleteRead, TimeoutError):
            with anyio.fail_after(deadline_s):
                command = await _request(client)
            reply = await _reply(command, handle)
            with anyio.move_on_after(deadline_s, shield=True):
                await client.send(json.dumps(reply).encode() + b"\n")


async def _request(client: SocketStream) -> str | None:
    """The command that is asked for, or None for a line that asks for none."""
    try:
        line = await BufferedByteReceiveStream(client).receive_until(b"\n", LONGEST_REQUEST)
        request = json.loads(line)
    except (anyio.DelimiterNotFound, ValueError, RecursionError):
        return None
    command = request.get("command") if isinstance(request, dict) else None
    return command if command in COMMANDS else None


async def _reply(command: str | None, handle: Handle) -> Reply:
    if command is None:
        return {
            "ok": False,
            "error": f"Intone was asked for something it does not know. It knows {', '.join(COMMANDS)}.",
        }
    try:
        return await handle(command)
    except Problem as problem:
        return {"ok": False, "error": str(problem)}
    except Exception:
        log.exception("%s failed", command)
        return {"ok": False, "error": f"Intone could not do `{command}`. Its log says why."}


def _bound(path: Path) -> socket.socket:
    """A socket that listens at `path`, 0600 from the moment it has that name: Linux takes it from the descriptor."""
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        os.fchmod(server.fileno(), 0o600)
        server.bind(str(path))
        server.listen()
    except BaseException:
        server.close()
        raise
    return server


def _peer_uid(connected: socket.socket) -> int:
    """Who is at the other end, as the kernel knows it (`struct ucred`: pid, uid, gid)."""
    _pid, uid, _gid = struct.unpack("3i", connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return int(uid)


@contextmanager
def _problems(paths: Paths) -> Iterator[None]:
    """What the operating system refuses, in words."""
    try:
        yield
    except TimeoutError as error:
        raise Problem("Intone runs but does not answer.", "Quit it from its tray icon and start it again.") from error
    except ConnectionError as error:
        raise Problem("Intone went away before it answered.", "Start it again with `intone`.") from error
    except OSError as error:
        remedy = "Set XDG_RUNTIME_DIR to a folder of your own with a short path."
        raise Problem(f"Intone cannot use {paths.runtime} ({error.strerror or error}).", remedy) from error
