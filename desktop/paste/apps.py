"""Rules for pasting into applications: a table of kinds, and the user's own rules over it.

The user's file has a table for each application, named by its window class or its program, with any of the rule's
fields; what it leaves out stays as the kind has it. A table that cannot be read affects no other.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from desktop.core.chords import PasteShortcut, clean_for_terminal, flatten_for_shell, remove_controls
from desktop.core.files import read_package_toml, read_user_toml
from desktop.core.messages import Message
from desktop.core.validation import describe_invalid
from desktop.settings.values import LanguageCodes

COMM_BYTES = 15
"""Bytes of a program's name that the kernel keeps."""

MAX_DELAY_MS, MAX_HOLD_MS = 10_000, 100

KEY_FIELDS = frozenset(("chord", "delay_ms", "hold_ms", "reads"))
"""Fields of a rule that say by which keys, or when, to paste."""

SANDBOX_PROXY = "xdg-dbus-proxy"
"""The program by which those in a sandbox are on the accessibility bus."""


class PasteRule(BaseModel):
    """How to paste into an application.

    `chord` None: Ctrl+V, or Shift+Insert where the layout has no v. `lines`: newlines and tabs are kept ("keep"),
    become spaces ("flatten"), or are kept for a terminal with bracketed paste ("bracketed"). `delay_ms` lies between
    taking the clipboard and the chord; `reads` "early" counts what is read in between, and with "twice" the first read
    after Ctrl+V is not the last; `hold_ms` lies between the chord's keys. `enter`: press Return after a confirmed
    insertion. `language` is the application's own value of `recognizer.language`, None for that of the settings.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    chord: Annotated[PasteShortcut | None, BeforeValidator(lambda name: _parse_shortcut(name))] = None
    lines: Literal["keep", "flatten", "bracketed"] = "keep"
    delay_ms: Annotated[int, Field(ge=0, le=MAX_DELAY_MS)] = 0
    hold_ms: Annotated[int, Field(ge=0, le=MAX_HOLD_MS)] = 0
    reads: Literal["late", "early", "twice"] = "late"
    enter: bool = False
    language: LanguageCodes | None = None

    @property
    def is_exact(self) -> bool:
        """Whether pasted text is inserted unchanged and can be traversed and selected by keys.

        False in terminals and remote desktops; an editor with a terminal in it cannot be told from either.
        """
        return self.lines == "keep" and self.chord is not PasteShortcut.SHIFT_INSERT and self.reads != "early"

    def adapt_text(self, text: str) -> str:
        """Return `text` as it may be pasted into this application."""
        match self.lines:
            case "flatten":
                return flatten_for_shell(text)
            case "bracketed":
                return clean_for_terminal(text)
            case "keep":
                return remove_controls(text)


@dataclass(frozen=True, slots=True)
class PasteRules:
    """The rules in force; `warnings` has a message for each table of the user's file that is not used."""

    user_rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    warnings: tuple[Message, ...] = ()

    def find_rule(self, app: str, comm: str, *, electron: bool = False, system: str = "linux") -> PasteRule:
        """Return the rule for a window of class `app`, of a program that the kernel calls `comm`.

        `electron`: the program has Electron's archive beside it. `system`: the system whose rows of the table apply.
        """
        names = (app.lower(), comm.lower())
        kinds = _load_kinds(system).items()
        kind = next((kind for kind, known in kinds if _matches_name(names, known)), "")
        if electron and not kind:
            kind = "electron" if system == "linux" else f"{system}-electron"
        fields = dict(_rule_fields(kind)) if kind else {}
        for name, user_fields in self.user_rules.items():
            if _matches_name(names, frozenset((name.lower(),))):
                fields |= user_fields
        return PasteRule(**fields)

    @property
    def own_languages(self) -> list[tuple[str, ...]]:
        """Return the values of `recognizer.language` that applications have for themselves."""
        return [language for fields in self.user_rules.values() if (language := fields.get("language"))]

    def find_language(self, app: str, comm: str) -> tuple[str, ...] | None:
        """Return the value of `recognizer.language` that the application of `find_rule` has for itself."""
        return self.find_rule(app, comm).language

    def asks_for_keys(self, app: str, comm: str) -> bool:
        """Return whether the window of `find_rule` is pasted into by keys alone: the user's rule says by which or when,
        or another machine gets the clipboard and the keys."""
        names = (app.lower(), comm.lower())
        has_users_keys = any(
            not KEY_FIELDS.isdisjoint(fields) and _matches_name(names, frozenset((name.lower(),)))
            for name, fields in self.user_rules.items()
        )
        return has_users_keys or self.find_rule(app, comm).reads == "early"


def load_paste_rules(path: Path) -> PasteRules:
    """Load the user's file at `path`, which need not exist. Never raises."""
    user_rules: dict[str, Mapping[str, Any]] = {}
    warnings: list[Message] = []
    for name, fields in read_user_toml(path, warnings).items():
        try:
            user_rules[name] = PasteRule.model_validate(fields).model_dump(exclude_unset=True)
        except ValidationError as error:
            where = f"{path.name}: {'.'.join(map(str, (name, *error.errors()[0]['loc'])))}"
            warnings.append(Message("file-entry-invalid", where=where, reason=describe_invalid(error, PasteRule)))
    return PasteRules(user_rules, tuple(warnings))


def is_terminal(app: str, comm: str, system: str = "linux") -> bool:
    """Return whether a window of class `app`, of a program that the kernel calls `comm`, is a terminal by the table."""
    names = (app.lower(), comm.lower())
    return any(_matches_name(names, known) for kind, known in _load_kinds(system).items() if kind.endswith("terminal"))


def matches_any_app(app: str, names: Collection[str]) -> bool:
    """Return whether `app`, a window class or a program's name as the kernel keeps it, is among `names`, which are in
    lower case."""
    return _matches_name((app.lower(), app.lower()), names)


def is_electron(pid: int) -> bool:
    """Return whether the program has Electron's archive beside it. Reads /proc."""
    try:
        return is_electron_program(Path(f"/proc/{pid}/exe").readlink())
    except OSError:
        return False


def is_electron_program(program: PurePath) -> bool:
    """Return whether the program at that path has Electron's archive beside it."""
    try:
        return bool(program.name) and Path(program.parent, "resources", "app.asar").exists()
    except OSError:
        return False


def may_use_qt(pid: int, comm: str) -> bool:
    """Return whether the program may be one of Qt's, which report one paragraph at a time. Reads /proc."""
    if not pid or comm == SANDBOX_PROXY[:COMM_BYTES]:
        return True
    try:
        return b"/libQt" in Path(f"/proc/{pid}/maps").read_bytes()
    except OSError:
        return True


def _parse_shortcut(name: object) -> object:
    """Return the chord with this printed name, in any case and with any spaces."""
    if not isinstance(name, str):
        return name
    normalized = name.replace(" ", "").lower()
    return next((paste for paste in PasteShortcut if paste.value.lower() == normalized), name)


def _matches_name(names: tuple[str, str], known: Collection[str]) -> bool:
    """Return whether one of a window's names is `known`; the second is the program's, truncated by the kernel."""
    app, comm = names
    is_truncated = len(comm) == COMM_BYTES and any(name.startswith(comm) for name in known)
    return app in known or comm in known or is_truncated


@functools.cache
def _load_table() -> dict[str, dict[str, Any]]:
    return read_package_toml("desktop.paste", "applications.toml")


@functools.cache
def _load_kinds(system: str) -> dict[str, frozenset[str]]:
    system_rows = {
        kind: table_row for kind, table_row in _load_table().items() if table_row.get("system", "linux") == system
    }
    return {kind: frozenset(row["names"].split()) for kind, row in system_rows.items()}


def _rule_fields(kind: str) -> dict[str, Any]:
    return {key: value for key, value in _load_table()[kind].items() if key not in ("names", "system")}
