"""Keep the texts in exported tables from being read as formulas.

A spreadsheet takes a text that begins with `=`, `+`, `-` or `@` for a formula, which may access a network or start a
program, and our tables contain foreign text: recognized words, names of programs. So such a text gets an apostrophe
before it in our files, and loses it when we read them. A text that begins with an apostrophe before such a sign gets
one more, so that every text is read back unchanged.
"""

from __future__ import annotations

import re

_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


def escape_formula(cell: str) -> str:
    """Return `cell` escaped, so that no spreadsheet calculates it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unescape_formula(cell: str) -> str:
    """Return the text that `escape_formula` was called with."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
