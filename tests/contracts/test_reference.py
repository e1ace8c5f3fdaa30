"""The generated documents are what the schema and the parsers say now."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import pytest

from desktop.settings.store import list_keys
from tests.contracts.surface import frozen
from tests.contracts.surface.command_line import commands

sys.path.insert(0, str(Path(__file__).parents[2] / "packaging"))
import reference


@pytest.mark.parametrize("path", reference.DOCUMENTS)
def test_a_generated_document_is_not_stale(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    written = (reference.ROOT / path).read_text(encoding="utf-8")
    assert reference.DOCUMENTS[path]() == written, "run `make reference`"


def test_every_setting_has_its_entry() -> None:
    assert re.findall(r"^### `(.*)`$", reference.write_configuration(), re.MULTILINE) == list(list_keys())


def test_every_command_has_its_entry_with_all_options() -> None:
    entries = re.split(r"^#{2,3} `(.*)`$", reference.write_commands(), flags=re.MULTILINE)[1:]
    found = dict(zip(entries[::2], entries[1::2], strict=True))
    parsers = {f"intone {words}".strip(): parser for words, parser in commands().items()}
    assert list(found) == list(parsers)
    for name, parser in parsers.items():
        flags = {flag for action in parser._actions for flag in action.option_strings}
        assert set(re.findall(r"^- `(--[\w-]+)", found[name], re.MULTILINE)) == flags - {"-h", "--help", "--version"}


def test_environment_variables_are_those_that_are_read() -> None:
    named = {variable for variables in reference.ENVIRONMENT for variable in variables}
    assert named <= set(frozen("environment")["read"])


def test_usage_shows_what_may_be_left_out() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("files", metavar="FILE", nargs="*")
    parser.add_argument("--mode", choices=("a", "b"), required=True)
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--one", action="store_true")
    either.add_argument("--level", metavar="N", nargs="?")
    arguments = [action for action in parser._actions if action.dest != "help"]
    usage = reference._format_usage("intone do", parser, arguments)
    assert usage == "intone do --mode a|b [--one | --level [N]] NAME [FILE...]"
