"""What a proof is asked, and its results on disk.

A result is a line, written and flushed when it is known, so that a kill costs one measurement. The first line says what
the results hold for: seed, model and a digest of the code. Where that has changed since, the old file is put aside
rather than gone on with, because figures of two programs in one file are figures of neither.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

MODELS = Path(os.environ.get("INTONE_HOME", ROOT / ".cache/home")) / "models"
"""Where `make dev` put the tests' models."""

type Line = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """One proof as it was asked for. `limit` None is the full count; `desk` and `part` choose rows, all if empty."""

    name: str
    seed: int
    limit: int | None
    out: Path
    model: str = "base"
    desk: str = ""
    part: str = ""

    @cached_property
    def lines(self) -> Lines:
        """This proof's results."""
        code = ("tests/prove", "desktop")
        kits = (*code, "tests/support/desks")
        # Of fuzz by target, of windows-tests by file.
        others = {"corpus": ("tests/prove",), "fuzz": (), "desks": kits, "input-method": kits, "windows-tests": ()}
        others["layouts"] = kits
        others["arm64"] = ()  # of a package, whose digest is in the key
        others["mine"] = ("desktop/stt", "desktop/audio")  # texts alone are kept
        others["windows"] = (*kits, "tests/support/windows")
        others["team-server"] = (*code, "tests/support/cloud", "packaging/server")
        others["prose"] = (*code, "models/polish")
        held = others.get(self.name, code)
        about = {"proof": self.name, "seed": self.seed, "model": self.model, "code": digest(*held)}
        return Lines(self.out / f"{self.name}-{self.seed}.jsonl", about)

    def upto(self, full: int) -> int:
        """How many of `full` to do."""
        return full if self.limit is None else min(full, self.limit)


class Lines:
    """Results by key, appended to `path`; those that are there already are not measured again."""

    def __init__(self, path: Path, about: Mapping[str, Any]) -> None:
        self.path = path
        self._known: dict[str, Line] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = path.read_text().splitlines(keepends=True) if path.exists() else []
        if whole and not whole[-1].endswith("\n"):
            whole.pop()  # killed while it was written
        lines = [json.loads(line) for line in whole]
        if lines and lines[0] == dict(about):
            path.write_text("".join(whole))
            self._known = {line["key"]: line for line in lines[1:]}
            tell(f"{path.name}: {len(self._known)} results are there already")
            return
        if lines:
            path.rename(path.with_suffix(f".{lines[0]['code']}.jsonl"))
            tell(f"{path.name}: made by other code, put aside")
        path.write_text("")
        self._write(dict(about))

    def __contains__(self, key: str) -> bool:
        return key in self._known

    def __getitem__(self, key: str) -> Line:
        return self._known[key]

    def add(self, key: str, found: Mapping[str, Any]) -> Line:
        """Keep a result."""
        line = self._known[key] = {"key": key, **found}
        self._write(line)
        return line

    async def once(self, key: str, measure: Callable[[], Awaitable[Mapping[str, Any]]]) -> Line:
        """The result known by `key`, measured now unless it is there."""
        return self._known[key] if key in self._known else self.add(key, await measure())

    def _write(self, line: Line) -> None:
        with self.path.open("a") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())


def digest(*folders: str) -> str:
    """Twelve hex digits that change with the Python files and tables under these folders of the checkout."""
    files = sorted(file for folder in folders for kind in ("*.py", "*.toml") for file in (ROOT / folder).rglob(kind))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def tell(text: str, end: str = "\n") -> None:
    """Say on standard error how far it is."""
    sys.stderr.write(text + end)
    sys.stderr.flush()
