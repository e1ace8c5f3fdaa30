"""Codes of messages and the table of their texts agree, and every language has each text."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest

from desktop.core.texts.table import TEXTS
from desktop.core.texts.text import Text
from tests.contracts.surface.sources import problem_classes

ROOT = Path(__file__).parents[2]
TABLES = ROOT / "desktop/core/texts"
LANGUAGES = sorted((ROOT / "desktop/ui/translations").glob("*.ts"))

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")


@cache
def modules() -> dict[Path, ast.Module]:
    """Return the product's modules, without the tables."""
    paths = [path for package in ("desktop", "models") for path in sorted((ROOT / package).rglob("*.py"))]
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths if path.parent != TABLES}


def calls() -> Iterator[tuple[str, str, set[str] | None]]:
    """Yield where a message is made, its code, and its parameters; None for those that are not written out."""
    names = problem_classes() | {"Message"}
    for path, tree in modules().items():
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]) if name in names:
                    branches = (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,)
                    keywords = {keyword.arg for keyword in node.keywords}
                    for part in branches:
                        if isinstance(part, ast.Constant | ast.JoinedStr):
                            code = part.value if isinstance(part, ast.Constant) else ast.unparse(part)
                            params = None if None in keywords else {name for name in keywords if name}
                            yield f"{path.relative_to(ROOT)}:{node.lineno}", str(code), params


def places(template: str) -> set[str]:
    """Return the names of a template's parameters."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def named(code: str) -> set[str]:
    """Return the parameters that the texts of a code name."""
    text = TEXTS[code]
    return set().union(*map(places, templates(text)))


def templates(text: Text) -> tuple[str, ...]:
    """Return the templates of a text that are shown."""
    return text.title, text.remedy, text.unkept_title, text.unkept_remedy, text.outside_title, text.outside_remedy


def test_every_code_has_its_text() -> None:
    assert [(where, code) for where, code, _ in calls() if code not in TEXTS] == []


def test_parameters_are_those_of_the_text() -> None:
    own = {"keys", "no_talk_key"}  # of UnavailableKeysError
    wrong = [
        (where, code, sorted(params), sorted(named(code)))
        for where, code, params in calls()
        if params is not None and code in TEXTS and params - own != named(code)
    ]
    assert wrong == []


def test_lists_are_joined_at_the_edge() -> None:
    names = problem_classes() | {"Message"}
    joined = [
        f"{path.relative_to(ROOT)}:{keyword.value.lineno}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names
        for keyword in node.keywords
        if any(is_list_join(part) for part in ast.walk(keyword.value))
    ]
    assert joined == [], "give a `PartList`, or a list in `models`"


def is_list_join(node: ast.AST) -> bool:
    """Return whether a call joins texts by words or a comma, which differ between languages."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(separator)), attr="join")):
            return separator in (", ", " and ", " or ")
    return False


def test_every_text_is_used() -> None:
    used = {
        node.value
        for tree in [*modules().values(), ast.parse((TABLES / "../messages.py").read_text(encoding="utf-8"))]
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert sorted(TEXTS.keys() - used) == []


def test_remedy_that_speaks_of_keeping_has_one_for_outside() -> None:
    assert [code for code, text in TEXTS.items() if text.unkept_remedy and not text.outside_remedy] == []


def test_codes_are_unique_and_plain() -> None:
    tables = [import_module(f"desktop.core.texts.{path.stem}").TEXTS for path in TABLES.glob("*.py") if has_table(path)]
    assert sum(map(len, tables)) == len(TEXTS)
    assert [code for code in TEXTS if not CODE.fullmatch(code)] == []


ENGLISH_ONLY = ("bench", "commands")
"""The tables of the command line."""


def has_table(path: Path) -> bool:
    """Return whether a module of the tables is one of an area."""
    return path.stem not in ("__init__", "text", "table")


TRANSLATED = sorted(path for path in TABLES.glob("*.py") if has_table(path) and path.stem not in ENGLISH_ONLY)


@pytest.mark.parametrize("path", TRANSLATED, ids=lambda path: path.stem)
def test_lupdate_finds_each_text(path: Path) -> None:
    unmarked = [
        part.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text"
        for part in [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg != "command")]
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and re.sub(r"\{\w+\}|\W", "", part.value)
    ]
    assert unmarked == []


@pytest.mark.parametrize("file", LANGUAGES, ids=lambda file: file.stem)
def test_each_language_has_each_text(file: Path) -> None:
    translations = {
        message.findtext("source", ""): message.findtext("translation") or ""
        for context in ET.parse(file).getroot().iter("context")
        if context.findtext("name") == "messages"
        for message in context.iter("message")
    }
    texts = {
        template
        for path in TRANSLATED
        for text in import_module(f"desktop.core.texts.{path.stem}").TEXTS.values()
        for template in templates(text)
        if re.sub(r"\{\w+\}|\W", "", template)
    }
    assert sorted(template for template in texts if not translations.get(template)) == []
    assert [one for one in texts if places(translations[one]) != places(one)] == []
