"""What makes a Debian package for another processor: its name, its wheels, what its libraries load, and no mix-up."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest

ROOT = Path(__file__).parents[3]

sys.path.append(str(ROOT / "packaging"))
from shipping import contents, deb, elf, environment, trim  # noqa: E402
from shipping.target import PROCESSORS, Target, UnknownProcessor  # noqa: E402

HEAD = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00"
"""The first 18 bytes of a library of 64 bits, little-endian: the processor comes next."""

AMD64, ARM64, RISCV = b"\x3e\x00", b"\xb7\x00", b"\xf3\x00"

BIG_ENDIAN = b"\x7fELF\x02\x02\x01" + bytes(9) + b"\x00\x03\x00\xb7"

QT_GUI = """\
Dynamic section at offset 0x7d8 contains 4 entries:
  Tag        Type                         Name/Value
 0x0000000000000001 (NEEDED)             Shared library: [libQt6Core.so.6]
 0x0000000000000001 (NEEDED)             Shared library: [libc.so.6]
 0x000000000000000e (SONAME)             Library soname: [libQt6Gui.so.6]
 0x000000000000000f (RPATH)              Library rpath: [$ORIGIN/:$ORIGIN/../shiboken6/]
"""


@pytest.mark.parametrize(
    ("content", "machine"),
    [
        (HEAD + AMD64, "x86_64"),
        (HEAD + ARM64, "aarch64"),
        (HEAD + RISCV, "machine 243"),
        (BIG_ENDIAN, "aarch64"),
        (HEAD, ""),
        (b"GROUP ( libc.so.6 ) and more text", ""),
    ],
)
def test_machine_read_from_head_of_file(content: bytes, machine: str, tmp_path: Path) -> None:
    (tmp_path / "a.so").write_bytes(content)
    assert elf.read_machine(tmp_path / "a.so") == machine


def test_library_for_another_processor_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one/a.so.1").write_bytes(HEAD + ARM64)
    (tmp_path / "one/a.so").symlink_to("a.so.1")
    (tmp_path / "text.py").write_text("a = 1\n")
    elf.check_machine(tmp_path, "aarch64")
    (tmp_path / "one/b.so").write_bytes(HEAD + AMD64)
    with pytest.raises(elf.WrongMachine, match=r"not for aarch64: one/b\.so \(x86_64\)"):
        elf.check_machine(tmp_path, "aarch64")


def test_dynamic_section_gives_names_and_folders() -> None:
    found = elf.parse_dynamic(QT_GUI, Path("/site/PySide6"))
    assert found.needed == ("libQt6Core.so.6", "libc.so.6")
    assert found.folders == (Path("/site/PySide6"), Path("/site/shiboken6"))
    assert found.is_inherited
    both = QT_GUI.replace("(RPATH)", "(RUNPATH)").replace("$ORIGIN/:", "${ORIGIN}/lib:")
    assert elf.parse_dynamic(both, Path("/a")) == elf.Dynamic(
        ("libQt6Core.so.6", "libc.so.6"), (Path("/a/lib"), Path("/shiboken6")), is_inherited=False
    )


def test_loaded_libraries_are_those_of_the_dynamic_linker() -> None:
    """Of the real wheel on this machine: what `ldd` says, which asks the loader itself."""
    if not shutil.which("ldd") or not shutil.which("readelf"):
        pytest.skip("ldd and readelf are not installed")
    site = Path(PySide6.__path__[0]).resolve().parent
    files = [site / "PySide6/QtWidgets.abi3.so", site / "PySide6/Qt/plugins/platforms/libqxcb.so"]
    environ = {"PATH": "/usr/bin:/bin", "LD_LIBRARY_PATH": str(site / "shiboken6")}
    listed = subprocess.run(["ldd", *files], env=environ, capture_output=True, text=True, check=True).stdout
    words = [word for line in listed.splitlines() for word in line.split() if word.startswith(f"{site}/")]
    loaded = {elf.resolve_dots(Path(word)) for word in words if not word.endswith(":")}
    assert {path.name for path in loaded} >= {"libQt6Core.so.6", "libQt6XcbQpa.so.6"}
    assert elf.find_loaded(files, site, [site / "shiboken6"]) == loaded


def test_each_processor_has_its_own_folders_and_wheels() -> None:
    host = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True).stdout.strip()
    assert Target.of() == Target.of(host) == Target(host, is_foreign=False)
    assert (Target.of().name_folder("deb"), Target.of().wheels) == ("deb", "")
    other = Target.of(next(name for name in PROCESSORS if name != host))
    assert other.name_folder("deb") == f"deb-{other.architecture}"
    assert other.wheels == other.machine == PROCESSORS[other.architecture]


def test_processor_without_wheels_is_refused_in_words() -> None:
    with pytest.raises(UnknownProcessor, match=r"Intone cannot be built for riscv64: .* for amd64 and arm64 alone"):
        Target.of("riscv64")
    with pytest.raises(UnknownProcessor, match=r"intone-cuda cannot be built for arm64: .* for amd64 alone"):
        deb.make_extra("cuda", "arm64")
    assert deb.EXTRAS["local-llm"].architectures == ("amd64", "arm64")


def test_only_debian_packages_take_a_processor() -> None:
    command = [sys.executable, "-m", "shipping", "bundle", "--arch", "arm64"]
    ran = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": "packaging"}, capture_output=True, text=True)
    assert ran.returncode == 2
    assert "bundle is built for one processor alone; --arch is for deb" in ran.stderr


def test_wheels_are_for_no_newer_c_library_than_debians() -> None:
    major, minor = map(int, environment.GLIBC.split("_"))
    assert (2, 28) <= (major, minor) <= (2, 41)


def test_licence_names_what_is_inside_on_that_processor() -> None:
    name = "libctranslate2-121c464e.so.4.8.5"
    assert "Intel MKL" in contents.find_library_licence(name, "x86_64")
    assert "OpenBLAS" in contents.find_library_licence(name, "aarch64")
    assert "Intel" not in contents.find_library_licence(name, "aarch64")
    assert contents.find_library_licence("libggml.so", "aarch64") == "MIT (ggml)"


def test_left_out_table_is_the_same_for_every_processor() -> None:
    table = trim._load_table()
    for machine in PROCESSORS.values():
        assert trim.find_reason(f"yaml/_yaml.cpython-313-{machine}-linux-gnu.so", "pyyaml", table) == ""
        assert trim.find_reason(f"hf_xet/hf_xet.{machine}.so", "hf-xet", table)
