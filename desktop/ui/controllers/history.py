"""Answer the windows about the history: database work in its own threads, transcription and pasting on the engine.

Nothing here waits for the engine unless it must: without a tray the window opens before the engine runs. A deletion
requested while the program ends still happens, because the program waits for these threads.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from desktop.audio.file import read_audio
from desktop.audio.playback import create_player
from desktop.audio.waveform import Waveform, measure_waveform
from desktop.core.errors import UserError
from desktop.history.list_index import FilterChoices, HistoryListIndex, HistoryQuery
from desktop.history.rows import HistoryRow
from desktop.history.statistics import HistoryStatistics, compute_statistics
from desktop.history.store import HistoryStore
from desktop.history.user_deletion import delete_dictation
from desktop.ui.controllers.controller import Controller, ControllerContext, OnResult, Submit
from desktop.vocabulary import store as vocabulary_store
from desktop.vocabulary.edits import list_entries
from desktop.vocabulary.learning import Suggestion
from desktop.vocabulary.row_learning import find_row_suggestions

if TYPE_CHECKING:  # imported where emotions are noted, and a quotation is looked for
    from desktop.emotion.baseline import BaselineStatus
    from desktop.emotion.voice_heads import FoundVoiceHeads
    from desktop.history.quotation import Quotation

WORKER_THREADS = 4
"""Number of worker threads: the window has at most two queries, one recording and one change in progress."""


class HistoryController(Controller):
    """Requests of the windows that show the history."""

    unexpected_error = UserError("history-request-failed")

    def __init__(self, context: ControllerContext, submit: Submit | None = None) -> None:
        super().__init__(context, submit or ThreadPoolExecutor(WORKER_THREADS, thread_name_prefix="history").submit)
        self._history = HistoryStore(self._paths.history)
        self._player = create_player()

    def find_rows(self, query: HistoryQuery, limit: int, on_result: OnResult[Sequence[HistoryRow]]) -> None:
        """Find the newest rows, at most `limit`."""
        self._run(lambda: self._history.find(query, limit), on_result)

    def find_quotation(self, text: str, on_result: OnResult[Quotation | None]) -> None:
        """Find the row that is most like `text`."""
        self._run(lambda: self._history.find_quotation(text), on_result)

    def locate_words(self, row: HistoryRow, quotation: str, on_result: OnResult[float | None]) -> None:
        """Find when the words that `quotation` has of `row` begin in its recording, in seconds."""
        self._run_on_engine(lambda engine: engine.quotations.locate(row, quotation), on_result)

    def load_index(self, query: HistoryQuery, on_result: OnResult[HistoryListIndex]) -> None:
        """Load ids and days of all rows."""
        self._run(lambda: self._history.list_index(query), on_result)

    def load_rows(self, ids: Sequence[int], on_result: OnResult[Sequence[HistoryRow]]) -> None:
        """Load the rows of `ids`, fewer when some were deleted."""
        self._run(lambda: self._history.rows_with_ids(ids), on_result)

    def load_filter_values(self, on_result: OnResult[FilterChoices]) -> None:
        """Load the values that rows can be filtered by."""
        self._run(self._history.filter_choices, on_result)

    def correct_text(self, id: int, text: str, on_result: OnResult[Sequence[Suggestion]]) -> None:
        """Store what a row should have read; the result is what that teaches."""

        def correct() -> Sequence[Suggestion]:
            row = self._history.correct_text(id, text)
            if row is None:
                return ()
            own_words = list_entries(self._live_settings, self._paths.vocabulary).vocabulary.terms
            return find_row_suggestions(row.text, text, row.changed, row.raw_text, own_words)

        self._run(correct, on_result)

    def accept_text(self, row: HistoryRow, on_result: OnResult[bool]) -> None:
        """Store that the text of `row`, as read earlier, is right, unless it was changed or corrected since."""
        self._run(lambda: self._history.accept_text(row.id, row.text), on_result)

    def learn_replacement(self, suggestion: Suggestion, on_result: OnResult[None]) -> None:
        """Add a suggestion to the vocabulary."""
        self._run_and_reload(lambda: vocabulary_store.learn(self._paths.vocabulary, *suggestion), on_result)

    def restore_row(self, row: HistoryRow, on_result: OnResult[HistoryRow | None]) -> None:
        """Restore the text of `row`, as read earlier, and the fields that belong to it."""
        self._run(lambda: self._history.restore(row), on_result)

    def correct_emotion(self, id: int, label: str | None, on_result: OnResult[HistoryRow | None]) -> None:
        """Store the user's label of a row's emotion, None for the detected one."""

        def correct() -> HistoryRow | None:
            row = self._history.correct_emotion(id, label)
            self._post(lambda engine: engine.emotion_service.on_correction())
            return row

        self._run(correct, on_result)

    def transcribe_again(self, row: HistoryRow, on_result: OnResult[HistoryRow | None]) -> None:
        """Transcribe a recording with the engine of the settings; the result is the changed row."""
        self._run_on_engine(lambda engine: engine.trials.retranscribe(row), on_result)

    def delete_rows(self, ids: Sequence[int], on_result: OnResult[None]) -> None:
        """Delete rows with their recordings."""

        def delete() -> None:
            for id in ids:
                delete_dictation(self._paths, self._history, id)

        self._run(delete, on_result)

    def paste_row(self, id: int, raw: bool) -> None:
        """Paste a row's text, or its `raw` text, once another application's window has the focus."""
        self._post(lambda engine: engine.spawn(partial(engine.last_dictation.paste_row, id, raw)))

    def paste_last(self, raw: bool, system: str = sys.platform) -> None:
        """Paste the newest text, or its `raw` text, from the tray's menu, which has the focus on Windows only."""
        has_focus = system == "win32"
        self._post(
            lambda engine: engine.spawn(partial(engine.last_dictation.paste_last, raw, is_from_own_window=has_focus))
        )

    def load_waveform(self, path: Path, on_result: OnResult[Waveform]) -> None:
        """Read a recording."""
        self._run(lambda: measure_waveform(read_audio(path)), on_result)

    def copy_last(self) -> None:
        """Copy the newest text to the clipboard."""

        def copy(rows: Sequence[HistoryRow] | UserError) -> None:
            text = "" if isinstance(rows, UserError) else next((row.text for row in rows if row.text), "")
            if text:
                QGuiApplication.clipboard().setText(text)

        self._run(self._history.rows, copy)

    def load_statistics(self, since: datetime | None, on_result: OnResult[HistoryStatistics]) -> None:
        """Compute statistics of the dictations since then, or of all."""
        today = datetime.now().astimezone().date()
        self._run(lambda: compute_statistics(self._paths.history, today, since), on_result)

    def load_known_voice(self, on_result: OnResult[BaselineStatus | None]) -> None:
        """Load what is known of the voice heard last."""

        def load() -> BaselineStatus | None:
            from desktop.emotion.baseline import StoredVoiceBaselines

            return StoredVoiceBaselines(self._paths.history).latest_status()

        self._run(load, on_result)

    def load_voice_heads(self, on_result: OnResult[FoundVoiceHeads]) -> None:
        """Load the names of the models whose voices are judged by a head."""

        def load() -> FoundVoiceHeads:
            from desktop.emotion.voice_heads import FoundVoiceHeads, VoiceHeads
            from models.store import ModelStore

            heads = VoiceHeads(self._paths.voice_heads)
            encoders = heads.list_encoders(ModelStore(self._paths.models))
            return FoundVoiceHeads(heads.list_models(), heads.problem, encoders)

        self._run(load, on_result)

    def forget_emotions(self, on_result: OnResult[int]) -> None:
        """Delete the emotion of every dictation; the result is how many had one."""
        self._run_with_engine(lambda engine: engine.emotion_service.forget_emotions(), on_result)

    def play(
        self, sound: Waveform, at_s: float, on_started: Callable[[], None], on_ended: Callable[[UserError | None], None]
    ) -> None:
        """Play a recording from `at_s`; `on_ended` receives None at its end."""
        self._player.play(sound.samples_from(at_s), lambda: self._call(on_started), self._on_main(on_ended))

    def stop_playback(self) -> None:
        """Stop what plays; its `on_ended` is not called."""
        self._player.stop()
