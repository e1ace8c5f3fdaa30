"""Delete one dictation or all, with everything that is kept of them, beside a running app or without it.

`HistoryStore` deletes rows and the recordings that they name. This module deletes what lies beside it: spool files that
a crash left, which the next start would make rows of, recordings that no row names, and vocabulary suggestions that
were declined, which come from dictations.

A dictation that is running while everything is cleared ends after that, and stays: its spool file is locked. No key is
needed to delete a spool file. An export is the user's own file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from desktop.audio.spool import Spool
from desktop.audio.take import Head
from desktop.core.errors import HistoryProblem, LockedProblem, Problem
from desktop.core.paths import Paths
from desktop.history import connection as connecting
from desktop.history.history import History
from desktop.history.repair import NAMED
from desktop.history.schema import problems
from desktop.history.sweeping import OURS
from desktop.vocabulary import store as vocabulary

SAME_S = 0.001
"""Two dictations that began within this are the same, as in `HistoryStore.has_dictation_at`."""


def delete(here: Paths, history: History, id: int) -> bool:
    """Delete a dictation, its recording, and what a crash left of it in the spool; False if there is none. Blocks.
    Raises `HistoryError`."""
    in_the_way = list[Problem]()
    began = [row.started_at.timestamp() for row in history.some([id])]
    with _collected(in_the_way):
        _remove_takes(here, lambda head: any(abs(head.started_at.timestamp() - at) < SAME_S for at in began))
    deleted = history.delete(id)
    if in_the_way:
        raise in_the_way[0]
    return deleted


def clear(here: Paths, history: History) -> int:
    """Delete all dictations and everything that is kept of them; return how many there were. Blocks.

    What cannot be deleted does not keep the rest; the first `UserError` is raised at the end.
    """
    in_the_way = list[Problem]()
    recordings, left, count = list[Path](), set[datetime](), 0
    with _collected(in_the_way):
        recordings = _recordings(here)
    with _collected(in_the_way):
        left = {head.started_at for head in _spooled(here, written=False)}
    with _collected(in_the_way):
        count = history.clear()
    if not any(isinstance(problem, LockedProblem) for problem in in_the_way):  # else rows are unknown
        with _collected(in_the_way):
            _remove_recordings(here, history, recordings)
    with _collected(in_the_way):
        _remove_takes(here, lambda head: head.started_at in left)  # and none that began since
    with _collected(in_the_way):
        vocabulary.forget_declined(here.vocabulary)
    if in_the_way:
        raise in_the_way[0]
    return count


def _remove_takes(here: Paths, gone: Callable[[Head], bool]) -> None:
    """Remove the spool files that no process writes to and for which `should_remove` returns true. Raises
    `HistoryError`."""
    try:
        Spool(here.spool).remove(gone)
    except OSError as error:
        raise HistoryProblem(
            f"A recording in {here.spool} cannot be deleted ({error.strerror}).", "Quit Intone, then delete it there."
        ) from error


def _spooled(here: Paths, *, written: bool) -> list[Head]:
    """Return the plain headers of the spool files that a process writes to, or of the others. Raises `HistoryError`."""
    with problems(here.spool):
        return Spool(here.spool).heads(written=written)


def _recordings(here: Paths) -> list[Path]:
    """Return the existing recordings, except those of running dictations, whose row may be written before the recording
    is checked again. Raises `HistoryError`."""
    spared = {f"{head.started_at:{NAMED}}.flac" for head in _spooled(here, written=True)}
    with problems(here.audio):
        there = [path.name for path in here.audio.iterdir()] if here.audio.is_dir() else []
    return [here.audio / name for name in there if OURS.fullmatch(name) and name.removesuffix(".part") not in spared]


def _remove_recordings(here: Paths, history: History, recordings: list[Path]) -> None:
    """Remove those of `recordings` that no row names. Raises `HistoryError`."""
    failed = list[OSError]()
    named = {path.name for path in history.recordings()}
    with problems(here.history), connecting.shared(here.history):  # else one being encrypted comes back
        for recording in recordings:
            try:
                if recording.name not in named:
                    recording.unlink(missing_ok=True)
            except OSError as error:
                failed.append(error)
    if failed:
        raise HistoryProblem(
            f"A recording in {here.audio} cannot be deleted ({failed[0].strerror}).", "Check who owns it."
        ) from failed[0]


@contextmanager
def _collected(found: list[Problem]) -> Iterator[None]:
    try:
        yield
    except Problem as problem:
        found.append(problem)
