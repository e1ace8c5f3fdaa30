"""Find what a recognizer hears for "at two" before it is taken back: "let's meet it too, no wait, 3.30 p.m.".

Small numbers sound like small words, and a recognizer that has not heard the correction yet chooses the words. If a
time of day follows a sure cue, a time was taken back too, so that "it too" before it can only be "at two".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop.polish.rules.edit import RuleEdit

_HOUR = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_TIME = (
    rf"(?:\d{{1,2}}[.: ]\d{{2}}(?!\d)|(?:\d{{1,4}}|{_HOUR}) ?(?:[ap]\.? ?m\b|o'? ?clock)"
    rf"|(?:{_HOUR}) (?:fifteen|thirty|forty))"
)
_MISHEARD_TIME = re.compile(
    r"\b(it|at|by|until|till|from),? (?:to|too|for|fore|won|ate)[,.]?\s+"
    rf"(?:no,? wait|wait,? no|no,? sorry|sorry|i mean|make that|or rather)[,.]?\s+(?:at )?\$?(?={_TIME})",
    re.IGNORECASE,
)


def edit_misheard_times(text: str) -> Iterator[RuleEdit]:
    """Remove times that were taken back and misheard as words, with their cue; "it" before them becomes "at"."""
    for match in _MISHEARD_TIME.finditer(text):
        before = match[1].lower()
        yield RuleEdit(match.start(), match.end(), "at " if before == "it" else f"{match[1]} ")
