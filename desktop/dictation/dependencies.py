"""The types between a dictation session and its surroundings: its dependencies, and the request to insert its words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from desktop.audio.spool import Spool
from desktop.audio.spool_file import SpoolFile
from desktop.core.interfaces import EmotionDetector, Microphone, Paster, Polisher, Recognizer
from desktop.core.state import DictationState
from desktop.core.types import Delivery, DictationContext, EmotionResult, Target, Transcript
from desktop.dictation.result import SessionResult
from desktop.history.rows import HistoryEntry
from desktop.polish.styles import Styles


@dataclass(frozen=True, slots=True)
class SessionDependencies:
    """The dependencies of a session; replaced whole when a setting changes, so that a running session keeps its own.

    A recording ends by itself after `max_duration_s`: a stuck key goes unnoticed. `record_entry` stores an entry and,
    if it is to be kept, the recording, and returns the row's id; `add_emotion` adds an emotion that `emotion_detector`
    found later to that row. Both run in a worker thread and raise `HistoryError`. `styles` gives the writing style for
    a window. `on_inserted` is called with each text that has arrived and its window; `is_kept` returns whether the
    history keeps dictations into a window, and `is_emotion_enabled` whether their emotion is detected. `read_clipboard`
    reads the clipboard's text, None if nothing needs it. `start_edit` starts a voice edit, None without a language
    model; `scratch` undoes the last insertion into a window and returns None if there is none. `is_resumed`: the
    session is resumed from a recording, which is kept already.
    """

    microphone: Microphone
    recognizer: Recognizer
    polisher: Polisher
    paster: Paster
    spool: Spool
    record_entry: Callable[[HistoryEntry, SpoolFile], int]
    max_duration_s: float = 600.0
    emotion_detector: EmotionDetector | None = None
    add_emotion: Callable[[int, EmotionResult], None] = lambda id, emotion_result: None
    is_kept: Callable[[Target], bool] = lambda target: True
    is_emotion_enabled: Callable[[Target], bool] = lambda target: True
    styles: Styles = field(default_factory=Styles)
    on_inserted: Callable[[str, Target], None] = lambda text, target: None
    read_clipboard: Callable[[], Awaitable[str | None]] | None = None
    start_edit: Callable[[], SelectionEditor] | None = None
    scratch: Callable[[Target], Awaitable[Delivery | None]] | None = None
    is_resumed: bool = False


class TurnWaiter(Protocol):
    """Waits until all earlier sessions have been pasted, or with `recorded` until they are in the history; cancellable
    until then."""

    async def __call__(self, *, recorded: bool = False) -> Delivery | None:
        """Wait; nothing can be cancelled afterwards. Return None, or the refusal if nothing may be inserted: the user
        has left, or a password prompt came up since the press."""
        ...


@dataclass(frozen=True, slots=True)
class InsertionRequest:
    """What is to be inserted and where. `new_target` names the window if it is not the one of the press; `released_at`
    is the time of the key release (monotonic); `press_enter`: press Return after it; `microphone_note` is what the
    microphone reported."""

    transcript: Transcript
    context: DictationContext
    new_target: str
    released_at: float
    press_enter: bool
    microphone_note: str


type Inserter = Callable[
    [InsertionRequest, SessionDependencies, TurnWaiter, Callable[[DictationState], None], Callable[[], None]],
    Awaitable[SessionResult],
]
"""The signature of `dictation.insertion.insert_text` and its replacements."""


class SelectionEditor(Polisher, Protocol):
    """One voice edit of the selected text."""

    async def insert(
        self,
        request: InsertionRequest,
        dependencies: SessionDependencies,
        wait_for_turn: TurnWaiter,
        on_state: Callable[[DictationState], None],
        on_sent: Callable[[], None],
    ) -> SessionResult:
        """See `Inserter`."""
        ...
