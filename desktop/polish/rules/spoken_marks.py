"""Load what is said for marks and layout (`spoken.toml`), by language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

type Kind = Literal["mark", "line", "open", "close", "dash", "join"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark: what is written for it, and the neighbouring words beside which its words mean themselves."""

    kind: Kind
    write: str
    pair: str = ""
    weak: bool = False
    stressed: bool = False
    after: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Table:
    """The marks of a language by their words in lower case; `pattern` finds these in a text.

    The other fields are as in the file.
    """

    spaced: bool
    marks: Mapping[str, Mark]
    said: re.Pattern[str]
    determiners: frozenset[str]
    pronouns: frozenset[str]
    adjectives: frozenset[str]
    begins: frozenset[str]
    spelled: frozenset[str]
    greeted: re.Pattern[str] | None

    def mark(self, said: str) -> Mark:
        """Return the mark for a match of `pattern`."""
        return self.marks[_plain(said)]


@cache
def table(language: str) -> Table | None:
    """Return the marks of a language by its code, or None."""
    code = language.lower().partition("-")[0]
    told = _document().get("zh" if code == "yue" else code)
    return _table(told) if told else None


@cache
def _document() -> dict[str, Any]:
    return tomllib.loads(files("desktop.polish.rules").joinpath("spoken.toml").read_text(encoding="utf-8"))


def _table(told: Mapping[str, Any]) -> Table:
    spaced = told["spaced"]
    marks: dict[str, Mark] = {}
    for one in told["mark"]:
        mark = Mark(
            kind=one["kind"],
            write=one["write"],
            pair=one.get("pair", ""),
            weak=one.get("weak", False),
            stressed=one.get("stressed", False),
            after=_words(one, "after"),
            before=_words(one, "before"),
            kinds=_words(one, "kinds"),
        )
        marks |= {_plain(said): mark for said in one["said"]}
    ways = "|".join(re.escape(said).replace(r"\ ", r"[ \t-]+") for said in sorted(marks, key=len, reverse=True))
    pattern = rf"(?<![\w'’@/.-])(?:{ways})(?![\w'’@/-]|\.\w)" if spaced else f"(?:{ways})"
    words = {name: _words(told, name) for name in ("determiners", "pronouns", "adjectives", "begins", "spelled")}
    return Table(spaced, marks, re.compile(pattern, re.IGNORECASE), greeted=_greeted(told), **words)


def _words(told: Mapping[str, Any], name: str) -> frozenset[str]:
    return frozenset(told.get(name, "").split())


def _plain(said: str) -> str:
    return " ".join(said.lower().replace("-", " ").split())


def _greeted(told: Mapping[str, Any]) -> re.Pattern[str] | None:
    """Return a pattern for a line that greets or takes leave, or None."""
    if not told.get("greeting"):
        return None
    greeting = "|".join(told["greeting"].split())
    closing = "|".join(" ".join(one.split()) for one in told["closing"].split("|")) or "(?!)"
    after = r"(?:\s+[^\s,.]+){1,4}" if told["spaced"] else r"\w{1,8}"
    return re.compile(rf"\s*(?:(?:{greeting}){after}|{closing})\s*", re.IGNORECASE)
