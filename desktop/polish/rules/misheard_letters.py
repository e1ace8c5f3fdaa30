"""Tell letters that were misheard from a word that is spelled otherwise than it was heard. Pure.

A user spells a word because another one was heard for it, as John for Jon. But the letters are misheard as well: one is
lost at a pause, or taken for one whose name sounds alike. Where that is all in which they differ from a known word, and
what they spell is none, the word was heard rightly. A letter that the word sounds the same without was left out on
purpose, and all other exchanges are too: Nikolas for Nicolas, Martyn for Martin.
"""

from __future__ import annotations

from desktop.vocabulary.known_forms import is_known
from desktop.vocabulary.sound_key import sound_key
from desktop.vocabulary.term_index import count_edits

MAX_FAULTS, LONG_WORD = 2, 6
"""Most misheard letters of a word with at least so many; of a shorter one it is one."""

_SOUND_ALIKE = ("bcdegptvz", "mn", "fsx", "ahjk")
"""Letters whose English names are confused."""

_VOWELS = frozenset("aeiouy")


def are_misheard(spelled: str, heard: str) -> bool:
    """Return whether the letters `spelled` are the known word `heard` with some misheard; both in small letters."""
    if is_known(spelled) or not is_known(heard):
        return False
    edits = count_edits(heard, spelled)
    return edits <= (MAX_FAULTS if len(heard) >= LONG_WORD else 1) and _has_faults(heard, 0, spelled, edits)


def _has_faults(heard: str, at: int, rest: str, most: int) -> bool:
    """Return whether `rest` is `heard` from `at` on, but for at most `most` letters that are lost or confused."""
    if at == len(heard):
        return not rest
    if rest and heard[at] == rest[0]:
        return _has_faults(heard, at + 1, rest[1:], most)
    if not most:
        return False
    if rest and any(heard[at] in group and rest[0] in group for group in _SOUND_ALIKE):
        return _has_faults(heard, at + 1, rest[1:], most - 1) or _has_lost(heard, at, rest, most)
    return _has_lost(heard, at, rest, most)


def _has_lost(heard: str, at: int, rest: str, most: int) -> bool:
    return not _is_silent(heard, at) and _has_faults(heard, at + 1, rest, most - 1)


def _is_silent(heard: str, at: int) -> bool:
    """Return whether `heard` sounds the same without its letter `at`."""
    if heard[at] == "h":
        return at > 0
    if heard[at] in _VOWELS:
        is_last_e = heard[at] == "e" and at == len(heard) - 1
        return is_last_e or any(side in _VOWELS for side in heard[max(0, at - 1) : at] + heard[at + 1 : at + 2])
    return sound_key(heard[:at] + heard[at + 1 :]) == sound_key(heard)
