"""Score removals: words that go against words that should, errors of words, and meant words that are lost."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")

_SOUND = re.compile(r"u+h+m*|u+m+|h+m+")

type Pair = tuple[str, str]


def words(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return [match.group().lower() for match in _WORD.finditer(text)]


def gone(source: Sequence[str], other: Sequence[str]) -> set[int]:
    """Return the places in `source` whose word is not in `other`."""
    matcher = difflib.SequenceMatcher(None, source, other, autojunk=False)
    return {at for tag, start, end, _, _ in matcher.get_opcodes() if tag != "equal" for at in range(start, end)}


def score_removals(pairs: Iterable[Pair], polish: Callable[[str], str]) -> dict[str, float]:
    """Return precision, recall and F1 over the words of the source that go, and the share of pairs that are equal."""
    both = done = wanted = exact = count = 0
    for said, meant in pairs:
        source, made, reference = words(said), words(polish(said)), words(meant)
        ours, theirs = gone(source, made), gone(source, reference)
        both, done, wanted = both + len(ours & theirs), done + len(ours), wanted + len(theirs)
        exact, count = exact + (made == reference), count + 1
    precision, recall = both / max(1, done), both / max(1, wanted)
    f1 = 2 * both / max(1, done + wanted)
    found = {"precision": precision, "recall": recall, "f1": f1, "exact": exact / max(1, count)}
    return {name: round(value, 4) for name, value in found.items()}


def word_error_rate(pairs: Iterable[Pair], polish: Callable[[str], str]) -> float:
    """Return the errors of words of what is made of the first sides, by the words of the second."""
    errors = count = 0
    for said, meant in pairs:
        reference = words(meant)
        errors, count = errors + count_errors(words(polish(said)), reference), count + len(reference)
    return round(errors / max(1, count), 4)


def count_errors(made: Sequence[str], reference: Sequence[str]) -> int:
    """Return the least number of words to put in, leave out and replace."""
    row = list(range(len(reference) + 1))
    for at, word in enumerate(made, 1):
        above, row = row, [at]
        for place, other in enumerate(reference):
            row.append(min(above[place] + (word != other), above[place + 1] + 1, row[-1] + 1))
    return row[-1]


def find_lost(text: str, made: str) -> Counter[str]:
    """Return the words of `text` that `made` has fewer times."""
    return Counter() if text == made else Counter(words(text)) - Counter(words(made))


def sounds_in(text: str) -> Counter[str]:
    """Return the hesitation sounds of a text, which are no words."""
    return Counter(word for word in words(text) if _SOUND.fullmatch(word))
