"""What Whisper's cross-attention says of when a text's tokens were said, and which of its hypotheses differ. Pure but
for the call of the model."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from desktop.core.word_alignment import split_words
from desktop.stt.local.decoding import AlignedText, TokenTime

MEL_SAMPLES = 160
"""Samples of a mel frame: 10 ms."""

ATTENTION_STEP_S = 0.02
"""Seconds of a state of the encoder, the step of an alignment."""

MAX_ALIGNED_TOKENS = 430
"""Tokens of a text that fit the decoder's 448 positions with its prompt."""

HYPOTHESES_PER_TEXT = 2
"""Hypotheses that are searched for each text that is wanted: about half of them differ in their marks alone."""


def align_text(model: Any, encoded: Any, text: str, tokenizer: Any, frames: int) -> AlignedText:
    """Return the times of the tokens of `text` in `frames` mel frames; none if it is empty or too long."""
    encoding = tokenizer.tokenizer.encode(f" {text}", add_special_tokens=False)
    if not text or len(encoding.ids) > MAX_ALIGNED_TOKENS:
        return AlignedText(text)
    aligned = model.align(encoded, tokenizer.sot_sequence, [encoding.ids], frames)[0]
    times = find_token_times(aligned.alignments, len(encoding.ids))
    spans = [(max(0, begin - 1), end - 1) for begin, end in encoding.offsets]  # without the space that was added
    tokens = zip(spans, times, aligned.text_token_probs, strict=True)
    return AlignedText(text, tuple(TokenTime(*span, *time, probability) for span, time, probability in tokens))


def find_token_times(path: Sequence[tuple[int, int]], count: int) -> list[tuple[float, float]]:
    """Return the start and end of `count` tokens from an alignment's path of tokens and states.

    A token ends where the next one begins; the path's last token is the end of the text.
    """
    starts = np.full(count + 1, -1.0)
    for token, state in path:
        if token <= count and starts[token] < 0:
            starts[token] = state * ATTENTION_STEP_S
    if starts[count] < 0:
        starts[count] = (path[-1][1] + 1) * ATTENTION_STEP_S if path else 0.0
    starts = np.maximum.accumulate(starts).clip(0)
    return [(float(start), float(end)) for start, end in itertools.pairwise(starts)]


def choose_distinct(texts: Sequence[str], count: int) -> list[str]:
    """Return the first `count` texts that have words and differ in them from those before."""
    distinct: dict[tuple[str, ...], str] = {}
    for text in texts:
        words = tuple(split_words(text)[0])
        if words:
            distinct.setdefault(words, text)
    return [*distinct.values()][:count]
