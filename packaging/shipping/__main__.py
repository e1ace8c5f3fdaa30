"""`python -m shipping WHAT`: build one package in `dist/` and print the files written."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from shipping import appimage, arch, bundle, bundle_packages, deb, environment, flatpak, windows_installer
from shipping.target import PROCESSORS

DEBS: dict[str, Callable[[str], list[Path]]] = {
    "deb": deb.make_deb,
    **{f"deb-{name}": partial(deb.make_extra, name) for name in deb.EXTRAS},
}
"""Those that are built for other processors too."""

BUILDERS: dict[str, Callable[[], list[Path]]] = {
    "bundle": bundle.make_bundle,
    "wheel": environment.make_wheel,
    **{name: partial(bundle_packages.make_native, form) for form, name in bundle_packages.COMMANDS.items()},
    "appimage": appimage.make_appimage,
    "arch": arch.make_arch,
    "flatpak": flatpak.make_flatpak,
    "windows": windows_installer.make_windows,
    **{f"windows-{name}": partial(windows_installer.make_add_on, name) for name in windows_installer.ADD_ONS},
}


def main() -> int:
    """Build the package named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m shipping")
    parser.add_argument("what", choices=(*DEBS, *BUILDERS))
    parser.add_argument("--arch", choices=PROCESSORS, default="", help="of a Debian package (this machine's)")
    wanted = parser.parse_args()
    if wanted.arch and wanted.what not in DEBS:
        parser.error(f"{wanted.what} is built for one processor alone; --arch is for {', '.join(DEBS)}")
    build = partial(DEBS[wanted.what], wanted.arch) if wanted.what in DEBS else BUILDERS[wanted.what]
    for path in build():
        sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
