"""What a recognizer hears of "at two" before it is taken back: "let's meet it too, no wait, 3.30 p.m.".

Small numbers sound like small words, and a recognizer that has not heard the correction yet chooses the words. Where a
time of day follows a sure cue, what was taken back was a time as well, so that "it too" before it can be nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop.polish.rules.edit import Edit

_HOUR = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_TIME = (
    rf"(?:\d{{1,2}}[.: ]\d{{2}}(?!\d)|(?:\d{{1,4}}|{_HOUR}) ?(?:[ap]\.? ?m\b|o'? ?clock)"
    rf"|(?:{_HOUR}) (?:fifteen|thirty|forty))"
)
_HEARD = re.compile(
    r"\b(it|at|by|until|till|from),? (?:to|too|for|fore|won|ate)[,.]?\s+"
    rf"(?:no,? wait|wait,? no|no,? sorry|sorry|i mean|make that|or rather)[,.]?\s+(?:at )?\$?(?={_TIME})",
    re.IGNORECASE,
)


def misheard(text: str) -> Iterator[Edit]:
    """Times that were taken back and heard as words: they go with their cue, and "it" was "at"."""
    for match in _HEARD.finditer(text):
        before = match[1].lower()
        yield Edit(match.start(), match.end(), "at " if before == "it" else f"{match[1]} ")
