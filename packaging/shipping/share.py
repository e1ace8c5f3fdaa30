"""Install what a package of Linux has beside the program: what a desktop, a software centre, `man` and a shell read of
it, its licences and its changes."""

from __future__ import annotations

import gzip
from email.utils import format_datetime
from pathlib import Path

from shipping.packages import DEFINITION
from shipping.project import LINUX, NAME, ROOT, VERSION, commit_date, fill_template, run_program

DESKTOP_ENTRY = "app.intone.Intone.desktop"
METAINFO = "app.intone.Intone.metainfo.xml"

NO_BYTECODE = {"PYTHONDONTWRITEBYTECODE": "1"}
"""It names the folder of the build, and would count among what is left out."""

ZSH_FOLDERS = {"debian": "zsh/vendor-completions", "other": "zsh/site-functions"}
"""Where zsh looks for completions of packages: Debian's folder, and that of the others."""


def install_share(root: Path, python: Path) -> None:
    """Install desktop entry, metadata, icons and the man page below `root`; `python` is of an environment with all of
    PySide6."""
    share = root / "usr/share"
    icons = share / "icons/hicolor"
    run_program(
        *(python, "packaging/shipping/icons.py", LINUX / "intone.svg", icons),
        QT_QPA_PLATFORM="offscreen",
        **NO_BYTECODE,
    )
    install_file(LINUX / "intone.svg", icons / "scalable/apps/intone.svg")
    install_file(LINUX / DESKTOP_ENTRY, share / "applications" / DESKTOP_ENTRY)
    install_file(LINUX / METAINFO, share / "metainfo" / METAINFO)
    run_program("desktop-file-validate", LINUX / DESKTOP_ENTRY)
    # There is no home page to name, the only thing that the check would require.
    lenient = ("--no-net", "--override=url-homepage-missing=info")
    run_program("appstreamcli", "validate", *lenient, share / "metainfo" / METAINFO)
    write_gzip(share / "man/man1/intone.1.gz", fill_template((LINUX / "intone.1").read_text(encoding="utf-8")))


def install_completions(root: Path, python: Path, system: str) -> None:
    """Write the shells' completions below `root`; `python` is of an environment with the app and shtab, `system` one of
    `ZSH_FOLDERS`."""
    share = root / "usr/share"
    run_program(python, "packaging/shipping/completions.py", share, **NO_BYTECODE)
    folder = ZSH_FOLDERS[system]
    if folder != ZSH_FOLDERS["debian"]:
        (share / folder).parent.mkdir(parents=True, exist_ok=True)
        (share / ZSH_FOLDERS["debian"]).rename(share / folder)


def install_file(source: Path, target: Path, mode: int = 0o644) -> None:
    """Install a text, with version and date filled in."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(fill_template(source.read_text(encoding="utf-8")), encoding="utf-8")
    target.chmod(mode)


def write_gzip(target: Path, text: str) -> None:
    """Write a compressed text without a date."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def install_debian_documents(root: Path, package: str, licences: str) -> None:
    """Install licences and changes of a package where Debian has them, and what lintian need not say of it."""
    folder = root / "usr/share/doc" / package
    folder.mkdir(parents=True)
    (folder / "copyright").write_text(licences, encoding="utf-8")
    write_gzip(folder / "changelog.gz", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    entry = f"{package} ({VERSION}) stable; urgency=medium\n\n  * What changed is in changelog.gz.\n\n"
    overrides = (ROOT / "packaging/debian/lintian-overrides").read_text(encoding="utf-8").replace("@PACKAGE@", package)
    path = root / "usr/share/lintian/overrides" / package
    path.parent.mkdir(parents=True)
    path.write_text(overrides, encoding="utf-8")
    signed = f" -- {DEFINITION['maintainer']}  {format_datetime(commit_date())}\n"
    write_gzip(folder / "changelog.Debian.gz", entry + signed)


def install_documents(root: Path, licences: Path) -> None:
    """Install licences and changes of the app where Fedora, openSUSE and Arch have them."""
    for target, source in (
        (f"usr/share/licenses/{NAME}/LICENCES.txt", licences),
        (f"usr/share/doc/{NAME}/CHANGELOG.md", ROOT / "CHANGELOG.md"),
    ):
        path = root / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source.read_bytes())
