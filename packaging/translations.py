"""`make translations`: update every `desktop/ui/translations/*.ts` with the strings to translate.

Qt's lupdate reads only `tr` and `translate`, which the windows use. The rest of the code says its sentences in English
and knows no windows: a `UserError`, a note on a row. Those are collected too, as the context `sentences`, with their
values as numbered placeholders; `ui.i18n` finds a sentence again by its fixed words. What the doctor's checks return is
no sentence: it becomes the context `findings`. The labels, help texts and choices of the settings are those of the
schema, as the context `settings`. Existing translations stay, strings no longer in the code are dropped, new ones are
`unfinished`. A language starts as an empty file: `<TS version="2.1" language="de"/>`.
"""

from __future__ import annotations

import ast
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from desktop.settings.description import describe_setting
from desktop.settings.store import list_keys

ROOT = Path(__file__).parent.parent
TRANSLATIONS = ROOT / "desktop/ui/translations"
SENTENCES, FINDINGS, SETTINGS = "sentences", "findings", "settings"

EXCLUDED = ("ui", "cli", "bench", "__main__.py")
"""Parts of `desktop` without sentences to collect: the windows, which use `tr`, and the command line, which speaks
English."""

CONTROLLERS = ("ui", "controllers")
"""The part of the windows that speaks for the engine, in sentences."""

SECTIONS = ("settings", "sections")
"""The part of the settings that is the context `settings`."""

_SENTENCE = re.compile(r"(?!SELECT |UPDATE |\{0\} < )[A-Z`{].* .*[.?]", re.DOTALL)

_PLACEHOLDER = re.compile(r"\{\d\}")
_WORD = re.compile(r"[A-Za-z]{2}")

type Source = tuple[str, str]
"""A context and a text."""


def collect_sources() -> dict[Source, None]:
    """Collect all strings to translate, in the order of the files."""
    found: dict[Source, None] = {}
    for path in sorted((ROOT / "desktop/ui").rglob("*.py")):
        found |= dict.fromkeys(_find_tr_calls(ast.parse(path.read_text(encoding="utf-8"))))
    found |= dict.fromkeys((SETTINGS, text) for text in _collect_setting_texts())
    others = [path for path in sorted((ROOT / "desktop").rglob("*.py")) if _is_included(path)]
    for path in [*others, *sorted((ROOT / "models").glob("*.py"))]:
        found |= dict.fromkeys(
            (SENTENCES, text) for text in _find_sentences(ast.parse(path.read_text(encoding="utf-8")))
        )
    for path in sorted(set((ROOT / "desktop/doctor").glob("*.py")) - {ROOT / "desktop/doctor/report_text.py"}):
        found |= dict.fromkeys((FINDINGS, text) for text in _find_returned(ast.parse(path.read_text(encoding="utf-8"))))
    return found


def _is_included(path: Path) -> bool:
    parts = path.relative_to(ROOT / "desktop").parts
    return (parts[0] not in EXCLUDED and parts[:2] != SECTIONS) or parts[:2] == CONTROLLERS


def _collect_setting_texts() -> list[str]:
    texts: list[str] = []

    def collect(text: str) -> str:
        texts.append(text)
        return text

    for key in list_keys():
        describe_setting(key, collect)
    return texts


def _find_tr_calls(tree: ast.Module) -> Iterator[Source]:
    """Yield the arguments of `tr`, whose context is the enclosing class, and of `translate`."""
    for node, inside in _walk_with_class(tree, ""):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        texts = [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        if name == "tr" and texts:
            yield inside, texts[0]
        elif name == "translate" and len(texts) > 1:
            yield texts[0], texts[1]


def _walk_with_class(node: ast.AST, inside: str) -> Iterator[tuple[ast.AST, str]]:
    for child in ast.iter_child_nodes(node):
        here = child.name if isinstance(child, ast.ClassDef) else inside
        yield child, here
        yield from _walk_with_class(child, here)


def _find_sentences(tree: ast.Module) -> Iterator[str]:
    """Yield whole sentences that are no docstrings and do not go to the log."""
    ignored: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            ignored.add(node.value)
        if isinstance(node, ast.Call) and _is_ignored_call(node.func):
            ignored |= {part for argument in node.args for part in ast.walk(argument)}
        if isinstance(node, ast.JoinedStr):
            ignored |= set(node.values)
            ignored |= {part for value in node.values for part in ast.walk(value) if isinstance(part, ast.JoinedStr)}
    for node in ast.walk(tree):
        if node not in ignored and (text := _template(node)) and _SENTENCE.fullmatch(text):
            yield text


def _find_returned(tree: ast.Module) -> Iterator[str]:
    """Yield returned strings that contain words and are not just a name."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Return) or node.value is None:
            continue
        either = (node.value.body, node.value.orelse) if isinstance(node.value, ast.IfExp) else (node.value,)
        for text in map(_template, either):
            if " " in text and _WORD.search(_PLACEHOLDER.sub("", text)):
                yield text


def _is_ignored_call(called: ast.expr) -> bool:
    """Return whether the call writes to the log or adds a command line argument."""
    return isinstance(called, ast.Attribute) and (
        getattr(called.value, "id", "") == "logger" or called.attr == "add_argument"
    )


def _template(node: ast.AST) -> str:
    """Return a text with its values as numbered placeholders ({0}); empty for other nodes."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if not isinstance(node, ast.JoinedStr):
        return ""
    text, count = "", 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += part.value.replace("{", "").replace("}", "")
        else:
            text += f"{{{count}}}"
            count += 1
    return text


def update_file(path: Path) -> tuple[int, int]:
    """Update a file; return how many strings it has, and how many are not translated."""
    root = ET.parse(path).getroot()
    known: dict[Source, str] = {}
    for context in root.iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is not None and translation.text and translation.get("type") != "obsolete":
                known[context.findtext("name", ""), message.findtext("source", "")] = translation.text
    updated = ET.Element("TS", version="2.1", language=root.get("language", ""), sourcelanguage="en")
    contexts: dict[str, ET.Element] = {}
    missing = 0
    for name, source in collect_sources():
        if name not in contexts:
            contexts[name] = ET.SubElement(updated, "context")
            ET.SubElement(contexts[name], "name").text = name
        message = ET.SubElement(contexts[name], "message")
        ET.SubElement(message, "source").text = source
        translation = ET.SubElement(message, "translation")
        if (name, source) in known:
            translation.text = known[name, source]
        else:
            translation.set("type", "unfinished")
            missing += 1
    ET.indent(updated, " ")
    head = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'
    path.write_text(head + ET.tostring(updated, encoding="unicode") + "\n", encoding="utf-8")
    return len(collect_sources()), missing


if __name__ == "__main__":
    for file in map(Path, sys.argv[1:] or sorted(TRANSLATIONS.glob("*.ts"))):
        count, left = update_file(file)
        sys.stdout.write(f"{file.name}: {count} strings, {left} not translated\n")
