"""`python -m tests.prove.pieces FOLDER [PATH...]`: cut what a proof needs into pieces that can be carried.

For a machine with a card that reaches nothing: the checkout with its environment, its models and the English
recordings that `gpu` reads as one archive, in pieces of 60 MB at most, and `join.sh`, which checks each piece and
unpacks them into the folder where it is run. What lies beside the checkout gets the last part of its name.
Pieces that are there already with the right sum are kept, so that a run that was killed goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import sys
import tarfile
from pathlib import Path

from tests.prove.record import ROOT, tell
from tests.prove.recordings import Absent, find_folder

PIECE_BYTES = 60_000_000
PATHS = ("desktop", "models", "tests", "pyproject.toml", "Makefile", ".venv", ".cache/home/models")

RECORDINGS, CLIPS = "recordings", "speech/en/"
"""Where the recordings lie in the archive, and which of them are taken."""

JOIN = """#!/bin/sh
# Check the pieces beside this script, and unpack them into the folder where it is run.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
(cd "$here" && sha256sum --check --quiet sums)
cat "$here"/piece.* | tar --extract --file=-
echo "Unpacked. Next (the paths of .venv hold where this Python is installed):"
echo "{data}.venv/bin/python -m tests.prove gpu"
"""


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


def cut(folder: Path, paths: list[str], root: Path = ROOT, size: int = PIECE_BYTES, data: Path | None = None) -> int:
    """Cut these paths of the checkout into `folder`; return the number of pieces. Links are followed.

    `data` is the folder of the recordings, of which the English ones are added with their manifest.
    """
    folder.mkdir(parents=True, exist_ok=True)
    writer = PieceWriter(folder, size)
    with tarfile.open(fileobj=writer, mode="w|", dereference=True) as archive:
        for path in paths:
            if (root / path).exists():
                archive.add(root / path, _plain_name(root, path), filter=_without_caches)
        if data is not None:
            _add_recordings(archive, data)
    writer.finish()
    (folder / "sums").write_text("".join(f"{total}  {name}\n" for name, total in writer.sums))
    join = folder / "join.sh"
    join.write_text(JOIN.replace("{data}", f"INTONE_DATA=$PWD/{RECORDINGS} " if data is not None else ""))
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


def _without_caches(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if "__pycache__" in Path(entry.name).parts else entry


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
    tell(f"pieces: {cut(wanted.folder, wanted.paths, data=data)} in {wanted.folder}; run join.sh where they are wanted")
    return 0


if __name__ == "__main__":
    sys.exit(main())
