"""The public surface is what it was: commands, settings, JSON, the history's schema, files, variables, messages.

Frozen in `tests/contracts/surface`, which says how additions are listed and where changes are named. What is collected
of the product is made once for all tests.
"""

from __future__ import annotations

from functools import cache

import pytest

from tests.contracts.surface import FOLDER, Surface, applied, frozen, merged, missing, product, renamed, sources
from tests.contracts.surface.changes import REMOVED, REWORDED
from tests.contracts.surface.command_line import commands

LIST_IT = "this is new: list it with `python -m tests.contracts.surface`"
NAME_IT = "this is gone or changed: name it in tests/contracts/surface/changes.py if that is meant"


@cache
def now(kind: str) -> Surface:
    return renamed(product.KINDS[kind]())


@cache
def wanted(kind: str) -> Surface:
    return applied(frozen(kind))


def same(wanted: Surface, found: Surface) -> None:
    assert missing(wanted, found) == [], NAME_IT
    assert missing(found, wanted) == [], LIST_IT


def section(kind: str, name: str) -> None:
    found = now(kind)
    assert name in found, NAME_IT
    same({name: wanted(kind)[name]}, {name: found[name]})


@pytest.mark.parametrize("kind", [kind for kind in product.KINDS if kind != "messages"])
def test_no_section_is_gone_or_unlisted(kind: str) -> None:
    same({name: [] for name in wanted(kind)}, {name: [] for name in now(kind)})


@pytest.mark.parametrize("command", wanted("help"))
def test_help_is_as_frozen(command: str) -> None:
    section("help", command)
    assert now("help")[command] == wanted("help")[command], "the order"


@pytest.mark.parametrize("key", wanted("settings"))
def test_setting_keeps_its_type_and_default(key: str) -> None:
    section("settings", key)
    assert now("settings")[key] == wanted("settings")[key], "the order"


@pytest.mark.parametrize("command", wanted("json"))
def test_json_keeps_its_keys(command: str) -> None:
    section("json", command)


def test_every_command_with_json_is_frozen() -> None:
    offering = {f"intone {words}" for words, parser in commands().items() if "--json" in parser.format_usage()}
    assert offering <= wanted("json").keys()


@pytest.mark.parametrize("part", wanted("history"))
def test_history_keeps_its_schema(part: str) -> None:
    section("history", part)


@pytest.mark.parametrize("part", wanted("control"))
def test_control_socket_keeps_commands_and_answers(part: str) -> None:
    section("control", part)


@pytest.mark.parametrize("environment", wanted("paths"))
def test_files_keep_their_names(environment: str) -> None:
    section("paths", environment)


def test_environment_variables_are_still_read() -> None:
    section("environment", "read")


def test_packaged_files_are_still_there() -> None:
    section("data", "packaged")


def test_messages_and_translations_are_as_frozen() -> None:
    same(wanted("messages"), now("messages"))


def test_changes_name_only_what_is_frozen() -> None:
    known = {
        line for path in FOLDER.glob("*.json") for name, lines in frozen(path.stem).items() for line in (name, *lines)
    }
    assert set(REWORDED) | REMOVED <= known


# -- the comparison itself --------------------------------------------------------------------------------------------

BEFORE = {"say": ["Hello.", "Goodbye.", "Well."], "gone": ["x"]}
AFTER = {"say": ["Hello there.", "New.", "Well."], "more": ["y"]}
REPLACED = {"Hello.": "Hello there."}
TAKEN_OUT = {"Goodbye.", "gone"}


def test_a_change_must_be_named() -> None:
    assert missing(applied(BEFORE, {}, ()), AFTER) == ["gone", "say: Goodbye.", "say: Hello."]
    assert missing(applied(BEFORE, REPLACED, TAKEN_OUT), AFTER) == []


def test_an_addition_must_be_listed_and_changes_stay_named() -> None:
    assert missing(AFTER, applied(BEFORE, REPLACED, TAKEN_OUT)) == ["more", "say: New."]
    listed = merged(BEFORE, AFTER, REPLACED, TAKEN_OUT)
    assert listed == {"say": ["Hello.", "New.", "Well.", "Goodbye."], "more": ["y"], "gone": ["x"]}
    assert applied(listed, REPLACED, TAKEN_OUT) == AFTER


def test_a_line_counts_as_often_as_it_stands() -> None:
    assert missing({"a": ["x", "x"]}, {"a": ["x"]}) == ["a: x"]


def test_a_value_has_its_place_whatever_it_is_called() -> None:
    assert sources.numbered("{name} 在 {count} 秒", "{count} s for {name}") == "{1} 在 {0} 秒"
    assert sources.numbered("{0} 在 {1} 秒", "{0} s for {1}") == "{0} 在 {1} 秒"
