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
from textwrap import indent

import pytest

from desktop.core.texts.table import TEXTS, texts_of
from desktop.core.texts.text import Text
from desktop.core.texts.windows import INSTEAD
from tests.contracts.surface.sources import problem_classes
from tests.support.imports import nodes, read_tree

ROOT = Path(__file__).parents[2]
TABLES = ROOT / "desktop/core/texts"
LANGUAGES = sorted((ROOT / "desktop/ui/translations").glob("*.ts"))

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")


@cache
def modules() -> dict[Path, ast.Module]:
    """Return the product's modules, without the tables."""
    paths = [path for package in ("desktop", "models") for path in sorted((ROOT / package).rglob("*.py"))]
    return {path: read_tree(path) for path in paths if path.parent != TABLES}


@cache
def calls() -> tuple[tuple[str, str, set[str] | None], ...]:
    """List where a message is made, its code, and its parameters; None for those that are not written out."""
    return tuple(_calls())


def _calls() -> Iterator[tuple[str, str, set[str] | None]]:
    names = problem_classes() | {"Message"}
    for path, tree in modules().items():
        for node in nodes(tree):
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
    joined = [f"{path.relative_to(ROOT)}:{line}" for path, tree in modules().items() for line in joined_params(tree)]
    assert joined == [], "give a `PartList`, or a list in `models`"


@pytest.mark.parametrize(
    "body",
    [
        'return Message("a-b", names=", ".join(found))',
        'return messages.Message("a-b", names=", ".join(found))',
        'names = ", ".join(found)\nreturn Message("a-b", names=names)',
        'names: str = " or ".join(found)\nraise UserError("a-b", names=names or "none")',
        'names = " and ".join(found)\nshown = f"({names})"\nreturn Message("a-b", names=shown)',
        'shown = names = ", ".join(found)\nreturn Message("a-b", names=names)',
        'if names := ", ".join(found):\n    return Message("a-b", names=names)',
        'params = {"names": ", ".join(found)}\nreturn Message("a-b", **params)',
        'names = ""\nnames += ", ".join(found)\nreturn Message("a-b", names=names)',
    ],
)
def test_list_join_is_seen_in_a_parameter(body: str) -> None:
    last = 2 + body.count("\n")
    assert joined_params(ast.parse(function(body))) == [last]


@pytest.mark.parametrize(
    "body",
    [
        'return Message("a-b", names=PartList(found))',
        'return Message("a-b", path="".join(found))',
        'names = ", ".join(found)\nlogger.info("%s", names)\nreturn Message("a-b", names=PartList(found))',
    ],
)
def test_other_parameter_is_no_list_join(body: str) -> None:
    assert joined_params(ast.parse(function(body))) == []


def test_name_of_another_function_is_no_list_join() -> None:
    other = function('names = ", ".join(found)\nreturn names')
    assert joined_params(ast.parse(f"{other}\n{function('''return Message("a-b", names=names)''')}")) == []


def function(body: str) -> str:
    """Return the source of a function."""
    return f"def make(found):\n{indent(body, '    ')}\n"


def joined_params(tree: ast.Module) -> list[int]:
    """Return the lines of the parameters of messages that are a joined list, or a name that the same function gives to
    one."""
    if not any(map(is_list_join, nodes(tree))):
        return []
    names = problem_classes() | {"Message"}
    functions = [node for node in nodes(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lines: set[int] = set()
    for scope in (tree, *functions):
        joined = set() if scope is tree else joined_names(scope)
        for node in ast.walk(scope):
            match node:
                case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), keywords=keywords) if name in names:
                    lines |= {keyword.value.lineno for keyword in keywords if has_list_join(keyword.value, joined)}
    return sorted(lines)


def joined_names(function: ast.AST) -> set[str]:
    """Return the names to which a function assigns a joined list, or what it makes of one."""
    assigned: list[tuple[ast.AST, ast.AST]] = []
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=targets, value=value):
                assigned += [(target, value) for target in targets]
            case ast.AnnAssign(target=target, value=ast.AST() as value):
                assigned.append((target, value))
            case ast.AugAssign(target=target, value=value) | ast.NamedExpr(target=target, value=value):
                assigned.append((target, value))
    joined: set[str] = set()
    before = None
    while joined != before:
        before = set(joined)
        for target, value in assigned:
            if has_list_join(value, joined):
                joined |= {name.id for name in ast.walk(target) if isinstance(name, ast.Name)}
    return joined


def has_list_join(value: ast.AST, joined: set[str]) -> bool:
    """Return whether an expression joins a list, or has one of the names that are `joined`."""
    return any(is_list_join(part) or (isinstance(part, ast.Name) and part.id in joined) for part in ast.walk(value))


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
        for node in nodes(tree)
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
        for text in (*import_module(f"desktop.core.texts.{path.stem}").TEXTS.values(), *INSTEAD.values())
        for template in templates(text)
        if re.sub(r"\{\w+\}|\W", "", template)
    }
    assert sorted(template for template in texts if not translations.get(template)) == []
    assert [one for one in texts if places(translations[one]) != places(one)] == []


# -- the words of a system ---------------------------------------------------------------------------------------------

LINUX_WORDS = re.compile(
    r"\b(sudo|apt|dnf|pactl|pulseaudio|systemctl|chmod|gsettings|mount|vfat|DISPLAY|make dev)\b"
    r"|make \{extra\}|the modes"
    r"|XDG_|XAUTHORITY|GNOME|KDE|KWallet|Debian|Wayland|X11|X server|ALSA|PulseAudio|PipeWire|Secret Service|keyring"
    r"|sound server|StatusNotifier|AT-SPI|session bus|ydotool|portal"
)
"""What Windows does not have, or calls otherwise."""

LINUX_MODULES = re.compile(
    r"desktop/(\w+/)*(wayland|x11|linux|input_method)(_\w+)?(/|\.py)"
    r"|desktop/ui/pill/layer_window|desktop/audio/microphone/pulse|desktop/hotkeys/(portal|shortcut_binder|gnome_keys|kde_keys)"
    r"|desktop/doctor/(desktop|audio|hotkeys|input_method)\.py"
)
"""Modules that Windows does not run, or of which it runs what says nothing of the kind."""

LINUX_CONDITIONS = {
    "display-unresponsive": "desktop/ui/qt_platform.py",  # which Linux alone asks
    "extra-package": "desktop/core/installation.py",  # where the Debian package is installed
    "update-by-apt": "desktop/core/installation.py",  # there, too
}
"""Codes that another module has under a condition of Linux."""


def test_windows_names_no_remedy_of_linux() -> None:
    uses: dict[str, set[str]] = {}
    for path, tree in modules().items():
        for node in nodes(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                uses.setdefault(node.value, set()).add(path.relative_to(ROOT).as_posix())
    foreign = {
        code: sorted(path for path in uses.get(code, ()) if not LINUX_MODULES.match(path))
        for code, text in texts_of("win32").items()
        if LINUX_WORDS.search(" ".join((*templates(text), text.command)))
    }
    assert {code: paths for code, paths in foreign.items() if paths != [LINUX_CONDITIONS.get(code)][: len(paths)]} == {}


def test_only_windows_has_its_own_words() -> None:
    assert texts_of("linux") == TEXTS == texts_of("darwin")
    assert {code for code, text in texts_of("win32").items() if text != TEXTS[code]} == set(INSTEAD)


def test_own_words_name_the_parameters_of_the_others() -> None:
    wrong = {
        code: sorted(added)
        for code, text in INSTEAD.items()
        if (added := set().union(*map(places, (*templates(text), text.command))) - named(code))
    }
    assert wrong == {}


def test_own_words_speak_of_keeping_where_the_others_do() -> None:
    assert [code for code, text in INSTEAD.items() if bool(text.unkept_remedy) != bool(TEXTS[code].unkept_remedy)] == []
