"""Find the spans of a text that may be meant by what was said again, and write it there. Pure.

What was said is compared by its sounds with every run of words of the text (`desktop.vocabulary.likeness`): a
recognizer that mishears joins and splits words ("coo chair a" for Kucera). What the recordings say of the runs that are
alike is weighed in `desktop.dictation.again_weighing`; without them one run that is alike and has no rival, nor other
borders that are nearly as alike, is replaced, and of several the user chooses. A run that is written already as it was
said is never meant, so that a second one can be corrected beside a right one. Chinese is compared by its characters,
since nothing here knows how they are read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from desktop.core.text import UNSPACED
from desktop.core.types import Replacement
from desktop.vocabulary.known_forms import is_word
from desktop.vocabulary.learning import same_word
from desktop.vocabulary.likeness import SoundDistance, find_sounds, weigh

MIN_LIKENESS = 0.45
"""Least likeness of a run that may be meant."""

MIN_HEARD_LIKENESS = 0.15
"""The same where the recordings decide but the sounds are not known: of 90 places 3 more were found than at 0.3, and
none more replaced wrongly."""

SURE_LIKENESS, SHORT_SURE_LIKENESS, SHORT_WEIGHT = 0.6, 0.72, 2.7
"""Least likeness of a run that is replaced without a question, the same where little was said, and what that weighs
(`weigh`). Chosen on 148 places that tiny.en and base misheard in sentences of a synthetic voice: 118 were replaced, 7
with a word more or less, 14 asked about, 9 not found, and none elsewhere replaced."""

MARGIN = 0.14
"""Least distance of the second likest run from the likest, which is replaced without a question."""

BORDER_MARGIN = 0.15
"""The same of other borders of the same place. Of 177 takes of `tests.prove.again_takes` one had a word too much
or too little; six at 0.06, and 13 where no borders are asked about."""

CLOSENESS_WEIGHT, UNKNOWN_DISTANCE = 5.0, 0.65
"""What a distance of one counts in likeness, where nothing else is known, and what it is where the sounds are not
known, or have nothing to do with each other: of 42 corrections of other texts the least was 0.54 to 0.73, and that of
the right run of 138 takes of `tests.prove.again_takes` 0.3 to 0.63 (5th and 95th percentile)."""

MAX_VARIANTS = 8
"""Most borders of one place that are compared."""

MAX_BEHIND = 0.4
"""Most distance in closeness from the closest of what is compared: of 145 takes the right run was within it in 143."""

SAME_WORD_LIKENESS = 0.85
"""Least likeness of another form of the same word (wonder, wondering): few letters are the larger part of the sound."""

MAX_EXTRA_WORDS = 3
"""How many words more than were said the misheard run may have."""

MAX_TITLE_LETTERS = 3
"""Most letters of a title or an initial whose full stop ends no sentence: "Dr. Wadsick"."""

MAX_PLACES, MAX_LOOKED_AT, MAX_CHOICES = 3, 6, 4
"""Most places that are near by their sound, places that the recordings are asked about (those with the same words
too), and runs that are offered for a choice."""

MAX_SAID_WORDS = 12
"""Most words of a correction: more are a sentence, which was meant for another key."""

_WORD = re.compile(
    rf"[{UNSPACED}]|\d+(?:[.,:]\d+)*|[^\W\d_{UNSPACED}]+(?:['’](?!s\b)[^\W\d_{UNSPACED}]+)*|(?<=\w)['’]s\b",
    re.IGNORECASE,
)
_FIRST_WORD = re.compile(r"[\W_]")
_PRONOUN = re.compile(r"I\b")
_INITIAL = re.compile(r"(?:^|[\W_])[^\W\d_]\.$")
_SENTENCE_GAP = re.compile(r"[.!?…]\s|[。！？\n]")
FINAL_MARKS = ".,;:!?…。，；：！？、 "
_AFTER_SENTENCE = re.compile(r"(?:^|[.!?。！？…:]['\"”’)\]»]*\s+|\n\s*)['\"“‘(\[«„¿¡]*$")


class Word(NamedTuple):
    """A word of a text. `is_rest`: a possessive ending or a further initial ("T.J."), with which no run begins."""

    start: int
    end: int
    text: str
    is_rest: bool


class Candidate(NamedTuple):
    """A run of words, `text[start:end]`.

    - `likeness`: how much it sounds like what was heard, by the letters.
    - `distance`: how far its sound is from that of the correction (`desktop.dictation.again_sound`).
    """

    start: int
    end: int
    likeness: float
    distance: float = UNKNOWN_DISTANCE

    @property
    def closeness(self) -> float:
        """Return both in one, in likeness."""
        return self.likeness - CLOSENESS_WEIGHT * self.distance


@dataclass(frozen=True, slots=True)
class Found:
    """What becomes of a correction: `replaced` without a question, one of `choices`, or nothing. `is_there`: what was
    said stands in the text already, and nothing else is like it."""

    replaced: Replacement | None = None
    choices: tuple[Replacement, ...] = ()
    is_there: bool = False

    @property
    def offered(self) -> tuple[Replacement, ...]:
        """`replaced`, or the choices."""
        return self.choices if self.replaced is None else (self.replaced,)


def split_words(text: str) -> list[Word]:
    """Return the words of `text`, and each character of a script without spaces."""
    return [
        Word(
            *match.span(),
            match.group(),
            match.group()[0] in "'’" or _INITIAL.search(text[max(0, match.start() - 3) : match.start()]) is not None,
        )
        for match in _WORD.finditer(text)
        if any(map(str.isalnum, match.group()))
    ]


def list_words(text: str) -> tuple[str, ...]:
    """Return the words of `text` without their case."""
    return tuple(word.text.casefold() for word in split_words(text))


class Places(NamedTuple):
    """The runs that may be meant: the variants of each place overlap, and the likest place, and variant, is first.

    `is_there`: what was said stands in the text already, at places that are none of these. `is_short`: little was said.
    `others`: all other runs.
    """

    places: tuple[tuple[Candidate, ...], ...]
    is_there: bool = False
    is_short: bool = False
    others: tuple[Candidate, ...] = ()


def find_places(
    text: str,
    said: str,
    language: str,
    heard: str,
    least: float,
    measure_distance: Callable[[int, int], float] | None = None,
) -> Places:
    """Return the runs of `text` that are like `said` by `least`, or whose distance is known; `heard` is how it was
    spoken, where that is not as it is written. `language` is the code of its language."""
    said = said.strip(FINAL_MARKS)
    words, wanted = split_words(text), split_words(said)
    if not wanted or len(wanted) > MAX_SAID_WORDS:
        return Places(())
    fit = partial(fit_written, text, said=said, language=language)
    there = [
        (words[first].start, words[last - 1].end)
        for first, last in _find_equal(words, wanted)
        if text[words[first].start : words[last - 1].end] == fit(words[first].start, words[last - 1].end).written
    ]
    heard_words = split_words(heard.strip(FINAL_MARKS)) or wanted
    spoken = tuple(word.text.casefold() for word in heard_words)
    runs = [
        run
        for run in _iterate_candidates(text, words, heard_words, language)
        if not any(run.start < end and start < run.end for start, end in there)
    ]
    if measure_distance is not None:
        runs = [run._replace(distance=measure_distance(run.start, run.end)) for run in runs]
    meant = [run for run in runs if not _is_part(list_words(text[run.start : run.end]), spoken)]
    candidates = meant if measure_distance is not None else [run for run in meant if run.likeness >= least]
    closest = max((each.closeness for each in candidates), default=0.0)
    places = _group([each for each in candidates if each.closeness >= closest - MAX_BEHIND])
    if measure_distance is not None:
        places = _add_alike(text, _add_borders(places[:MAX_PLACES], words, runs), runs)[:MAX_LOOKED_AT]
    looked_at = {each for place in places for each in place}
    others = tuple(each for each in runs if each not in looked_at)
    return Places(places, bool(there), weigh(_sound_of(wanted, language)) < SHORT_WEIGHT, others)


def find_neighbours(text: str, run: Candidate, others: Sequence[Candidate]) -> list[Candidate]:
    """Return those of `others` that begin and end with the same word of `text` as `run`, or one beside it."""
    words = split_words(text)
    first = next(at for at, word in enumerate(words) if word.start == run.start)
    last = next(at for at, word in enumerate(words) if word.end == run.end)
    starts = {word.start for word in words[max(0, first - 1) : first + 2]}
    ends = {word.end for word in words[max(0, last - 1) : last + 2]}
    return [each for each in others if each.start in starts and each.end in ends]


def find_standing(text: str, said: str) -> list[tuple[int, int]]:
    """Return where `said` stands in `text`, in any case."""
    words, wanted = split_words(text), split_words(said)
    return [(words[first].start, words[last - 1].end) for first, last in _find_equal(words, wanted) if wanted]


def find_correction(text: str, said: str, language: str, heard: str = "") -> Found:
    """Return what `said` corrects in `text`, by likeness alone; see `find_places`."""
    places, is_there, is_short, _ = find_places(text, said, language, heard, MIN_LIKENESS)
    if not places:
        return Found(is_there=is_there)
    best = places[0][0]
    fit = partial(fit_written, text, said=said.strip(FINAL_MARKS), language=language)
    rivals = [place[0] for place in places[1:] if place[0].likeness > best.likeness - MARGIN]
    borders = [each for each in places[0][1:] if each.likeness > best.likeness - BORDER_MARGIN]
    is_sure = best.likeness >= (SHORT_SURE_LIKENESS if is_short else SURE_LIKENESS)
    if is_sure and not rivals and not borders and not is_there:
        return Found(fit(best.start, best.end))
    chosen = [best, *rivals, *borders][:MAX_CHOICES]
    return Found(choices=tuple(fit(each.start, each.end) for each in sorted(chosen)))


def fit_written(text: str, start: int, end: int, said: str, language: str) -> Replacement:
    """Return `said` as it is to be written for `text[start:end]`: with its own capitals where they are a name's, with
    that of the place where a sentence begins, and with the possessive ending of the place once."""
    if said[-2:] in ("'s", "’s") and text[end : end + 2] in ("'s", "’s"):
        end += 2
    if _AFTER_SENTENCE.search(text[:start]):
        is_plain = _FIRST_WORD.split(said, maxsplit=1)[0].islower()  # unlike "iPhone"
        return Replacement(start, end, said[:1].upper() + said[1:] if is_plain else said)
    return Replacement(
        start, end, said if _keeps_capital(said, text[start:end], language) else said[0].lower() + said[1:]
    )


def _keeps_capital(said: str, replaced: str, language: str) -> bool:
    """Return whether `said` keeps its first letter within a sentence, in the place of `replaced`: there is no telling
    whether its capital is more than that of a sentence but by what else is known."""
    first = _FIRST_WORD.split(said, maxsplit=1)[0]
    if first == "I" or first[1:] != first[1:].lower() or not (replaced[0].islower() or _PRONOUN.match(replaced)):
        return True
    return language == "en" and not is_word(first.casefold())


def apply_replacements(text: str, replacements: Sequence[Replacement]) -> str:
    """Return `text` with all of `replacements`; of those that overlap, with the last."""
    begin = len(text)
    for each in sorted(replacements, key=lambda each: -each.start):
        if each.end > begin:
            continue
        begin = each.start
        text = f"{text[: each.start]}{each.written}{text[each.end :]}"
    return text


def _sound_of(words: Sequence[Word], language: str) -> str:
    return "".join(find_sounds(word.text, language) for word in words)


def _find_equal(words: Sequence[Word], wanted: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Yield the runs of `words` that are `wanted`, in any case."""
    letters = [word.text.casefold() for word in wanted]
    for first in range(len(words) - len(wanted) + 1):
        if [word.text.casefold() for word in words[first : first + len(wanted)]] == letters:
            yield first, first + len(wanted)


def _iterate_candidates(text: str, words: Sequence[Word], wanted: Sequence[Word], language: str) -> Iterator[Candidate]:
    """Yield the runs of words within a sentence that are at most `MAX_EXTRA_WORDS` longer than `wanted`."""
    distance = SoundDistance(_sound_of(wanted, language))
    longest, letters = len(wanted) + MAX_EXTRA_WORDS, [word.text.casefold() for word in wanted]
    for first, word in enumerate(words):
        if word.is_rest:
            continue
        distance.reset()
        for last in range(first, min(first + longest, len(words))):
            if last > first and _is_sentence_gap(text, words[last - 1], words[last]):
                break
            likeness = distance.extend(find_sounds(words[last].text, language))
            if last == first and len(letters) == 1 and same_word(letters[0], word.text.casefold()):
                likeness = max(likeness, SAME_WORD_LIKENESS)
            yield Candidate(word.start, words[last].end, likeness)


def _is_part(run: Sequence[str], wanted: Sequence[str]) -> bool:
    """Return whether the words of `run` stand in a row in `wanted`, which has more: those words were heard right, and
    others are missing. Only the recordings may tell that they were not."""
    starts = range(len(wanted) - len(run) + 1) if len(run) < len(wanted) else ()
    return any(wanted[at : at + len(run)] == run for at in starts)


def _is_sentence_gap(text: str, before: Word, after: Word) -> bool:
    """Return whether a sentence ends between two words; behind a short word with a capital stands an abbreviation."""
    is_short = len(before.text) <= MAX_TITLE_LETTERS and before.text[0].isupper()
    gap = text[before.end : after.start]
    return _SENTENCE_GAP.search(gap) is not None and not (is_short and gap == ". ")


def _add_borders(
    places: Sequence[Sequence[Candidate]], words: Sequence[Word], candidates: Sequence[Candidate]
) -> tuple[tuple[Candidate, ...], ...]:
    """Return `places`, the closest with the variants that have one word more or less at an end, however far their sound
    is: only the recordings tell whether that was said as well."""
    if not places:
        return ()
    first, start, end = places[0], places[0][0].start, places[0][0].end
    starts, ends = [word.start for word in words], [word.end for word in words]
    at, to = starts.index(start), ends.index(end)
    spans = {(each, end) for each in starts[max(0, at - 1) : at + 2]} | {
        (start, each) for each in ends[max(0, to - 1) : to + 2]
    }
    beside = [each for each in candidates if (each.start, each.end) in spans and each not in first]
    return (*first, *beside), *map(tuple, places[1:])


def _add_alike(
    text: str, places: Sequence[Sequence[Candidate]], candidates: Sequence[Candidate]
) -> tuple[tuple[Candidate, ...], ...]:
    """Return `places` with all of `candidates` that have the same words as a variant of one, however far their sound
    is: each with the place that it overlaps, and those that overlap none as places of their own."""
    variants = [variant for place in places for variant in place]
    words = {list_words(text[each.start : each.end]) for each in variants}
    alike = [each for each in candidates if list_words(text[each.start : each.end]) in words and each not in variants]
    extended = []
    for place in places:
        overlapping = [each for each in alike if each.start < place[0].end and place[0].start < each.end]
        alike = [each for each in alike if each not in overlapping]
        extended.append((*place, *overlapping))
    return *extended, *_group(alike)


def _group(candidates: Sequence[Candidate]) -> tuple[tuple[Candidate, ...], ...]:
    """Return the closest candidates that do not overlap, the closest first, of equals the longest, each followed by the
    closest of those that overlap with it."""
    places: list[list[Candidate]] = []
    for candidate in sorted(candidates, key=lambda each: (-each.closeness, each.start - each.end)):
        for place in places:
            if candidate.start < place[0].end and place[0].start < candidate.end:
                if len(place) < MAX_VARIANTS:
                    place.append(candidate)
                break
        else:
            places.append([candidate])
    return tuple(map(tuple, places))
