"""What the app costs while nobody dictates, and how long it takes to be there.

On the virtual desk: five starts, each to the tray icon as X shows it (a window of the app's inside the tray's) and to
`ready` as the app's socket tells it, asked without starting a program each time; then a minute of rest after `ready`.
The first start reads the model from the disk, the others from the system's cache.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from threading import Event
from time import monotonic
from typing import Any

from Xlib import X
from Xlib.display import Display
from Xlib.error import XError

from desktop.core import ipc_client
from desktop.core.errors import UserError
from desktop.core.paths import Paths
from tests.prove.proc import cpu_s, model_of, resident_mb
from tests.prove.record import MODELS, Run, tell
from tests.support.desk import Desk, until

STARTS = 5
REST_S = 60
LOOK_S, LIMIT_S = 0.01, 120.0


def prove(run: Run) -> dict[str, Any]:
    """Start five times, then rest; `run.limit` is how many seconds."""
    rest_s = run.limit or REST_S
    key = f"{rest_s} s"
    if key not in run.lines:
        run.lines.add(key, _measured(run.model, rest_s))
    return {name: value for name, value in run.lines[key].items() if name != "key"}


def _measured(model: str, rest_s: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="intone-idle-") as name, Desk(Path(name, "desk")) as desk:
        (desk.home / "models").symlink_to(MODELS)
        desk.intone("settings", "set", "recognizer.model", model)
        desk.spawn("stalonetray")
        screen = Display(desk.environ["DISPLAY"])
        until(lambda: tray_owner(screen), "there is a tray")
        home = Paths(desk.home, desk.home, desk.home, desk.runtime)
        starts: list[dict[str, float]] = []
        for number in range(STARTS):
            if number:
                ipc_client.send_command(home, "quit")
                assert desk.app is not None
                desk.app.wait(timeout=30)
                until(lambda: not _icon(screen), "the tray has let its icon go")
            starts.append(_start(desk, screen, home))
            tell(f"idle: start {number + 1}/{STARTS}")
        rest = _rest(desk, rest_s)
        screen.close()
    return {"starts": len(starts), **_summary(starts), **rest}


def _summary(starts: list[dict[str, float]]) -> dict[str, Any]:
    return {
        name: {"median": median(times), "worst": max(times), "first": times[0], "all": times}
        for name in starts[0]
        for times in [[start[name] for start in starts]]
    }


def _start(desk: Desk, screen: Display, home: Paths) -> dict[str, float]:
    """Milliseconds from exec to the icon in the tray and to `ready`."""
    began = monotonic()
    desk.start()
    icon = when(lambda: _icon(screen))
    ready = when(lambda: is_ready(home))
    return {"tray_ms": round((icon - began) * 1000), "ready_ms": round((ready - began) * 1000)}


def _rest(desk: Desk, seconds: float) -> dict[str, Any]:
    """Percent of one processor that the app and the model's process take, and their memory after it."""
    assert desk.app is not None
    model = model_of(desk.app.pid)
    assert model is not None, "no process holds a model"
    pids = {"app": desk.app.pid, "model": model}
    before, began = {name: cpu_s(pid) for name, pid in pids.items()}, monotonic()
    Event().wait(seconds)
    took = monotonic() - began
    return {
        "rest_s": round(took, 1),
        "cpus": os.cpu_count(),
        **{f"{name}_cpu_percent": round(100 * (cpu_s(pid) - before[name]) / took, 3) for name, pid in pids.items()},
        **{f"{name}_mb": resident_mb(pid) for name, pid in pids.items()},
    }


def is_ready(home: Paths) -> bool:
    try:
        reply = ipc_client.send_command(home, "status", timeout_s=2)
    except UserError:  # it has the socket and does not answer yet
        return False
    return bool(reply and reply.get("ready"))


def when(met: Callable[[], bool]) -> float:
    """The moment from which `met`. Looks a hundred times a second."""
    deadline, pause = monotonic() + LIMIT_S, Event()
    while not met():
        assert monotonic() < deadline, "the app does not start"
        pause.wait(LOOK_S)
    return monotonic()


def tray_owner(screen: Display) -> Any:
    """The tray's window, or a false value."""
    return screen.get_selection_owner(screen.intern_atom(f"_NET_SYSTEM_TRAY_S{screen.get_default_screen()}"))


def _icon(screen: Display) -> bool:
    """Whether a window of the app's is shown inside the tray's."""

    def shown(window: Any) -> bool:
        try:
            ours = (window.get_wm_class() or ("",))[0] == "intone"
            visible = window.get_attributes().map_state == X.IsViewable
            return (ours and visible) or any(shown(child) for child in window.query_tree().children)
        except XError:  # it went while we looked
            return False

    return shown(tray_owner(screen))
