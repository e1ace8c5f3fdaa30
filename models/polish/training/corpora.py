"""Read real English prose out of Debian packages, sentence by sentence.

What is trained and what judges come from different books, campaigns and manuals (`corpora.toml` says which and why).
Left out is what no sentence is: code, tables, headings, lists of names, other languages. Nothing here is shipped.
"""

from __future__ import annotations

import gzip
import html
import re
import struct
import tomllib
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Literal

TABLE: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
"""The sources, and small words of English."""

FEWEST_WORDS, MOST_WORDS = 4, 80
"""Words of a sentence: fewer are headings and exclamations, more are lists."""

SMALL_SHARE = 0.16
"""Share of English small words that a sentence has at least. Lists of names, code and other languages have fewer."""

_SMALL = frozenset(TABLE["small"].split())
_ABBREVIATED = re.compile(
    r"(?:\b(?:[A-HJ-Zb-z]|Mr|Mrs|Ms|Dr|St|Prof|Rev|Gen|Col|Capt|Lt|Sr|Jr|vs|etc|cf|ed|eds|e\.g|i\.e|viz|vol|Vol|pp|p"
    r"|fig|Fig|ch|Ch|Inc|Ltd|Co|Corp|al|op|approx|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.|\.\s\.)$"
)
_END = re.compile(r"[.?!…]+[\"”’')\]]*(?=\s+[\"“‘'(\[]*[A-Z0-9])")
_WHOLE = re.compile(r"[\"“‘'(]*[A-Z0-9].*[.?!…:][\"”’')]*", re.DOTALL)
_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
_PARTED = re.compile(r".\x08|(?<=[a-z])-\n\s*(?=[a-z])")
_FOREIGN_SIGN = re.compile(
    r"[{}<>|\\=~^*#@`$%\[\]_/+]|https?:|www\.|(?<!\w)-\w|--\w|\w\(\)|[^\x00-\x7f–—‘’“”…éèêëàâäöüïîôçñæœ£€°½]"
)


@dataclass(frozen=True, slots=True)
class Source:
    """Prose of one kind: `files` of Debian packages, patterns below the root, read as `form`."""

    name: str
    use: Literal["train", "judge"]
    package: str
    files: tuple[str, ...]
    form: str
    why: str
    only: frozenset[str]


def load_sources() -> dict[str, Source]:
    """Return all sources by their names."""
    return {
        row["name"]: Source(**{**row, "files": tuple(row["files"]), "only": frozenset(row.get("only", ()))})
        for row in TABLE["source"]
    }


def sentences(name: str, root: Path = Path("/")) -> Iterator[str]:
    """Yield the sentences of the source of that name, each once, in the order of its files; none if its packages are
    not installed.
    """
    source, seen = load_sources()[name], set[int]()
    for paragraph in paragraphs(source, root):
        for sentence in split_sentences(paragraph):
            key = hash(tuple(word.lower() for word in _WORD.findall(sentence)))
            if key not in seen and is_prose(sentence):
                seen.add(key)
                yield sentence


def paragraphs(source: Source, root: Path = Path("/")) -> Iterator[str]:
    """Yield the paragraphs of a source, each in one line."""
    for pattern in source.files:
        for path in sorted(root.glob(pattern)):
            if not path.is_file() or (source.form == "fortunes" and path.name not in source.only):
                continue
            for paragraph in _FORMS[source.form](path, source):
                yield " ".join(html.unescape(paragraph).split())


def split_sentences(paragraph: str) -> Iterator[str]:
    """Yield the sentences of a paragraph; not after abbreviations and initials."""
    start = 0
    for end in _END.finditer(paragraph):
        if not _ABBREVIATED.search(paragraph, start, end.end()):
            yield paragraph[start : end.end()].strip()
            start = end.end()
    yield paragraph[start:].strip()


def is_prose(sentence: str) -> bool:
    """Return whether a text is an English sentence that a user could have dictated."""
    if not _WHOLE.fullmatch(sentence) or _FOREIGN_SIGN.search(sentence):
        return False
    words = _WORD.findall(sentence)
    if not FEWEST_WORDS <= len(words) <= MOST_WORDS or sum(map(len, words)) < 0.7 * len(sentence):
        return False
    small = sum(word.lower() in _SMALL for word in words)
    return small >= SMALL_SHARE * len(words) and not sentence.isupper()


class _ProseParser(HTMLParser):
    """Collect the texts of paragraphs and items; those that hold a table or code are left out."""

    BREAKS = frozenset(("p", "dd", "li", "blockquote", "div", "td", "dt", "h1", "h2", "h3", "h4", "h5", "h6"))
    KEPT = frozenset(("p", "dd", "li", "blockquote"))
    LEFT_OUT = frozenset(("pre", "table", "script", "style", "head", "nav", "title", "sup"))

    def __init__(self, has_layout_tables: bool) -> None:
        super().__init__()
        self._left_out = self.LEFT_OUT - {"table"} if has_layout_tables else self.LEFT_OUT
        self.found: list[str] = []
        self._text: list[str] = []
        self._is_kept = False
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._left_out:
            self._depth += 1
        if tag == "br":  # most often a heading ends there
            is_kept = self._is_kept
            self.close_block()
            self._is_kept = is_kept
        if tag in self.BREAKS:
            self.close_block()
            self._is_kept = tag in self.KEPT or ("class", "para") in attrs

    def handle_endtag(self, tag: str) -> None:
        if tag in self._left_out:
            self._depth = max(0, self._depth - 1)
        if tag in self.BREAKS:
            self.close_block()

    def handle_data(self, data: str) -> None:
        if self._is_kept and not self._depth:
            self._text.append(data)

    def close_block(self) -> None:
        """End the paragraph."""
        if self._text:
            self.found.append("".join(self._text))
        self._text, self._is_kept = [], False


def _html(path: Path, source: Source) -> Iterator[str]:
    parser = _ProseParser(source.form == "html with tables for layout")
    parser.feed(_read(path))
    parser.close_block()
    return iter(parser.found)


def _fortunes(path: Path, source: Source) -> Iterator[str]:
    """Yield the paragraphs of a file of fortunes, without those who said them."""
    for fortune in re.split(r"\n%\n", _read(path)):
        said = re.split(r"\n\s*--\s*\S", fortune)[0]
        yield from re.split(r"\n\s*\n|\n(?=\t)", _PARTED.sub("", said))


def _dialogue(path: Path, source: Source) -> Iterator[str]:
    """Yield the translatable texts of a campaign: what is said, and the story."""
    for text in re.findall(r"\b(?:message|story)\s*=\s*(?:\([^)]*\)\s*)?_\s*\"((?:[^\"]|\"\")*)\"", _read(path)):
        yield from text.replace('""', '"').split("\n\n")


def _glosses(path: Path, source: Source) -> Iterator[str]:
    """Yield the examples in a file of WordNet as sentences: what is in quotes behind the bar."""
    for example in re.findall(r"^[^|]*\|.*", _read(path), re.MULTILINE):
        for said in re.findall(r'"([^"]+)"', example.partition("|")[2]):
            text = said.strip(" ;,")
            yield text[:1].upper() + text[1:] + ("" if text[-1:] in ".?!" else ".")


def _books(path: Path, source: Source) -> Iterator[str]:
    """Yield the paragraphs of a lazily loaded database of R: vectors of lines, packed one behind the other, one for
    each book.
    """
    data, at = path.read_bytes(), 0
    while at < len(data):
        unpacker = zlib.decompressobj()
        lines = _lines(unpacker.decompress(data[at + 4 :]))
        at = len(data) - len(unpacker.unused_data)
        if next(filter(None, lines), "") in source.only:
            yield from re.split(r"\n\s*\n", "\n".join(lines).replace("_", "").replace("--", " – "))


def _lines(vector: bytes) -> list[str]:
    """Return the strings of a serialized character vector of R: its head, the count, then length and bytes of each."""
    at = vector.index(struct.pack(">i", 16)) + 4
    (count,) = struct.unpack_from(">i", vector, at)
    found, at = [], at + 4
    for _ in range(count):
        _, length = struct.unpack_from(">ii", vector, at)
        found.append(vector[at + 8 : at + 8 + length].decode("utf-8", "replace"))
        at += 8 + length
    return found


def _read(path: Path) -> str:
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    return data.decode("utf-8", "replace")


_FORMS: Mapping[str, Callable[[Path, Source], Iterable[str]]] = {
    "html": _html,
    "html with tables for layout": _html,
    "fortunes": _fortunes,
    "dialogue": _dialogue,
    "glosses": _glosses,
    "books": _books,
}
