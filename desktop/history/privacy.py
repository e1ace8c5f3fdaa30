"""Reword messages for dictations of which nothing is kept: private mode and excluded applications.

Errors are found in many places that do not know whether the history may have the dictation. They say what is nearly
always true, and it is corrected here in one place: a promise that is not kept is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import copy

from desktop.core.errors import Problem

_INSTEAD: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
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


NOTHING = "Nothing was kept"


def unkept(sentences: str) -> str:
    """Return `sentences` without a promise that anything is kept."""
    for promised, true in _INSTEAD:
        sentences = promised.sub(true, sentences)
    return sentences


def told_unkept(problem: Problem) -> Problem:
    """Return the problem, of the same type, without such a promise."""
    told = copy(problem)
    told.title, told.remedy = unkept(problem.title), unkept(problem.remedy)
    return told


def nothing_kept(problem: Problem) -> Problem:
    """Return the problem with a remedy that says that nothing was kept."""
    told = told_unkept(problem)
    if NOTHING not in told.remedy:
        told.remedy = f"{NOTHING}. {told.remedy}".rstrip()
    return told
