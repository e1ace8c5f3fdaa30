"""Answer the history window: database work runs in threads of its own, transcription and pasting on the engine.

Every request gets an answer, if need be a `UserError`, because the window waits for one. Nothing here waits for the
engine unless it must: without a tray the window opens before the engine runs. A deletion requested while the program
ends still happens, because the program waits for these threads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.app.callbacks import Call, Post, answered
from desktop.core.errors import Problem
from desktop.core.paths import Paths
from desktop.history.history import History
from desktop.history.row import Row
from desktop.ui.controllers.rows import Rows, Then

if TYPE_CHECKING:  # loaded when they are first asked for
    from desktop.audio.waveform import Sound
    from desktop.vocabulary.learning import Suggestion


WRONG = Problem("Something went wrong with the history.", "The log says what.")

THREADS = 4
"""Number of worker threads: the window has at most two queries, one recording and one change in progress."""


def rows(here: Paths, post: Post, call: Call) -> Rows:
    """Build the actions on history rows."""
    from desktop.audio.playback import Player

    player, threads = Player(), ThreadPoolExecutor(THREADS, thread_name_prefix="past")
    history = History(here.history)

    def asked[T](work: Callable[[], T], then: Then[T]) -> None:
        """Run `work` in a thread and answer on the main thread."""
        threads.submit(lambda: call(partial(then, answered(work, WRONG))))

    def learn(suggestion: Suggestion, then: Then[None]) -> None:
        def put() -> None:
            from desktop.vocabulary import store as file

            file.put(here.vocabulary, "replacements", {suggestion.heard: suggestion.written})
            post(lambda engine: engine.reload())

        asked(put, then)

    def feel(id: int, label: str | None, then: Then[Row | None]) -> None:
        def put() -> Row | None:
            row = history.correct_emotion(id, label)
            post(lambda engine: engine.corrected())
            return row

        asked(put, then)

    def play(sound: Sound, at_s: float, began: Callable[[], None], ended: Then[None]) -> None:
        player.play(sound.rest(at_s), lambda: call(began), lambda problem: call(partial(ended, problem)))

    return Rows(
        find=lambda wanted, limit, then: asked(lambda: history.find(wanted, limit), then),
        places=lambda wanted, then: asked(lambda: history.places(wanted), then),
        some=lambda ids, then: asked(lambda: history.some(ids), then),
        offers=lambda then: asked(lambda: history.offers(), then),
        correct=lambda id, text, then: asked(lambda: correct(history, id, text), then),
        learn=learn,
        restore=lambda row, then: asked(lambda: restore(history, row), then),
        hear_again=lambda row, then: post(
            lambda engine: engine.trials.hear_again(row, lambda found: call(partial(then, found)))
        ),
        delete=lambda ids, then: asked(lambda: _delete(here, history, ids), then),
        paste=lambda id, raw: post(lambda engine: engine.paste(id, raw)),
        sound=lambda path, then: asked(lambda: _sound(path), then),
        play=play,
        silence=player.silence,
        feel=feel,
    )


def correct(history: History, id: int, text: str) -> Sequence[Suggestion]:
    """Set the row's corrected text; return the vocabulary suggestions that follow from it."""
    from desktop.vocabulary.learning import suggestions

    row = history.correct(id, text)
    return suggestions(row.text, text) if row is not None else ()


def restore(history: History, row: Row) -> Row | None:
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


def _delete(here: Paths, history: History, ids: Sequence[int]) -> None:
    from desktop.history.erasure import delete

    for id in ids:
        delete(here, history, id)


def _sound(path: Path) -> Sound:
    from desktop.audio.file import read
    from desktop.audio.waveform import sound

    return sound(read(path))
