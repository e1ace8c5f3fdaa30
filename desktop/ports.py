"""The few things the flow needs from the world, each as small as its consumer can bear.

The result of a step is its return value, so there is exactly one; progress is a callback, so it is optional. Batch,
streaming, cloud and fallback are all the same `Recognizer`. The heavy thing behind a port (a model, a client) is
shared; what it makes lives for one dictation.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

from desktop.problems import Problem

if TYPE_CHECKING:  # the tray knows the words of an utterance and waits for no numpy
    import numpy as np
    from numpy.typing import NDArray

LABELS = ("neutral", "joy", "sadness", "anger", "fear", "surprise", "disgust")
"""The emotions that are told apart: Ekman's six and none of them. `models.emotion.LABELS` are the same."""

RATE_HZ = 16_000
"""Everything downstream of the microphone is mono at this rate: what Whisper and Silero were trained on."""

FRAME = 512
"""Samples in a frame: 32 ms, Silero's step."""

type Audio = NDArray[np.float32]
"""Mono samples at `RATE_HZ` in [-1, 1], shape (n,)."""

type Frame = Audio
"""Exactly `FRAME` samples, but for the last of a recording, which may be shorter."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of speech and its words; times in seconds from the first sample."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What left the machine for one step of a dictation: which host got how many bytes of audio or characters of text.

    `purpose` is "speech", "polish" or "emotion"; `cost_usd` what the provider's price list makes of it, None where no
    price is known.
    """

    host: str
    purpose: str
    audio_bytes: int = 0
    characters: int = 0
    cost_usd: float | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said, as far as it is known.

    `text[:settled]` will not change any more; the rest is tentative. `voice` is the mean encoder state (float32[n])
    where recognition computed one: emotion reuses it; `voice_model` is whose state that is, empty for
    `model`. `guards` names each check that made a window be decoded again.
    `note` is a sentence where another engine than the chosen one answered, or there is something else to say; `sent`
    what left the machine.
    """

    text: str = ""
    settled: int = 0
    language: str = ""
    segments: tuple[Segment, ...] = ()
    duration_s: float = 0.0
    decode_s: float = 0.0
    engine: str = ""
    model: str = ""
    device: str = ""
    guards: tuple[str, ...] = ()
    note: str = ""
    sent: tuple[Sent, ...] = ()
    voice: NDArray[np.float32] | None = field(default=None, compare=False)
    voice_model: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Field:
    """The field with the focus inside a window; `secret` where it is a password's. `address` is the platform's own.

    `before` and `after` are some of the text on either side of the cursor, None where nobody tells or nobody asked;
    they are never kept, logged or sent anywhere.
    """

    secret: bool = False
    address: tuple[str, str] = ("", "")
    before: str | None = field(default=None, repr=False)
    after: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Target:
    """The window that the words are for.

    `app` is the class the window names itself by, or its program's name; `window` its title; `site` the host of the
    page in it, where a browser tells and one may ask; `handle` the platform's own (an X11 window id), 0 where nothing
    had the focus. `field` is None where nobody tells, which is often.
    """

    handle: int = 0
    app: str = ""
    window: str = ""
    pid: int = 0
    field: Field | None = None
    site: str = ""

    @property
    def secret(self) -> bool:
        """Whether it is known that the words are for a password field."""
        return self.field is not None and self.field.secret


@dataclass(frozen=True, slots=True)
class Change:
    """What one of the rules of polish changed: `before` became `after`."""

    rule: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Polished:
    """Text as one would have typed it, and what the rules changed for it. `note`, `sent`: as in `Transcript`. `after`
    is that end of the text before which the cursor is to stand, empty where that is the end itself."""

    text: str
    note: str = ""
    sent: tuple[Sent, ...] = ()
    changed: tuple[Change, ...] = ()
    after: str = ""


@dataclass(frozen=True, slots=True)
class Style:
    """How one writes at a place: `mode` is what polishes there, empty for what the settings say.

    `capital`: whether a text begins with one; `closing`: whether its last sentence is given a mark. `without` names the
    rules that are not for this place. A language model is told `tone` besides, a sentence or two.
    """

    name: str = ""
    mode: Literal["", "off", "rules", "llm"] = ""
    capital: bool = True
    closing: bool = True
    without: frozenset[str] = frozenset()
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What a polisher may know about the place the text goes to: how one writes there, and `why` (the application, the
    site or the title that says so). `dictation` tells one dictation from the next, `microphone` is what hears it.
    `clipboard` is the clipboard's text at the key's press, None where nobody asked or nobody tells."""

    target: Target = Target()
    language: str = ""
    dictation: int = 0
    style: Style = Style()
    why: str = ""
    clipboard: str | None = None
    microphone: str = ""


@dataclass(frozen=True, slots=True)
class Emotion:
    """How it was said: the label, how sure that is in [0, 1], and where it lies (both in [-1, 1]).

    `scores` are the probabilities of the seven labels (`models.emotion.LABELS`, in its order) before anything was held
    back, `rank` the label that is first by them; both are empty where an engine tells no more than one. `abstained`:
    nothing was likely enough, so that it is called neutral. `calibrating`: the voice is not known yet. `mixed`: words
    and voice say different things. `engine` is who judged; `note` what there is to say of it.
    """

    label: str
    confidence: float
    valence: float
    arousal: float
    abstained: bool = False
    engine: str = ""
    scores: tuple[float, ...] = ()
    rank: str = ""
    calibrating: bool = False
    mixed: bool = False
    note: str = ""

    def json(self) -> dict[str, Any]:
        """It for programs: the scores by their labels."""
        return {**asdict(self), "scores": dict(zip(LABELS, self.scores, strict=False))}


@dataclass(frozen=True, slots=True)
class Felt:
    """What came of looking for an emotion, None where none could be told; and what left the machine for it."""

    emotion: Emotion | None = None
    sent: tuple[Sent, ...] = ()


class Outcome(StrEnum):
    """How a dictation ended: one name for the pill, the history's `delivery` and the command line."""

    INSERTED = "inserted"
    UNCONFIRMED = "unconfirmed"
    COPIED = "copied"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"
    RECOVERED = "recovered"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A paste's outcome and, where it was not plainly inserted, the sentence that says why and what to do.

    `read_s`: seconds from the chord's first key to the target's first read, where that is known.
    """

    outcome: Outcome
    note: str = ""
    read_s: float | None = field(default=None, compare=False)


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
