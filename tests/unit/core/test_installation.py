"""How this installation is updated is read from the installation itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.installation import (
    APT_SOURCE,
    DEBIAN_PREFIX,
    find_program,
    format_update_hint,
    is_unpacked_image,
)


@pytest.mark.parametrize(
    ("program", "prefix", "platform", "frozen", "has_source", "code"),
    [
        ("/opt/intone/bin/python3", str(DEBIAN_PREFIX), "linux", False, True, "update-by-apt"),
        ("/opt/intone/bin/python3", str(DEBIAN_PREFIX), "linux", False, False, "update-by-package"),
        ("/opt/intone/intone", "/opt/intone/_internal", "linux", True, True, "update-by-package"),
        ("/home/user/bin/python3", "/home/user/.local/share/uv/tools/intone", "linux", False, True, "update-by-tool"),
        ("/opt/other/intone", "/opt/other/_internal", "linux", True, True, "update-by-download"),
        (r"C:\Intone\intone.exe", r"C:\Intone\_internal", "win32", True, False, "update-by-installer"),
    ],
)
def test_update_hint_names_what_put_it_there(
    tmp_path: Path, program: str, prefix: str, platform: str, frozen: bool, has_source: bool, code: str
) -> None:
    if has_source:
        (tmp_path / APT_SOURCE).parent.mkdir(parents=True)
        (tmp_path / APT_SOURCE).touch()
    hint = format_update_hint(program, prefix=prefix, platform=platform, frozen=frozen, root=tmp_path)
    assert hint.code == code
    assert hint.title.endswith((".", "intone"))


def test_program_is_that_of_this_installation(tmp_path: Path) -> None:
    python = tmp_path / "python"
    assert find_program(str(python), {}, prefix=str(tmp_path), frozen=False) == (str(python), "-P", "-m", "desktop")
    (tmp_path / "intone").touch()
    assert find_program(str(python), {}, prefix=str(tmp_path), frozen=False) == (str(tmp_path / "intone"),)


def test_program_of_a_folder_or_an_image_is_itself(tmp_path: Path) -> None:
    program, image = str(tmp_path / "usr/bin/intone"), "/home/user/Intone.AppImage"
    inside = {"APPIMAGE": image, "APPDIR": str(tmp_path)}
    assert find_program(program, inside, frozen=True) == (image,)
    of_another = {"APPIMAGE": image, "APPDIR": "/tmp/.mount_other"}
    assert find_program(program, of_another, frozen=True) == find_program(program, {}, frozen=True) == (program,)


def test_image_is_unpacked_where_its_folder_is_no_mount(tmp_path: Path) -> None:
    image = {"APPIMAGE": "/home/user/Intone.AppImage"}
    assert is_unpacked_image(str(tmp_path / "usr/bin/intone"), {**image, "APPDIR": str(tmp_path)})
    assert not is_unpacked_image("/usr/bin/intone", {**image, "APPDIR": "/"})
    assert not is_unpacked_image("/opt/intone/intone", {**image, "APPDIR": str(tmp_path)})
    assert not is_unpacked_image(str(tmp_path / "intone"), {})
