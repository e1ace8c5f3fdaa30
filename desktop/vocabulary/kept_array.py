"""Change the array of the words that are left as they are in `vocabulary.toml`, with the user's comments in it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import tomlkit
from tomlkit.exceptions import ParseError
from tomlkit.items import Array

from desktop.vocabulary.vocabulary import fold_phrase


def change_kept_array(
    document: tomlkit.TOMLDocument, name: str, dropped: Collection[str], added: Collection[str]
) -> None:
    """Remove the words that fold to `dropped` from the array of section `name`, and append `added`.

    The array may stand for the section. Where tomlkit would write behind a comment on a line of several, the array is
    written anew, without its comments.
    """
    array = _ensure_array(document, name)
    for at in reversed(range(len(array))):
        if isinstance(array[at], str) and fold_phrase(array[at]) in dropped:
            del array[at]
    expected = [*array.unwrap(), *added]
    array.extend(added)
    if _parse(array) != expected:
        array.clear()
        array.extend(expected)


def _parse(array: Array) -> list[Any] | None:
    """Return what would be read of `array`; None if nothing would be."""
    try:
        values = tomlkit.parse(f"array = {array.as_string()}\n").unwrap()["array"]
    except ParseError:
        return None
    return list(values)


def _ensure_array(document: tomlkit.TOMLDocument, name: str) -> Array:
    section = document.get(name)
    if isinstance(section, Array):
        return section
    if not isinstance(section, dict):
        document.pop(name, None)
        document[name] = tomlkit.table()
    table: Any = document[name]
    if not isinstance(table.get("words"), Array):
        table["words"] = tomlkit.array()
    array: Array = table["words"]
    return array
