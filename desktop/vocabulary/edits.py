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

from desktop.core.errors import SettingsProblem
from desktop.settings import store as settings
from desktop.vocabulary import store as file
from desktop.vocabulary.import_export import Read, no_word
from desktop.vocabulary.phrases import folded
from desktop.vocabulary.vocabulary import Vocabulary

type Kind = Literal["words", "replacements", "snippets"]

KINDS: tuple[Kind, ...] = ("words", "replacements", "snippets")


@dataclass(frozen=True, slots=True)
class Listed:
    """All entries of the user; the written form of a word is empty.

    `dropped` has a sentence for each entry of the file that is not in force.
    """

    words: Mapping[str, str] = field(default_factory=dict)
    replacements: Mapping[str, str] = field(default_factory=dict)
    snippets: Mapping[str, str] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()

    def of(self, kind: Kind) -> Mapping[str, str]:
        """Return the entries of a kind: what is heard, and what is written for it."""
        return {"words": self.words, "replacements": self.replacements, "snippets": self.snippets}[kind]

    @property
    def vocabulary(self) -> Vocabulary:
        """The same entries as polish uses them."""
        return Vocabulary(tuple(self.words), self.replacements, self.snippets)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one kind of entries: the keys `removed` are removed, then the entries `added` are added."""

    kind: Kind
    gone: tuple[str, ...] = ()
    put: Mapping[str, str] = field(default_factory=dict)


def listed(settings_file: Path, vocabulary_file: Path) -> Listed:
    """Return the entries in force. Never raises."""
    kept = file.load(vocabulary_file)
    words = settings.load(settings_file).settings.vocabulary.words
    return Listed(dict.fromkeys(words, ""), kept.replacements, kept.snippets, kept.dropped)


def make(changes: Sequence[Change], settings_file: Path, vocabulary_file: Path) -> Listed:
    """Write `changes` and return the entries then in force.

    Raises `SettingsError`; earlier changes of the list stay.
    """
    for change in changes:
        if change.kind == "words":
            for word in change.put:
                if why := no_word(word):
                    raise SettingsProblem(f"{word} cannot be listened for.", why)
            settings.begin(settings_file)  # a missing file has no words to add to until it is restored
            words = settings.load(settings_file).settings.vocabulary.words
            settings.put(settings_file, "vocabulary.words", ",".join(_after(words, change)))
        else:
            file.change(vocabulary_file, change.kind, change.gone, change.put)
    return listed(settings_file, vocabulary_file)


def undoing(before: Listed, changes: Sequence[Change]) -> tuple[Change, ...]:
    """Return the changes that restore the state `before` these changes."""
    return tuple(_undoing(before.of(change.kind), change) for change in reversed(changes))


def taking_in(read: Read) -> tuple[Change, ...]:
    """Return the changes that add what was read from a file."""
    found: dict[Kind, Mapping[str, str]] = {
        "words": dict.fromkeys(read.words, ""),
        "replacements": read.replacements,
        "snippets": read.snippets,
    }
    return tuple(Change(kind, put=entries) for kind, entries in found.items() if entries)


def objection(kind: Kind, heard: str, written: str) -> str:
    """Return why this is no entry of the kind, in a sentence; empty if it is one."""
    if kind == "words":
        return no_word(heard)
    why = file.objection(heard, written)
    return f"{why[0].upper()}{why[1:]}." if why else ""


def _after(words: Sequence[str], change: Change) -> list[str]:
    """Return the words after a change; a word that exists in another case takes the new case."""
    gone = set(map(folded, change.gone))
    there = {folded(word): word for word in words if folded(word) not in gone}
    there |= {folded(word): word for word in change.put}
    return list(there.values())


def _undoing(before: Mapping[str, str], change: Change) -> Change:
    touched = {folded(heard) for heard in (*change.gone, *change.put)}
    back = {heard: written for heard, written in before.items() if folded(heard) in touched}
    return Change(change.kind, tuple(change.put), back)
