"""One target of `fuzz`, in a process of its own: `NAME SEED SECONDS ENGINE FOLDER MODULE...`.

The last line of standard output has the counts: `lines` are those of the target's modules that were reached, counted
by the interpreter itself, whichever engine it is. What is being read is written into `NAME.now` before, for the case
that the process ends with it: at a crash of native code, and where native code hangs for so long that no signal ends
it (`faulthandler` does, from a thread of its own). More than `ROOM` of memory is refused, which is a crash.
"""

from __future__ import annotations

import atexit
import faulthandler
import hashlib
import json
import logging
import mmap
import os
import random
import resource
import signal
import sys
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fuzz import Target

TOLD = 5
"""How many of the inputs that failed are named."""

STUCK_S = 300.0
"""When 64 inputs have taken so long, one of them is in native code that no signal ends."""

WAITED_S = 60.0
"""A hang that takes no time of the processor; `HANG_S` is of those that do, whatever else the machine does."""

ENOUGH = 10
"""After so many hangs the rest of the time would be spent on more of them."""

ROOM = 3 * 2**30
"""Bytes of memory, most of which the libraries take."""

TOOL = 4
"""Free for everybody (`sys.monitoring`)."""


class _Hang(BaseException):
    pass


class _Reached:
    """The lines of the target's modules that were reached; each costs something only the first time."""

    def __init__(self, files: frozenset[str]) -> None:
        self.count = 0
        self._files = files
        sys.monitoring.use_tool_id(TOOL, "fuzz")
        sys.monitoring.register_callback(TOOL, sys.monitoring.events.LINE, self._line)
        sys.monitoring.set_events(TOOL, sys.monitoring.events.LINE)

    def _line(self, code: CodeType, line: int) -> object:
        self.count += code.co_filename in self._files
        return sys.monitoring.DISABLE


class _Tally:
    """Gives a target its inputs, and counts."""

    def __init__(self, name: str, target: Target, at: Path, largest: int) -> None:
        self._name_of, self._target = name, target
        self._found = at / "found"
        at.mkdir(parents=True, exist_ok=True)
        with (at / f"{name}.now").open("w+b") as file:
            file.truncate(largest + 8)
            self._now = mmap.mmap(file.fileno(), largest + 8)
        self.executions = self.crashes = self.hangs = 0
        self.slowest_s, self._began = 0.0, time.process_time()
        self.named: list[str] = []
        self._seen: set[str] = set()

    def give(self, data: bytes) -> None:
        self._now[: 8 + len(data)] = len(data).to_bytes(8, "little") + data
        self.executions += 1
        if self.executions % 64 == 1:
            faulthandler.dump_traceback_later(STUCK_S, exit=True)
        began = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, self._target.hang_s)
        signal.setitimer(signal.ITIMER_REAL, WAITED_S)
        try:
            self._target.read(data)
        except _Hang:
            self.hangs += 1
            self._keep("hang", data)
        except Exception as error:
            self.crashes += 1
            self._keep(f"{type(error).__name__}: {error}"[:200], data)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
            self.slowest_s = max(self.slowest_s, time.process_time() - began)

    def _keep(self, what: str, data: bytes) -> None:
        if what in self._seen or len(self.named) >= TOLD:
            return
        self._seen.add(what)
        file = self._found / f"{self._name_of}-{hashlib.sha256(data).hexdigest()[:12]}"
        self._found.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        self.named.append(f"{what} <- {file.name} {data[:300]!r}")

    def told(self, reached: _Reached) -> str:
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        counts = {name: getattr(self, name) for name in ("executions", "crashes", "hangs", "named")}
        times = {"slowest_s": round(self.slowest_s, 3), "processor_s": round(time.process_time() - self._began, 1)}
        return json.dumps({**counts, "lines": reached.count, "peak_mb": peak_mb, **times})


def _hung(*_: object) -> None:
    raise _Hang


def _listen() -> None:
    for number in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(number, _hung)


def _modules(names: list[str]) -> tuple[list[str], list[str]]:
    """The packages that `names` are in, and their modules that are none of these."""
    packages = sorted({name.partition(".")[0] for name in names})
    others = []
    for package in packages:
        spec = find_spec(package)
        assert spec is not None
        for root in spec.submodule_search_locations or ():
            for file in Path(root).rglob("*.py"):
                module = ".".join((package, *file.relative_to(root).with_suffix("").parts)).removesuffix(".__init__")
                if not any(module == name or module.startswith(f"{name}.") for name in names):
                    others.append(module)
    return packages, others


def _files(names: list[str]) -> frozenset[str]:
    """The files of the modules `names` and of those below them."""
    found = [module for name, module in sys.modules.items() if any(f"{name}.".startswith(f"{one}.") for one in names)]
    return frozenset(file for module in found if (file := getattr(module, "__file__", None)))


def main() -> None:
    """One target."""
    name, seed, limit_s, engine, at, *within = sys.argv[1:]
    logging.disable()
    edges = engine == "atheris"
    if edges:
        import atheris

        packages, others = _modules(within)
        with atheris.instrument_imports(include=packages, exclude=others):
            from tests.fuzz import LARGEST, mutated
            from tests.fuzz import target as fuzz_target

            target = fuzz_target(name)
    else:
        from tests.fuzz import LARGEST, mutated
        from tests.fuzz import target as fuzz_target

        target = fuzz_target(name)
    for good in target.seeds:  # what is imported late is not counted for slowness
        with suppress(Exception):
            target.read(good)
    resource.setrlimit(resource.RLIMIT_DATA, (ROOM, resource.RLIM_INFINITY))
    tally = _Tally(name, target, Path(at), LARGEST)
    reached = _Reached(_files(within))
    until = time.monotonic() + float(limit_s)
    corpus = Path(at) / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    known = [file.read_bytes()[:LARGEST] for file in sorted(corpus.iterdir())]

    def over() -> None:
        sys.stdout.write(tally.told(reached) + "\n")
        sys.stdout.flush()

    def keep(data: bytes) -> None:
        (corpus / hashlib.sha256(data).hexdigest()[:20]).write_bytes(data)

    if not edges:
        _listen()
        chance, pool = random.Random(int(seed)), [*target.seeds, *known]
        for data in pool:
            tally.give(data)
        while time.monotonic() < until and tally.hangs < ENOUGH:
            before, data = reached.count, mutated(tuple(pool), chance)
            tally.give(data)
            if reached.count > before:
                pool.append(data)
                keep(data)
        over()
        return

    def one(data: bytes) -> None:
        if not tally.executions:
            _listen()  # libFuzzer has set its own
        tally.give(data)
        if time.monotonic() > until or tally.hangs >= ENOUGH:
            over()
            atexit._run_exitfuncs()  # what was made for this process goes with it
            os._exit(0)  # libFuzzer ends its process itself, and prints instead

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        if seed % 2 and data:
            return bytes(atheris.Mutate(data, most))
        return mutated((data, data, *target.seeds), random.Random(seed))[:most]

    for good in target.seeds:
        keep(good)
    options = [f"-seed={seed}", f"-max_len={LARGEST}", "-timeout=0", "-rss_limit_mb=0", "-len_control=0"]
    atheris.Setup([sys.argv[0], str(corpus), *options], one, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
