"""What `make appimage` made, in a clean root: the one file, started where nothing is installed.

The root is that of `install`, a Debian with apt and nothing else. First without what the app needs of a system: what it
says then. Then as two users without FUSE, who unpack it from a folder that neither may write to. Then with the
system's libraries, mounted by FUSE: two sentences dictated into windows, and a file to text without a network. Last
what is left.

Needs root and mmdebstrap; elsewhere it says so.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.prove import clean_root
from tests.prove.record import ROOT, Run, tell
from tests.prove.recordings import Absent

sys.path.append(str(ROOT / "packaging"))
from shipping import reports

PLACE = "/srv/My apps/Intone 1.AppImage"

SYSTEM = ("libportaudio2", "libasound2-plugins", "pulseaudio-utils", "libegl1", "libgl1", "libwayland-cursor0")
"""What the folder leaves to the system: `packaging/shipping/bundle.py`."""

FOUND = ("qt libraries", "portaudio", "alsa pulse plugin")
"""What `intone doctor` finds once they are there."""

USERS = (1000, 1001)

ALONE = "env HOME=/root QT_QPA_PLATFORM=xcb DISPLAY=:9"

AS_USER = """\
set -e
user=$1; shift
home=/home/$user
mkdir -p "$home"; chown "$user:$user" "$home"
exec setpriv --reuid="$user" --regid="$user" --clear-groups env HOME="$home" XDG_RUNTIME_DIR=/nowhere "$@"
"""

TIMED = 'began=$(date +%s%N); "$@" >/dev/null 2>&1 || exit; echo $((($(date +%s%N) - began) / 1000000))'
"""Prints the milliseconds that a command takes."""


def prove(run: Run) -> dict[str, Any]:
    """Start it bare, as two users, and dictate. `run.limit` is how many sentences (two)."""
    if os.geteuid() != 0 or not shutil.which("mmdebstrap"):
        raise Absent("this needs root and mmdebstrap, to make a clean root")
    package = clean_root.find_built("dist/intone-*.AppImage")[-1]
    count = run.upto(2)
    with tempfile.TemporaryDirectory(prefix="intone-clean-") as name:
        root, shared = Path(name, "root"), Path(name, "shared")
        shared.mkdir()
        clean_root.unpack_clean(root)
        file = root / PLACE[1:]
        file.parent.mkdir(parents=True)
        shutil.copy(package, file)
        file.parent.chmod(0o555)
        tempfile.tempdir = str(shared)  # the sound server's folder is within reach of the root
        try:
            found = {
                "bare": _bare(root, shared),
                "users": _users(root, shared),
                "dictated": _dictated(root, shared, run.model, count),
            }
        finally:
            tempfile.tempdir = None
    figures = json.loads(package.with_name(f"{reports.stem_of(package)}.sizes.json").read_text())
    return {"ok": all(part["ok"] for part in found.values()), **figures, **found}


def _bare(root: Path, shared: Path) -> dict[str, Any]:
    """What the app says where the system has none of what it needs, as root, and so by FUSE."""
    lines = clean_root.run_in(root, shared, "sh", "-c", f'{ALONE} "{PLACE}" doctor --json; :').splitlines()
    findings = [json.loads(line) for line in lines]
    missing = {each["name"]: each["remedy"] for each in findings if not each["ok"]}
    started = clean_root.run_in(root, shared, "sh", "-c", f'{ALONE} "{PLACE}" 2>&1; echo "status $?"').splitlines()
    tell(f"appimage: bare, {len(missing)} findings; it says {started[0]!r}")
    named = all(name in missing.get("qt libraries", "") for name in ("libegl1", "libgl1"))
    said = started[-1] == "status 1" and not any("Traceback" in line for line in started)
    return {
        "ok": named and "libportaudio2" in missing.get("portaudio", "") and said,
        "missing": missing,
        "says": started,
    }


def _users(root: Path, shared: Path) -> dict[str, Any]:
    """Two users without FUSE, as the root has no fusermount3."""
    before = clean_root.list_files(root)
    took: dict[str, list[int]] = {}
    for user in USERS:
        timed = ("sh", "-c", TIMED, "sh", PLACE, "--version")
        run = ("sh", "-c", AS_USER, "sh", str(user))
        took[str(user)] = [int(clean_root.run_in(root, shared, *run, *timed)) for _ in range(3)]
    copies = [path for path in root.glob("home/*/.cache/intone-appimage/*") if path.is_dir()]
    for user in USERS:
        clean_root.run_in(root, shared, "sh", "-c", AS_USER, "sh", str(user), PLACE, "--appimage-forget")
    left = sorted(place for place in clean_root.list_files(root) - before if "intone" in place.lower())
    tell(f"appimage: starts of two users without FUSE took {took} ms")
    quicker = all(max(later) < first for first, *later in took.values())
    return {"ok": len(copies) == len(USERS) and quicker and not left, "start_ms": took, "left_after_forget": left[:5]}


def _dictated(root: Path, shared: Path, model: str, count: int) -> dict[str, Any]:
    """Dictate from the mounted file, and look for what it leaves."""
    clean_root.run_in(root, shared, "apt-get", "update", "-q")
    clean_root.run_in(root, shared, "apt-get", "install", "-y", "-q", "--no-install-recommends", *SYSTEM)
    lines = clean_root.run_in(root, shared, "sh", "-c", f'{ALONE} "{PLACE}" doctor --json; :').splitlines()
    libraries = {each["name"]: each["ok"] for each in map(json.loads, lines) if each["name"] in FOUND}
    installed = clean_root.list_files(root)
    own = "mkdir -p -m 700 /run/own; export HOME=/root XDG_RUNTIME_DIR=/run/own"
    again = ("sh", "-c", f"{own}; for n in 1 2 3; do {TIMED}; done", "sh", PLACE, "--version")
    took = list(map(int, clean_root.run_in(root, shared, *again).split()))
    said = clean_root.dictate_sentences(root, shared, [PLACE], model, count)
    left = sorted(place for place in clean_root.list_files(root) - installed if "intone" in place.lower())
    ok = said["ok"] and all(libraries.values()) and not left
    return {**said, "ok": ok, "libraries": libraries, "start_ms": took, "left": left[:5]}
