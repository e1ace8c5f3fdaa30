"""Word error rate as the field counts it: Whisper's English normaliser, then edits over reference words."""

from __future__ import annotations

from collections.abc import Sequence

import jiwer
from whisper_normalizer.english import EnglishTextNormalizer

_normal = EnglishTextNormalizer()


def error_rate(reference: str | Sequence[str], heard: str | Sequence[str]) -> float:
    """Edits a reference word, in [0, inf): of one text, or of as many as there are references, counted together."""
    references = [reference] if isinstance(reference, str) else reference
    texts = [heard] if isinstance(heard, str) else heard
    return float(jiwer.wer([_normal(text) for text in references], [_normal(text) for text in texts]))
