"""Read and write the settings file, which is also edited by hand: read it as a whole, change it one key at a time.

Reading salvages field by field: fields are independent, so each is validated alone, and a bad one affects only itself.
Reading never raises and never writes, since an app that cannot read its settings must still start, and a file that it
does not understand is not its own to repair. Writing is strict and changes one key. The settings themselves are defined
in `desktop.settings.schema`.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import ValidationError

from desktop.core.errors import SettingsError
from desktop.core.keys import Action, build_bindings
from desktop.core.messages import Message
from desktop.core.validation import describe_invalid
from desktop.settings import safety
from desktop.settings.file import edit_document, read_values
from desktop.settings.safety import DELETION_PAUSED, PRIVACY_OFF, InvalidLine, replace_value
from desktop.settings.schema import HotkeySettings, Settings, SettingsSection
from desktop.settings.values import EndSilence

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """The settings in force, and messages about invalid parts of the file: the consequences, and each line.

    `is_safe_mode`: see `desktop.settings.safety`. `may_decrypt`: the file says that encryption is off; a missing line
    leaves no trace, so it is no choice. `read_error` says why the file cannot be read. `is_empty`: it has no values, or
    there is none. `lost_urls` maps each address that is not in force to the line that needs repair. `fetch_problem`
    says why no speech model may be downloaded unasked. `notice` says at a glance that not everything in the file is in
    force. `chosen` includes the services that safe mode has switched off.
    """

    settings: Settings
    consequences: tuple[Message, ...] = ()
    lines: tuple[Message, ...] = ()
    is_safe_mode: bool = False
    may_decrypt: bool = False
    read_error: Message | None = None
    is_empty: bool = False
    lost_urls: Mapping[str, str] = dataclasses.field(default_factory=dict)
    fetch_problem: Message | None = None
    notice: Message | None = None
    chosen: Settings = dataclasses.field(default=Settings(), compare=False, repr=False)
    text: str = dataclasses.field(default="", compare=False, repr=False)

    @property
    def warnings(self) -> tuple[Message, ...]:
        """All messages, the consequences first."""
        return (*self.consequences, *self.lines)

    @property
    def permissions(self) -> tuple[bool, bool]:
        """Whether what is kept may be deleted by age, and decrypted."""
        return not self.is_safe_mode, self.may_decrypt


@cache
def list_keys() -> tuple[str, ...]:
    """Return every key, in the order of the schema."""
    return tuple(
        f"{section}.{field}"
        for section, tree in _iterate_sections(Settings())
        for field, value in tree
        if not isinstance(value, SettingsSection)
    )


def load_settings(path: Path, valid: LoadedSettings | None = None) -> LoadedSettings:
    """Return the settings in the file at `path`, everything else at its default. Never raises, never writes.

    Where a line is invalid everything else is as in `valid`, the settings when the file was last valid; None where it
    never was. `desktop.settings.live` knows them.
    """
    try:
        text, document = read_values(path)
        return replace(_interpret(document, valid), text=text)
    except SettingsError as problem:
        return use_defaults(path, problem.message)


def use_defaults(path: Path, problem: Message) -> LoadedSettings:
    """Return the defaults in safe mode, for `problem` with the file at `path`."""
    known = safety.find_known_services(Settings(), (), ())
    return replace(
        _enter_safe_mode(Settings(), known, lambda key: str(path), may_fetch=False),
        consequences=(Message("settings-defaults-used", problem=problem), DELETION_PAUSED, PRIVACY_OFF),
        read_error=problem,
        notice=safety.build_notice(problem, Message("settings-defaults-in-force")),
    )


def get_setting(settings: Settings, key: str) -> str:
    """Return the bare value of `key`, lists with commas. Raises `SettingsError` for a key that does not exist."""
    section, field = _split_key(key)
    value = getattr(_find_section(settings, section), field)
    if isinstance(value, float):
        return f"{value:g}"
    return ",".join(value) if isinstance(value, tuple) else str(value)


def write_setting(path: Path, key: str, value: str, fallback_text: str = "") -> Settings:
    """Write `key` into the file at `path`, or into `fallback_text` where that is missing or empty, and return the
    settings then in the file.

    Raises `SettingsError` for a key that does not exist, a value it cannot take, or a file that cannot be changed.
    """
    section, field = _split_key(key)
    validated = _validate_value(section, field, value)
    with edit_document(path, fallback_text) as document:
        _require_compatible(document, section, field, validated)
        _set_value(document, section, field, validated)
    return load_settings(path).settings


def reset_setting(path: Path, key: str, fallback_text: str = "") -> Settings:
    """Remove `key` from the file, so that its default applies, and return the settings as `write_setting` does.

    The default is written where it would not apply by itself. Raises `SettingsError` likewise.
    """
    section, field = _split_key(key)
    default = getattr(_find_section(Settings(), section), field)
    with edit_document(path, fallback_text) as document:
        _require_compatible(document, section, field, default)
        table: Any = document
        for name in section.split("."):
            table = table.get(name) if isinstance(table, dict) else None
        if isinstance(table, dict):
            table.pop(field, None)
        if not _default_applies(document, key, default):
            _set_value(document, section, field, default)
    return load_settings(path).settings


def _set_value(document: TOMLDocument, section: str, field: str, value: object) -> None:
    import tomlkit

    table: MutableMapping[str, Any] = document
    for name in section.split("."):
        if not isinstance(table.get(name), dict):
            table.pop(name, None)
            table[name] = tomlkit.table()
        table = table[name]
    table[field] = list(value) if isinstance(value, tuple) else value


def _default_applies(document: TOMLDocument, key: str, default: object) -> bool:
    """Return whether the default of `key` applies with `document` as it is.

    Not for the setting that decrypts; nor in safe mode, nor in an empty file (see `LiveSettings`).
    """
    import tomlkit

    remaining = _interpret(tomlkit.parse(tomlkit.dumps(document)).unwrap())
    if key == "history.encrypted" or remaining.is_safe_mode or remaining.is_empty:
        return False
    return bool(attrgetter(key)(remaining.settings) == default)


def ensure_file(path: Path, fallback_text: str = "") -> None:
    """Create the file at `path` where it is missing, so that the next start is not the first.

    A missing or empty file gets `fallback_text`, any other is kept. Raises `SettingsError` where it cannot be created.
    """
    with edit_document(path, fallback_text):
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


def _split_key(key: str) -> tuple[str, str]:
    if key not in list_keys():
        near = difflib.get_close_matches(key, list_keys(), n=1)
        hint = Message("did-you-mean", name=near[0]) if near else Message("settings-list-hint")
        raise SettingsError("setting-unknown", key=key, hint=hint)
    section, _, field = key.rpartition(".")
    return section, field


def _interpret(document: Mapping[str, Any], valid: LoadedSettings | None = None) -> LoadedSettings:
    given: dict[str, object] = {}
    invalid: list[InvalidLine] = []
    _sort_lines(document, given, invalid)
    chosen = valid.settings if valid is not None and invalid else Settings()
    for key, value in given.items():
        chosen = replace_value(chosen, key, value)
    lines = [line.message for line in invalid]
    try:
        _ = chosen.hotkey.bindings
    except SettingsError as problem:
        lines.append(problem.message)
        chosen = chosen.model_copy(update={"hotkey": _resolve_key_conflicts(chosen.hotkey)})
    notice = Message("settings-partly-in-force", problem=lines[0]) if lines else None
    if not invalid:
        may_decrypt = given.get("history.encrypted") == "off"
        loaded = LoadedSettings(chosen, may_decrypt=may_decrypt, chosen=chosen)
        return replace(loaded, lines=tuple(lines), notice=notice, is_empty=not document)
    known = valid.settings if valid is not None else safety.find_known_services(chosen, given, invalid)
    may_fetch = valid is not None and valid.fetch_problem is None
    loaded = _enter_safe_mode(chosen, known, partial(safety.find_line, invalid), may_fetch=may_fetch)
    deletion_paused = Message("settings-deletion-paused-by-line", line=invalid[0].key)
    consequences = (deletion_paused, *loaded.consequences)
    return replace(loaded, consequences=consequences, lines=tuple(lines), notice=notice)


def _enter_safe_mode(
    chosen: Settings, known: Settings, line_for: Callable[[str], str], *, may_fetch: bool
) -> LoadedSettings:
    """Return the settings in force in safe mode, with messages on the services that are off: those not in `known`.

    `line_for` returns the line that needs repair by the key of a setting. `may_fetch` is whether a speech model may be
    downloaded for the engine in `known`.
    """
    settings = safety.restrict_services(chosen, known)
    is_engine_chosen = may_fetch and settings.recognizer.engine == chosen.recognizer.engine
    return LoadedSettings(
        settings,
        tuple(safety.describe_lost_services(chosen, settings, line_for)),
        is_safe_mode=True,
        lost_urls=safety.find_lost_urls(chosen, settings, line_for),
        fetch_problem=None
        if is_engine_chosen
        else Message("settings-no-model-fetched", line=line_for("recognizer.engine")),
        chosen=chosen,
    )


def _resolve_key_conflicts(chosen: HotkeySettings) -> HotkeySettings:
    """Return the hotkeys without conflicts, accepting one action at a time, the talk key first.

    A key that conflicts with an earlier one gets its default, or else none, so that a key that is bound twice does not
    disable the talk key.
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


def _sort_lines(
    values: Mapping[str, Any], given: dict[str, object], invalid: list[InvalidLine], above: str = ""
) -> None:
    """Add the valid ones among `values`, the table of the section `above`, to `given` by key, others to `invalid`."""
    tables = {name for name, _ in _iterate_sections(Settings())}
    for name, value in values.items():
        path = f"{above}{name}"
        if path in tables and isinstance(value, dict):
            _sort_lines(value, given, invalid, f"{path}.")
            continue
        try:
            section, field_name = _split_key(path)
            given[path] = _validate_value(section, field_name, value)
        except SettingsError as problem:
            message = problem.message
            if message.params.get("key") != path:  # of a hotkey, which does not know its setting
                message = Message("setting-value-invalid", key=path, value=_format_value(value), hint=(message,))
            invalid.append(InvalidLine(path, message))


def _require_compatible(document: TOMLDocument, section: str, field: str, value: object) -> None:
    """Raise `SettingsError` where `value` conflicts with the rest: the one rule that spans two fields."""
    if section == "hotkey":
        _ = _interpret(document.unwrap()).chosen.hotkey.model_copy(update={field: value}).bindings


def _validate_value(section: str, field: str, value: object) -> Any:
    """Return `value` as the schema holds it. Raises `SettingsError`."""
    tree = type(_find_section(Settings(), section))
    kind, candidate = tree.model_fields[field].annotation, value
    if isinstance(value, bool):
        word = "on" if value else "off"  # TOML's own booleans, which must not count as numbers
        candidate = word if kind in (int, EndSilence) or word in get_args(kind) else value
    try:
        return getattr(tree.model_validate({field: candidate}), field)
    except ValidationError as error:
        raise SettingsError(
            "setting-value-invalid",
            key=f"{section}.{field}",
            value=_format_value(value),
            hint=describe_invalid(error, tree),
        ) from None


def _format_value(value: object) -> str | Message:
    """Return how a refused value is quoted, also in reports: without what an address has before its host, a key."""
    text = f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)
    text = re.sub(r"//[^/\s]*@", "//…@", text)
    return textwrap.shorten(text, 60, placeholder="…") or Message("value-empty")
