"""What the running product shows of its surface, kind by kind."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from desktop.core.paths import find_paths
from desktop.history.store import HistoryStore
from desktop.settings.schema import Settings
from tests.contracts.surface import Surface, samples, sources
from tests.contracts.surface.command_line import commands, environment, home, intone
from tests.contracts.surface.json_keys import control, json_keys


def help_texts() -> Surface:
    """Return what `--help` prints, of each command."""
    with home():
        return {
            f"intone {words}".strip(): intone(*words.split(), "--help").rstrip("\n").split("\n") for words in commands()
        }


def settings() -> Surface:
    """Return each key with what it may be and its default, and what `intone settings list` prints."""
    schema = Settings.model_json_schema()
    with home():
        printed = intone("settings", "list").splitlines()
    return {**dict(_keys(schema, schema["$defs"])), "intone settings list": printed}


def _keys(section: dict[str, Any], definitions: dict[str, Any], above: str = "") -> Iterator[tuple[str, list[str]]]:
    for name, field in section["properties"].items():
        facts = _resolved(field, definitions)
        if "properties" in facts:
            yield from _keys(facts, definitions, f"{above}{name}.")
            continue
        lines = [f"{key} {json.dumps(facts[key], ensure_ascii=False)}" for key in sorted(facts.keys() - {"enum"})]
        yield f"{above}{name}", [*lines, *(f"choice {json.dumps(choice)}" for choice in facts.get("enum", []))]


def _resolved(field: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Facts of a field without the names of types and what is written about them."""
    facts = {key: value for key, value in field.items() if key not in ("title", "description", "$ref")}
    if reference := field.get("$ref"):
        facts = {**_resolved(definitions[reference.rpartition("/")[2]], definitions), **facts}
    if isinstance(facts.get("items"), dict):
        facts["items"] = _resolved(facts["items"], definitions)
    return facts


def schema() -> Surface:
    """Return the SQL of a new history, a column or a statement a line. FTS5's own tables are SQLite's affair."""
    with home() as here:
        HistoryStore(here / "history.db").add(samples.entry())
        with sqlite3.connect(here / "history.db") as file:
            version = file.execute("PRAGMA user_version").fetchone()[0]
            parts = file.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        file.close()
    found = {f"{kind} {name}": _sql(sql) for kind, name, sql in sorted(parts) if not re.match("words_|sqlite_", name)}
    return {"user_version": [f"user_version {version}"], **found}


def _sql(text: str) -> list[str]:
    """One space between words, none within brackets; what is quoted stays as it is."""
    lines, depth = [""], 0
    deep = 1 if re.match("CREATE (VIRTUAL )?TABLE", text) else 0
    ends = (";",) if text.startswith("CREATE TRIGGER") else (",", ";")
    for part in re.findall(r"""'[^']*'|"[^"]*"|[(),;]|\s+|[^\s(),;'"]+""", text):
        depth += (part == "(") - (part == ")")
        if part == ")" and depth < deep:
            lines.append("")
        lines[-1] += " " if part.isspace() else part
        if (part == "(" and depth == deep == 1) or (part in ends and depth == deep):
            lines.append("")
    tidy = (re.sub(r"(?<=\() | (?=[),;])", "", line).strip() for line in lines)
    return [line.removesuffix(",") for line in tidy]


def files() -> Surface:
    """Return the names of all files and folders that `paths` gives, in each of the environments that it knows."""
    alike = {"HOME": "/nowhere/user"}
    session = {"XDG_RUNTIME_DIR": "/nowhere/runtime"}
    folders = {f"XDG_{kind}_HOME": f"/nowhere/{kind.lower()}" for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    return {
        "INTONE_HOME": _names(alike | session | {"INTONE_HOME": "/nowhere/home"}),
        "no INTONE_HOME": _names(alike | session),
        "XDG folders": _names(alike | session | folders),
        "no XDG_RUNTIME_DIR": _names(alike),
    }


def _names(variables: dict[str, str]) -> list[str]:
    with environment(**variables):
        here = find_paths()
        values = [getattr(here, name) for name in dir(here) if not name.startswith("_")]
    alone = str(Path(tempfile.gettempdir()) / f"intone-{os.getuid()}")
    return sorted({str(value).replace(alone, "/TMP/intone-UID") for value in values if isinstance(value, Path)})


KINDS: dict[str, Callable[[], Surface]] = {
    "help": help_texts,
    "settings": settings,
    "json": json_keys,
    "history": schema,
    "control": control,
    "paths": files,
    "environment": sources.variables,
    "data": sources.data_files,
    "messages": sources.messages,
}
"""Each file of frozen data, and what collects the same of the code as it is now."""
