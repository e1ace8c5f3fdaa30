"""Build what users of Windows install, on Linux: the installer, the same folder as an archive, and the add-ons.

Beside them lie the contents (CycloneDX), the sizes, and the manifests for winget and Scoop. The folder is built in
`shipping.windows_folder`; the installers are NSIS's, of the scripts in packaging/windows.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from shipping import bundle, contents, pe, reports, sizes, trim, windows_contents, windows_folder, windows_manifests
from shipping.project import NAME, OUT, ROOT, VERSION, WORK, normalize_name, run_program, source_date_epoch

SCRIPTS = ROOT / "packaging/windows"
STEM = "windows-x86_64"

BESIDE = ("CHANGELOG.md", "Intone Dictation.exe", "LICENCES.txt", "intone.exe")
"""What lies beside `_internal`; `installer.nsi` moves and deletes these by name, and its uninstaller."""

LONGEST_PATH = 160
"""Characters of a path below the folder: Windows stops at 259, and the folder's own place takes the rest, with that
into which the installer unpacks."""

OFFERED = ("python3.dll", "python313.dll", *windows_folder.RUNTIME)
"""What the app's process has loaded, or finds, for an add-on."""


@dataclass(frozen=True)
class AddOn:
    """What is installed beside the app; `owned` are the prefixes of its files' names, `title` its name in Windows, and
    `runtime` the libraries of Microsoft's that its folder needs and the app's does not."""

    lock: str
    owned: tuple[str, ...]
    title: str
    runtime: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


ADD_ONS = {
    "cuda": AddOn("cuda.txt", ("nvidia",), "Intone CUDA"),
    "local-llm": AddOn("local-llm.txt", ("xllamacpp",), "Intone language model", {"xllamacpp": ("vcomp140.dll",)}),
}


def make_windows() -> list[Path]:
    """Build the installer and the archive; return them and the files beside them."""
    OUT.mkdir(exist_ok=True)
    windows_folder.make_environment()
    site = windows_folder.SITE
    environment_bytes = sizes.total_bytes(site)
    saved = trim.remove_but(site, windows_folder.find_qt_files(site))
    windows_folder.run_pyinstaller()
    return pack(site, environment_bytes, saved)


def pack(site: Path, environment_bytes: int, saved: Mapping[str, int]) -> list[Path]:
    """Make the packages of the folder that PyInstaller has made out of `site`; return them and the files beside them.
    Raises `FolderError` where the folder is not as it must be."""
    folder = windows_folder.FOLDER
    inside = folder / "_internal"
    used = bundle.find_used(site, windows_folder.REPORTS / "modules.txt") | {windows_contents.BOOTLOADER}
    every = contents.list_distributions(site)
    found = [each for each in every if normalize_name(each.name) in used]
    unused = sorted({normalize_name(each.name) for each in every} - used)
    python_licence = (windows_folder.HOME / "python/LICENSE.txt").read_text(encoding="utf-8")
    python_title = f"Python {windows_contents.read_python_version(inside / 'python313.dll')}, with its libraries"
    texts = [
        contents.build_licence_text(site, found),
        contents.with_heading(python_title, python_licence),
        windows_contents.read_installer_notice(),
    ]
    (folder / "LICENCES.txt").write_text("\n\n".join(texts), encoding="utf-8", newline="\r\n")
    shutil.copyfile(ROOT / "CHANGELOG.md", folder / "CHANGELOG.md")
    if problems := find_problems(folder):
        raise windows_folder.FolderError("\n".join(problems))

    installer, archive = OUT / f"{NAME}-{VERSION}-{STEM}-setup.exe", OUT / f"{NAME}-{VERSION}-{STEM}.zip"
    make_installer(folder, installer, VERSION)
    write_archive(folder, archive)
    bill = contents.build_bill(site, found, *windows_folder.LOCKS)
    nsis = _read_nsis_version()
    bill["components"] += windows_contents.build_components(inside, windows_folder.load_desk().PACKAGES, nsis)
    manifests = windows_manifests.write_manifests(OUT, installer, archive, windows_contents.build_expression(bill))
    figures = {
        "archive_bytes": archive.stat().st_size,
        "installed_bytes": sizes.total_bytes(folder),
        "environment_bytes": environment_bytes,
        "left_out_bytes": saved,
        "left_out_wholly": sorted({*unused, *trim.list_removed()}),
        "components_bytes": bundle.component_sizes(inside),
    }
    pages = reports.write_reports(
        *(installer, "make windows", bill, figures, *windows_folder.LOCKS), beside=[archive], tools={"nsis": nsis}
    )
    return [installer, archive, *pages, *manifests]


def make_add_on(name: str) -> list[Path]:
    """Build the installer of one of `ADD_ONS`; return it and the files beside it."""
    add_on, root = ADD_ONS[name], WORK / f"windows-{name}"
    shutil.rmtree(root, ignore_errors=True)
    OUT.mkdir(exist_ok=True)
    site, folder = root / "site", root / "folder"
    windows_folder.install_packages(site, "--require-hashes", "-r", f"lock/{add_on.lock}")
    trim.remove_but(site, frozenset())
    found = contents.list_distributions(site)
    for path in site.iterdir():
        if path.name.startswith(add_on.owned):
            shutil.copytree(path, folder / path.name)
    for place, names in add_on.runtime.items():
        windows_folder.unpack_runtime(folder / place, names)
    if problems := windows_folder.check_folder(folder, (*windows_folder.read_system_list(), *OFFERED)):
        raise windows_folder.FolderError("\n".join(problems))
    (folder / f"LICENCES-{name}.txt").write_text(
        contents.build_licence_text(site, found), encoding="utf-8", newline="\r\n"
    )
    installer = OUT / f"{NAME}-{name}-{VERSION}-{STEM}-setup.exe"
    make_add_on_installer(name, folder, installer, VERSION, "-DFAST")
    bill = contents.build_bill(site, found, add_on.lock)
    figures = {"installed_bytes": sizes.total_bytes(folder)}
    tools = {"nsis": _read_nsis_version()}
    return [
        installer,
        *reports.write_reports(installer, f"make windows-{name}", bill, figures, add_on.lock, tools=tools),
    ]


def make_add_on_installer(name: str, folder: Path, installer: Path, version: str, *options: str) -> None:
    """Write the installer of one of `ADD_ONS`, whose parts are what lies in `folder`."""
    parts = sorted(path.name for path in folder.iterdir())
    lines = ("!macro EACH_PART action", *(f'!insertmacro ${{action}} "{part}"' for part in parts), "!macroend", "")
    script = installer.with_suffix(".parts.nsh")
    script.write_text("\n".join(lines))
    try:
        _make_nsis(
            "add_on.nsi", folder, installer, version, *options, NAME=name, TITLE=ADD_ONS[name].title, PARTS=str(script)
        )
    finally:
        script.unlink()


def find_problems(folder: Path) -> list[str]:
    """Return what keeps the folder from being shipped."""
    problems = windows_folder.check_folder(folder, windows_folder.read_system_list())
    beside = sorted(path.name for path in folder.iterdir() if path.name != "_internal")
    if beside != sorted(BESIDE):
        problems.append(f"beside _internal lie {beside}")
    names = {path.name.lower() for path in pe.find_files(folder / "_internal") if path.parent.name == "_internal"}
    problems += [f"{name} is missing at the root" for name in windows_folder.RUNTIME if name not in names]
    places = (path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    return problems + [f"{place}: too long a path" for place in places if len(place) > LONGEST_PATH]


def make_installer(folder: Path, installer: Path, version: str, *options: str) -> None:
    """Write the installer of a folder; `options` are makensis' own."""
    _make_nsis("installer.nsi", folder, installer, version, *options)


def _make_nsis(script: str, folder: Path, installer: Path, version: str, *options: str, **defined: str) -> None:
    if not windows_folder.ICON.exists():
        windows_folder.draw_icon()
    numbers = ".".join((*version.split("."), "0", "0", "0", "0")[:4])
    defines = {
        "FOLDER": str(folder),
        "OUT": str(installer),
        "ICON": str(windows_folder.ICON),
        "VERSION": version,
        "NUMBERS": numbers,
        "SIZE_KB": str(sizes.total_bytes(folder) // 1024),
        **defined,
    }
    words = [f"-D{name}={value}" for name, value in defines.items()]
    _set_times(folder)
    fixed = ("-V2", "-WX", "-INPUTCHARSET", "UTF8", "-XTarget amd64-unicode")
    run_program("makensis", *fixed, *options, *words, SCRIPTS / script, SOURCE_DATE_EPOCH=source_date_epoch())


def write_archive(folder: Path, archive: Path) -> None:
    """Write the folder as an archive that is the same for the same files: sorted, with the commit's time."""
    moment = datetime.fromtimestamp(int(source_date_epoch()), UTC).timetuple()[:6]
    with ZipFile(archive, "w") as zipped:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = ZipInfo((Path(NAME) / path.relative_to(folder)).as_posix(), moment)
                entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
                zipped.writestr(entry, path.read_bytes(), compresslevel=9)


def _set_times(folder: Path) -> None:
    """Give all files the commit's time, which an installer keeps."""
    moment = int(source_date_epoch())
    for path in folder.rglob("*"):
        os.utime(path, (moment, moment))


def _read_nsis_version() -> str:
    return run_program("makensis", "-VERSION").strip().removeprefix("v")
