"""`vocabulary.toml`, beside the settings: what is written for what is heard, and snippets.

Written for people as the settings are, and changed as they are (`settings.file`): comments and order stay, and a bad
entry costs nothing but itself. The words to listen for are a setting, since they need no second half.

    [replacements]
    "get hub" = "GitHub"

    [snippets]
    "my address" = \"\"\"12 High Street
    London\"\"\"

`[declined]` holds what was suggested and refused, so that it is not suggested again. It comes from what was dictated,
so it goes with the history when everything is deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

import tomlkit
from tomlkit.items import AoT, Comment, Item, Key, String, Table, Whitespace

from desktop.problems import SettingsProblem
from desktop.settings.file import changed, stands
from desktop.vocabulary.phrases import folded

type Section = Literal["replacements", "snippets"]

SECTIONS: tuple[Section, ...] = ("replacements", "snippets")
DECLINED = "declined"

MANY = 100
"""More new entries than this, as an import has them, are put in together."""

LONGEST_HEARD, LONGEST_WRITTEN = 100, 20_000
"""Characters. What one says for something else is short; a snippet may be a page or two."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is good in the file, and a sentence for everything in it that is not. `declined` has the pairs of what was
    heard, folded, and what was suggested for it."""

    replacements: Mapping[str, str] = field(default_factory=dict)
    snippets: Mapping[str, str] = field(default_factory=dict)
    declined: frozenset[tuple[str, str]] = frozenset()
    dropped: tuple[str, ...] = ()


def load(path: Path) -> Kept:
    """The file at `path`, which need not be there. Never raises, never writes."""
    try:
        _, document = stands(path)
    except SettingsProblem as problem:
        return Kept(dropped=(f"{problem.title} None of it is used.",))
    dropped = [f"{path.name}: there is no section {name}." for name in document if name not in (*SECTIONS, DECLINED)]
    good: dict[str, dict[str, str]] = {}
    for section in SECTIONS:
        entries = good[section] = {}
        seen = set[str]()
        for heard, written in _entries(document.get(section), f"{path.name}: {section}", dropped):
            why = "it is there twice" if folded(heard) in seen else objection(heard, written)
            if why:
                dropped.append(f"{path.name}: {section}: {heard!r} is left out: {why}.")
            else:
                seen.add(folded(heard))
                entries[heard] = str(written)
    declined = document.get(DECLINED)
    pairs = declined.items() if isinstance(declined, dict) else ()
    asked = {(folded(heard), str(one)) for heard, many in pairs for one in (many if isinstance(many, list) else [many])}
    return Kept(good["replacements"], good["snippets"], frozenset(asked), tuple(dropped))


def objection(heard: str, written: object) -> str:
    """Why this is no entry, as the end of a sentence; empty where it is one."""
    if not folded(heard) or len(heard) > LONGEST_HEARD or "\n" in heard:
        return f"what is heard is a few words, at most {LONGEST_HEARD} characters"
    if not isinstance(written, str) or not written or len(written) > LONGEST_WRITTEN:
        return f"what is written for it is a text of at most {LONGEST_WRITTEN} characters"
    return ""


def put(path: Path, section: Section, entries: Mapping[str, str]) -> None:
    """Write `entries` into a section of the file at `path`; each goes in the place of one that is found in the same
    places, and what is put is declined no more. Raises `SettingsProblem`, for a bad entry too."""
    change(path, section, (), entries)


def remove(path: Path, section: Section, heard: str) -> bool:
    """Take an entry out of the file at `path`; False where it is not there. Raises `SettingsProblem`."""
    return change(path, section, (heard,), {})


def change(path: Path, section: Section, gone: Iterable[str], entries: Mapping[str, str]) -> bool:
    """Take out what is `gone` and then `put` the `entries`, in one write; whether there was something to take out.
    Raises `SettingsProblem`, for a bad entry too, and then nothing is written."""
    for heard, written in entries.items():
        if why := objection(heard, written):
            raise SettingsProblem(f"{heard!r} cannot be kept: {why}.")
    going = set(map(folded, gone))
    with changed(path) as document:
        there = document.get(section)
        alike = [key for key in there if folded(key) in going] if going and isinstance(there, dict) else []
        for key in alike:
            del cast(MutableMapping[str, Any], there)[key]
        if entries:
            _put(document, section, entries)
    return bool(alike)


def _put(document: tomlkit.TOMLDocument, section: Section, entries: Mapping[str, str]) -> None:
    table = _table(document, section)
    keys = {folded(key): key for key in reversed(list(table))}  # of two that are alike the first
    named = {keys.setdefault(folded(heard), heard): written for heard, written in entries.items()}
    more = {heard: written for heard, written in named.items() if heard not in table}
    flat = not any(isinstance(value, dict | list) for value in table.values())
    if len(more) > MANY and flat and isinstance(table, Table):
        table = document[section] = _longer(table, section, more)
        named = {heard: written for heard, written in named.items() if heard not in more}
    for heard, written in named.items():
        table[heard] = _string(written)
    declined = document.get(DECLINED)
    if section == "replacements" and isinstance(declined, dict):
        for heard, written in entries.items():
            _undecline(declined, heard, written)


def _longer(table: Table, section: Section, more: Mapping[str, str]) -> Table:
    """`table` and `more`, written and read again: one by one they would take the square of their number."""
    before = table.as_string().rstrip()
    lines = (f"{tomlkit.key(heard).as_string()} = {_string(written).as_string()}" for heard, written in more.items())
    longer = tomlkit.parse("\n".join((f"[{section}]", *filter(None, [before]), *lines, "", "")))[section]
    assert isinstance(longer, Table)
    longer.trivia.comment_ws, longer.trivia.comment = table.trivia.comment_ws, table.trivia.comment
    return longer


def decline(path: Path, heard: str, written: str) -> None:
    """Remember that `written` was suggested for `heard` and refused. Raises `SettingsProblem`."""
    with changed(path) as document:
        table = _table(document, DECLINED)
        there = _alike(table, heard)
        before = table[there] if there is not None else []
        texts = [str(one) for one in (before if isinstance(before, list) else [before])]
        table[heard if there is None else there] = list(dict.fromkeys((*texts, written)))


def forget_declined(path: Path) -> bool:
    """Remove all that `[declined]` holds from the file at `path`, and return whether there was something.

    The user's comments stay. The header stays where a comment stands above the last entry or behind the header: those
    are about this section, while later ones may be about the next. Raises `SettingsProblem`.
    """
    if not stands(path)[1].get(DECLINED):
        return False
    with changed(path) as document:
        body = document.body
        for at in reversed(range(len(body))):  # more than one, where its parts stand apart
            if (key := body[at][0]) is not None and key.key == DECLINED:
                body[at : at + 1] = _emptied(key, body[at][1])
    return True


def _emptied(key: Key, item: Item) -> list[tuple[Key | None, Item]]:
    """What stays of the section `item`: its comments and blank lines, below its header if that is needed."""
    lines = list[tuple[Key | None, Item]]((None, line) for line in _unkeyed(item))
    if isinstance(item, Table):
        below = item.value.body
        last = max((at for at, (name, _) in enumerate(below) if name is not None), default=0)
        if item.trivia.comment or any(isinstance(line, Comment) for _, line in below[:last]):
            below[:] = lines
            return [(key, item)]
    return lines if any(isinstance(line, Comment) for _, line in lines) else []


def _unkeyed(item: Item) -> Iterator[Item]:
    """The comments and blank lines of a section, also those of tables in it."""
    if isinstance(item, Comment | Whitespace):
        yield item
    elif isinstance(item, AoT):
        for table in item.body:
            yield from _unkeyed(table)
    elif isinstance(item, Table):
        for _, line in item.value.body:
            yield from _unkeyed(line)


def _entries(table: object, where: str, dropped: list[str]) -> Iterator[tuple[str, object]]:
    if isinstance(table, dict):
        yield from table.items()
    elif table is not None:
        dropped.append(f'{where} must be a table of "heard" = "written".')


def _table(document: tomlkit.TOMLDocument, name: str) -> MutableMapping[str, Any]:
    """The table of this name, which is made where there is none."""
    if not isinstance(document.get(name), dict):
        document.pop(name, None)
        document[name] = tomlkit.table()
    return cast(MutableMapping[str, Any], document[name])


def _alike(table: Mapping[str, Any], heard: str) -> str | None:
    """The key in `table` that is found in the same places as `heard`."""
    return next((key for key in table if folded(key) == folded(heard)), None)


def _undecline(declined: MutableMapping[str, Any], heard: str, written: str) -> None:
    there = _alike(declined, heard)
    if there is None:
        return
    texts = declined[there] if isinstance(declined[there], list) else [declined[there]]
    if left := [str(text) for text in texts if str(text) != written]:
        declined[there] = left
    else:
        del declined[there]


def _string(text: str) -> String:
    """Lines as lines, where TOML keeps them: it takes a first line's end for none, and knows no other than \\n."""
    lines = "\n" in text and not text.startswith("\n") and "\r" not in text
    return tomlkit.string(text, multiline=lines)
