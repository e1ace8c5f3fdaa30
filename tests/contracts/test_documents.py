"""The documents name files and folders that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("README.md", *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")))

_PATH = re.compile(r"(?<![\w./~-])(?:desktop|models|packaging|tests)/[\w/-]*(?:\.\w+)*")
"""A path from the repository's root; what comes before it makes it another's (`~/models/`, `https://host/models/`)."""
_BARE_TEST = re.compile(r"(?<![\w/])(?:[a-z]\w*/)*test_\w+\.py")


def named(text: str) -> set[str]:
    """The paths in the text that begin with a top folder of the repository."""
    return set(_PATH.findall(text))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_paths_in_a_document_exist(document: str) -> None:
    paths = named((ROOT / document).read_text(encoding="utf-8"))
    assert paths
    assert sorted(path for path in paths if not (ROOT / path).exists()) == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_test_files_in_a_document_have_their_full_path(document: str) -> None:
    found = _BARE_TEST.findall((ROOT / document).read_text(encoding="utf-8"))
    assert [path for path in found if not path.startswith("tests/")] == []


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("see `tests/unit/test_a.py::test_b` (2).", {"tests/unit/test_a.py"}),
        ("in `models/` and `desktop/chat`.", {"models/", "desktop/chat"}),
        ("[it](packaging/a-b/c.tar.gz)", {"packaging/a-b/c.tar.gz"}),
        ("~/models/base, https://host/models/base, app/models/base", set[str]()),
    ],
)
def test_paths_are_found_in_a_text(text: str, paths: set[str]) -> None:
    assert named(text) == paths
