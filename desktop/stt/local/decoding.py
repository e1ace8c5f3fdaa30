"""What a decoder in the worker process is asked, and what it answers, whichever runtime holds the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from desktop.core.messages import Message
from desktop.core.types import Audio

LANE_COUNT = 2
"""Number of parallel decodes; see `desktop.stt.local.scheduler`."""

VULKAN = "vulkan"
"""The device of a GPU for models in GGUF; their other one is `cpu`."""

LIBRARY_UNUSABLE = "ggml-library-unusable"
"""The code of a `DecoderError`'s reason where the fault is the library's and not the model's."""

VULKAN_UNUSABLE = "vulkan-unusable"
"""The code of a `DecoderError`'s reason where no GPU can be used by Vulkan."""

GGUF_UNREADABLE = "gguf-unreadable"
"""The code of a `DecoderError`'s reason where the file is no model that the library has."""


@dataclass(frozen=True, slots=True)
class DecodeRequest:
    """A request to decode a window.

    - `voices`: one digit per frame of `FRAME_SAMPLES` samples, the tenths of its voice probability.
    - `language`: empty to detect it among `allowed` (all if empty).
    - `words`: the user's own words, which bias the model.
    - `expected`: a text as it is likely to be said, which biases a model that takes a text as said before.
    - `live`: for display only, in one pass.
    - `only_language`: return no text.
    - `only_voice`: return the encoder's state alone.
    - `full`: use the full window at once.
    - `murmur`: no voice was detected; only a credible text counts.
    """

    voices: str
    language: str = ""
    allowed: tuple[str, ...] = ()
    beam: int = 5
    words: tuple[str, ...] = ()
    expected: str = ""
    live: bool = False
    only_language: bool = False
    only_voice: bool = False
    full: bool = False
    murmur: bool = False


@dataclass(frozen=True, slots=True)
class DecodeResult:
    """The result of a window.

    - `guard`: the checks that caused a second decode, or empty.
    - `sure`: false if the second decode gave no better text.
    - `took_s`: seconds it took, which the worker measures.
    - `odds`: language probabilities, for `only_language`.
    - `voice`: the mean encoder state over the window, reused for emotion; empty for `live` and without one.
    - `token_times`: start and end of each token in seconds, where the model tells them.
    - `is_looped`: the model repeated itself or ran into its limit; the text is what it had until then.
    - `is_judged`: the decoder has judged the text by its probabilities, though the chosen model's cannot.
    - `is_foreign`: the text is, or may be, in a language that is not the user's, and stays in doubt.
    - `model`: the model that made it, if it is not the chosen one.
    """

    text: str
    language: str
    guard: str = ""
    sure: bool = True
    took_s: float = 0.0
    odds: dict[str, float] = field(default_factory=dict)
    voice: list[float] = field(default_factory=list)
    is_looped: bool = False
    token_times: list[tuple[float, float]] = field(default_factory=list)
    is_judged: bool = False
    is_foreign: bool = False
    model: str = ""


@dataclass(frozen=True, slots=True)
class TokenTime:
    """A token at the characters `text[begin:end]`, its time in seconds and its probability."""

    begin: int
    end: int
    start_s: float
    end_s: float
    probability: float


@dataclass(frozen=True, slots=True)
class AlignedText:
    """A text and the times of its tokens, in order; none where they cannot be told.

    The text is the one that was asked for, or what a model heard that can tell the times of its own text alone.
    """

    text: str
    tokens: tuple[TokenTime, ...] = ()


class Decoder(Protocol):
    """A loaded model of any runtime: where it computes, in which numbers, and its methods, for two threads."""

    device: str
    compute: str

    def decode(self, audio: Audio, request: DecodeRequest) -> DecodeResult:
        """Decode up to 30 s. Raises `DecoderError`."""
        ...

    def align(self, audio: Audio, texts: Sequence[str], language: str) -> list[AlignedText]:
        """Return the times of each text in up to 30 s of audio; empty if it cannot. Raises `DecoderError`."""
        ...

    def list_alternatives(self, audio: Audio, language: str, count: int) -> list[str]:
        """Return the likeliest texts of up to 30 s; empty if it cannot tell more than one. Raises `DecoderError`."""
        ...


class DecoderError(Exception):
    """A model cannot be loaded or used; `reason` says why, as the end of a sentence. `detail` is for the log alone."""

    def __init__(self, reason: Message, detail: str = "") -> None:
        super().__init__(f"{reason} [{detail}]" if detail else str(reason))
        self.reason = reason


class DeviceLostError(DecoderError):
    """The GPU failed while it was used; nothing can be computed on it by this process any more."""
