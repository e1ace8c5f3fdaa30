"""Commands, run as from a shell in a home of their own."""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from desktop.__main__ import _build_parser as build_parser
from desktop.__main__ import main
from tests.contracts.surface import sources

WIDTH = "1000"
"""Columns: so wide that each option is a line, and stays one when its help gets longer."""


@contextmanager
def home() -> Iterator[Path]:
    """A home with nothing around it: no display, no session, no keys."""
    with (
        tempfile.TemporaryDirectory(prefix="intone-surface-") as name,
        environment(
            HOME=name,
            INTONE_HOME=name,
            XDG_RUNTIME_DIR=name,
            PATH=os.environ["PATH"],
            PYTHON_KEYRING_BACKEND="keyring.backends.null.Keyring",
            COLUMNS=WIDTH,
            NO_COLOR="1",
        ),
    ):
        yield Path(name)


@contextmanager
def environment(**variables: str) -> Iterator[None]:
    """Have `variables` and no others in the environment until the block ends."""
    before = dict(os.environ)
    try:
        os.environ.clear()
        os.environ.update(variables)
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def intone(*arguments: str, given: str = "") -> str:
    """Run a command with `given` on standard input; return its standard output. Whether it fails is not asked."""
    stdin, out = sys.stdin, io.StringIO()
    sys.stdin = io.TextIOWrapper(io.BytesIO(given.encode()))
    try:
        with redirect_stdout(out), redirect_stderr(io.StringIO()):
            main(arguments)
    except SystemExit:
        pass
    finally:
        sys.stdin = stdin
    return out.getvalue()


def apart(*arguments: str) -> str:
    """Run a command in a process of its own: one that opens PortAudio or looks at all libraries."""
    command = [sys.executable, "-m", "desktop", *arguments]
    return subprocess.run(command, cwd=sources.ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout


def commands() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of each command and subcommand by its words; that of `intone` itself is first."""
    return dict(_below("", build_parser("")))


def _below(words: str, command: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    yield words, command
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, child in action.choices.items():
                yield from _below(f"{words} {name}".strip(), child)
