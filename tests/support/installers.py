"""What tests of the installers for Windows share: short waits, files that must stay as they are, and a file in use."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.desk import until
from tests.support.desks.wine import WINDOWS, windows_path

QUICK = ("-DQUIT_MS=300", "-DENDED_HALF_S=1", "-DFREE_HALF_S=2", "-DFAST")
"""Not as long as for an app that ends a dictation; and without the minutes that smaller files take."""

HOLD = "import sys; held = open(sys.argv[1], 'rb'); open(sys.argv[2], 'w').close(); sys.stdin.read()"
"""Opens a file as others may not move it, says so by another, and goes on to the end of its input."""


@contextmanager
def hold(environ: Mapping[str, str], file: str, ready: Path, timeout_s: float) -> Iterator[None]:
    """Hold the file that Windows calls `file`, as its programs hold what others may not move.

    `ready` is made once it is held, which may take `timeout_s`.
    """
    ready.unlink(missing_ok=True)
    words = ["wine", str(WINDOWS.python()), "-c", HOLD, file, windows_path(ready)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(words, env=environ, cwd="/", stdin=subprocess.PIPE, stdout=quiet) as process:
        until(ready.exists, "the file is held", timeout_s)
        yield
        assert process.stdin is not None
        process.stdin.close()


def write_others(folder: Path) -> dict[str, bytes]:
    """Lay files of others there, some by names of ours; return what is in the folder."""
    for name in ("_internal/theirs.dll", "before/diary.txt", "CHANGELOG.md"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    return read_files(folder)


def read_files(folder: Path) -> dict[str, bytes]:
    """Return what is in the folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
