"""Measure how much two runs of words sound alike, from their letters. Pure.

Finer than `desktop.vocabulary.sound_key`, which finds candidates among thousands of words: here two places of one text
are compared. Letters become sounds by the spellings of the language, and sounds are compared by how easily they are
taken for each other; vowels count less than consonants. Letters of other scripts stand for themselves.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable

_MARKED = str.maketrans(
    {"č": "ch", "ć": "ch", "š": "sh", "ś": "sh", "ž": "zh", "ż": "zh", "ç": "s", "ñ": "ny", "ä": "e", "ß": "ss"}
    | {"ł": "w", "ř": "rzh", "ø": "o", "æ": "e", "œ": "e", "ð": "th", "þ": "th", "đ": "d", "ı": "i"}
)
"""Letters whose mark is heard, and letters that have no plain one; other marks are left out."""

_ENGLISH = (
    ("^(?:kn|gn|pn)", "n"),
    ("^wr", "r"),
    ("^ps", "s"),
    ("^x", "z"),
    ("^(?:mc|mac(?=[^aeiouyk]))", "mik"),
    ("mb$", "m"),
    ("mn$", "m"),
    ("wh", "w"),
    ("tsch|tch", "C"),
    ("sch", "sk"),
    ("(?<=[aeiou])ch(?=[rlnst])|^ch(?=[rlnst])", "k"),
    ("ch|cz", "C"),
    ("sh", "S"),
    ("zh", "Z"),
    ("ssion|tion|cion", "Son"),
    ("sion", "Zon"),
    ("[ct]i(?=a[nl])", "S"),
    ("tu(?=r[eai])", "Cu"),
    ("dg(?=[eiy])|j", "J"),
    ("ph", "f"),
    ("augh(?=t)|ough(?=t)", "o"),
    ("igh", "ai"),
    ("(?<=[aeiou])gh(?=t|$)", ""),
    ("gh", "g"),
    ("th", "T"),
    ("ck", "k"),
    ("sc(?=[eiy])", "s"),
    ("c(?=[eiy])", "s"),
    ("c", "k"),
    ("g(?=[iey](?!t|r?l|v))", "J"),
    ("x", "ks"),
    ("qu", "kw"),
    ("q", "k"),
    ("(?<=[aeiou])y(?=[aeiou])", "y"),
    ("(?<=[^aeiou])e$", ""),
    ("(?<=[^aeiou])es$", "s"),
    ("(?<=[^aeioutd])ed$", "d"),
    ("ee|ea|ie(?!n|t)", "i"),
    ("oo|ou(?!s)", "u"),
    ("ous$", "os"),
    ("ai|ay|ei|ey", "e"),
    ("oa|au|aw|ow", "o"),
    ("eu|ew", "yu"),
    ("y(?![aeiou])", "i"),
)
_GERMAN = (
    ("tsch", "C"),
    ("sch", "S"),
    ("^s(?=[pt])", "S"),
    ("chs", "ks"),
    ("ch", "h"),
    ("ph", "f"),
    ("th", "t"),
    ("ck", "k"),
    ("qu", "kv"),
    ("c(?=[eiy])|tz|z", "ts"),
    ("c", "k"),
    ("x", "ks"),
    ("eu", "oi"),
    ("ei|ey|ay", "ai"),
    ("ie", "i"),
    ("(?<=[aeiou])h", ""),
    ("v", "f"),
    ("w", "v"),
    ("j", "y"),
    ("^s(?=[aeiou])", "z"),
    ("b$", "p"),
    ("d$", "t"),
    ("g$", "k"),
    ("y(?![aeiou])", "i"),
)
_FRENCH = (
    ("eaux?|aux?", "o"),
    ("oi|oy", "wa"),
    ("ou|oo", "u"),
    ("ai|ei", "e"),
    ("eu", "e"),
    ("ch", "S"),
    ("gn", "ny"),
    ("ph", "f"),
    ("th", "t"),
    ("qu|q|c(?=[^eiyh]|$)|ck", "k"),
    ("c(?=[eiy])", "s"),
    ("ge(?=[aou])|g(?=[eiy])|j", "Z"),
    ("gu(?=[ei])", "g"),
    ("(?<=[aeou])ill?(?=e|$)", "y"),
    ("h", ""),
    ("x$|(?<=[aeiou])[tdspz]+$|(?<=[rn])[tdspg]s?$", ""),
    ("(?<=[^aeiou])(?:es?|ent)$", ""),
    ("x", "ks"),
    ("y(?![aeiou])", "i"),
)
_SPANISH = (
    ("ch", "C"),
    ("ll", "y"),
    ("qu", "k"),
    ("gu(?=[ei])", "g"),
    ("g(?=[ei])|j", "h"),
    ("c(?=[ei])|z", "s"),
    ("c", "k"),
    ("(?<![CSTZ])h(?=[aeiou])", "h"),
    ("v", "b"),
    ("x", "ks"),
    ("y(?![aeiou])", "i"),
)
_SPELLINGS = {
    language: tuple((re.compile(pattern), sound) for pattern, sound in rules)
    for language, rules in {"en": _ENGLISH, "de": _GERMAN, "fr": _FRENCH, "es": _SPANISH}.items()
}
"""By language, spellings and the sounds that they stand for, in this order. Capitals are sounds of two letters."""

_VOWELS = "aeiou"
_REPEATED = re.compile(r"(.)\1+")

_VOWEL_COST, _OTHER_VOWEL_COST = 0.4, 0.3
"""What a vowel counts that is left out or added, and one for another."""

_LIGHT_COSTS = {"h": 0.3, "w": 0.5, "y": 0.4, "r": 0.7, "'": 0.0} | dict.fromkeys(_VOWELS, _VOWEL_COST)
"""What sounds count that are left out or added, where that is less than one."""

_CONFUSED = {
    0.2: "sz SZ yi",
    0.3: "pb td kg fv CJ CS ZJ SJ wu",
    0.4: "sS zZ mn Tf Ts Tt Td vw zT",
    0.5: "sC zJ tC dJ vb gJ wv",
    0.6: "lr fp kh kC gh nl fT",
}
"""What one sound for the other counts, by cost: same place and manner first, then same place or manner."""

_COSTS = {
    frozenset(pair): cost for cost, pairs in sorted(_CONFUSED.items(), reverse=True) for pair in pairs.split()
} | {frozenset(first + second): _OTHER_VOWEL_COST for first in _VOWELS for second in _VOWELS if first != second}

_MERGED = {"ty": "C", "dy": "J", "sy": "S", "zy": "Z", "ts": "C", "dz": "J", "yu": "ui", "ks": "x"}
"""Two sounds in a row and the single ones that they are taken for: "combat you" for Kombucha."""

_MERGE_COST = 0.15

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_LETTER_NAMES = (
    *("e", "bi", "si", "di", "i", "ef", "Ji", "eC", "ai", "Je", "ke", "el", "em", "en", "o", "pi", "kyu", "ar", "es"),
    *("ti", "yu", "vi", "dobelyu", "eks", "wai", "zi"),
)
_TITLES = {"dr": "doctor", "mr": "mister", "mrs": "misses", "st": "saint", "vs": "versus"}
_NUMBER = re.compile(r"\d{1,6}")


@functools.lru_cache(4096)
def find_sounds(word: str, language: str) -> str:
    """Return the sounds of a word, one character each, by the spelling of `language` (Whisper's code), else of English.

    An English number is read as it is spoken, and so are letters that stand alone or in capitals without a vowel.
    """
    is_spelled = word.isascii() and word.isupper() and (len(word) == 1 or not set("AEIOUY") & set(word))
    if is_spelled and language in ("en", "") and word != "I":
        return "".join(_LETTER_NAMES[ord(letter) - ord("A")] for letter in word)
    if _NUMBER.fullmatch(word) and language in ("en", ""):
        return "".join(find_sounds(part, "en") for part in _spell_number(int(word)).split())
    if language in ("en", ""):
        word = _TITLES.get(word.casefold(), word)
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", word.casefold()).translate(_MARKED))
    letters = "".join(letter for letter in letters if letter.isalnum())
    for pattern, sound in _SPELLINGS.get(language, _SPELLINGS["en"]):
        letters = pattern.sub(sound, letters)
    return _REPEATED.sub(r"\1", letters)


def _spell_number(number: int) -> str:
    """Return an English number in words."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        return f"{_TENS[number // 10 - 2]} {_ONES[number % 10] if number % 10 else ''}"
    unit, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    rest = _spell_number(number % unit) if number % unit else ""
    return f"{_spell_number(number // unit)} {name} {rest}"


def weigh(sounds: Iterable[str]) -> float:
    """Return how much the sounds count together."""
    return sum(_LIGHT_COSTS.get(sound, 1.0) for sound in sounds)


def replacement_cost(sound: str, other: str) -> float:
    """Return what `other` counts in the place of `sound`, in [0, 1]."""
    return 0.0 if sound == other else _COSTS.get(frozenset((sound, other)), 1.0)


class SoundDistance:
    """The distance of growing runs of sounds from `wanted`, the sounds that were said."""

    def __init__(self, wanted: str) -> None:
        self._wanted = wanted
        self._weights = [_LIGHT_COSTS.get(sound, 1.0) for sound in wanted]
        self._weight = sum(self._weights)
        self.reset()

    def reset(self) -> None:
        """Begin a new run."""
        self._row = [0.0]
        for weight in self._weights:
            self._row.append(self._row[-1] + weight)
        self._run_weight, self._last, self._row_before_last = 0.0, "", list[float]()

    def extend(self, sounds: str) -> float:
        """Add `sounds` to the run, and return its likeness to `wanted`, in [0, 1]."""
        for sound in sounds:
            cost, before = _LIGHT_COSTS.get(sound, 1.0), self._row
            self._run_weight += cost
            row, merged = [before[0] + cost], _MERGED.get(self._last + sound, "")
            for at, other in enumerate(self._wanted):
                least = min(before[at + 1] + cost, row[at] + self._weights[at])
                least = min(least, before[at] + replacement_cost(sound, other))
                if other in merged:
                    least = min(least, self._row_before_last[at] + _MERGE_COST)
                row.append(least)
            self._row, self._row_before_last, self._last = row, before, sound
        largest = max(self._weight, self._run_weight)
        return max(0.0, 1.0 - self._row[-1] / largest) if largest else 0.0


def measure_likeness(first: str, second: str, language: str) -> float:
    """Return how much two runs of words sound alike, in [0, 1]."""
    distance = SoundDistance("".join(find_sounds(word, language) for word in first.split()))
    return distance.extend("".join(find_sounds(word, language) for word in second.split()))
