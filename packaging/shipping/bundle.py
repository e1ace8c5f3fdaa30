"""Build the one-dir bundle with PyInstaller: a folder with its own Python that runs from anywhere.

Unneeded files are removed before PyInstaller looks, so that it does not follow what is not shipped, and both kinds of
packages leave out the same. PortAudio and its way to the sound server stay the system's: a copy of ALSA would not find
its plugins.

The folder runs on systems whose C library is no older than that of the build machine.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from shipping import contents, environment, sizes, trim
from shipping.deb import PYTHON
from shipping.project import LINUX, NAME, OUT, ROOT, VERSION, WORK, epoch, normal, run

LOCKS = ("app.txt", "package.txt")

NOT_GTK = "platformthemes/libqgtk3.so"
"""Qt's plugin for GTK's file dialogs. A Debian system has GTK or has not; a bundle would include all of GTK."""


def make() -> list[Path]:
    """Build `intone-VERSION-linux-ARCH.tar.xz`; return it and the files beside it."""
    OUT.mkdir(exist_ok=True)
    made = WORK / "bundle-environment"
    site = environment.make(made, PYTHON, *LOCKS)
    whole = sizes.total(site)
    trimmed = trim.leave_out(site, without=(NOT_GTK,))
    spec = ROOT / "packaging" / "pyinstaller" / "linux.spec"
    places = ("--distpath", WORK / "bundle", "--workpath", WORK / "bundle-work")
    python = made / "bin" / "python"
    same = {"PYTHONHASHSEED": "1", "SOURCE_DATE_EPOCH": epoch()}  # reproducible builds
    words = ("-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *places, spec)
    run(python, *words, PYTHONSAFEPATH="1", **same)

    folder = WORK / "bundle" / NAME
    inside = folder / "_internal"
    wanted = _wanted(site, WORK / "bundle-work" / "linux" / "modules.txt")
    found = [each for each in contents.shipped(site) if normal(each.name) in wanted]
    gone = sorted({normal(each.name) for each in contents.shipped(site)} - wanted)
    taken = _of_the_system(site, WORK / "bundle-work" / "linux" / "libraries.txt")
    texts = [contents.licences(site, found), *map(contents.debian_licence, taken)]
    (folder / "LICENCES.txt").write_text("\n\n".join(texts), encoding="utf-8")
    shutil.copyfile(ROOT / "CHANGELOG.md", folder / "CHANGELOG.md")
    share = folder / "share"
    share.mkdir()
    for name in ("intone.desktop", "intone.svg"):
        shutil.copyfile(LINUX / name, share / name)

    package = OUT / f"{NAME}-{VERSION}-linux-{run('uname', '-m').strip()}.tar.xz"
    tidy = ("--sort=name", "--owner=0", "--group=0", "--numeric-owner", f"--mtime=@{epoch()}")
    run("tar", *tidy, "-C", WORK / "bundle", "-cJf", package, NAME, XZ_OPT="-6 -T2")
    holds, sized = OUT / f"{package.name[:-7]}.cdx.json", OUT / f"{package.name[:-7]}.sizes.json"
    bill = contents.bill(site, found, *LOCKS)
    bill["components"] += [contents.debian_component(name, version) for name, version in taken.items()]
    holds.write_text(json.dumps(bill, indent=1) + "\n")
    figures = {
        "package_bytes": package.stat().st_size,
        "installed_bytes": sizes.total(folder),
        "environment_bytes": whole,
        "left_out_bytes": trimmed,
        "left_out_wholly": sorted({*gone, *trim.wholly()}),
        "components_bytes": _components(inside),
    }
    sized.write_text(json.dumps(figures, indent=1) + "\n")
    return [package, holds, sized]


def _wanted(site: Path, listed: Path) -> set[str]:
    """Return the distributions from which PyInstaller took something; `module_list` lists the modules taken."""
    names = {line.partition(".")[0] for line in listed.read_text().splitlines()}
    owner = sizes.owners(site)
    by_import: dict[str, set[str]] = {}
    for place, name in owner.items():
        by_import.setdefault(place.partition("/")[0].partition(".")[0], set()).add(name)
    return {name for module in names for name in by_import.get(module, set())} | {NAME}


def _of_the_system(site: Path, listed: Path) -> dict[str, str]:
    """Return the Debian packages from which PyInstaller took a library, with their versions."""
    found = {}
    for library in map(Path, listed.read_text().split("\n")):
        if library.is_absolute() and not library.is_relative_to(site.parents[2]):
            owner = run("dpkg-query", "--search", library).partition(":")[0]
            found[owner] = run("dpkg-query", "--show", "--showformat", "${Version}", owner)
    return dict(sorted(found.items()))


def _components(inside: Path) -> dict[str, int]:
    found = {
        path.name: sizes.total(path) if path.is_dir() else path.lstat().st_size
        for path in inside.iterdir()
        if not path.is_symlink()
    }
    return dict(sorted(found.items(), key=lambda entry: -entry[1]))
