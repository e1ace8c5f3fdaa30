"""Import and export a vocabulary as TOML, CSV, or plain words, one per line.

`.toml` has `words` beside the sections of our own file. `.csv` has a kind, what is heard and what is written per row;
in tables of other programs a row of two cells is a replacement and a row of one is a word. Any other file is a list of
words. An invalid line affects nothing else.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from desktop.core.errors import SettingsProblem
from desktop.core.formulas import as_text, read_back
from desktop.vocabulary.phrases import folded
from desktop.vocabulary.store import objection
from desktop.vocabulary.vocabulary import Vocabulary

LARGEST = 2**20
"""Most bytes of a file: ten thousand entries take half of it."""

KINDS = ("word", "replacement", "snippet")
HEADER = ("kind", "heard", "written")
HEADINGS = frozenset(("kind", "type", "word", "words", "term", "heard", "from", "original", "original text", "spoken"))
"""First cells of a table's first row that mark it as a heading."""


@dataclass(slots=True)
class Read:
    """The entries of a file, each once, and in `problems` a sentence for each unusable line.

    `_entry_keys` maps a kind and a folded key to the entry; words differ by their letters.
    """

    words: list[str] = field(default_factory=list)
    replacements: dict[str, str] = field(default_factory=dict)
    snippets: dict[str, str] = field(default_factory=dict)
    bad: list[str] = field(default_factory=list)
    _places: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)

    def add(self, where: str, kind: str, heard: str, written: object = "") -> None:
        """Add an entry; of two that match the same texts the last wins. `where` names its line."""
        heard = heard.strip()
        if kind == "word":
            if why := no_word(heard):
                self.bad.append(f"{where}: {why}")
            elif (kind, heard) not in self._places:
                self._places[kind, heard] = heard
                self.words.append(heard)
        elif kind not in KINDS:
            self.bad.append(f"{where}: {kind!r} is none of {', '.join(KINDS)}.")
        elif why := objection(heard, written):
            self.bad.append(f"{where}: {why[0].upper()}{why[1:]}.")
        else:
            entries = self.replacements if kind == "replacement" else self.snippets
            before = self._places.get((kind, place := folded(heard)))
            if before is not None:
                del entries[before]
            entries[heard] = str(written)
            self._places[kind, place] = heard


def no_word(word: str) -> str:
    """Return why this is no word to listen for, in a sentence; empty if it is one."""
    if not folded(word) or "," in word or "\n" in word or len(word) > 100:
        return "A word has a letter or a digit, no comma, and at most 100 characters."
    return ""


def read(path: Path) -> Read:
    """Return the entries of the file at `path`. Raises `SettingsError` if it cannot be read at all."""
    try:
        with path.open("rb") as opened:
            data = opened.read(LARGEST + 1)
        if len(data) > LARGEST:
            remedy = "Take out what is no vocabulary, or take it in by parts: 1 MB at most at a time."
            raise SettingsProblem(f"{path} is too large for a vocabulary.", remedy)
        text = io.TextIOWrapper(io.BytesIO(data), "utf-8-sig").read()
    except OSError as error:
        raise SettingsProblem(f"{path} cannot be read ({error.strerror}).", "Check its name.") from error
    except UnicodeDecodeError as error:
        raise SettingsProblem(f"{path} is not text in UTF-8.", "Save it so, and import it again.") from error
    found = Read()
    form = {".toml": _toml, ".csv": _csv}.get(path.suffix.lower(), _lines)
    form(text, path, found)
    return found


def write(vocabulary: Vocabulary, path: Path) -> int:
    """Write all entries to `path` in the format of its suffix, and return their number. Raises `SettingsError`."""
    form = FORMS.get(path.suffix.lower())
    if form is None:
        remedy = f"Give the file a name that ends in one of {', '.join(FORMS)}."
        raise SettingsProblem(f"The vocabulary cannot be exported as {path.name}.", remedy)
    text, count = form(vocabulary)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SettingsProblem(f"{path} cannot be written ({error.strerror}).", "Choose another place.") from error
    return count


def _lines(text: str, path: Path, found: Read) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            found.add(f"{path.name}, line {number}", "word", line)


def _csv(text: str, path: Path, found: Read) -> None:
    rows = csv.reader(io.StringIO(text, newline=""))
    try:
        for row in rows:
            cells = [cell for cell in row if cell.strip()]
            first = cells[0].strip().lower() if cells else ""
            ours = first in KINDS and len(row) >= len(HEADER)
            if not cells or (rows.line_num == 1 and first in HEADINGS and not ours):
                continue
            where = f"{path.name}, line {rows.line_num}"
            if ours:
                found.add(where, first, read_back(row[1]), read_back(row[2]))
            elif len(cells) > 1:
                found.add(where, "replacement", cells[0], cells[1])
            else:
                found.add(where, "word", cells[0])
    except csv.Error as error:
        found.bad.append(f"{path.name}, line {rows.line_num}: {error}. What comes after it is not read.")


def _toml(text: str, path: Path, found: Read) -> None:
    try:
        document = tomlkit.parse(text).unwrap()
    except TOMLKitError as error:
        raise SettingsProblem(f"{path} is not valid TOML ({error}).", "Mend it and import it again.") from error
    words = document.get("words", [])
    for word in words if isinstance(words, list) else [words]:
        found.add(f"{path.name}: words", "word", str(word))
    for kind in KINDS[1:]:
        entries = document.get(f"{kind}s", {})
        for heard, written in entries.items() if isinstance(entries, dict) else ():
            found.add(f"{path.name}: {kind}s: {heard!r}", kind, heard, written)


def _entries(vocabulary: Vocabulary) -> Iterator[tuple[str, str, str]]:
    yield from (("word", word, "") for word in vocabulary.words)
    yield from (("replacement", *entry) for entry in vocabulary.replacements.items())
    yield from (("snippet", *entry) for entry in vocabulary.snippets.items())


def _as_csv(vocabulary: Vocabulary) -> tuple[str, int]:
    out, entries = io.StringIO(newline=""), list(_entries(vocabulary))
    table = csv.writer(out)
    table.writerows((HEADER, *(map(as_text, entry) for entry in entries)))
    return out.getvalue(), len(entries)


def _as_toml(vocabulary: Vocabulary) -> tuple[str, int]:
    document: dict[str, object] = {"words": list(vocabulary.words)}
    sections: Mapping[str, Mapping[str, str]] = {
        "replacements": vocabulary.replacements,
        "snippets": vocabulary.snippets,
    }
    document |= {name: dict(entries) for name, entries in sections.items()}
    return tomlkit.dumps(document), len(list(_entries(vocabulary)))


def _as_lines(vocabulary: Vocabulary) -> tuple[str, int]:
    return "".join(f"{word}\n" for word in vocabulary.words), len(vocabulary.words)


FORMS: Mapping[str, Callable[[Vocabulary], tuple[str, int]]] = {".toml": _as_toml, ".csv": _as_csv, ".txt": _as_lines}
