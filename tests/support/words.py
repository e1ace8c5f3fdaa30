"""Word error rate as the field counts it: Whisper's English normaliser, then edits over reference words."""

from __future__ import annotations

import jiwer
from whisper_normalizer.english import EnglishTextNormalizer

_normal = EnglishTextNormalizer()


def error_rate(reference: str, heard: str) -> float:
    """Edits a reference word, in [0, inf)."""
    return float(jiwer.wer(_normal(reference), _normal(heard)))
