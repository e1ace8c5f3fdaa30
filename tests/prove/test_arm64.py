"""What the proof of the arm64 package stands on: libraries told apart, and a handler for programs of that processor."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.prove import arm64, emulation
from tests.prove.recordings import Absent

HEAD = b"\x7fELF\x02\x01\x01" + bytes(9)
PROGRAM, LIBRARY = HEAD + b"\x02\x00", HEAD + b"\x03\x00"
AMD64, ARM64 = b"\x3e\x00", b"\xb7\x00"


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ("av.libs/libx264-fd5179c6.so.165", "av.libs/libx264-0a1b2c3d.so.165"),
        ("_soundfile_data/libsndfile_arm64.so", "_soundfile_data/libsndfile_x86_64.so"),
        ("_cffi_backend.cpython-313-aarch64-linux-gnu.so", "_cffi_backend.cpython-313-x86_64-linux-gnu.so"),
    ],
)
def test_same_library_has_one_name_on_both_processors(there: str, here: str) -> None:
    assert arm64.plain_name(there) == arm64.plain_name(here)


def test_library_that_one_processor_lacks_is_named() -> None:
    assert arm64.plain_name("a/libQt6Gui.so.6") != arm64.plain_name("a/libQt6Core.so.6")
    assert arm64.unexplained(["t/libggml-cpu-zen4", "av.libs/libvpl", "t/libggml-vulkan"]) == ["t/libggml-vulkan"]


def test_proof_without_what_it_compares_with_is_absent(tmp_path: Path) -> None:
    package = tmp_path / "intone_1.2.3_arm64.deb"
    with pytest.raises(Absent, match=r"intone_1\.2\.3_amd64\.deb is not made: make deb$"):
        arm64.require_inputs(package, tmp_path)
    (tmp_path / "intone_1.2.3_amd64.deb").touch()
    (tmp_path / arm64.WHISPER).mkdir()
    with pytest.raises(Absent, match=arm64.MOONSHINE):
        arm64.require_inputs(package, tmp_path)
    (tmp_path / arm64.MOONSHINE).mkdir()
    arm64.require_inputs(package, tmp_path)


@pytest.mark.parametrize(
    ("flags", "state", "answer"), [("POF", "enabled", True), ("PO", "enabled", False), ("POF", "disabled", False)]
)
def test_only_a_handler_that_works_in_another_root_serves(flags: str, state: str, answer: bool) -> None:
    text = f"{state}\ninterpreter /usr/bin/qemu-aarch64\nflags: {flags}\noffset 0\nmagic {emulation.MAGIC}\n"
    assert emulation.serves(text) is answer
    assert not emulation.serves(text.replace(emulation.MAGIC, "7f454c46"))


def test_handlers_rule_matches_programs_of_that_processor() -> None:
    _, name, kind, _, magic, mask, interpreter, flags = emulation.rule(
        "intone-aarch64-7", "/usr/bin/qemu-aarch64"
    ).split(":")
    assert (name, kind, interpreter, flags) == ("intone-aarch64-7", "M", "/usr/bin/qemu-aarch64", "PF")
    wanted, counted = (bytes.fromhex(text.replace("\\x", "")) for text in (magic, mask))
    for content, fits in ((PROGRAM + ARM64, True), (LIBRARY + ARM64, True), (LIBRARY + AMD64, False)):
        assert (bytes(a & b for a, b in zip(content, counted, strict=True)) == wanted) is fits
