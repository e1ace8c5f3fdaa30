"""The commands that drive the running app: `intone start`, `stop`, `toggle` and the others of `ACTIONS`.

Key bindings of Wayland compositors call this, so it touches nothing but the socket.
"""

from __future__ import annotations

import argparse
import json
import sys

from desktop.core.errors import UserError
from desktop.core.ipc_client import Reply, send_command
from desktop.core.paths import find_paths
from desktop.core.text import make_printable

ACTIONS = {
    "start": "begin to listen",
    "stop": "end listening and paste what was said",
    "toggle": "begin to listen, or end it",
    "cancel": "end listening and paste nothing",
    "language": "expect the next of your languages",
    "paste-last": "paste the last dictation again",
    "undo": "take back what was inserted last, if nothing has changed there since",
    "swap": "put the text as it was spoken where the polished one was inserted, or the other way round",
    "again": "begin to listen to a word of the last text said again, or end it",
    "find": "open the dictation that the selected text is from",
    "mood": "note how you sound, or no more: turn `emotion.engine` off, or back to what it was",
    "pause": "give the keys back to other programs until `intone resume`",
    "resume": "take the keys again after `intone pause`",
    "quit": "end the app",
    "restart": "end the app once no dictation runs, and start the version that is installed",
}

TIMEOUT_S, LONG_TIMEOUT_S = 10.0, 60.0
"""Seconds for the app's reply, and for that on a paste or a restart: a paste waits until the dictation before it is in
the history, and each of the two windows may take 8 s to read its text; a restart, until the new version has tried to
start."""

PASTES = ("paste-last", "swap", "again")
"""Commands that paste a text, of which the app replies what became of it."""

LONG_COMMANDS = (*PASTES, "restart")

PLACES = ("1", "2", "3", "4", "all")
"""Answers to the question which place of the last text is meant."""

STATUS_KEYS = ("state", "ready", "engine", "model", "device", "note", "languages", "last")


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    for name, summary in ACTIONS.items():
        exit_status = " Exit status 1 if it is not pasted, with the reason." if name in PASTES else ""
        parser = subparsers.add_parser(
            name,
            help=summary,
            description=f"{summary.capitalize()}.{exit_status} Needs Intone to run.",
            epilog=f"Example: bind a key of your desktop to `intone {name}`.",
        )
        if name == "paste-last":
            parser.add_argument("--raw", action="store_true", help="as it was spoken, not as it was polished")
        if name == "again":
            parser.add_argument(
                "place", nargs="?", choices=PLACES, help="which of the places that the pill asks about is meant"
            )
        parser.set_defaults(run=run_command, command=name, raw=False, place=None)
    parser = subparsers.add_parser(
        "status",
        help="say what the app is doing",
        description="Say what the app is doing. Exit status 1 if it is not running.",
        epilog="Example: intone status --json",
    )
    parser.add_argument("--json", action="store_true", help=f"print a JSON object: {', '.join(STATUS_KEYS)}")
    parser.set_defaults(run=print_status)


def run_command(args: argparse.Namespace) -> int:
    """Send the command to the running app, and print what it has to say of it."""
    name, timeout_s = args.command, LONG_TIMEOUT_S if args.command in LONG_COMMANDS else TIMEOUT_S
    option = "raw" if args.raw else args.place
    reply = _send_command(f"{name}-{option}" if option else name, timeout_s)
    if note := reply.get("note"):
        print(make_printable(note), file=sys.stderr)
    return 0


def print_status(args: argparse.Namespace) -> int:
    """Print the app's status."""
    reply = _send_command("status")
    if args.json:
        found = {"languages": [], **reply}  # an older app does not say them
        print(json.dumps({key: found[key] for key in STATUS_KEYS}, ensure_ascii=False))
    else:
        print(make_printable(_format_status(reply)))
    return 0


def _send_command(command: str, timeout_s: float = TIMEOUT_S) -> Reply:
    reply = send_command(find_paths(), command, timeout_s)
    if reply is None:
        raise UserError("app-missing")
    if not reply["ok"]:
        raise UserError("reported-message", title=reply["error"], advice="")
    return reply


def _format_status(reply: Reply) -> str:
    where = f" on {reply['device']}" if reply["device"] else ""
    ready = "ready" if reply["ready"] else "not ready; `intone doctor` says why"
    way = "Texts go in by the input method. " if reply.get("input_method") else ""  # an older app does not say
    why = reply["note"] or reply.get("model_reason", "")
    return f"Intone is {reply['state']} ({_describe_engine(reply)}{where}) and {ready}. {way}{why}".rstrip()


def _describe_engine(reply: Reply) -> str:
    if title := reply.get("engine_title"):  # an older app has none
        return str(title)
    if reply["engine"] == "whisper" and not reply["model"]:
        return "a model on this machine"
    return " ".join(part for part in (reply["engine"], reply["model"]) if part)
