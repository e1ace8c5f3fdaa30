"""What others wrote, as a terminal may be given it: a window's title, an imported table and a server's sentence can
hold what a terminal obeys."""

from __future__ import annotations


def visible(value: object) -> str:
    """`value` on one line, with a blank for each sign that is not printed."""
    return "".join(sign if sign.isprintable() else " " for sign in str(value))
