"""`intone settings`: read and change the settings without a window; a running app applies them at once."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from typing import Literal

from desktop.app.ipc import ask
from desktop.core.errors import Problem
from desktop.core.paths import paths
from desktop.core.visible import visible
from desktop.settings.schema import Settings
from desktop.settings.store import get, keys, load, put, reset

ENCRYPTED = "history.encrypted"
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

    add("list", _list, "print every key and its value", "list")
    getting = add("get", _get, "print the bare value of a key", "get polish.mode")
    setting = add("set", _set, "change a key", "set polish.mode off")
    resetting = add("reset", _reset, "give a key its default again", "reset polish.mode")
    add("path", _path, "print where the settings file is", "path")
    for parser in (getting, setting, resetting):
        parser.add_argument("key", metavar="KEY", help="a key, as `intone settings list` prints it")
    setting.add_argument("value", metavar="VALUE", help="its value; a list is separated by commas")


def _run(action: Callable[[argparse.Namespace], None], args: argparse.Namespace) -> int:
    action(args)
    return 0


def _list(args: argparse.Namespace) -> None:
    loaded = _loaded()
    for key in keys():
        print(f"{key} = {visible(get(loaded, key))}")


def _get(args: argparse.Namespace) -> None:
    print(get(_loaded(), args.key))


def _set(args: argparse.Namespace) -> None:
    if (args.key, args.value) == (ENCRYPTED, "on"):
        from desktop.history.encryption import begin

        begin(paths())  # raises where encryption cannot work, so that it is not set
    put(paths().settings, args.key, args.value)
    apply()
    _sealed(args.key)


def _reset(args: argparse.Namespace) -> None:
    reset(paths().settings, args.key)
    apply()
    _sealed(args.key)


def _sealed(key: str) -> None:
    """Encrypt or decrypt the stored data as configured, where no running app would do it."""
    if key == ENCRYPTED and ask(paths(), "status") is None:
        from desktop.audio.spool import Spool
        from desktop.history.encryption import bring_about, is_wanted
        from desktop.history.schema import problems

        with problems(paths().history):
            wanted = is_wanted(paths().history, _loaded().history)
        bring_about(paths(), lambda: wanted, Spool(None))
        print(f"What is kept is {'' if wanted else 'not '}encrypted now.", file=sys.stderr)


def _path(args: argparse.Namespace) -> None:
    print(paths().settings)


def _loaded() -> Settings:
    """Load the settings in force; invalid lines are named on stderr."""
    loaded = load(paths().settings)
    for sentence in loaded.dropped:
        print(sentence, file=sys.stderr)
    if not loaded.readable and ask(paths(), "status") is not None:
        print("The Intone that runs goes on with what was in force before.", file=sys.stderr)
    return loaded.settings


def apply(what: Literal["reload", "history"] = "reload") -> None:
    """Have a running app reload the settings, or refresh the history. Raises `UserError` if it cannot."""
    reply = ask(paths(), what)
    if reply is not None and not reply["ok"]:
        raise Problem("The change is saved, but Intone could not apply it.", reply["error"])
