"""Import and export a vocabulary as TOML, CSV, or plain words, one per line.

`.toml` has `words` beside the sections of our own file. `.csv` has a kind, what is heard and what is written per row
(of a word, and of what is left as it is heard, nothing);
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

from desktop.core.errors import SettingsError
from desktop.core.messages import Message, PartList
from desktop.core.spreadsheet import escape_formula, unescape_formula
from desktop.vocabulary.store import as_sentence, find_problem
from desktop.vocabulary.vocabulary import Vocabulary, fold_phrase

MAX_BYTES = 2**20
"""Most bytes of a file: ten thousand entries take half of it."""

FILE_KINDS = ("word", "replacement", "snippet", "kept")
HEADER = ("kind", "heard", "written")
HEADINGS = frozenset(("kind", "type", "word", "words", "term", "heard", "from", "original", "original text", "spoken"))
"""First cells of a table's first row that mark it as a heading."""


@dataclass(slots=True)
class ImportedVocabulary:
    """The entries of a file, each once, and in `warnings` a message for each unusable line.

    `_entry_keys` maps a kind and a folded key to the entry; words differ by their letters.
    """

    words: list[str] = field(default_factory=list)
    replacements: dict[str, str] = field(default_factory=dict)
    snippets: dict[str, str] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    warnings: list[Message] = field(default_factory=list)
    _entry_keys: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)

    def add_entry(self, where: str, kind: str, heard: str, written: object = "") -> None:
        """Add an entry; of two that match the same texts the last wins. `where` names its line."""
        heard = heard.strip()
        if kind == "word":
            if problem := find_word_problem(heard):
                self.warnings.append(Message("vocabulary-line-word-invalid", where=where, reason=problem))
            elif (kind, heard) not in self._entry_keys:
                self._entry_keys[kind, heard] = heard
                self.words.append(heard)
        elif kind not in FILE_KINDS:
            self.warnings.append(
                Message("vocabulary-line-kind-unknown", where=where, kind=repr(kind), kinds=PartList((*FILE_KINDS,)))
            )
        elif problem := find_problem(heard, heard if kind == "kept" else written):
            self.warnings.append(Message("vocabulary-line-invalid", where=where, reason=as_sentence(problem)))
        elif kind == "kept":
            if (kind, folded := fold_phrase(heard)) not in self._entry_keys:
                self._entry_keys[kind, folded] = heard
                self.kept.append(heard)
        else:
            entries = self.replacements if kind == "replacement" else self.snippets
            previous = self._entry_keys.get((kind, folded := fold_phrase(heard)))
            if previous is not None:
                del entries[previous]
            entries[heard] = str(written)
            self._entry_keys[kind, folded] = heard


def find_word_problem(word: str) -> Message | None:
    """Return why this is no word to listen for; None if it is one."""
    if not fold_phrase(word) or "," in word or "\n" in word or len(word) > 100:
        return Message("vocabulary-word-rule")
    return None


def read_vocabulary(path: Path) -> ImportedVocabulary:
    """Return the entries of the file at `path`. Raises `SettingsError` if it cannot be read at all."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise SettingsError("vocabulary-file-too-large", path=str(path))
        text = io.TextIOWrapper(io.BytesIO(data), "utf-8-sig").read()
    except OSError as error:
        raise SettingsError("vocabulary-file-unreadable", path=str(path), reason=str(error.strerror)) from error
    except UnicodeDecodeError as error:
        raise SettingsError("vocabulary-file-not-utf8", path=str(path)) from error
    imported = ImportedVocabulary()
    parse = {".toml": _parse_toml, ".csv": _parse_csv}.get(path.suffix.lower(), _parse_lines)
    parse(text, path, imported)
    return imported


def write_vocabulary(vocabulary: Vocabulary, path: Path) -> int:
    """Write all entries to `path` in the format of its suffix, and return their number. Raises `SettingsError`."""
    render = EXPORT_FORMATS.get(path.suffix.lower())
    if render is None:
        raise SettingsError("vocabulary-export-format", name=path.name, formats=PartList((*EXPORT_FORMATS,)))
    text, count = render(vocabulary)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SettingsError("export-unwritable", path=str(path), reason=str(error.strerror)) from error
    return count


def _parse_lines(text: str, path: Path, imported: ImportedVocabulary) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            imported.add_entry(f"{path.name}, line {number}", "word", line)


def _parse_csv(text: str, path: Path, imported: ImportedVocabulary) -> None:
    rows = csv.reader(io.StringIO(text, newline=""))
    try:
        for row in rows:
            cells = [cell for cell in row if cell.strip()]
            first = cells[0].strip().lower() if cells else ""
            is_own_row = first in FILE_KINDS and len(row) >= len(HEADER)
            if not cells or (rows.line_num == 1 and first in HEADINGS and not is_own_row):
                continue
            where = f"{path.name}, line {rows.line_num}"
            if is_own_row:
                imported.add_entry(where, first, unescape_formula(row[1]), unescape_formula(row[2]))
            elif len(cells) > 1:
                imported.add_entry(where, "replacement", cells[0], cells[1])
            else:
                imported.add_entry(where, "word", cells[0])
    except csv.Error as error:
        imported.warnings.append(
            Message("vocabulary-table-broken", file=path.name, line=rows.line_num, reason=str(error))
        )


def _parse_toml(text: str, path: Path, imported: ImportedVocabulary) -> None:
    try:
        document = tomlkit.parse(text).unwrap()
    except TOMLKitError as error:
        raise SettingsError("vocabulary-file-not-toml", path=str(path), reason=str(error)) from error
    words = document.get("words", [])
    for word in words if isinstance(words, list) else [words]:
        imported.add_entry(f"{path.name}: words", "word", str(word))
    kept = document.get("kept", [])
    kept = kept.get("words", []) if isinstance(kept, dict) else kept
    for heard in kept if isinstance(kept, list) else [kept]:
        imported.add_entry(f"{path.name}: kept", "kept", str(heard))
    for kind in ("replacement", "snippet"):
        entries = document.get(f"{kind}s", {})
        for heard, written in entries.items() if isinstance(entries, dict) else ():
            imported.add_entry(f"{path.name}: {kind}s: {heard!r}", kind, heard, written)


def _iter_entries(vocabulary: Vocabulary) -> Iterator[tuple[str, str, str]]:
    yield from (("word", word, "") for word in vocabulary.words)
    yield from (("replacement", *entry) for entry in vocabulary.replacements.items())
    yield from (("snippet", *entry) for entry in vocabulary.snippets.items())
    yield from (("kept", phrase, "") for phrase in vocabulary.kept)


def _as_csv(vocabulary: Vocabulary) -> tuple[str, int]:
    out, entries = io.StringIO(newline=""), list(_iter_entries(vocabulary))
    table = csv.writer(out)
    table.writerows((HEADER, *(map(escape_formula, entry) for entry in entries)))
    return out.getvalue(), len(entries)


def _as_toml(vocabulary: Vocabulary) -> tuple[str, int]:
    document: dict[str, object] = {"words": list(vocabulary.words)}
    sections: Mapping[str, Mapping[str, str]] = {
        "replacements": vocabulary.replacements,
        "snippets": vocabulary.snippets,
    }
    document |= {name: dict(entries) for name, entries in sections.items()}
    if vocabulary.kept:
        document["kept"] = {"words": list(vocabulary.kept)}
    return tomlkit.dumps(document), len(list(_iter_entries(vocabulary)))


def _as_lines(vocabulary: Vocabulary) -> tuple[str, int]:
    return "".join(f"{word}\n" for word in vocabulary.words), len(vocabulary.words)


EXPORT_FORMATS: Mapping[str, Callable[[Vocabulary], tuple[str, int]]] = {
    ".toml": _as_toml,
    ".csv": _as_csv,
    ".txt": _as_lines,
}
