"""What runs in a terminal that is dictated into: `terminal_reader.py LOG` logs all that was typed so far."""

from __future__ import annotations

import json
import os
import sys
import time
import tty
from pathlib import Path

log = sys.argv[1]


def note(event: str, text: str = "") -> None:
    with Path(log).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"at": time.monotonic(), "event": event, "text": text}) + "\n")


tty.setcbreak(sys.stdin.fileno())
note("ready")
typed = b""
while part := os.read(sys.stdin.fileno(), 65536):
    typed += part
    note("text", typed.decode(errors="replace"))
