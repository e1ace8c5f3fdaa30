"""Reword messages for dictations of which nothing is kept: private mode and excluded applications.

Errors are found in many places that do not know whether the history may have the dictation. They say what is nearly
always true, and it is corrected here in one place: a promise that is not kept is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import copy

from desktop.core.errors import UserError

_TRUE_SENTENCES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(?:The recording|What you said) is kept\."), lambda found: "Nothing was kept."),
    (
        re.compile(r"\bOpen it; what you say meanwhile is kept then\."),
        lambda found: "Nothing was kept; open it, then say it again.",
    ),
    (re.compile(r"\bThe recording is kept; try again\."), lambda found: "Nothing was kept; try again."),
    (re.compile(r"\bThe text is in the history\."), lambda found: "Paste last has the text; the history does not."),
    (re.compile(r"\b[Ii]t is in the history\."), lambda found: "Paste last has it; the history does not."),
    (re.compile(r"\bKept (\d+) s of speech\."), lambda found: f"Heard {found[1]} s of speech."),
)
"""What messages of all modules promise, and the true sentence instead: whole sentences, because they are translated.
Paste last has the text for as long as the app runs, until the next dictation."""


NOTHING_KEPT = "Nothing was kept"


def remove_kept_claims(sentences: str) -> str:
    """Return `sentences` without a promise that anything is kept."""
    for promised, true in _TRUE_SENTENCES:
        sentences = promised.sub(true, sentences)
    return sentences


def without_kept_claims(problem: UserError) -> UserError:
    """Return the problem, of the same type, without such a promise."""
    reworded = copy(problem)
    reworded.title, reworded.remedy = remove_kept_claims(problem.title), remove_kept_claims(problem.remedy)
    return reworded


def with_nothing_kept(problem: UserError) -> UserError:
    """Return the problem with a remedy that says that nothing was kept."""
    reworded = without_kept_claims(problem)
    if NOTHING_KEPT not in reworded.remedy:
        reworded.remedy = f"{NOTHING_KEPT}. {reworded.remedy}".rstrip()
    return reworded
