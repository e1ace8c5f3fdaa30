"""Build the one-dir bundle with PyInstaller: a folder with its own Python that runs from anywhere.

Unneeded files are removed before PyInstaller looks, so that it does not follow what is not shipped, and both kinds of
packages leave out the same. PortAudio and its way to the sound server stay the system's: a copy of ALSA would not find
its plugins.

The folder runs on systems whose C library is no older than what the libraries inside ask for; its sizes name it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from shipping import contents, environment, needs, packages, reports, share, sizes, trim
from shipping.environment import PYTHON
from shipping.project import (
    LINUX,
    NAME,
    OUT,
    ROOT,
    VERSION,
    WORK,
    normalize_name,
    pack_level,
    run_program,
    source_date_epoch,
)

FOLDER = WORK / "bundle" / NAME
"""What PyInstaller makes; the .rpm and the package of Arch have it inside (`shipping.bundle_packages`)."""

SHARE = WORK / "bundle-share"
"""What those packages have below /usr, made here because Qt is whole only before the trim."""

LOCKS = ("app.txt", "package.txt")

GTK_PLUGIN = "platformthemes/libqgtk3.so"
"""Qt's plugin for GTK's file dialogs. A Debian system has GTK or has not; a bundle would include all of GTK."""

SHARED = {
    "intone.1": "man/man1/intone.1",
    "app.intone.Intone.metainfo.xml": "metainfo/app.intone.Intone.metainfo.xml",
}
"""Templates of packaging/linux, and where they go below `share`, which has the completions too."""


def make_bundle() -> list[Path]:
    """Build `intone-VERSION-linux-ARCH.tar.xz`; return it and the files beside it."""
    OUT.mkdir(exist_ok=True)
    environment_folder = WORK / "bundle-environment"
    site = environment.create_environment(environment_folder, PYTHON, *LOCKS)
    environment_bytes = sizes.total_bytes(site)
    python = environment_folder / "bin" / "python"
    shutil.rmtree(SHARE, ignore_errors=True)
    share.install_share(SHARE, python)
    share.install_completions(SHARE, python, "other")
    saved = trim.remove_unneeded(site, without=(GTK_PLUGIN,))
    spec = ROOT / "packaging" / "pyinstaller" / "linux.spec"
    places = ("--distpath", WORK / "bundle", "--workpath", WORK / "bundle-work")
    reproducible = {"PYTHONHASHSEED": "1", "SOURCE_DATE_EPOCH": source_date_epoch()}  # reproducible builds
    arguments = ("-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *places, spec)
    run_program(python, *arguments, PYTHONSAFEPATH="1", **reproducible)

    folder = FOLDER
    inside = folder / "_internal"
    environment.remove_build_traces(inside)
    used = find_used(site, WORK / "bundle-work" / "linux" / "modules.txt")
    found = [each for each in contents.list_distributions(site) if normalize_name(each.name) in used]
    unused = sorted({normalize_name(each.name) for each in contents.list_distributions(site)} - used)
    system_packages = _find_system_packages(site, WORK / "bundle-work" / "linux" / "libraries.txt")
    texts = [contents.build_licence_text(site, found), *map(contents.read_debian_licence, system_packages)]
    (folder / "LICENCES.txt").write_text("\n\n".join(texts), encoding="utf-8")
    shutil.copyfile(ROOT / "CHANGELOG.md", folder / "CHANGELOG.md")
    beside = folder / "share"
    beside.mkdir()
    for name in (share.DESKTOP_ENTRY, "intone.svg"):
        shutil.copyfile(LINUX / name, beside / name)
    for name, place in SHARED.items():
        share.install_file(LINUX / name, beside / place)
    run_program(python, "packaging/shipping/completions.py", beside, **share.NO_BYTECODE)

    packages.settle_tree(folder)
    package = archive_path()
    tidy = ("--sort=name", "--owner=0", "--group=0", "--numeric-owner", f"--mtime=@{source_date_epoch()}")
    run_program("tar", *tidy, "-C", WORK / "bundle", "-cJf", package, NAME, XZ_OPT=f"{pack_level('xz')} -T2")
    bill = contents.build_bill(site, found, *LOCKS)
    bill["components"] += [contents.build_debian_component(name, version) for name, version in system_packages.items()]
    figures = {
        "installed_bytes": sizes.total_bytes(folder),
        "environment_bytes": environment_bytes,
        "left_out_bytes": saved,
        "left_out_wholly": sorted({*unused, *trim.list_removed()}),
        "components_bytes": component_sizes(inside),
        **needs.describe(needs.read_needs(folder)),
    }
    return [package, *reports.write_reports(package, "make bundle", bill, figures, *LOCKS)]


def archive_path() -> Path:
    """Return where the archive of the folder lies."""
    return OUT / f"{NAME}-{VERSION}-linux-{run_program('uname', '-m').strip()}.tar.xz"


def find_used(site: Path, module_list: Path) -> set[str]:
    """Return the distributions from which PyInstaller took something; `module_list` lists the modules taken."""
    names = {line.partition(".")[0] for line in module_list.read_text().splitlines()}
    owner = sizes.find_owners(site)
    by_import: dict[str, set[str]] = {}
    for place, name in owner.items():
        by_import.setdefault(place.partition("/")[0].partition(".")[0], set()).add(name)
    return {name for module in names for name in by_import.get(module, set())} | {NAME}


def _find_system_packages(site: Path, library_list: Path) -> dict[str, str]:
    """Return the Debian packages from which PyInstaller took a library, with their versions."""
    found = {}
    for library in map(Path, library_list.read_text().split("\n")):
        if library.is_absolute() and not library.is_relative_to(site.parents[2]):
            owner = run_program("dpkg-query", "--search", library).partition(":")[0]
            found[owner] = run_program("dpkg-query", "--show", "--showformat", "${Version}", owner)
    return dict(sorted(found.items()))


def component_sizes(inside: Path) -> dict[str, int]:
    """Return bytes by what lies in the folder of PyInstaller's libraries, the largest first."""
    found = {
        path.name: sizes.total_bytes(path) if path.is_dir() else path.lstat().st_size
        for path in inside.iterdir()
        if not path.is_symlink()
    }
    return dict(sorted(found.items(), key=lambda entry: -entry[1]))
