"""Values passed between the steps of a dictation: audio, transcript, target, text, emotion and outcome.

Pure data, so that they can be compared, stored and sent to another process. The ports that produce them are in
`desktop.core.interfaces`.
"""

from __future__ import annotations

import dataclasses
from dataclasses import asdict, dataclass, field, replace
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any, Literal

from desktop.core.messages import Notes

if TYPE_CHECKING:  # the tray imports this module and must not wait for numpy
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

EMOTION_LABELS = ("neutral", "joy", "sadness", "anger", "fear", "surprise", "disgust")
"""The emotion labels: neutral and Ekman's six. `models.emotion.labels.LABELS` are the same."""

LABEL_VALENCE = dict(zip(EMOTION_LABELS, (0.0, 1.0, -1.0, -1.0, -1.0, 0.3, -1.0), strict=True))
"""How pleasant each emotion is, in [-1, 1]; written into the view of every history (`desktop.history.figures`)."""

RATE_HZ = 16_000
"""Sample rate of all mono audio after the microphone, in Hz: what Whisper and Silero were trained on."""

FRAME_SAMPLES = 512
"""Samples in a frame: 32 ms, Silero's step."""

FULL_SCALE = 32768
"""The int16 value of 1.0, as in libsndfile."""

type Audio = NDArray[np.float32]
"""Mono float32 samples at `RATE_HZ` in [-1, 1], shape (n,)."""

type Frame = Audio
"""Exactly `FRAME_SAMPLES` samples; the last frame of a recording may be shorter."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of speech and its text. Times are seconds from the first sample."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word of a text and when it was said, in seconds from the recording's first sample.

    `text` is as it stands in the text, without the marks around it; a character of a script without spaces is a word.
    `probability` is the mean of its tokens', in [0, 1], 0 where its time is a guess from the words around it.
    """

    start_s: float
    end_s: float
    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class SentData:
    """What left the machine for one step of a dictation: the receiving host, bytes of audio, characters of text.

    `purpose` is "speech", "polish", "edit" or "emotion". `cost_usd` follows the provider's price list, None where no
    price is known.
    """

    host: str
    purpose: str
    audio_bytes: int = 0
    characters: int = 0
    cost_usd: float | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """The text recognized so far.

    `text[:stable_length]` will not change any more; the rest is tentative. `voice` is the mean encoder state (float32,
    shape (n,)) where recognition computed one; emotion detection reuses it. `voice_model` is the model of that state,
    empty for `model`. `guards` names each check that had a window decoded again. `notes` are for the user, for example
    when another engine than the chosen one answered. `sent` is what left the machine. `silence_confirmed`: the
    text is empty, and a second recognizer found no speech either.
    """

    text: str = ""
    stable_length: int = 0
    language: str = ""
    segments: tuple[Segment, ...] = ()
    duration_s: float = 0.0
    decode_s: float = 0.0
    engine: str = ""
    model: str = ""
    device: str = ""
    guards: tuple[str, ...] = ()
    notes: Notes = ()
    sent: tuple[SentData, ...] = ()
    voice: NDArray[np.float32] | None = field(default=None, compare=False)
    voice_model: str = field(default="", compare=False)
    silence_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class InputField:
    """The focused field inside a window. `address` is the platform's own.

    `before` and `after` are some of the text on either side of the cursor, None where unknown or not requested. They
    are never stored, logged or sent.
    """

    is_password: bool = False
    address: tuple[str, str] = ("", "")
    before: str | None = field(default=None, repr=False)
    after: str | None = field(default=None, repr=False)


class FieldKind(Enum):
    """What a program tells its input method of the focused field. What is written into a private one must not be
    learned."""

    PLAIN = "plain"
    PRIVATE = "private"
    PASSWORD = "password"


@dataclass(frozen=True, slots=True)
class Target:
    """The window that receives the text.

    `app` is the window's class, or its program's name; `site` the host of the page in it, where a browser reports it
    and the settings allow asking; `handle` the platform's own (an X11 window id), 0 where nothing had the focus,
    less where it is unknown what had.
    `field` is often unknown: None. `kind` is what the input method said of the field, None where it did not or was not
    asked. `focused_at` is when the window got the focus (`time.monotonic()`), 0 where unknown.
    """

    handle: int = 0
    app: str = ""
    title: str = ""
    pid: int = 0
    field: InputField | None = None
    site: str = ""
    kind: FieldKind | None = None
    focused_at: float = dataclasses.field(default=0.0, compare=False)

    @property
    def is_password(self) -> bool:
        """Return whether the text is known to go to a password field."""
        return self.kind is FieldKind.PASSWORD or (self.field is not None and self.field.is_password)

    @property
    def is_private(self) -> bool:
        """Return whether the text is known to go to a field of which nothing may be kept."""
        return self.kind is FieldKind.PRIVATE


REMOVING_RULES = ("repairs", "repeats")
"""The polish rules that take out words which may carry content."""


@dataclass(frozen=True, slots=True, order=True)
class Replacement:
    """`text[start:end]` of a text becomes `written`."""

    start: int
    end: int
    written: str


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A change made by one polish rule: `before` became `after`.

    `confidence` is how sure the rule was that it was meant, in [0, 1]; None where that was not in doubt.
    """

    rule: str
    before: str
    after: str
    confidence: float | None = None

    @property
    def is_removal(self) -> bool:
        """Return whether words were taken out, or put in the place of others: taken back, said twice, or begun anew."""
        before, after = ("".join(filter(str.isalnum, text)).casefold() for text in (self.before, self.after))
        return self.rule in REMOVING_RULES and bool(before) and before != after


@dataclass(frozen=True, slots=True)
class PolishedText:
    """Text after polish. `notes` and `sent` are as in `Transcript`.

    `text_after_cursor` is the end of the text that belongs after the cursor, empty where the cursor goes to the end. Of
    a voice edit, `replaces` is the selected text that it takes the place of, and `refusal` why there is none.
    """

    text: str
    notes: Notes = ()
    sent: tuple[SentData, ...] = ()
    changes: tuple[RuleChange, ...] = ()
    text_after_cursor: str = ""
    replaces: str | None = None
    refusal: Notes = ()


@dataclass(frozen=True, slots=True)
class Style:
    """How to write in a certain application or site.

    `mode` selects the polisher, empty for the one in the settings. `capital`: the text begins with a capital.
    `closing`: the last sentence gets a mark. `without` names the rules that are off. `tone` is a sentence or two for a
    language model. `code`: what is said as code is written as code, "names" only where it stands in prose, "all" as
    nothing else.
    """

    name: str = ""
    mode: Literal["", "off", "rules", "llm"] = ""
    capital: bool = True
    closing: bool = True
    without: frozenset[str] = frozenset()
    tone: str = ""
    code: Literal["", "names", "all"] = ""


@dataclass(frozen=True, slots=True)
class ProjectNames:
    """Names of a project by the words with which they are said: identifiers of two words or more, and what stands in
    the names of files before their ending, which is the last of the words.
    """

    identifiers: Mapping[tuple[str, ...], str] = dataclasses.field(default_factory=dict)
    files: Mapping[tuple[str, ...], str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DictationContext:
    """What a polisher may know about a dictation and the window its text goes to.

    `style_reason` is the application, site or title that selected `style`. `dictation_id` distinguishes dictations.
    `microphone` is the device in use. `clipboard` is the clipboard's text at key press, None where unknown or not
    requested.
    """

    target: Target = Target()
    language: str = ""
    dictation_id: int = 0
    style: Style = Style()
    style_reason: str = ""
    clipboard: str | None = None
    microphone: str = ""


NEAR_NEUTRAL = 0.2
"""Largest absolute valence and arousal of an emotion that is labelled neutral, also of one that abstained."""


@dataclass(frozen=True, slots=True)
class Emotion:
    """The emotion of a dictation: label, confidence in [0, 1], valence and arousal in [-1, 1].

    - `scores`: the probabilities of the labels before abstention, in the order of `EMOTION_LABELS`.
    - `rank`: the label with the highest; of words alone, the one that would have it if all labels were about equally
      frequent. Both are empty where an engine returns only one label.
    - `abstained`: no label was likely enough, so it is called neutral.
    - `calibrating`: there is a head for the voice, which is not known yet.
    - `mixed`: words and voice disagree.
    - `engine`: what produced the result; `note`: a sentence about it.
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

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object, with the scores keyed by label."""
        return {**asdict(self), "scores": dict(zip(EMOTION_LABELS, self.scores, strict=False))}


@dataclass(frozen=True, slots=True)
class EmotionResult:
    """The result of emotion detection, None where no emotion could be determined; and what left the machine for it."""

    emotion: Emotion | None = None
    sent: tuple[SentData, ...] = ()


class Outcome(StrEnum):
    """How a dictation ended. The same name is used by the pill, the history's `delivery` and the command line."""

    INSERTED = "inserted"
    UNCONFIRMED = "unconfirmed"
    COPIED = "copied"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REMOVED = "removed"
    """Taken out of its window again, where another text was to take its place and could not."""

    RECOVERED = "recovered"
    SILENT = "silent"


DELIVERED_OUTCOMES = (Outcome.INSERTED, Outcome.UNCONFIRMED, Outcome.COPIED)
"""Outcomes after which the user has the text, and was saved the typing."""


@dataclass(frozen=True, slots=True)
class PasteResult:
    """The outcome of a paste. `notes` say why it was not plainly inserted and what to do.

    `read_s`: seconds from the chord's first key to the target's first read, None where unknown. `is_private`: the field
    that the text went to is one of which nothing may be kept (`InputField`).
    """

    outcome: Outcome
    notes: Notes = ()
    read_s: float | None = field(default=None, compare=False)
    is_private: bool = False

    def without_kept_claims(self) -> PasteResult:
        """Return the result for a text that the history does not keep."""
        return replace(self, notes=tuple(note.without_kept_claims() for note in self.notes))


@dataclass(frozen=True, slots=True)
class Selection:
    """The text selected in the window `handle`, None where the window does not report it.

    `refusal` says why it cannot be edited, empty where it can.
    """

    handle: int = 0
    text: str | None = None
    refusal: Notes = ()
