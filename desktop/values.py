"""What the steps of a dictation hand to each other: sound, words, places, text, an emotion, and how it ended.

Values alone, so that they may be compared, kept and sent to another process; what makes them is behind `ports`, where
everybody has them from.
"""

from __future__ import annotations

import dataclasses
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

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


ENGINE_NAMES = {
    "whisper": "Whisper",
    "openai": "OpenAI",
    "openai-live": "OpenAI live",
    "deepgram": "Deepgram",
    "deepgram-live": "Deepgram live",
    "compatible": "Own server",
}
"""Display names of the engines by their names in the settings."""


def engine_name(engine: str, model: str) -> str:
    """Return an engine and its model as one display name: Whisper base."""
    return f"{ENGINE_NAMES.get(engine, engine)} {model}".strip()


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of speech and its words; times in seconds from the first sample."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What left the machine for one step of a dictation: which host got how many bytes of audio or characters of text.

    `purpose` is "speech", "polish", "edit" or "emotion"; `cost_usd` what the provider's price list makes of it, None
    where no price is known.
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
    where recognition computed one: emotion reuses it; `voice_model` is whose state that is, empty for `model`. `guards`
    names each check that made a window be decoded again.
    `note` is a sentence where another engine than the chosen one answered, or there is something else to say; `sent`
    what left the machine. `agreed`: the text is empty, and a second recognizer heard nothing either.
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
    agreed: bool = False


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
    had the focus. `field` is None where nobody tells, which is often. `focused_at` is when the window got the focus
    (`time.monotonic()`), 0 where that is not known.
    """

    handle: int = 0
    app: str = ""
    window: str = ""
    pid: int = 0
    field: Field | None = None
    site: str = ""
    focused_at: float = dataclasses.field(default=0.0, compare=False)

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


NEAR_NEUTRAL = 0.2
"""The greatest valence and arousal, either way, of an emotion that is labelled neutral, also where it was held back."""


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


@dataclass(frozen=True, slots=True)
class Selection:
    """What is selected in the window `handle`, None where that does not say so; `why` it is not to be edited, a
    sentence, empty where it may be."""

    handle: int = 0
    text: str | None = None
    why: str = ""
