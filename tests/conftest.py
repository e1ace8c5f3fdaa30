"""Fixtures that stand for a machine: a display with a window manager, and real speech with its words.

What a test asks of these is made for it and taken down after it; nothing of the machine that runs the tests is used.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

LIBRIVOX = Path("/usr/share/pocketsphinx/test/data/librivox")


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording (16 kHz mono WAV) and what is said in it, lower case, without punctuation."""

    path: Path
    text: str


@pytest.fixture(scope="session")
def clips() -> list[Clip]:
    """The five sentences of Debian's pocketsphinx-testdata: real speech by a LibriVox reader, 25 s in all."""
    lines = (LIBRIVOX / "transcription").read_text().splitlines()
    found = []
    for line in lines:
        text, _, name = line.rpartition("(")
        words = text.replace("<s>", "").replace("</s>", "").strip()
        found.append(Clip(LIBRIVOX / f"{name.rstrip(')')}.wav", words))
    return found


def start_display(size: str = "1280x800x24") -> tuple[subprocess.Popen[bytes], str]:
    """Start an Xvfb on a free display number and return it with its name, once it answers."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as number:
        return server, f":{number.readline().strip()}"


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """The name of an X display with openbox on it."""
    server, name = start_display()
    manager = subprocess.Popen(["openbox"], env={**os.environ, "DISPLAY": name}, stderr=subprocess.DEVNULL)
    yield name
    for process in (manager, server):
        process.terminate()
        process.wait(timeout=5)
