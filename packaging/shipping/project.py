"""Paths, the version, and a way to run programs whose failure stops the build."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import quoteattr

ROOT = Path(__file__).parents[2]
LINUX = ROOT / "packaging" / "linux"
OUT = ROOT / "dist"
WORK = ROOT / "build"

NAME = "intone"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SUMMARY: str = PROJECT["description"]
LICENCE: str = PROJECT["license"]


def read_version(module: Path) -> str:
    """Return the version that the package's module states, without importing it."""
    (version,) = re.findall(r'^__version__ = "(.+)"$', module.read_text(encoding="utf-8"), re.MULTILINE)
    return str(version)


VERSION = read_version(ROOT / "desktop/__init__.py")
"""The one place: pyproject.toml reads it there too (`tool.hatch.version`)."""

_HEADING = re.compile(r"^## \[(\S+)\](?: - (\d{4}-\d{2}-\d{2}))?$", re.MULTILINE)
"""A release's heading in the form of keepachangelog.com 1.1.0; what is not released yet has no date."""


def run_program(*arguments: str | Path, **environ: str) -> str:
    """Run a program in the checkout, with `environ` added to the environment, and return its output. Raises where it
    fails."""
    finished = subprocess.run(
        [str(word) for word in arguments], cwd=ROOT, env={**os.environ, **environ}, stdout=subprocess.PIPE, check=True
    )
    return finished.stdout.decode()


def run_uv(*arguments: str | Path, **environ: str) -> None:
    """Run uv as the set-up does, with `environ` added. It copies files, since removing linked ones later would remove
    them from its cache too."""
    settings = {"UV_LINK_MODE": "copy", "UV_PYTHON_DOWNLOADS": "never", "UV_SYSTEM_CERTS": "1", **environ}
    run_program("sh", "packaging/uv.sh", *arguments, **settings)


def pack_level(program: str) -> str:
    """Return the option of xz or zstd for how hard they pack. With INTONE_PACK=fast, which the proof that packages are
    reproducible sets, they hardly do."""
    levels = {"xz": "-6", "zstd": "-17"} if os.environ.get("INTONE_PACK") != "fast" else {"xz": "-0", "zstd": "-1"}
    return levels[program]


def source_date_epoch() -> str:
    """Return the timestamp in seconds for all files of a package: the commit's, for reproducible builds."""
    return os.environ.get("SOURCE_DATE_EPOCH") or run_program("git", "log", "-1", "--format=%ct").strip()


def commit_date() -> datetime:
    """Return the same as a time in UTC."""
    return datetime.fromtimestamp(int(source_date_epoch()), UTC)


def fill_template(text: str, **values: str) -> str:
    """Fill a template with this version, its date, the releases up to it, and `values` by their names."""
    date = f"{commit_date():%Y-%m-%d}"
    if "@RELEASES@" in text:
        changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
        text = text.replace("@RELEASES@", format_releases(changelog, VERSION, date))
    for name, value in {"VERSION": VERSION, "DATE": date, **values}.items():
        text = text.replace(f"@{name}@", value)
    return text


def format_releases(changelog: str, version: str, date: str) -> str:
    """Return the `release` elements of a changelog, the newest first.

    A `version` that has no heading of its own yet is in development, of the `date` of the build. Raises `ValueError`
    for a heading that is none of a release's.
    """
    headings = re.findall(r"^## .*$", changelog, re.MULTILINE)
    found = _HEADING.findall(changelog)
    if len(found) != len(headings) or not found:
        raise ValueError(f"CHANGELOG.md has headings that are not ## [VERSION] - DATE: {headings[:3]}")
    releases = [(number, day, "") for number, day in found if day]
    if version not in (number for number, _, _ in releases):
        releases.insert(0, (version, date, ' type="development"'))
    return "\n    ".join(
        f"<release version={quoteattr(number)} date={quoteattr(day)}{kind}/>" for number, day, kind in releases
    )


def read_pins(*locks: str) -> dict[str, tuple[str, list[str]]]:
    """Return version and hashes of every package in the locks, by its normalized name."""
    found = {}
    for lock in locks:
        text = (ROOT / "lock" / lock).read_text(encoding="utf-8").replace("\\\n", " ")
        for name, version, rest in re.findall(r"^([\w.-]+)==(\S+)(.*)$", text, re.MULTILINE):
            found[normalize_name(name)] = version, re.findall(r"sha256:([0-9a-f]{64})", rest)
    return found


def normalize_name(name: str) -> str:
    """Return a distribution's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()
