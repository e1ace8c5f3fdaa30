"""Change the user's vocabulary from a window: all entries as one list, a change of it, and the change that undoes it.

Words are a setting and the other entries are in `vocabulary.toml`; the table in the window hides this. A change lists
what is removed and what is added, so that its undo is a change too, after an import of a thousand entries as after one
letter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from desktop.core.errors import SettingsError, UserError
from desktop.core.messages import Message
from desktop.core.paths import Paths
from desktop.settings.live import LiveSettings
from desktop.vocabulary import import_export
from desktop.vocabulary import store as vocabulary_store
from desktop.vocabulary.import_export import ImportedVocabulary, find_word_problem
from desktop.vocabulary.vocabulary import Vocabulary, fold_phrase

type EntryKind = Literal["words", "replacements", "snippets", "kept"]

ENTRY_KINDS: tuple[EntryKind, ...] = ("words", "replacements", "snippets", "kept")


@dataclass(frozen=True, slots=True)
class VocabularyEntries:
    """All entries of the user; the written form of a word and of what is kept is empty.

    `warnings` has a message for each entry of the file that is not in force; `kept` is left as it is heard.
    """

    words: Mapping[str, str] = field(default_factory=dict)
    replacements: Mapping[str, str] = field(default_factory=dict)
    snippets: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[Message, ...] = ()
    kept: tuple[str, ...] = ()

    def of_kind(self, kind: EntryKind) -> Mapping[str, str]:
        """Return the entries of a kind: what is heard, and what is written for it."""
        if kind == "kept":
            return dict.fromkeys(self.kept, "")
        return {"words": self.words, "replacements": self.replacements, "snippets": self.snippets}[kind]

    @property
    def vocabulary(self) -> Vocabulary:
        """The same entries as polish uses them."""
        return Vocabulary(tuple(self.words), self.replacements, self.snippets, self.kept)


@dataclass(frozen=True, slots=True)
class VocabularyChange:
    """A change of one kind of entries: the keys `removed` are removed, then the entries `added` are added."""

    kind: EntryKind
    removed: tuple[str, ...] = ()
    added: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VocabularyImport:
    """Result of importing a vocabulary file: changes made, entries in force, a message per unusable line."""

    changes: tuple[VocabularyChange, ...]
    entries: VocabularyEntries
    rejected_lines: tuple[Message, ...]


def list_entries(settings: LiveSettings, vocabulary_file: Path) -> VocabularyEntries:
    """Return the entries in force. Never raises."""
    stored = vocabulary_store.load_vocabulary_file(vocabulary_file)
    words = settings.load().settings.vocabulary.words
    words_by_key = dict.fromkeys(words, "")
    return VocabularyEntries(words_by_key, stored.replacements, stored.snippets, stored.warnings, stored.kept)


def list_own_words(paths: Paths) -> tuple[str, ...]:
    """Return the terms of the user, as the files at `paths` have them. Never raises."""
    return list_entries(LiveSettings(paths), paths.vocabulary).vocabulary.terms


def apply_changes(
    changes: Sequence[VocabularyChange], settings: LiveSettings, vocabulary_file: Path
) -> VocabularyEntries:
    """Write `changes` and return the entries then in force.

    Raises `SettingsError`; earlier changes of the list stay.
    """
    for change in changes:
        if change.kind == "words":
            for word in change.added:
                if reason := find_word_problem(word):
                    raise SettingsError("vocabulary-word-invalid", word=word, reason=reason)
            words = _words_after(settings.load().settings.vocabulary.words, change)
            settings.write_setting("vocabulary.words", ",".join(words))
        elif change.kind == "kept":
            vocabulary_store.change_kept_words(vocabulary_file, change.removed, change.added)
        else:
            vocabulary_store.change_entries(vocabulary_file, change.kind, change.removed, change.added)
    return list_entries(settings, vocabulary_file)


def undo_changes(before: VocabularyEntries, changes: Sequence[VocabularyChange]) -> tuple[VocabularyChange, ...]:
    """Return the changes that restore the state `before` these changes."""
    return tuple(_undo_change(before.of_kind(change.kind), change) for change in reversed(changes))


def import_changes(imported: ImportedVocabulary) -> tuple[VocabularyChange, ...]:
    """Return the changes that add what was read from a file."""
    entries_by_kind: dict[EntryKind, Mapping[str, str]] = {
        "words": dict.fromkeys(imported.words, ""),
        "replacements": imported.replacements,
        "snippets": imported.snippets,
        "kept": dict.fromkeys(imported.kept, ""),
    }
    return tuple(VocabularyChange(kind, added=entries) for kind, entries in entries_by_kind.items() if entries)


def import_file(path: Path, settings: LiveSettings, vocabulary_file: Path) -> VocabularyImport:
    """Add the entries of the file at `path`. Raises `UserError`, also where it has none."""
    found = import_export.read_vocabulary(path)
    changes = import_changes(found)
    if not changes:
        raise UserError("vocabulary-import-empty", path=path.name, reason=found.warnings[0] if found.warnings else "")
    return VocabularyImport(changes, apply_changes(changes, settings, vocabulary_file), tuple(found.warnings))


def find_entry_problem(kind: EntryKind, heard: str, written: str) -> Message | None:
    """Return why this is no entry of the kind; None if it is one."""
    if kind == "words":
        return find_word_problem(heard)
    reason = vocabulary_store.find_problem(heard, heard if kind == "kept" else written)
    return reason and vocabulary_store.as_sentence(reason)


def _words_after(words: Sequence[str], change: VocabularyChange) -> list[str]:
    """Return the words after a change; a word that exists in another case takes the new case."""
    removed_keys = set(map(fold_phrase, change.removed))
    words_by_key = {fold_phrase(word): word for word in words if fold_phrase(word) not in removed_keys}
    words_by_key |= {fold_phrase(word): word for word in change.added}
    return list(words_by_key.values())


def _undo_change(before: Mapping[str, str], change: VocabularyChange) -> VocabularyChange:
    changed_keys = {fold_phrase(heard) for heard in (*change.removed, *change.added)}
    restored = {heard: written for heard, written in before.items() if fold_phrase(heard) in changed_keys}
    return VocabularyChange(change.kind, tuple(change.added), restored)
