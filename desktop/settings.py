"""What a person may choose: one frozen typed tree, its defaults beside its types, kept in a file written for people.

A key on the command line is its path in the tree (`polish.mode`), so the tree is the only list of settings there is.

Reading salvages field by field: every field is independent of the others, so each is validated alone, and a bad one
costs nothing but itself. Reading never raises and never writes, since an app that cannot read its settings must still
start and a file that we do not understand is not ours to mend. Writing is strict and changes one key; `settings_file`
does it.
"""

from __future__ import annotations

import difflib
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import tomlkit
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from desktop.hotkey.bindings import Action, Bindings, bind
from desktop.hotkey.keys import parse
from desktop.problems import SettingsProblem
from desktop.settings_file import changed, read

AUTO = "auto"
"""The value that leaves the choice to the app."""

LONGEST_DAYS = 36_500
"""A century is as good as for ever, and still a date that can be reckoned with. As many minutes are a month."""

_CODES = """
af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht hu hy
id is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt ro ru
sa sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo zh yue
"""
LANGUAGES = tuple(_CODES.split())
"""The languages that Whisper knows, by its own codes (`jw` is its name for Javanese; `yue` came with large-v3)."""


def _split(value: object) -> object:
    """A list may be written with commas: the command line has no other way, and a file is forgiven."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _split_filled(value: object) -> object:
    """The same, where an empty text is an empty list."""
    parts = _split(value)
    return [part for part in parts if part] if isinstance(parts, list) else parts


def _known(languages: tuple[str, ...]) -> tuple[str, ...]:
    if languages == (AUTO,):
        return languages
    for code in languages:
        if code not in LANGUAGES:
            near = difflib.get_close_matches(code.lower(), LANGUAGES, n=1)
            hint = f"Did you mean {near[0]}?" if near else "Use codes such as en, de or zh."
            raise ValueError(f"Give `auto` alone, or languages that Whisper knows, separated by commas. {hint}")
    return languages


def _filled(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))


type Languages = Annotated[tuple[str, ...], BeforeValidator(_split), Field(min_length=1), AfterValidator(_known)]
type Names = Annotated[tuple[str, ...], BeforeValidator(_split), AfterValidator(_filled)]
type Name = Annotated[str, Field(min_length=1)]
type Key = Annotated[str, AfterValidator(lambda name: str(parse(name)))]
type Keys = Annotated[tuple[Key, ...], BeforeValidator(_split_filled)]


class _Tree(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Hotkey(_Tree):
    """The keys, by the names of `desktop.hotkey.keys`; what each does and which go together says `hotkey.bindings`. An
    empty list binds none. `tap` is what a short press does: lock, lock at the second, or nothing but a short
    dictation."""

    talk: Annotated[Keys, Field(min_length=1)] = ("ctrl_r",)
    send: Keys = ()
    languages: Keys = ()
    paste_last: Keys = ()
    undo: Keys = ()
    swap: Keys = ()
    cancel: Key = "esc"
    tap: Literal["lock", "double", "off"] = "lock"

    @property
    def bindings(self) -> Bindings:
        """Every key and what it does. Raises `SettingsProblem` where two are in each other's way."""
        named = {str(action): getattr(self, action) for action in Action}
        return bind({**named, Action.CANCEL: (self.cancel,)})


class Sound(_Tree):
    """Where speech comes from: the first of `device` that is there (ids as `intone devices` gives them, or names), the
    system's default where none is.

    `warm` says how long it stays open (`desktop.microphone.system`), `cue` whether a tone says that it hears;
    `longest_min` is the length at which a dictation ends by itself; `others` what becomes of other sound meanwhile
    (`desktop.microphone.others`).
    """

    device: Names = ()
    warm: Literal["never", "after", "always"] = "after"
    cue: Literal["off", "on"] = "off"
    longest_min: Annotated[int, Field(ge=1, le=120)] = 10
    others: Literal["off", "duck", "pause"] = "off"


class Recognizer(_Tree):
    """What turns speech into words. `model` is a name of the catalogue, a folder, or `auto`.

    `unload_after_min` is after how long without a dictation the model's memory is given back, 0 for never; `chinese`
    the script that Chinese is written in, `auto` by the system's locale.
    """

    engine: Literal["whisper"] = "whisper"
    model: Name = AUTO
    language: Languages = (AUTO,)
    chinese: Literal["auto", "simplified", "traditional"] = "auto"
    unload_after_min: Annotated[int, Field(ge=0, le=LONGEST_DAYS)] = 10


class Vocabulary(_Tree):
    """The user's own words: names and terms that recognition is biased towards."""

    words: Names = ()


class Polish(_Tree):
    """How far the words are put into shape."""

    mode: Literal["off", "rules", "llm"] = "rules"


class Pasting(_Tree):
    """How text is put into windows. `join`: a space between two dictations into one window, "auto" where nothing was
    touched in between. What single applications need is in `applications.toml` (`desktop.paste.applications`)."""

    join: Literal["auto", "space", "none"] = "auto"


class Mood(_Tree):
    """What reads the mood of a dictation."""

    engine: Literal["off", "local", "llm"] = "local"


class Keeping(_Tree):
    """How many days recordings stay beside their text; 0 keeps none."""

    keep_audio_days: Annotated[int, Field(ge=0, le=LONGEST_DAYS)] = 7


class Settings(_Tree):
    """All of it. Fields are read as `settings.polish.mode`."""

    hotkey: Hotkey = Hotkey()
    audio: Sound = Sound()
    recognizer: Recognizer = Recognizer()
    vocabulary: Vocabulary = Vocabulary()
    polish: Polish = Polish()
    paste: Pasting = Pasting()
    emotion: Mood = Mood()
    history: Keeping = Keeping()


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings in force, and a sentence for everything in the file that is not."""

    settings: Settings
    dropped: tuple[str, ...] = ()


def keys() -> tuple[str, ...]:
    """Every key, in the tree's order."""
    return tuple(f"{section}.{field}" for section, tree in _sections().items() for field in tree.model_fields)


def load(path: Path) -> Loaded:
    """The settings in the file at `path`, everything else at its default. Never raises, never writes."""
    try:
        return _salvaged(read(path).unwrap())
    except SettingsProblem as problem:
        return Loaded(Settings(), (f"{problem.title} The defaults are used.",))


def get(settings: Settings, key: str) -> str:
    """The bare value of `key`, lists with commas. Raises `SettingsProblem` for a key that does not exist."""
    section, field = _path(key)
    value = getattr(getattr(settings, section), field)
    return ",".join(value) if isinstance(value, tuple) else str(value)


def put(path: Path, key: str, value: str) -> Settings:
    """Write `key` into the file at `path` and return the settings now in force.

    Raises `SettingsProblem` for a key that does not exist, a value it cannot take, or a file that cannot be changed.
    """
    section, field = _path(key)
    checked = _check(key, value)
    with changed(path) as document:
        _fit(document, section, field, checked)
        if not isinstance(document.get(section), dict):
            document.pop(section, None)
            document.append(section, tomlkit.table())
        document[section][field] = list(checked) if isinstance(checked, tuple) else checked
    return load(path).settings


def reset(path: Path, key: str) -> Settings:
    """Take `key` out of the file at `path`, so that its default holds, and return the settings now in force.

    Raises `SettingsProblem` as `put` does.
    """
    section, field = _path(key)
    with changed(path) as document:
        _fit(document, section, field, getattr(getattr(Settings(), section), field))
        values = document.get(section)
        if isinstance(values, dict):
            values.pop(field, None)
    return load(path).settings


def _sections() -> dict[str, type[_Tree]]:
    return {name: type(tree) for name, tree in Settings()}


def _path(key: str) -> tuple[str, str]:
    if key not in keys():
        near = difflib.get_close_matches(key, keys(), n=1)
        remedy = f"Did you mean {near[0]}?" if near else "`intone settings list` shows them all."
        raise SettingsProblem(f"There is no setting named {key}.", remedy)
    section, _, field = key.partition(".")
    return section, field


def _salvaged(document: dict[str, Any]) -> Loaded:
    dropped: list[str] = []
    kept: dict[str, _Tree] = {}
    for section, values in document.items():
        tree = _sections().get(section)
        if tree is None or not isinstance(values, dict):
            dropped.append(f"There is no setting named {section}.")
            continue
        good: dict[str, object] = {}
        for field, value in values.items():
            try:
                good[field] = _check(f"{section}.{field}", value)
            except SettingsProblem as problem:
                dropped.append(str(problem))
        kept[section] = tree(**good)
    settings = Settings().model_copy(update=kept)
    try:
        _ = settings.hotkey.bindings
    except SettingsProblem as problem:
        dropped.append(str(problem))
        settings = settings.model_copy(update={"hotkey": Hotkey()})
    return Loaded(settings, tuple(dropped))


def _fit(document: tomlkit.TOMLDocument, section: str, field: str, value: object) -> None:
    """Raise `SettingsProblem` where `value` does not go together with the rest: the one rule that spans two fields."""
    if section == "hotkey":
        _ = _salvaged(document.unwrap()).settings.hotkey.model_copy(update={field: value}).bindings


def _check(key: str, value: object) -> Any:
    """`value` as the tree holds it; raises `SettingsProblem`."""
    section, field = _path(key)
    try:
        return getattr(_sections()[section].model_validate({field: value}), field)
    except ValidationError as error:
        shown = textwrap.shorten(str(value), 60, placeholder="…") or "empty"
        raise SettingsProblem(f"{key} cannot be {shown}.", _remedy(error)) from None


def _remedy(error: ValidationError) -> str:
    first = error.errors()[0]
    match first["type"]:
        case "literal_error":
            return f"Choose {first['ctx']['expected'].replace("'", '')}."
        case str(kind) if kind.startswith("int_") or kind in ("greater_than_equal", "less_than_equal"):
            return f"Give a whole number from 0 to {LONGEST_DAYS}."
        case "string_too_short" | "too_short":
            return "Give it a value, or reset it."
        case "value_error":
            return str(first["ctx"]["error"])
        case _:
            return f"{first['msg']}."
