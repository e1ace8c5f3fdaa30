"""`make check`: may what Intone is made of be given on with it?

Every package of `lock/app.txt` says under which licence it is, and that has to be one of those below; what says
nothing, or something new, is looked at by a person first. Read from what is installed, without a network. What is only
for other systems is not here, and is named.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent

FREE = re.compile(
    r"\b(MIT|BSD|0BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla Public|LGPL|Lesser General Public|Unlicense"
    r"|Zlib|CC0|HPND|CNRI-Python)\b",
    re.IGNORECASE,
)

KNOWN: dict[str, str] = {
    "sqlcipher3": "Zlib by its LICENSE; inside are SQLCipher (BSD) and OpenSSL (Apache)",
}
"""What says nothing a program can read, and what a person found."""


def licence(name: str) -> str:
    """What the package says, in its own words; empty where it says nothing."""
    told = metadata(name)
    classifiers = [line for line in told.get_all("Classifier") or () if line.startswith("License ::")]
    first = (told.get("License") or "").strip().splitlines()
    return " / ".join(filter(None, [told.get("License-Expression"), *classifiers, *first[:1]])) or KNOWN.get(name, "")


def main() -> int:
    """Look at all of them; 1 where one is not known to be free."""
    names = re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "lock/app.txt").read_text(encoding="utf-8"), re.MULTILINE)
    bad, absent = [], []
    for name in names:
        try:
            if not FREE.search(told := licence(name)):
                bad.append(f"{name}: {told or 'says nothing'}")
        except PackageNotFoundError:
            absent.append(name)
    for line in bad:
        sys.stderr.write(f"{line}\n")
    sys.stderr.write(f"licences: {len(names) - len(absent)} looked at, {len(bad)} to be looked at by a person, ")
    sys.stderr.write(f"{len(absent)} not for this system ({', '.join(absent)})\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
