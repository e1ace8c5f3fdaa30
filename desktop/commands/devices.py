"""`intone devices`: the microphones, by the ids that `intone settings set audio.device ID` takes."""

from __future__ import annotations

import argparse
import json

from desktop.microphone import devices


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser("devices", help="list the microphones", description="List the microphones.")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line: id, name, default")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print a line a microphone, the default one marked; none at all is an empty list. Raises `MicrophoneProblem`."""
    for device in devices():
        if arguments.json:
            print(json.dumps({"id": device.id, "name": device.name, "default": device.default}, ensure_ascii=False))
        else:
            print(f"{'*' if device.default else ' '} {device.id}  {device.name}")
    return 0
