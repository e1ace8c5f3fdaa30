"""Run the grammars of wetext, two files of a language (30 ms and 8 MB for English, with the code that runs them).

The files are in the package of data `intone_grammars`, put into the wheel by packaging/grammars (docs/adr/0012).

A grammar is two transducers. The first tags the parts of a text (`time { hour: "3" minute: "30" }`), the second writes
them; in between the fields are put into the order in which they are written (wetext's `TokenParser`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

_TOKEN = re.compile(r'(\w+) \{((?: \w+: "(?:[^"\\]|\\.)*")*) \}')
_FIELD = re.compile(r' (\w+): "((?:[^"\\]|\\.)*)"')

_FIELD_ORDERS: Mapping[str, tuple[str, ...]] = {
    "date": ("year", "month", "day"),
    "fraction": ("sign", "numerator", "denominator"),
    "measure": ("numerator", "denominator", "value", "units"),
    "money": ("currency", "value", "decimal", "quantity"),
    "time": ("hour", "minute", "second", "noon", "zone"),
    "telephone": ("country_code", "number_part"),
    "electronic": ("username", "domain", "protocol"),
}
"""The order in which the second transducer expects the fields of each kind; others follow unchanged."""


class GrammarToken(NamedTuple):
    """A part of a text: its kind and its fields, named as in the grammar."""

    kind: str
    fields: tuple[tuple[str, str], ...]

    def field(self, name: str) -> str:
        """Return the value of a field, or ""."""
        return dict(self.fields).get(name, "")


def load_grammars(languages: Iterable[str]) -> None:
    """Load the grammars of `languages` now; otherwise each is loaded once, at its first use."""
    for language in languages:
        for part in ("tagger", "verbalizer"):
            _load_transducer(language, part)


@lru_cache(maxsize=512)
def tag_text(text: str, language: str) -> tuple[GrammarToken, ...]:
    """Return the tagged parts of `text` in order."""
    tagged = _load_transducer(language, "tagger")(text)
    found = (GrammarToken(kind, tuple(_FIELD.findall(fields))) for kind, fields in _TOKEN.findall(tagged))
    return tuple(found)


def write_tokens(tokens: tuple[GrammarToken, ...], language: str) -> str:
    """Return `tokens` as the library writes them."""
    return _load_transducer(language, "verbalizer")(" ".join(map(_serialize, tokens))).strip()


def _serialize(token: GrammarToken) -> str:
    fields = dict(token.fields)
    names = list(fields)
    if fields.get("preserve_order") != "true" and (order := _FIELD_ORDERS.get(token.kind)):
        names = [name for name in order if name in fields] + [name for name in names if name not in order]
    return f"{token.kind} {{" + "".join(f' {name}: "{fields[name]}"' for name in names) + " }"


@cache
def _load_transducer(language: str, part: str) -> Callable[[str], str]:
    from kaldifst import TextNormalizer

    spec = find_spec("intone_grammars")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("intone_grammars")
    transducer: Callable[[str], str] = TextNormalizer(
        str(Path(spec.submodule_search_locations[0], language, f"{part}.fst"))
    )
    return transducer
