"""This code and that of an earlier commit, in turns on two desks: key-up to text, start, `intone status`, memory; and
what each has loaded, open and written after dictations.

Both run on this environment's Python and packages, so that only their own code differs, and both from a copy that is
compiled beforehand: one without bytecode starts 0.6 s later. One takes its turn after the other, the order changing
each time, so that what else the machine does meets both alike. Both run with the settings' defaults: what is new there
must be free where it is not used.

What a long dictation takes after the release depends on when its last piece was decoded, and differs by a half from
take to take. The shortest sentence, which is decoded after the release alone, tells smaller differences.
"""

from __future__ import annotations

import compileall
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from math import ceil, floor
from pathlib import Path
from statistics import fmean, median
from threading import Event
from time import monotonic
from types import MappingProxyType
from typing import Any, cast

from Xlib.display import Display

from desktop.core.paths import Paths
from tests.conftest import sentences
from tests.prove.footprint import Footprint, find_additions, merge, read_footprint, write_dumper
from tests.prove.idle import is_ready, tray_owner, when
from tests.prove.proc import model_of, resident_mb
from tests.prove.record import MODELS, ROOT, Run, tell
from tests.prove.recordings import Absent
from tests.support.desk import Desk, until

BEFORE = "05812e74"
"""The commit before packages of every kind, signed updates and restarts."""

PACKAGES = ("desktop", "models")

TURNS = 60

APART_PERCENT = 2.0
"""How far apart the medians may be."""

NO_VARIABLES: Mapping[str, str] = MappingProxyType({})

CERTAINTY = 0.98
"""Half-width of the middle of n sorted pairs, in roots of n, that holds their median in 95 of 100 runs: 1.96 standard
deviations of a binomial distribution with p = 1/2."""

SHORT_TAKES = 2
"""Takes of the shortest sentence in one turn, whose mean counts."""

FOOTPRINTS = 3
"""How many starts of each have their footprint taken: threads and handles differ a little from one to the next."""

REST_S = 0.3
"""Between two takes: what follows a dictation has ended by then."""


def prove(run: Run) -> dict[str, Any]:
    """Take turns; `run.limit` is how many of each kind."""
    turns = run.upto(TURNS)
    kinds: dict[str, Callable[[Desk, int], dict[str, float]]] = {
        "text": _dictate,
        "short": _dictate_shortest,
        "status": _status,
        "start": _start,
    }
    missing = [(kind, turn) for kind in kinds for turn in range(turns) if f"{kind} {turn}" not in run.lines]
    if missing:
        with tempfile.TemporaryDirectory(prefix="intone-builds-") as folder, ExitStack() as stack:
            desks = {code: stack.enter_context(_desk(Path(folder), code)) for code in ("old", "new")}
            for kind, turn in missing:
                order = ("old", "new") if turn % 2 else ("new", "old")
                run.lines.add(f"{kind} {turn}", {code: kinds[kind](desks[code], turn) for code in order})
                tell(f"builds: {kind} {turn + 1}/{turns}", "\r")
    figures = {}
    added = _compare_footprints(run)
    for kind in kinds:
        lines = [run.lines[f"{kind} {turn}"] for turn in range(turns)]
        for name in lines[0]["new"]:
            figures[name] = _figures([(line["old"][name], line["new"][name]) for line in lines])
    is_met = not added and all(one["apart_percent"] <= APART_PERCENT for one in figures.values())
    return {"turns": turns, **figures, "added": added, "ok": is_met}


def _compare_footprints(run: Run) -> dict[str, list[str]]:
    """Return what this code has loaded, open and written after two dictations that the earlier one has not."""
    for turn in range(FOOTPRINTS):
        for code in ("old", "new"):
            if (key := f"footprint {code} {turn}") not in run.lines:
                with tempfile.TemporaryDirectory(prefix="intone-builds-") as name:
                    folder = Path(name)
                    with _desk(folder, code, write_dumper(folder)) as desk:
                        _dictate(desk, 1)
                        run.lines.add(key, {"footprint": read_footprint(desk, folder)})
                tell(f"builds: {key}", "\r")
    old, new = (
        merge([cast(Footprint, run.lines[f"footprint {code} {turn}"]["footprint"]) for turn in range(FOOTPRINTS)])
        for code in ("old", "new")
    )
    return find_additions(old, new)


def _figures(pairs: list[tuple[float, float]]) -> dict[str, float]:
    """Return both medians and how far they are apart, and the median difference of the pairs with its 95 % interval."""
    old, new = (median(pair[at] for pair in pairs) for at in (0, 1))
    apart = sorted(100 * (after - before) / before for before, after in pairs)
    middle, width = (len(apart) - 1) / 2, CERTAINTY * len(apart) ** 0.5
    figures = {
        "old": old,
        "new": new,
        "apart_percent": 100 * (new - old) / old,
        "paired_percent": median(apart),
        "paired_low": apart[max(0, floor(middle - width))],
        "paired_high": apart[min(len(apart) - 1, ceil(middle + width))],
    }
    return {name: round(value, 1) for name, value in figures.items()}


@contextmanager
def _desk(folder: Path, code: str, variables: Mapping[str, str] = NO_VARIABLES) -> Iterator[Desk]:
    """A desk on which that code runs, with these variables, and an editor has the focus. Calls were offered already."""
    place = _code(folder, code)
    with Desk(folder / code) as desk:
        path = ":".join(filter(None, (str(place), variables.get("PYTHONPATH"))))
        desk.environ |= variables
        desk.program = ("env", f"PYTHONPATH={path}", sys.executable, "-P", "-m", "desktop")
        (desk.home / "calls.offered").touch()
        (desk.home / "models").symlink_to(MODELS)
        desk.spawn("stalonetray")  # without a tray each start opens a window, which takes the focus
        with closing(Display(desk.environ["DISPLAY"])) as screen:
            until(lambda: tray_owner(screen), "there is a tray")
        desk.start()
        desk.wait_ready()
        desk.open_xterm(desk.home.with_name("text"))
        Event().wait(2 * REST_S)  # a window that has just come is not taken for the one that is meant
        _dictate(desk, 0)
        yield desk


def _code(folder: Path, code: str) -> Path:
    """A compiled copy of this code, or the earlier one out of the repository's history."""
    (place := folder / f"{code}-code").mkdir()
    if code == "new":
        for package in PACKAGES:
            shutil.copytree(ROOT / package, place / package, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        command = ["git", "-C", ROOT, "archive", BEFORE, *PACKAGES]
        packed = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if packed.returncode:
            raise Absent(f"commit {BEFORE} is not in the history of this checkout")
        subprocess.run(["tar", "-x", "-C", place], input=packed.stdout, check=True)
    compileall.compile_dir(place, quiet=1)
    return place


def _start(desk: Desk, turn: int) -> dict[str, float]:
    """Milliseconds from exec until the engine is ready, and the memory of the app and of its model's process then."""
    assert desk.app is not None
    home = Paths(desk.home, desk.home, desk.home, desk.runtime)
    desk.intone("quit")
    desk.app.wait(timeout=30)
    began = monotonic()
    desk.start()
    took_ms = (when(lambda: is_ready(home)) - began) * 1000
    model = model_of(desk.app.pid)
    assert model is not None
    return {"ready_ms": took_ms, "app_mb": resident_mb(desk.app.pid), "model_mb": resident_mb(model)}


def _status(desk: Desk, turn: int) -> dict[str, float]:
    """Milliseconds that `intone status` takes."""
    began = monotonic()
    assert desk.intone("status", "--json").returncode == 0
    return {"status_ms": (monotonic() - began) * 1000}


def _dictate(desk: Desk, turn: int) -> dict[str, float]:
    clips = sentences()
    return {"text_ms": _time_text(desk, clips[turn % len(clips)].path)}


def _dictate_shortest(desk: Desk, turn: int) -> dict[str, float]:
    path = min((clip.path for clip in sentences()), key=lambda path: path.stat().st_size)
    return {"short_text_ms": fmean(_time_text(desk, path) for _ in range(SHORT_TAKES))}


def _time_text(desk: Desk, clip: Path) -> float:
    """Milliseconds from the key's release until the text is in the file that the window writes."""
    file = desk.home.with_name("text")
    before = _size(file)
    desk.press()
    desk.wait_state("listening")
    desk.say(clip)
    began = monotonic()
    desk.release()
    pause = Event()
    while _size(file) == before:
        assert monotonic() - began < 20, "no text came"
        pause.wait(0.001)
    took_ms = (monotonic() - began) * 1000
    desk.wait_state("idle")
    pause.wait(REST_S)
    return took_ms


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0
