"""Measure the size of each component."""

from __future__ import annotations

from collections import Counter
from importlib.metadata import distributions
from pathlib import Path

from shipping.project import normalize_name


def find_owners(site: Path) -> dict[str, str]:
    """Return the distribution that owns each file in `site`, by path; call while the wheels' records still exist."""
    return {
        Path(str(file)).as_posix(): normalize_name(found.name)
        for found in distributions(path=[str(site)])
        for file in found.files or ()
    }


def sum_by_component(site: Path, owners_by_path: dict[str, str]) -> dict[str, int]:
    """Return bytes by component, the largest first. Bytecode, which no wheel contains, counts to the owner of its
    source."""
    found: Counter[str] = Counter()
    for path in site.rglob("*"):
        if path.is_file() and not path.is_symlink():
            place = path.relative_to(site).as_posix()
            if path.suffix == ".pyc":
                source = path.parent.parent / f"{path.name.partition('.')[0]}.py"
                place = source.relative_to(site).as_posix()
            found[owners_by_path.get(place, "other")] += path.stat().st_size
    return dict(found.most_common())


def total_bytes(folder: Path) -> int:
    """Return the bytes below `folder`, without the wheels' records: they list scripts that name the folder."""
    found = (path for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    return sum(path.lstat().st_size for path in found if path.name != "RECORD")
