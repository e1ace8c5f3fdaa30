"""`intone serve`: transcribe for other programs of this machine, by an endpoint as OpenAI's."""

from __future__ import annotations

import argparse
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from desktop.core.errors import UserError

if TYPE_CHECKING:
    from desktop.core.paths import Paths

DEFAULT_PORT = 8729

KEY_NAME = "serve"
"""The name of the endpoint's key among those of services."""

MAX_CONNECTIONS = 64
"""Connections at once; more are answered that the endpoint is busy."""

KEEP_ALIVE_S = 5
"""Seconds after which an unused connection is closed."""

MAX_HEAD_BYTES = 16 << 10
"""Longest head of a request."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "serve",
        help="transcribe for other programs of this machine",
        description="Transcribe for other programs of this machine: POST /v1/audio/transcriptions and GET /v1/models "
        "as OpenAI has them, on 127.0.0.1 alone, for programs that have the key. The running app answers by its model "
        "on this machine, after your own dictations; nothing leaves the machine and nothing is kept. Serves until "
        "Ctrl+C. Needs Intone to run.",
        epilog='Example: OPENAI_API_KEY="$(intone serve --show-key)" '
        "OPENAI_BASE_URL=http://127.0.0.1:8729/v1 python app.py",
    )
    parser.add_argument(
        "--port",
        metavar="N",
        type=parse_port,
        default=DEFAULT_PORT,
        help=f"{DEFAULT_PORT} by default; 0 for a free one",
    )
    keys = parser.add_mutually_exclusive_group()
    keys.add_argument(
        "--show-key", action="store_true", help="print the key, which is made at first, and serve nothing"
    )
    keys.add_argument("--new-key", action="store_true", help="make another key, and serve nothing")
    parser.set_defaults(run=_run)


def parse_port(text: str) -> int:
    """Parse a port. Raises `argparse.ArgumentTypeError`."""
    if not text.isdecimal() or len(text) > 5 or not int(text) < 1 << 16:
        raise argparse.ArgumentTypeError(f"{text!r} is no port from 0 to 65535")
    return int(text)


def _run(args: argparse.Namespace) -> int:
    from desktop.core.paths import find_paths

    key = create_key() if args.new_key else load_key()
    if args.show_key:
        print(key)
    elif args.new_key:
        print(
            "There is a new key. What has the old one is refused from the next start of `intone serve`.",
            file=sys.stderr,
        )
    else:
        _serve(find_paths(), key, args.port)
    return 0


def load_key() -> str:
    """Return the endpoint's key; one is made and stored where there is none. Raises `CredentialsError`."""
    from desktop.credentials import store

    return store.find_key(KEY_NAME) or create_key()


def create_key() -> str:
    """Make and store a key, and return it. Raises `CredentialsError`."""
    import secrets

    from desktop.credentials import store

    key = f"intone-{secrets.token_urlsafe(32)}"
    store.store_key(KEY_NAME, key, store.look_up_key(KEY_NAME).unencrypted)
    return key


def bind_sockets(port: int) -> list[socket.socket]:
    """Return listening sockets of 127.0.0.1 and, where the machine has it, ::1. Raises `UserError`."""
    sockets = []
    try:
        sockets.append(_bind(socket.AF_INET, "127.0.0.1", port))
        with suppress(OSError):  # a machine without IPv6, or another program's port there
            sockets.append(_bind(socket.AF_INET6, "::1", sockets[0].getsockname()[1]))
    except OSError as error:
        raise UserError("serve-port-taken", port=str(port), reason=error.strerror or str(error)) from error
    return sockets


def _bind(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    server = socket.socket(family, socket.SOCK_STREAM)
    try:
        if (exclusive := getattr(socket, "SO_EXCLUSIVEADDRUSE", None)) is not None:
            server.setsockopt(socket.SOL_SOCKET, exclusive, 1)  # else others may bind the port too on Windows
        else:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((address, port))
        server.listen()
    except BaseException:
        server.close()
        raise
    return server


def _serve(paths: Paths, key: str, port: int) -> None:
    import uvicorn

    from desktop.core.log import setup_stderr_logging
    from desktop.gateway.server import create_app

    setup_stderr_logging()
    sockets = bind_sockets(port)
    config = uvicorn.Config(
        create_app(paths, key),
        http="h11",
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MAX_CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE_S,
        h11_max_incomplete_event_size=MAX_HEAD_BYTES,
    )
    port = sockets[0].getsockname()[1]
    print(
        f"Serving http://127.0.0.1:{port}/v1 until Ctrl+C. `intone serve --show-key` prints the key.", file=sys.stderr
    )
    uvicorn.Server(config).run(sockets)
