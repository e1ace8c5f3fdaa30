"""Every deletion in the app is in `docs/recordings.md`, with a test that proves it: a new one fails here."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.imports import read_tree

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/recordings.md"

REMOVES = frozenset({"unlink", "rmtree", "truncate", "ftruncate", "rmdir", "remove_file", "wipe_file"})
"""Methods and functions that remove a file or what is in it, whatever they are called on."""

MOVES = frozenset({"rename", "renames", "move"})
"""Those that put one file in the place of another. `replace` is `str`'s as well, and how every file is written."""

RECORDINGS = ("audio", "spool", "take", "recording", "sound")
"""Names of what is overwritten where it is opened for writing."""

_PLACE = re.compile(r"`((?:desktop|models)/[\w/]+\.py) ([\w.]+)`(?: \((\d+)\))?")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def deletions(path: Path) -> Iterator[str]:
    """The functions in the file that delete something, as `path function`."""
    place = path.relative_to(ROOT).as_posix()
    yield from (f"{place} {name}" for name in _within(read_tree(path), ""))


def _within(node: ast.AST, inside: str) -> Iterator[str]:
    waiting = [(node, inside)]
    while waiting:
        node, inside = waiting.pop()
        for child in ast.iter_child_nodes(node):
            named = isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            here = f"{inside}.{child.name}".strip(".") if named else inside
            if isinstance(child, ast.Call) and _deletes(child):
                yield here
            text = child.value if isinstance(child, ast.Constant) else None
            if isinstance(text, str) and "DELETE FROM dictation" in text:
                yield here
            later = isinstance(child, ast.Attribute) and child.attr == "discard" and not isinstance(node, ast.Call)
            if later and "take" in ast.unparse(child):
                yield here  # kept to be called later
            waiting.append((child, here))


def _deletes(call: ast.Call) -> bool:
    """Whether it deletes: by its name, `discard()` of a take, which has no argument, `remove` of a file's or a spool's,
    or by opening a recording for writing."""
    method = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    owner = ast.unparse(call.func.value).lower() if isinstance(call.func, ast.Attribute) else ""
    if method == "discard":
        return bool(owner) and not call.args and not call.keywords
    if method == "remove":
        return owner == "os" or "spool" in owner
    if method in ("write_bytes", "open") and any(name in owner for name in RECORDINGS):
        return method == "write_bytes" or any("w" in str(getattr(mode, "value", "")) for mode in call.args)
    return method in REMOVES or (method in MOVES and owner in ("os", "shutil", "path", "file"))


def found() -> Counter[str]:
    """All of the app; what measures it (`bench`) works in folders of its own."""
    files = [path for folder in ("desktop", "models") for path in (ROOT / folder).rglob("*.py")]
    return Counter(place for path in files if "bench" not in path.parts for place in deletions(path))


def test_deletions_are_those_of_the_page() -> None:
    told = Counter[str]()
    for file, function, count in _PLACE.findall(PAGE.read_text(encoding="utf-8")):
        told[f"{file} {function}"] = max(int(count or 1), told[f"{file} {function}"])
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


@pytest.mark.parametrize(
    "code",
    [
        "take.discard()",
        "throw = take.discard",
        "path.unlink(missing_ok=True)",
        "unlink(path)",
        "os.remove(path)",
        "os.truncate(path, 0)",
        "shutil.rmtree(folder)",
        "shutil.move(path, away)",
        "path.rename(away)",
        "remove_file(path)",
        "wipe_file(path)",
        "self.spool.remove(chosen)",
        "self.audio_path.write_bytes(b'')",
        "recording.open('wb')",
        "connection.execute('DELETE FROM dictation WHERE id = ?', (id,))",
    ],
)
def test_deletions_are_seen(code: str) -> None:
    assert list(_within(ast.parse(f"class Spool:\n    def fit(self):\n        {code}\n"), "")) == ["Spool.fit"]


@pytest.mark.parametrize(
    "code", ["names.discard(name)", "names.remove(name)", "text.replace(' ', '')", "path.open('rb')"]
)
def test_what_deletes_nothing_is_not_seen(code: str) -> None:
    assert list(_within(ast.parse(code), "")) == []
