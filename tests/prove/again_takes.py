"""Texts with words that were misheard, and the sound of these words said again.

One to three words of a sentence, of which one at least is not frequent, are heard in noise by the smallest model: its
errors are real ones, and stand in the sentence in the place of the words. The same words are then said again without
the noise, by the same voice: a recorded one is cut out of its clip, at the times of the words as a larger model hears
them there, a synthetic one says them alone. In a fifth of the takes the sentence stands in the text twice, around
another one, and the first or the second place is meant in turns.

The larger model runs in a process of its own (`python -m tests.prove.again_takes FILE...`).
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from itertools import batched
from pathlib import Path

import numpy as np
import soundfile

from desktop.audio.file import iterate_frames, read_audio
from desktop.core.interfaces import Recognizer
from desktop.core.types import RATE_HZ, Audio
from desktop.dictation.again_match import split_words
from desktop.vocabulary.learning import common_words
from tests.prove.heard import ignore, normal
from tests.prove.noise import PINK, coloured, floor_of
from tests.prove.record import MODELS, ROOT, Run
from tests.prove.recordings import clips, recorded, sound, speech_power
from tests.prove.words import spoken, spoken_table

FIRST_MODEL, TIMES_MODEL = "tiny.en", "base"
"""What hears the words in noise, and what finds them in the clean sound of a clip."""

SNRS_DB = (15.0, 10.0, 5.0)
"""How loud the words are above the noise around them: the first of these at which they are misheard counts."""

MAX_LONGER = 1.6
"""By how much what was heard may be longer or shorter than what was said, in letters: words that are lost in the noise
stand nowhere in the text, and nothing can take their place."""

MAX_SAID, MAX_HEARD, MIN_LETTERS = 3, 5, 4
"""Most words that are said again, most that they were heard as, and fewest letters of one that is said by itself."""

PHRASES = 3
"""Phrases of one sentence."""

PAD_S, QUIET_S = 0.06, 0.4
"""Sound before and after the words that are cut out, and noise floor around that."""

TWICE_OF = 5
"""One of so many takes has the misheard words twice."""

HEARD_AT_ONCE = 12
"""Sentences that one process hears."""

VOICES = ("recorded", "synthetic")

type TimedWords = list[tuple[str, float, float]]


@dataclass(frozen=True)
class Phrase:
    """`text[start:end]` of a sentence, which a voice says in `audio`, and the sentence in `sentence`."""

    key: str
    voice: str
    text: str
    start: int
    end: int
    audio: Audio
    sentence: Audio

    @property
    def said(self) -> str:
        """The words."""
        return self.text[self.start : self.end]


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


async def takes(run: Run, voice: str, folder: Path, first: Recognizer) -> AsyncIterator[Take]:
    """Takes of a voice in a drawn order, misheard by `first`. Raises `Absent` where there are no recordings. What was
    heard is kept in the results."""
    number, before = 0, ("It is late.", spoken("It is late."))
    for phrase in phrases(run, voice, folder):
        heard, snr_db = await mishear(run, phrase, first)
        if heard:
            rng = np.random.default_rng([run.seed, 4, number])
            yield make_take(phrase, heard, before, number, lambda audio: noisy(audio, snr_db, rng))  # noqa: B023
            number, before = number + 1, (phrase.text, phrase.sentence)


def phrases(run: Run, voice: str, folder: Path) -> Iterator[Phrase]:
    """Phrases of a voice, one of each sentence and then the next."""
    rng = np.random.default_rng([run.seed, VOICES.index(voice)])
    if voice == "synthetic":
        table = list(spoken_table()[0].values())
        for _ in range(PHRASES):
            for at in rng.permutation(len(table)):
                start, end = draw_phrase(table[at], rng)
                said = table[at][start:end]
                yield Phrase(f"{table[at]} {said}", voice, table[at], start, end, spoken(f"{said}."), spoken(table[at]))
        return
    all_clips = [clip for clip in clips(("en", "en-l2")) if clip.seconds <= 15]
    for _ in range(PHRASES):
        for some in batched(rng.permutation(len(all_clips)), HEARD_AT_ONCE):
            audios = {f"clean {all_clips[at].path.stem}": sound(all_clips[at]) for at in some}
            for at, words in zip(some, find_words(run, audios, folder), strict=True):
                text = all_clips[at].text
                text = text.capitalize() if text.isupper() else text
                start, end = draw_phrase(text, rng)
                if span := find_times(text[start:end], words):
                    audio = cut(sound(all_clips[at]), *span, rng)
                    yield Phrase(
                        f"{all_clips[at].path.stem} {text[start:end]}",
                        voice,
                        text,
                        start,
                        end,
                        audio,
                        sound(all_clips[at]),
                    )


def draw_phrase(text: str, rng: np.random.Generator) -> tuple[int, int]:
    """One to three words of `text` in a row, one of them no frequent one where there is one."""
    words = split_words(text)
    runs = [
        (words[first].start, words[last].end, any(map(_is_rare, (word.text for word in words[first : last + 1]))))
        for count in (1, 2, 3)
        for first in range(len(words) - count + 1)
        for last in (first + count - 1,)
        if "." not in text[words[first].start : words[last].end]
    ]
    rare = [run for run in runs if run[2]] or runs
    start, end, _ = rare[int(rng.integers(len(rare)))]
    return start, end


def _is_rare(word: str) -> bool:
    return len(word) >= MIN_LETTERS and word.casefold() not in common_words()["words"]


async def mishear(run: Run, phrase: Phrase, first: Recognizer) -> tuple[str, float]:
    """What the phrase was misheard as, and in how much noise; empty where it was not, or was heard as nothing like
    words."""
    for snr in SNRS_DB:
        rng = np.random.default_rng([run.seed, 3, len(phrase.audio)])
        frames = iterate_frames(noisy(phrase.audio, snr, rng))
        key = f"noisy {phrase.voice} {phrase.key} {snr:g}"
        if key not in run.lines:
            run.lines.add(key, {"text": (await first.transcribe(frames, ignore)).text})
        heard = run.lines[key]["text"].strip(" .,!?…-\"'").replace(". ", " ")
        if 0 < len(split_words(heard)) <= MAX_HEARD and heard.isascii() and is_other(heard, phrase.said):
            return str(heard), snr
    return "", 0.0


def is_other(heard: str, said: str) -> bool:
    """Return whether other words were heard than said, and not fewer or more of them."""
    heard_words, said_words = (normal(text).split() for text in (heard, said))
    letters, wanted = len("".join(heard_words)), len("".join(said_words))
    is_part = set(heard_words) <= set(said_words) or set(said_words) <= set(heard_words)
    return not is_part and max(letters, wanted) <= MAX_LONGER * min(letters, wanted)


def make_take(
    phrase: Phrase, heard: str, other: tuple[str, Audio], number: int, add_noise: Callable[[Audio], Audio]
) -> Take:
    """The take: every fifth has the sentence twice, around `other`."""
    begins = phrase.start == 0
    heard = heard if begins or heard.split()[0] == "I" else heard[:1].lower() + heard[1:]
    sentence = f"{phrase.text[: phrase.start]}{heard}{phrase.text[phrase.end :]}"
    sentence = sentence if sentence[-1] in ".?!" else f"{sentence}."
    start, end = phrase.start, phrase.start + len(heard)
    key = f"{phrase.voice} {number}"
    if number % TWICE_OF:
        return Take(key, phrase.voice, sentence, phrase.said, start, end, 1, phrase.audio, add_noise(phrase.sentence))
    shift = (len(sentence) + len(other[0]) + 2) * (number // TWICE_OF % 2)
    text = f"{sentence} {other[0]} {sentence}"
    recording = add_noise(np.concatenate([phrase.sentence, other[1], phrase.sentence]))
    return Take(key, phrase.voice, text, phrase.said, start + shift, end + shift, 2, phrase.audio, recording)


def noisy(audio: Audio, snr_db: float, rng: np.random.Generator) -> Audio:
    """The sound with pink noise."""
    level = np.sqrt(speech_power(audio) * 10 ** (-snr_db / 10))
    return recorded(audio + coloured(rng, len(audio), PINK) * level)


def cut(audio: Audio, from_s: float, to_s: float, rng: np.random.Generator) -> Audio:
    """The sound from one second to another, with the clip's noise floor around it."""
    first, last = max(0, round((from_s - PAD_S) * RATE_HZ)), round((to_s + PAD_S) * RATE_HZ)
    before, after = (floor_of(audio, round(QUIET_S * RATE_HZ), rng) for _ in range(2))
    return recorded(np.concatenate([before, audio[first:last], after]))


def find_times(said: str, words: TimedWords) -> tuple[float, float] | None:
    """The seconds from which to which `said` is heard among `words`; None where it is not."""
    wanted = normal(said).split()
    heard = [normal(word) for word, _, _ in words]
    for at in range(len(heard) - len(wanted) + 1):
        if wanted and heard[at : at + len(wanted)] == wanted:
            return words[at][1], words[at + len(wanted) - 1][2]
    return None


def find_words(run: Run, audios: dict[str, Audio], folder: Path) -> list[TimedWords]:
    """The words of each sound, by its name in the results, and the seconds at which they begin and end."""
    missing = [name for name in audios if name not in run.lines]
    files = [folder / f"said{at}.wav" for at in range(len(missing))]
    for file, name in zip(files, missing, strict=True):
        soundfile.write(file, audios[name], RATE_HZ)
    if missing:
        command = [sys.executable, "-m", "tests.prove.again_takes", *map(str, files)]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        for name, line in zip(missing, done.stdout.splitlines(), strict=True):
            run.lines.add(name, {"words": json.loads(line)})
    return [run.lines[name]["words"] for name in audios]


def main() -> None:
    """Print the timed words of each file as JSON."""
    from faster_whisper import WhisperModel

    whisper = WhisperModel(str(MODELS / TIMES_MODEL), device="cpu", compute_type="int8")
    for file in sys.argv[1:]:
        segments, _ = whisper.transcribe(
            read_audio(Path(file)), language="en", beam_size=1, condition_on_previous_text=False, word_timestamps=True
        )
        words = [(word.word, word.start, word.end) for segment in segments for word in segment.words or ()]
        sys.stdout.write(json.dumps(words) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
