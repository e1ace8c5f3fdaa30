"""The few things the flow needs from the world, each as small as its consumer can bear.

The result of a step is its return value, so there is exactly one; progress is a callback, so it is optional. Batch,
streaming, cloud and fallback are all the same `Recognizer`. The heavy thing behind a port (a model, a client) is
shared; what it makes lives for one dictation. The values that go through them are in `values` and had from here.
"""

from __future__ import annotations

# ruff: noqa: I001 -- one list of what is handed on, and not an import for each
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, runtime_checkable

from desktop.problems import Problem
from desktop.values import (
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
    """One take of the microphone: iterate it to hear; `stop` brings its end, after the frames already captured."""

    @property
    def device(self) -> str:
        """The name of the microphone that is heard."""
        ...

    @property
    def trouble(self) -> Problem | None:
        """Why nothing is heard now; None when all is well. The take goes on all the same."""
        ...

    @property
    def note(self) -> str:
        """What happened to the microphone in this take, in whole sentences; empty where nothing did."""
        ...

    @property
    def before_s(self) -> float:
        """Seconds at its beginning that were heard before the press."""
        ...

    def stop(self, at: float) -> None:
        """End the take at `at`, the `time.monotonic()` of the key-up, which asyncio's `loop.time()` is too.

        What was captured before is still delivered. Safe to call twice, from the engine's thread.
        """
        ...

    def __aiter__(self) -> AsyncIterator[Frame]: ...


class Microphone(Protocol):
    """Where speech comes from."""

    def open(self) -> AbstractAsyncContextManager[Recording]:
        """Start hearing; leaving the context closes the device. Raises `MicrophoneProblem` when it cannot be opened."""
        ...


@runtime_checkable
class Shared(Protocol):
    """Speech that several may hear at their own pace."""

    def ear(self) -> Heard:
        """All of it, from where nobody has heard anything yet."""
        ...


class Heard(AsyncIterator[Frame], Protocol):
    """Speech for one who may close it when they want to hear no more."""

    async def aclose(self) -> None:
        """Hear no more."""
        ...


class Recognizer(Protocol):
    """Speech to words."""

    async def transcribe(self, speech: AsyncIterable[Frame], show: Callable[[Transcript], None]) -> Transcript:
        """Return the transcript of all of `speech`; `show` is called with every better partial one on the way.

        Works while the frames arrive, so that little is left to do at their end. Returns an empty text for silence.
        Raises `RecognizerProblem`, or `ServiceProblem` where the words are another machine's.
        """
        ...


class Polisher(Protocol):
    """Words as spoken to text as one would have typed it."""

    def ahead(self, text: str, context: Context) -> None:
        """Say what `polish` will probably be asked, so that it may begin; an empty text when a dictation begins. Called
        on the engine's loop. Never blocks, never raises."""
        ...

    async def polish(self, text: str, context: Context, show: Callable[[str], None]) -> Polished:
        """Return the polished text; `show` is called with drafts of it. Falls back to what rules make of `text` rather
        than raise."""
        ...

    def over(self, context: Context) -> tuple[Sent, ...]:
        """The dictation has ended, perhaps without `polish`: stop what was begun for it, and say what had left the
        machine that no `Polished` told. Never blocks, never raises."""
        ...


class Feeler(Protocol):
    """The emotion that words and voice express."""

    async def feel(self, transcript: Transcript, audio: Audio, context: Context) -> Felt:
        """Return what is heard in a dictation, within a few seconds of its own. Never raises a `Problem`."""
        ...


class Paster(Protocol):
    """Puts text into a window."""

    async def target(self) -> Target:
        """The window that is meant now: the one with the focus, unless it came up in this very moment. A `Target()`
        with handle 0 where there is none."""
        ...

    async def paste(self, text: str, target: Target, sent: Callable[[], None], enter: bool = False) -> Delivery:
        """Put `text` into `target` once, give the clipboard back, and say what came of it. With `enter`, Return is
        pressed there once the text is known to have arrived.

        `sent` is called on the engine's loop as soon as the chord is on its way: from then on the person sees the text,
        and the next paste may begin. Returns when the outcome is known, which is later: when the target has read. What
        cannot be inserted is left on the clipboard (COPIED) or named (FAILED, REFUSED); never raises a `Problem`.
        """
        ...


@runtime_checkable
class PastesAround(Protocol):
    """A paster that can also leave the cursor within what it inserts."""

    async def paste_around(
        self, before: str, after: str, target: Target, sent: Callable[[], None], enter: bool = False
    ) -> Delivery:
        """As `Paster.paste` of `before` and `after` as one text, with the cursor between them at the end, or a note
        that says that it is not."""
        ...


@runtime_checkable
class ReadsClipboard(Protocol):
    """A paster that can also tell what is on the clipboard."""

    async def clipboard(self) -> str | None:
        """The clipboard's text; None where there is none, or it is a secret that is not to be kept."""
        ...


@runtime_checkable
class TakesBack(Protocol):
    """A paster that can also take back what it inserted."""

    async def take_back(self, texts: tuple[str, ...], sent: Callable[[], None]) -> Delivery:
        """Remove what was inserted last, if it still stands before the cursor of the window with the focus, and insert
        in its place the one of `texts` that it was not; nothing where there are none. In order with the pastes.

        CANCELLED: it is gone. REFUSED, with a sentence: nothing was changed. With `texts`, otherwise as `Paster.paste`.
        """
        ...


@runtime_checkable
class Edits(Protocol):
    """A paster that can also put a text in the place of what is selected. In order with the pastes."""

    async def marked(self) -> Selection:
        """What the window with the focus tells by itself is selected, without a key being pressed."""
        ...

    async def selected(self, marked: Selection, target: Target) -> Selection:
        """What is selected in `target`, which has the focus: what the window copies when it is asked to, and that is
        what was `marked` before, where it told. The clipboard is given back. Nothing is changed."""
        ...

    async def replace(self, selection: Selection, text: str, target: Target, sent: Callable[[], None]) -> Delivery:
        """Put `text` where `selection` still is selected in `target`; otherwise as `Paster.paste`. REFUSED, with a
        sentence: nothing was changed, the clipboard neither."""
        ...
