"""The command line, `intone` and `python -m desktop`.

Stable: scripts and key bindings rely on it. Program-readable output goes to stdout, with `--json` one JSON object or
one per line; messages to the user go to stderr. Exit status: 0 done, 1 failed with a sentence, 2 wrong usage
(argparse's own). Without a command the app starts.

Only the module of the given command is imported: a key binding that runs `intone toggle` must not wait for libraries
that it does not use, and a command must not fail for one that it does not need.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from desktop import __version__
from desktop.core.errors import UserError
from desktop.core.process import (
    TRY_START,
    guard_terminal,
    is_pipe_closed,
    report_error,
    restore_import,
    restrict_to_user,
    use_utf8,
)
from desktop.credentials.environment import remove_keys_from_environ

COMMANDS = {
    "start": "remote",
    "stop": "remote",
    "toggle": "remote",
    "cancel": "remote",
    "language": "remote",
    "paste-last": "remote",
    "undo": "remote",
    "swap": "remote",
    "again": "remote",
    "find": "remote",
    "mood": "remote",
    "pause": "remote",
    "resume": "remote",
    "quit": "remote",
    "restart": "remote",
    "status": "remote",
    "listen": "listen",
    "serve": "serve",
    "mcp": "mcp",
    "transcribe": "transcribe",
    "polish": "polish",
    "emotion": "emotion",
    "bench": "bench",
    "history": "history",
    "models": "models",
    "vocabulary": "vocabulary",
    "settings": "settings",
    "prompts": "prompts",
    "devices": "devices",
    "key": "credentials",
    "doctor": "doctor",
}
"""Each command and the module of `desktop.cli` that adds it."""

EXIT_INTERRUPTED = 130
"""Exit status after Ctrl+C: 128 plus the number of SIGINT, as shells expect."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    if argv is None:
        restrict_to_user()
        use_utf8((sys.stdin, sys.stdout, sys.stderr), sys.platform)
        sys.stdout, sys.stderr = guard_terminal(sys.stdout), guard_terminal(sys.stderr)
        remove_keys_from_environ()
    arguments = sys.argv[1:] if argv is None else list(argv)
    try:
        if not arguments:
            return _start_app()
        if arguments == [TRY_START]:  # by an app that runs, of the version that was installed beneath it
            _import_app().try_start()
            arguments = ["--version"]
        args = _build_parser(arguments[0]).parse_args(arguments)
        status: int = args.run(args)
        sys.stdout.flush()
        return status
    except UserError as problem:
        report_error(str(problem.outside_dictation()), sys.stderr)
        return 1
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except OSError as error:
        if not is_pipe_closed(error, sys.stdout, sys.platform):
            raise
        # As with `intone history list | head`. Python would flush once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _start_app() -> int:
    """Start the tray app, or open the history of the one that runs, which needs none of Qt's libraries."""
    from desktop.core.ipc_client import show_running_app
    from desktop.core.paths import find_paths
    from desktop.platforms.session import lend_foreground

    lend_foreground()
    if show_running_app(find_paths()):
        print("Intone is already running; its history is open.", file=sys.stderr)
        return 0
    return int(_import_app().main())


def _import_app() -> ModuleType:
    """Return the tray app's module. Raises `UserError` where a library is missing."""
    try:
        import_module("PySide6.QtCore")
        restore_import()
        return import_module("desktop.ui.main")
    except ImportError as error:
        raise UserError("windows-unloadable", reason=str(error)) from error


def _build_parser(command: str) -> argparse.ArgumentParser:
    """Return the parser for `command`; for any other word the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="intone",
        description="Hold a key anywhere, speak, let go, and the text is in the window you were in.",
        epilog="Without a command, Intone starts in the tray, or shows its history window if it runs already.",
    )
    parser.add_argument("--version", action="version", version=f"intone {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    modules = [COMMANDS[command]] if command in COMMANDS else COMMANDS.values()
    for name in dict.fromkeys(modules):
        import_module(f"desktop.cli.{name}").register(subparsers)
    return parser


if __name__ == "__main__":
    sys.exit(main())
