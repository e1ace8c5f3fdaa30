"""What only the source tells: environment variables, packaged files, and what is said to users.

All of `desktop` and `models` is read by glob, so that a module may move without a change here.
"""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.contracts.surface import Surface
from tests.support.imports import nodes, read_tree

ROOT = Path(__file__).parents[3]
PACKAGES = ("desktop", "models")

PROBLEMS = ("Problem", "UserError")
"""The class of faults that a user can act on, by its name before and after the restructuring."""

PRINTERS = ("print", "print_answer")
"""What is called with what a command prints."""

MARKS = ("tr", "translate", "QT_TRANSLATE_NOOP")
"""What marks a text for Qt's tools."""

LOGGING = ("debug", "info", "warning", "error", "exception", "critical", "log")

TABLED = re.compile(r"INTONE_[A-Z_]*KEY|[A-Z]+_API_KEY|(https?|all|no)_proxy")
"""Names of variables that are read by way of a table."""

_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]+|[a-z]+_proxy")

_SENTENCE = re.compile(r"[A-Z`{].* .*[.?]", re.DOTALL)
_SQL = re.compile(r"(SELECT|UPDATE|INSERT|DELETE|CREATE|CASE) |\{0\} < ")
_PLACE = re.compile(r"\{([^{}]*)\}")
_WORD = re.compile(r"[A-Za-z]{2}")


@cache
def trees() -> tuple[ast.Module, ...]:
    """Return each module of the product, parsed."""
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return tuple(read_tree(path) for path in paths)


def data_files() -> Surface:
    """Return the names of what is packaged beside the modules, without folders."""
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file()]
    return {"packaged": sorted(path.name for path in found if path.suffix not in (".py", ".pyc"))}


# -- environment variables --------------------------------------------------------------------------------------------


def variables() -> Surface:
    """Return the environment variables that are read."""
    return {"read": sorted({name for tree in trees() for name in _variables(tree) if _VARIABLE.fullmatch(name)})}


def _variables(tree: ast.Module) -> Iterator[str]:
    for node in nodes(tree):
        match node:
            case ast.Subscript(value=source, slice=key, ctx=ast.Load()) if _is_environment(source):
                yield from _texts(key, tree)
            case ast.Call(func=ast.Attribute(value=source, attr="get" | "pop" | "setdefault"), args=[key, *_]) if (
                _is_environment(source)
            ):
                yield from _texts(key, tree)
            case ast.Call(func=ast.Attribute(attr="getenv") | ast.Name(id="getenv"), args=[key, *_]):
                yield from _texts(key, tree)
            case ast.Compare(left=key, ops=[ast.In() | ast.NotIn()], comparators=[source]) if _is_environment(source):
                yield from _texts(key, tree)
            case ast.Constant(value=str(text)) if TABLED.fullmatch(text):
                yield text


def _is_environment(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name.strip("_") in ("environ", "environment", "env")


def _texts(node: ast.expr, tree: ast.Module) -> set[str]:
    """The constants that `node` can be: itself, or what the loops and assignments of the module give to its name."""
    match node:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.Tuple() | ast.List() | ast.Set():
            return {text for part in node.elts for text in _texts(part, tree)}
        case ast.Dict():
            return {text for part in node.values for text in _texts(part, tree)}
        case ast.Subscript(value=ast.Name() as source):
            return _texts(source, tree)
        case ast.Call(func=ast.Attribute(value=ast.Name() as source, attr="values")):
            return _texts(source, tree)
        case ast.Name(id=name):
            return {text for value in _given(name, tree) for text in _texts(value, tree)}
    return set()


def _given(name: str, tree: ast.Module) -> Iterator[ast.expr]:
    for node in nodes(tree):
        match node:
            case (
                ast.For(target=ast.Name(id=target), iter=value)
                | ast.comprehension(target=ast.Name(id=target), iter=value)
            ):
                pass
            case ast.Assign(targets=[ast.Name(id=target)], value=value):
                pass
            case _:
                continue
        if target == name and not (isinstance(value, ast.Name) and value.id == name):
            yield value


# -- what is said to users --------------------------------------------------------------------------------------------


def messages() -> Surface:
    """Return what is said in English, and its translations.

    Translations belong to the message, not to Qt's context, which has a class's name. Places of values are numbered in
    the order of the English, whatever the source calls them.
    """
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "desktop").rglob("*.ts")):
        for message in ET.parse(path).getroot().iter("message"):
            source = message.findtext("source", "")
            made = message.findtext("translation") or ""
            found.setdefault(numbered(source, source), set()).add(f"{path.stem}: {numbered(made, source)}")
    for tree in trees():
        for said in _said(tree):
            found.setdefault(numbered(said, said), set())
    return {source: sorted(found[source]) for source in sorted(found)}


def numbered(text: str, source: str) -> str:
    """Return `text` with the places of values named by their order in `source`: {0}, {1}."""
    order = list(dict.fromkeys(_PLACE.findall(source)))
    return _PLACE.sub(lambda place: f"{{{order.index(place[1])}}}" if place[1] in order else place[0], text)


@cache
def problem_classes() -> frozenset[str]:
    """Return the names of the classes that derive from the one of `PROBLEMS`."""
    bases: defaultdict[str, set[str]] = defaultdict(set)
    for tree in trees():
        for node in nodes(tree):
            if isinstance(node, ast.ClassDef):
                bases[node.name] |= {getattr(base, "attr", getattr(base, "id", "")) for base in node.bases}
    known = set(PROBLEMS)
    while more := {name for name, above in bases.items() if above & known} - known:
        known |= more
    return frozenset(known)


def _said(tree: ast.Module) -> Iterator[str]:
    """Sentences, wherever they stand; of what is printed, shown, returned or told as a fault, whatever has words."""
    idle = _unsaid(tree)
    shown = {part for node in nodes(tree) for value in _shown(node) for part in _parts(value)}
    for node in nodes(tree):
        yield from _marked(node)
        said = template(node) if node not in idle else ""
        worded = node in shown and " " in said and _WORD.search(_PLACE.sub("", said))
        if (worded or _SENTENCE.fullmatch(said)) and not _SQL.match(said):
            yield said


def _marked(node: ast.AST) -> list[str]:
    """What is given to Qt's `tr(text)`, `translate(context, text)` or `QT_TRANSLATE_NOOP(context, text)`, or is in a
    table of texts."""
    match node:
        case ast.Call(func=ast.Name(id="Text"), args=args):
            return [part.value for part in args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args) if name in MARKS:
            texts = [part.value for part in args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
            return texts[name != "tr" :][:1]
    return []


def _shown(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in problem_classes() | set(PRINTERS):
            return [*node.args, *(one.value for one in node.keywords)]
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="stdout" | "stderr"), attr="write")):
            return node.args
        case ast.Return(value=ast.expr() as value) | ast.Yield(value=ast.expr() as value):
            return [value]
        case ast.YieldFrom(value=ast.GeneratorExp(elt=value)):
            return [value]
    return []


def _parts(node: ast.expr) -> Iterator[ast.AST]:
    """The texts that `node` can be, not those inside calls, which are no whole sentences."""
    match node:
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            yield from (*_parts(one), *_parts(other))
        case ast.BoolOp(values=values):
            for value in values:
                yield from _parts(value)
        case ast.Constant() | ast.JoinedStr():
            yield node


def _unsaid(tree: ast.Module) -> set[ast.AST]:
    """Docstrings, what goes to the log, what `--help` has, and the parts of texts."""
    idle: set[ast.AST] = set()
    for node in nodes(tree):
        match node:
            case ast.Expr(value=ast.Constant() as docstring):
                idle.add(docstring)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="log" | "logger"), attr=level)) if level in LOGGING:
                idle |= set(ast.walk(node))
            case ast.Call(
                func=ast.Attribute(attr="add_argument" | "add_parser") | ast.Attribute(attr="ArgumentParser")
            ):
                idle |= set(ast.walk(node))
            case ast.JoinedStr():
                idle |= {part for value in node.values for part in ast.walk(value)} - {node}
    return idle


def template(node: ast.AST) -> str:
    """Return a text with its values numbered, `{0}`; empty for what is no text."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if not isinstance(node, ast.JoinedStr):
        return ""
    said, count = "", 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            said += str(part.value).replace("{", "").replace("}", "")
        else:
            said += f"{{{count}}}"
            count += 1
    return said
