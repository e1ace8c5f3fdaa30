"""The tree is what `docs/architecture.md` says: packages in layers, the field's words in paths, plain docstrings.

import-linter checks the layers in `make check`; what it has no contract for is here.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from runpy import run_path

import pytest

from desktop.settings.store import list_keys
from tests.support.imports import nodes, read_tree

ROOT = Path(__file__).parents[2]
SETTINGS = frozenset(list_keys())
PRODUCT = ("desktop", "models")

BEHAVIOURS = (
    "undo",
    "retention",
    "encryption",
    "ipc",
    "logind|sleep",
    "password",
    "privacy",
    "hallucination|guard",
    "streaming",
    "segment",
    "errors",
    "fallback",
    "tasks",
    "restorer",
    "receipt|transaction",
    "upload",
    "resampl",
    "duck",
    "recover",
    "gesture",
    "hotkey",
    "pill",
    "tray",
    "settings",
    "history",
    "search",
    "export",
    "emotion",
    "vocabulary",
    "snippet",
    "keyring",
    "doctor",
    "bench",
    "update",
    "autostart",
    "onboarding",
    "clipboard",
    "accessib|atspi",
    "portal",
    "language",
)
"""What a newcomer looks for, by the words that they would try on the paths."""

DIALECT = re.compile(r"\b(somebody|nobody|whoever|whom|the person|is told|ails)\b", re.IGNORECASE)

TOO_SMALL = 40
"""Lines below which a module is folded into a neighbour, unless it is one of `SMALL_MODULES`."""

SMALL_MODULES = frozenset(
    {
        "desktop.layouts.windows",  # a system
        "desktop.platforms.linux.dbus",
        "desktop.platforms.windows.sound",
        "desktop.app.recipients",
        "desktop.cli.mcp",  # an entry
        "desktop.core.texts.doors",
        "desktop.audio.loudness",  # of the aligner and of corrections
        "desktop.chat.local_child",  # entry point of version 0.1
        "desktop.cli.common",
        "desktop.cli.devices",
        "desktop.cli.prompts",
        "desktop.core.spreadsheet",
        "desktop.core.texts.commands",  # tables of texts, one for each area
        "desktop.core.texts.text",
        "desktop.core.wait_for_exit",  # a process of its own
        "desktop.credentials.environment",
        "desktop.doctor.onboarding",
        "desktop.ui.settings.microphone",  # a page
        "desktop.paste.input_method.factory",  # the choice, apart from what is chosen
        "desktop.paste.keeper",  # entry point of version 0.1
        "desktop.polish.rules.code",  # a rule
        "desktop.polish.rules.fillers",  # a rule
        "desktop.polish.rules.own_words",  # a rule
        "desktop.polish.rules.replacements",  # a rule
        "desktop.recognizers.whisper_child",  # entry point of version 0.1
        "desktop.ui.style.painting",
        "models.emotion.labels",
    }
)
"""Processes, old entry points, and modules that packages on different layers share."""


def modules() -> Iterator[Path]:
    for package in PRODUCT:
        yield from sorted((ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path, known: frozenset[str]) -> Iterator[str]:
    """Our modules that this one imports anywhere in it, also for types alone."""
    for node in nodes(read_tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                if inner in known or node.module in known:
                    yield inner if inner in known else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)


def cycles(graph: Mapping[str, frozenset[str]]) -> list[list[str]]:
    """Groups of nodes that reach each other, by repeatedly dropping those that nothing left depends on."""
    left = dict(graph)
    while True:
        needed = {target for node in left for target in left[node] if target != node}
        free = [node for node in left if not (left[node] - {node}) & left.keys() or node not in needed]
        if not free:
            return [sorted(left)] if left else []
        for node in free:
            del left[node]


def test_behaviours_are_found_by_path() -> None:
    paths = " ".join(path.relative_to(ROOT).as_posix() for path in modules())
    missing = [words for words in BEHAVIOURS if not re.search(words, paths)]
    assert len(BEHAVIOURS) == 40
    assert len(missing) <= 2, missing


def test_small_modules_are_the_known_ones() -> None:
    small = {
        name_of(path)
        for path in modules()
        if path.name not in ("__init__.py", "__main__.py")
        and len(path.read_text(encoding="utf-8").splitlines()) < TOO_SMALL
    }
    assert small - SMALL_MODULES == set()


def test_no_module_is_loose() -> None:
    assert {path.name for path in (ROOT / "desktop").glob("*.py")} == {"__init__.py", "__main__.py"}


def test_packages_say_what_they_are_in_one_line() -> None:
    inits = [path for path in modules() if path.name == "__init__.py" and path.parent != ROOT / "desktop"]
    folders = {path.parent for path in modules()}
    assert {path.parent for path in inits} == folders - {ROOT / "desktop"}
    odd = [
        name_of(path)
        for path in inits
        if len(path.read_text(encoding="utf-8").splitlines()) != 1 or not ast.get_docstring(read_tree(path))
    ]
    assert odd == []


def test_files_import_each_other_in_no_circle() -> None:
    known = frozenset(map(name_of, modules()))
    graph = {name_of(path): frozenset(imported(path, known)) for path in modules()}
    assert sum(map(len, graph.values())) > 1000
    assert cycles(graph) == []


def test_a_circle_would_be_found() -> None:
    graph = {"a": frozenset("b"), "b": frozenset("c"), "c": frozenset("b"), "d": frozenset("a")}
    assert cycles(graph) == [["b", "c"]]


def test_a_class_name_stands_for_one_class() -> None:
    places = defaultdict(list)
    for path in modules():
        for node in nodes(read_tree(path)):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(name_of(path))
    shared = {name: found for name, found in places.items() if len(found) > 1}
    assert shared == {}


def test_settings_are_read_as_they_are_in_force() -> None:
    readers = [name_of(path) for path in modules() if re.search(r"\bload_settings\b", path.read_text(encoding="utf-8"))]
    beside = [name for name in readers if not name.startswith("desktop.settings.")]
    assert readers != beside == [], "`load_in_force` and `LiveSettings` know what was valid last"


@cache
def prose(path: Path) -> tuple[tuple[int, str], ...]:
    """Docstrings, the strings under constants, and comments, with their lines."""
    return tuple(_prose(path))


def _prose(path: Path) -> Iterator[tuple[int, str]]:
    text = path.read_text(encoding="utf-8")
    for node in nodes(read_tree(path)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.value.value
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def test_docstrings_and_comments_use_plain_words() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {match.group()}"
        for path in modules()
        for line, text in prose(path)
        for match in DIALECT.finditer(text)
    ]
    assert found == []


def short_module_names(text: str) -> Iterator[str]:
    """Dotted names of our modules in backticks that begin below `desktop`, so that they read like settings."""
    for name in re.findall(r"`(\w+(?:\.\w+)+)`", text):
        for module in (name, name.rpartition(".")[0]):
            path = ROOT / "desktop" / module.replace(".", "/")
            is_module = path.with_suffix(".py").is_file() or (module == name and path.is_dir())
            if is_module and name not in SETTINGS:
                yield name
                break


def test_docstrings_name_modules_in_full() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in modules()
        for line, text in prose(path)
        for name in short_module_names(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("turned down by `audio.ducking`", ["audio.ducking"]),
        ("see `core.types.Target` and `stt.local`", ["core.types.Target", "stt.local"]),
        (
            "`desktop.audio.ducking`, `audio.others`, `polish.mode`, `history.db`, `ducking`, `row.delivery`",
            list[str](),
        ),
    ],
)
def test_short_module_names_are_found(text: str, names: list[str]) -> None:
    assert list(short_module_names(text)) == names


ALIASED = re.compile(r"^[^#\n]*\bimport\b[^\n]*\bas\b|^ +\w+ as \w+,?$", re.MULTILINE)
"""What each file with an alias in an import has; few have, and parsing all of them takes long."""


def foreign_aliases(text: str) -> Iterator[str]:
    """Aliases of our modules in imports that do not end with the module's own last word."""
    for node in ast.walk(ast.parse(text)) if ALIASED.search(text) else ():
        if isinstance(node, ast.ImportFrom) and node.module:
            found = [(f"{node.module}.{alias.name}", alias.asname) for alias in node.names]
        elif isinstance(node, ast.Import):
            found = [(alias.name, alias.asname) for alias in node.names]
        else:
            continue
        for module, alias in found:
            path = ROOT / module.replace(".", "/")
            ours = path.is_dir() or path.with_name(f"{path.name}.py").is_file()
            last = module.rpartition(".")[2].rpartition("_")[2]
            if alias and ours and alias.rpartition("_")[2] != last:
                yield f"{module} as {alias}"


def test_an_alias_of_a_module_ends_with_its_name() -> None:
    files = [*modules(), *sorted((ROOT / "tests").rglob("*.py"))]
    odd = {
        path.relative_to(ROOT).as_posix(): found
        for path in files
        if (found := list(foreign_aliases(path.read_text(encoding="utf-8"))))
    }
    assert odd == {}


@pytest.mark.parametrize(
    ("line", "is_foreign"),
    [
        ("from desktop.history import encryption as turning", True),
        ("import desktop.history.encryption as turning", True),
        ("from desktop.history import (\n    encryption as turning,\n)", True),
        ("from desktop.paste.x11 import clipboard_restorer as keeper", True),
        ("from desktop import history as past", True),
        ("from desktop.history import encryption as history_encryption", False),
        ("from desktop.paste.x11 import clipboard_restorer as restorer", False),
        ("from desktop.history import encryption", False),
        ("from collections import abc as shapes", False),
    ],
)
def test_a_foreign_alias_is_seen(line: str, is_foreign: bool) -> None:
    assert bool(list(foreign_aliases(line))) == is_foreign


@pytest.mark.parametrize("folder", ["tests/unit", "tests/integration"])
def test_tests_mirror_the_product(folder: str) -> None:
    """Each folder of tests is a package of the product, or one of the few that have tests of something else."""
    others = {"packaging", "cloud", "matrix", "models"}
    product = [path for path in modules() if path.is_relative_to(ROOT / "desktop")]
    packages = {path.parent.relative_to(ROOT / "desktop") for path in product}
    found = {path.parent.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("test_*.py")}
    assert {place for place in found if place not in packages and place.parts[0] not in others} == set()


def test_bundle_starts_each_module_that_the_app_starts() -> None:
    """In a bundle there is no Python for `-m MODULE` but its own program, which takes those that it lists."""
    started = {
        name_of(path)
        for path in (ROOT / "desktop").rglob("*.py")
        if re.search(r"^if __name__ == .__main__.:", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert started - {"desktop.__main__"} <= set(run_path(str(ROOT / "packaging/pyinstaller/start.py"))["MODULES"])
