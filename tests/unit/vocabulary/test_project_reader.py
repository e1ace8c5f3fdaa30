"""The project of a window is found within the folders that the user allows, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import anyio
import pytest

from desktop.core.types import ProjectNames, Target
from desktop.vocabulary.project_reader import ProjectReader, find_project
from tests.support.other_systems import LINKS, SYSTEM, only_on_linux

HIDDEN = ("src/.ssh", "src/shop/node_modules/other")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for folder in ("src/shop/.git", "src/shop/web/pages", "src/blog/posts", "private/letters", *HIDDEN):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "src/shop/web/cart.py").write_text("add_to_cart")
    (tmp_path / "private/letters/x.py").write_text("secret_name")
    return tmp_path


@pytest.mark.parametrize(
    ("title", "folders", "found"),
    [
        ("~", ["src/shop/web"], "src/shop"),
        ("~", ["src/blog/posts"], "src/blog"),
        ("~", ["src"], "src"),
        ("~", ["private/letters"], None),
        ("~", [], None),
        ("cart.py - shop - Visual Studio Code", [], "src/shop"),
        ("shop – cart.py", [], "src/shop"),
        ("cart.py (src) - Editor", [], "src"),
        ("{home}/src/blog/posts: bash", [], "src/blog"),
        ("{home}/private/letters: bash", [], None),
        ("~", ["src/shop", "src/blog"], None),
        ("user@host: {home}/src/blog", ["src/shop", "src/blog"], "src/blog"),
        ("vim in shop", ["src/shop", "src/blog"], "src/shop"),
        (".. - editor", [], None),
        ("a\0b - editor", [], None),
        ("x" * 5_000, [], None),
        ("gone - editor", ["src/gone"], None),
        (".ssh - editor", ["src/.ssh"], None),
        ("~", ["src/shop/node_modules/other"], None),
        ("a" + " " * 20_000 + "b", [], None),
    ],
)
def test_project_of_a_window(home: Path, title: str, folders: list[str], found: str | None) -> None:
    if "{home}" in title:
        only_on_linux(SYSTEM)
    project = find_project(title.format(home=home), [home / folder for folder in folders], [home / "src"])
    assert project == (home / found if found else None)


def test_link_out_of_an_allowed_folder_is_not_followed(home: Path) -> None:
    only_on_linux(LINKS)
    (home / "src/link").symlink_to(home / "private/letters")
    assert find_project("link - editor", [home / "src/link"], [home / "src"]) is None


def test_names_are_those_of_the_window(home: Path) -> None:
    folders = {7: [home / "src/shop"], 8: [home / "private/letters"]}
    reader = ProjectReader([str(home / "src")], lambda work: None, lambda pid: folders.get(pid, []))

    async def read() -> None:
        for pid in (7, 8, 9):
            await reader.read(Target(pid * 10, pid=pid))

    window = Target(70, pid=7)
    assert reader.names_in(window) == ProjectNames()
    anyio.run(read)
    assert reader.names_in(window).identifiers == {("add", "to", "cart"): "add_to_cart"}
    assert reader.names_in(Target(80, pid=8)) == reader.names_in(Target(71, pid=7)) == ProjectNames()


def test_hidden_folder_is_read_where_it_is_allowed_itself(home: Path) -> None:
    allowed = [home / "src", home / "src/.ssh"]
    assert find_project("~", [home / "src/.ssh"], allowed) == home / "src/.ssh"


def test_folders_that_are_none_are_left_out(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        reader = ProjectReader(["~no-such-user/src", "src", str(home / "src")], lambda work: None, lambda pid: [])
    assert "cannot be found" in caplog.text
    window = Target(70, title="shop - editor")
    anyio.run(reader.read, window)
    assert reader.names_in(window).identifiers


def test_one_project_is_read_at_a_time(home: Path) -> None:
    begun: list[Callable[[], Coroutine[Any, Any, object]]] = []
    reader = ProjectReader([str(home / "src")], begun.append)
    reader.begin(Target(70))
    reader.begin(Target(71))
    assert len(begun) == 1
    anyio.run(begun[0])
    reader.begin(Target(71))
    assert len(begun) == 2
