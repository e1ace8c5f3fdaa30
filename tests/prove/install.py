"""What `make deb` and `make bundle` made, installed where nothing is, started there, and dictated into.

The clean root is a Debian of its own with apt and nothing else, entered by chroot: neither the checkout nor its
environment is in it. apt installs the package with what it depends on; the app's own command fetches the model. The
desk (display, sound, windows) is the machine's, as for every other test, so that what arrives is seen from outside. The
package is then taken off again, Python with it, and the one-dir build does the same in that root from another folder.
Each also transcribes a file with Moonshine base, where its weights are here, in another home and without a network.
Last the wheel, as `uv tool install` would have it.

Needs root and mmdebstrap; elsewhere it says so.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from tests.conftest import sentences
from tests.prove.record import MODELS, ROOT, Run, tell
from tests.prove.recordings import Absent
from tests.support.desk import Desk, read_until
from tests.support.words import error_rate

CLEAN = ROOT / ".cache/prove/clean-root.tar"
AT_MOST = 0.1
"""The share of wrong words in all sentences together: a single wrong word is an eighth of the shortest."""

POLISHED = "I have 25 apples."
"""What polish makes of a sentence for which it opens a grammar's file."""

ELSEWHERE = "/srv/apps"

GGUF = "moonshine-base"
"""A model that the other runtime decodes, which has libraries of its own."""

ENTER = """\
set -e
root=$1 shared=$2 bus=$3; shift 3
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --rbind /sys "$root/sys"
for place in "$shared" /tmp/.X11-unix; do mkdir -p "$root$place"; mount --bind "$place" "$root$place"; done
if [ -e "$bus" ]; then mkdir -p "$root${bus%/*}"; touch "$root$bus"; mount --bind "$bus" "$root$bus"; fi
exec chroot "$root" "$@"
"""
"""Run in a mount namespace of its own, so that nothing stays mounted whatever happens."""


def prove(run: Run) -> dict[str, Any]:
    """Install, start, dictate; three ways. `run.limit` is how many sentences each (all five)."""
    if os.geteuid() != 0 or not shutil.which("mmdebstrap"):
        raise Absent("this needs root and mmdebstrap, to make a clean root")
    architecture = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    ).stdout.strip()
    package, archive, wheel = _built(f"intone_*_{architecture}.deb"), _built("intone-*-linux-*.tar.xz"), _wheel()
    count = run.upto(len(sentences()))
    with tempfile.TemporaryDirectory(prefix="intone-clean-") as name:
        root, shared = Path(name, "root"), Path(name, "shared")
        shared.mkdir()
        _unpack_clean(root)
        tempfile.tempdir = str(shared)  # the sound server's folder is within reach of the root
        try:
            found = {
                "deb": _deb(root, shared, package, run.model, count),
                "bundle": _bundle(root, shared, archive, run.model, count),
                "wheel": _tool(shared, wheel),
            }
        finally:
            tempfile.tempdir = None
    return {"ok": all(part["ok"] for part in found.values()), **found}


def _deb(root: Path, shared: Path, package: Path, model: str, count: int) -> dict[str, Any]:
    before = _files(root)
    shutil.copy(package, root / "tmp")
    began = monotonic()
    _in(root, shared, "apt-get", "update", "-q")
    _in(root, shared, "apt-get", "install", "-y", "-q", "--no-install-recommends", f"/tmp/{package.name}")
    took = round(monotonic() - began, 1)
    tell(f"install: the package is in the clean root after {took} s")
    own = [line for line in _in(root, shared, "dpkg", "-L", "intone").splitlines() if "/opt/intone" in line]
    installed = _files(root)
    said = _dictated(root, shared, ["/usr/bin/intone"], model, count)
    written = sorted(place for place in _files(root) - installed if place.startswith("/opt/intone"))
    _in(root, shared, "dpkg", "-r", "intone")
    after_removal = sorted(place for place in _files(root) if "/opt/intone" in place)
    _in(root, shared, "dpkg", "--purge", "intone")
    left = sorted(place for place in _files(root) - before if "intone" in place and not place.startswith("/tmp/"))
    return {
        "ok": said["ok"] and not after_removal and not left and not written and bool(own),
        "install_s": took,
        "installed_mb": _megabytes(package),
        **said,
        "written_under_opt": written[:5],
        "left_after_removal": after_removal[:5] + left[:5],
    }


def _bundle(root: Path, shared: Path, archive: Path, model: str, count: int) -> dict[str, Any]:
    """The same root, which has the system's libraries now; its Python goes first."""
    for python in root.glob("usr/bin/python3*"):
        python.unlink()
    (root / ELSEWHERE[1:]).mkdir(parents=True)
    subprocess.run(["tar", "-C", root / ELSEWHERE[1:], "-xf", archive], check=True)
    inside = root / ELSEWHERE[1:] / "intone/_internal"
    of_the_system = sorted(path.name for path in inside.rglob("libvulkan.so*"))
    said = _dictated(root, shared, [f"{ELSEWHERE}/intone/intone"], model, count)
    found = {"installed_mb": _megabytes(archive), **said, "of_the_system": of_the_system}
    return {**found, "ok": said["ok"] and not of_the_system}


def _tool(shared: Path, wheel: Path) -> dict[str, Any]:
    """`uv tool install` with the lock's versions, and two commands of it away from the checkout."""
    environ = {**os.environ, "UV_TOOL_DIR": str(shared / "tools"), "UV_TOOL_BIN_DIR": str(shared / "bin")}
    environ |= {"INTONE_HOME": str(shared / "tool-home"), "QT_QPA_PLATFORM": "offscreen"}
    python = os.path.realpath(ROOT / ".venv/bin/python")
    install = ["sh", "packaging/uv.sh", "tool", "install", "--quiet", "--python", python]
    subprocess.run([*install, "--constraints", "lock/app.txt", wheel], cwd=ROOT, env=environ, check=True)
    program = shared / "bin" / "intone"

    def said(*words: str, given: str = "") -> str:
        ran = subprocess.run(
            [program, *words], cwd="/", env=environ, input=given, capture_output=True, text=True, timeout=60
        )
        return ran.stdout

    checks = [json.loads(line) for line in said("doctor", "--json").splitlines()]
    polished = said("polish", given="um i have twenty five apples\n").strip()
    return {
        "ok": bool(checks) and "usage: intone" in said("--help") and polished == POLISHED,
        "doctor": {check["name"]: check["ok"] for check in checks if "name" in check},
        "polished": polished,
    }


def _dictated(root: Path, shared: Path, program: list[str], model: str, count: int) -> dict[str, Any]:
    """Fetch the model by the app's own command, start it, and dictate into windows of this machine."""
    with _desk(root, shared, program) as desk:
        polished = desk.intone_long("polish", given="um i have twenty five apples\n")
        gguf = _transcribed(desk, root, shared, program)
        began = monotonic()
        fetched = desk.intone_long("models", "pull", model)
        assert fetched.returncode == 0, fetched.stderr
        pulled = monotonic()
        desk.start()
        desk.wait_ready()
        ready = monotonic()
        spoken, written = [], []
        for number, clip in enumerate(sentences()[:count]):
            file = shared / f"{len(program[0])}-{number}.txt"
            desk.open_xterm(file)
            desk.dictate(clip.path)
            row = desk.wait_rows(number + 1)[0]
            text = read_until(file, lambda text, row=row: text.strip() == row["text"].strip())
            spoken.append(clip.text)
            written.append(text)
            tell(f"install: {program[0]} wrote a sentence, {error_rate(clip.text, text):.0%} of its words wrong")
        inside = _maps(desk)
        desk.intone("quit")
        assert desk.app is not None
        desk.app.wait(timeout=30)
        kept = (desk.home / "history.db").exists()
        log = desk.log.read_text(errors="replace")
    wrong = round(error_rate(spoken, written), 3)
    said = polished.stdout.strip(), polished.stderr
    checkout = sorted(place for place in inside if place.startswith(str(ROOT)))
    return {
        "ok": wrong <= AT_MOST
        and not checkout
        and kept
        and "Traceback" not in log
        and said == (POLISHED, "")
        and gguf.get("ok", True),
        "model_fetched_s": round(pulled - began, 1),
        "ready_s": round(ready - pulled, 1),
        "wrong_words": wrong,
        "written_wrongly": [pair for pair in zip(spoken, written, strict=True) if error_rate(*pair)],
        "polished": said[0],
        GGUF: gguf,
        "of_the_checkout": checkout[:5],
        "log": log[-500:],
    }


def _transcribed(desk: _Away, root: Path, shared: Path, program: list[str]) -> dict[str, Any]:
    """A file to text by the other runtime, as a user has it without a network: list, choose, transcribe."""
    weights = MODELS / GGUF
    if not weights.is_dir():
        return {"skipped": f"{GGUF} is not in {MODELS}"}
    home = Path(tempfile.mkdtemp(dir=shared), "home")
    shutil.copytree(weights, home / "models" / GGUF)
    clip = sentences()[0]
    shutil.copy(clip.path, home / clip.path.name)
    environ = {**desk.environ, "INTONE_HOME": str(home)}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        alone = ["unshare", "--net", *_entering(root, shared, "", [*program, *words])]
        return subprocess.run(alone, env=environ, cwd="/", capture_output=True, text=True)

    rows = [json.loads(line) for line in run("models", "list", "--json").stdout.splitlines()]
    chosen = run("settings", "set", "recognizer.model", GGUF)
    done = run("transcribe", "--json", str(home / clip.path.name))
    answer = json.loads(done.stdout or "{}")
    installed = [row["name"] for row in rows if row["installed"]]
    wrong = round(error_rate(clip.text, answer.get("text", "")), 3)
    says = [*(said.stderr[-500:] for said in (chosen, done) if said.returncode), answer.get("error", "")]
    tell(f"install: {program[0]} transcribed with {GGUF}, {wrong:.0%} of the words wrong")
    return {
        "ok": wrong <= AT_MOST and installed == [GGUF] and answer.get("model") == GGUF and not any(says),
        "installed": installed,
        "engine": answer.get("engine"),
        "decode_s": answer.get("decode_s"),
        "wrong_words": wrong,
        "says": [text for text in says if text],
    }


class _Away(Desk):
    """A desk whose Intone is somewhere else."""

    def intone_long(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command that may take minutes, or reads what is `given`."""
        return subprocess.run(
            [*self.program, *words], env=self.environ, cwd="/", input=given, capture_output=True, text=True
        )


@contextmanager
def _desk(root: Path, shared: Path, program: list[str]) -> Iterator[_Away]:
    with _Away(Path(tempfile.mkdtemp(dir=shared), "desk")) as desk:
        desk.program = _entering(root, shared, desk.environ["DBUS_SESSION_BUS_ADDRESS"], program)
        yield desk


def _entering(root: Path, shared: Path, bus: str, words: list[str]) -> list[str]:
    socket = bus.partition("path=")[2].partition(",")[0] or "/nowhere"
    enter = ["unshare", "--mount", "--propagation", "private", "sh", "-c", ENTER, "sh"]
    return [*enter, str(root), str(shared), socket, *words]


def _in(root: Path, shared: Path, *words: str) -> str:
    environ = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(_entering(root, shared, "", list(words)), env=environ, capture_output=True, text=True)
    assert done.returncode == 0, f"{words}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout


def _unpack_clean(root: Path, clean: Path = CLEAN, architecture: str = "") -> None:
    """Make `root` a Debian with apt alone, of another `architecture` than this machine's where one is named."""
    if not clean.exists():
        suite = next(
            line.partition("=")[2]
            for line in Path("/etc/os-release").read_text().splitlines()
            if line.startswith("VERSION_CODENAME=")
        )
        clean.parent.mkdir(parents=True, exist_ok=True)
        making = clean.with_suffix(".making.tar")
        variant = ["--variant=apt", "--include=ca-certificates"]
        variant += [f"--architectures={architecture}"] if architecture else []
        subprocess.run(["mmdebstrap", "--quiet", *variant, suite, making], check=True)
        making.rename(clean)
    root.mkdir()
    subprocess.run(["tar", "-C", root, "-xf", clean], check=True)
    for given in ("/etc/resolv.conf", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt"):
        if Path(given).exists():  # how this machine reaches a network, and whom it trusts there
            shutil.copy(given, root / given[1:])


def _files(root: Path) -> set[str]:
    found = set()
    for folder, folders, files in os.walk(root):
        inside = folder.removeprefix(str(root))
        folders[:] = [name for name in folders if f"{inside}/{name}" not in ("/proc", "/dev", "/sys", "/var", "/tmp")]
        found.update(f"{inside}/{name}" for name in (*files, *folders))
    return found


def _maps(desk: Desk) -> set[str]:
    """The files that the app has mapped."""
    assert desk.app is not None
    lines = Path(f"/proc/{desk.app.pid}/maps").read_text().splitlines()
    return {line.split(maxsplit=5)[5] for line in lines if "/" in line}


def _built(pattern: str) -> Path:
    found = sorted(ROOT.glob(f"dist/{pattern}"))
    if not found:
        raise Absent(f"dist/{pattern} is not made: make deb, make bundle")
    return found[-1]


def _wheel() -> Path:
    subprocess.run(
        ["sh", "packaging/uv.sh", "build", "--quiet", "--wheel", "--build-constraints", "lock/build.txt"],
        cwd=ROOT,
        check=True,
    )
    return _built("intone-*.whl")


def _megabytes(package: Path) -> float:
    stem = package.name.removesuffix(".deb").removesuffix(".tar.xz")
    figures = json.loads((package.parent / f"{stem}.sizes.json").read_text())
    return round(float(figures["installed_bytes"]) / 1e6, 1)
