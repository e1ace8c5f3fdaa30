"""What a release is made by: one place for the version, and a changelog in the form of Keep a Changelog 1.1.0."""

from __future__ import annotations

import re
import subprocess
import tomllib
from datetime import date
from pathlib import Path

import pytest

import desktop

ROOT = Path(__file__).parents[2]
KINDS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
RELEASE = re.compile(r"## (?:\[Unreleased\]|\[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})(?: \[YANKED\])?)")

ELSEWHERE = ("desktop", "README.md", "packaging", "docs", "Makefile", "pyproject.toml", "CONTRIBUTING.md")
"""Where no second version may appear, as that of a file or of the app; prose may name an old one."""


def second_versions(text: str) -> list[str]:
    """What in a text has to be changed with each version: the files' names, and assignments."""
    number = r"\d+\.\d+\.\d+"
    files = rf"intone(?:-[a-z-]+)?[_-]{number}"
    assigned = rf"(?:^__version__|^VERSION|^version) *=.*{number}.*$"
    return re.findall(rf"{files}|{assigned}", text, re.MULTILINE)


def problems(changelog: str) -> list[str]:
    """What in a changelog is not as Keep a Changelog has it."""
    found = [] if changelog.startswith("# Changelog\n") else ["does not begin with its title"]
    headings = [line for line in changelog.splitlines() if line.startswith("## ")]
    found += [f"not a version: {line}" for line in headings if not RELEASE.fullmatch(line)]
    found += [] if headings[:1] == ["## [Unreleased]"] else ["[Unreleased] is not the first"]
    released = [match for line in headings if (match := RELEASE.fullmatch(line)) and match[1]]
    numbers = [tuple(map(int, match[1].split("."))) for match in released]
    dates = [date.fromisoformat(match[2]) for match in released]
    found += [] if numbers == sorted(set(numbers), reverse=True) else ["versions are not the newest first"]
    found += [] if dates == sorted(dates, reverse=True) else ["dates are not the newest first"]
    for section in re.split(r"^## .*$", changelog, flags=re.MULTILINE)[1:]:
        kinds = re.findall(r"^### (.+)$", section, re.MULTILINE)
        found += [f"not a kind of change: {kind}" for kind in kinds if kind not in KINDS]
        found += [] if len(kinds) == len(set(kinds)) else ["a kind of change twice"]
        before = section.partition("\n### ")[0]
        found += [f"below no kind of change: {line}" for line in before.splitlines() if line.startswith(("- ", "####"))]
    return found


def test_changelog_has_the_form_of_keep_a_changelog() -> None:
    assert problems((ROOT / "CHANGELOG.md").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-02-03\n\n### Fixed\n- a\n", ""),
        ("# Changelog\n\n## 0.1.0 (unreleased)\n", "not a version"),
        ("# Changelog\n\n## [0.1.0] - 2026-02-03\n", "[Unreleased] is not the first"),
        ("# Changelog\n\n## [Unreleased]\n\n### Dictation\n- a\n", "not a kind of change: Dictation"),
        ("# Changelog\n\n## [Unreleased]\n- a\n", "below no kind of change: - a"),
        ("# Changelog\n\n## [Unreleased]\n### Fixed\n### Fixed\n", "twice"),
        ("# Changelog\n\n## [Unreleased]\n## [0.1.0] - 2026-01-01\n## [0.2.0] - 2026-02-01\n", "newest first"),
    ],
)
def test_changelog_of_another_form_is_noticed(text: str, problem: str) -> None:
    found = problems(text)
    assert bool(found) == bool(problem)
    assert not problem or any(problem in one for one in found)


def test_changelog_has_the_released_version_or_waits_for_it() -> None:
    named = re.findall(r"^## \[(\d\S+)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert not named or named[0] <= desktop.__version__


def test_version_is_in_one_place() -> None:
    listed = subprocess.run(["git", "ls-files", "-z", "--", *ELSEWHERE], cwd=ROOT, capture_output=True, check=True)
    found = {}
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        text = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
        if places := second_versions(text):
            found[name] = places
    assert found == {"desktop/__init__.py": [f'__version__ = "{desktop.__version__}"']}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"]["path"] == "desktop/__init__.py"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("dist/intone_0.1.0_amd64.deb, intone-local-llm-1.2.3-windows", 2),
        ('version = "0.1.0"', 1),
        ("Early packages of 0.1.0 contained such a head", 0),
        ("intone_*_amd64.deb, intone-VERSION-linux-x86_64.tar.xz", 0),
        ('target-version = "py312"', 0),
    ],
)
def test_second_versions_are_found(text: str, count: int) -> None:
    assert len(second_versions(text)) == count
