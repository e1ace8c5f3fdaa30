"""What a dictation session needs of its surroundings."""

from __future__ import annotations

from collections.abc import AsyncIterable, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

import anyio.lowlevel

from desktop.audio.spool import Spool
from desktop.audio.spool_file import SpoolFile
from desktop.core.errors import UserError
from desktop.core.interfaces import (
    EmotionDetector,
    LanguageChooser,
    Microphone,
    Paster,
    Polisher,
    Recognizer,
    VoiceEncoder,
)
from desktop.core.state import DictationState
from desktop.core.types import (
    DictationContext,
    EmotionResult,
    Frame,
    PasteResult,
    PolishedText,
    SentData,
    Target,
    Transcript,
)
from desktop.history.recorder import NO_ROW
from desktop.history.rows import HistoryEntry
from desktop.polish.styles import Styles

type SpokenAction = Callable[[Target], Awaitable[PasteResult | None]]
"""Does what a spoken command asks for in a window, and returns the result; None, with nothing done, if the words are
text there."""


class SpokenRequest(Polisher, Protocol):
    """What spoken words are about where they are no text: it is the session's `Polisher`, and puts in what becomes of
    them where a dictation pastes."""

    async def replace_text(self, text: str, target: Target, on_sent: Callable[[], None]) -> PasteResult:
        """Put `text` in the place of what it replaces, as `Paster.replace_selection` or `Paster.undo_paste`."""
        ...


class SpokenCorrection(SpokenRequest, Protocol):
    """A word of the last text that is said again."""

    def listen(self, recognizer: Recognizer) -> Recognizer:
        """Return `recognizer`, whose sound is looked at too."""
        ...

    def listen_in(self, chooser: LanguageChooser) -> LanguageChooser:
        """Return `chooser`, the sound of whose recognizers is looked at too."""
        ...

    async def choose(self, places: tuple[int, ...]) -> PolishedText:
        """Return the last text with these of the choices made that are asked about; or why it is not changed."""
        ...

    def adjust_state(self, state: DictationState) -> DictationState:
        """Return what is to be shown for the `state` of its session."""
        ...


def discard_unkept(entry: HistoryEntry, spool_file: SpoolFile) -> int:
    """Discard the recording of a dictation of which nothing is kept."""
    spool_file.discard()
    return NO_ROW


def discard_answer(entry: HistoryEntry, spool_file: SpoolFile, program: str) -> int:
    """Discard the recording of an answer of which nothing is kept."""
    return discard_unkept(entry, spool_file)


@dataclass(frozen=True, slots=True)
class SessionDependencies:
    """The dependencies of a session; replaced whole when a setting changes, so that a running session keeps its own.

    A recording ends by itself after `max_duration_s`: a stuck key goes unnoticed. `record_entry` stores an entry and,
    if it is to be kept, the recording, and returns the row's id; `add_emotion` adds an emotion that `emotion_detector`
    found later to that row, after `voice_encoder` added the voice where it was wanted. Recording and adding an
    emotion run in a worker thread and raise `HistoryError`. `record_unkept` is called in the place of `record_entry`
    with what was said to a private field: nothing of it is stored; `record_answer` with what was said to a program,
    given its name. `styles` gives the writing style for a window.
    `on_inserted` is called with each text that has arrived, what was recognized and its window; `is_kept` returns
    whether the history keeps dictations into a window, and `is_emotion_enabled` whether their emotion is detected.
    `read_clipboard` reads the clipboard's text, None if nothing needs it. `start_edit` starts a voice edit, None
    without a language model; `start_correction` starts what replaces a word that is said again, given what waits for
    the earlier sessions and what is shown at the key press. `scratch` undoes the last insertion into a window and
    returns None if there is none. `is_resumed`: the session is resumed from a recording, which is kept already.
    `is_live`: the words are shown in the field while they are spoken, where the paster can. `languages` chooses those
    of each dictation; None where the settings alone do. `recognize_in` recognizes speech again in given languages, on
    this machine; None where it was not recognized here. `read_project` begins to read the names of the project in a
    window whose style has spoken code; None where that is not allowed. A dictation without a held key ends after
    `end_silence_s` without speech, 0 for never, and with `is_continuous` the next one begins with the next word
    (`desktop.dictation.hands_free`): `wait_until_wanted` waits until it is known that no word before this
    one has ended it, `find_command` returns what its words ask for, or the result if that is done, None for text, and
    `on_pasted` is called with what became of its text.
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
    voice_encoder: VoiceEncoder | None = None
    record_unkept: Callable[[HistoryEntry, SpoolFile], int] = discard_unkept
    record_answer: Callable[[HistoryEntry, SpoolFile, str], int] = discard_answer
    is_kept: Callable[[Target], bool] = lambda target: True
    is_emotion_enabled: Callable[[Target], bool] = lambda target: True
    styles: Styles = field(default_factory=Styles)
    on_inserted: Callable[[PolishedText, str, Target], None] = lambda polished, raw_text, target: None
    read_clipboard: Callable[[], Awaitable[str | None]] | None = None
    start_edit: Callable[[], SpokenRequest] | None = None
    start_correction: Callable[[Callable[[], Awaitable[object]], DictationState], SpokenCorrection] | None = None
    scratch: Callable[[Target], Awaitable[PasteResult | None]] | None = None
    is_resumed: bool = False
    is_live: bool = False
    languages: LanguageChooser | None = None
    recognize_in: Callable[[AsyncIterable[Frame], tuple[str, ...]], Awaitable[Transcript]] | None = None
    read_project: Callable[[Target], None] | None = None
    end_silence_s: float = 0.0
    is_continuous: bool = False
    wait_until_wanted: Callable[[], Awaitable[None]] = anyio.lowlevel.checkpoint
    find_command: Callable[[str], SpokenAction | PasteResult | None] = lambda text: None
    on_pasted: Callable[[PasteResult, Target], None] = lambda result, target: None

    def choose_recorder(self, entry: HistoryEntry, target: Target) -> Callable[[HistoryEntry, SpoolFile], int]:
        """Return how to record `entry` of a dictation for `target`. A resumed one is kept already."""
        return self.record_unkept if target.is_private and not self.is_resumed else self.record_entry


class MissingEditor:
    """A `Polisher` for an instruction where there is no language model to edit by."""

    def prepare(self, text: str, context: DictationContext) -> None:
        """Do nothing."""

    async def polish(self, text: str, context: DictationContext, on_draft: Callable[[str], None]) -> PolishedText:
        """Raise `UserError`."""
        raise UserError("edit-key-missing")

    def finish(self, context: DictationContext) -> tuple[SentData, ...]:
        """Return nothing: nothing was sent."""
        return ()
