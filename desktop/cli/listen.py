"""`intone listen`: print each dictation as it ends, a JSON object a line."""

from __future__ import annotations

import argparse
import json
import sys
import time

from desktop.core.errors import UserError
from desktop.core.ipc_client import Connection, open_connection
from desktop.core.paths import find_paths

RETRY_S = 1.0
"""Seconds between two looks for an app that does not run."""

PASSING = ("app-gone", "app-unresponsive")
"""Codes of what is said of an app that ends, or is too busy, as it is asked."""

RECEIVE_BYTES = 1 << 16


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "listen",
        help="print each dictation as it ends, for scripts",
        description="Print each dictation as it ends: one JSON object a line, with the keys of `intone history list "
        "--json`. What the history does not keep is not printed. Where lines are read too slowly, those that are lost "
        'are counted: {"dropped": 3}. Ends with the app. Needs Intone to run.',
        epilog="Example: intone listen | jq --unbuffered -r .text",
    )
    parser.add_argument("--wait", action="store_true", help="wait for the app where it does not run, and when it ends")
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    while True:
        try:
            opened = open_connection(find_paths(), {"command": "listen"})
        except UserError as problem:
            if not args.wait or problem.message.code not in PASSING:
                raise
            opened = None
        if opened is not None:
            if not opened.reply["ok"]:
                raise UserError("reported-message", title=opened.reply["error"], advice="")
            if _copy_lines(opened):
                return 0
        if not args.wait:
            if opened is None:
                raise UserError("app-missing")
            return 0
        if not _wait_for_reader(RETRY_S):
            return 0


def _copy_lines(opened: Connection) -> bool:
    """Print lines until the app ends; return whether the reader of ours has gone instead."""
    client, _, received = opened
    with client:
        client.settimeout(None)
        while True:
            *lines, received = received.split(b"\n")
            for line in lines:
                print(json.dumps(json.loads(line), ensure_ascii=False), flush=True)
            if not _wait_for_reader(None, client.fileno()):
                return True
            try:
                new = client.recv(RECEIVE_BYTES)
            except ConnectionError:
                new = b""
            if not new:
                return False
            received += new


def _wait_for_reader(timeout_s: float | None, source: int | None = None) -> bool:
    """Wait until `source` has something, or for `timeout_s`; return False once no program reads what is printed.

    On Windows, where that shows with the next line alone, only the time is waited for.
    """
    if sys.platform == "win32":
        if timeout_s is not None:
            time.sleep(timeout_s)
        return True
    import select

    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)  # reported is its other end's close
    if source is not None:
        poll.register(source, select.POLLIN)
    events = dict(poll.poll(None if timeout_s is None else timeout_s * 1000))
    return not events.get(sys.stdout.fileno(), 0) & (select.POLLERR | select.POLLHUP | select.POLLNVAL)
