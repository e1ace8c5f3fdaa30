"""Input parsing shared by several commands."""

from __future__ import annotations

import argparse

from desktop.core.errors import Problem

MOST = 2**63 - 1
"""The largest integer that the history's database can store."""


def positive(text: str) -> int:
    """Parse a number above 0. Raises `argparse.ArgumentTypeError`."""
    if not text.isdecimal() or len(text) > len(str(MOST)) or not 0 < int(text) <= MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {MOST}")
    return int(text)


def decoded(given: bytes) -> str:
    """Decode standard input. Raises `UserError` where it is not UTF-8."""
    try:
        return given.decode()
    except UnicodeDecodeError as error:
        raise Problem("What was given is not text in UTF-8.", "Convert it first, with `iconv` for one.") from error
