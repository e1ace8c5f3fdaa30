"""Protocols for what a dictation needs from outside, each as small as its consumer allows.

The result of a step is its return value, so there is exactly one; progress is a callback, so it is optional. Batch,
streaming, cloud and fallback are all the same `Recognizer`. The heavy object behind a port (a model, a client) is
shared; what it makes lives for one dictation. The values are defined in `core.types` and re-exported here.
"""

from __future__ import annotations

# ruff: noqa: I001 -- one list of the re-exported names, and not an import for each
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, runtime_checkable

from desktop.core.errors import Problem
from desktop.core.types import (
    FRAME as FRAME,
    LABELS as LABELS,
    NEAR_NEUTRAL as NEAR_NEUTRAL,
    RATE_HZ as RATE_HZ,
    Audio as Audio,
    Change as Change,
    Context as Context,
    Delivery as Delivery,
    Emotion as Emotion,
    Felt as Felt,
    Field as Field,
    Frame as Frame,
    Outcome as Outcome,
    Polished as Polished,
    Segment as Segment,
    Selection as Selection,
    Sent as Sent,
    Style as Style,
    Target as Target,
    Transcript as Transcript,
)


class Recording(Protocol):
    """Audio from an open microphone. Iterate it for frames; `stop` ends it after the frames already captured."""

    @property
    def device(self) -> str:
        """Return the name of the microphone in use."""
        ...

    @property
    def trouble(self) -> Problem | None:
        """Return why no audio arrives now, None when it does. The recording continues either way."""
        ...

    @property
    def note(self) -> str:
        """Return what happened to the microphone during this recording, in whole sentences; empty where nothing did."""
        ...

    @property
    def before_s(self) -> float:
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


@runtime_checkable
class Shared(Protocol):
    """Audio that several readers can read, each at its own pace."""

    def ear(self) -> Heard:
        """Return a reader of all of it, from the oldest frame that no reader has read."""
        ...


class Heard(AsyncIterator[Frame], Protocol):
    """A reader of audio that can be closed early."""

    async def aclose(self) -> None:
        """Stop reading."""
        ...


class Recognizer(Protocol):
    """Speech to text."""

    async def transcribe(self, speech: AsyncIterable[Frame], show: Callable[[Transcript], None]) -> Transcript:
        """Return the transcript of all of `speech`. `on_partial` is called with each better partial transcript.

        Works while the frames arrive, so that little is left to do at their end. Returns an empty text for silence.
        Raises `RecognizerError`, or `ServiceError` where the recognizer is a remote service.
        """
        ...


class Polisher(Protocol):
    """Spoken words to text as the user would have typed it."""

    def ahead(self, text: str, context: Context) -> None:
        """Start work on the text that `polish` will probably be called with; an empty text when a dictation begins.

        Call on the engine's loop. Never blocks, never raises.
        """
        ...

    async def polish(self, text: str, context: Context, show: Callable[[str], None]) -> Polished:
        """Return the polished text. `on_draft` is called with drafts of it.

        Falls back to the text that the rules produce rather than raise.
        """
        ...

    def over(self, context: Context) -> tuple[Sent, ...]:
        """End the dictation, perhaps without `polish`: stop what was started for it.

        Returns what left the machine and is in no `PolishedText`. Never blocks, never raises.
        """
        ...


class Feeler(Protocol):
    """Detects the emotion of words and voice."""

    async def feel(self, transcript: Transcript, audio: Audio, context: Context) -> Felt:
        """Return the emotion of a dictation, within a few seconds. Never raises a `UserError`."""
        ...


class Paster(Protocol):
    """Puts text into a window."""

    async def target(self) -> Target:
        """Return the window that the user means now: the focused one, unless it appeared at this very moment.

        Returns `Target()` with handle 0 where there is none.
        """
        ...

    async def paste(self, text: str, target: Target, sent: Callable[[], None], enter: bool = False) -> Delivery:
        """Put `text` into `target` once, restore the clipboard, and return the outcome.

        With `enter`, press Return there once the text is known to have arrived. `on_sent` is called on the engine's
        loop as soon as the chord is on its way: from then on the user sees the text, and the next paste may begin.
        Returns when the outcome is known, which is later: when the target has read. Text that cannot be inserted is
        left on the clipboard (COPIED) or reported (FAILED, REFUSED). Never raises a `UserError`.
        """
        ...


@runtime_checkable
class PastesAround(Protocol):
    """A paster that can also leave the cursor within the inserted text."""

    async def paste_around(
        self, before: str, after: str, target: Target, sent: Callable[[], None], enter: bool = False
    ) -> Delivery:
        """Paste `before` and `after` as one text, as `Paster.paste` does, and leave the cursor between them.

        A note says so where the cursor could not be placed there.
        """
        ...


@runtime_checkable
class ReadsClipboard(Protocol):
    """A paster that can also read the clipboard."""

    async def clipboard(self) -> str | None:
        """Return the clipboard's text; None where there is none, or it is a secret that must not be stored."""
        ...


@runtime_checkable
class TakesBack(Protocol):
    """A paster that can also undo its last insertion."""

    async def take_back(self, texts: tuple[str, ...], sent: Callable[[], None]) -> Delivery:
        """Remove the last inserted text, if it still stands before the cursor of the focused window.

        Inserts in its place the text of `texts` that differs from it, nothing where `texts` is empty. Runs in order
        with the pastes. Outcomes: CANCELLED, it is removed; REFUSED with a sentence, nothing was changed; with `texts`,
        otherwise as `Paster.paste`.
        """
        ...


@runtime_checkable
class Edits(Protocol):
    """A paster that can also replace the selected text. Runs in order with the pastes."""

    async def marked(self) -> Selection:
        """Return the selection that the focused window reports by itself, without a key press."""
        ...

    async def selected(self, marked: Selection, target: Target) -> Selection:
        """Return the selection in `target`, which has the focus, by having the window copy it.

        Where the window reported its selection, both must agree. The clipboard is restored. Nothing is changed.
        """
        ...

    async def replace(self, selection: Selection, text: str, target: Target, sent: Callable[[], None]) -> Delivery:
        """Put `text` where `selection` still is selected in `target`; otherwise as `Paster.paste`.

        REFUSED with a sentence: neither the text nor the clipboard was changed.
        """
        ...
