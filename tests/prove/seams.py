"""What happens to words where a recording was cut: which are lost there, which are said twice.

Pure. Two decodes of one sound differ by a few words in a hundred wherever one looks, so that only the differences at
the seams say something of the cutting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import jiwer

NEAR = 1
"""Words between a seam and what counts as being at it: the word that was cut may be heard as another."""


@dataclass(frozen=True, slots=True)
class Seam:
    """One cut, after the word `at` of the whole text: how many words are missing there and how many too many."""

    at: int
    lost: int
    doubled: int


def seams(whole: Sequence[str], pieces: Sequence[Sequence[str]]) -> list[Seam]:
    """The seams between `pieces`, their words compared in order with those of a decode without cuts."""
    joined = [word for piece in pieces for word in piece]
    chunks = jiwer.process_words(" ".join(whole) or " ", " ".join(joined) or " ").alignments[0] if whole else []
    found = []
    for at in list(accumulate(len(piece) for piece in pieces))[:-1]:
        near = [c for c in chunks if c.hyp_start_idx <= at + NEAR and c.hyp_end_idx >= at - NEAR]
        lost = sum(c.ref_end_idx - c.ref_start_idx for c in near if c.type == "delete")
        doubled = sum(c.hyp_end_idx - c.hyp_start_idx for c in near if c.type == "insert")
        found.append(Seam(at, lost, doubled))
    return found
