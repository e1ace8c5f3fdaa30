"""`intone settings`: read and change the settings without a window; a running app applies them at once."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable
from functools import partial
from typing import Literal

from desktop.cli.common import print_warnings
from desktop.core.errors import UserError
from desktop.core.ipc_client import send_command
from desktop.core.paths import find_paths
from desktop.core.text import make_printable
from desktop.settings.description import describe_setting
from desktop.settings.live import LiveSettings, load_in_force
from desktop.settings.store import LoadedSettings, get_setting, list_keys

ENCRYPTED_SETTING = "history.encrypted"
"""The setting that changes more than its line in the file."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its actions."""
    command = subparsers.add_parser(
        "settings",
        help="read and change the settings",
        description="Read and change the settings. A running Intone applies a change at once.",
        epilog="Example: intone settings set recognizer.language en,de",
    )
    actions = command.add_subparsers(metavar="ACTION", required=True)

    def add(
        name: str, action: Callable[[argparse.Namespace], None], summary: str, example: str
    ) -> argparse.ArgumentParser:
        parser = actions.add_parser(
            name, help=summary, description=f"{summary.capitalize()}.", epilog=f"Example: intone settings {example}"
        )
        parser.set_defaults(run=partial(_run, action))
        return parser

    add("list", _run_list, "print every key and its value", "list")
    getting = add("get", _run_get, "print the bare value of a key", "get polish.mode")
    describing = add(
        "describe", _run_describe, "say what a key does, what it may be, and its default", "describe polish.mode"
    )
    setting = add("set", _run_set, "change a key", "set polish.mode off")
    resetting = add("reset", _run_reset, "give a key its default again", "reset polish.mode")
    add("path", _run_path, "print where the settings file is", "path")
    for parser in (getting, describing, setting, resetting):
        parser.add_argument("key", metavar="KEY", help="a key, as `intone settings list` prints it")
    setting.add_argument("value", metavar="VALUE", help="its value; a list is separated by commas")
    describing.add_argument("--json", action="store_true", help="print one JSON object")


def _run(action: Callable[[argparse.Namespace], None], args: argparse.Namespace) -> int:
    action(args)
    return 0


def _run_list(args: argparse.Namespace) -> None:
    settings = _load_settings().settings
    for key in list_keys():
        print(f"{key} = {make_printable(get_setting(settings, key))}")


def _run_get(args: argparse.Namespace) -> None:
    print(get_setting(_load_settings().settings, args.key))


def _run_describe(args: argparse.Namespace) -> None:
    described = describe_setting(args.key)
    value = get_setting(_load_settings().settings, args.key)
    choices = [{"value": choice, "label": label} for choice, label in described.choices.items()]
    if args.json:
        answer = {**dataclasses.asdict(described), "choices": choices, "value": value}
        print(json.dumps(answer, ensure_ascii=False))
        return
    print(f"{described.label}. {described.help}")
    if described.details:
        print(described.details)
    print(f"Value: {described.form}")
    width = max(map(len, described.choices), default=0)
    for choice, label in described.choices.items():
        print(f"  {choice:{width}}  {label}".rstrip())
    print(f"Default: {described.default or '(empty)'}")
    print(f"Now: {make_printable(value) or '(empty)'}")


def _run_set(args: argparse.Namespace) -> None:
    if (args.key, args.value) == (ENCRYPTED_SETTING, "on"):
        from desktop.history.encryption import start_encryption

        start_encryption(find_paths())  # raises where encryption cannot work, so that it is not set
    live_settings = LiveSettings(find_paths())
    live_settings.write_setting(args.key, args.value)
    live_settings.save_valid()
    notify_app()
    _apply_encryption(args.key)


def _run_reset(args: argparse.Namespace) -> None:
    live_settings = LiveSettings(find_paths())
    live_settings.reset_setting(args.key)
    live_settings.save_valid()
    notify_app()
    _apply_encryption(args.key)


def _apply_encryption(key: str) -> None:
    """Encrypt or decrypt the stored data as configured, where no running app would do it."""
    if key == ENCRYPTED_SETTING and send_command(find_paths(), "status") is None:
        from desktop.audio.spool import Spool
        from desktop.history.encryption import apply_encryption, should_encrypt
        from desktop.history.schema import history_errors

        with history_errors(find_paths().history):
            encrypt = should_encrypt(find_paths().history, _load_settings())
        apply_encryption(find_paths(), lambda: encrypt, Spool(None))
        print(f"What is kept is {'' if encrypt else 'not '}encrypted now.", file=sys.stderr)


def _run_path(args: argparse.Namespace) -> None:
    print(find_paths().settings)


def _load_settings() -> LoadedSettings:
    """Load the settings in force; invalid lines are named on stderr."""
    loaded = load_in_force(find_paths())
    print_warnings(loaded)
    return loaded


def notify_app(command: Literal["reload", "history"] = "reload") -> None:
    """Have a running app reload the settings, or refresh the history. Raises `UserError` if it cannot."""
    reply = send_command(find_paths(), command)
    if reply is not None and not reply["ok"]:
        raise UserError("change-saved-not-applied", reason=str(reply["error"]))
