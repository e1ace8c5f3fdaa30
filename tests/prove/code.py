"""Spoken code (`code.toml`): what the style for code, or for prompts, writes of it, to the character.

Each phrase is judged twice: `text` is its words as they were written down, through polish alone; `spoken` is what the
model hears of the synthetic voice, through the same. The phrases were written before the rule, which was tuned on one
part of them (`is_tuned`); of the other, what failed as text was looked at once, what failed as speech never. `text`
shows how much of what is heard right comes out right. The voice was trained on sentences, and of such phrases base
mishears two thirds: `spoken` says how much a user of that model may have to correct, and holds the line there.

In the documents and docstrings of this project, prose that is full of names of files, the style for prompts may change
nothing but what quotes a command.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import anyio

from desktop.audio.file import iterate_frames
from desktop.core.types import DictationContext
from desktop.dictation.progress import SPOKEN_CODE
from desktop.polish.rules.code import edit_code
from desktop.polish.rules.edit import RuleContext
from desktop.polish.rules.pipeline import PolishRules
from desktop.polish.styles import Styles, load_styles
from desktop.stt.expected_speech import expecting
from tests.prove.heard import ignore, recogniser
from tests.prove.prose import own_prose
from tests.prove.record import ROOT, Run, tell
from tests.prove.words import spoken

TEXT_BAR, SPOKEN_BAR = 0.95, 0.27
"""Least share of phrases that are written to the character. Of the spoken ones base has 0.31, and 0.26 where it
expects nothing in particular."""

TUNED_EVERY = 3
"""Of all languages but the first, every third phrase tuned the rule, and of the first, Python, all."""


class Phrase(NamedTuple):
    """What is said, in which language or style, what must be written of it, and whether it tuned the rule."""

    kind: str
    said: str
    written: str
    is_tuned: bool


def table() -> list[Phrase]:
    """Return all phrases."""
    loaded = tomllib.loads((ROOT / "tests/prove/code.toml").read_text("utf-8"))
    return [
        Phrase(kind, said, written, kind == "python" or number % TUNED_EVERY == 0)
        for kind, pairs in loaded.items()
        for number, (said, written) in enumerate(pairs.items())
    ]


@cache
def _styles() -> Styles:
    return load_styles(Path(__file__).with_name("no-such-file.toml"))


def write(said: str, kind: str) -> str:
    """Return what polish writes of words in the style for code, or in the one for prompts."""
    style = _styles().styles["prompt" if kind == "prompt" else "programming"]
    return PolishRules()(said, DictationContext(style=style, language="en")).text


def prove(run: Run) -> dict[str, Any]:
    """Decode what is not decoded yet, and judge all; `run.limit` is how many of each kind."""
    return anyio.run(_prove, run)


async def _prove(run: Run) -> dict[str, Any]:
    counts, right = Counter[str](), Counter[str]()
    taken = Counter[str]()
    async with recogniser(run.model, ("en",)) as model:
        for phrase in table():
            taken[phrase.kind] += 1
            if run.limit is not None and taken[phrase.kind] > run.limit:
                continue
            if phrase.said not in run.lines:
                expected = "" if phrase.kind == "prompt" else SPOKEN_CODE
                with expecting(lambda language, expected=expected: expected):
                    heard = await model.transcribe(iterate_frames(spoken(phrase.said)), ignore)
                run.lines.add(phrase.said, {"heard": heard.text})
            for way, said in (("text", phrase.said), ("spoken", run.lines[phrase.said]["heard"])):
                is_right = write(said, phrase.kind) == phrase.written
                for name in (way, f"{way} {phrase.kind}", f"{way} {'tuned' if phrase.is_tuned else 'held out'}"):
                    counts[name] += 1
                    right[name] += is_right
                if not is_right and phrase.is_tuned:
                    tell(f"{way} {phrase.kind}: {said!r} became {write(said, phrase.kind)!r}")
    context = RuleContext("en", _styles().styles["prompt"])
    changed = [text for text in own_prose() if " case " not in text and any(edit_code(text, context))]
    shares = {name: round(right[name] / count, 3) for name, count in sorted(counts.items())}
    held = shares.get("text held out", shares["text"])
    ok = min(shares["text"], held) >= TEXT_BAR and shares["spoken"] >= SPOKEN_BAR and not changed
    return {"said": dict(counts), "right": dict(right), "share": shares, "prose_changed": changed, "ok": ok}
