"""Answer the history window: database work runs in threads of its own, transcription and pasting on the engine.

Nothing here waits for the engine unless it must: without a tray the window opens before the engine runs. A deletion
requested while the program ends still happens, because the program waits for these threads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.app.callbacks import run_safely
from desktop.core.errors import UserError
from desktop.core.paths import Paths
from desktop.history.list_index import FilterChoices, HistoryListIndex, HistoryQuery
from desktop.history.rows import HistoryRow
from desktop.history.store import HistoryStore
from desktop.ui.controllers.threads import CallOnMainThread, PostToEngine

if TYPE_CHECKING:
    from desktop.audio.waveform import Waveform
    from desktop.vocabulary.learning import Suggestion

type OnResult[T] = Callable[[T | UserError], None]
HISTORY_ERROR = UserError("Something went wrong with the history.", "The log says what.")

WORKER_THREADS = 4
"""Number of worker threads: the window has at most two queries, one recording and one change in progress."""


@dataclass(frozen=True, slots=True)
class HistoryActions:
    """What the history window may request. A field that is None is unavailable and its control is not shown.

    Call on the main thread. All return at once and call back there with the result or the `UserError` that prevented
    it; every request is answered, because the window waits for it.

    `find_rows` returns the newest rows, at most the given number; `load_index` the ids and days of all; `load_rows` the
    rows of certain ids, fewer when some were deleted. `correct_text` stores what a row should have read and returns
    what that teaches; `learn_replacement` adds it to the vocabulary. `restore_row` writes a row as it was.
    `correct_emotion` stores the user's label, None for the detected one. `transcribe_again` uses the engine of the
    settings. `paste_row` waits until another application's window has the focus; True pastes the raw text. `play`
    starts at a second, calls back when playback began, and once more with None or the error when it ended.
    """

    find_rows: Callable[[HistoryQuery, int, OnResult[Sequence[HistoryRow]]], None]
    load_index: Callable[[HistoryQuery, OnResult[HistoryListIndex]], None]
    load_rows: Callable[[Sequence[int], OnResult[Sequence[HistoryRow]]], None]
    load_filter_values: Callable[[OnResult[FilterChoices]], None]
    correct_text: Callable[[int, str, OnResult[Sequence[Suggestion]]], None]
    learn_replacement: Callable[[Suggestion, OnResult[None]], None]
    restore_row: Callable[[HistoryRow, OnResult[HistoryRow | None]], None]
    transcribe_again: Callable[[HistoryRow, OnResult[HistoryRow | None]], None]
    delete_rows: Callable[[Sequence[int], OnResult[None]], None]
    paste_row: Callable[[int, bool], None]
    load_waveform: Callable[[Path, OnResult[Waveform]], None]
    play: Callable[[Waveform, float, Callable[[], None], OnResult[None]], None]
    stop_playback: Callable[[], None]
    correct_emotion: Callable[[int, str | None, OnResult[HistoryRow | None]], None] | None = None


def build_history_actions(paths: Paths, post: PostToEngine, call: CallOnMainThread) -> HistoryActions:
    """Build the actions on history rows."""
    from desktop.audio.playback import AudioPlayer

    player, threads = AudioPlayer(), ThreadPoolExecutor(WORKER_THREADS, thread_name_prefix="history")
    history = HistoryStore(paths.history)

    def run_in_thread[T](work: Callable[[], T], on_result: OnResult[T]) -> None:
        """Run `work` in a thread and answer on the main thread."""
        threads.submit(lambda: call(partial(on_result, run_safely(work, HISTORY_ERROR))))

    def learn(suggestion: Suggestion, on_result: OnResult[None]) -> None:
        def store() -> None:
            from desktop.vocabulary import store as vocabulary_store

            vocabulary_store.put_entries(paths.vocabulary, "replacements", {suggestion.heard: suggestion.written})
            post(lambda engine: engine.reload())

        run_in_thread(store, on_result)

    def correct_emotion(id: int, label: str | None, on_result: OnResult[HistoryRow | None]) -> None:
        def store() -> HistoryRow | None:
            row = history.correct_emotion(id, label)
            post(lambda engine: engine.on_emotion_corrected())
            return row

        run_in_thread(store, on_result)

    def play(sound: Waveform, at_s: float, on_started: Callable[[], None], on_finished: OnResult[None]) -> None:
        player.play(
            sound.samples_from(at_s), lambda: call(on_started), lambda problem: call(partial(on_finished, problem))
        )

    return HistoryActions(
        find_rows=lambda query, limit, on_result: run_in_thread(lambda: history.find(query, limit), on_result),
        load_index=lambda query, on_result: run_in_thread(lambda: history.list_index(query), on_result),
        load_rows=lambda ids, on_result: run_in_thread(lambda: history.rows_with_ids(ids), on_result),
        load_filter_values=lambda on_result: run_in_thread(lambda: history.filter_choices(), on_result),
        correct_text=lambda id, text, on_result: run_in_thread(lambda: correct_text(history, id, text), on_result),
        learn_replacement=learn,
        restore_row=lambda row, on_result: run_in_thread(lambda: restore_row(history, row), on_result),
        transcribe_again=lambda row, on_result: post(
            lambda engine: engine.trials.retranscribe(row, lambda result: call(partial(on_result, result)))
        ),
        delete_rows=lambda ids, on_result: run_in_thread(lambda: _delete_rows(paths, history, ids), on_result),
        paste_row=lambda id, raw: post(lambda engine: engine.paste_row(id, raw)),
        load_waveform=lambda path, on_result: run_in_thread(lambda: _load_waveform(path), on_result),
        play=play,
        stop_playback=player.stop,
        correct_emotion=correct_emotion,
    )


def correct_text(history: HistoryStore, id: int, text: str) -> Sequence[Suggestion]:
    """Set the row's corrected text; return the vocabulary suggestions that follow from it."""
    from desktop.vocabulary.learning import find_suggestions

    row = history.correct_text(id, text)
    return find_suggestions(row.text, text) if row is not None else ()


def restore_row(history: HistoryStore, row: HistoryRow) -> HistoryRow | None:
    """Restore the text of `row`, as read earlier, and the fields that belong to it."""
    return history.update(
        row.id,
        raw_text=row.raw_text,
        text=row.text,
        edited=row.edited,
        language=row.language,
        engine=row.engine,
        model=row.model,
        device=row.device,
        decode_s=row.decode_s,
        guards=row.guards,
        delivery=row.delivery,
        note=row.note,
        changed=row.changed,
    )


def _delete_rows(paths: Paths, history: HistoryStore, ids: Sequence[int]) -> None:
    from desktop.history.user_deletion import delete_dictation

    for id in ids:
        delete_dictation(paths, history, id)


def _load_waveform(path: Path) -> Waveform:
    from desktop.audio.file import read_audio
    from desktop.audio.waveform import measure_waveform

    return measure_waveform(read_audio(path))
