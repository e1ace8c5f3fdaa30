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
from shipping.deb import PYTHON, fill_template
from shipping.project import LINUX, NAME, OUT, ROOT, VERSION, WORK, normalize_name, run_program, source_date_epoch

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
    saved = trim.remove_unneeded(site, without=(GTK_PLUGIN,))
    spec = ROOT / "packaging" / "pyinstaller" / "linux.spec"
    places = ("--distpath", WORK / "bundle", "--workpath", WORK / "bundle-work")
    python = environment_folder / "bin" / "python"
    reproducible = {"PYTHONHASHSEED": "1", "SOURCE_DATE_EPOCH": source_date_epoch()}  # reproducible builds
    arguments = ("-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *places, spec)
    run_program(python, *arguments, PYTHONSAFEPATH="1", **reproducible)

    folder = WORK / "bundle" / NAME
    inside = folder / "_internal"
    used = find_used(site, WORK / "bundle-work" / "linux" / "modules.txt")
    found = [each for each in contents.list_distributions(site) if normalize_name(each.name) in used]
    unused = sorted({normalize_name(each.name) for each in contents.list_distributions(site)} - used)
    system_packages = _find_system_packages(site, WORK / "bundle-work" / "linux" / "libraries.txt")
    texts = [contents.build_licence_text(site, found), *map(contents.read_debian_licence, system_packages)]
    (folder / "LICENCES.txt").write_text("\n\n".join(texts), encoding="utf-8")
    shutil.copyfile(ROOT / "CHANGELOG.md", folder / "CHANGELOG.md")
    share = folder / "share"
    share.mkdir()
    for name in ("app.intone.Intone.desktop", "intone.svg"):
        shutil.copyfile(LINUX / name, share / name)
    for name, place in SHARED.items():
        (share / place).parent.mkdir(parents=True, exist_ok=True)
        (share / place).write_text(fill_template((LINUX / name).read_text(encoding="utf-8")), encoding="utf-8")
    run_program(python, "packaging/shipping/completions.py", share)

    package = OUT / f"{NAME}-{VERSION}-linux-{run_program('uname', '-m').strip()}.tar.xz"
    tidy = ("--sort=name", "--owner=0", "--group=0", "--numeric-owner", f"--mtime=@{source_date_epoch()}")
    run_program("tar", *tidy, "-C", WORK / "bundle", "-cJf", package, NAME, XZ_OPT="-6 -T2")
    bill_path, sizes_path = OUT / f"{package.name[:-7]}.cdx.json", OUT / f"{package.name[:-7]}.sizes.json"
    bill = contents.build_bill(site, found, *LOCKS)
    bill["components"] += [contents.build_debian_component(name, version) for name, version in system_packages.items()]
    bill_path.write_text(json.dumps(bill, indent=1) + "\n")
    figures = {
        "package_bytes": package.stat().st_size,
        "installed_bytes": sizes.total_bytes(folder),
        "environment_bytes": environment_bytes,
        "left_out_bytes": saved,
        "left_out_wholly": sorted({*unused, *trim.list_removed()}),
        "components_bytes": component_sizes(inside),
    }
    sizes_path.write_text(json.dumps(figures, indent=1) + "\n")
    return [package, bill_path, sizes_path]


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
