"""`python -m shipping WHAT`: makes one package in `dist/` and says on standard output which files it wrote."""

from __future__ import annotations

import argparse
import sys

from shipping import bundle, deb

MAKERS = {"deb": deb.make, "cuda": deb.make_cuda, "bundle": bundle.make}


def main() -> int:
    """Make what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m shipping")
    parser.add_argument("what", choices=MAKERS)
    for path in MAKERS[parser.parse_args().what]():
        sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
