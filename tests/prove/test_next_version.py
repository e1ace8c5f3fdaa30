"""What an upgrade is proved with: modules that no process of another version can import."""

from __future__ import annotations

import marshal
import struct
import subprocess
import sys
import zlib
from importlib.util import MAGIC_NUMBER
from pathlib import Path

import pytest

from tests.prove.next_version import mark_modules, mark_sources, next_number

MODULES = {"desktop": "__version__ = '1.0'", "desktop.part": "PART = 3", "other": "OTHER = 4"}


def _pack(sources: dict[str, str]) -> bytes:
    """An archive of modules as PyInstaller writes it."""
    contents, packed = [], bytearray(b"PYZ\0" + MAGIC_NUMBER + bytes(9))
    for name, source in sources.items():
        data = zlib.compress(marshal.dumps(compile(source, name, "exec")))
        contents.append((name, (0, len(packed), len(data))))
        packed += data
    struct.pack_into("!i", packed, 8, len(packed))
    return bytes(packed + marshal.dumps(contents))


def _run(archive: bytes, name: str) -> dict[str, object]:
    (contents_at,) = struct.unpack_from("!i", archive, 8)
    _, at, size = dict(marshal.loads(archive[contents_at:]))[name]  # noqa: S302
    names: dict[str, object] = {}
    exec(marshal.loads(zlib.decompress(archive[at : at + size])), names)  # noqa: S102, S302
    return names


def test_modules_of_the_next_version_run_in_that_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    marked = mark_modules(_pack(MODULES), "1.0", next_number("1.0"))
    assert _run(marked, "desktop")["__version__"] == "1.1"
    assert _run(marked, "other")["OTHER"] == 4
    with pytest.raises(AssertionError, match="a module of version"):
        _run(marked, "desktop.part")
    monkeypatch.setattr("desktop.__version__", "1.1")
    assert _run(marked, "desktop.part")["PART"] == 3


def test_sources_of_the_next_version_run_in_that_alone(tmp_path: Path) -> None:
    package = tmp_path / "desktop"
    package.mkdir()
    (package / "__init__.py").write_text('__version__ = "1.0"\n')
    (package / "part.py").write_text("from __future__ import annotations\n")
    mark_sources(package, "1.0", "1.1")
    later = "import desktop.part; print(desktop.__version__)"
    for before, status in (("", 0), ("import desktop; desktop.__version__ = '1.0'; ", 1)):
        ran = subprocess.run([sys.executable, "-c", before + later], cwd=tmp_path, capture_output=True, text=True)
        assert ran.returncode == status, ran.stderr
