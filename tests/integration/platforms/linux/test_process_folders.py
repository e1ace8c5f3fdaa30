"""The folder of a terminal's window is that of the program which reads from it."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from desktop.platforms.linux.process_folders import ProcessStat, list_working_folders, parse_stat
from tests.support.x_clients import read_file


@pytest.mark.parametrize(
    ("line", "stat"),
    [
        ("71 (bash) S 70 71 71 34816 80 4194304 1", ProcessStat(71, "bash", 70, 71, 34816, 80)),
        ("71 (a (b) c) S 70 71 71 0 -1 1", ProcessStat(71, "a (b) c", 70, 71, 0, -1)),
        ("", None),
        ("71 (bash) S 70", None),
    ],
)
def test_stat_of_a_process_is_read_whatever_its_name(line: str, stat: ProcessStat | None) -> None:
    assert parse_stat(line) == stat


def test_folder_is_that_of_the_program_in_the_foreground(tmp_path: Path) -> None:
    folder, told = tmp_path / "project", tmp_path / "told"
    folder.mkdir()
    main, terminal = os.openpty()
    inner = f"cd {folder} && echo $$ > {told} && exec sleep 60"
    window = subprocess.Popen(
        ["sh", "-c", f"setsid --ctty sh -c '{inner}'; true"], stdin=terminal, stdout=terminal, stderr=terminal
    )
    try:
        shell = int(read_file(told, lambda text: text.endswith("\n")))
        assert list_working_folders(window.pid) == [folder]
        os.kill(shell, signal.SIGKILL)
    finally:
        window.kill()
        window.wait()
        os.close(main)
        os.close(terminal)


def write_stat(proc: Path, pid: int, name: str, parent: int, folder: Path) -> None:
    (proc / str(pid)).mkdir(parents=True)
    (proc / str(pid) / "stat").write_text(f"{pid} ({name}) S {parent} {pid} {pid} 34816 {pid} 4194304")
    (proc / str(pid) / "cwd").symlink_to(folder)


@pytest.mark.parametrize(
    ("name", "is_here"), [("bash", True), ("tmux: client", False), ("screen", False), ("ssh", False)]
)
def test_program_that_shows_what_runs_elsewhere_has_no_folder(tmp_path: Path, name: str, is_here: bool) -> None:
    write_stat(tmp_path / "proc", 7, "terminal", 1, tmp_path)
    write_stat(tmp_path / "proc", 8, name, 7, tmp_path)
    assert list_working_folders(7, tmp_path / "proc") == ([tmp_path] if is_here else [])


def test_process_without_a_terminal_has_a_folder_of_its_own(tmp_path: Path) -> None:
    process = subprocess.Popen(["sleep", "60"], cwd=tmp_path, start_new_session=True)
    try:
        assert list_working_folders(process.pid) == [tmp_path]
    finally:
        process.kill()
        process.wait()
    assert list_working_folders(process.pid) == []
