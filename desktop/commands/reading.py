"""What several commands are given, and how it is read."""

from __future__ import annotations

import argparse

from desktop.problems import Problem

MOST = 2**63 - 1
"""The largest number that the history's database knows."""


def positive(text: str) -> int:
    """A number above 0. Raises `argparse.ArgumentTypeError`."""
    if not text.isdecimal() or len(text) > len(str(MOST)) or not 0 < int(text) <= MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {MOST}")
    return int(text)


def decoded(given: bytes) -> str:
    """What came by standard input, as text. Raises `Problem` where it is none."""
    try:
        return given.decode()
    except UnicodeDecodeError as error:
        raise Problem("What was given is not text in UTF-8.", "Convert it first, with `iconv` for one.") from error
