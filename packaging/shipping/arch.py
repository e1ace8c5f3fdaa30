"""Fill in the PKGBUILD of `intone-bin` for the archive that `make bundle` made, with its .SRCINFO, as the AUR has them.

The archive is taken from beside the PKGBUILD, or from the address in `INTONE_RELEASES`, as for Windows' manifests.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import tempfile
from pathlib import Path

from shipping import bundle, bundle_packages, needs, packages
from shipping.project import NAME, OUT, ROOT, fill_template, run_program

TEMPLATE = ROOT / "packaging" / "arch" / "PKGBUILD"

WRITABLE = tuple(f"{place}=/tmp" for place in ("BUILDDIR", "PKGDEST", "SRCDEST", "SRCPKGDEST", "LOGDEST"))
"""Folders that makepkg wants to be able to write to even where it only prints."""

UNPRIVILEGED = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", "HOME=/", *WRITABLE)
"""How root runs makepkg, which refuses root, as a user who may write nothing."""


def make_arch() -> list[Path]:
    """Write `PKGBUILD` and `.SRCINFO` into `dist/arch`; return them. Raises where there is no archive."""
    architecture = run_program("uname", "-m").strip()
    asked = needs.read_needs(bundle.FOLDER)
    folder = OUT / "arch"
    folder.mkdir(parents=True, exist_ok=True)
    recipe = folder / "PKGBUILD"
    releases = os.environ.get("INTONE_RELEASES", "")
    recipe.write_text(fill_recipe(bundle.archive_path(), architecture, asked, releases), "utf-8")
    summary = folder / ".SRCINFO"
    summary.write_text(print_summary(recipe), encoding="utf-8")
    return [recipe, summary]


def fill_recipe(archive: Path, architecture: str, asked: needs.Needs, releases: str) -> str:
    """Return the PKGBUILD for an archive, which is at the address `releases`, or beside it where that is empty.

    It depends on what the package of Arch does whose folder asks the same of the system.
    """
    return fill_template(
        TEMPLATE.read_text(encoding="utf-8"),
        ARCH=architecture,
        DEPENDS=shlex.join(bundle_packages.list_all_dependencies(asked, "archlinux")),
        OPTDEPENDS=shlex.join(packages.read_list(NAME, "archlinux", "recommends")),
        URL=releases,
        SOURCE=f"{releases.rstrip('/')}/{archive.name}" if releases else archive.name,
        SHA256=hashlib.sha256(archive.read_bytes()).hexdigest(),
    )


def print_summary(recipe: Path) -> str:
    """Return the .SRCINFO of a PKGBUILD. Raises where makepkg refuses it."""
    if not shutil.which("makepkg"):
        raise FileNotFoundError("makepkg is not installed: packaging/debian/recipes.txt")
    with tempfile.TemporaryDirectory(prefix="intone-arch-") as folder:
        shutil.copy(recipe, folder)
        Path(folder).chmod(0o755)
        user = UNPRIVILEGED if os.geteuid() == 0 else ()
        return run_program(*user, "makepkg", "--dir", folder, "--printsrcinfo")
