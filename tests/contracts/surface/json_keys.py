"""The keys of what commands and the app's socket say in JSON, read from stdout and the socket.

Some need more than a home has: for `bench` (a model) and `doctor --network` (a service) the functions that make the
JSON are asked, without what `bench` says of the machine (`model`, `device`, `cpus`); `emotion` is asked of text and of
a file that is not there; and what the app puts into `last` of its status is a row of the history.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import numpy as np
import soundfile
from anyio import to_thread

from desktop.app.ipc import COMMANDS, serve_commands
from desktop.app.status import StatusPublisher
from desktop.bench import accuracy, cloud, engines, memory, mine_report, release
from desktop.bench.cloud import CloudMeasurement
from desktop.bench.memory import MemorySample
from desktop.core.ipc_client import Reply
from desktop.core.paths import Paths, find_paths
from desktop.doctor.network.report import build_report as build_network_report
from desktop.history.rows import HistoryEntry, HistoryRow
from desktop.history.store import HistoryStore
from tests.contracts.surface import Surface, samples
from tests.contracts.surface.command_line import apart, commands, home, intone
from tests.support.cloud import tls_server
from tests.support.cloud.openai import OpenAI
from tests.support.sound_server import sound_server


def json_keys() -> Surface:
    """Return the keys of each command that has `--json`; a key inside another follows a dot, in a list `[]`."""
    return {
        "intone bench release": _keys_of([release.build_release_report(samples.releases(), 0.3, 0, {})]),
        "intone bench accuracy": _keys_of([accuracy.build_accuracy_report(samples.heard(), 0, 0, {})]),
        "intone bench memory": _keys_of(
            [memory.build_memory_report([MemorySample(at_s, 1.0, 1.0) for at_s in (60, 70, 80)], 0, {})]
        ),
        "intone bench cloud": _keys_of([cloud.build_cloud_report([CloudMeasurement("openai", "a", 1.0)], {}, 0)]),
        "intone bench engines": _keys_of([engines.build_engines_report(samples.takes(), ("base",), 0, {}, {})]),
        "intone bench mine": _keys_of([mine_report.build_mine_report(*samples.mine(), date(2026, 3, 14))]),
        "intone doctor --network": _keys_of([build_network_report([samples.endpoint()], {}, samples.verdict())]),
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
            history.add(samples.entry())
        for words, given in samples.COMMANDS.items():
            if words.startswith("models path"):
                samples.install_model(here, words.split()[2])
            lines = intone(*words.format(here).split(), "--json", given=given).splitlines()
            found.setdefault(_command(words), set()).update(_keys_of(map(json.loads, lines)))
        printed, _ = _asked(here)
        found["intone status"] = set(_keys_of([json.loads(printed)]))
        os.environ |= sound.environ
        for words in ("devices", "doctor"):
            found[f"intone {words}"] = set(_keys_of(map(json.loads, apart(words, "--json").splitlines())))
    return {name: sorted(keys) for name, keys in found.items()}


def _command(words: str) -> str:
    """The longest command that `words` begin with."""
    known = [name for name in commands() if name and f"{words} ".startswith(f"{name} ")]
    return f"intone {max(known, key=len)}"


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
        return {"ok": True, **showing.status(), "last": HistoryRow(id=1, **_fields(samples.entry())).to_json()}

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
