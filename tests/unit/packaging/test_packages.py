"""The packages of Linux: what the one definition says in each format, and small packages that the real tools read."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
sys.path.append(str(ROOT / "packaging"))
from shipping import bundle_packages, contents, deb, needs, packages, project, windows_contents  # noqa: E402

EPOCH = 1_700_000_000
NEEDED = {"deb": ("dpkg-deb", "ar", "xz"), "rpm": ("rpm",), "archlinux": ("bsdtar", "zstd")}
"""What writes and reads each format, beside nfpm."""

FILES = {
    "opt/intone/intone": ("\x7fELF", 0o700),
    "opt/intone/_internal/library.so": ("library", 0o755),
    "opt/intone/_internal/module.py": ("module", 0o755),
    "usr/share/doc/intone/CHANGELOG.md": ("changes", 0o600),
    "usr/share/licenses/intone/LICENCES.txt": ("licences", 0o644),
    "usr/share/man/man1/intone.1.gz": ("page", 0o644),
}
MODES = {
    "/opt/intone": "drwxr-xr-x",
    "/opt/intone/intone": "-rwxr-xr-x",
    "/opt/intone/_internal/module.py": "-rw-r--r--",
    "/opt/intone/_internal/library.so": "-rw-r--r--",
    "/usr/share/doc/intone/CHANGELOG.md": "-rw-r--r--",
}


@pytest.fixture
def epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commit's time."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH))


def lay_out(tree: Path) -> Path:
    """Make a small tree of the app's shape."""
    for place, (text, mode) in FILES.items():
        path = tree / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)
    (tree / "usr/bin").mkdir()
    (tree / "usr/bin/intone").symlink_to("/opt/intone/intone")
    (tree / "opt/intone/_internal/library.so.1").symlink_to("library.so")
    return tree


def make(folder: Path, form: str, architecture: str = "amd64") -> Path:
    """Make a small package in `folder` with the real nfpm."""
    missing = [name for name in NEEDED[form] if not shutil.which(name)]
    if missing or not packages.NFPM.exists():
        pytest.skip(f"not installed (make dev): {', '.join(missing or ['nfpm'])}")
    depends = bundle_packages.list_dependencies(needs.Needs(("libEGL.so.1",), "2.38"), form) if form != "deb" else []
    tree = lay_out(folder / "tree")
    places = {"out": folder, "work": folder}
    return packages.make_package(tree, "intone", form, architecture=architecture, depends=depends, **places)


def said(*words: str | Path) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def test_a_small_deb_is_what_dpkg_reads(tmp_path: Path, epoch: None) -> None:
    package = make(tmp_path, "deb")
    assert package.name == f"intone_{project.VERSION}_amd64.deb"
    control = dict(line.split(": ", 1) for line in said("dpkg-deb", "-f", package).splitlines() if ": " in line)
    assert control["Version"] == project.VERSION
    assert control["Maintainer"] == packages.DEFINITION["maintainer"]
    assert control["Recommends"] == "wl-clipboard, libvulkan1"
    assert control["Description"] == "Push-to-talk dictation"
    assert "\n .\n" in said("dpkg-deb", "-f", package, "Description")
    scripts = ROOT / "packaging/debian"
    said("dpkg-deb", "--control", package, tmp_path / "control")
    assert (tmp_path / "control/preinst").read_bytes() == (scripts / "intone.preinst").read_bytes()
    assert (tmp_path / "control/postrm").read_bytes() == (scripts / "intone.postrm").read_bytes()
    rows = {line.split()[5].lstrip("."): line.split() for line in said("dpkg-deb", "-c", package).splitlines()}
    assert {place: rows[place][0] for place in MODES if place != "/opt/intone"} == {
        place: mode for place, mode in MODES.items() if place != "/opt/intone"
    }
    assert rows["/usr/bin/intone"][0] == "lrwxrwxrwx"
    assert {row[1] for row in rows.values()} == {"root/root"}
    said("dpkg-deb", "-x", package, tmp_path / "out")
    assert (tmp_path / "out/usr/bin/intone").readlink() == Path("/opt/intone/intone")
    assert (tmp_path / "out/opt/intone/_internal/library.so.1").readlink() == Path("library.so")
    assert {(tmp_path / "out" / place).stat().st_mtime for place in FILES} == {EPOCH}
    assert said("ar", "t", package).split() == ["debian-binary", "control.tar.gz", "data.tar.xz"]


def test_a_small_rpm_is_what_rpm_reads(tmp_path: Path, epoch: None) -> None:
    package = make(tmp_path, "rpm")
    assert package.name == f"intone-{project.VERSION}-1.x86_64.rpm"
    head = said("rpm", "-qp", "--qf", "%{version} %{buildtime} %{buildhost} %{summary}", package)
    assert head == f"{project.VERSION} {EPOCH} intone Push-to-talk dictation"
    requires = said("rpm", "-qp", "--requires", package).splitlines()
    assert {"libEGL.so.1()(64bit)", "libc.so.6(GLIBC_2.38)(64bit)", "/usr/bin/pactl"} <= set(requires)
    assert "(alsa-plugins-pulseaudio or alsa-plugins-pulse or pipewire-alsa)" in requires
    assert "wl-clipboard" in said("rpm", "-qp", "--recommends", package).split()
    assert said("rpm", "-qp", "--scripts", package) == ""
    query = "[%{FILENAMES} %{FILEMODES:perms} %{FILEUSERNAME} %{FILEMTIMES} %{FILELINKTOS}\n]"
    rows = {line.split()[0]: line.split()[1:] for line in said("rpm", "-qp", "--qf", query, package).splitlines()}
    assert {place: rows[place][0] for place in MODES} == MODES
    assert {row[1] for row in rows.values()} == {"root"}
    assert {rows[f"/{place}"][2] for place in FILES} == {str(EPOCH)}
    assert rows["/usr/bin/intone"][3] == "/opt/intone/intone"
    assert not {"/usr", "/usr/bin", "/opt", "/usr/share/man", "/usr/share/licenses"} & set(rows)
    assert said("rpm", "-qp", "--licensefiles", package).split() == ["/usr/share/licenses/intone/LICENCES.txt"]
    assert "/usr/share/man/man1/intone.1.gz" in said("rpm", "-qp", "--docfiles", package).split()


def test_a_small_package_of_arch_is_what_bsdtar_reads(tmp_path: Path, epoch: None) -> None:
    package = make(tmp_path, "archlinux")
    assert package.name == f"intone-{project.VERSION}-1-x86_64.pkg.tar.zst"
    lines = said("bsdtar", "-xOf", package, ".PKGINFO").splitlines()
    about = [line.split(" = ", 1) for line in lines if " = " in line]
    assert dict(about)["pkgdesc"] == "Push-to-talk dictation"
    assert dict(about)["packager"] == packages.DEFINITION["maintainer"]
    assert dict(about)["builddate"] == str(EPOCH)
    depends = {value for key, value in about if key == "depend"}
    assert {"glibc>=2.38", "libglvnd", "portaudio", "libpulse"} <= depends
    assert [value for key, value in about if key == "optdepend"] == packages.read_list(
        "intone", "archlinux", "recommends"
    )
    listed = {name.rstrip("/") for name in said("bsdtar", "-tf", package).splitlines()}
    assert set(FILES) | {"usr/bin/intone", ".PKGINFO", ".MTREE"} <= listed
    index = gzip.decompress(
        subprocess.run(["bsdtar", "-xOf", package, ".MTREE"], capture_output=True, check=True).stdout
    )
    assert set(re.findall(r"mode=(\d+) type=dir", index.decode())) == {"755"}
    said("bsdtar", "-xf", package, "-C", lay_out_folder(tmp_path / "out"))
    assert (tmp_path / "out/opt/intone/intone").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "out/usr/bin/intone").readlink() == Path("/opt/intone/intone")
    assert {(tmp_path / "out" / place).stat().st_mtime for place in FILES} == {EPOCH}


def lay_out_folder(path: Path) -> Path:
    path.mkdir()
    return path


@pytest.mark.parametrize("form", packages.FORMATS)
def test_a_package_is_the_same_of_another_folder_and_umask(
    tmp_path: Path, form: str, epoch: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make(lay_out_folder(tmp_path / "one"), form)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    before = os.umask(0o077)
    try:
        second = make(lay_out_folder(tmp_path / "another"), form)
    finally:
        os.umask(before)
    assert first.name == second.name
    assert sha256(first.read_bytes()).digest() == sha256(second.read_bytes()).digest()


@pytest.mark.parametrize(("form", "ending"), [("deb", "_arm64.deb"), ("rpm", ".aarch64.rpm")])
def test_architecture_is_named_as_each_format_names_it(tmp_path: Path, form: str, ending: str, epoch: None) -> None:
    assert make(tmp_path, form, "arm64").name.endswith(ending)


def test_date_of_a_package_is_the_commits(tmp_path: Path, epoch: None) -> None:
    settings = packages.define(lay_out(tmp_path), "intone", "rpm", "amd64", [])
    assert settings["mtime"] == datetime.fromtimestamp(EPOCH, UTC).isoformat()
    assert settings["version"] == project.VERSION


def test_extras_need_the_app_of_their_version(tmp_path: Path, epoch: None) -> None:
    assert {f"intone-{name}" for name in deb.EXTRAS} == {name for name in packages.DEFINITION if "-" in name}
    for name in deb.EXTRAS:
        assert f"intone (= {project.VERSION})" in packages.read_list(f"intone-{name}", "deb", "depends")


def test_debian_package_needs_what_the_setup_installs() -> None:
    depends = deb.read_dependencies("3.13")
    assert {"python3.13", "libportaudio2", "pulseaudio-utils"} <= set(depends)
    assert not {"python3-venv", "wl-clipboard", "libvulkan1"} & set(depends)


READELF = """
  NEEDED               Shared library: [libc.so.6]
 0x0000000000000001 (NEEDED)             Shared library: [libEGL.so.1]
 0x0000000000000001 (NEEDED)             Shared library: [libm.so.6]
 0x0000000000000001 (NEEDED)             Shared library: [libours.so.3]
 0x0000000000000001 (NEEDED)             Shared library: [ld-linux-aarch64.so.1]
  0x0010:   Name: GLIBC_2.9  Flags: none  Version: 2
  0x0020:   Name: GLIBC_2.34  Flags: none  Version: 3
  0x0030:   Name: GLIBC_ABI_DT_RELR  Flags: none  Version: 4
"""


def test_needs_are_the_libraries_that_are_not_there_and_the_newest_c_library() -> None:
    assert needs.parse(READELF, ["libours.so.3"]) == needs.Needs(("libEGL.so.1",), "2.34")


def test_needs_of_a_folder_are_read_from_its_programs(tmp_path: Path) -> None:
    if not shutil.which("readelf"):
        pytest.skip("not installed (make dev): readelf")
    shutil.copy("/bin/ls", tmp_path / "ls")
    (tmp_path / "text").write_text("text")
    asked = needs.read_needs(tmp_path)
    assert asked.glibc.startswith("2.")
    assert not any(name.startswith("libc.") for name in asked.libraries)


def test_a_library_without_a_package_stops_the_build() -> None:
    asked = needs.Needs(("libEGL.so.1", "libodd.so.1", "libvulkan.so.1"), "2.38")
    with pytest.raises(bundle_packages.UnknownLibrary, match=r"packages\.toml, `libraries`, lacks libodd\.so\.1$"):
        bundle_packages.list_dependencies(asked, "archlinux")


def test_every_debian_package_in_the_folder_has_a_licence() -> None:
    component = contents.build_debian_component("libssl3t64", "3.5")
    assert windows_contents.build_expression({"components": [component]}) == "MIT AND Apache-2.0"
    unknown = contents.build_debian_component("libodd1", "1")
    with pytest.raises(windows_contents.UnknownLicence, match="not named: libodd1"):
        windows_contents.build_expression({"components": [unknown]})
