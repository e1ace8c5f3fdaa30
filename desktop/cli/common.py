"""Parse input and print answers, as several commands do."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, TextIO

from desktop.core.errors import UserError

if TYPE_CHECKING:
    from desktop.settings.store import LoadedSettings

MAX_NUMBER = 2**63 - 1
"""The largest integer that the history's database can store."""


def parse_positive(text: str) -> int:
    """Parse a number above 0. Raises `argparse.ArgumentTypeError`."""
    if not text.isdecimal() or len(text) > len(str(MAX_NUMBER)) or not 0 < int(text) <= MAX_NUMBER:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {MAX_NUMBER}")
    return int(text)


def is_terminal(stream: TextIO) -> bool:
    """Return whether a user types into `stream`; on Windows the null device calls itself a terminal as well."""
    if sys.platform == "win32" and stream.isatty():
        from desktop.core.windows_files import is_console

        return is_console(stream.fileno())
    return stream.isatty()


def read_text_input() -> str:
    """Return all of standard input without its last line end; those of Windows become ours. Raises as
    `decode_input`."""
    return decode_input(sys.stdin.buffer.read()).replace("\r\n", "\n").removesuffix("\n")


def decode_input(data: bytes) -> str:
    """Decode standard input. Raises `UserError` where it is not UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise UserError("input-not-utf8") from error


def print_warnings(loaded: LoadedSettings) -> None:
    """Print on standard error which lines of the settings file are invalid, and what follows from that."""
    for sentence in loaded.warnings:
        print(sentence, file=sys.stderr)


def print_answer(args: argparse.Namespace, answer: dict[str, object], sentence: str) -> None:
    """Print the answer as JSON with `--json`, otherwise the sentence."""
    print(json.dumps(answer, ensure_ascii=False) if args.json else sentence)
