"""Ten minutes of nonsense for every reader of what others send: no crash, no hang.

Coverage-guided by atheris where that is installed (it is no part of the locks), else mutations of good examples. Each
target has a process of its own, so that a crash of a native library is one target's, and counts. `--limit` is seconds a
target.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from typing import Any

from tests.fuzz import HANG_S, LARGEST, Target, mutated, targets
from tests.prove.record import ROOT, Run, tell

FULL_S = 600
TOLD = 5
"""How many of the inputs that failed are named."""


class _Hang(BaseException):
    pass


def prove(run: Run) -> dict[str, Any]:
    """`targets`: of each the executions, crashes and hangs. `ok` where there are none."""
    limit_s, engine = run.upto(FULL_S), "atheris" if find_spec("atheris") else "mutation"
    found: dict[str, Any] = {}
    for name in targets():
        key = f"{name}-{limit_s}-{engine}"
        if key not in run.lines:
            command = [sys.executable, "-m", "tests.prove.fuzz", name, str(run.seed), str(limit_s), engine]
            child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
            lines = child.stdout.splitlines()
            told = json.loads(lines[-1]) if child.returncode == 0 and lines else _died(child)
            run.lines.add(key, told)
        found[name] = {key: value for key, value in run.lines[key].items() if key != "key"}
        tell(f"{name}: {found[name]}")
    bad = sum(told["crashes"] + told["hangs"] for told in found.values())
    done = sum(told["executions"] for told in found.values())
    return {"ok": bad == 0, "engine": engine, "seconds_a_target": limit_s, "executions": done, "targets": found}


def _died(child: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    return {"executions": 0, "crashes": 1, "hangs": 0, "named": [f"{child.returncode}: {child.stderr[-500:]}"]}


class _Tally:
    """Gives a target its inputs, and counts."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self.executions = self.crashes = self.hangs = 0
        self.named: list[str] = []

    def give(self, data: bytes) -> None:
        self.executions += 1
        signal.setitimer(signal.ITIMER_REAL, HANG_S)
        try:
            self._target.read(data)
        except _Hang:
            self.hangs += 1
            self._name("hang", data)
        except Exception as error:
            self.crashes += 1
            self._name(f"{type(error).__name__}: {error}"[:200], data)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _name(self, what: str, data: bytes) -> None:
        if len(self.named) < TOLD:
            self.named.append(f"{what} <- {data[:2000]!r}")

    def told(self) -> str:
        counts = {name: getattr(self, name) for name in ("executions", "crashes", "hangs", "named")}
        return json.dumps(counts)


def _hung(*_: object) -> None:
    raise _Hang


def _mutate(tally: _Tally, target: Target, seed: int, limit_s: float) -> None:
    chance, until = random.Random(seed), time.monotonic() + limit_s
    corpus = list(target.seeds)
    while time.monotonic() < until:
        data = mutated(tuple(corpus), chance)
        tally.give(data)
        if len(corpus) < 1000 and chance.random() < 0.01:  # what is wrong already is made worse
            corpus.append(data)


def _guided(tally: _Tally, target: Target, seed: int, limit_s: float) -> None:
    import atheris

    atheris.instrument_all()
    until = time.monotonic() + limit_s

    def one(data: bytes) -> None:
        tally.give(data)
        if time.monotonic() > until:
            sys.stdout.write(tally.told() + "\n")
            sys.stdout.flush()
            import os

            os._exit(0)  # libFuzzer ends its process itself, and prints instead

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        return mutated((*target.seeds, data), random.Random(seed))[:most]

    options = [f"-seed={seed}", f"-max_len={LARGEST}", "-verbosity=0", "-timeout=0"]
    atheris.Setup([sys.argv[0], *options], one, custom_mutator=mutate)
    atheris.Fuzz()


def main() -> None:
    """One target."""
    name, seed, limit_s, engine = sys.argv[1:]
    signal.signal(signal.SIGALRM, _hung)
    target = targets()[name]
    tally = _Tally(target)
    (_guided if engine == "atheris" else _mutate)(tally, target, int(seed), float(limit_s))
    sys.stdout.write(tally.told() + "\n")


if __name__ == "__main__":
    main()
