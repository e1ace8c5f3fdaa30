"""Read and change `vocabulary.toml`, beside the settings: replacements and snippets.

The file is written for people and changed like the settings (`desktop.settings.store`): comments and order are kept,
and an invalid entry affects nothing else. Words to listen for are a setting, since they have no second half.

    [replacements]
    "get hub" = "GitHub"

    [snippets]
    "my address" = \"\"\"12 High Street
    London\"\"\"

`[declined]` holds suggestions that the user refused, so that they are not made again. They come from dictations, so
they are deleted with the history when everything is deleted. `[kept]` has in `words` what is to be left as it is heard,
although it sounds like one of the user's words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

import tomlkit
from tomlkit.items import AoT, Comment, Item, Key, String, Table, Whitespace

from desktop.core.errors import SettingsError
from desktop.core.messages import Message
from desktop.settings.file import edit_document, read_values
from desktop.vocabulary.kept_array import change_kept_array
from desktop.vocabulary.vocabulary import fold_phrase

type Section = Literal["replacements", "snippets"]

SECTIONS: tuple[Section, ...] = ("replacements", "snippets")
DECLINED = "declined"
KEPT = "kept"

MAX_SINGLE_INSERTS = 100
"""New entries above which, as in an import, all are inserted together."""

MAX_HEARD, MAX_WRITTEN = 100, 20_000
"""Most characters of what is heard, a few words, and of what is written, a page or two."""


@dataclass(frozen=True, slots=True)
class StoredVocabulary:
    """The valid content of the file, and in `warnings` a message for everything in it that is invalid.

    `declined` are pairs of what was heard, folded, and what was suggested for it; `kept` is left as it is heard.
    """

    replacements: Mapping[str, str] = field(default_factory=dict)
    snippets: Mapping[str, str] = field(default_factory=dict)
    declined: frozenset[tuple[str, str]] = frozenset()
    warnings: tuple[Message, ...] = ()
    kept: tuple[str, ...] = ()


def load_vocabulary_file(path: Path) -> StoredVocabulary:
    """Load the file at `path`, which may be missing. Never raises, never writes."""
    try:
        _, document = read_values(path)
    except SettingsError as problem:
        return StoredVocabulary(warnings=(Message("vocabulary-unreadable", problem=problem.message),))
    warnings = [
        Message("vocabulary-section-unknown", file=path.name, section=name)
        for name in document
        if name not in (*SECTIONS, DECLINED, KEPT)
    ]
    entries_by_section: dict[str, dict[str, str]] = {}
    for section in SECTIONS:
        entries = entries_by_section[section] = {}
        seen_phrases = set[str]()
        for heard, written in _entries(document.get(section), f"{path.name}: {section}", warnings):
            is_double = fold_phrase(heard) in seen_phrases
            if reason := Message("vocabulary-entry-double") if is_double else find_problem(heard, written):
                warnings.append(
                    Message(
                        "vocabulary-entry-left-out", file=path.name, section=section, heard=repr(heard), reason=reason
                    )
                )
            else:
                seen_phrases.add(fold_phrase(heard))
                entries[heard] = str(written)
    declined = document.get(DECLINED)
    pairs = declined.items() if isinstance(declined, dict) else ()
    declined_pairs = {
        (fold_phrase(heard), str(text))
        for heard, texts in pairs
        for text in (texts if isinstance(texts, list) else [texts])
    }
    kept = _kept_words(document.get(KEPT), path.name, warnings)
    return StoredVocabulary(
        entries_by_section["replacements"],
        entries_by_section["snippets"],
        frozenset(declined_pairs),
        tuple(warnings),
        kept,
    )


_SENTENCES = {
    "vocabulary-heard-invalid": "vocabulary-heard-rule",
    "vocabulary-written-invalid": "vocabulary-written-rule",
}
"""The code of the whole sentence for each end of one."""


def find_problem(heard: str, written: object) -> Message | None:
    """Return why this is no entry, as the end of a sentence; None if it is one."""
    if not fold_phrase(heard) or len(heard) > MAX_HEARD or "\n" in heard:
        return Message("vocabulary-heard-invalid", limit=MAX_HEARD)
    if not isinstance(written, str) or not written or len(written) > MAX_WRITTEN:
        return Message("vocabulary-written-invalid", limit=MAX_WRITTEN)
    return None


def as_sentence(reason: Message) -> Message:
    """Return what `find_problem` found as a sentence of its own."""
    return Message(_SENTENCES[reason.code], **reason.params)


def put_entries(path: Path, section: Section, entries: Mapping[str, str]) -> None:
    """Write `entries` into a section of the file at `path`.

    Each replaces an entry that matches the same texts, and is no longer declined. Raises `SettingsError`, also for an
    invalid entry.
    """
    change_entries(path, section, (), entries)


def remove_entry(path: Path, section: Section, heard: str) -> bool:
    """Remove an entry from the file at `path`; return False if it is not there. Raises `SettingsError`."""
    return change_entries(path, section, (heard,), {})


def change_entries(path: Path, section: Section, removed: Iterable[str], entries: Mapping[str, str]) -> bool:
    """Remove the keys `removed`, then write the `entries`, in one write; return whether there was something to remove.

    Raises `SettingsError`, also for an invalid entry, and then nothing is written.
    """
    for heard, written in entries.items():
        if reason := find_problem(heard, written):
            raise SettingsError("vocabulary-entry-invalid", heard=repr(heard), reason=reason)
    removed_keys = set(map(fold_phrase, removed))
    with edit_document(path) as document:
        table = document.get(section)
        matching = (
            [key for key in table if fold_phrase(key) in removed_keys]
            if removed_keys and isinstance(table, dict)
            else []
        )
        for key in matching:
            del cast(MutableMapping[str, Any], table)[key]
        if entries:
            _put(document, section, entries)
    return bool(matching)


def _put(document: tomlkit.TOMLDocument, section: Section, entries: Mapping[str, str]) -> None:
    table = _ensure_table(document, section)
    keys_by_phrase = {fold_phrase(key): key for key in reversed(list(table))}  # of two equivalent keys the first
    entries_by_key = {
        keys_by_phrase.setdefault(fold_phrase(heard), heard): written for heard, written in entries.items()
    }
    new_entries = {heard: written for heard, written in entries_by_key.items() if heard not in table}
    is_flat = not any(isinstance(value, dict | list) for value in table.values())
    if len(new_entries) > MAX_SINGLE_INSERTS and is_flat and isinstance(table, Table):
        table = document[section] = _extend_table(table, section, new_entries)
        entries_by_key = {heard: written for heard, written in entries_by_key.items() if heard not in new_entries}
    for heard, written in entries_by_key.items():
        table[heard] = _toml_string(written)
    declined = document.get(DECLINED)
    if section == "replacements" and isinstance(declined, dict):
        for heard, written in entries.items():
            _undecline(declined, heard, written)


def _extend_table(table: Table, section: Section, new_entries: Mapping[str, str]) -> Table:
    """Return `table` with `new_entries`, written and parsed again: inserting them singly takes quadratic time."""
    before = table.as_string().rstrip()
    lines = (
        f"{tomlkit.key(heard).as_string()} = {_toml_string(written).as_string()}"
        for heard, written in new_entries.items()
    )
    extended = tomlkit.parse("\n".join((f"[{section}]", *filter(None, [before]), *lines, "", "")))[section]
    assert isinstance(extended, Table)
    extended.trivia.comment_ws, extended.trivia.comment = table.trivia.comment_ws, table.trivia.comment
    return extended


def decline_suggestion(path: Path, heard: str, written: str) -> None:
    """Record that `written` was suggested for `heard` and refused. Raises `SettingsError`."""
    with edit_document(path) as document:
        table = _ensure_table(document, DECLINED)
        key = _find_key(table, heard)
        declined = table[key] if key is not None else []
        texts = [str(text) for text in (declined if isinstance(declined, list) else [declined])]
        table[heard if key is None else key] = list(dict.fromkeys((*texts, written)))


def learn(path: Path, heard: str, written: str) -> None:
    """Write a replacement, or where both are the same, leave `heard` as it is. Raises `SettingsError`."""
    if heard == written:
        keep_word(path, heard)
    else:
        put_entries(path, "replacements", {heard: written})


def keep_word(path: Path, heard: str) -> None:
    """Record that `heard` is to be left as it is. Raises `SettingsError`, also where it matches nothing."""
    change_kept_words(path, (), (heard,))


def drop_kept_word(path: Path, heard: str) -> bool:
    """Leave `heard` no longer as it is; return False if that was not so. Raises `SettingsError`."""
    return change_kept_words(path, (heard,), ())


def change_kept_words(path: Path, removed: Iterable[str], added: Iterable[str]) -> bool:
    """Leave `removed` no longer as they are, and `added` from now on; return whether that changed anything.

    The comments between them stay. Raises `SettingsError`, also where one matches nothing, and then nothing is written.
    """
    added = tuple(added)
    for heard in added:
        if reason := find_problem(heard, heard):
            raise SettingsError("vocabulary-entry-invalid", heard=repr(heard), reason=reason)
    removed_keys = set(map(fold_phrase, removed))
    words = _kept_words(read_values(path)[1].get(KEPT), "", [])
    dropped = {fold_phrase(word) for word in words} & removed_keys
    new = {fold_phrase(heard): heard for heard in reversed(added)}
    for word in words:
        if fold_phrase(word) not in dropped:
            new.pop(fold_phrase(word), None)
    if not dropped and not new:
        return False
    with edit_document(path) as document:
        change_kept_array(document, KEPT, dropped, tuple(reversed(new.values())))
    return True


def forget_declined(path: Path) -> bool:
    """Remove everything in `[declined]` from the file at `path`, and return whether there was something.

    The user's comments stay. The header stays if a comment stands above the last entry or after the header: those are
    about this section, while later ones may be about the next. Raises `SettingsError`.
    """
    if not read_values(path)[1].get(DECLINED):
        return False
    with edit_document(path) as document:
        body = document.body
        for at in reversed(range(len(body))):  # several if the section is written in parts
            if (key := body[at][0]) is not None and key.key == DECLINED:
                body[at : at + 1] = _empty_section(key, body[at][1])
    return True


def _empty_section(key: Key, item: Item) -> list[tuple[Key | None, Item]]:
    """Return what remains of the section `item`: its comments and blank lines, with its header if that is needed."""
    lines = list[tuple[Key | None, Item]]((None, line) for line in _comment_lines(item))
    if isinstance(item, Table):
        body = item.value.body
        last_entry = max((at for at, (name, _) in enumerate(body) if name is not None), default=0)
        if item.trivia.comment or any(isinstance(line, Comment) for _, line in body[:last_entry]):
            body[:] = lines
            return [(key, item)]
    return lines if any(isinstance(line, Comment) for _, line in lines) else []


def _comment_lines(item: Item) -> Iterator[Item]:
    """Yield the comments and blank lines of a section, also those of tables in it."""
    if isinstance(item, Comment | Whitespace):
        yield item
    elif isinstance(item, AoT):
        for table in item.body:
            yield from _comment_lines(table)
    elif isinstance(item, Table):
        for _, line in item.value.body:
            yield from _comment_lines(line)


def _entries(table: object, where: str, warnings: list[Message]) -> Iterator[tuple[str, object]]:
    if isinstance(table, dict):
        yield from table.items()
    elif table is not None:
        warnings.append(Message("vocabulary-section-no-table", where=where))


def _kept_words(table: object, file: str, warnings: list[Message]) -> tuple[str, ...]:
    """Return the words of the section of those that are left as they are."""
    words = table.get("words", []) if isinstance(table, dict) else table
    if words is None:
        return ()
    if not isinstance(words, list):
        warnings.append(Message("vocabulary-section-no-table", where=f"{file}: {KEPT}"))
        return ()
    kept: dict[str, str] = {}
    for word in words:
        heard = word if isinstance(word, str) else ""
        is_double = fold_phrase(heard) in kept
        if reason := Message("vocabulary-entry-double") if is_double else find_problem(heard, word):
            warnings.append(
                Message("vocabulary-entry-left-out", file=file, section=KEPT, heard=repr(word), reason=reason)
            )
        else:
            kept[fold_phrase(heard)] = heard
    return tuple(kept.values())


def _ensure_table(document: tomlkit.TOMLDocument, name: str) -> MutableMapping[str, Any]:
    """Return the table of this name, created if missing."""
    if not isinstance(document.get(name), dict):
        document.pop(name, None)
        document[name] = tomlkit.table()
    return cast(MutableMapping[str, Any], document[name])


def _find_key(table: Mapping[str, Any], heard: str) -> str | None:
    """Return the key in `table` that matches the same texts as `heard`, or None."""
    return next((key for key in table if fold_phrase(key) == fold_phrase(heard)), None)


def _undecline(declined: MutableMapping[str, Any], heard: str, written: str) -> None:
    key = _find_key(declined, heard)
    if key is None:
        return
    texts = declined[key] if isinstance(declined[key], list) else [declined[key]]
    if remaining := [str(text) for text in texts if str(text) != written]:
        declined[key] = remaining
    else:
        del declined[key]


def _toml_string(text: str) -> String:
    """Return a TOML string with real line breaks where TOML keeps them: it ignores a first line break, and knows only
    \\n.
    """
    has_lines = "\n" in text and not text.startswith("\n") and "\r" not in text
    return tomlkit.string(text, multiline=has_lines)
