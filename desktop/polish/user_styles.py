"""Change the user's `styles.toml` from a window: what a style does, and where it applies.

Comments and order are kept, as in the settings (`desktop.settings.store`). A window shows places as lists of one kind
(the applications of a style, its sites, its titles), so only rules that name a style and places of one kind are
changed; a rule with several conditions was written by hand and stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

import tomlkit
from tomlkit.items import AoT

from desktop.core.errors import SettingsError
from desktop.core.files import read_user_toml
from desktop.core.messages import Message
from desktop.settings.file import edit_document
from desktop.settings.schema import RULE_NAMES

type PlaceKind = Literal["app", "site", "title"]
type ProgramKind = Literal["editor", "terminal"]

PLACE_KINDS: tuple[PlaceKind, ...] = ("app", "site", "title")
PROGRAM_KINDS: tuple[ProgramKind, ...] = ("editor", "terminal")
MAX_STYLE_NAME = 40
"""Most characters of a style's name, which the pill shows."""


@dataclass(frozen=True, slots=True)
class UserStyles:
    """The content of the user's file: `changed` are the names of the styles that it defines or changes, `places` where
    each applies by the kind of place, `programs` the style of all programs of a kind, `others` the number of rules that
    a list cannot show.
    """

    changed: frozenset[str] = frozenset()
    places: Mapping[str, Mapping[PlaceKind, tuple[str, ...]]] = field(default_factory=dict)
    others: int = 0
    programs: Mapping[ProgramKind, str] = field(default_factory=dict)

    def places_of(self, style: str, kind: PlaceKind) -> tuple[str, ...]:
        """Return the places of this kind where `style` applies."""
        return self.places.get(style, {}).get(kind, ())


def load_user_styles(path: Path) -> UserStyles:
    """Return the content of the file at `path`, which may be missing. Never raises."""
    document = read_user_toml(path, [])
    styles, rules = document.get("style"), document.get("rule")
    places: dict[str, dict[PlaceKind, tuple[str, ...]]] = {}
    programs: dict[ProgramKind, str] = {}
    other_rules = 0
    for rule in rules if isinstance(rules, list) else ():
        if (program_kind := _program_kind(rule)) is not None:
            programs.setdefault(program_kind, rule["style"])
            continue
        if (kind := _place_kind(rule)) is None:
            other_rules += 1
            continue
        style_places = places.setdefault(rule["style"], {})
        style_places[kind] = tuple(dict.fromkeys((*style_places.get(kind, ()), *_as_names(rule[kind]))))
    return UserStyles(frozenset(styles) if isinstance(styles, dict) else frozenset(), places, other_rules, programs)


def find_name_problem(name: str, existing: Sequence[str]) -> Message | None:
    """Return why a new style cannot have this name; None if it can."""
    if not name or len(name) > MAX_STYLE_NAME or not name.isprintable():
        return Message("style-name-invalid", limit=MAX_STYLE_NAME)
    return Message("style-name-taken", name=name) if name in existing else None


def set_style_field(path: Path, style: str, field: str, value: object) -> None:
    """Set a `field` of `style` to `value` (None: the default) in the file at `path`. Raises `SettingsError`."""
    with edit_document(path) as document:
        table = _ensure_table(_ensure_table(document, "style"), style)
        if value is None:
            table.pop(field, None)
        else:
            table[field] = sorted(value, key=RULE_NAMES.index) if isinstance(value, frozenset) else value


def remove_style(path: Path, style: str) -> None:
    """Remove the style and its places from the file at `path`. Raises `SettingsError`."""
    with edit_document(path) as document:
        styles = document.get("style")
        if isinstance(styles, dict):
            styles.pop(style, None)
        rules = document.get("rule")
        for index, rule in reversed(list(enumerate(_iter_rules(rules)))):
            if rule.get("style") == style:
                del cast(AoT, rules)[index]


def set_style_places(path: Path, style: str, kind: PlaceKind, names: Sequence[str]) -> None:
    """Make `style` apply at exactly these places of a kind, as far as lists can say so; other styles lose them. Raises
    `SettingsError`.
    """
    new_places = {name.strip().lower(): name.strip() for name in names if name.strip()}
    with edit_document(path) as document:
        for index, rule in reversed(list(enumerate(_iter_rules(document.get("rule"))))):
            if _place_kind(rule) != kind:
                continue
            remaining = (
                []
                if rule["style"] == style
                else [name for name in _as_names(rule[kind]) if name.lower() not in new_places]
            )
            if remaining:
                rule[kind] = remaining
            else:
                del cast(AoT, document["rule"])[index]
        if new_places:
            _append_rule(document, style, kind, list(new_places.values()))


def set_style_programs(path: Path, style: str, kind: ProgramKind, is_used: bool) -> None:
    """Make `style` apply to all programs of a kind, which other styles lose, or no more. Raises `SettingsError`."""
    with edit_document(path) as document:
        for index, rule in reversed(list(enumerate(_iter_rules(document.get("rule"))))):
            if _program_kind(rule) == kind and (is_used or rule["style"] == style):
                del cast(AoT, document["rule"])[index]
        if is_used:
            _append_rule(document, style, "kind", kind)


def _append_rule(document: tomlkit.TOMLDocument, style: str, key: str, value: object) -> None:
    if not isinstance(document.get("rule"), AoT):
        if document.get("rule"):
            raise SettingsError("style-rules-not-array")
        document.pop("rule", None)
        document["rule"] = tomlkit.aot()
    rule = tomlkit.table()
    rule["style"] = style
    rule[key] = value
    cast(AoT, document["rule"]).append(rule)


def _iter_rules(rules: object) -> Iterator[MutableMapping[str, Any]]:
    yield from rules if isinstance(rules, AoT) else ()


def _place_kind(rule: object) -> PlaceKind | None:
    """Return the only kind of places that a rule names; None if it has other conditions."""
    if not isinstance(rule, dict) or not isinstance(rule.get("style"), str):
        return None
    return next((kind for kind in PLACE_KINDS if set(rule) == {"style", kind}), None)


def _program_kind(rule: object) -> ProgramKind | None:
    """Return the kind of programs of a rule that has no other condition."""
    if not isinstance(rule, dict) or set(rule) != {"style", "kind"} or not isinstance(rule["style"], str):
        return None
    return next((kind for kind in PROGRAM_KINDS if rule["kind"] == kind), None)


def _as_names(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _ensure_table(document: MutableMapping[str, Any], name: str) -> MutableMapping[str, Any]:
    if not isinstance(document.get(name), dict):
        document.pop(name, None)
        document[name] = tomlkit.table()
    return cast(MutableMapping[str, Any], document[name])
