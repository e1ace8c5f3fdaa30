"""Build the tree of the Debian package: the app's environment under /opt/intone on Debian's Python, and its desktop
files. `shipping.packages` makes the package of it.

The environment is not a copy of a virtual environment but has its shape: `pyvenv.cfg`, two links to Debian's Python and
the packages. So no script names the build folder. Bytecode is compiled beforehand, with its final paths and without
dates: nothing is written under /opt/intone later, and removing the package leaves nothing.

No model is included, since which one fits is only known on the machine. What few users need is a separate package that
adds to the same environment and leaves no trace when removed: CUDA, 0.7 GB that serve only NVIDIA cards, and llama.cpp.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from shipping import contents, elf, environment, needs, packages, reports, share, sizes, trim
from shipping.environment import PYTHON
from shipping.project import LINUX, NAME, ROOT, WORK, run_program
from shipping.target import PROCESSORS, Target

HOME = Path("opt/intone")

BUILD_ONLY = ("python3-venv",)
"""Packages of packaging/debian/app.txt needed to build the environment but not to run it."""


@dataclass(frozen=True)
class Extra:
    """A package beside the app's, from its own lock; `owned` are the prefixes of its files' names."""

    lock: str
    owned: tuple[str, ...]
    architectures: tuple[str, ...] = tuple(PROCESSORS)


EXTRAS = {
    "cuda": Extra("cuda.txt", ("nvidia",), ("amd64",)),
    "local-llm": Extra("local-llm.txt", ("xllamacpp",)),
}


def make_deb(architecture: str = "") -> list[Path]:
    """Build `intone_VERSION_ARCH.deb` for this machine's architecture or another one; return it and the files beside
    it."""
    target = Target.of(architecture)
    root = _create_root(target.name_folder("deb"))
    tools = WORK / "deb-environment"
    host_packages = environment.create_environment(tools, PYTHON, "app.txt")
    python = tools / "bin" / "python"
    share.install_share(root, python)

    folder, site_packages = tools, host_packages
    if target.is_foreign:
        folder = WORK / target.name_folder("deb-environment")
        site_packages = environment.create_environment(folder, PYTHON, "app.txt", machine=target.wheels)
    site = root / HOME / site_packages.relative_to(folder)
    shutil.copytree(site_packages, site, symlinks=True)
    environment.add_packages(tools, "package.txt")  # shtab, which is not shipped
    share.install_completions(root, python, "debian")
    elf.check_machine(site, target.machine)
    version = site.parent.name.removeprefix("python")
    owner, total_bytes = sizes.find_owners(site), sizes.total_bytes(site)
    saved = trim.remove_unneeded(site)
    found = contents.list_distributions(site)
    licences, bill = contents.build_licence_text(site, found), contents.build_bill(site, found, "app.txt")
    _make_environment(root / HOME, site, version)
    _compile(root, site)
    share.install_file(LINUX / "intone.sh", root / "usr/bin/intone", 0o755)
    share.install_debian_documents(root, NAME, licences)
    components = sizes.sum_by_component(site, owner)
    figures = {
        "installed_bytes": sum(components.values()),
        "before_leaving_out_bytes": total_bytes,
        "left_out_bytes": saved,
        "left_out_wholly": trim.list_removed(),
        "components_bytes": components,
    }
    glibc = needs.read_needs(root / HOME).glibc
    depends = [f"libc6 (>= {glibc})", *read_dependencies(version)]
    package = packages.make_package(root, NAME, "deb", architecture=target.architecture, depends=depends)
    return [package, *reports.write_reports(package, target.command("deb"), bill, figures, "app.txt", "package.txt")]


def make_extra(name: str, architecture: str = "") -> list[Path]:
    """Build `intone-NAME_VERSION_ARCH.deb`, which adds one of `EXTRAS`; return it and the files beside it."""
    extra, package_name, target = EXTRAS[name], f"{NAME}-{name}", Target.of(architecture)
    target.check_known(package_name, extra.architectures)
    root = _create_root(target.name_folder(f"deb-{name}"))
    folder = WORK / target.name_folder(f"deb-{name}-environment")
    site_packages = environment.create_environment(folder, PYTHON, extra.lock, app=False, machine=target.wheels)
    site = root / HOME / site_packages.relative_to(folder)
    site.mkdir(parents=True)
    for path in site_packages.iterdir():
        if path.name.startswith(extra.owned):
            shutil.copytree(path, site / path.name)
    elf.check_machine(site, target.machine)
    owner, total_bytes = sizes.find_owners(site), sizes.total_bytes(site)
    saved = trim.remove_unneeded(site)
    found = contents.list_distributions(site)
    licences, bill = contents.build_licence_text(site, found), contents.build_bill(site, found, extra.lock)
    environment.remove_build_traces(site)
    _compile(root, site)
    share.install_debian_documents(root, package_name, licences)
    components = sizes.sum_by_component(site, owner)
    figures = {
        "installed_bytes": sum(components.values()),
        "before_leaving_out_bytes": total_bytes,
        "left_out_bytes": saved,
        "left_out_wholly": [],
        "components_bytes": components,
    }
    package = packages.make_package(root, package_name, "deb", architecture=target.architecture)
    return [package, *reports.write_reports(package, target.command(f"deb-{name}"), bill, figures, extra.lock)]


def _create_root(name: str) -> Path:
    root = WORK / name
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    return root


def _make_environment(home: Path, site: Path, version: str) -> None:
    """Turn the folder into an environment on Debian's Python, without traces of the build folder."""
    (home / "pyvenv.cfg").write_text(f"home = /usr/bin\ninclude-system-site-packages = false\nversion = {version}\n")
    (home / "bin").mkdir()
    (home / "bin" / "python").symlink_to(f"/usr/bin/python{version}")
    (home / "bin" / "python3").symlink_to("python")
    environment.remove_build_traces(site)


def _compile(root: Path, site: Path) -> None:
    arguments = ("-m", "compileall", "-q", "-j2", "--invalidation-mode", "unchecked-hash", "-s", root, "-p", "/")
    run_program(PYTHON, *arguments, site, PYTHONDONTWRITEBYTECODE="", PYTHONHASHSEED="1")


def read_dependencies(version: str) -> list[str]:
    """Return Debian's Python and the packages of packaging/debian/app.txt that the app cannot run without."""
    lines = (ROOT / "packaging/debian/app.txt").read_text(encoding="utf-8").splitlines()
    names = [name for line in lines for name in line.partition("#")[0].split()]
    left = {*BUILD_ONLY, *packages.read_list(NAME, "deb", "recommends")}
    return [f"python{version}", *(name for name in names if name not in left)]
