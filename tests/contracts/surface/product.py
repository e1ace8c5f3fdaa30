"""What the running product shows of its surface. The only module here that imports it.

Commands run as from a shell, in a home of their own, and their JSON is read from stdout. Some need more than that has:
for `bench` (a model) and `doctor --network` (a service) the functions that make the JSON are asked, without what
`bench` says of the machine (`model`, `device`, `cpus`); `emotion` is asked of text and of a file that is not there; and
what the app puts into `last` of its status is a row of the history.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import numpy as np
import soundfile
from anyio import to_thread

from desktop.__main__ import _build_parser as build_parser
from desktop.__main__ import main
from desktop.app.ipc import COMMANDS, serve_commands
from desktop.app.status import StatusPublisher
from desktop.bench import accuracy, cloud, engines, memory, release
from desktop.bench.cloud import CloudMeasurement
from desktop.bench.dataset import ItemResult
from desktop.bench.engines import EngineTake
from desktop.bench.memory import MemorySample
from desktop.bench.release import ReleaseMeasurement
from desktop.core.ipc_client import Reply
from desktop.core.paths import Paths, find_paths
from desktop.core.types import EMOTION_LABELS, Emotion, Outcome, RuleChange, SentData
from desktop.doctor.network.measurement import ServiceMeasurement, StatusPage
from desktop.doctor.network.report import build_report as build_network_report
from desktop.doctor.network.verdict import NetworkVerdict
from desktop.history.rows import HistoryEntry, HistoryRow
from desktop.history.store import HistoryStore
from desktop.network.timing import ExchangeTiming
from desktop.settings.schema import Settings
from models.catalog import load_catalog
from tests.contracts.surface import Surface, sources
from tests.support.cloud import tls_server
from tests.support.cloud.openai import OpenAI
from tests.support.sound_server import sound_server

WIDTH = "1000"
"""Columns: so wide that each option is a line, and stays one when its help gets longer."""

# -- a home, and commands in it ---------------------------------------------------------------------------------------


@contextmanager
def home() -> Iterator[Path]:
    """A home with nothing around it: no display, no session, no keys."""
    with (
        tempfile.TemporaryDirectory(prefix="intone-surface-") as name,
        environment(
            HOME=name,
            INTONE_HOME=name,
            XDG_RUNTIME_DIR=name,
            PATH=os.environ["PATH"],
            PYTHON_KEYRING_BACKEND="keyring.backends.null.Keyring",
            COLUMNS=WIDTH,
            NO_COLOR="1",
        ),
    ):
        yield Path(name)


@contextmanager
def environment(**variables: str) -> Iterator[None]:
    """Have `variables` and no others in the environment until the block ends."""
    before = dict(os.environ)
    try:
        os.environ.clear()
        os.environ.update(variables)
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def intone(*arguments: str, given: str = "") -> str:
    """Run a command with `given` on standard input; return its standard output. Whether it fails is not asked."""
    stdin, out = sys.stdin, io.StringIO()
    sys.stdin = io.TextIOWrapper(io.BytesIO(given.encode()))
    try:
        with redirect_stdout(out), redirect_stderr(io.StringIO()):
            main(arguments)
    except SystemExit:
        pass
    finally:
        sys.stdin = stdin
    return out.getvalue()


def apart(*arguments: str) -> str:
    """Run a command in a process of its own: one that opens PortAudio or looks at all libraries."""
    command = [sys.executable, "-m", "desktop", *arguments]
    return subprocess.run(command, cwd=sources.ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout


def commands() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of each command and subcommand by its words; that of `intone` itself is first."""
    return dict(_below("", build_parser("")))


def _below(words: str, command: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    yield words, command
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, child in action.choices.items():
                yield from _below(f"{words} {name}".strip(), child)


# -- the kinds of surface ---------------------------------------------------------------------------------------------


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


def json_keys() -> Surface:
    """Return the keys of each command that has `--json`; a key inside another follows a dot, in a list `[]`."""
    return {
        "intone bench release": _keys_of([release.build_release_report(_releases(), 0.3, 0, {})]),
        "intone bench accuracy": _keys_of([accuracy.build_accuracy_report(_heard(), 0, 0, {})]),
        "intone bench memory": _keys_of(
            [memory.build_memory_report([MemorySample(at_s, 1.0, 1.0) for at_s in (60, 70, 80)], 0, {})]
        ),
        "intone bench cloud": _keys_of([cloud.build_cloud_report([CloudMeasurement("openai", "a", 1.0)], {}, 0)]),
        "intone bench engines": _keys_of([engines.build_engines_report(_takes(), ("base",), 0, {}, {})]),
        "intone doctor --network": _keys_of(
            [build_network_report([_endpoint()], {}, NetworkVerdict("network", "It is."))]
        ),
        **_printed(),
    }


def _printed() -> Surface:
    found: dict[str, set[str]] = {}
    with home() as here, ExitStack() as stack:
        sound = stack.enter_context(sound_server())
        served = stack.enter_context(tls_server.serve(OpenAI(compatible=True), tls=False))
        soundfile.write(here / "a.wav", np.random.default_rng(0).normal(0, 0.1, 16_000).astype(np.float32), 16_000)
        for key, value in (("recognizer.engine", "compatible"), ("engines.compatible.url", f"{served.url}/v1")):
            intone("settings", "set", key, value)
        history = HistoryStore(here / "history.db")
        for _ in range(3):
            history.add(entry())
        for words, given in SAMPLES.items():
            if words.startswith("models path"):
                _install(here, words.split()[2])
            lines = intone(*words.format(here).split(), "--json", given=given).splitlines()
            found.setdefault(_command(words), set()).update(_keys_of(map(json.loads, lines)))
        printed, _ = _asked(here)
        found["intone status"] = set(_keys_of([json.loads(printed)]))
        os.environ |= sound.environ
        for words in ("devices", "doctor"):
            found[f"intone {words}"] = set(_keys_of(map(json.loads, apart(words, "--json").splitlines())))
    return {name: sorted(keys) for name, keys in found.items()}


SAMPLES = {
    "transcribe --polish {0}/a.wav": "",
    "transcribe {0}/none.wav": "",
    "polish": "um so hello there",
    "emotion --text": "I am so happy for you!",
    "emotion {0}/none.wav": "",
    "history stats": "",
    "history list": "",
    "history search good": "",
    "history show 1": "",
    "history export {0}/all.jsonl": "",
    "history import {0}/all.jsonl": "",
    "history edit 1": "Good GitHub.",
    "history correct-emotion 1 joy": "",
    "vocabulary learn 1": "",
    "vocabulary list": "",
    "vocabulary add a b": "",
    "vocabulary add --word Ada": "",
    "vocabulary export {0}/all.toml": "",
    "vocabulary import {0}/all.toml": "",
    "vocabulary remove a": "",
    "history delete 2": "",
    "history forget-emotions --yes": "",
    "history clear --yes": "",
    "models list": "",
    "prompts": "",
    "settings describe polish.mode": "",
    "models path tiny": "",
    "key test compatible": "",
}
"""Commands that are run in this order, without their `--json`, and what they are given on standard input."""


def _command(words: str) -> str:
    """The longest command that `words` begin with."""
    known = [name for name in commands() if name and f"{words} ".startswith(f"{name} ")]
    return f"intone {max(known, key=len)}"


def _endpoint() -> ServiceMeasurement:
    """A service of which all is known."""
    return ServiceMeasurement(
        "openai", "host", "OpenAI", cold=ExchangeTiming(), warm=ExchangeTiming(), status_page=StatusPage("", "")
    )


def _releases() -> list[ReleaseMeasurement]:
    return [ReleaseMeasurement(length_s, length_s, 1.0, 1.0, 1.0, 1.0, 0) for length_s in (3.0, 30.0, 120.0)]


def _takes() -> list[EngineTake]:
    return [EngineTake("a", "base", 0, length_s, 1.0, 1.0, "we met", 1, 2) for length_s in (3.0, 30.0, 120.0)]


def _heard() -> list[ItemResult]:
    """One recording that lost its end, and one with doubled words."""
    return [
        ItemResult(
            "a", "base", 0, "en", "we met in the old town", "We met.", "we met in", "We met in the old town.", 1.0
        ),
        ItemResult("b", "base", 0, "en", "i will go home", "", "I will go, I will go home.", "I will go home.", 1.0),
    ]


def entry() -> HistoryEntry:
    """A dictation of which everything is known."""
    return HistoryEntry(
        started_at=datetime.now(UTC),
        app="kate",
        window="a window",
        raw_text="good get hub",
        text="Good get hub.",
        language="en",
        duration_s=1.0,
        engine="whisper",
        model="base",
        release_to_text_ms=1.0,
        delivery=Outcome.INSERTED,
        emotion=Emotion("joy", 1.0, 1.0, 1.0, scores=(0.1,) * len(EMOTION_LABELS)),
        audio_path=Path("20260101-120000-000000.flac"),
        decode_s=1.0,
        device="cpu",
        paste_ms=1.0,
        sent=(SentData("localhost", "speech"),),
        changed=(RuleChange("spacing", "a", "b"),),
    )


def _install(here: Path, model: str) -> None:
    """Lay files of the right sizes where a model belongs."""
    folder = here / "models" / model
    folder.mkdir(parents=True)
    for file in load_catalog()[model].hub.files:
        with (folder / file.name).open("wb") as stream:
            stream.truncate(file.size)


def _keys_of(objects: Any) -> list[str]:
    return sorted({key for one in objects for key in _flat(one, "")})


def _flat(value: object, at: str) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _flat(inner, f"{at}.{key}".lstrip("."))
    elif isinstance(value, list) and value:
        for inner in value:
            yield from _flat(inner, f"{at}[]")
    else:
        yield at


def schema() -> Surface:
    """Return the SQL of a new history, a column or a statement a line. FTS5's own tables are SQLite's affair."""
    with home() as here:
        HistoryStore(here / "history.db").add(entry())
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


def control() -> Surface:
    """Return what can be asked at the running app's socket, and the keys of its answers."""
    with home() as here:
        _, answers = _asked(here)
    return {"commands": sorted(COMMANDS), **{request: _keys_of([answer]) for request, answer in answers.items()}}


def _asked(here: Path) -> tuple[str, dict[str, Any]]:
    """What `intone status --json` prints beside an app, and that app's answers to lines at its socket."""
    answers: dict[str, Any] = {}

    async def handle(command: str) -> Reply:
        showing = StatusPublisher(lambda shown: None, lambda cancellable: None, lambda: False)
        return {"ok": True, **showing.status(), "last": HistoryRow(id=1, **_fields(entry())).to_json()}

    async def ask() -> str:
        async with serve_commands(Paths(here, here, here, here), handle):
            for request in ('{"command": "status"}', '{"command": "sing"}'):
                answers[request] = await to_thread.run_sync(partial(_line, find_paths().socket, request))
            return await to_thread.run_sync(intone, "status", "--json")

    return anyio.run(ask), answers


def _fields(whole: HistoryEntry) -> dict[str, Any]:
    return {name: getattr(whole, name) for name in HistoryEntry.__dataclass_fields__}


def _line(path: Path, request: str) -> Any:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        client.sendall(f"{request}\n".encode())
        return json.loads(client.makefile().readline())


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
