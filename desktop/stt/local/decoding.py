"""What a decoder in the worker process is asked, and what it answers, whichever runtime holds the model."""

from __future__ import annotations

from dataclasses import dataclass, field

LANE_COUNT = 2
"""Number of parallel decodes; see `desktop.stt.local.scheduler`."""


@dataclass(frozen=True, slots=True)
class DecodeRequest:
    """A request to decode a window.

    - `voices`: one digit per frame of `FRAME_SAMPLES` samples, the tenths of its voice probability.
    - `language`: empty to detect it among `allowed` (all if empty).
    - `words`: the user's own words, which bias the model.
    - `live`: for display only, in one pass.
    - `only_language`: return no text.
    - `full`: use the full window at once.
    - `murmur`: no voice was detected; only a credible text counts.
    """

    voices: str
    language: str = ""
    allowed: tuple[str, ...] = ()
    beam: int = 5
    words: tuple[str, ...] = ()
    live: bool = False
    only_language: bool = False
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
