"""Which tests are not for Windows is named in one list, and no other is lost there.

A file that imports what only Linux has could not even be collected in Windows, so it must be on the list.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.prove.windows_tests import list_test_files
from tests.support.imports import ROOT, is_ours, source_of, with_packages
from tests.support.other_systems import LINUX_ALONE, find_reason
from tests.unit.core.test_other_systems import LINUX, MACOS, UNIX

ABSENT = LINUX | UNIX | MACOS | {"gi", "tty"}
"""Modules that Windows does not have."""

HERE = "sys.platform == 'win32'"
ELSEWHERE = ("TYPE_CHECKING", "sys.platform != 'win32'", "sys.platform == 'linux'")
"""Conditions that hold in Windows, and that do not."""


def imported(module: str) -> set[str]:
    """What comes with a module while it is imported, in Windows."""
    found = set[str]()
    waiting = [module]
    while waiting:
        new = {*with_packages(waiting.pop())} - found
        found |= new
        for one in filter(is_ours, new):
            waiting += imports_of(one)
    return found


@cache
def imports_of(module: str) -> tuple[str, ...]:
    return tuple(_imports(ast.parse(source_of(module)).body))


def _imports(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                inner = f"{node.module}.{name.name}"
                yield inner if is_ours(inner) else node.module
        elif isinstance(node, ast.If):
            condition = ast.unparse(node.test)
            yield from _imports(node.body if condition not in ELSEWHERE else [])
            yield from _imports(node.orelse if condition != HERE else [])
        elif isinstance(node, ast.Try):
            yield from _imports(node.body)


def conftests_of(file: str) -> list[str]:
    """The files of fixtures that pytest imports for a file of tests; where it cannot, it runs none of those named."""
    folders = (folder.as_posix() for folder in Path(file).parents)
    return [f"{folder}/conftest.py" for folder in folders if (ROOT / folder / "conftest.py").is_file()]


def module_of(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")


def test_every_other_test_can_be_imported_in_windows() -> None:
    to_run = [file for file in list_test_files() if find_reason(file) is None]
    fixtures = {conftest for file in to_run for conftest in conftests_of(file)}
    lost = {file: absent for file in (*to_run, *sorted(fixtures)) if (absent := imported(module_of(file)) & ABSENT)}
    assert lost == {}, "list it in tests/support/other_systems.py, or import late what Windows lacks"


def test_what_is_listed_exists_and_holds_tests() -> None:
    files = list_test_files()
    for name in LINUX_ALONE:
        file, _, test = name.partition("::")
        assert file in files or any(one.startswith(f"{file}/") for one in files), name
        assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8") if test else True, name


def test_documents_name_each_reason_with_its_paths() -> None:
    lines = (ROOT / "docs/testing.md").read_text(encoding="utf-8").splitlines()
    for reason in set(LINUX_ALONE.values()):
        (line,) = (one for one in lines if one.startswith(f"| {reason} |"))
        listed = {name for name, why in LINUX_ALONE.items() if why == reason}
        assert {one.strip("` ") for one in line.split("|")[2].split("` `")} == listed


def test_a_test_of_a_listed_folder_has_its_reason() -> None:
    assert find_reason("tests/e2e/test_keys.py::test_x[1]") == LINUX_ALONE["tests/e2e"]
    assert find_reason("tests/unit/settings/test_store.py") is None
