"""Every deletion in the app is in `docs/recordings.md`, with a test that proves it: a new one fails here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/recordings.md"

REMOVES = frozenset({"unlink", "rmtree", "truncate", "ftruncate", "rmdir"})
"""Methods and functions that remove a file or what is in it, whatever they are called on."""

_PLACE = re.compile(r"`((?:desktop|models)/[\w/]+\.py) ([\w.]+)`")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def deletions(path: Path) -> Iterator[str]:
    """The functions in the file that delete something, as `path function`."""
    place = path.relative_to(ROOT).as_posix()
    yield from (f"{place} {name}" for name in _within(ast.parse(path.read_text(encoding="utf-8")), ""))


def _within(node: ast.AST, inside: str) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        named = isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        here = f"{inside}.{child.name}".strip(".") if named else inside
        if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute) and _deletes(child, child.func):
            yield here
        yield from _within(child, here)


def _deletes(call: ast.Call, method: ast.Attribute) -> bool:
    """Whether it is a deletion: by name, `discard()` of a take, which has no argument, or `remove` of a spool's."""
    if method.attr == "discard":
        return not call.args and not call.keywords
    return method.attr in REMOVES or (method.attr == "remove" and "spool" in ast.unparse(method.value).lower())


def found() -> set[str]:
    """All of the app; what measures it (`bench`) works in folders of its own."""
    files = [path for folder in ("desktop", "models") for path in (ROOT / folder).rglob("*.py")]
    return {place for path in files if "bench" not in path.parts for place in deletions(path)}


def test_deletions_are_those_of_the_page() -> None:
    told = {f"{file} {function}" for file, function in _PLACE.findall(PAGE.read_text(encoding="utf-8"))}
    assert found() == told


def test_deletions_name_tests_that_exist() -> None:
    rows = [
        line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ") and "`desktop/" in line
    ]
    assert rows
    for row in rows:
        tests = _TEST.findall(row)
        assert tests, f"no test in: {row}"
        for file, name in tests:
            assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), f"{file} has no {name}"


def test_deletions_are_seen(tmp_path: Path) -> None:
    code = """
class Spool:
    def fit(self):
        take.discard()
        names.discard(name)
        names.remove(name)

async def clear(path):
    path.unlink(missing_ok=True)
    os.truncate(path, 0)
    self.spool.remove(chosen)
"""
    assert list(_within(ast.parse(code), "")) == ["Spool.fit", "clear", "clear", "clear"]
