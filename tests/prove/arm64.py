"""The Debian package for arm64 (`make deb ARCH=arm64`) in an arm64 Debian that qemu-user runs here.

Its libraries are first held against those of the amd64 package. Then, in a clean root without anything of this machine:
apt installs it with what it depends on, it says its version and what `doctor` finds, and transcribes clips by both
runtimes, whose words are held against those that the same models hear on this machine. The tray app is started on a
display of this machine, and a sentence is dictated into a terminal here. It is upgraded, taken off and purged, and
nothing may be left. qemu is many times slower than a processor: seconds are said, and judge nothing.

Needs root, mmdebstrap and qemu-user; elsewhere it says so.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from time import monotonic
from typing import Any

from tests.conftest import sentences
from tests.prove import clean_root
from tests.prove.emulation import PROCESSOR, emulated
from tests.prove.record import MODELS, ROOT, Run, tell
from tests.prove.recordings import Absent
from tests.support.desk import Desk, read_until, until
from tests.support.words import error_rate

sys.path.append(str(ROOT / "packaging"))
from shipping import reports

CLEAN = ROOT / ".cache/prove/clean-root-arm64.tar"

CLIPS = 2
"""How many sentences each model transcribes unless more are asked for: one takes a minute or two."""

WHISPER, MOONSHINE = "tiny.en", "moonshine-base"

PATIENCE_S = 900.0
"""Timeout in seconds for one step of the app under qemu."""

OWN_TO = {
    "libggml-cpu-": "one for each kind of processor",
    "libvpl": "Intel's video, of PyAV's wheel for amd64 alone",
}
"""How the names of libraries begin that one processor alone has, and why."""

UPGRADED = "9999.0"
"""A version above every other."""


def prove(run: Run) -> dict[str, Any]:
    """Compare, install, transcribe, dictate, upgrade, remove. `run.limit` is how many clips each model transcribes.

    A proof that was killed, or of which a step failed, goes on with that step in the same root.
    """
    if os.geteuid() != 0 or not shutil.which("mmdebstrap"):
        raise Absent("this needs root and mmdebstrap, to make a clean root")
    package = clean_root.find_built("dist/intone_*_arm64.deb")[-1]
    clips = sorted(sentences(), key=lambda clip: clip.path.stat().st_size)[: run.limit or CLIPS]
    with emulated() as machine, tempfile.TemporaryDirectory(prefix="intone-arm64-") as name:
        stage = _Stage(run, package, Path(name))
        tempfile.tempdir = name  # the sound server's folder is within reach of the root
        acts: dict[str, Callable[[], dict[str, Any]]] = {
            "install": lambda: _install(stage, package),
            "doctor": lambda: _commands(stage),
            "whisper": lambda: _transcriptions(stage, WHISPER, clips),
            "moonshine": lambda: _transcriptions(stage, MOONSHINE, clips),
            "tray": lambda: _dictated(stage),
            "upgrade": lambda: _upgrade(stage, package),
            "removal": lambda: _remove(stage),
        }
        try:
            found = {"machine": machine, "libraries": compare_libraries(package)}
            found |= {step: stage.once(step, act) for step, act in acts.items()}
        finally:
            tempfile.tempdir = None
    ok = all(found[part]["ok"] for part in ("libraries", *acts))
    if ok:
        shutil.rmtree(stage.folder, ignore_errors=True)
    return {"ok": ok, **found}


class _Stage:
    """The root and what is known of it, the folder shared with it, and how long each thing took."""

    def __init__(self, run: Run, package: Path, shared: Path) -> None:
        self.digest = hashlib.sha256(package.read_bytes()).hexdigest()[:12]
        self.folder = run.out / "arm64" / self.digest
        self.root, self.shared = self.folder / "root", shared
        self._lines = run.lines
        self._seconds: dict[str, float] = {}

    def once(self, step: str, act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Do one step and keep what it found, with the seconds; one that went well is not done again."""
        key = f"{self.digest}-{step}"
        if key in self._lines:
            return self._lines[key]
        self._seconds = {}
        found = {**act(), "seconds": self._seconds}
        return self._lines.add(key, found) if found["ok"] else found

    def timed[Answer](self, what: str, act: Callable[[], Answer]) -> Answer:
        """Do something, and keep its seconds."""
        began = monotonic()
        answer = act()
        self._seconds[what] = round(monotonic() - began, 1)
        tell(f"arm64: {what} took {self._seconds[what]} s")
        return answer

    def keep_files(self, name: str) -> None:
        """Write down which files the root has."""
        (self.folder / name).write_text(json.dumps(sorted(clean_root.list_files(self.root))))

    def files_since(self, name: str) -> list[str]:
        """Return the files that were not there when they were written down."""
        return sorted(clean_root.list_files(self.root) - set(json.loads((self.folder / name).read_text())))

    def inside(self, *words: str) -> str:
        """Run a command in the root; it must succeed."""
        return clean_root.run_in(self.root, self.shared, *words)

    def install(self, package: Path) -> str:
        """Install a package with what it depends on."""
        shutil.copy(package, self.root / "tmp")
        options = ("-y", "-q", "--no-install-recommends", "-o", "DPkg::Options::=--force-unsafe-io")
        said = self.inside("apt-get", "install", *options, f"/tmp/{package.name}")
        (self.root / "tmp" / package.name).unlink()
        return said

    def intone(self, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the app there, without a network."""
        environ = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG": "C.UTF-8",
            "HOME": str(home),
            "INTONE_HOME": str(home),
        }
        environ |= PROCESSOR
        enter = clean_root.entering(self.root, self.shared, "", ["/usr/bin/intone", *words])
        return subprocess.run(["unshare", "--net", *enter], env=environ, cwd="/", capture_output=True, text=True)


def _install(stage: _Stage, package: Path) -> dict[str, Any]:
    """A clean root, and the package in it with what it depends on."""
    shutil.rmtree(stage.folder, ignore_errors=True)
    stage.folder.mkdir(parents=True)
    stage.timed("clean_root", lambda: clean_root.unpack_clean(stage.root, CLEAN, "arm64"))
    stage.keep_files("before.json")
    stage.timed("update", lambda: stage.inside("apt-get", "update", "-q"))
    stage.timed("install", lambda: stage.install(package))
    stage.keep_files("installed.json")
    shown = stage.inside("dpkg-query", "--show", "--showformat", "${Architecture} ${db:Status-Status}", "intone")
    packages = len(stage.inside("dpkg-query", "--show").splitlines())
    unmet = find_unmet(stage.root)
    return {"ok": shown == "arm64 installed" and not unmet, "shown": shown, "packages": packages, "unmet": unmet}


def find_unmet(root: Path) -> list[str]:
    """What the app's libraries need and neither they nor the root have; of GTK, which is used where it is, nothing."""
    app = [path for path in (root / "opt/intone").rglob("*.so*") if not path.is_symlink() and "gtk" not in path.name]
    there = {path.name for folder in ("opt/intone", "usr/lib") for path in (root / folder).rglob("*.so*")}
    said = subprocess.run(["readelf", "--dynamic", "--wide", *app], capture_output=True, text=True, check=True).stdout
    return sorted(set(re.findall(r"\(NEEDED\).*\[(.*)\]", said)) - there)


def compare_libraries(package: Path) -> dict[str, Any]:
    """The libraries of the two packages: what one alone has, beside `OWN_TO`."""
    here = package.with_name(package.name.replace("arm64", "amd64"))
    if not here.exists():
        return {"ok": True, "skipped": f"{here.name} is not made: make deb"}
    ours, theirs = _libraries(package), _libraries(here)
    arm, amd = map(set, (map(plain_name, ours), map(plain_name, theirs)))
    differing = sorted(amd ^ arm)
    return {
        "ok": bool(arm) and not unexplained(differing),
        "count": len(ours),
        "of_amd64": len(theirs),
        "explained": [name for name in differing if name not in unexplained(differing)],
        "missing": sorted(unexplained(amd - arm)),
        "more": sorted(unexplained(arm - amd)),
        "package_mb": round(package.stat().st_size / 1e6, 1),
        "package_mb_amd64": round(here.stat().st_size / 1e6, 1),
        "installed_mb": _read_installed_mb(package),
        "installed_mb_amd64": _read_installed_mb(here),
    }


def plain_name(place: str) -> str:
    """A library's path without the processor, and without the digest that a wheel's tools put into its name."""
    folder, _, name = place.rpartition("/")
    name = re.sub(r"(?<=-)[0-9a-f]{8}(?=\.)", "", name).split(".so")[0]
    return f"{folder}/{re.sub('x86_64|aarch64|arm64', 'ARCH', name)}"


def unexplained(places: Iterable[str]) -> list[str]:
    """Those of these libraries that `OWN_TO` does not name."""
    return [place for place in places if not place.rpartition("/")[2].startswith(tuple(OWN_TO))]


def _libraries(package: Path) -> list[str]:
    listed = subprocess.run(["dpkg-deb", "--fsys-tarfile", package], capture_output=True, check=True).stdout
    names = subprocess.run(["tar", "-t"], input=listed, capture_output=True, check=True).stdout.decode().splitlines()
    return [name.partition("site-packages/")[2] for name in names if re.search(r"\.so(\.[\d.]+)?$", name)]


def _commands(stage: _Stage) -> dict[str, Any]:
    """The version, and what `doctor` finds, without a display, a sound server or a model."""
    home = Path(tempfile.mkdtemp(dir=stage.shared))
    version = stage.timed("version", lambda: stage.intone(home, "--version"))
    said = stage.timed("doctor", lambda: stage.intone(home, "doctor", "--json"))
    checks = [json.loads(line) for line in said.stdout.splitlines()]
    cuda = next((check["message"]["code"] for check in checks if check["name"] == "graphics card"), "")
    return {
        "ok": cuda == "cuda-not-for-processor" and "Traceback" not in said.stderr and version.returncode == 0,
        "version": version.stdout.strip(),
        "cuda": cuda,
        "failing": {check["name"]: check["detail"] for check in checks if not check["ok"]},
        "stderr": said.stderr[-1000:],
    }


def _transcriptions(stage: _Stage, model: str, clips: list[Any]) -> dict[str, Any]:
    """The clips' texts by `model` there and here, each against what was read."""
    weights = MODELS / model
    if not weights.is_dir():
        return {"ok": True, "skipped": f"{model} is not in {MODELS}"}
    home = Path(tempfile.mkdtemp(dir=stage.shared), "home")
    shutil.copytree(weights, home / "models" / model)
    here = home.with_name("here")
    shutil.copytree(weights, here / "models" / model)
    stage.intone(home, "settings", "set", "recognizer.model", model)
    _here(here, "settings", "set", "recognizer.model", model)
    texts, problems = [], []
    for number, clip in enumerate(clips):
        file = home / f"{number}.wav"
        shutil.copy(clip.path, file)
        words = ("transcribe", "--json", str(file))
        done = stage.timed(f"{model}_{number}", lambda words=words: stage.intone(home, *words))  # type: ignore[misc]
        there, ours = (json.loads(said.stdout or "{}") for said in (done, _here(here, *words)))
        if done.returncode or there.get("model") != model:
            problems.append({"stderr": done.stderr[-1500:], "answer": there})
        texts.append((clip.text, there.get("text", ""), ours.get("text", "")))
        tell(f"arm64: {model} wrote {there.get('text')!r}")
    read, arm, amd = ([text[at] for text in texts] for at in range(3))
    wrong, wrong_here = round(error_rate(read, arm), 3), round(error_rate(read, amd), 3)
    return {
        "ok": not problems and wrong <= max(wrong_here, clean_root.AT_MOST),
        "wrong_words": wrong,
        "wrong_words_on_amd64": wrong_here,
        "otherwise_than_on_amd64": [{"arm64": b, "amd64": c} for _, b, c in texts if b != c],
        "problems": problems,
    }


def _here(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The checkout's app on this machine, at the same home."""
    environ = {**os.environ, "INTONE_HOME": str(home), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "desktop", *words]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)


def _dictated(stage: _Stage) -> dict[str, Any]:
    """The tray app started there, seen from here, and one sentence dictated into a terminal."""
    with clean_root.desk_in(stage.root, stage.shared, ["/usr/bin/intone"]) as away:
        away.environ |= PROCESSOR
        shutil.copytree(MODELS / WHISPER, away.home / "models" / WHISPER)
        stage.timed("settings", lambda: away.intone_long("settings", "set", "recognizer.model", WHISPER))
        seen = _Seen(away)
        away.start()
        seen.app = away.app
        stage.timed("ready", lambda: seen.wait_ready(PATIENCE_S))
        told = stage.timed("status", lambda: away.intone_long("status", "--json"))
        clip, file = sentences()[0], stage.shared / "dictated.txt"
        away.open_xterm(file)
        away.press()
        spool = away.home / "spool"  # `status` gives up after seconds, which the busy app needs longer for here
        stage.timed("listening", lambda: until(lambda: any(spool.glob("*.take")), "it records", PATIENCE_S))
        away.say(clip.path)
        away.release()
        late = ""
        try:
            stage.timed("written", lambda: read_until(file, lambda text: len(text.split()) > 2, PATIENCE_S))
        except AssertionError as error:
            late = str(error)
        rows = stage.timed("history", lambda: away.intone_long("history", "list", "--json")).stdout.splitlines()
        row = json.loads(rows[0]) if rows else {}
        stage.timed("quit", lambda: away.intone_long("quit"))
        assert away.app is not None
        away.app.wait(timeout=PATIENCE_S)
        text, log = file.read_text().strip(), away.log.read_text(errors="replace")
    wrong = round(error_rate(clip.text, text), 3)
    arrived = not late and wrong <= clean_root.AT_MOST and text == row.get("text", "").strip()
    return {
        "ok": json.loads(told.stdout or "{}").get("ready") is True and arrived and "Traceback" not in log,
        "written": text,
        "wrong_words": wrong,
        "late": late,
        "row": row,
        "log": log[-1500:],
    }


class _Seen(Desk):
    """The same desk asked by this machine's own `intone status`, which answers in a moment."""

    def __init__(self, away: Desk) -> None:
        super().__init__(away.home.parent)
        self.environ, self.log, self.app = {**away.environ, "PYTHONPATH": str(ROOT)}, away.log, None


def _upgrade(stage: _Stage, package: Path) -> dict[str, Any]:
    """The same package with a higher version, put over it by apt; before that, what the app wrote beside its files."""
    written = [place for place in stage.files_since("installed.json") if place.startswith("/opt/intone")]
    newer = stage.timed("build_upgrade", lambda: _with_version(stage.shared, package, UPGRADED))
    stage.timed("upgrade", lambda: stage.install(newer))
    shown = stage.inside("dpkg-query", "--show", "--showformat", "${Version} ${db:Status-Status}", "intone")
    version = stage.intone(Path(tempfile.mkdtemp(dir=stage.shared)), "--version")
    ok = shown == f"{UPGRADED} installed" and version.returncode == 0 and not written
    return {"ok": ok, "shown": shown, "written_under_opt": written[:5]}


def _with_version(folder: Path, package: Path, version: str) -> Path:
    tree, newer = folder / "newer", folder / f"intone_{version}_arm64.deb"
    subprocess.run(["dpkg-deb", "--raw-extract", package, tree], check=True)
    control = tree / "DEBIAN/control"
    control.write_text(re.sub(r"(?m)^Version: .*$", f"Version: {version}", control.read_text()))
    build = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z1", "--build", tree, newer]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(tree)
    return newer


def _remove(stage: _Stage) -> dict[str, Any]:
    """Take it off and purge it: what of it is left."""
    stage.timed("remove", lambda: stage.inside("dpkg", "-r", "intone"))
    left = [place for place in clean_root.list_files(stage.root) if "/opt/intone" in place]
    stage.timed("purge", lambda: stage.inside("dpkg", "--purge", "intone"))
    left += [place for place in stage.files_since("before.json") if "intone" in place]
    left += [str(path) for path in (stage.root / "var/lib").glob("intone*")]
    return {"ok": not left, "left": left[:10]}


def _read_installed_mb(package: Path) -> float:
    """Return the megabytes of what a package installs, from the page beside it."""
    figures = json.loads(package.with_name(f"{reports.stem_of(package)}.sizes.json").read_text())
    return round(float(figures["installed_bytes"]) / 1e6, 1)
