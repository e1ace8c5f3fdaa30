"""This code and that of an earlier commit, in turns on two desks: key-up to text, start, `intone status`, memory; and
what each has loaded, open and written after dictations.

Both run on this environment's Python and packages, so that only their own code differs. One takes its turn after the
other, the order changing each time, so that what else the machine does meets both alike. Both run with the settings'
defaults: what is new there must be free where it is not used.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from statistics import median
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

BEFORE = "ea5a084e"
"""The commit before saying it again, muting calls, the layout's language, finding a dictation, emoji and spelling."""

TURNS = 60

APART_PERCENT = 2.0
"""How far apart the medians may be."""

NO_VARIABLES: Mapping[str, str] = MappingProxyType({})

FOOTPRINTS = 3
"""How many starts of each have their footprint taken: threads and handles differ a little from one to the next."""

REST_S = 0.3
"""Between two takes: what follows a dictation has ended by then."""


def prove(run: Run) -> dict[str, Any]:
    """Take turns; `run.limit` is how many of each kind."""
    turns = run.upto(TURNS)
    kinds: dict[str, Callable[[Desk, int], dict[str, float]]] = {"text": _dictate, "status": _status, "start": _start}
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
    old, new = (median(pair[at] for pair in pairs) for at in (0, 1))
    return {"old": round(old, 1), "new": round(new, 1), "apart_percent": round(100 * (new - old) / old, 1)}


@contextmanager
def _desk(folder: Path, code: str, variables: Mapping[str, str] = NO_VARIABLES) -> Iterator[Desk]:
    """A desk on which that code runs, with these variables, and an editor has the focus. Calls were offered already."""
    place = _code(folder) if code == "old" else ROOT
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


def _code(folder: Path) -> Path:
    """The earlier code, taken out of the repository's history."""
    packed = subprocess.run(["git", "-C", ROOT, "archive", BEFORE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if packed.returncode:
        raise Absent(f"commit {BEFORE} is not in the history of this checkout")
    (place := folder / "code").mkdir()
    subprocess.run(["tar", "-x", "-C", place], input=packed.stdout, check=True)
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
    """Milliseconds from the key's release until the text is in the file that the window writes."""
    clips = sentences()
    file = desk.home.with_name("text")
    before = _size(file)
    desk.press()
    desk.wait_state("listening")
    desk.say(clips[turn % len(clips)].path)
    began = monotonic()
    desk.release()
    pause = Event()
    while _size(file) == before:
        assert monotonic() - began < 20, "no text came"
        pause.wait(0.001)
    took_ms = (monotonic() - began) * 1000
    desk.wait_state("idle")
    pause.wait(REST_S)
    return {"text_ms": took_ms}


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0
