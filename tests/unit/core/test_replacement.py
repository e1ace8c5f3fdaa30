"""Once a package's files are replaced, no part of the new ones is loaded into a process that has the old."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib import import_module, invalidate_caches
from pathlib import Path

import pytest

from desktop.core.errors import UserError
from desktop.core.replacement import AppReplacedError, ImportGuard, InstalledFiles, find_installed_files


def _write_package(folder: Path, name: str, version: str) -> None:
    """Put a package of two modules in place of the one that is there, as dpkg does: each file by its name."""
    (folder / name).mkdir(exist_ok=True)
    for module in ("__init__", "late"):
        new = folder / name / f"{module}.py.dpkg-new"
        new.write_text(f"VERSION = {version!r}\n")
        new.replace(folder / name / f"{module}.py")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    for name in ("loaded", "unloaded"):
        _write_package(tmp_path, name, "old")
    yield tmp_path
    for name in [name for name in sys.modules if name.partition(".")[0] in ("loaded", "unloaded")]:
        del sys.modules[name]


@pytest.fixture
def guard(site: Path) -> Iterator[ImportGuard]:
    import_module("loaded")
    guard = ImportGuard(InstalledFiles(site / "loaded/__init__.py"))
    guard.install()
    yield guard
    guard.remove()


def test_import_of_the_same_files_is_left_alone(guard: ImportGuard) -> None:
    assert import_module("loaded.late").VERSION == "old"


def test_import_of_a_part_from_another_version_is_refused(guard: ImportGuard, site: Path) -> None:
    _write_package(site, "loaded", "new")
    with pytest.raises(AppReplacedError) as raised:
        import_module("loaded.late")
    assert isinstance(raised.value, UserError)
    assert isinstance(raised.value, ImportError)
    assert str(raised.value).endswith("by intone restart.")
    assert "loaded.late" not in sys.modules


def test_import_of_a_whole_package_from_another_version_is_allowed(guard: ImportGuard, site: Path) -> None:
    for name in ("loaded", "unloaded"):
        _write_package(site, name, "new")
    invalidate_caches()
    assert import_module("unloaded.late").VERSION == import_module("unloaded").VERSION == "new"


@pytest.mark.parametrize(("installed", "is_allowed"), [("1.0", True), ("1.1", False)])
def test_import_of_a_library_in_the_same_version_is_allowed(
    guard: ImportGuard, site: Path, installed: str, is_allowed: bool
) -> None:
    sys.modules["loaded"].__version__ = "1.0"  # type: ignore[attr-defined]
    _write_package(site, "loaded", "new")
    (site / f"loaded-{installed}.dist-info").mkdir()
    (site / f"loaded-{installed}.dist-info/METADATA").write_text(f"Name: loaded\nVersion: {installed}\n")
    if is_allowed:
        assert import_module("loaded.late").VERSION == "new"
    else:
        with pytest.raises(AppReplacedError):
            import_module("loaded.late")


def test_import_by_a_bundle_is_refused_whole(site: Path) -> None:
    guard = ImportGuard(InstalledFiles(site / "loaded/__init__.py"), frozen=True)
    assert guard.find_spec("unloaded") is None
    _write_package(site, "loaded", "new")
    for name in ("unloaded", "wsgiref.types"):
        with pytest.raises(AppReplacedError):
            guard.find_spec(name)
    assert guard.find_spec("math" if "math" in sys.builtin_module_names else "sys") is None


def test_import_of_the_standard_library_is_allowed(guard: ImportGuard, site: Path) -> None:
    _write_package(site, "loaded", "new")
    sys.modules.pop("wsgiref.types", None)
    assert import_module("wsgiref.types")


def test_import_without_the_guard_is_not_refused(guard: ImportGuard, site: Path) -> None:
    _write_package(site, "loaded", "new")
    guard.remove()
    try:
        assert import_module("loaded.late").VERSION == "new"
    finally:
        guard.install()


def test_files_put_back_are_another_version_again(site: Path) -> None:
    files = InstalledFiles(site / "loaded/__init__.py")
    assert not files.are_replaced
    _write_package(site, "loaded", "old")
    os.utime(site / "loaded/__init__.py", ns=(1, 1))
    assert files.are_replaced


def test_files_taken_off_are_not_replaced(site: Path) -> None:
    files = InstalledFiles(site / "loaded/__init__.py")
    (site / "loaded/__init__.py").unlink()
    assert not files.are_replaced


def test_checkout_is_not_watched() -> None:
    assert find_installed_files() is None
