"""Processes at lower priority, together with all that they start.

Linux gives each session an equal share of the processors and counts `nice` only among the processes of one (`man 7
sched`, autogroup). Every app, desktop and server of a test is a session, so each is given the niceness of what started
it.
"""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread
from typing import IO, NamedTuple, Self

LOOK_S = 1.0
"""Seconds between two looks for new sessions."""


class Process(NamedTuple):
    """A process with its parent and its session, as process ids."""

    pid: int
    parent: int
    session: int


def all_processes() -> Iterator[Process]:
    """List the processes of this machine."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended
            # https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; a name may have spaces and parentheses
            _, parent, _, session, *_ = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
            yield Process(int(folder.name), int(parent), int(session))


def started_by(root: int, processes: Sequence[Process]) -> Iterator[Process]:
    """List the process with the id `root` and its descendants."""
    for process in processes:
        if process.pid == root:
            yield process
        elif process.parent == root:
            yield from started_by(process.pid, processes)


class Niceness:
    """Starts processes, and gives their sessions and those of their descendants their niceness, until the end of
    `with`, where those that still run are interrupted."""

    def __init__(self) -> None:
        self._started: list[tuple[subprocess.Popen[bytes], int]] = []
        self._set: set[int] = set()
        self._lock, self._closed = Lock(), Event()
        self._thread = Thread(target=self._go_on, daemon=True)
        self._thread.start()

    def start(self, nice: int, command: Sequence[str], output: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start `command` in a session, at `nice`, with all that it prints in `output`."""
        words = ["nice", "-n", str(nice), *command]
        process = subprocess.Popen(words, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        with self._lock:
            self._started.append((process, nice))
        return process

    def look(self) -> None:
        """Set the niceness of sessions that are new."""
        with self._lock:
            nice_of = {process.pid: nice for process, nice in self._started if nice and process.poll() is None}
        processes = list(all_processes())
        for root, nice in nice_of.items():
            for process in started_by(root, processes):
                if process.session not in self._set:
                    with suppress(OSError):  # a kernel without them, or a user who may not set one so soon again
                        Path(f"/proc/{process.pid}/autogroup").write_text(str(nice))
                        self._set.add(process.session)

    def _go_on(self) -> None:
        while not self._closed.wait(LOOK_S):
            self.look()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._thread.join()
        for process, _ in self._started:
            process.send_signal(signal.SIGINT)  # after which pytest takes down what tests have started
        for process, _ in self._started:
            process.wait()
