"""Join symbols that were said one by one: equals equals, dot dot slash."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from desktop.polish.rules.code_reader import CodeToken

_PAIRS = {
    "= =": "==",
    "== =": "===",
    "!= =": "!==",
    "! =": "!=",
    "! ==": "!==",
    "< =": "<=",
    "> =": ">=",
    "+ =": "+=",
    "minus =": "-=",
    "dash =": "-=",
    "times =": "*=",
    "< <": "<<",
    "> >": ">>",
    "+ +": "++",
    "& &": "&&",
    "| |": "||",
    "* *": "**",
    ": :": "::",
    ": =": ":=",
    "/ /": "//",
    "_ _": "__",
    "dash dash": "dash dash",
    "dash >": "->",
    "minus >": "->",
    "= >": "=>",
    ". .": "..",
    ".. .": "...",
    "... .": "...",
    ". /": "./",
    ".. /": "../",
    "~ /": "~/",
    "? .": "?.",
    "? ?": "??",
    "# !": "#!",
}
"""Two symbols, and the one that they are together. A fourth dot is one too many."""


def merge_symbols(tokens: Sequence[CodeToken], conditions: Collection[str]) -> list[CodeToken]:
    """Return `tokens` with symbols joined. A single equals compares in a line that begins with one of `conditions`."""
    merged: list[CodeToken] = []
    for token in tokens:
        merged.append(token)
        while len(merged) > 1 and (joined := _join(*merged[-2:])):
            merged[-2:] = [CodeToken("symbol", joined)]
    first = next((token.text for token in merged if token.kind != "layout"), "")
    if first in conditions:
        return [CodeToken("symbol", "==") if token == CodeToken("symbol", "=") else token for token in merged]
    return merged


def _join(first: CodeToken, second: CodeToken) -> str | None:
    are_symbols = first.kind == second.kind == "symbol"
    return _PAIRS.get(f"{first.text} {second.text}") if are_symbols else None
