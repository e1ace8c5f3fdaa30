"""What a dictation needs from outside, each as small as its consumer allows.

The result of a step is its return value, so there is exactly one; progress is a callback, so it is optional. Batch,
streaming, cloud and fallback are all the same `Recognizer`. The heavy object behind a port (a model, a client) is
shared; what it makes lives for one dictation. The values are in `desktop.core.types`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import Flag, auto
from typing import Protocol

from desktop.core.errors import UserError
from desktop.core.messages import Notes
from desktop.core.types import (
    Audio,
    DictationContext,
    EmotionResult,
    Frame,
    PasteResult,
    PolishedText,
    Selection,
    SentData,
    Target,
    TimedWord,
    Transcript,
)


class Recording(Protocol):
    """Audio from an open microphone. Iterate it for frames; `stop` ends it after the frames already captured."""

    @property
    def device(self) -> str:
        """Return the name of the microphone in use."""
        ...

    @property
    def problem(self) -> UserError | None:
        """Return why no audio arrives now, None when it does. The recording continues either way."""
        ...

    @property
    def notes(self) -> Notes:
        """Return what happened to the microphone during this recording; empty where nothing did."""
        ...

    @property
    def preroll_s(self) -> float:
        """Return the seconds at the beginning that were captured before the key press."""
        ...

    def stop(self, at: float) -> None:
        """End the recording at `at`, the time of the key release.

        The clock is `time.monotonic()`, which asyncio's `loop.time()` is too. Frames captured before that are still
        delivered. Safe to call twice, from the engine's thread.
        """
        ...

    def __aiter__(self) -> AsyncIterator[Frame]: ...


class Microphone(Protocol):
    """The source of recordings."""

    def open(self) -> AbstractAsyncContextManager[Recording]:
        """Start recording; leaving the context closes the device. Raises `MicrophoneError` when it cannot be opened."""
        ...


class AudioReader(AsyncIterator[Frame], Protocol):
    """A reader of audio that can be closed early."""

    async def aclose(self) -> None:
        """Stop reading."""
        ...


class Recognizer(Protocol):
    """Speech to text."""

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        """Return the transcript of all of `speech`. `on_partial` is called with each better partial transcript.

        Works while the frames arrive, so that little is left to do at their end. Returns an empty text for silence.
        Raises `RecognizerError`, or `ServiceError` where the recognizer is a remote service.
        """
        ...


class WordAligner(Protocol):
    """Finds the words of a text in its recording. Yields to dictations, and may wait for their end."""

    async def align(self, audio: Audio, text: str, language: str, *, is_urgent: bool = False) -> tuple[TimedWord, ...]:
        """Return when each word of `text` was said, in their order; empty where the engine cannot.

        `is_urgent`: goes on beside what is being said. Never raises a `UserError`, as the two that follow.
        """
        ...

    async def list_alternatives(self, audio: Audio, language: str, count: int) -> tuple[str, ...]:
        """Return up to `count` texts that the audio may say, likeliest first; empty where the engine cannot."""
        ...

    async def score(self, audio: Audio, texts: Sequence[str], language: str) -> tuple[float, ...]:
        """Return the log probability of each of `texts`, the sum over its tokens, given the audio.

        Empty where the engine cannot. A text without words has the lowest.
        """
        ...


class LanguageChooser(Protocol):
    """Chooses the languages of each dictation, where something else than the settings decides."""

    async def choose(self, read_target: Callable[[], Awaitable[Target]]) -> tuple[str, ...]:
        """Return the languages of a dictation that begins now (Whisper's codes), none for any.

        `read_target` returns the window of the press. Takes less than a second; never raises.
        """
        ...

    def create_recognizer(self, languages: tuple[str, ...]) -> Recognizer:
        """Return the recognizer for a dictation in these languages."""
        ...


class Polisher(Protocol):
    """Spoken words to text as the user would have typed it."""

    def prepare(self, text: str, context: DictationContext) -> None:
        """Start work on the text that `polish` will probably be called with; an empty text when a dictation begins.

        Call on the engine's loop. Never blocks, never raises.
        """
        ...

    async def polish(self, text: str, context: DictationContext, on_draft: Callable[[str], None]) -> PolishedText:
        """Return the polished text. `on_draft` is called with drafts of it.

        Falls back to the text that the rules produce rather than raise.
        """
        ...

    def finish(self, context: DictationContext) -> tuple[SentData, ...]:
        """End the dictation, perhaps without `polish`: stop what was started for it.

        Returns what left the machine and is in no `PolishedText`. Never blocks, never raises.
        """
        ...


class EmotionDetector(Protocol):
    """Detects the emotion of words and voice."""

    async def detect(self, transcript: Transcript, audio: Audio, context: DictationContext) -> EmotionResult:
        """Return the emotion of a dictation, within a few seconds. Never raises a `UserError`."""
        ...


class VoiceEncoder(Protocol):
    """Hears the voice of a recording where the recognizer did not, or not so that it can be judged."""

    async def is_wanted(self, transcript: Transcript) -> bool:
        """Return whether `add_voice` can say more of the voice than the transcript does."""
        ...

    async def add_voice(self, transcript: Transcript, audio: Audio) -> Transcript:
        """Return the transcript with the state of the voice and its model; as it is where that is not possible."""
        ...


class PasterCapability(Flag):
    """What a `Paster` can do besides `paste`."""

    PLACE_CURSOR = auto()
    READ_CLIPBOARD = auto()
    UNDO = auto()
    EDIT_SELECTION = auto()
    REQUEST_PERMISSION = auto()
    LIVE_TEXT = auto()
    PRESS_RETURN = auto()


class Composition(Protocol):
    """Words that stand in a field while they are spoken and are no part of its text: the next paste replaces them."""

    def show(self, text: str) -> None:
        """Show `text` in place of what was shown; an empty text removes it.

        Never blocks, never raises. The newest text is shown as soon as the field can; a text that is longer than a
        field shows removes what is there, for good. Call on the engine's loop.
        """
        ...


class Paster(ABC):
    """Puts text into a window. A method after `paste` may be called where `capabilities` has what it names."""

    @property
    def capabilities(self) -> PasterCapability:
        """Return what it can do now."""
        return PasterCapability(0)

    @abstractmethod
    async def find_target(self) -> Target:
        """Return the window that the user means now: the focused one, unless it appeared at this very moment.

        Returns `Target()` with handle 0 where there is none.
        """

    @abstractmethod
    async def paste(self, text: str, target: Target, on_sent: Callable[[], None], enter: bool = False) -> PasteResult:
        """Put `text` into `target` once, restore the clipboard, and return the outcome.

        With `enter`, press Return there once the text is known to have arrived. `on_sent` is called on the engine's
        loop as soon as the chord is on its way: from then on the user sees the text, and the next paste may begin.
        Returns when the outcome is known, which is later: when the target has read. Text that cannot be inserted is
        left on the clipboard (COPIED) or reported (FAILED, REFUSED). Never raises a `UserError`.
        """

    def end_checks(self) -> None:  # noqa: B027  a paster that waits for nothing need not have it
        """End what pastes wait for before their keys, since the app quits and waits for the pastes.

        A program that is asked whether a password field has the focus may still answer, for a moment. Without its
        answer the text goes nowhere; where a key is held, it is left on the clipboard. Call on the engine's loop.
        """

    async def paste_around(
        self, before: str, after: str, target: Target, on_sent: Callable[[], None], enter: bool = False
    ) -> PasteResult:
        """Paste `before` and `after` as one text, as `paste` does, and leave the cursor between them (PLACE_CURSOR).

        A note says so where the cursor could not be placed there.
        """
        raise NotImplementedError

    def open_composition(self, target: Target) -> AbstractAsyncContextManager[Composition]:
        """Show words in `target`, which has the focus, until the context is left (LIVE_TEXT).

        Shows nothing where the field must not or cannot. A paste within the context puts its text in the place of the
        words in one step, and nothing that a paste does otherwise waits for them. What has not been replaced is gone
        when the context has been left, and as soon as the field loses the focus.
        """
        raise NotImplementedError

    async def request_permission(self) -> None:
        """Ask the user to let texts into windows, in the desktop's own dialog (REQUEST_PERMISSION)."""
        raise NotImplementedError

    async def read_clipboard(self) -> str | None:
        """Return the clipboard's text; None where there is none, or it is a secret that must not be stored
        (READ_CLIPBOARD)."""
        raise NotImplementedError

    async def read_primary(self) -> str | None:
        """Return what was selected last in any window, perhaps deselected since; None where that cannot be known, or is
        a secret. No key is pressed."""
        return None

    async def press_return(self, target: Target, since: float) -> bool:
        """Press Return in `target`, which has the focus, unless something was touched `since` (monotonic), as far as
        that is known; return whether it was pressed. Call while no paste is under way (PRESS_RETURN)."""
        raise NotImplementedError

    async def undo_paste(self, texts: tuple[str, ...], on_sent: Callable[[], None]) -> PasteResult:
        """Remove the last inserted text, if it still stands before the cursor of the focused window (UNDO).

        Inserts in its place the text of `texts` that differs from it, nothing where `texts` is empty. Runs in order
        with the pastes. Outcomes: CANCELLED, it is removed; REMOVED with sentences, it is, and what was to come in its
        place could not be put in; REFUSED or FAILED with a sentence, nothing was changed; with `texts`, otherwise as
        `paste`.
        """
        raise NotImplementedError

    async def read_selection(self) -> Selection:
        """Return the selection that the focused window reports by itself, without a key press (EDIT_SELECTION).

        This and the two that follow run in order with the pastes.
        """
        raise NotImplementedError

    async def copy_selection(self, reported: Selection, target: Target) -> Selection:
        """Return the selection in `target`, which has the focus, by having the window copy it (EDIT_SELECTION).

        Where the window reported its selection, both must agree. The clipboard is restored. Nothing is changed.
        """
        raise NotImplementedError

    async def replace_selection(
        self, selection: Selection, text: str, target: Target, on_sent: Callable[[], None]
    ) -> PasteResult:
        """Put `text` where `selection` still is selected in `target` (EDIT_SELECTION); otherwise as `paste`.

        REFUSED with a sentence: neither the text nor the clipboard was changed.
        """
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class UserActivity:
    """The user's activity.

    `is_talk_key_held`: whether the talk key is down; `is_talking`: whether it is and the next dictation is being
    spoken; `is_speaking`: whether a dictation is being spoken, with a key held for it or not; `last_input_at`: when a
    key or button was last pressed, not after a given time (both monotonic); `last_left_at`: when the user was last
    known to leave, which is when the screen was locked. `expect_own_keys` is called with the keycodes that we are about
    to press, so that they do not count as the user's.
    """

    expect_own_keys: Callable[[Iterable[int]], None] = lambda keycodes: None
    is_talk_key_held: Callable[[], bool] = lambda: False
    is_talking: Callable[[], bool] = lambda: False
    last_input_at: Callable[[float], float] = lambda until: 0.0
    last_left_at: Callable[[], float] = lambda: 0.0
    is_speaking: Callable[[], bool] = lambda: False
