"""Recordings decoded whole by faster-whisper as it comes: what the app's own cutting is compared with.

In a process of its own (`python -m tests.prove.batch MODEL FILE...`), so that its memory and threads are gone before
anything is measured.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from desktop.audio.file import read_audio
from tests.prove.record import MODELS, ROOT


def batch(model: str, files: Sequence[Path]) -> list[str]:
    """The text of each file."""
    command = [sys.executable, "-m", "tests.prove.batch", model, *map(str, files)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def main() -> None:
    """Print the text of each file as a JSON string."""
    from faster_whisper import WhisperModel

    model, *files = sys.argv[1:]
    whisper = WhisperModel(str(MODELS / model), device="auto", compute_type="int8")
    for file in files:
        segments, _ = whisper.transcribe(
            read_audio(Path(file)), language="en", beam_size=5, condition_on_previous_text=False
        )
        text = " ".join(segment.text.strip() for segment in segments)
        sys.stdout.write(json.dumps(text) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
