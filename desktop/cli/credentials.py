"""`intone key`: store, test and remove API keys of services.

A key is read from standard input or from a prompt without echo, never from an argument, which every program on the
machine can read. It is never printed; its last four characters identify it.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from desktop.cli.common import decoded
from desktop.core.errors import CredentialsProblem, Problem

if TYPE_CHECKING:
    from desktop.credentials.store import Found

SHORTEST = 12
"""Minimum length in characters of a key whose last four may be shown."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its actions."""
    from desktop.credentials.environment import NAMES

    command = subparsers.add_parser(
        "key",
        help="keep, test and remove the keys of services",
        description="Keep, test and remove the keys of services. They lie in the keyring of the operating system.",
        epilog="Example: intone key set openai < key.txt",
    )
    actions = command.add_subparsers(metavar="ACTION", required=True)
    setting = actions.add_parser(
        "set",
        help="keep a key, read from standard input or a prompt",
        description="Keep a key. It is read from standard input, or asked for without being shown.",
        epilog="Example: intone key set openai",
    )
    setting.add_argument("--plain", action="store_true", help="keep it in a file that nothing encrypts")
    setting.set_defaults(run=_set)
    testing = actions.add_parser(
        "test",
        help="ask the service whether it accepts the key",
        description="Ask the service whether it accepts the key.",
        epilog="Example: intone key test openai",
    )
    testing.add_argument("--json", action="store_true", help="print one JSON object")
    testing.set_defaults(run=_test)
    removing = actions.add_parser(
        "remove",
        help="remove a key",
        description="Remove a key from the keyring, and from the file that nothing encrypts.",
        epilog="Example: intone key remove openai",
    )
    removing.set_defaults(run=_remove)
    for parser in (setting, testing, removing):
        parser.add_argument("name", metavar="NAME", choices=tuple(NAMES), help=", ".join(NAMES))


def _set(arguments: argparse.Namespace) -> int:
    from desktop.credentials import store as credentials

    name = arguments.name
    kept = credentials.keep(name, credentials.checked(_read(name)), arguments.plain)
    print(f"The key for {name} is kept in {kept}.", file=sys.stderr)
    _apply()
    if (now := credentials.found(name)).where.startswith("the environment"):
        print(f"For now another one is used, from {now.where}.", file=sys.stderr)
    return 0


def _test(arguments: argparse.Namespace) -> int:
    import anyio

    tested = anyio.run(_tested, arguments.name)
    if arguments.json:
        print(json.dumps(tested, ensure_ascii=False), flush=True)
    else:
        print(tested["detail"], file=sys.stdout if tested["accepted"] else sys.stderr)
    return 0 if tested["accepted"] else 1


async def _tested(name: str) -> dict[str, object]:
    """Ask the service whether it accepts the key; return the result with the places of both."""
    from anyio import to_thread

    from desktop.core.paths import paths
    from desktop.credentials import store as credentials
    from desktop.network import services
    from desktop.network.client import Client
    from desktop.settings.store import load

    settings = load(paths().settings).settings
    service = services.service(name, settings)
    url = settings.polish.url if name == "polish" else ""
    found = await to_thread.run_sync(credentials.found_for_polish, url, name)
    client = Client(settings.network.http)
    accepted, detail = True, ""
    try:
        await client.ask(service, "GET", services.listing(name))
    except Problem as problem:
        whence = f" The key is from {found.where}." if found.key else ""
        accepted, detail = False, f"{problem}{whence}"
    finally:
        await client.aclose()
    if accepted:
        detail = f"{service.host} accepts the key{which(found)}." if found.key else f"{service.host} asks for no key."
    return {
        "name": name,
        "accepted": accepted,
        "host": service.host,
        "where": found.where,
        "unencrypted": found.plain,
        "detail": detail,
    }


def _remove(arguments: argparse.Namespace) -> int:
    from desktop.credentials import store as credentials

    name = arguments.name
    removed = credentials.remove(name)
    if removed:
        print(f"The key for {name} is removed.", file=sys.stderr)
        _apply()
    if (left := credentials.found(name)).key:
        print(f"There is still a key for {name} in {left.where}.", file=sys.stderr)
    if not removed:
        raise CredentialsProblem(f"No key for {name} was kept.")
    return 0


def which(found: Found) -> str:
    """Return the key's last characters and its location, as the end of a sentence."""
    end = f" that ends in {found.key[-4:]}" if len(found.key) >= SHORTEST else ""
    return f"{end}, from {found.where}"


def _read(name: str) -> str:
    if not sys.stdin.isatty():
        return decoded(sys.stdin.buffer.read())
    from getpass import getpass

    return getpass(f"Key for {name} (not shown): ")


def _apply() -> None:
    """Have a running app reload the settings. Raises `UserError` if it cannot."""
    from desktop.app.ipc import ask
    from desktop.core.paths import paths

    reply = ask(paths(), "reload")
    if reply is not None and not reply["ok"]:
        raise Problem("The change is made, but Intone could not take it up.", reply["error"])
