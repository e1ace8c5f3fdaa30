"""`intone key`: store, test and remove API keys of services.

A key is read from standard input or from a prompt without echo, never from an argument, which every program on the
machine can read. It is never printed; its last four characters identify it.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from desktop.cli.common import decode_input, is_terminal
from desktop.core.errors import CredentialsError, UserError

if TYPE_CHECKING:
    from desktop.credentials.store import FoundKey

MIN_KEY_CHARS = 12
"""Minimum length in characters of a key whose last four may be shown."""

OWN_ENDPOINT = "serve"
"""The key of `intone serve`: it is the app's own, and no service accepts it."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its actions."""
    from desktop.credentials.environment import KEY_VARIABLES

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
    setting.set_defaults(run=_run_set)
    testing = actions.add_parser(
        "test",
        help="ask the service whether it accepts the key",
        description="Ask the service whether it accepts the key.",
        epilog="Example: intone key test openai",
    )
    testing.add_argument("--json", action="store_true", help="print one JSON object")
    testing.set_defaults(run=_run_test)
    removing = actions.add_parser(
        "remove",
        help="remove a key",
        description="Remove a key from the keyring, and from the file that nothing encrypts.",
        epilog="Example: intone key remove openai",
    )
    removing.set_defaults(run=_run_remove)
    for parser in (setting, testing, removing):
        parser.add_argument("name", metavar="NAME", choices=tuple(KEY_VARIABLES), help=", ".join(KEY_VARIABLES))


def _run_set(arguments: argparse.Namespace) -> int:
    from desktop.credentials import store

    name = arguments.name
    place = store.store_key(name, store.validate_key(_read_key(name)), arguments.plain)
    print(f"The key for {name} is kept in {place}.", file=sys.stderr)
    _reload_app()
    if (now := store.look_up_key(name)).is_in_environment:
        print(f"For now another one is used, from {now.place}.", file=sys.stderr)
    return 0


def _run_test(arguments: argparse.Namespace) -> int:
    import anyio

    if arguments.name == OWN_ENDPOINT:
        raise UserError("key-own")
    tested = anyio.run(_test_key, arguments.name)
    if arguments.json:
        print(json.dumps(tested, ensure_ascii=False), flush=True)
    else:
        print(tested["detail"], file=sys.stdout if tested["accepted"] else sys.stderr)
    return 0 if tested["accepted"] else 1


async def _test_key(name: str) -> dict[str, object]:
    """Ask the service whether it accepts the key; return the result with the places of both."""
    from anyio import to_thread

    from desktop.core.paths import find_paths
    from desktop.credentials import store
    from desktop.network import services
    from desktop.network.client import ServiceClient
    from desktop.settings.live import load_in_force

    settings = load_in_force(find_paths()).settings
    service = services.build_service(name, settings)
    url = settings.polish.url if name == "polish" else ""
    found = await to_thread.run_sync(store.look_up_polish_key, url, name)
    client = ServiceClient(settings.network.http)
    accepted, detail = True, ""
    try:
        await services.check_access(client, service, name)
    except UserError as problem:
        source = f" The key is from {found.place}." if found.key else ""
        accepted, detail = False, f"{problem.outside_dictation()}{source}"
    finally:
        await client.aclose()
    if accepted:
        detail = (
            f"{service.host} accepts the key{describe_key(found)}." if found.key else f"{service.host} asks for no key."
        )
    return {
        "name": name,
        "accepted": accepted,
        "host": service.host,
        "where": str(found.place or ""),
        "unencrypted": found.unencrypted,
        "detail": detail,
    }


def _run_remove(arguments: argparse.Namespace) -> int:
    from desktop.credentials import store

    name = arguments.name
    removed = store.remove_key(name)
    if removed:
        print(f"The key for {name} is removed.", file=sys.stderr)
        _reload_app()
    if (remaining := store.look_up_key(name)).key:
        print(f"There is still a key for {name} in {remaining.place}.", file=sys.stderr)
    if not removed:
        raise CredentialsError("key-not-stored", name=name)
    return 0


def describe_key(stored_key: FoundKey) -> str:
    """Return the key's last characters and its location, as the end of a sentence."""
    end = f" that ends in {stored_key.key[-4:]}" if len(stored_key.key) >= MIN_KEY_CHARS else ""
    return f"{end}, from {stored_key.place}"


def _read_key(name: str) -> str:
    if not is_terminal(sys.stdin):
        return decode_input(sys.stdin.buffer.read())
    from getpass import getpass

    return getpass(f"Key for {name} (not shown): ")


def _reload_app() -> None:
    """Have a running app reload the settings. Raises `UserError` if it cannot."""
    from desktop.core.ipc_client import send_command
    from desktop.core.paths import find_paths

    reply = send_command(find_paths(), "reload")
    if reply is not None and not reply["ok"]:
        raise UserError("change-made-not-applied", reason=str(reply["error"]))
