"""Read and write the settings file, which is also edited by hand: read it as a whole, change it one key at a time.

Reading salvages field by field: fields are independent, so each is validated alone, and a bad one costs nothing but
itself. Reading never raises and never writes, since an app that cannot read its settings must still start, and a file
that it does not understand is not its own to repair. Writing is strict and changes one key. The settings themselves are
defined in `settings.schema`.
"""

from __future__ import annotations

import dataclasses
import difflib
import textwrap
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args

import tomlkit
from pydantic import ValidationError

from desktop.core.bindings import Action, bind
from desktop.core.errors import SettingsProblem
from desktop.settings import safety as addresses
from desktop.settings.file import changed, stands
from desktop.settings.safety import Wrong
from desktop.settings.schema import Hotkey, Keeping, Settings, Tree
from desktop.settings.untold import NOT_PRIVATE, NOTHING_GOES, Untold, as_told, doubted, untold


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings in force, and sentences about invalid parts of the file: first the consequences, then each line.

    `is_readable`: the file could be read. `is_empty`: it has no values, or there is none. `lost_urls` maps each address
    that cannot be used to the line that needs repair.
    """

    settings: Settings
    dropped: tuple[str, ...] = ()
    readable: bool = True
    blank: bool = False
    lost: Mapping[str, str] = dataclasses.field(default_factory=dict)
    text: str = dataclasses.field(default="", compare=False, repr=False)


_stood: dict[Path, str] = {}
"""The last text of each file that the running app has in force. Where the file is missing or empty since, the next
write restores that text first: a file with only the one key would reset everything else (see `LiveSettings`)."""


@cache
def keys() -> tuple[str, ...]:
    """Return every key, in the order of the schema."""
    return tuple(
        f"{section}.{field}"
        for section, tree in _sections(Settings())
        for field, value in tree
        if not isinstance(value, Tree)
    )


def load(path: Path, before: Keeping | None = None) -> Loaded:
    """Return the settings in the file at `path`, everything else at its default. Never raises, never writes.

    Where the file is uncertain about the history, its settings are `previous`, as `UncertainHistorySettings`.
    """
    try:
        text, document = stands(path)
        return replace(_salvaged(document, before or Keeping()), text=text)
    except SettingsProblem as problem:
        why = f"{problem.title} The defaults are used."
        return Loaded(untold(Settings()), (why, NOTHING_GOES, NOT_PRIVATE), readable=False)


class Standing:
    """The settings of a running app: those of the file, and while it cannot be read, those that were in force before.

    So private mode does not end for a missing bracket during an edit, nor for a misspelt line, nor when a file that was
    not empty is missing or empty (a checkout of dotfiles, an editor that met a full disk).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last: Loaded | None = None

    def load(self) -> Loaded:
        """Return the settings in force now. Never raises."""
        last = self._last
        loaded = load(self._path, last.settings.history if last else None)
        gone = loaded.blank and last is not None and not last.blank
        if loaded.readable and not gone:
            self._last = loaded
            if not loaded.blank:
                _stood[self._path] = loaded.text
        elif last is not None:
            kept = f"{self._path} is gone or empty. What was in force before still is."
            if not gone:
                kept = loaded.dropped[0].replace("The defaults are used.", "What was in force before still is.")
            return replace(last, settings=untold(last.settings), dropped=(kept, NOTHING_GOES), readable=False)
        return loaded


def get(settings: Settings, key: str) -> str:
    """Return the bare value of `key`, lists with commas. Raises `SettingsError` for a key that does not exist."""
    section, field = _path(key)
    value = getattr(_at(settings, section), field)
    return ",".join(value) if isinstance(value, tuple) else str(value)


def put(path: Path, key: str, value: str) -> Settings:
    """Write `key` into the file at `path` and return the settings now in force.

    Raises `SettingsError` for a key that does not exist, a value it cannot take, or a file that cannot be changed.
    """
    section, field = _path(key)
    checked = _check(section, field, value)
    with changed(path, _stood.get(path, "")) as document:
        _fit(document, section, field, checked)
        _write(document, section, field, checked)
    return load(path).settings


def reset(path: Path, key: str) -> Settings:
    """Remove `key` from the file at `path`, so that its default applies, and return the settings now in force.

    The default is written where it would not apply by itself. Raises `SettingsError` as `write_setting` does.
    """
    section, field = _path(key)
    default = getattr(_at(Settings(), section), field)
    with changed(path, _stood.get(path, "")) as document:
        _fit(document, section, field, default)
        table: Any = document
        for name in section.split("."):
            table = table.get(name) if isinstance(table, dict) else None
        if isinstance(table, dict):
            table.pop(field, None)
        if not _goes_without_saying(document, section, field, default):
            _write(document, section, field, default)
    return load(path).settings


def _write(document: tomlkit.TOMLDocument, section: str, field: str, value: object) -> None:
    table: MutableMapping[str, Any] = document
    for name in section.split("."):
        if not isinstance(table.get(name), dict):
            table.pop(name, None)
            table[name] = tomlkit.table()
        table = table[name]
    table[field] = list(value) if isinstance(value, tuple) else value


def _goes_without_saying(document: tomlkit.TOMLDocument, section: str, field: str, default: object) -> bool:
    """Return whether the default applies where `document` does not mention the field.

    Not for the setting that decrypts; nor where another line disables an address, or a running app keeps its earlier
    settings of the history, or of everything (see `LiveSettings`).
    """
    if (section, field) == ("history", "encrypted"):
        return False
    left = _salvaged(tomlkit.parse(tomlkit.dumps(document)).unwrap(), Keeping())
    doubt = left.blank or (section == "history" and isinstance(left.settings.history, Untold))
    return not doubt and getattr(_at(left.settings, section), field) == default


def begin(path: Path) -> None:
    """Create the file at `path` where it is missing, so that the next start is not the first.

    An existing file is kept; a file that the running app had in force is restored. Raises `SettingsError` where it
    cannot be created.
    """
    with changed(path, _stood.get(path, "")):
        pass


def _sections(tree: Tree, above: str = "") -> Iterator[tuple[str, Tree]]:
    """Yield every section below `tree` by its name (`engines.openai`), in the order of the schema."""
    for name, value in tree:
        if isinstance(value, Tree):
            yield f"{above}{name}", value
            yield from _sections(value, f"{above}{name}.")


def _at(settings: Settings, section: str) -> Tree:
    found: Tree = settings
    for name in section.split("."):
        found = getattr(found, name)
    return found


def _with(tree: Tree, names: Sequence[str], value: object) -> Tree:
    """Return `tree` with another value at the end of the path `names`."""
    first, *rest = names
    return tree.model_copy(update={first: _with(getattr(tree, first), rest, value) if rest else value})


def _path(key: str) -> tuple[str, str]:
    if key not in keys():
        near = difflib.get_close_matches(key, keys(), n=1)
        remedy = f"Did you mean {near[0]}?" if near else "`intone settings list` shows them all."
        raise SettingsProblem(f"There is no setting named {key}.", remedy)
    section, _, field = key.rpartition(".")
    return section, field


def _salvaged(document: Mapping[str, Any], before: Keeping) -> Loaded:
    wrong: list[Wrong] = []
    settings = _read(Settings(), document, wrong)
    settings = as_told(settings)
    follows: list[str] = []
    lines = [one.said for one in wrong]
    if (line := doubted(wrong)) is not None:
        told = {name: value for name, value in document.items() if name.split(".")[0] == "history"}
        history = _read(Settings(history=before), told, []).history
        settings = untold(settings.model_copy(update={"history": history}))
        follows.append(f"Nothing that is kept is deleted or decrypted until {line} is mended.")
    lost = dict(addresses.lost(document, wrong))
    for key, line in lost.items():
        settings, off = addresses.without(settings, key, line)
        follows += off
    try:
        _ = settings.hotkey.bindings
    except SettingsProblem as problem:
        lines.append(str(problem))
        settings = settings.model_copy(update={"hotkey": _going_together(settings.hotkey)})
    return Loaded(settings, (*follows, *lines), blank=not document, lost=lost)


def _going_together(wanted: Hotkey) -> Hotkey:
    """Return the hotkeys without conflicts, accepting one action at a time, the talk key first.

    A key that conflicts with an earlier one gets its default, or else none, so that a key that is bound twice does not
    cost the user the talk key.
    """
    taken: dict[str, tuple[str, ...]] = {}
    for action in Action:
        for offered in (wanted, Hotkey()):
            value = getattr(offered, action)
            tried = {**taken, action: value if isinstance(value, tuple) else (value,)}
            with suppress(SettingsProblem):
                bind(tried)
                taken = tried
                break
    if Action.CANCEL not in taken:
        return Hotkey()
    keys: dict[str, Any] = {action: taken.get(action, ()) for action in Action}
    return wanted.model_copy(update=keys | {Action.CANCEL: taken[Action.CANCEL][0]})


def _read(settings: Settings, values: Mapping[str, Any], wrong: list[Wrong], above: str = "") -> Settings:
    """Return `settings` with the valid ones among `values`, the table of the section `above`; others are added to
    `invalid`."""
    tables = {name for name, _ in _sections(settings)}
    for name, value in values.items():
        path = f"{above}{name}"
        if path in tables and isinstance(value, dict):
            settings = _read(settings, value, wrong, f"{path}.")
            continue
        try:
            section, field = _path(path)
            settings = cast(Settings, _with(settings, path.split("."), _check(section, field, value)))
        except SettingsProblem as problem:
            named = path in problem.title
            said = str(problem) if named else f"{path} cannot be {_shown(value)}. {problem}"
            wrong.append(Wrong(path, value, said))
    return settings


def _fit(document: tomlkit.TOMLDocument, section: str, field: str, value: object) -> None:
    """Raise `SettingsError` where `value` conflicts with the rest: the one rule that spans two fields."""
    if section == "hotkey":
        _ = _salvaged(document.unwrap(), Keeping()).settings.hotkey.model_copy(update={field: value}).bindings


def _check(section: str, field: str, value: object) -> Any:
    """Return `value` as the schema holds it. Raises `SettingsError`."""
    tree = type(_at(Settings(), section))
    kind, said = tree.model_fields[field].annotation, value
    if isinstance(value, bool):
        switched = "on" if value else "off"  # TOML's own booleans, which must not count as numbers
        said = switched if kind is int or switched in get_args(kind) else value
    try:
        return getattr(tree.model_validate({field: said}), field)
    except ValidationError as error:
        raise SettingsProblem(f"{section}.{field} cannot be {_shown(value)}.", _remedy(error, tree, field)) from None


def _shown(value: object) -> str:
    said = f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)
    return textwrap.shorten(said, 60, placeholder="…") or "empty"


def _remedy(error: ValidationError, tree: type[Tree], field: str) -> str:
    first = error.errors()[0]
    match first["type"]:
        case "literal_error":
            return f"Choose {first['ctx']['expected'].replace("'", '')}."
        case str(kind) if kind.startswith("int_") or kind in ("greater_than_equal", "less_than_equal"):
            bounds = {type(bound).__name__: bound for bound in tree.model_fields[field].metadata}
            return f"Give a whole number from {bounds['Ge'].ge} to {bounds['Le'].le}."
        case "string_too_short" | "too_short":
            return "Give it a value, or reset it."
        case "value_error":
            return str(first["ctx"]["error"])
        case _:
            return f"{first['msg']}."
