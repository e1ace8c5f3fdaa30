"""`python -m shipping WHAT`: build one package in `dist/` and print the files written."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from shipping import bundle, deb

BUILDERS: dict[str, Callable[[], list[Path]]] = {
    "deb": deb.make_deb,
    "bundle": bundle.make_bundle,
    **{f"deb-{name}": partial(deb.make_extra, name) for name in deb.EXTRAS},
}


def main() -> int:
    """Build the package named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m shipping")
    parser.add_argument("what", choices=BUILDERS)
    for path in BUILDERS[parser.parse_args().what]():
        sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
