"""Models and recordings lent to a folder of a test: by a link, or, as Windows makes one for administrators alone, by
files that share their data with the lender's."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path


def lend(source: Path, target: Path) -> None:
    """Have `target` be the file or folder `source`."""
    if sys.platform != "win32":
        target.symlink_to(source)
    elif source.is_dir():
        shutil.copytree(source, target, copy_function=_share)
    else:
        _share(source, target)


def take_back(target: Path) -> None:
    """Remove a folder that was lent, and nothing of the lender's."""
    if target.is_symlink():
        target.unlink()
    else:
        shutil.rmtree(target)


def _share(source: str | Path, target: str | Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another volume
        shutil.copyfile(source, target)
