"""What calls hear while one dictates with `audio.calls = mute`, by the real app, real speech and a real sound server.

Two programs record the microphone and one plays. In a hundred dictations it is measured, sample by sample, what each
call hears between press and release, and whether the streams are afterwards as they were before. Then the app is killed
at a random moment of a dictation, twenty times, and it is measured how soon they are.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import numpy as np

from desktop.bench.metrics import percentile
from desktop.core import ipc_client
from desktop.core.errors import UserError
from desktop.core.paths import Paths
from tests.prove.record import MODELS, Line, Run, tell
from tests.support.call_stage import CallStage
from tests.support.desk import CTRL_R, Desk, until
from tests.support.hands import SAID_S, said

DICTATIONS, KILLS = 100, 20

LEAK_MS, RESTORED_S = 50.0, 1.0
"""The bars: what a call may hear of a dictation, and how long after a kill it may be muted."""

MODEL = "tiny.en"

SPEAKS_S, SETTLED_S = 0.3, 60.0


def prove(run: Run) -> dict[str, Any]:
    """`run.limit` dictations, and a fifth as many kills."""
    count = run.upto(DICTATIONS)
    keys = [f"dictation {at}" for at in range(count)] + [f"kill {at}" for at in range(-(-count * KILLS // DICTATIONS))]
    if missing := [key for key in keys if key not in run.lines]:
        with (
            tempfile.TemporaryDirectory(prefix="intone-calls-", ignore_cleanup_errors=True) as name,
            caller(Path(name)) as user,
        ):
            for key in missing:
                run.lines.add(key, user.measure(run.seed, key))
                tell(f"calls: {key}", "\r")
    return summary([run.lines[key] for key in keys])


def summary(lines: list[Line]) -> dict[str, Any]:
    """The counts, and `ok`."""
    dictations = [line for line in lines if "leaks" in line]
    kills = [line for line in lines if "restored_s" in line]
    leaks = [leak for line in dictations for leak in line["leaks"].values()]
    heard = [leak["begin_ms"] + leak["later_ms"] for leak in leaks]
    wrong = [f"{line['key']}: streams are not as before" for line in lines if not line["as_before"]]
    wrong += [f"{line['key']}: {line['restored_s']} s" for line in kills if line["restored_s"] > RESTORED_S]
    wrong += [f"{line['key']}: the reference is muted" for line in dictations if line["reference_muted"]]
    return {
        "dictations": len(dictations),
        "kills": len(kills),
        "killed_while_muted": sum(line["was_muted"] for line in kills),
        "heard_ms": _percentiles(heard),
        "heard_at_the_beginning_ms": _percentiles([leak["begin_ms"] for leak in leaks]),
        "heard_later_ms": _percentiles([leak["later_ms"] for leak in leaks]),
        "hears_again_ms": _percentiles([leak["back_ms"] for leak in leaks if leak["back_ms"] is not None]),
        "as_before_percent": 100.0 * sum(line["as_before"] for line in lines) / len(lines),
        "restored_s": _percentiles([line["restored_s"] for line in kills if line["was_muted"]]),
        "wrong": wrong[:20],
        "ok": not wrong and max(heard, default=0.0) <= LEAK_MS,
    }


def _percentiles(values: list[float]) -> dict[str, float]:
    return {"p50": percentile(values, 50), "p95": percentile(values, 95), "max": max(values)} if values else {}


def kill_after_s(seed: int, at: int) -> float:
    """The seconds after the press at which the app is killed: while the key is held, since calls are muted then."""
    return float(np.random.default_rng([seed, at]).uniform(0, SAID_S))


@contextmanager
def caller(folder: Path) -> Iterator[Caller]:
    """A user at a desk of their own, in two calls."""
    with Desk(folder / "desk") as desk:
        stage = CallStage(desk.sound)
        try:
            yield Caller(desk, stage, folder)
        finally:
            stage.close()


class Caller:
    """The user at `desk`, in the calls of `stage`."""

    def __init__(self, desk: Desk, stage: CallStage, folder: Path) -> None:
        self._desk = desk
        self._stage = stage
        self._clips = said(folder)
        self._paths = Paths(desk.home, desk.home, desk.home, desk.runtime)
        (desk.home / "models").symlink_to(MODELS)
        (desk.home / "settings.toml").write_text(f'[recognizer]\nmodel = "{MODEL}"\n[audio]\ncalls = "mute"\n')
        self._start()
        desk.open_qt_editor(folder / "text")

    def measure(self, seed: int, key: str) -> Line:
        """Do what `key` says."""
        kind, at = key.split()
        clip = self._clips[int(at) % len(self._clips)]
        return self._dictate(clip) if kind == "dictation" else self._kill(clip, kill_after_s(seed, int(at)))

    def _dictate(self, clip: Path) -> Line:
        desk, reference = self._desk, self._stage.reference
        Event().wait(SPEAKS_S)
        pressed = reference.count
        desk.press()
        Event().wait(SPEAKS_S)
        desk.say(clip)
        released = reference.count
        desk.release(CTRL_R)
        leaks = self._stage.measure(pressed, released)
        until(lambda: self._state() == "idle", "the dictation is over", SETTLED_S)
        return {
            "leaks": {name: asdict(leak) for name, leak in leaks.items()},
            "reference_muted": bool((reference.heard[pressed:released] == 0).all()),
            "as_before": self._stage.state() == self._stage.before,
        }

    def _kill(self, clip: Path, after_s: float) -> Line:
        desk = self._desk
        desk.press()
        desk.say(clip, wait=False)
        Event().wait(after_s)
        was_muted = self._stage.state() != self._stage.before
        assert desk.app is not None
        desk.app.kill()
        killed_at = monotonic()
        desk.app.wait()
        with suppress(AssertionError):
            until(lambda: self._stage.state() == self._stage.before, "the calls are given back", 10 * RESTORED_S)
        restored_s = monotonic() - killed_at
        as_before = self._stage.state() == self._stage.before
        desk.sound.hush()
        desk.release(CTRL_R)
        self._start()
        return {"was_muted": was_muted, "restored_s": round(restored_s, 3), "as_before": as_before}

    def _start(self) -> None:
        self._desk.start()
        until(lambda: bool((reply := self._asked()) and reply["ready"]), self._desk.log.read_text, SETTLED_S)

    def _asked(self) -> ipc_client.Reply | None:
        with suppress(UserError, OSError):
            return ipc_client.send_command(self._paths, "status")
        return None

    def _state(self) -> str:
        reply = self._asked()
        return str(reply["state"]) if reply else ""
