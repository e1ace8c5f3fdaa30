"""A Debian of its own with apt and nothing else, entered by chroot, and an Intone in it that is dictated into.

Neither the checkout nor its environment is in it. The desk (display, sound, windows) is the machine's, as for every
other test, so that what arrives is seen from outside.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from tests.conftest import sentences
from tests.prove.record import MODELS, ROOT, tell
from tests.prove.recordings import Absent
from tests.support.desk import Desk, read_until, until
from tests.support.words import error_rate

CLEAN = ROOT / ".cache/prove/clean-root.tar"
AT_MOST = 0.1
"""The share of wrong words in all sentences together: a single wrong word is an eighth of the shortest."""

MISHEARD = 0.3
"""The same of one sentence, two words of the shortest, where what is proved is that a text arrives, to the letter as it
is in the history, and not what is heard."""

LOADED = "what a dictation needs is loaded"
"""What the app logs once it has loaded ahead."""

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


def dictate_sentences(root: Path, shared: Path, program: list[str], model: str, count: int) -> dict[str, Any]:
    """Fetch the model by the app's own command, start it, and dictate into windows of this machine."""
    with desk_in(root, shared, program) as desk:
        polished = desk.intone_long("polish", given="um i have twenty five apples\n")
        gguf = _transcribe_with_gguf(desk, root, shared, program)
        began = monotonic()
        fetched = desk.intone_long("models", "pull", model)
        assert fetched.returncode == 0, fetched.stderr
        pulled = monotonic()
        desk.start()
        desk.wait_ready()
        ready = monotonic()
        spoken, written = [], []
        for number, clip in enumerate(sentences()[:count]):
            file = Path(tempfile.mkdtemp(dir=shared), "words.txt")
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


def dictate_across(desk: Desk, file: Path, act: Callable[[], object], count: int) -> dict[str, Any]:
    """Begin to speak into the window of `file`, `act`, go on to speak, let go: dictation number `count`."""
    first, second = sentences()[1], sentences()[2]
    desk.press()
    desk.wait_state("listening")
    spoken = desk.say(first.path, wait=False)
    began = monotonic()
    act()
    took = round(monotonic() - began, 1)
    spoken.wait()
    state = desk.status().get("state")
    desk.say(second.path)
    desk.release()
    found = find_text(desk, file, f"{first.text} {second.text}", count)
    return {**found, "ok": found["ok"] and state == "listening", "act_s": took, "state": state}


def read_log(desk: Desk) -> str:
    """Return the app's own log."""
    return "".join(path.read_text(errors="replace") for path in desk.home.rglob("*.log"))


def wait_logged(desk: Desk, text: str, count: int = 1) -> None:
    """Wait until the app's log has `text` as often as that."""
    until(lambda: read_log(desk).count(text) >= count, lambda: f"it logs {text!r}\n{read_log(desk)[-3000:]}", 120)


def find_text(desk: Desk, file: Path, spoken: str, count: int) -> dict[str, Any]:
    """Dictation number `count` is in the window of `file` to the letter as in the history, and what was said."""
    row = desk.wait_rows(count)[0]
    text = read_until(file, lambda text: text.strip() == row["text"].strip())
    wrong = round(error_rate(spoken, text), 3)
    assert desk.app is not None
    is_running = desk.app.poll() is None
    good = wrong <= MISHEARD and is_running and row["delivery"] in ("inserted", "unconfirmed")
    return {"ok": good, "wrong_words": wrong, "text": text.strip(), "delivery": row["delivery"]}


def _transcribe_with_gguf(desk: _Away, root: Path, shared: Path, program: list[str]) -> dict[str, Any]:
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
        alone = ["unshare", "--net", *entering(root, shared, "", [*program, *words])]
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

    def status(self) -> dict[str, Any]:
        """What that Intone's own command says; empty while the app does not answer."""
        return self.printed_status()

    def intone_long(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command that may take minutes, or reads what is `given`."""
        return subprocess.run(
            [*self.program, *words], env=self.environ, cwd="/", input=given, capture_output=True, text=True
        )


@contextmanager
def desk_in(root: Path, shared: Path, program: list[str]) -> Iterator[_Away]:
    with _Away(Path(tempfile.mkdtemp(dir=shared), "desk")) as desk:
        desk.program = entering(root, shared, desk.environ["DBUS_SESSION_BUS_ADDRESS"], program)
        yield desk


def entering(root: Path, shared: Path, bus: str, words: list[str]) -> list[str]:
    socket = bus.partition("path=")[2].partition(",")[0] or "/nowhere"
    enter = ["unshare", "--mount", "--propagation", "private", "sh", "-c", ENTER, "sh"]
    return [*enter, str(root), str(shared), socket, *words]


def run_in(root: Path, shared: Path, *words: str) -> str:
    environ = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(entering(root, shared, "", list(words)), env=environ, capture_output=True, text=True)
    assert done.returncode == 0, f"{words}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout


def unpack_clean(root: Path, clean: Path = CLEAN, architecture: str = "") -> None:
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


def find_built(pattern: str) -> list[Path]:
    """Return the files of the checkout that `pattern` names. Raises `Absent`."""
    files = sorted(ROOT.glob(pattern))
    if not files:
        raise Absent(f"{pattern} is not made: make packages")
    return files


def list_files(root: Path) -> set[str]:
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
