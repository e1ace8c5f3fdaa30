"""The ordinary user whose desk it is, and a checkout that this user can read.

Root runs the tests in CI; the programs of a desktop are nowhere root's. The account with the fewest rights, which every
system has, gets copies of what it cannot read: hard links where the folder for them is on the same file system.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.desk import ROOT

LEAST = "nobody"

PARTS = ("desktop", "models", "tests", "packaging", "pyproject.toml")
"""What is needed of the checkout."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user; `options` make `subprocess` start a program as this user. `python` has the app's environment."""

    name: str
    tree: Path
    python: Path
    models: Path
    options: Mapping[str, Any] = field(default_factory=dict)

    def own(self, path: Path, mode: int = 0o755) -> Path:
        """Make a folder that belongs to the user."""
        path.mkdir(mode=mode, parents=True, exist_ok=True)
        self.give(path)
        return path

    def give(self, path: Path) -> None:
        """Let the user own the file or folder."""
        if self.options:
            os.chown(path, self.options["user"], self.options["group"])


def ordinary_account(folder: Path) -> Account:
    """The user who runs the tests, or where that is root another, with copies in `folder` of what it cannot read."""
    models = (ROOT / ".cache/home/models").resolve()
    if os.geteuid() != 0:
        return Account(pwd.getpwuid(os.geteuid()).pw_name, ROOT, Path(sys.executable), models)
    least = pwd.getpwnam(LEAST)
    options = {"user": least.pw_uid, "group": least.pw_gid, "extra_groups": []}
    tree, prefix = ROOT, Path(sys.prefix)
    if not _can_read(ROOT / "desktop/__main__.py", options):
        tree = folder / "tree"
        for part in PARTS:
            _copy(ROOT / part, tree / part)
    if not _can_read(prefix / "pyvenv.cfg", options):
        _copy(prefix, folder / "environment")
        prefix = folder / "environment"
    if not all(_can_read(file, options) for file in models.glob("*/*")):
        _copy(models, folder / "models")
        models = folder / "models"
    return Account(LEAST, tree, prefix / "bin/python", models, options)


def _can_read(path: Path, options: Mapping[str, Any]) -> bool:
    return subprocess.run(["test", "-r", path], **options).returncode == 0


def _copy(source: Path, target: Path) -> None:
    """Copy a file or folder, for every user to read."""
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, copy_function=_link)
        for folder, _, _ in os.walk(target):
            Path(folder).chmod(0o755)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        _link(str(source), str(target))


def _link(source: str, target: str) -> None:
    try:
        if not Path(source).stat().st_mode & 0o004:
            raise PermissionError(source)
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
        Path(target).chmod(Path(target).stat().st_mode | 0o444)
