"""`python -m shipping WHAT`: build one package in `dist/` and print the files written."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from shipping import appimage, arch, bundle, deb, flatpak, windows_installer

BUILDERS: dict[str, Callable[[], list[Path]]] = {
    "deb": deb.make_deb,
    "bundle": bundle.make_bundle,
    "appimage": appimage.make_appimage,
    "arch": arch.make_arch,
    "flatpak": flatpak.make_flatpak,
    "windows": windows_installer.make_windows,
    **{f"deb-{name}": partial(deb.make_extra, name) for name in deb.EXTRAS},
    **{f"windows-{name}": partial(windows_installer.make_add_on, name) for name in windows_installer.ADD_ONS},
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
