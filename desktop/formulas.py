"""A text in a table stays one: a spreadsheet takes what begins with `=`, `+`, `-` or `@` for a formula, which may ask a
network or start a program. What is in our tables came from anywhere: what was heard, another program's name.

So such a text has an apostrophe before it in a file of ours, and loses it where we read the file again. One that begins
with an apostrophe before such a sign has one more, so that every text comes back as it was.
"""

from __future__ import annotations

import re

_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


def as_text(cell: str) -> str:
    """What is written for `cell`, so that no spreadsheet calculates it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def read_back(cell: str) -> str:
    """What `as_text` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
