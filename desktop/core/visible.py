"""Make foreign text safe for a terminal: a window's title, an imported table and a server's message can contain escape
sequences."""

from __future__ import annotations


def make_printable(value: object) -> str:
    """Return `value` on one line, with a space for each character that is not printable."""
    return "".join(sign if sign.isprintable() else " " for sign in str(value))
