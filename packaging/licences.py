"""`make check`: check that the licences of Intone's dependencies allow redistribution, and those of its emotion heads.

Every package of `lock/app.txt` states its licence, which must match one below; a missing or new one needs a review
first. Read from the installed packages, without a network. Packages for other systems are not installed, and are named.
Every head in `models/emotion/heads` has a card that names the data it learned from, none for non-commercial use.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent

FREE_LICENCES = re.compile(
    r"\b(MIT|BSD|0BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla Public|LGPL|Lesser General Public|Unlicense"
    r"|Zlib|CC0|HPND|CNRI-Python)\b",
    re.IGNORECASE,
)

REVIEWED_LICENCES: dict[str, str] = {
    "sqlcipher3": "Zlib by its LICENSE; inside are SQLCipher (BSD) and OpenSSL (Apache)",
}
"""Packages whose metadata state no licence, with what a review found."""


def read_licence(name: str) -> str:
    """Return the licence as the package states it; empty if it states none."""
    package = metadata(name)
    classifiers = [line for line in package.get_all("Classifier") or () if line.startswith("License ::")]
    first = (package.get("License") or "").strip().splitlines()
    return " / ".join(
        filter(None, [package.get("License-Expression"), *classifiers, *first[:1]])
    ) or REVIEWED_LICENCES.get(name, "")


NON_COMMERCIAL = re.compile(r"\bNC\b|non-?commercial", re.IGNORECASE)

FREE_DATA = re.compile(r"\bCC BY(-SA)? 4\.0\b|\bCC0\b|public domain", re.IGNORECASE)


def find_unfree_heads(folder: Path) -> list[str]:
    """Return what is wrong with the heads in `folder/heads`, by their cards in `folder/cards`."""
    problems = []
    for head in sorted((folder / "heads").glob("*.npz")):
        card = folder / "cards" / f"{head.stem}.md"
        text = card.read_text(encoding="utf-8") if card.is_file() else ""
        if not FREE_DATA.search(text) or NON_COMMERCIAL.search(text):
            problems.append(f"{head.name}: its card does not say that it learned from data that are free for any use")
    return problems


def main() -> int:
    """Check all packages and heads; return 1 where a licence is not known to be free."""
    names = re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "lock/app.txt").read_text(encoding="utf-8"), re.MULTILINE)
    unknown = find_unfree_heads(ROOT / "models/emotion") + find_unfree_heads(ROOT / "models/polish")
    absent = []
    for name in names:
        try:
            if not FREE_LICENCES.search(stated := read_licence(name)):
                unknown.append(f"{name}: {stated or 'says nothing'}")
        except PackageNotFoundError:
            absent.append(name)
    for line in unknown:
        sys.stderr.write(f"{line}\n")
    sys.stderr.write(f"licences: {len(names) - len(absent)} looked at, {len(unknown)} to be reviewed, ")
    sys.stderr.write(f"{len(absent)} not for this system ({', '.join(absent)})\n")
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
