"""Compare the spellings of words, and find the script of a text. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from desktop.core.text import is_unspaced

_NO_ENDING = frozenset({"evening", "during", "news", "always", "thus", "less", "plus", "series", "process", "ring"})
"""Words that only look as if they had an ending."""


@lru_cache(8192)
def stem(word: str) -> str:
    """Return `word` without an ending of number or tense, in American spelling. Rough, but equal for both texts."""
    if len(word) < 4 or word in _NO_ENDING or not word.isascii():
        return word
    for ending in ("ies", "ing", "ed", "es", "s"):
        if word.endswith(ending):
            bare = word.removesuffix(ending) + ("y" if ending == "ies" else "")
            if ending == "s" and word[-2] in "su":
                continue
            if ending == "es" and not bare.endswith(("s", "x", "z", "ch", "sh", "o")):
                continue
            if len(bare) > 2 and re.search("[aeiouy]", bare):
                if ending in ("ing", "ed") and bare[-1] == bare[-2] and bare[-1] not in "lsz":
                    bare = bare[:-1]
                word = bare
                break
    word = word.removesuffix("e") if len(word) > 3 else word
    if len(word) > 4:
        word = re.sub(r"our$", "or", re.sub(r"(?<=..)is(?=$|ation)", "iz", re.sub(r"ys$", "yz", word)))
        word = re.sub(r"(?<=[bt])r$", "er", word) if word.endswith(("br", "tr")) else word
    return word


def is_misspelling(spoken: str, written: str) -> bool:
    """Return whether one letter of a longer word was corrected (added, removed, replaced or exchanged with the next),
    but not the first.
    """
    if min(len(spoken), len(written)) < 5 or spoken[0] != written[0] or abs(len(spoken) - len(written)) > 1:
        return False
    start = next(
        (i for i, (a, b) in enumerate(zip(spoken, written, strict=False)) if a != b), min(len(spoken), len(written))
    )
    one, other = spoken[start:], written[start:]
    if one[1:2] + one[:1] + one[2:] == other:
        return True
    return one[1:] == other[1:] or one[1:] == other or one == other[1:]


def is_slip(spoken: str, written: str) -> bool:
    """Return whether only an accent, a doubled letter or two letters side by side were corrected inside a longer word:
    what is safe in a language whose words are not known.
    """
    if spoken[-1] != written[-1] or min(len(spoken), len(written)) < 5:
        return False
    if _strip_accents(spoken) == _strip_accents(written):
        return True
    if spoken[-2:] != written[-2:] or not is_misspelling(spoken, written):
        return False
    return re.sub(r"(.)\1+", r"\1", spoken) == re.sub(r"(.)\1+", r"\1", written) or sorted(spoken) == sorted(written)


_PARTICIPLE_END = re.compile(r"(?:ée?s?|er|ez)$|(?<=[iu])e?s?$")


def sounds_as_participle(spoken: str, written: str) -> bool:
    """Return whether two French words are the same participle by sound, whatever its gender and number: venu, venues;
    acheter, acheté.
    """
    ends = [_PARTICIPLE_END.search(word) for word in (spoken, written)]
    bare = {word[: end.start()] if end else "" for word, end in zip((spoken, written), ends, strict=True)}
    return len(bare) == 1 and len(min(bare)) > 2


def _strip_accents(word: str) -> str:
    """Return `word` without accents; an umlaut stays, since it makes another word."""
    return re.sub("[\u0300-\u0302\u0327]", "", unicodedata.normalize("NFD", word))


SCRIPT_SAMPLE = 1000
"""Characters of a text that are looked at to find its script."""


def find_script(text: str) -> str:
    """Return the writing system of most letters of `text` by its Unicode name, with Chinese and Japanese as "EAST";
    empty without letters.
    """
    letters = (character for character in text[:SCRIPT_SAMPLE] if character.isalpha())
    counts = Counter(
        "EAST" if is_unspaced(letter) else unicodedata.name(letter, "").partition(" ")[0] for letter in letters
    )
    return counts.most_common(1)[0][0] if counts else ""
