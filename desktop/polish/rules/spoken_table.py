"""Load what is said for marks and layout (`spoken.toml`, and the tables in `languages`), by language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from desktop.core.files import read_package_toml
from desktop.polish.rules.languages.cardinals import number_words
from desktop.polish.rules.languages.language import LANGUAGES, load_table

type MarkKind = Literal["mark", "line", "open", "close", "dash", "join", "option"]

_WORD_SETS = (
    "determiners",
    "pronouns",
    "adjectives",
    "after",
    "particles",
    "mentions",
    "asked",
    "before",
    "continued",
    "closed",
    "begins",
    "spelled",
    "hosts",
    "continuing",
)


@dataclass(frozen=True, slots=True)
class SpokenMark:
    """A mark: what is written for it, and the neighbouring words beside which its words mean themselves."""

    kind: MarkKind
    write: str
    pair: str = ""
    needs_pause: bool = False
    plain_after_stop: bool = False
    opens_list: bool = False
    doubtful: bool = False
    inner: bool = False
    after: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    continued: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    edges: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class MarkTable:
    """The marks of a language by their words in lower case; `pattern` finds these in a text.

    The other fields are as in the file.
    """

    spaced: bool
    marks: Mapping[str, SpokenMark]
    pattern: re.Pattern[str]
    determiners: frozenset[str]
    pronouns: frozenset[str]
    adjectives: frozenset[str]
    after: frozenset[str]
    particles: frozenset[str]
    mentions: frozenset[str]
    asked: frozenset[str]
    before: frozenset[str]
    continued: frozenset[str]
    closed: frozenset[str]
    begins: frozenset[str]
    spelled: frozenset[str]
    continuing: frozenset[str]
    hosts: frozenset[str]
    across: re.Pattern[str] | None
    greeting: re.Pattern[str] | None
    """A line that greets or takes leave; its group `bare` is a greeting without a name."""

    def mark_for(self, phrase: str) -> SpokenMark:
        """Return the mark for a match of `pattern`."""
        return self.marks[_normalize(phrase)]

    def find(self, text: str) -> list[tuple[int, int]]:
        """Return where `pattern` matches, without the places where a word lies across the edge of the mark's."""
        spans = [match.span() for match in self.pattern.finditer(text)]
        if self.across is None:
            return spans
        edges = {at for match in self.across.finditer(text) for at in range(match.start() + 1, match.end())}
        return [(start, end) for start, end in spans if edges.isdisjoint((start, end))]


@cache
def load_marks(language: str) -> MarkTable | None:
    """Return the marks of a language by its code, or None."""
    code = language.lower().partition("-")[0]
    section = _load_spoken_toml().get("zh" if code == "yue" else code)
    numbers = number_words(code).plain if code in LANGUAGES else frozenset[str]()
    return _make_table(section, numbers) if section else None


@cache
def _load_spoken_toml() -> dict[str, Any]:
    sections = read_package_toml("desktop.polish.rules", "spoken.toml")
    return sections | {language: load_table(language)["spoken"] for language in LANGUAGES}


def _make_table(section: Mapping[str, Any], numbers: frozenset[str]) -> MarkTable:
    spaced = section["spaced"]
    marks: dict[str, SpokenMark] = {}
    for entry in section["mark"]:
        mark = SpokenMark(
            kind=entry["kind"],
            write=entry["write"],
            pair=entry.get("pair", ""),
            needs_pause=entry.get("weak", False),
            plain_after_stop=entry.get("stressed", False),
            opens_list=entry.get("opens_list", False),
            doubtful=entry.get("doubtful", False),
            inner=entry.get("inner", False),
            after=_word_set(entry, "after"),
            before=_word_set(entry, "before"),
            continued=_word_set(entry, "continued"),
            kinds=_word_set(entry, "kinds"),
            units=_word_set(entry, "units"),
            edges=_word_set(entry, "edges"),
            numbers=numbers if entry.get("numbers") else frozenset(),
        )
        marks |= {_normalize(phrase): mark for phrase in entry["said"]}
    alternatives = "|".join(
        re.escape(phrase).replace(r"\ ", r"[ \t-]+") for phrase in sorted(marks, key=len, reverse=True)
    )
    pattern = rf"(?<![\w'’@/.-])(?:{alternatives})(?![\w'’@/-]|\.\w)" if spaced else f"(?:{alternatives})"
    words = {name: _word_set(section, name) for name in _WORD_SETS}
    return MarkTable(
        spaced,
        marks,
        re.compile(pattern, re.IGNORECASE),
        across=re.compile("|".join(section["across"])) if "across" in section else None,
        greeting=_greeting_pattern(section),
        **words,
    )


def _word_set(section: Mapping[str, Any], name: str) -> frozenset[str]:
    return frozenset(section.get(name, "").split())


def _normalize(phrase: str) -> str:
    return " ".join(phrase.lower().replace("-", " ").split())


def _greeting_pattern(section: Mapping[str, Any]) -> re.Pattern[str] | None:
    """Return a pattern for a line that greets or takes leave, or None."""
    if not section.get("greeting"):
        return None
    greeting = "|".join(section["greeting"].split())
    closing = "|".join(" ".join(entry.split()) for entry in section["closing"].split("|")) or "(?!)"
    after = r"(?:\s+[^\s,.]+){1,4}" if section["spaced"] else r"\w{1,8}"
    return re.compile(rf"\s*(?:(?:{greeting}){after}|{closing}|(?P<bare>{greeting}))\s*", re.IGNORECASE)
