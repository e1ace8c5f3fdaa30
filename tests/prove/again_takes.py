"""Texts with words that were misheard, and the sound of these words said again.

A sentence is heard in noise by the smallest model, as a dictation is: where it wrote other words than were said, up to
three of them in a row, they are said again in less noise, by the same voice. A synthetic one says them alone; those
of an actor are cut out of another clip in which the same sentence was said, and those of a reader, whose sentence was
said once, out of the same clip, and sound otherwise by another pace and pitch. The app finds the words of the text in
the clip. A cut that no recognizer of another kind understands is left out: words out of the middle of fast speech are
not how one says a word again. The text has its other errors, too. In a fifth of the takes the sentence stands in the
text twice, around another one, and the first or the second place is meant in turns.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import partial
from typing import NamedTuple

import numpy as np

from desktop.audio.file import iterate_frames
from desktop.core import word_alignment
from desktop.core.interfaces import Recognizer, WordAligner
from desktop.core.types import RATE_HZ, Audio
from desktop.dictation.again_match import split_words
from tests.prove.heard import ignore, normal
from tests.prove.noise import PINK, coloured, floor_of
from tests.prove.record import Run
from tests.prove.recordings import Clip, acted, clips, recorded, sound, speech_power
from tests.prove.words import spoken, spoken_table

FIRST_MODEL, LISTENER = "tiny.en", "moonshine-base"
"""What hears the sentence in noise, and what must understand words that are cut out of a clip."""

SNRS_DB = (15.0, 10.0, 5.0)
"""How loud the sentence is above the noise: the first of these counts at which words are misheard that can be said
again."""

AGAIN_SNR_DB = 20.0
"""How loud what is said again is above the noise: that of a room."""

MAX_LONGER = 1.6
"""By how much what was heard may be longer or shorter than what was said, in letters: words that are lost in the noise
stand nowhere in the text, and nothing can take their place."""

MAX_SAID, MAX_HEARD, MIN_LETTERS = 3, 5, 4
"""Most words that are said again, most that they were heard as, and fewest letters of what is said again."""

ROUNDS = 12
"""How often a sentence is heard, in other noise each time."""

PAD_S, FADE_S, QUIET_S = 0.03, 0.02, 0.4
"""Sound before and after the words that are cut out, how long it fades, and noise floor around that."""

TWICE_OF = 5
"""One of so many takes has the misheard words twice."""

MAX_CLIP_S = 15.0
"""Longest clip that is used."""

MAX_PACE = 1.12
"""How much faster, and higher, or slower and lower the words of a reader may be said again."""

CALM = ("neutral", "calm", "happy", "sad")
"""How actors speak in the clips that are used: not in fear, nor loudly."""

VOICES = ("recorded", "acted", "synthetic")


class Listeners(NamedTuple):
    """What hears the sentences in noise, what listens to words that are cut out, and what finds them in a clip."""

    first: Recognizer
    listener: Recognizer
    aligner: WordAligner


@dataclass(frozen=True)
class Sentence:
    """A sentence that a voice says in `audio`, and says again in `again`."""

    key: str
    voice: str
    text: str
    audio: Audio
    again: Audio


class Said(NamedTuple):
    """A sentence, and what it was heard as."""

    text: str
    heard: str
    audio: Audio


class Error(NamedTuple):
    """`heard[start:end]` stands where `text[said_start:said_end]`, which is `said`, was said."""

    start: int
    end: int
    said: str
    said_start: int
    said_end: int


@dataclass(frozen=True)
class Take:
    """A text as it was heard; `text[start:end]` was misheard and is said again as `said`, in `audio`. `places` is how
    many places have the same misheard words. `recording` is that of the text, in the noise that it was misheard in."""

    key: str
    voice: str
    text: str
    said: str
    start: int
    end: int
    places: int
    audio: Audio
    recording: Audio


async def takes(run: Run, voice: str, listeners: Listeners) -> AsyncIterator[Take]:
    """Takes of a voice in a drawn order, each of other words. Raises `Absent` where there are no recordings. What was
    heard is kept in the results."""
    late = Said("It is late.", "It is late.", spoken("It is late."))
    number, before = 0, late
    tried: set[tuple[str, str]] = set()
    for sentence in sentences(run, voice):
        rng = np.random.default_rng([run.seed, 4, *sentence.key.encode()])
        async for heard, snr_db, error in misheard(run, sentence, listeners.first, rng):
            if (words := (sentence.key.rpartition(" ")[0], normal(error.said))) in tried:
                continue
            tried.add(words)
            audio = await say_again(run, sentence, error, listeners, rng)
            if audio is not None:
                add_noise = partial(noisy, snr_db=snr_db, rng=rng)
                other = late if normal(error.said) in normal(before.text) else before
                yield make_take(sentence, heard, error, audio, other, number, add_noise)
                number, before = number + 1, Said(sentence.text, heard, sentence.audio)
                break


def sentences(run: Run, voice: str) -> Iterator[Sentence]:
    """Sentences of a voice in a drawn order, and then again, for other noise."""
    rng = np.random.default_rng([run.seed, VOICES.index(voice)])
    say = {"recorded": said_by_readers, "acted": said_by_actors, "synthetic": said_by_machine}[voice]
    for round in range(ROUNDS):
        for sentence in say(rng):
            yield replace(sentence, key=f"{sentence.key} {round}")


def said_by_readers(rng: np.random.Generator) -> Iterator[Sentence]:
    """The sentences of clips that are said once."""
    listed = [clip for clip in clips(("en", "en-l2")) if clip.seconds <= MAX_CLIP_S]
    for at in rng.permutation(len(listed)):
        audio = sound(listed[at])
        yield Sentence(listed[at].path.stem, "recorded", listed[at].text, audio, audio)


def said_by_actors(rng: np.random.Generator) -> Iterator[Sentence]:
    """The sentences of clips, two of each actor's chosen from those of a sentence."""
    listed: dict[tuple[str, str], list[Clip]] = {}
    for clip in acted():
        if clip.kind in CALM:
            listed.setdefault((clip.speaker, clip.text), []).append(clip)
    groups = list(listed.values())
    for at in rng.permutation(len(groups)):
        first, second = (groups[at][index] for index in rng.permutation(len(groups[at]))[:2])
        yield Sentence(f"{first.path.stem} {second.path.stem}", "acted", first.text, sound(first), sound(second))


def said_by_machine(rng: np.random.Generator) -> Iterator[Sentence]:
    """The sentences of a table."""
    table = list(spoken_table()[0].values())
    for at in rng.permutation(len(table)):
        audio = spoken(table[at])
        yield Sentence(table[at], "synthetic", table[at], audio, audio)


async def misheard(
    run: Run, sentence: Sentence, first: Recognizer, rng: np.random.Generator
) -> AsyncIterator[tuple[str, float, Error]]:
    """What the sentence was heard as in more and more noise, in how much, and its errors in a drawn order."""
    for snr_db in SNRS_DB:
        key = f"noisy {sentence.voice} {sentence.key} {snr_db:g}"
        if key not in run.lines:
            noise = np.random.default_rng([run.seed, 3, *sentence.key.encode()])
            frames = iterate_frames(noisy(sentence.audio, snr_db, noise))
            run.lines.add(key, {"text": (await first.transcribe(frames, ignore)).text})
        heard = run.lines[key]["text"].strip()
        errors = find_errors(sentence.text, heard)
        for at in rng.permutation(len(errors)):
            yield heard, snr_db, errors[at]


def find_errors(text: str, heard: str) -> list[Error]:
    """The words of `text` that were heard as others, between words that were heard right, or at an end."""
    said_words, heard_words = split_words(text), split_words(heard)
    said, found = ([normal(word.text) for word in words] for words in (said_words, heard_words))
    errors = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, said, found, autojunk=False).get_opcodes():
        if kind != "replace" or i2 - i1 > MAX_SAID or j2 - j1 > MAX_HEARD:
            continue
        start, end = heard_words[j1].start, heard_words[j2 - 1].end
        said_start, said_end = said_words[i1].start, said_words[i2 - 1].end
        phrase = text[said_start:said_end]
        if "." not in phrase and heard.isascii() and is_other(heard[start:end], phrase):
            errors.append(Error(start, end, phrase, said_start, said_end))
    return errors


def is_other(heard: str, said: str) -> bool:
    """Return whether other words were heard than said, and not fewer or more of them."""
    heard_words, said_words = (normal(text).split() for text in (heard, said))
    letters, wanted = len("".join(heard_words)), len("".join(said_words))
    is_part = set(heard_words) <= set(said_words) or set(said_words) <= set(heard_words)
    is_same = "".join(heard_words) == "".join(said_words)
    is_long = wanted >= MIN_LETTERS and max(letters, wanted) <= MAX_LONGER * min(letters, wanted)
    return is_long and not is_part and not is_same


async def say_again(
    run: Run, sentence: Sentence, error: Error, listeners: Listeners, rng: np.random.Generator
) -> Audio | None:
    """The sound of the words by the same voice; None where nothing understands them when they are cut out."""
    if sentence.voice == "synthetic":
        words = spoken(f"{error.said}.")
        quiet = np.zeros(round(QUIET_S * RATE_HZ), np.float32)
        return noisy(np.concatenate([quiet, words, quiet]), AGAIN_SNR_DB, rng)
    key = f"alone {sentence.key} {error.said}"
    if key not in run.lines:
        span = await find_times(sentence, error, listeners.aligner)
        pace = MAX_PACE ** rng.uniform(-1, 1) if sentence.voice == "recorded" else 1.0
        frames = iterate_frames(cut(sentence.again, span, pace, np.random.default_rng(0)))
        run.lines.add(
            key, {"span": span, "pace": pace, "text": (await listeners.listener.transcribe(frames, ignore)).text}
        )
    line = run.lines[key]
    audio = cut(sentence.again, line["span"], line["pace"], rng)
    return noisy(audio, AGAIN_SNR_DB, rng) if normal(line["text"]) == normal(error.said) else None


async def find_times(sentence: Sentence, error: Error, aligner: WordAligner) -> tuple[float, float]:
    """The seconds from which to which the words are said in the clip of the second time."""
    timed = await aligner.align(sentence.again, sentence.text, "en")
    spans = word_alignment.split_words(sentence.text)[1]
    inside = [at for at, (start, end) in enumerate(spans) if start < error.said_end and error.said_start < end]
    return timed[inside[0]].start_s, timed[inside[-1]].end_s


def make_take(
    sentence: Sentence,
    heard: str,
    error: Error,
    audio: Audio,
    other: Said,
    number: int,
    add_noise: Callable[[Audio], Audio],
) -> Take:
    """The take: every fifth has the sentence twice, around `other`, in which the words are not said."""
    heard = heard if heard[-1] in ".?!" else f"{heard}."
    key, start, end, said = f"{sentence.voice} {number}", error.start, error.end, error.said
    if number % TWICE_OF:
        return Take(key, sentence.voice, heard, said, start, end, 1, audio, add_noise(sentence.audio))
    shift = (len(heard) + len(other.heard) + 2) * (number // TWICE_OF % 2)
    text = f"{heard} {other.heard} {heard}"
    recording = add_noise(np.concatenate([sentence.audio, other.audio, sentence.audio]))
    return Take(key, sentence.voice, text, said, start + shift, end + shift, 2, audio, recording)


def noisy(audio: Audio, snr_db: float, rng: np.random.Generator) -> Audio:
    """The sound with pink noise."""
    level = np.sqrt(speech_power(audio) * 10 ** (-snr_db / 10))
    return recorded(audio + coloured(rng, len(audio), PINK) * level)


def cut(audio: Audio, span: tuple[float, float], pace: float, rng: np.random.Generator) -> Audio:
    """The sound of these seconds, by so much faster and higher, which fades in and out in the clip's noise floor."""
    first, last = max(0, round((span[0] - PAD_S) * RATE_HZ)), round((span[1] + PAD_S) * RATE_HZ)
    before, after = (floor_of(audio, round(QUIET_S * RATE_HZ), rng) for _ in range(2))
    words, ramp = audio[first:last], np.linspace(0.0, 1.0, round(FADE_S * RATE_HZ), dtype=np.float32)
    words = np.interp(np.arange(0, len(words) - 1, pace), np.arange(len(words)), words)
    words[: len(ramp)] *= ramp[: len(words)]
    words[-len(ramp) :] *= ramp[::-1][-len(words) :]
    return recorded(np.concatenate([before, words, after]))
