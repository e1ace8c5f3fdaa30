"""The pictures of the README and the user guide: there, and small enough to be kept."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
PICTURES = ROOT / "packaging" / "pictures"
DOCUMENTS = ("README.md", "docs/user-guide.md")
MOST_BYTES = 2_500_000


def test_documents_name_exactly_the_existing_pictures() -> None:
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in DOCUMENTS]
    named = re.findall(r"packaging/pictures/([\w-]+\.webp)", "\n".join(texts))
    assert set(named) == {path.name for path in PICTURES.iterdir()}


def test_all_pictures_together_are_small() -> None:
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) < MOST_BYTES
