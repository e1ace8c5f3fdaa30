"""The pictures of the README: there, and small enough to be kept."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
PICTURES = ROOT / "packaging" / "pictures"
MOST_BYTES = 2_500_000


def test_readme_names_exactly_the_existing_pictures() -> None:
    named = re.findall(r"packaging/pictures/([\w-]+\.webp)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert set(named) == {path.name for path in PICTURES.iterdir()}


def test_all_pictures_together_are_small() -> None:
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) < MOST_BYTES
