"""What a family of local models wants of its audio, and what it tells of its text: `traits.toml`, read once.

The segmenter, the scheduler and the stream take from here what differs between engines, so that a new one is a table
of values. The values for Whisper are those that all three were measured with.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from desktop.core.files import read_package_toml
from desktop.core.types import FRAME_SAMPLES, RATE_HZ

WHISPER = "whisper"
"""The family whose traits hold until a model is known."""

DETECT, TOLD, NO_LANGUAGE = "detect", "told", "none"
"""Values of `EngineTraits.language`."""

PROMPT, MATCHER, VOCABULARY = "prompt", "matcher", "vocabulary"
"""Values of `EngineTraits.words`."""

LOG_PROBABILITY, TOKENS, NO_EVIDENCE = "log-probability", "tokens", "none"
"""Values of `EngineTraits.evidence`."""


@dataclass(frozen=True, slots=True)
class EngineTraits:
    """The traits of one family of models.

    - `family`: its name, which transcripts have as their engine.
    - `first_lead_s`, `lead_s`: seconds kept before the first voiced frame of a recording's first phrase, and of others.
    - `tail_s`: seconds after the last voiced frame. What the pause does not hold is silence.
    - `max_phrase_s`: seconds after which a phrase without a pause is cut, as a release would wait for all of it.
    - `seal_s`: seconds from which a group is closed at a good pause.
    - `max_group_s`: seconds beyond which a group is closed at its longest pause.
    - `max_window_s`: maximum seconds of a window, where groups are merged.
    - `language`: whether the model detects the language or takes one (`detect`), must get one (`told`), can do
      neither (`none`), or the code of the only one it has.
    - `words`: how the user's own words reach it: by a prompt, as its vocabulary, or not at all (`matcher`).
    - `evidence`: what it tells of its text: its log probability, the times of its tokens, or nothing.
    - `answers_noise`: whether it makes up words where there is no speech.
    - `ends_on_both_lanes`: whether a phrase that ends is decoded on the other lane while live words, or a phrase that
      only seemed to end, are decoded on its own: for engines whose live decode takes as long as any.
    """

    family: str
    first_lead_s: float
    lead_s: float
    tail_s: float
    max_phrase_s: float
    seal_s: float
    max_group_s: float
    max_window_s: float
    language: str
    words: str
    evidence: str
    answers_noise: bool
    ends_on_both_lanes: bool = False

    @property
    def first_lead_samples(self) -> int:
        """`first_lead_s` in whole frames."""
        return _to_frames(self.first_lead_s)

    @property
    def lead_samples(self) -> int:
        """`lead_s` in whole frames."""
        return _to_frames(self.lead_s)

    @property
    def tail_samples(self) -> int:
        """`tail_s` in whole frames."""
        return _to_frames(self.tail_s)

    @property
    def only_language(self) -> str:
        """The only language that the family has, or empty."""
        return "" if self.language in (DETECT, TOLD, NO_LANGUAGE) else self.language

    @property
    def can_detect_language(self) -> bool:
        """Whether it may be asked for the language of a window."""
        return self.language == DETECT

    @property
    def judges_itself(self) -> bool:
        """Whether its decoder checks its texts by their probabilities; else their words are checked here."""
        return self.evidence == LOG_PROBABILITY

    @property
    def can_judge_faint_speech(self) -> bool:
        """Whether a window without detected voice may be decoded: noise gives no words, or words that can be told."""
        return self.judges_itself or not self.answers_noise


@functools.cache
def load_traits(family: str) -> EngineTraits:
    """Return the traits of `family`. Raises `KeyError` for an unknown one."""
    return EngineTraits(family, **_load_table()[family])


def list_families() -> tuple[str, ...]:
    """Return all families that have traits."""
    return tuple(_load_table())


@functools.cache
def _load_table() -> dict[str, dict[str, Any]]:
    return read_package_toml("desktop.stt", "traits.toml")


def _to_frames(seconds: float) -> int:
    return round(seconds * RATE_HZ / FRAME_SAMPLES) * FRAME_SAMPLES
