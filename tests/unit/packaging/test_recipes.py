"""The recipes for Arch Linux and Flatpak: taken by their own tools, and no more permissions than are accounted for."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FLATPAK = ROOT / "packaging/flatpak"

sys.path.append(str(ROOT / "packaging"))
from shipping import arch, bundle, bundle_packages, completions, flatpak, needs, packages, project  # noqa: E402

INSTALL = "is not installed: packaging/debian/recipes.txt"

ASKED = needs.Needs(("libEGL.so.1", "libsystemd.so.0", "libvulkan.so.1", "libxcb.so.1"), "2.38")
"""What a folder of PyInstaller asks of the system."""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive with the files of the folder that do not depend on a build."""
    folder = tmp_path / "intone"
    shared = [f"share/{place}" for place in (*bundle.SHARED.values(), *completions.SHELLS.values())]
    for place in ("intone", "LICENCES.txt", "CHANGELOG.md", "share/intone.svg", *shared):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(place)
    (folder / "intone").chmod(0o755)
    shutil.copy(ROOT / "packaging/linux/app.intone.Intone.desktop", folder / "share")
    path = tmp_path / "intone-0.1.0-linux-x86_64.tar.xz"
    with tarfile.open(path, "w:xz") as target:
        target.add(folder, "intone")
    return path


@pytest.fixture
def build_folder() -> Iterator[Path]:
    """A folder that belongs to the user as whom makepkg builds here."""
    with tempfile.TemporaryDirectory(prefix="intone-arch-") as name:
        if os.geteuid() == 0:
            os.chown(name, 65534, 65534)
        yield Path(name)


def test_pkgbuild_builds_a_package_with_every_file_in_its_place(archive: Path, build_folder: Path) -> None:
    if not shutil.which("makepkg") or not shutil.which("bsdtar"):
        pytest.skip(f"makepkg or bsdtar {INSTALL}")
    folder = build_folder
    shutil.copy(archive, folder)
    (folder / "PKGBUILD").write_text(arch.fill_recipe(archive, os.uname().machine, ASKED, ""))
    user = arch.UNPRIVILEGED[: arch.UNPRIVILEGED.index("env")] if os.geteuid() == 0 else ()
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "PKGEXT": ".pkg.tar.gz"}
    ran = subprocess.run(
        [*user, "makepkg", "--nodeps"], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    (package,) = folder.glob("*.pkg.tar.gz")
    with tarfile.open(package) as content:
        names = {member.name for member in content if not member.isdir() and not member.name.startswith(".")}
        assert content.getmember("usr/bin/intone").linkname == "/opt/intone/intone"
        assert content.getmember("opt/intone/intone").mode & 0o777 == 0o755
    assert names == {
        "opt/intone/intone",
        "opt/intone/LICENCES.txt",
        "opt/intone/CHANGELOG.md",
        "usr/bin/intone",
        "usr/share/applications/app.intone.Intone.desktop",
        "usr/share/icons/hicolor/scalable/apps/intone.svg",
        "usr/share/metainfo/app.intone.Intone.metainfo.xml",
        "usr/share/man/man1/intone.1.gz",
        "usr/share/bash-completion/completions/intone",
        "usr/share/zsh/site-functions/_intone",
        "usr/share/fish/vendor_completions.d/intone.fish",
        "usr/share/licenses/intone-bin/LICENCES.txt",
        "usr/share/doc/intone-bin/CHANGELOG.md",
    }


def test_pkgbuild_refuses_another_archive_than_the_one_it_was_filled_in_for(archive: Path) -> None:
    text = arch.fill_recipe(archive, "x86_64", ASKED, "")
    assert f"sha256sums=('{hashlib.sha256(archive.read_bytes()).hexdigest()}')" in text
    assert f'source=("{archive.name}")' in text
    assert "@" not in re.sub(r"^#.*$", "", text, flags=re.MULTILINE)
    given = arch.fill_recipe(archive, "x86_64", ASKED, "https://example.org/files/")
    assert f'source=("https://example.org/files/{archive.name}")' in given


def test_pkgbuild_depends_on_what_the_package_of_arch_does(archive: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "PKGBUILD"
    recipe.write_text(arch.fill_recipe(archive, "x86_64", ASKED, ""))
    found = [
        subprocess.run(
            ["bash", "-c", f'. "$1"; printf "%s\\n" "${{{name}[@]}}"', "sh", recipe],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        for name in ("depends", "optdepends")
    ]
    own = bundle_packages.list_dependencies(ASKED, "archlinux")
    own = [*own, *packages.read_list("intone", "archlinux", "depends")]
    made = packages.define(tmp_path / "none", "intone", "archlinux", "amd64", own)
    assert found == [made["depends"], made["recommends"]]
    assert {"glibc>=2.38", "fontconfig", "systemd-libs", "libxcb", "ttf-font"} <= set(found[0])


def test_srcinfo_has_what_the_pkgbuild_says(archive: Path, tmp_path: Path) -> None:
    if not shutil.which("makepkg"):
        pytest.skip(f"makepkg {INSTALL}")
    recipe = tmp_path / "arch" / "PKGBUILD"
    recipe.parent.mkdir()
    recipe.write_text(arch.fill_recipe(archive, "x86_64", ASKED, ""))
    summary = arch.print_summary(recipe)
    assert summary.startswith("pkgbase = intone-bin\n")
    assert "\tdepends = glibc>=2.38\n" in summary


def _load_manifest(folder: Path) -> dict[str, object]:
    if not shutil.which("flatpak-builder"):
        pytest.skip(f"flatpak-builder {INSTALL}")
    text = project.fill_template((FLATPAK / flatpak.MANIFEST).read_text(encoding="utf-8"))
    (folder / flatpak.MANIFEST).write_text(text)
    for name in ("app", "build", "portaudio"):
        sources = [{"type": "file", "path": f"{name}.whl", "sha256": "0" * 64}]
        (folder / f"{name}.json").write_text(json.dumps(sources))
    ran = subprocess.run(
        ["flatpak-builder", "--show-manifest", flatpak.MANIFEST],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    shown: dict[str, object] = json.loads(ran.stdout)
    return shown


def test_flatpak_manifest_is_taken_whole_by_its_tool(tmp_path: Path) -> None:
    shown = _load_manifest(tmp_path)
    assert (shown["id"], shown["command"]) == ("app.intone.Intone", "intone")
    modules = shown["modules"]
    assert isinstance(modules, list)
    assert [(module["name"], len(module["sources"])) for module in modules] == [
        ("portaudio", 1),
        ("libraries", 1),
        ("intone", 3),
    ]


def test_flatpak_permissions_are_those_that_are_accounted_for() -> None:
    text = (FLATPAK / flatpak.MANIFEST).read_text(encoding="utf-8")
    granted = re.findall(r"^  - --([\w-]+)=(\S+)", text, re.MULTILINE)
    names = {value for option, value in granted if option.endswith("talk-name")}
    given = tomllib.loads((FLATPAK / "bus_names.toml").read_text(encoding="utf-8"))["given"]
    assert names == set(given)
    assert {f"{option}={value}" for option, value in granted if not option.endswith("talk-name")} == {
        "socket=wayland",
        "socket=fallback-x11",
        "socket=pulseaudio",
        "share=ipc",
        "share=network",
        "device=dri",
    }


def test_flatpak_bus_names_of_the_code_are_given_or_refused_with_a_reason() -> None:
    table = tomllib.loads((FLATPAK / "bus_names.toml").read_text(encoding="utf-8"))
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "desktop").rglob("*.py"))
    found = set(re.findall(r'"((?:org|com|net|io)(?:\.\w+){2,}\.?)"', source)) | {"org.freedesktop.secrets"}
    names = {name for name in found if not any(fnmatchcase(name, pattern) for pattern in table["interfaces"])}
    known = {**table["given"], **table["always"], **table["refused"]}
    assert names == {name.removesuffix("*") for name in known}
    assert all(known.values())


def test_list_sources_takes_only_what_the_lock_pins() -> None:
    def report(digest: str) -> dict[str, object]:
        told = {"url": "https://example.org/a/some_thing-1.0.whl", "archive_info": {"hashes": {"sha256": digest}}}
        return {"install": [{"metadata": {"name": "Some_Thing", "version": "1.0"}, "download_info": told}]}

    pins = {"some-thing": ("1.0", ["aa"])}
    assert flatpak.list_sources(report("aa"), pins) == [
        {"type": "file", "url": "https://example.org/a/some_thing-1.0.whl", "sha256": "aa"}
    ]
    with pytest.raises(ValueError, match=r"Some_Thing 1\.0 is not the one of the lock"):
        flatpak.list_sources(report("bb"), pins)


CHANGES = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n## [0.1.0] - 2026-01-02\n"


def test_releases_are_those_of_the_changelog() -> None:
    first, second = project.format_releases(CHANGES, "0.2.0", "2026-03-04").split("\n    ")
    assert first == '<release version="0.2.0" date="2026-03-04" type="development"/>'
    assert second == '<release version="0.1.0" date="2026-01-02"/>'
    assert project.format_releases(CHANGES, "0.1.0", "2026-03-04") == second
    for wrong in (CHANGES.replace("[Unreleased]", "Soon"), ""):
        with pytest.raises(ValueError, match=r"CHANGELOG\.md"):
            project.format_releases(wrong, "0.2.0", "2026-03-04")


def test_appstream_complains_of_the_missing_home_page_alone(tmp_path: Path) -> None:
    if not shutil.which("appstreamcli"):
        pytest.skip("appstreamcli is not installed: packaging/debian/package.txt")
    page = tmp_path / "app.intone.Intone.metainfo.xml"
    page.write_text(project.fill_template((ROOT / "packaging/linux" / page.name).read_text(encoding="utf-8")))
    command = ["appstreamcli", "validate", "--no-net", "--pedantic", "--explain", "--format=yaml", page]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert set(re.findall(r"tag: (\S+)", ran.stdout)) == {"url-homepage-missing", "cid-contains-uppercase-letter"}
