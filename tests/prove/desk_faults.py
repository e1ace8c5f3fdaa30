"""What may go wrong around the app on a desktop, as `desks` does it.

After most faults the next dictation has to land, or end with a true sentence, in the same run of the app. Where the
compositor or XWayland dies the app may end: then the recording is recovered by its next start.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from subprocess import SubprocessError, TimeoutExpired
from time import monotonic
from typing import Any

from tests.prove.desk_cells import LOG_CHARACTERS, UNHEARD, clip_of, dictate, is_true_end, log_of
from tests.prove.desk_kinds import DeskKind
from tests.prove.record import Line
from tests.support.desk import BUSY_S, until
from tests.support.desks.bus import BusError
from tests.support.desks.session import DesktopSession
from tests.support.words import error_rate

ENDS_S = 20.0
"""How long the app may take to end by itself where what it needs has died."""

BACK_S = 6.0
"""How long the app may take from its start until it is ready."""

STOP_SHARING = """const controller = global.backend.get_remote_access_controller();
global.intoneStopped = 0;
const id = controller.connect('new-handle', (_, handle) => {
    controller.disconnect(id);
    GLib.idle_add(GLib.PRIORITY_DEFAULT, () => { handle.stop(); global.intoneStopped = 1; return false; });
});
return 1;"""
"""Does with the next session what a click on GNOME's sharing indicator does with those that are open."""

SYS_PIDFD_GETFD = 438


def fault(desk: DesktopSession, kind: DeskKind, name: str, seed: int, times: int) -> Line:
    """Let one of the kind's faults happen, and see what becomes of the dictations after it."""
    return _crash(desk, kind, name, seed) if name in CRASHES else _mishap(desk, kind, name, seed)


def _mishap(desk: DesktopSession, kind: DeskKind, name: str, seed: int) -> Line:
    """A fault that the app lives through: the dictation in which it happens, where it needs one, and two after it."""
    logged = len(log_of(desk))
    with desk.open("gtk4") as window:
        first = dictate(desk, window, clip_of(seed, 0))
        struck = MISHAPS[name](desk, kind)
        began, heard_s = monotonic(), None
        with suppress(AssertionError):
            if kind.portal:  # elsewhere the compositor hears it, and where it toggles the key would begin a dictation
                until(desk.hears_key, "the key is heard", BUSY_S)
            heard_s = round(monotonic() - began, 1)
        takes = [dictate(desk, window, clip_of(seed, at)) for at in (1, 2)] if heard_s is not None else []
        if name == "sharing-stopped":
            struck = desk.look("return global.intoneStopped")  # type: ignore[attr-defined]
    log = log_of(desk)[logged:][-LOG_CHARACTERS:]
    assert desk.app is not None
    line = {
        "before": first["outcome"],
        "struck": struck,
        "key_heard_s": heard_s,
        "takes": takes,
        "app_lives": desk.app.poll() is None,
    }
    return {**line, "ok": is_lived_through(line), "log": log}


def is_lived_through(line: Line) -> bool:
    """Whether something was broken, and the app went on, heard its key and ended the dictations after it truly."""
    goes_on = line["app_lives"] and line["key_heard_s"] is not None
    return bool(line["struck"]) and goes_on and all(is_true_end(take) for take in line["takes"])


def _stop_sharing(desk: Any, kind: DeskKind) -> int:
    return int(desk.look(STOP_SHARING))


def _kill_portal(desk: DesktopSession, kind: DeskKind) -> int:
    desk.kill_service("org.freedesktop.portal.Desktop")
    return 1


def _kill_backend(desk: DesktopSession, kind: DeskKind) -> int:
    desk.kill_service(kind.portal)
    return 1


def _restart_ibus(desk: DesktopSession, kind: DeskKind) -> int:
    """Restart the daemon, where the desktop runs one; how many ran. It keeps its process, and gets a new address."""
    found = desk.pids("ibus-daemon")
    if found:
        before = desk.run("ibus", "address")
        desk.run("ibus", "restart")
        until(lambda: desk.run("ibus", "address") not in (before, b"(null)\n"), "ibus-daemon has a new address")
    return len(found)


def _cut_connection(desk: DesktopSession, kind: DeskKind) -> int:
    """Shut the app's connections to the compositor down; how many there were."""
    assert desk.app is not None
    return sum(cut(pid, desk.environ["WAYLAND_DISPLAY"]) for pid in _family(desk.app.pid))


def _family(pid: int) -> list[int]:
    """A process and those that it has started."""
    found = [pid]
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [one for child in file.read_text().split() for one in _family(int(child))]
    return found


def cut(pid: int, name: str) -> int:
    """Shut down all connections of a process to a socket whose path ends with `name`; how many there were."""
    libc, count = ctypes.CDLL(None, use_errno=True), 0
    process = os.pidfd_open(pid)
    for file in Path(f"/proc/{pid}/fd").iterdir():
        number = libc.syscall(SYS_PIDFD_GETFD, process, int(file.name), 0)
        if number < 0:
            continue
        if not str(Path(f"/proc/self/fd/{number}").readlink()).startswith("socket:"):
            os.close(number)
            continue
        with socket.socket(fileno=number) as one, suppress(OSError):
            if str(one.getpeername()).endswith(f"/{name}"):
                one.shutdown(socket.SHUT_RDWR)
                count += 1
    os.close(process)
    return count


MISHAPS: Mapping[str, Callable[[Any, DeskKind], int]] = {
    "sharing-stopped": _stop_sharing,
    "portal-killed": _kill_portal,
    "portal-backend-killed": _kill_backend,
    "data-control-lost": _cut_connection,
    "ibus-restarted": _restart_ibus,
}
CRASHES: Mapping[str, Callable[[DeskKind], str]] = {
    "xwayland-killed": lambda _: "Xwayland",
    "compositor-killed": lambda kind: kind.compositor,
}
FAULTS = (*MISHAPS, *CRASHES)


def _crash(desk: DesktopSession, kind: DeskKind, name: str, seed: int) -> Line:
    """Kill a program that the desk is made of in a dictation; then start desk and app again."""
    clip, before, logged = clip_of(seed, 0), len(desk.history()), len(log_of(desk))
    victims = desk.pids(CRASHES[name](kind))
    with desk.open("gtk4"):
        desk.begin_talking()
        desk.wait_state("listening")
        desk.sound.play(clip.path)
        for pid in victims:
            os.kill(pid, signal.SIGKILL)
        has_ended = _ends(desk)
        with suppress(BusError, SubprocessError, AssertionError, OSError):
            desk.end_talking()
    has_desk = bool(desk.pids(kind.compositor)) and name != "compositor-killed"
    if not has_ended and has_desk:
        desk.intone("quit")
        _ends(desk)
    if not has_desk:
        desk.log_in_again()
    began = monotonic()
    desk.start()
    desk.wait_ready()
    ready_s = round(monotonic() - began, 2)
    rows: list[dict[str, Any]] = []
    with suppress(AssertionError):
        rows = desk.wait_rows(before + 1, BUSY_S)
    row = rows[0] if rows else {}
    is_recovered = bool(row) and error_rate(clip.text, str(row["text"])) <= UNHEARD
    with desk.open("gtk4") as window:
        kind.press_a(desk)
        with suppress(AssertionError):
            until(window.text, "the letter comes")
        typed = window.text()
        take = dictate(desk, window, clip_of(seed, 1))
    return {
        "struck": len(victims),
        "app_ended": has_ended,
        "desk_stayed": has_desk,
        "ready_s": ready_s,
        "outcome": row.get("delivery", "no row"),
        "recovered": is_recovered,
        "typed": typed,
        "takes": [take],
        "ok": bool(victims) and ready_s <= BACK_S and is_recovered and typed == "a" and is_true_end(take),
        "log": log_of(desk)[logged:][-LOG_CHARACTERS:],
    }


def _ends(desk: DesktopSession) -> bool:
    """Whether the app ends by itself."""
    assert desk.app is not None
    with suppress(TimeoutExpired):
        desk.app.wait(timeout=ENDS_S)
    return desk.app.poll() is not None
