"""Put disfluencies into fluent sentences, as people make them.

Real pairs of what was said and what was meant are few, and few licences allow training on them; fluent sentences are
plenty. Everything is an insertion before a word of the sentence, so that the fluent side is the sentence itself. Shares
and words are in `injection.toml`, with where they come from. About half of what is taken back has no mark at its seam,
and a share of the pairs is in small letters without marks, as some recognizers write.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

TABLE: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
"""Weights and words."""

SHARES: Mapping[str, float] = TABLE["shares"]
"""How often something is so, of 1."""

MIN_WORDS = 4
"""Words of a sentence below which nothing is put into it."""

_MARKS_AROUND = re.compile(r"^[^\w]+|[^\w%]+$")
_PLAIN = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
_UNMARKED = re.compile(r"[^\w\s'’%-]|(?<!\w)['’]|['’](?!\w)|(?<!\w)-(?!\w)|--")
_ENDINGS = re.compile(r"(?<=\w\w\w)(?:ing|ed|ly|es|s|er|est|ment|ness)$")


class InjectedPair(NamedTuple):
    """What was said, what was meant, and the kind of the disfluency: one of `[kinds]` in `injection.toml`; a repair
    with what was repaired, "repair:day".
    """

    disfluent: str
    fluent: str
    kind: str


class Slip(NamedTuple):
    """Words that are said before word `at`, and what stands between them and it."""

    at: int
    text: str
    seam: str
    kind: str


def inject_each(sentences: Iterable[str], seed: int) -> Iterator[InjectedPair]:
    """Yield a pair for each sentence that takes one; deterministic for a seed, whatever the other sentences are."""
    for sentence in sentences:
        if pair := inject(sentence, seed):
            yield pair


def inject(sentence: str, seed: int, kind: str = "") -> InjectedPair | None:
    """Put one disfluency, of this `kind` if given, into `sentence`; None if it has no place for one."""
    rng = random.Random(f"{seed} {kind} {sentence}")
    words = sentence.split()
    if len(words) < MIN_WORDS:
        return None
    weights = {kind: 1} if kind else dict(TABLE["kinds"])
    while not (slip := _PICKERS[chosen := _weighted(weights, rng)](words, rng)):
        del weights[chosen]
        if not weights:
            return None
    said, meant = _insert(words, slip), " ".join(words)
    if slip.kind != "filler" and rng.random() < SHARES["later_filler"]:
        said = _insert(said.split(), _pick_filler(said.split(), rng))
    if rng.random() < SHARES["unmarked"]:
        said, meant = remove_marks(said), remove_marks(meant)
    return InjectedPair(said, meant, slip.kind)


def remove_marks(text: str) -> str:
    """Return `text` in small letters without marks, except those within words and the hyphen of a word broken off."""
    return " ".join(_UNMARKED.sub(" ", text.lower()).split())


def _insert(words: list[str], slip: Slip) -> str:
    """Return the sentence with the slip, which takes the capital of the first word."""
    before, after, text = words[: slip.at], words[slip.at :], slip.text
    if not before:
        text, after = text[:1].upper() + text[1:], [_lowered(after[0]), *after[1:]]
    return " ".join([*before, text + slip.seam + " ".join(after)]).replace(" ,", ",")


def _pick_word_twice(words: list[str], rng: random.Random) -> Slip | None:
    meant = _words("meant_twice") | _words("rows")
    small, others = [], []
    for at, word in enumerate(words):
        lower = _lower(word)
        if not _is_open(word) or lower in meant:
            continue
        if lower in _words("small"):
            small.append(at)
        elif len(lower) > 1 and not _is_name(words, at):
            others.append(at)
    chosen = others if others and (not small or rng.random() < SHARES["other_word"]) else small
    if not chosen:
        return None
    at = rng.choice(chosen)
    word = _first_form(words[at])
    is_thrice = at in small and rng.random() < SHARES["thrice"]
    return Slip(at, f"{word} {word}" if is_thrice else word, _seam(rng), "word_twice")


def _pick_phrase_twice(words: list[str], rng: random.Random) -> Slip | None:
    span = _span(words, int(_weighted(TABLE["lengths"], rng)), rng)
    if span is None:
        return None
    return Slip(span.start, " ".join(_first_form(words[at]) for at in span), _seam(rng), "phrase_twice")


def _pick_restart(words: list[str], rng: random.Random) -> Slip | None:
    span = _span(words, int(_weighted(TABLE["lengths"], rng)), rng)
    if span is None:
        return None
    said = [_first_form(words[at]) for at in span]
    how = _weighted(TABLE["restarted"], rng)
    if how == "other_word":
        places = [at for at, word in enumerate(words) if _is_open(word) and _row_mates("small", _lower(word))]
        if not places:
            return None
        at = rng.choice(places)
        return Slip(at, rng.choice(_row_mates("small", _lower(words[at]))), _seam(rng), "restart")
    if how == "shorter_end" and _ENDINGS.search(said[-1]):
        said[-1] = _ENDINGS.sub("", said[-1])
    elif how == "without_middle" and len(said) > 2:
        del said[-2]
    elif how == "other_beginning" and (mates := _row_mates("small", said[0].lower())):
        said[0] = rng.choice(mates)
    else:
        said[-1] = _other_word(said[-1], rng)
    return Slip(span.start, " ".join(said), _seam(rng), "restart")


def _pick_broken_word(words: list[str], rng: random.Random) -> Slip | None:
    small = _words("small")
    places = [
        at for at, word in enumerate(words) if _is_open(word) and len(_bare(word)) > 3 and _lower(word) not in small
    ]
    if not places:
        return None
    at = start = rng.choice(places)
    how, whole = _weighted(TABLE["broken"], rng), _first_form(words[at])
    if how == "other":
        whole = rng.choice(_word_list("noun"))
    elif how == "phrase":
        first = max(0, at - 2)
        while start > first and _is_open(words[start - 1]) and not _has_mark(words[start - 1]):
            start -= 1
    begun = [*(_first_form(word) for word in words[start:at]), whole[: rng.randint(1, max(1, len(whole) - 2))]]
    text = " ".join(begun) + _weighted(TABLE["broken_marks"], rng)
    seam = " " if rng.random() < 0.6 else _seam(rng)
    if not text[-1].isalpha():  # one mark is enough
        seam = f" {sound} " if (sound := seam.strip(" ,.–—-")) else " "
    return Slip(start, text, seam, "broken_word")


def _pick_repair(words: list[str], rng: random.Random) -> Slip | None:
    weights = dict(TABLE["repaired"])
    while weights:
        what = _weighted(weights, rng)
        del weights[what]
        places = [(at, other) for at in range(len(words)) if (other := _replacement(what, words, at, rng))]
        if not places:
            continue
        at, other = rng.choice(places)
        start = at
        if rng.random() < SHARES["full"] or what == "preposition_phrase":
            while start > max(0, at - 3) and _is_open(words[start - 1]) and not _has_mark(words[start - 1]):
                if _lower(words[start - 1]) not in _words("determiner") | _words("preposition"):
                    break
                start -= 1
        text = " ".join([*(_first_form(word) for word in words[start:at]), other])
        return Slip(start, text, _cue_seam(rng), f"repair:{what}")
    return None


def _pick_false_start(words: list[str], rng: random.Random) -> Slip | None:
    table = TABLE["beginnings"]
    whole = rng.choice(table["whole"])
    text = whole if rng.random() < 0.5 else f"{rng.choice(table['subject'])} {rng.choice(table['verb'])}"
    text = re.sub(r"\bi\b", "I", text)
    if rng.random() < 0.15:
        return Slip(0, text, _cue_seam(rng), "false_start")
    return Slip(0, text, _seam(rng), "false_start")


def _pick_filler(words: list[str], rng: random.Random) -> Slip:
    at = rng.randrange(len(words))
    sound = _weighted(TABLE["sounds"], rng)
    before, after = rng.choice([("", " "), ("", " "), (", ", ", "), (", ", ", "), ("", ", ")])
    is_free = at > 0 and not _has_mark(words[at - 1])
    return Slip(at, (before if is_free else "") + sound, after, "filler")


_PICKERS: Mapping[str, Callable[[list[str], random.Random], Slip | None]] = {
    "word_twice": _pick_word_twice,
    "phrase_twice": _pick_phrase_twice,
    "restart": _pick_restart,
    "broken_word": _pick_broken_word,
    "repair": _pick_repair,
    "false_start": _pick_false_start,
    "filler": _pick_filler,
}


def _replacement(what: str, words: Sequence[str], at: int, rng: random.Random) -> str:
    """Return what may have been said in place of word `at`, of the same kind; "" if it is of another kind."""
    word, lower = _bare(words[at]), _lower(words[at])
    if not word or not words[at][0].isalnum():
        return ""
    follows = _lower(words[at - 1]) if at and not _has_mark(words[at - 1]) else ""
    match what:
        case "number" if word.isdigit():
            place = rng.randrange(len(word))
            return word[:place] + rng.choice([d for d in "123456789" if d != word[place]]) + word[place + 1 :]
        case "number" | "day":
            mates = _row_mates(what, lower)
            other = rng.choice(mates) if mates else ""
            return other.capitalize() if word[0].isupper() else other
        case "name" if _is_name(words, at) and word[1:].islower() and lower not in _words("rows"):
            return rng.choice([name for name in _word_list("name") if name != word])
        case "noun_phrase" if follows in _words("determiner") and lower in _words("noun_like"):
            return _other_word(word, rng)
        case "preposition_phrase" if at > 1 and lower in _words("noun_like"):
            before = _lower(words[at - 2])
            is_phrase = follows in _words("preposition") or (
                follows in _words("article") and before in _words("preposition")
            )
            return _other_word(word, rng) if is_phrase else ""
    return ""


def _other_word(word: str, rng: random.Random) -> str:
    """Return a word of the same kind as far as the table knows: a small word of its row, or a noun of its number."""
    lower = word.lower()
    for kind in ("small", "number", "day"):
        if mates := _row_mates(kind, lower):
            return rng.choice(mates)
    if lower in _words("other"):
        return rng.choice(_word_list("other"))
    noun = rng.choice([noun for noun in _word_list("noun") if noun != lower])
    return noun + "s" if lower.endswith("s") and not noun.endswith(("s", "y", "x", "ch", "fe")) else noun


def _span(words: Sequence[str], length: int, rng: random.Random) -> range | None:
    """Return `length` words in a row without a mark between them, or None if there are none."""
    starts = [
        start
        for start in range(len(words) - length)
        if all(map(_is_open, words[start : start + length])) and not any(map(_has_mark, words[start : start + length]))
    ]
    small = [start for start in starts if _lower(words[start]) in _words("small")]
    chosen = small if small and rng.random() < 0.8 else starts
    if not chosen:
        return None
    start = rng.choice(chosen)
    return range(start, start + length)


def _seam(rng: random.Random) -> str:
    return _weighted(TABLE["seams"], rng).format(_weighted(TABLE["sounds"], rng))


def _cue_seam(rng: random.Random) -> str:
    cue = re.sub(r"\bi\b", "I", _weighted(TABLE["cues"], rng))
    if cue.startswith("no ") and rng.random() < 0.3:
        cue = cue.replace("no ", "no, ", 1)
    return _weighted(TABLE["cue_seams"], rng).format(_weighted(TABLE["sounds"], rng), cue=cue)


def _weighted(weights: Mapping[str, int], rng: random.Random) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def _bare(word: str) -> str:
    return _MARKS_AROUND.sub("", word)


def _lower(word: str) -> str:
    return _bare(word).lower().replace("’", "'")


def _has_mark(word: str) -> bool:
    """Return whether a mark stands behind a word."""
    return not word[-1].isalnum()


def _is_open(word: str) -> bool:
    """Return whether a word is plain letters, with no mark before it."""
    return word[0].isalpha() and _PLAIN.fullmatch(_bare(word)) is not None


def _is_name(words: Sequence[str], at: int) -> bool:
    """Return whether a word has a capital that its place does not give it."""
    word = _bare(words[at])
    is_first = at == 0 or words[at - 1][-1] in '.?!:"”'
    return word[:1].isupper() and not is_first and word.split("'")[0] != "I"


def _first_form(word: str) -> str:
    """Return a word without its marks, as it is written within a sentence."""
    return _lowered(_bare(word))


def _lowered(word: str) -> str:
    """Return a word with a small first letter if it is known to have a capital for its place alone."""
    lower = _lower(word)
    is_kept = lower not in _words("known") or lower == "i" or lower.startswith("i'") or word[1:2].isupper()
    return word if is_kept else word[:1].lower() + word[1:]


@cache
def _words(name: str) -> frozenset[str]:
    """Return one of the sets of `[words]`, the words of one of `[rows]`, or one that is made of these."""
    match name:
        case "known":
            parts = ("small", "opening", "meant_twice", "other", "noun", "number")
            return frozenset[str]().union(*map(_words, parts))
        case "noun_like":
            return _words("noun") | {f"{noun}s" for noun in _words("noun")}
        case "rows":
            return _words("number") | _words("day")
        case "small" | "determiner" | "article" | "preposition" | "opening" | "meant_twice":
            return frozenset(TABLE["words"][name].split())
    return frozenset(_word_list(name))


@cache
def _word_list(name: str) -> tuple[str, ...]:
    """Return the words of one of `[rows]`."""
    rows = TABLE["rows"][name]
    return tuple((rows if isinstance(rows, str) else " ".join(rows)).split())


@cache
def _row_mates(name: str, word: str) -> tuple[str, ...]:
    """Return the other words of the row of `word` in a list of rows, or none."""
    for row in TABLE["rows"][name]:
        if word in row.split():
            return tuple(other for other in row.split() if other != word)
    return ()
