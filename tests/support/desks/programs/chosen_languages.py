"""Print the languages that Intone has chosen for the dictation that runs, as soon as it has, and cancel it.

One process for each press: each start of `intone` takes longer than all the rest on a busy machine.
"""

from __future__ import annotations

import json
import sys
from threading import Event
from time import monotonic

from desktop.core.ipc_client import send_command
from desktop.core.paths import find_paths

TIMEOUT_S, POLL_S = 30.0, 0.02

BEGUN = "starting", "listening"


def main() -> None:
    """Wait for the languages, cancel, and wait until Intone listens no more."""
    paths, deadline = find_paths(), monotonic() + TIMEOUT_S
    languages: list[str] = []
    while not languages and monotonic() < deadline:
        languages = (send_command(paths, "status") or {}).get("languages", [])
        Event().wait(POLL_S)
    send_command(paths, "cancel")
    while (send_command(paths, "status") or {}).get("state") in BEGUN and monotonic() < deadline:
        Event().wait(POLL_S)
    sys.stdout.write(json.dumps(languages))


if __name__ == "__main__":
    main()
