"""`intone devices`: list the microphones with the ids that `intone settings set audio.device ID,ID` accepts."""

from __future__ import annotations

import argparse
import json

from desktop.audio.microphone.devices import find_preferred, list_devices
from desktop.core.paths import find_paths
from desktop.core.text import make_printable
from desktop.settings.live import load_in_force


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser("devices", help="list the microphones", description="List the microphones.")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line: id, name, default, chosen")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print one line per microphone, the one in use marked; none at all is an empty list. Raises `MicrophoneError`."""
    found = list_devices()
    chosen = find_preferred(found, load_in_force(find_paths()).settings.audio.device)
    for device in found:
        facts = {"id": device.id, "name": device.name, "default": device.default, "chosen": device is chosen}
        if arguments.json:
            print(json.dumps(facts, ensure_ascii=False))
        else:
            default = "  (the system's default)" if device.default else ""
            print(
                f"{'*' if device is chosen else ' '} {make_printable(device.id)}  "
                f"{make_printable(device.name)}{default}"
            )
    return 0
