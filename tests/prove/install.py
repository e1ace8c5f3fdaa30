"""Each line of the README's table of installs, its commands run once as they are written where nothing of ours is.

Each line has a Debian of its own with what the README asks for (git, make, Python, sudo), a clone of the last commit,
and in its dist/ the packages that the line's commands name, as `make packages` built them. What it installed is started
and dictated into, upgraded in a dictation, and taken off: nothing is left but what is the user's. The next version is
that of `tests.prove.next_version`, none of whose modules the app that runs can import: that app ends the dictation and
does another, then it is started anew, and the new version does a third.

What stands in for something else: Fedora's package is given to Debian's `rpm --nodeps` and Arch's to Debian's
`pacman -dd`, which do not look at what it depends on (Debian's packages have brought that), so that neither the names
of its dependencies nor `dnf` is tried. The clone is what its user edits: it is installed again while no app runs, and
has no removal (its folder is deleted): `upgraded` and `removed` are false there. What no Debian on this processor can
install names the proof that tries it.

Needs root and mmdebstrap; elsewhere it says so. A line that was proved is not done again.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

from desktop import __version__
from tests.conftest import sentences
from tests.prove import next_version
from tests.prove.clean_root import (
    LOADED,
    desk_in,
    dictate_across,
    dictate_sentences,
    entering,
    find_built,
    find_text,
    list_files,
    read_log,
    run_in,
    unpack_clean,
    wait_logged,
)
from tests.prove.folder_contents import find_differences
from tests.prove.record import MODELS, ROOT, Run, tell
from tests.prove.recordings import Absent

CLONE, DIST = "/srv/clone", "srv/clone/dist"
ASKED_FOR = ("sudo", "git", "make", "python3", "ca-certificates")
"""What the README takes for granted."""

SYSTEM = f"sh {CLONE}/packaging/debian/install.sh {CLONE}/packaging/debian/app.txt"
"""Installs what a package of Debian depends on, for those that cannot say it to apt."""


PACMAN = "pacman -dd --noconfirm --noscriptlet"
"""Without what a package depends on, whose names are Arch's."""

NO_SPACE_CHECK = "sed -i s/^CheckSpace/#CheckSpace/ /etc/pacman.conf"
"""It looks for mounts that a chroot does not see."""


@dataclass(frozen=True)
class Way:
    """How a line goes on after its own commands: what starts Intone, what puts the next version there and what takes it
    off; empty where no command does.

    `make_next` makes that version; without it, the same is installed again. `first` is done before, and in the line's
    commands `typed` stands for `written`. `folder`: what it installs is the one-dir folder with a desktop's files.
    """

    program: str
    upgrade: str
    remove: str
    make_next: Callable[[Path, Path, str, str], object] | None = None
    first: str = SYSTEM
    written: str = ""
    typed: str = ""
    folder: bool = False


def _make_deb(root: Path, work: Path, old: str, new: str) -> None:
    (file,) = (root / DIST).glob("intone_*_amd64.deb")
    shutil.move(next_version.make_deb(file, work / "next", old, new), root / DIST)
    file.unlink()


def _make_native(form: str, suffix: str, root: Path, work: Path, old: str, new: str) -> None:
    (file,) = (root / DIST).glob(f"intone-*{suffix}")
    file.unlink()
    shutil.move(next_version.make_native(form, root, work / "next", old, new), root / DIST)


def _make_archive(root: Path, work: Path, old: str, new: str) -> None:
    (file,) = (root / DIST).glob("intone-*.tar.xz")
    shutil.move(next_version.make_archive(root / CLONE[1:] / "intone", work / file.name, old, new), file)


def _make_appimage(root: Path, work: Path, old: str, new: str) -> None:
    made = next_version.make_appimage(root / DIST / "intone.AppImage", work / "next/next.AppImage", old, new)
    shutil.move(made, root / DIST)


def _change_sources(root: Path, work: Path, old: str, new: str) -> None:
    next_version.mark_sources(root / CLONE[1:] / "desktop", old, new)


WAYS = {
    "Debian 13 (amd64)": Way(
        "/usr/bin/intone",
        "apt-get install -y ./dist/intone_*_amd64.deb",
        "apt-get purge -y intone",
        _make_deb,
        first="true",
    ),
    "Fedora": Way(
        "/usr/bin/intone",
        "rpm --upgrade --nodeps ./dist/intone-*.rpm",
        "rpm --erase intone",
        partial(_make_native, "rpm", ".rpm"),
        f"{SYSTEM} && apt-get install -y --no-install-recommends rpm",
        "dnf install",
        "rpm --install --nodeps",
        folder=True,
    ),
    "Arch": Way(
        "/usr/bin/intone",
        f"{PACMAN} -U ./dist/intone-*.pkg.tar.zst",
        f"{PACMAN} -R intone",
        partial(_make_native, "archlinux", ".pkg.tar.zst"),
        f"{SYSTEM} && apt-get install -y --no-install-recommends pacman-package-manager && {NO_SPACE_CHECK}",
        "pacman",
        PACMAN,
        folder=True,
    ),
    "Linux, one file": Way(
        f"{CLONE}/dist/intone.AppImage",
        "mv dist/next.AppImage dist/intone.AppImage",
        "rm dist/intone.AppImage",
        _make_appimage,
        f"{SYSTEM} && mv dist/intone-*.AppImage dist/intone.AppImage",
        "dist/intone-*.AppImage",
        "dist/intone.AppImage",
    ),
    "Linux, a folder": Way(
        f"{CLONE}/intone/intone",
        "rm -r intone && tar -xf dist/intone-*.tar.xz",
        "rm -r intone",
        _make_archive,
        f"{SYSTEM} && apt-get install -y --no-install-recommends xz-utils",  # which tar calls, and a bare root lacks
    ),
    "uv": Way("/root/.local/bin/intone", "uv tool install --reinstall .", "uv tool uninstall intone", _change_sources),
    "the clone": Way(f"{CLONE}/.venv/bin/intone", "touch lock/app.txt && make app", "", first="true"),
}
"""By the first words of a line."""

ELSEWHERE = {
    "Debian 13 (arm64)": "arm64",
    "an apt repository": "updates",
    "Windows": "windows-install",
}
"""The proof that tries what cannot be installed in a Debian on this processor, by the first words of a line."""

FOLDER = "dist/intone-*-linux-*.tar.xz"
"""The archive of the one-dir folder."""

RUN = "make run"
"""The command that ends with the app."""

FIRST_START_S = 1800.0
"""Timeout in seconds of a start that installs everything first."""


def read_table(text: str) -> dict[str, list[str]]:
    """Return the commands of each line of the table of installs in the README's `text`, by its first cell."""
    section = text.partition("\n## Install\n")[2].partition("\n## ")[0]
    lines = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return {cells[0]: re.findall(r"`([^`]+)`", cells[1]) for cells in lines if cells[0] != "for"}


def prove(run: Run) -> dict[str, Any]:
    """Run every line. `run.part` is one by its first words, `run.limit` how many sentences each (two)."""
    if os.geteuid() != 0 or not shutil.which("mmdebstrap"):
        raise Absent("this needs root and mmdebstrap, to make a clean root")
    count = min(2, run.upto(len(sentences())))
    found: dict[str, Any] = {}
    for name, commands in read_table((ROOT / "README.md").read_text(encoding="utf-8")).items():
        if run.part and not name.startswith(run.part):
            continue
        if proof := next((proof for start, proof in ELSEWHERE.items() if name.startswith(start)), ""):
            found[name] = {"proved_by": proof}
        elif name in run.lines:
            found[name] = run.lines[name]
        else:
            way = next(way for start, way in WAYS.items() if name.startswith(start))
            found[name] = run.lines.add(name, _prove_line(run, way, commands, count))
            tell(f"install: {name}: {'ok' if found[name]['ok'] else found[name]}")
    return {"ok": bool(found) and all(part.get("ok", True) for part in found.values()), "lines": found}


def _prove_line(run: Run, way: Way, commands: list[str], count: int) -> dict[str, Any]:
    """Install as a line says in a clean root, dictate `count` sentences, upgrade in a dictation, take it off."""
    with tempfile.TemporaryDirectory(prefix="intone-clean-") as folder:
        root, shared = Path(folder, "root"), Path(folder, "shared")
        shared.mkdir()
        unpack_clean(root)
        run_in(root, shared, "apt-get", "update", "-q")
        run_in(root, shared, "apt-get", "install", "-y", "-q", "--no-install-recommends", *ASKED_FOR)
        dist_bytes = _clone(root, commands)
        _add_uv(root, commands)
        _shell(root, shared, way.first)
        before, used_bytes = list_files(root), _used_bytes(root)
        tempfile.tempdir = str(shared)  # the sound server's folder is within reach of the root
        try:
            began = monotonic()
            for command in commands:
                if command == RUN:
                    _run_until_ready(root, shared, way.program)
                elif f"{CLONE}/{command}" != way.program:  # that is started below
                    _shell(root, shared, command.replace(way.written, way.typed) if way.written else command)
            installed_s = round(monotonic() - began, 1)
            installed, installed_bytes = list_files(root), _used_bytes(root) - used_bytes
            unlike = find_differences(find_built(FOLDER)[-1], root, installed - before) if way.folder else {}
            said = dictate_sentences(root, shared, [way.program], run.model, count)
            written = sorted(place for place in list_files(root) - installed if place.startswith("/opt/"))
            again = (_upgrade if way.make_next else _install_again)(root, shared, way, run.model)
        finally:
            tempfile.tempdir = None
        if way.remove:
            _shell(root, shared, way.remove)
        left = sorted(place for place in list_files(root) - before if "intone" in place and not _is_kept(place))
    return {
        "commands": commands,
        "package_mb": round(dist_bytes / 1e6, 1),
        "installed_mb": round(installed_bytes / 1e6, 1),
        "install_s": installed_s,
        **said,
        **unlike,
        "ok": said["ok"] and again["ok"] and not written and not left and not any(unlike.values()),
        "upgraded": bool(way.make_next),
        "again": again,
        "written_under_opt": written[:5],
        "removed": bool(way.remove),
        "left": left[:5],
    }


def _upgrade(root: Path, shared: Path, way: Way, model: str) -> dict[str, Any]:
    """Upgrade in the first dictation of an app, dictate by it once more, start the new version and dictate by that."""
    assert way.make_next is not None
    old, new = __version__, next_version.next_number(__version__)
    way.make_next(root, Path(tempfile.mkdtemp(dir=root.parent)), old, new)
    with desk_in(root, shared, [way.program]) as desk:

        def dictate(count: int) -> dict[str, Any]:
            clip, file = sentences()[count], shared / f"upgraded-{count}.txt"
            desk.open_xterm(file)
            desk.dictate(clip.path)
            return find_text(desk, file, clip.text, count)

        shutil.copytree(MODELS / model, desk.home / "models" / model)
        desk.start()
        desk.wait_ready()
        wait_logged(desk, LOADED)
        file = shared / "upgraded.txt"
        desk.open_xterm(file)
        in_upgrade = dictate_across(desk, file, partial(_shell, root, shared, way.upgrade), 1)
        by_old = dictate(2)
        says = desk.intone("--version").stdout.strip()
        asked = desk.intone("restart")
        log_of_old = read_log(desk)
        wait_logged(desk, f"version {new} starts")
        desk.wait_ready()
        by_new = dictate(3)
        desk.intone("quit")
        assert desk.app is not None
        desk.app.wait(timeout=30)
    dictated = {"in_upgrade": in_upgrade, "by_the_old": by_old, "by_the_new": by_new}
    is_new = (says, asked.returncode) == (f"intone {new}", 0)
    errors = [line for line in log_of_old.splitlines() if " ERROR " in line]
    return {
        "ok": all(found["ok"] for found in dictated.values()) and is_new and not errors,
        **dictated,
        "says": says,
        "restart": asked.stderr.strip(),
        "errors_of_the_old": errors[:5],
    }


def _install_again(root: Path, shared: Path, way: Way, model: str) -> dict[str, Any]:
    """Install over what is there, and dictate a sentence."""
    began = monotonic()
    _shell(root, shared, way.upgrade)
    seconds = round(monotonic() - began, 1)
    said = dictate_sentences(root, shared, [way.program], model, 1)
    return {"seconds": seconds, **{name: said[name] for name in ("ok", "ready_s", "wrong_words", "log")}}


def _is_kept(place: str) -> bool:
    """Return whether it is the clone's, the user's own (a model), or what pip and uv keep of their downloads."""
    return place.startswith((CLONE, "/root/.local/share/intone", "/root/.cache/"))


def _used_bytes(root: Path) -> int:
    """Return the bytes on disk in the root, without the clone's own and what apt, pip and uv keep of downloads."""
    excluded = [f"--exclude={root}{place}" for place in ("/proc", "/dev", "/sys", "/var", "/root/.cache", "/tmp")]
    return int(subprocess.run(["du", "-sxB1", *excluded, root], capture_output=True, text=True).stdout.split()[0])


def _clone(root: Path, commands: list[str]) -> int:
    """Clone the last commit into the root, with the packages in dist/ that `commands` name; return their bytes."""
    inside = root / CLONE[1:]
    subprocess.run(["git", "clone", "--quiet", ROOT, inside], check=True)
    (inside / "dist").mkdir()
    copied = 0
    for pattern in (word for command in commands for word in command.split() if "dist/" in word):
        for file in find_built(pattern.removeprefix("./")):
            shutil.copy(file, inside / "dist")
            copied += file.stat().st_size
    return copied


def _add_uv(root: Path, commands: list[str]) -> None:
    """Give the root uv, where a line needs it."""
    if any(command.startswith("uv ") for command in commands):
        shutil.copy(ROOT / ".uv/bin/uv", root / "usr/local/bin/uv")


def _shell(root: Path, shared: Path, command: str) -> None:
    """Run a command in the clone as a user types it, and say yes to what it asks."""
    index = subprocess.run(
        [ROOT / ".uv/bin/python", "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True
    ).stdout.strip()
    environ = {"HOME": "/root", "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
    environ |= {"LC_ALL": "C.UTF-8", "UV_SYSTEM_CERTS": "1", **({"UV_DEFAULT_INDEX": index} if index else {})}
    words = ["sh", "-c", f"cd {CLONE} && {command}"]
    done = subprocess.run(
        entering(root, shared, "", words), env=environ, input="y\n" * 3, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"


def _run_until_ready(root: Path, shared: Path, program: str) -> None:
    """Run `make run`, which installs all it needs, until the app is ready; then quit it."""
    with desk_in(root, shared, [program]) as desk:
        installed = desk.program
        bus = desk.environ["DBUS_SESSION_BUS_ADDRESS"]
        desk.program = entering(root, shared, bus, ["sh", "-c", f"cd {CLONE} && exec {RUN}"])
        desk.start()
        desk.program = installed
        desk.wait_ready(FIRST_START_S)
        desk.intone("quit")
        assert desk.app is not None
        desk.app.wait(timeout=60)
