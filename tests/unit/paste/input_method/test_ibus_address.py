"""Where the session's IBus daemon is found, and where an outdated file does not mislead."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.paste.input_method.ibus.address import find_addresses

ADDRESS = "unix:path=/run/ibus,guid=0123"


@pytest.fixture
def machine_id(tmp_path: Path) -> tuple[Path, ...]:
    file = tmp_path / "machine-id"
    file.write_text("abc\n")
    return tmp_path / "absent", file


def write_address(home: Path, name: str, address: str = ADDRESS, process: object = os.getpid()) -> None:
    folder = home / ".config/ibus/bus"
    folder.mkdir(parents=True, exist_ok=True)
    text = f"# This file is created by ibus-daemon\nIBUS_ADDRESS={address}\nIBUS_DAEMON_PID={process}\n"
    (folder / name).write_text(text)


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":7"}, "abc-unix-wayland-0"),
        ({"WAYLAND_DISPLAY": "/run/user/1000/wayland-1"}, "abc-unix-wayland-1"),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":7"}, "abc-unix-7"),
        ({"DISPLAY": ":7.0"}, "abc-unix-7"),
        ({"DISPLAY": "desk:7"}, "abc-desk-7"),
    ],
)
def test_find_addresses_reads_the_displays_file(
    tmp_path: Path, machine_id: tuple[Path, ...], environ: dict[str, str], name: str
) -> None:
    write_address(tmp_path, name)
    write_address(tmp_path, "abc-unix-99", "unix:path=/another/session")
    write_address(tmp_path, "xyz-unix-7", "unix:path=/another/machine")
    assert list(find_addresses({"HOME": str(tmp_path), **environ}, machine_id)) == [ADDRESS]


def test_find_addresses_follows_the_environment_first(tmp_path: Path, machine_id: tuple[Path, ...]) -> None:
    write_address(tmp_path, "abc-unix-7")
    environ = {"HOME": str(tmp_path), "DISPLAY": ":7", "IBUS_ADDRESS": "unix:path=/chosen"}
    assert list(find_addresses(environ, machine_id)) == ["unix:path=/chosen", ADDRESS]


def test_find_addresses_reads_the_file_that_is_named(tmp_path: Path, machine_id: tuple[Path, ...]) -> None:
    write_address(tmp_path, "abc-unix-7", "unix:path=/not/this")
    write_address(tmp_path, "named")
    named = str(tmp_path / ".config/ibus/bus/named")
    environ = {"HOME": str(tmp_path), "DISPLAY": ":7", "IBUS_ADDRESS_FILE": named}
    assert list(find_addresses(environ, machine_id)) == [ADDRESS]


def test_find_addresses_without_a_machine_id_takes_ibuss_word(tmp_path: Path) -> None:
    write_address(tmp_path, "machine-id-unix-7")
    assert list(find_addresses({"HOME": str(tmp_path), "DISPLAY": ":7"}, ())) == [ADDRESS]


def test_find_addresses_leaves_out_a_daemon_that_is_gone(tmp_path: Path, machine_id: tuple[Path, ...]) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    write_address(tmp_path, "abc-unix-7", process=ended.pid)
    assert list(find_addresses({"HOME": str(tmp_path), "DISPLAY": ":7"}, machine_id)) == []


@pytest.mark.parametrize("process", ["", "0", "-1", "x", "1e3", "9" * 30, "²"])
def test_find_addresses_leaves_out_a_file_without_a_process(
    tmp_path: Path, machine_id: tuple[Path, ...], process: str
) -> None:
    write_address(tmp_path, "abc-unix-7", process=process)
    assert list(find_addresses({"HOME": str(tmp_path), "DISPLAY": ":7"}, machine_id)) == []


@pytest.mark.parametrize("environ", [{}, {"DISPLAY": "nonsense"}, {"DISPLAY": ":7"}, {"WAYLAND_DISPLAY": ".."}])
def test_find_addresses_without_a_file_finds_none(
    tmp_path: Path, machine_id: tuple[Path, ...], environ: dict[str, str]
) -> None:
    (tmp_path / ".config/ibus/bus/abc-unix-7").mkdir(parents=True)
    assert list(find_addresses({"HOME": str(tmp_path), **environ}, machine_id)) == []


def test_find_addresses_leaves_out_a_damaged_file(tmp_path: Path, machine_id: tuple[Path, ...]) -> None:
    write_address(tmp_path, "abc-unix-7")
    (tmp_path / ".config/ibus/bus/abc-unix-7").write_bytes(b"IBUS_ADDRESS=\xff\xfe\nIBUS_DAEMON_PID=1\n")
    assert list(find_addresses({"HOME": str(tmp_path), "DISPLAY": ":7"}, machine_id)) == []
