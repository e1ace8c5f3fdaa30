"""`compatible` with a server that somebody else wrote, unchanged: faster-whisper-server, from the package index.

It runs in an environment of its own (`make server`) as `packaging/server/office.yaml` has it, but with the model of the
local engine, so that what differs is its server, our request and the sound on the way. `intone transcribe` asks it as
anybody's would; no model is installed where it runs, so that every word is the server's. `INTONE_COMPATIBLE_URL` names
another server, with INTONE_COMPATIBLE_KEY where it wants one: a team's own, before anybody depends on it.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from desktop.core.errors import UserError
from tests.prove.batch import batch
from tests.prove.heard import counts, rate
from tests.prove.record import MODELS, ROOT, Line, Run, tell
from tests.prove.recordings import Clip, clips
from tests.support.desk import until

PROGRAM = ROOT / ".cache/server/bin/faster-whisper-server"
OFFICE = ROOT / "packaging/server/office.yaml"

WORSE = 2.0
"""Percent of words by which it may be worse than the local model: its beam search starts from other settings."""


def prove(run: Run) -> dict[str, Any]:
    """Transcribe the clips of the set `en` and as many by other speakers; `run.limit` is how many clips."""
    chosen = [clip for pair in zip(clips(("en",)), clips(("en-l2",)), strict=False) for clip in pair]
    chosen = chosen[: run.upto(len(chosen))]
    missing = [clip for clip in chosen if clip.path.stem not in run.lines]
    if missing:
        with tempfile.TemporaryDirectory(prefix="intone-compatible-") as home, _server(run.model, Path(home)) as url:
            _transcribe(run, missing, url, Path(home))
    lines = [run.lines[clip.path.stem] for clip in chosen]
    server, local = ([line[who] for line in lines] for who in ("server", "local"))
    return {
        "clips": len(lines),
        "seconds": round(sum(clip.seconds for clip in chosen)),
        "reference_words": sum(line["words"] for line in server),
        "wer": rate(server),
        "wer_local": rate(local),
        "wer_against_local": rate(line["against_local"] for line in lines),
        "engines": sorted({line["engine"] for line in lines}),
        "audio_kb": round(sum(line["bytes"] for line in lines) / 1000),
        "answer_s": {"first": lines[0]["took_s"], "median": median(line["took_s"] for line in lines)},
        "ok": all(line["heard"] for line in server) and rate(server) <= rate(local) + WORSE,
    }


@contextmanager
def _server(model: str, home: Path) -> Iterator[str]:
    """The address of a server: the one that is named, or one of our own for as long as this lasts."""
    if named := os.environ.get("INTONE_COMPATIBLE_URL"):
        yield named
        return
    if not PROGRAM.exists():
        raise UserError("reported-message", title="The server is not installed.", advice="Run `make server`.")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    office = home / "office.yaml"
    office.write_text(re.sub(r"path: \S+", f"path: {MODELS / model}", OFFICE.read_text()))
    command = [str(PROGRAM), "--config", str(office), "--host", "127.0.0.1", "--port", str(port)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: _answers(f"http://127.0.0.1:{port}/health"), "the server answers", timeout_s=60)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(timeout=30)


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _transcribe(run: Run, missing: list[Clip], url: str, home: Path) -> None:
    """Have every clip transcribed by both, and keep what came of it."""
    local = batch(run.model, [clip.path for clip in missing])
    environ = {**os.environ, "INTONE_HOME": str(home)}
    (home / "settings.toml").write_text(
        f'recognizer = {{ engine = "compatible", language = ["en"], deadline_ms = 60000 }}\n'
        f'engines.compatible.url = "{url}"\n'
    )
    command = [sys.executable, "-m", "desktop", "transcribe", "--json", *(str(clip.path) for clip in missing)]
    with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True) as asked:
        assert asked.stdout is not None
        began = time.monotonic()
        for number, (clip, whole, told) in enumerate(zip(missing, local, asked.stdout, strict=False)):
            now = time.monotonic()
            run.lines.add(clip.path.stem, _line(clip, json.loads(told), whole, now - began))
            began = now
            tell(f"compatible: {number + 1}/{len(missing)}", "\r")
    if asked.returncode:
        raise UserError(
            "reported-message", title="Some clips were not transcribed.", advice="Standard error says which."
        )


def _line(clip: Clip, answer: dict[str, Any], local: str, took_s: float) -> Line:
    if "error" in answer:
        raise UserError("reported-message", title=f"{clip.path.name}: {answer['error']}", advice="")
    return {
        "server": counts(clip.text, answer["text"]),
        "local": counts(clip.text, local),
        "against_local": counts(local, answer["text"]),
        "engine": answer["engine"],
        "bytes": sum(sent["audio_bytes"] for sent in answer["sent"]),
        "took_s": round(took_s, 3),
    }
