"""Which modules a program reaches on a system, read from the sources and run nowhere.

Followed are imports at module level and inside functions, unless a choice by `sys.platform`, or by a parameter named
`platform`, leads past them on that system. A private function (`_open_x11_paster`) counts where what counts names it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]

type Block = Iterable[ast.stmt]


@cache
def is_ours(module: str) -> bool:
    """Return whether `module` is one of this repository."""
    path = ROOT.joinpath(*module.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


@cache
def read_tree(path: Path) -> ast.Module:
    """Parse a module of the product, once for all tests: none may change what is returned."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """List all nodes of a module, once for all tests."""
    return tuple(ast.walk(tree))


def source_of(module: str) -> str:
    path = ROOT.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return file.read_text(encoding="utf-8") if file.exists() else ""


def with_packages(module: str) -> list[str]:
    """The packages on the way to a module, and the module."""
    return [".".join(module.split(".")[:end]) for end in range(1, module.count(".") + 2)]


class Reach:
    """All modules that come with `entries` on `platform`; `importers` has for each the modules that import it."""

    def __init__(self, entries: Iterable[str], platform: str) -> None:
        self.importers: dict[str, set[str]] = {}
        self._platform = platform
        for entry in entries:
            self._add(entry, "")

    def offenders(self, missing: Iterable[str]) -> dict[str, set[str]]:
        """Which of the `missing` modules, or their parts, are imported, each with the modules that do it."""
        return {one: importers for one, importers in self.importers.items() if {*with_packages(one)} & {*missing}}

    def _add(self, module: str, importer: str) -> None:
        for one in with_packages(module):
            is_new = one not in self.importers
            self.importers.setdefault(one, set()).update([importer] if importer and one == module else [])
            if is_new and one.split(".")[0] in ("desktop", "models") and is_ours(one):
                for other in self._imports(source_of(one)):
                    self._add(other, one)

    def _imports(self, source: str) -> Iterator[str]:
        """What a module imports while it is imported, and in those of its functions that may run."""
        for node in find_live(ast.parse(source), self._platform):
            if isinstance(node, ast.Import):
                yield from (name.name for name in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                for name in node.names:
                    inner = f"{node.module}.{name.name}"
                    yield inner if is_ours(inner) else node.module


def find_live(tree: ast.Module, platform: str) -> list[ast.AST]:
    """All nodes of a module that may run on `platform`."""
    private = {
        one.name: one
        for one in tree.body
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and is_private(one)
    }
    live = list(_walk([one for one in tree.body if one not in private.values()], platform))
    done = 0
    while done < len(live):  # what a private function names lives with it
        node, done = live[done], done + 1
        if isinstance(node, ast.Name) and (function := private.pop(node.id, None)) is not None:
            live += _walk([function], platform)
    return live


def is_private(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return function.name.startswith("_") and not function.name.startswith("__")


def _walk(block: Block, platform: str) -> Iterator[ast.AST]:
    for statement in block:
        if isinstance(statement, ast.If) and (decided := decide(statement.test, platform)) is not None:
            taken = statement.body if decided else statement.orelse
            yield from _walk(taken, platform)
            if taken and isinstance(taken[-1], ast.Return | ast.Raise):
                return
            continue
        yield statement
        for _, value in ast.iter_fields(statement):
            yield from _walk_value(value, platform)


def _walk_value(value: object, platform: str) -> Iterator[ast.AST]:
    if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
        yield from _walk(value, platform)
    elif isinstance(value, list):
        for one in value:
            yield from _walk_value(one, platform)
    elif isinstance(value, ast.AST):
        yield value
        for _, inner in ast.iter_fields(value):
            yield from _walk_value(inner, platform)


def decide(test: ast.expr, platform: str) -> bool | None:
    """What a condition is on `platform`; None where the system does not decide it."""
    match test:
        case ast.Name("TYPE_CHECKING"):
            return False
        case ast.UnaryOp(ast.Not(), operand):
            inner = decide(operand, platform)
            return None if inner is None else not inner
        case ast.BoolOp(op, values):
            parts = [decide(one, platform) for one in values]
            decisive = isinstance(op, ast.Or)
            if decisive in parts:
                return decisive
            return None if None in parts else not decisive
        case ast.Compare(left, [ast.Eq() | ast.NotEq() as op], [ast.Constant(str(name))]) if is_platform(left):
            return (name == platform) == isinstance(op, ast.Eq)
    return None


def is_platform(node: ast.expr) -> bool:
    match node:
        case ast.Attribute(ast.Name("sys"), "platform") | ast.Name("platform"):
            return True
    return False
