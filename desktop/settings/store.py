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

from desktop.core.errors import SettingsError
from desktop.core.keys import Action, build_bindings
from desktop.settings import safety
from desktop.settings.file import edit_document, read_values
from desktop.settings.safety import (
    DELETION_PAUSED,
    PRIVACY_OFF,
    InvalidLine,
    UncertainHistorySettings,
    find_uncertain_line,
    mark_decrypted,
    mark_uncertain,
)
from desktop.settings.schema import HistorySettings, HotkeySettings, Settings, SettingsSection


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """The settings in force, and sentences about invalid parts of the file: first the consequences, then each line.

    `is_readable`: the file could be read. `is_empty`: it has no values, or there is none. `lost_urls` maps each address
    that cannot be used to the line that needs repair.
    """

    settings: Settings
    warnings: tuple[str, ...] = ()
    is_readable: bool = True
    is_empty: bool = False
    lost_urls: Mapping[str, str] = dataclasses.field(default_factory=dict)
    text: str = dataclasses.field(default="", compare=False, repr=False)


_last_texts: dict[Path, str] = {}
"""The last text of each file that the running app has in force. Where the file is missing or empty since, the next
write restores that text first: a file with only the one key would reset everything else (see `LiveSettings`)."""


@cache
def list_keys() -> tuple[str, ...]:
    """Return every key, in the order of the schema."""
    return tuple(
        f"{section}.{field}"
        for section, tree in _iterate_sections(Settings())
        for field, value in tree
        if not isinstance(value, SettingsSection)
    )


def load_settings(path: Path, previous: HistorySettings | None = None) -> LoadedSettings:
    """Return the settings in the file at `path`, everything else at its default. Never raises, never writes.

    Where the file is uncertain about the history, its settings are `previous`, as `UncertainHistorySettings`.
    """
    try:
        text, document = read_values(path)
        return replace(_salvage(document, previous or HistorySettings()), text=text)
    except SettingsError as problem:
        warning = f"{problem.title} The defaults are used."
        return LoadedSettings(mark_uncertain(Settings()), (warning, DELETION_PAUSED, PRIVACY_OFF), is_readable=False)


class LiveSettings:
    """The settings of a running app: those of the file, and while it cannot be read, those that were in force before.

    So private mode does not end for a missing bracket during an edit, nor for a misspelt line, nor when a file that was
    not empty is missing or empty (a checkout of dotfiles, an editor that met a full disk).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last: LoadedSettings | None = None

    def load(self) -> LoadedSettings:
        """Return the settings in force now. Never raises."""
        last = self._last
        loaded = load_settings(self._path, last.settings.history if last else None)
        is_missing = loaded.is_empty and last is not None and not last.is_empty
        if loaded.is_readable and not is_missing:
            self._last = loaded
            if not loaded.is_empty:
                _last_texts[self._path] = loaded.text
        elif last is not None:
            warning = f"{self._path} is gone or empty. What was in force before still is."
            if not is_missing:
                warning = loaded.warnings[0].replace("The defaults are used.", "What was in force before still is.")
            return replace(
                last, settings=mark_uncertain(last.settings), warnings=(warning, DELETION_PAUSED), is_readable=False
            )
        return loaded


def get_setting(settings: Settings, key: str) -> str:
    """Return the bare value of `key`, lists with commas. Raises `SettingsError` for a key that does not exist."""
    section, field = _split_key(key)
    value = getattr(_find_section(settings, section), field)
    return ",".join(value) if isinstance(value, tuple) else str(value)


def write_setting(path: Path, key: str, value: str) -> Settings:
    """Write `key` into the file at `path` and return the settings now in force.

    Raises `SettingsError` for a key that does not exist, a value it cannot take, or a file that cannot be changed.
    """
    section, field = _split_key(key)
    validated = _validate_value(section, field, value)
    with edit_document(path, _last_texts.get(path, "")) as document:
        _require_compatible(document, section, field, validated)
        _set_value(document, section, field, validated)
    return load_settings(path).settings


def reset_setting(path: Path, key: str) -> Settings:
    """Remove `key` from the file at `path`, so that its default applies, and return the settings now in force.

    The default is written where it would not apply by itself. Raises `SettingsError` as `write_setting` does.
    """
    section, field = _split_key(key)
    default = getattr(_find_section(Settings(), section), field)
    with edit_document(path, _last_texts.get(path, "")) as document:
        _require_compatible(document, section, field, default)
        table: Any = document
        for name in section.split("."):
            table = table.get(name) if isinstance(table, dict) else None
        if isinstance(table, dict):
            table.pop(field, None)
        if not _default_applies(document, section, field, default):
            _set_value(document, section, field, default)
    return load_settings(path).settings


def _set_value(document: tomlkit.TOMLDocument, section: str, field: str, value: object) -> None:
    table: MutableMapping[str, Any] = document
    for name in section.split("."):
        if not isinstance(table.get(name), dict):
            table.pop(name, None)
            table[name] = tomlkit.table()
        table = table[name]
    table[field] = list(value) if isinstance(value, tuple) else value


def _default_applies(document: tomlkit.TOMLDocument, section: str, field: str, default: object) -> bool:
    """Return whether the default applies where `document` does not mention the field.

    Not for the setting that decrypts; nor where another line disables an address, or a running app keeps its earlier
    settings of the history, or of everything (see `LiveSettings`).
    """
    if (section, field) == ("history", "encrypted"):
        return False
    remaining = _salvage(tomlkit.parse(tomlkit.dumps(document)).unwrap(), HistorySettings())
    is_uncertain = remaining.is_empty or (
        section == "history" and isinstance(remaining.settings.history, UncertainHistorySettings)
    )
    return not is_uncertain and getattr(_find_section(remaining.settings, section), field) == default


def ensure_file(path: Path) -> None:
    """Create the file at `path` where it is missing, so that the next start is not the first.

    An existing file is kept; a file that the running app had in force is restored. Raises `SettingsError` where it
    cannot be created.
    """
    with edit_document(path, _last_texts.get(path, "")):
        pass


def _iterate_sections(tree: SettingsSection, above: str = "") -> Iterator[tuple[str, SettingsSection]]:
    """Yield every section below `tree` by its name (`engines.openai`), in the order of the schema."""
    for name, value in tree:
        if isinstance(value, SettingsSection):
            yield f"{above}{name}", value
            yield from _iterate_sections(value, f"{above}{name}.")


def _find_section(settings: Settings, section: str) -> SettingsSection:
    tree: SettingsSection = settings
    for name in section.split("."):
        tree = getattr(tree, name)
    return tree


def _replace_value(tree: SettingsSection, names: Sequence[str], value: object) -> SettingsSection:
    """Return `tree` with another value at the end of the path `names`."""
    first, *rest = names
    return tree.model_copy(update={first: _replace_value(getattr(tree, first), rest, value) if rest else value})


def _split_key(key: str) -> tuple[str, str]:
    if key not in list_keys():
        near = difflib.get_close_matches(key, list_keys(), n=1)
        remedy = f"Did you mean {near[0]}?" if near else "`intone settings list` shows them all."
        raise SettingsError(f"There is no setting named {key}.", remedy)
    section, _, field = key.rpartition(".")
    return section, field


def _salvage(document: Mapping[str, Any], previous: HistorySettings) -> LoadedSettings:
    invalid: list[InvalidLine] = []
    settings = _merge_valid(Settings(), document, invalid)
    settings = mark_decrypted(settings)
    consequences: list[str] = []
    lines = [line.message for line in invalid]
    if (line := find_uncertain_line(invalid)) is not None:
        history_values = {name: value for name, value in document.items() if name.split(".")[0] == "history"}
        history = _merge_valid(Settings(history=previous), history_values, []).history
        settings = mark_uncertain(settings.model_copy(update={"history": history}))
        consequences.append(f"Nothing that is kept is deleted or decrypted until {line} is mended.")
    lost_urls = dict(safety.find_lost_urls(document, invalid))
    for key, line in lost_urls.items():
        settings, sentences = safety.disable_url(settings, key, line)
        consequences += sentences
    try:
        _ = settings.hotkey.bindings
    except SettingsError as problem:
        lines.append(str(problem))
        settings = settings.model_copy(update={"hotkey": _resolve_key_conflicts(settings.hotkey)})
    return LoadedSettings(settings, (*consequences, *lines), is_empty=not document, lost_urls=lost_urls)


def _resolve_key_conflicts(chosen: HotkeySettings) -> HotkeySettings:
    """Return the hotkeys without conflicts, accepting one action at a time, the talk key first.

    A key that conflicts with an earlier one gets its default, or else none, so that a key that is bound twice does not
    cost the user the talk key.
    """
    accepted: dict[str, tuple[str, ...]] = {}
    for action in Action:
        for candidate in (chosen, HotkeySettings()):
            value = getattr(candidate, action)
            extended = {**accepted, action: value if isinstance(value, tuple) else (value,)}
            with suppress(SettingsError):
                build_bindings(extended)
                accepted = extended
                break
    if Action.CANCEL not in accepted:
        return HotkeySettings()
    keys: dict[str, Any] = {action: accepted.get(action, ()) for action in Action}
    return chosen.model_copy(update=keys | {Action.CANCEL: accepted[Action.CANCEL][0]})


def _merge_valid(
    settings: Settings, values: Mapping[str, Any], invalid: list[InvalidLine], above: str = ""
) -> Settings:
    """Return `settings` with the valid ones among `values`, the table of the section `above`; others are added to
    `invalid`."""
    tables = {name for name, _ in _iterate_sections(settings)}
    for name, value in values.items():
        path = f"{above}{name}"
        if path in tables and isinstance(value, dict):
            settings = _merge_valid(settings, value, invalid, f"{path}.")
            continue
        try:
            section, field = _split_key(path)
            settings = cast(Settings, _replace_value(settings, path.split("."), _validate_value(section, field, value)))
        except SettingsError as problem:
            is_named = path in problem.title
            message = str(problem) if is_named else f"{path} cannot be {_format_value(value)}. {problem}"
            invalid.append(InvalidLine(path, value, message))
    return settings


def _require_compatible(document: tomlkit.TOMLDocument, section: str, field: str, value: object) -> None:
    """Raise `SettingsError` where `value` conflicts with the rest: the one rule that spans two fields."""
    if section == "hotkey":
        _ = _salvage(document.unwrap(), HistorySettings()).settings.hotkey.model_copy(update={field: value}).bindings


def _validate_value(section: str, field: str, value: object) -> Any:
    """Return `value` as the schema holds it. Raises `SettingsError`."""
    tree = type(_find_section(Settings(), section))
    kind, candidate = tree.model_fields[field].annotation, value
    if isinstance(value, bool):
        word = "on" if value else "off"  # TOML's own booleans, which must not count as numbers
        candidate = word if kind is int or word in get_args(kind) else value
    try:
        return getattr(tree.model_validate({field: candidate}), field)
    except ValidationError as error:
        raise SettingsError(
            f"{section}.{field} cannot be {_format_value(value)}.", _remedy(error, tree, field)
        ) from None


def _format_value(value: object) -> str:
    text = f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)
    return textwrap.shorten(text, 60, placeholder="…") or "empty"


def _remedy(error: ValidationError, tree: type[SettingsSection], field: str) -> str:
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
