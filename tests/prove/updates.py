"""A signed repository on this machine, from which apt installs Intone in a clean root, replaces it while it runs, and
takes it back.

`make repository`'s own code makes it of the package in `dist/` and of the next version (`tests.prove.next_version`),
none of whose modules the app that runs can import, by keys made here. The app dictates throughout: a dictation is begun
before `apt-get upgrade` and ended after it, by a process whose files are gone. Then the new version takes its place,
asked in a dictation, and the old one again, by itself. Wrong signatures and changed files are offered last.

Needs root, mmdebstrap, gpg, minisign and apt-utils; elsewhere it says so.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

from tests.conftest import sentences
from tests.prove.clean_root import (
    LOADED,
    MISHEARD,
    desk_in,
    dictate_across,
    entering,
    find_built,
    find_text,
    list_files,
    read_log,
    run_in,
    unpack_clean,
    wait_logged,
)
from tests.prove.next_version import make_deb, next_number
from tests.prove.record import MODELS, Run, tell
from tests.prove.recordings import Absent
from tests.support.cloud.tls_server import authority
from tests.support.desk import Desk, read_until, until
from tests.support.published import Published, lacking, repository, serve_folder
from tests.support.words import error_rate

REST_AND_LOOKS_S = 400.0
"""How long the app may take to start anew by itself: two minutes without a dictation, and looks on a busy machine."""

ASK = """\
import asyncio, ssl, sys
from desktop.app.updates import fetch_release
from desktop.core.errors import UserError
from desktop.network.client import ServiceClient
async def ask():
    client = ServiceClient(ssl_context=ssl.create_default_context(cafile=sys.argv[3]))
    try:
        release, _ = await fetch_release(client, sys.argv[1], sys.argv[2])
        print(release.version if release else "none")
    except UserError as problem:
        print(problem)
    finally:
        await client.aclose()
asyncio.run(ask())
"""
"""What the installed app says of the newest version, as its button does."""


def prove(run: Run) -> dict[str, Any]:
    """Install, upgrade, downgrade, refuse, take off."""
    if os.geteuid() != 0 or not shutil.which("mmdebstrap"):
        raise Absent("this needs root and mmdebstrap, to make a clean root")
    if missing := lacking():
        raise Absent(f"this needs {', '.join(missing)}: make prove-packages")
    package = find_built("dist/intone_*_amd64.deb")[-1]
    with tempfile.TemporaryDirectory(prefix="intone-up-") as name:
        folder = Path(name)
        shared = folder / "shared"
        shared.mkdir()
        os.environ["GNUPGHOME"] = str(folder / "keys/gpg")
        with serve_folder(folder / "out") as served:
            stage = _Stage(Published(folder, served.url), folder / "root", shared, package, run.model)
            unpack_clean(stage.root)
            tempfile.tempdir = str(shared)  # the sound server's folder is within reach of the root
            try:
                return stage.play()
            finally:
                tempfile.tempdir = None


class _Stage:
    """The repository, the clean root and the desk."""

    def __init__(self, published: Published, root: Path, shared: Path, package: Path, model: str) -> None:
        self.published, self.root, self.shared, self.model = published, root, shared, model
        self.package = package
        self.old = package.name.split("_")[1]
        self.new = next_number(self.old)
        self.found: dict[str, Any] = {"old": self.old, "new": self.new}
        self.date = int(time.time()) - 3600
        self.dictated = self.started = 0

    def play(self) -> dict[str, Any]:
        """Do all of it in order; each step is a result with its seconds."""
        before = list_files(self.root)
        self._step("packages", self._make_packages)
        self._step("install", self._install)
        with desk_in(self.root, self.shared, ["/usr/bin/intone"]) as desk:
            self.desk: Desk = desk
            for name in (self.model,):
                shutil.copytree(MODELS / name, desk.home / "models" / name)
            self._step("start", self._start)
            self._step("dictation", self._dictate)
            self._step("upgrade_in_a_dictation", self._upgrade)
            self._step("dictation_by_the_old_process", lambda: self._dictate(is_replaced=True))
            self._step("dictation_by_a_new_worker_of_the_old", self._dictate_by_new_worker)
            self._step("told", self._wait_until_told)
            self._step("restart_in_a_dictation", self._restart)
            self._step("dictation_by_the_new", self._dictate)
            self._step("downgrade", self._downgrade)
            self._step("restart_by_itself", self._wait_until_restarted)
            self._step("first_dictation_after_a_replacement", self._reinstall)
            self._step("dictation_by_the_new_again", self._restart_idle)
            self._step("history_of_a_later_schema", self._open_later_schema)
        self._step("check", self._check_latest)
        self._step("refused", self._offer_wrong)
        self._step("purge", lambda: self._purge(before))
        steps = [step for step in self.found.values() if isinstance(step, dict)]
        return {"ok": all(step["ok"] for step in steps), **self.found}

    def _step(self, name: str, act: Callable[[], dict[str, Any]]) -> None:
        began = monotonic()
        self.found[name] = {**act(), "step_s": round(monotonic() - began, 1)}
        tell(f"updates: {name} {'done' if self.found[name]['ok'] else f'FAILED: {self.found[name]}'}")

    # -- packages and apt ----------------------------------------------------------------------------------------

    def _make_packages(self) -> dict[str, Any]:
        packages = self.published.folder / "packages"
        packages.mkdir()
        shutil.copy(self.package, packages)
        self.published.publish(self.old, self.date)
        made = make_deb(self.package, self.published.folder / self.new, self.old, self.new)
        return {"ok": True, "version": made.name}

    def _install(self) -> dict[str, Any]:
        """Follow the user guide: the keyring, apt's source, `apt update`, `apt install`."""
        out, certificates = self.published.out, self.root / "etc/ssl/certs/ca-certificates.crt"
        (self.root / "etc/hosts").write_text("127.0.0.1 localhost\n")
        with certificates.open("ab") as file:
            file.write(authority().cert_pem.bytes())
        shutil.copy(certificates, self.shared / "authorities.pem")
        keyrings = self.root / repository.KEYRING_FOLDER[1:]
        keyrings.mkdir(parents=True, exist_ok=True)
        shutil.copy(out / repository.KEYRING, keyrings)
        shutil.copy(out / repository.SOURCES, self.root / "etc/apt/sources.list.d")
        status, says = self._try_apt("update")
        assert (status, says) == (0, ""), says
        self._apt("install", "-y", "--no-install-recommends", "intone")
        return {"ok": self._installed() == self.old}

    def _apt(self, *words: str) -> str:
        return run_in(self.root, self.shared, "apt-get", "-q", *words)

    def _try_apt(self, *words: str) -> tuple[int, str]:
        environ = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
        command = entering(self.root, self.shared, "", ["apt-get", "-q", *words])
        done = subprocess.run(command, env=environ, capture_output=True, text=True)
        return done.returncode, done.stderr

    def _installed(self) -> str:
        return run_in(self.root, self.shared, "dpkg-query", "-W", "-f=${Version}", "intone")

    def _publish_new(self) -> None:
        shutil.copy(next((self.published.folder / self.new).glob("*.deb")), self.published.folder / "packages")
        self.published.publish(self.new, self.date + 60)

    # -- the app -------------------------------------------------------------------------------------------------

    @property
    def is_replaced(self) -> bool:
        """Whether the process runs on files that are gone."""
        assert self.desk.app is not None
        maps = Path(f"/proc/{self.desk.app.pid}/maps").read_text()
        return any("/opt/intone/" in line and line.endswith("(deleted)") for line in maps.splitlines())

    def _start(self) -> dict[str, Any]:
        self.desk.start()
        self.desk.wait_ready()
        self._wait_until_loaded()
        return {"ok": True}

    def _wait_until_loaded(self) -> None:
        """Wait until the app has loaded ahead, which it does some seconds after each start."""
        self.started += 1
        wait_logged(self.desk, LOADED, self.started)

    def _dictate(self, is_replaced: bool = False) -> dict[str, Any]:
        """Dictate a sentence into a terminal of its own."""
        clip = sentences()[self.dictated % len(sentences())]
        file = self._open_terminal()
        self.desk.dictate(clip.path)
        return self._arrived(file, clip.text, self.is_replaced == is_replaced)

    def _dictate_by_new_worker(self) -> dict[str, Any]:
        """Kill the model's process: the old app starts one of the new version, by an entry point that is there."""
        killed = self._workers()
        for worker in killed:
            os.kill(worker, signal.SIGKILL)
        until(lambda: not set(killed) & set(self._workers()), "the model's process has ended")
        dictated = self._dictate(is_replaced=True)
        is_new = bool(killed) and bool(self._workers()) and not set(killed) & set(self._workers())
        return {**dictated, "ok": dictated["ok"] and is_new}

    def _workers(self) -> list[int]:
        assert self.desk.app is not None
        children = Path(f"/proc/{self.desk.app.pid}/task").glob("*/children")
        found = {int(pid) for path in children for pid in path.read_text().split()}
        return sorted(pid for pid in found if b"desktop.stt.local.worker" in _command_line(pid))

    def _open_terminal(self) -> Path:
        file = self.shared / f"text-{self.dictated}.txt"
        self.desk.open_xterm(file)
        return file

    def _arrived(self, file: Path, spoken: str, is_as_expected: bool) -> dict[str, Any]:
        self.dictated += 1
        found = find_text(self.desk, file, spoken, self.dictated)
        return {**found, "ok": found["ok"] and is_as_expected, "runs_on_files_that_are_gone": self.is_replaced}

    def _upgrade(self) -> dict[str, Any]:
        """Upgrade in a dictation."""

        def upgrade() -> None:
            self._apt("update")
            self._apt("upgrade", "-y")

        self._publish_new()
        file = self._open_terminal()
        self.dictated += 1
        found = dictate_across(self.desk, file, upgrade, self.dictated)
        says = self.desk.intone("--version").stdout.strip()
        is_upgraded = self.is_replaced and self._installed() == self.new and says == f"intone {self.new}"
        return {**found, "ok": found["ok"] and is_upgraded, "says": says}

    def _wait_until_told(self) -> dict[str, Any]:
        """The app has noticed; its log says so, as the pill and the menu do."""
        wait_logged(self.desk, f"version {self.new} was installed in place of this one")
        return {"ok": self.is_replaced}

    def _restart(self) -> dict[str, Any]:
        """Ask for it while a key is held: the dictation ends first."""
        clip = sentences()[3]
        file = self._open_terminal()
        self.desk.press()
        self.desk.wait_state("listening")
        self.desk.say(clip.path)
        asked = self.desk.intone("restart")
        is_listening = self.desk.status().get("state") == "listening"
        self.desk.release()
        row = self.desk.wait_rows(self.dictated + 1)[0]
        text = read_until(file, lambda text: text.strip() == row["text"].strip())
        until(lambda: not self.is_replaced, "the new version runs", 60)
        self.desk.wait_ready()
        self._wait_until_loaded()
        self.dictated += 1
        wrong = round(error_rate(clip.text, text), 3)
        good = (
            asked.returncode == 0 and is_listening and wrong <= MISHEARD and len(self.desk.history()) == self.dictated
        )
        return {"ok": good, "wrong_words": wrong, "says": asked.stderr.strip()}

    def _downgrade(self) -> dict[str, Any]:
        """Write a setting by the new version, and put the old one in its place while the new one runs."""
        self.desk.intone("settings", "set", "look.pill", "compact")
        self._apt("install", "-y", "--no-install-recommends", "--allow-downgrades", f"intone={self.old}")
        dictated = self._dictate(is_replaced=True)
        return {**dictated, "ok": dictated["ok"] and self._installed() == self.old}

    def _wait_until_restarted(self) -> dict[str, Any]:
        log = partial(read_log, self.desk)
        until(lambda: not self.is_replaced, lambda: f"the old version runs\n{log()[-2000:]}", REST_AND_LOOKS_S)
        self.desk.wait_ready()
        self._wait_until_loaded()
        rows = len(self.desk.history())
        kept = self.desk.intone("settings", "get", "look.pill").stdout.strip()
        return {"ok": rows == self.dictated and kept == "compact", "rows": rows, "setting": kept}

    def _reinstall(self) -> dict[str, Any]:
        """Replace the files of an app that has not dictated yet, and so has loaded ahead what only dictations need."""
        self._apt("install", "-y", "--no-install-recommends", f"intone={self.new}")
        return self._dictate(is_replaced=True)

    def _restart_idle(self) -> dict[str, Any]:
        """Start the new version at once, dictate, and leave the old one installed."""
        self.desk.intone("restart")
        until(lambda: not self.is_replaced, "the app has started anew", 60)
        self.desk.wait_ready()
        dictated = self._dictate()
        self._apt("install", "-y", "--no-install-recommends", "--allow-downgrades", f"intone={self.old}")
        return {**dictated, "ok": dictated["ok"] and self._installed() == self.old}

    def _open_later_schema(self) -> dict[str, Any]:
        """A history of a schema that is still to come is refused with a sentence, and left as it is."""
        self.desk.intone("quit")
        assert self.desk.app is not None
        self.desk.app.wait(timeout=60)
        file = self.desk.home / "history.db"
        with sqlite3.connect(file) as table:
            (version,) = table.execute("PRAGMA user_version").fetchone()
            table.execute(f"PRAGMA user_version = {version + 1}")
        table.close()
        before = hashlib.sha256(file.read_bytes()).hexdigest()
        refused = self.desk.intone("history", "list")
        is_same = hashlib.sha256(file.read_bytes()).hexdigest() == before
        with sqlite3.connect(file) as table:
            table.execute(f"PRAGMA user_version = {version}")
        table.close()
        rows = len(self.desk.history())
        good = refused.returncode == 1 and is_same and rows == self.dictated and "Traceback" not in refused.stderr
        return {"ok": good, "says": refused.stderr.strip(), "rows": rows, "app_log": self.desk.log.read_text()[-300:]}

    # -- what is refused -----------------------------------------------------------------------------------------

    def _check_latest(self) -> dict[str, Any]:
        """Ask the installed app what the newest version is: signed, then changed."""
        url, key = f"{self.published.url}/latest.json", self.published.public_key
        latest = self.published.out / "latest.json"
        content = latest.read_text()
        told = self._ask(url, key)
        latest.write_text(content.replace(f'"version": "{self.new}"', '"version": "9.9.9"'))
        refused, believed = self._ask(url, key), self._ask(url, "")
        latest.write_text(content)
        good = told == self.new and "not signed by the key" in refused and believed == "9.9.9"
        return {"ok": good, "told": told, "changed": refused, "changed_without_a_key": believed}

    def _ask(self, *words: str) -> str:
        words = (*words, str(self.shared / "authorities.pem"))
        return run_in(self.root, self.shared, "/opt/intone/bin/python", "-P", "-c", ASK, *words).strip()

    def _offer_wrong(self) -> dict[str, Any]:
        """Offer a changed package, then a repository by another key."""
        out = self.published.out
        deb = next(out.glob(f"pool/**/intone_{self.new}_*.deb"))
        with deb.open("r+b") as file:
            file.seek(-100, os.SEEK_END)
            file.write(b"changed")
        self._apt("clean")  # it is there from before
        package, says_package = self._try_apt("install", "-y", "--no-install-recommends", f"intone={self.new}")
        deb.unlink()
        os.environ["GNUPGHOME"] = str(self.published.folder / "other/gpg")
        self.published.publish(self.new, self.date + 120, keys="other")
        _, says_release = self._try_apt("update")  # which goes on with the index before, and so ends well
        is_refused = "signature verification failed" in says_release and "Missing key" in says_release
        good = package == 100 and "Hash Sum mismatch" in says_package and is_refused and self._installed() == self.old
        return {"ok": good, "changed_package": says_package[-900:], "another_key": says_release[-900:]}

    def _purge(self, before: set[str]) -> dict[str, Any]:
        self._apt("purge", "-y", "intone")
        (self.root / "etc/apt/sources.list.d" / repository.SOURCES).unlink()
        (self.root / repository.KEYRING_FOLDER[1:] / repository.KEYRING).unlink()
        left = sorted(place for place in list_files(self.root) - before if "intone" in place)
        return {"ok": not left, "left": left[:10]}


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # it has ended
        return b""
