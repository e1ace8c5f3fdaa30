"""Two builds of one commit, compared to the bit: every package, and what lies beside it.

Each build has a clone of its own in another folder, and another time zone, language, umask and, as root, another name
of the machine; uv, nfpm and the environments are made anew in each. SOURCE_DATE_EPOCH is the commit's time in both.
Where a package differs, its members are compared, and those that do are named with what differs.

`run.limit` is how many of `TARGETS` (all). With `--part fast` packages are hardly compressed, most of a build's
time. A build that came to its end is not done again.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any

from tests.prove.record import ROOT, Run, tell
from tests.prove.recordings import Absent

TARGETS = ("wheel", "deb", "rpm", "pacman", "deb-local-llm", "appimage")
"""What make builds; the bundle's archive comes with the .rpm."""

TOOLS = ("bsdtar", "dpkg-deb", "rpm", "unsquashfs")
NAMED_AT_MOST = 20


@dataclass(frozen=True)
class World:
    """Around one build: `folder` below the proof's own, and what the environment says."""

    folder: str
    environ: Mapping[str, str]
    umask: int
    host: str


WORLDS = (
    World("one", {"TZ": "UTC", "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8"}, 0o022, "first"),
    World(
        "quite/another.folder",
        {"TZ": "Pacific/Auckland", "LC_ALL": "POSIX", "LANG": "zh_CN.UTF-8", "PYTHONHASHSEED": "7"},
        0o077,
        "second",
    ),
)


def prove(run: Run) -> dict[str, Any]:
    """Build twice and compare."""
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        raise Absent(f"not installed (make dev): {', '.join(missing)}")
    targets = TARGETS[: run.upto(len(TARGETS))]
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    kept = run.out / f"reproducible-{commit[:12]}{run.part}"
    built = [_build(kept, commit, world, targets, run.part) for world in WORLDS]
    first, second = (found[0] for found in built)
    names = sorted({path.name for folder in (first, second) for path in folder.iterdir()})
    same, differ = {}, {}
    for name in names:
        pair = first / name, second / name
        if all(path.exists() for path in pair) and pair[0].read_bytes() == pair[1].read_bytes():
            same[name] = {"bytes": pair[0].stat().st_size, "sha256": sha256(pair[0].read_bytes()).hexdigest()}
        else:
            differ[name] = find_differences(*pair)
    return {
        "ok": bool(same) and not differ,
        "commit": commit,
        "packed": run.part or "as for users",
        "built_s": [took for _, took in built],
        "same": same,
        "differ": differ,
    }


def _build(kept: Path, commit: str, world: World, targets: tuple[str, ...], pack: str) -> tuple[Path, float]:
    """Build in a clone; return the folder of what was made and the seconds it took."""
    done = kept / world.host / "+".join(targets)
    if done.exists():
        tell(f"reproducible: {world.host} is there already")
        return done, 0.0
    began = monotonic()
    with tempfile.TemporaryDirectory(prefix="intone-build-", dir=_disk()) as name:
        clone = Path(name, world.folder)
        subprocess.run(["git", "clone", "--quiet", "--no-checkout", ROOT, clone], check=True)
        subprocess.run(["git", "checkout", "--quiet", "--detach", commit], cwd=clone, check=True, umask=world.umask)
        environ = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL", "MAKE"))}
        environ.pop("SOURCE_DATE_EPOCH", None)
        alone = ["unshare", "--uts", "sh", "-c", 'hostname "$0" && exec "$@"', world.host] if os.geteuid() == 0 else []
        tell(f"reproducible: {world.host} builds {', '.join(targets)} in {clone}")
        subprocess.run(
            [*alone, "make", "--no-print-directory", *targets],
            cwd=clone,
            env={**environ, **world.environ, "INTONE_PACK": pack},
            umask=world.umask,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        part = done.with_name(f"{done.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(clone / "dist", part, ignore=shutil.ignore_patterns(".*"))
        part.rename(done)
    took = round(monotonic() - began, 1)
    tell(f"reproducible: {world.host} is built after {took} s")
    return done, took


def _disk() -> Path:
    """Where clones go: 4 GB each, so not into memory."""
    folder = ROOT / ".cache/prove"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def find_differences(first: Path, second: Path) -> list[str]:
    """Return how two files of one name differ, by their members where they are archives."""
    if not first.exists() or not second.exists():
        return [f"only in the {'first' if first.exists() else 'second'} build"]
    one, another = describe(first), describe(second)
    found = [
        f"{name}: {one.get(name, 'not there')} / {another.get(name, 'not there')}"
        for name in sorted({*one, *another})
        if one.get(name) != another.get(name)
    ]
    if found:
        return [
            *found[:NAMED_AT_MOST],
            *([f"and {len(found) - NAMED_AT_MOST} more"] if len(found) > NAMED_AT_MOST else []),
        ]
    if list(one) != list(another):
        return ["the same members in another order"]
    return ["the same members, differently packed"]


def describe(path: Path) -> dict[str, str]:
    """Return each member of an archive with its mode, date and digest, or each line of another file."""
    if path.suffix == ".AppImage":
        return _describe_appimage(path)
    if path.suffix == ".deb":
        streams = [["dpkg-deb", "--ctrl-tarfile", str(path)], ["dpkg-deb", "--fsys-tarfile", str(path)]]
    elif path.suffix in (".rpm", ".zst", ".xz", ".whl"):
        streams = [["bsdtar", "-cf", "-", "--format=pax", f"@{path}"]]
    else:
        return {f"line {number}": line for number, line in enumerate(path.read_text().splitlines(), 1)}
    found = {f"{command[1]} {name}": about for command in streams for name, about in _members(command)}
    if path.suffix == ".rpm":
        head = subprocess.run(["rpm", "-qp", "--xml", path], capture_output=True, text=True, check=True).stdout
        found |= {f"header {number}": line for number, line in enumerate(head.splitlines(), 1)}
    return found


def _describe_appimage(path: Path) -> dict[str, str]:
    offset = int(subprocess.run([path, "--appimage-offset"], capture_output=True, text=True, check=True).stdout)
    with path.open("rb") as file:
        found = {"runtime": sha256(file.read(offset)).hexdigest()[:16]}
    with tempfile.TemporaryDirectory(dir=_disk()) as name:
        image = ["unsquashfs", "-quiet", "-no-progress", "-offset", str(offset), "-dest", f"{name}/image", path]
        subprocess.run(image, stdout=subprocess.DEVNULL, check=True)
        found |= {f"image {place}": about for place, about in _members(["tar", "-C", f"{name}/image", "-c", "."])}
    return found


def _members(command: list[str]) -> Iterator[tuple[str, str]]:
    with subprocess.Popen(command, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        with tarfile.open(fileobj=running.stdout, mode="r|") as archive:
            for member in archive:
                file = archive.extractfile(member) if member.isfile() else None
                digest = sha256(file.read()).hexdigest()[:16] if file else member.linkname
                yield member.name, f"{member.mode:o} {member.uid}:{member.gid} {member.mtime} {digest}"
