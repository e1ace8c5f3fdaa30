"""Emoji and spelled names (`called.toml`) by the synthetic voice through the model, and what the rules write of them.

There is no Chinese voice: Chinese is in the tables of the rules' tests. What the voice swallows or the model hears
otherwise counts as wrong: the share is that of a user who reads the text afterwards. Of what only talks of emoji or of
spelling nothing may be changed.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import partial
from typing import Any

import anyio

from desktop.audio.file import iterate_frames
from desktop.core.types import DictationContext, Transcript
from desktop.polish.rules.pipeline import PolishRules
from desktop.stt.local.client import WhisperClient
from desktop.stt.local.model_choice import LocalModel
from tests.prove.record import MODELS, ROOT, Run, tell
from tests.prove.words import spoken

BARS = {"emoji": 0.75, "spelled": 0.45, "talk": 1.0}
"""Least share of each kind. Base mishears half of what the voice runs together ("spelled N": "spell then")."""

CALLED_RULES = frozenset({"emoji", "spelling"})


def table() -> list[tuple[str, str, str]]:
    """What is said: its kind, the sentence, and what must be written of it."""
    loaded = tomllib.loads((ROOT / "tests/prove/called.toml").read_text("utf-8"))
    pairs = [(kind, said, written) for kind in ("emoji", "spelled") for said, written in loaded[kind].items()]
    return pairs + [("talk", said, "") for said in loaded["talk"]["said"]]


def prove(run: Run) -> dict[str, Any]:
    """Decode what is not decoded yet, and judge all; `run.limit` is how many of each kind."""
    return anyio.run(_prove, run)


async def _prove(run: Run) -> dict[str, Any]:
    counts, right = Counter[str](), Counter[str]()
    model = WhisperClient(partial(_installed, run.model), languages=("en",), device="cpu")
    try:
        for kind, said, written in table():
            if run.limit is not None and counts[kind] >= run.limit:
                continue
            if said not in run.lines:
                heard = await model.transcribe(iterate_frames(spoken(said)), _ignore)
                run.lines.add(said, {"heard": heard.text})
            text = run.lines[said]["heard"]
            counts[kind] += 1
            if is_right(text, kind, written):
                right[kind] += 1
            else:
                tell(f"{kind}: {said!r} heard as {text!r}")
    finally:
        await model.close()
    shares = {kind: round(right[kind] / count, 3) for kind, count in counts.items()}
    ok = all(share >= BARS[kind] for kind, share in shares.items())
    return {"said": dict(counts), "right": dict(right), "share": shares, "ok": ok}


def is_right(heard: str, kind: str, written: str) -> bool:
    """Return whether polish writes of `heard` what is wanted, once and without what called it."""
    polished = PolishRules()(heard, DictationContext(language="en"))
    if kind == "talk":
        return CALLED_RULES.isdisjoint(change.rule for change in polished.changes)
    rest = polished.text.replace(written, "", 1)
    return rest != polished.text and not any(cue in rest.lower() for cue in ("moji", "spell", written.lower()))


async def _installed(name: str) -> LocalModel:
    return LocalModel.from_catalog(name, MODELS / name)


def _ignore(partial: Transcript) -> None:
    pass
