"""Find the folders in which the programs of a window work, by /proc: the shells of a terminal, an editor itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_ELSEWHERE = frozenset(("tmux", "screen", "zellij", "ssh", "mosh-client"))
"""Programs that show others, which are none of their children: their own folder is where they were started."""

MAX_PROCESSES = 4096
"""Most processes that are looked at."""


@dataclass(frozen=True, slots=True)
class ProcessStat:
    """A line of /proc/PID/stat. `terminal` is the number of its terminal, 0 without one; `foreground` the group that
    reads from it.
    """

    pid: int
    name: str
    parent: int
    group: int
    terminal: int
    foreground: int


def list_working_folders(pid: int, proc: Path = Path("/proc")) -> list[Path]:
    """Return the folder of each program that reads from a terminal below the process `pid`; its own without any.

    A window of a terminal may share its process with others, so that there may be several. There is none where one of
    them shows what runs elsewhere. Blocks for milliseconds.
    """
    stats = {stat.pid: stat for stat in _list_processes(proc)}
    below = {pid}
    while more := {stat.pid for stat in stats.values() if stat.parent in below} - below:
        below |= more
    readers = [
        stat.pid
        for stat in stats.values()
        if stat.pid in below - {pid} and stat.terminal and stat.group == stat.foreground
    ]
    if any(stats[reader].name.partition(":")[0].lower() in _ELSEWHERE for reader in readers):
        return []
    folders = (_read_folder(proc, reader) for reader in readers or [pid])
    return list(dict.fromkeys(folder for folder in folders if folder is not None))


def parse_stat(line: str) -> ProcessStat | None:
    """Return the content of /proc/PID/stat, whose second field is a name in brackets and may have any character."""
    head, _, tail = line.rpartition(")")
    fields = tail.split()
    try:
        number, _, name = head.partition(" (")
        pid = int(number)
        parent, group, _session, terminal, foreground = map(int, fields[1:6])
    except ValueError:
        return None
    return ProcessStat(pid, name, parent, group, terminal, foreground)


def _list_processes(proc: Path) -> Iterator[ProcessStat]:
    try:
        names = [path.name for path in proc.iterdir() if path.name.isdigit()]
    except OSError:
        return
    for name in names[:MAX_PROCESSES]:
        try:
            stat = parse_stat((proc / name / "stat").read_text(errors="replace"))
        except OSError:  # it has ended
            continue
        if stat is not None:
            yield stat


def _read_folder(proc: Path, pid: int) -> Path | None:
    try:
        return (proc / str(pid) / "cwd").readlink()
    except OSError:
        return None
