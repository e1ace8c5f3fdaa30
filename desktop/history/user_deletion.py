"""Delete one dictation or all, with everything that is kept of them, beside a running app or without it.

`HistoryStore` deletes rows and the recordings that they name. This module deletes what lies beside it: spool files that
a crash left, which the next start would make rows of, recordings that no row names, vocabulary suggestions that were
declined, which come from dictations, and what `intone bench mine` counted in recordings.

A dictation that is running while everything is cleared ends after that, and stays: its spool file is locked. No key is
needed to delete a spool file. An export is the user's own file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from desktop.audio.spool import Spool
from desktop.audio.spool_file import SpoolHeader
from desktop.core.errors import HistoryError, LockedError, UserError
from desktop.core.locks import remove_file
from desktop.core.paths import Paths
from desktop.history import bench_results, connection
from desktop.history.repair import RECORDING_NAME_FORMAT
from desktop.history.retention import RECORDING_NAME
from desktop.history.schema import history_errors
from desktop.history.store import HistoryStore
from desktop.vocabulary import store

SAME_START_S = 0.001
"""Two dictations that began within this are the same, as in `HistoryStore.has_dictation_at`."""


def delete_dictation(paths: Paths, history: HistoryStore, id: int) -> bool:
    """Delete a dictation, its recording, and what a crash left of it in the spool; False if there is none. Blocks.
    Raises `HistoryError`."""
    problems = list[UserError]()
    start_times = [row.started_at.timestamp() for row in history.rows_with_ids([id])]
    with _collect_problems(problems):
        _remove_spool_files(
            paths,
            lambda header: any(abs(header.started_at.timestamp() - start) < SAME_START_S for start in start_times),
        )
    deleted = history.delete(id)
    with _collect_problems(problems), history_errors(paths.bench_results):
        bench_results.keep_results(paths.bench_results, history.recording_paths)
    if problems:
        raise problems[0]
    return deleted


def clear_history(paths: Paths, history: HistoryStore) -> int:
    """Delete all dictations and everything that is kept of them; return how many there were. Blocks.

    What cannot be deleted does not keep the rest; the first `UserError` is raised at the end.
    """
    problems = list[UserError]()
    recordings, leftover_starts, count = list[Path](), set[datetime](), 0
    with _collect_problems(problems):
        recordings = _finished_recordings(paths)
    with _collect_problems(problems):
        leftover_starts = {header.started_at for header in _spool_headers(paths, in_use=False)}
    with _collect_problems(problems):
        count = history.clear()
    if not any(isinstance(problem, LockedError) for problem in problems):  # else rows are unknown
        with _collect_problems(problems):
            _remove_recordings(paths, history, recordings)
    with _collect_problems(problems):
        _remove_spool_files(paths, lambda header: header.started_at in leftover_starts)  # and none that began since
    with _collect_problems(problems):
        store.forget_declined(paths.vocabulary)
    with _collect_problems(problems), history_errors(paths.bench_results):
        bench_results.forget_results(paths.bench_results)
    if problems:
        raise problems[0]
    return count


def _remove_spool_files(paths: Paths, should_remove: Callable[[SpoolHeader], bool]) -> None:
    """Remove the spool files that no process writes to and for which `should_remove` returns true. Raises
    `HistoryError`."""
    try:
        Spool(paths.spool).remove(should_remove)
    except OSError as error:
        raise HistoryError("history-spool-undeletable", folder=str(paths.spool), reason=str(error.strerror)) from error


def _spool_headers(paths: Paths, *, in_use: bool) -> list[SpoolHeader]:
    """Return the plain headers of the spool files that a process writes to, or of the others. Raises `HistoryError`."""
    with history_errors(paths.spool):
        return Spool(paths.spool).read_headers(is_written=in_use)


def _finished_recordings(paths: Paths) -> list[Path]:
    """Return the existing recordings, except those of running dictations, whose row may be written before the recording
    is checked again. Raises `HistoryError`."""
    in_use = {f"{header.started_at:{RECORDING_NAME_FORMAT}}.flac" for header in _spool_headers(paths, in_use=True)}
    with history_errors(paths.audio):
        names = [path.name for path in paths.audio.iterdir()] if paths.audio.is_dir() else []
    return [
        paths.audio / name
        for name in names
        if RECORDING_NAME.fullmatch(name) and name.removesuffix(".part") not in in_use
    ]


def _remove_recordings(paths: Paths, history: HistoryStore, recordings: list[Path]) -> None:
    """Remove those of `recordings` that no row names. Raises `HistoryError`."""
    failed = list[OSError]()
    named = {path.name for path in history.recording_paths()}
    with history_errors(paths.history), connection.shared_lock(paths.history):  # else one being encrypted comes back
        for recording in recordings:
            try:
                if recording.name not in named:
                    with suppress(FileNotFoundError):
                        remove_file(recording)
            except OSError as error:
                failed.append(error)
    if failed:
        raise HistoryError(
            "history-recording-undeletable", folder=str(paths.audio), reason=str(failed[0].strerror)
        ) from failed[0]


@contextmanager
def _collect_problems(collected: list[UserError]) -> Iterator[None]:
    try:
        yield
    except UserError as problem:
        collected.append(problem)
