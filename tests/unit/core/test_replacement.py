"""Installed files are replaced once another file is in the place of one of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desktop.core.replacement import InstalledFiles, find_installed_files


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "__init__.py"
    file.write_text("VERSION = 'old'\n")
    return file


def _put(file: Path, text: str) -> None:
    """Put a file in the place of the one that is there, as dpkg does."""
    new = file.with_suffix(".py.dpkg-new")
    new.write_text(text)
    new.replace(file)


def test_files_that_another_is_put_in_the_place_of_are_replaced(file: Path) -> None:
    files = InstalledFiles(file)
    assert not files.are_replaced
    _put(file, "VERSION = 'new'\n")
    assert files.are_replaced


def test_files_put_back_are_another_version_again(file: Path) -> None:
    files = InstalledFiles(file)
    _put(file, "VERSION = 'old'\n")
    os.utime(file, ns=(1, 1))
    assert files.are_replaced


def test_files_taken_off_are_not_replaced(file: Path) -> None:
    files = InstalledFiles(file)
    file.unlink()
    assert not files.are_replaced


def test_checkout_is_not_watched() -> None:
    assert find_installed_files() is None
