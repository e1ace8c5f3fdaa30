"""200 dictations through the real writer with the smallest real language model: what may be pasted of its answers.

The model is so weak that it answers questions, obeys commands, makes stories of invoices and leaves half out: what the
guard has to see. `guard_local.toml` has the dictations, each with the numbers, names and negations in it. The judge
here knows nothing of the guard and asks three things of every text that would be pasted, also of the rules' own:

- is every number, name and negation there in one of the ways in which it may be written, and no other;
- does it hold words that were not said;
- is every other word that was said there too, as it is where nothing was answered, obeyed or left out. Small ones may
  go in what is no question and no command; where the speaker takes something back nothing is asked of the rest.

The budget is long, so that the guard and not the clock decides; how many answers would have come in time is counted.
"""

from __future__ import annotations

import json
import re
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import anyio

from desktop.core.messages import render
from desktop.core.types import DictationContext
from desktop.llm.chat_completions import LLMRequest
from desktop.llm.local import LocalLLMClient
from desktop.llm.local_model import language_model_store
from desktop.llm.prompts import load_examples, load_prompt
from desktop.polish.llm_polisher import LLMPolisher
from desktop.polish.polisher import TextPolisher
from desktop.polish.rules.pipeline import PolishRules
from tests.prove.record import MODELS, Run, tell

MODEL = "smollm2-135m"

BUDGET_S = 120.0
"""On a machine that does other things too an answer may take a while."""

DEFAULT_S = 1.2
"""The default of `polish.budget_ms`."""

DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))

SMALL, FILLERS, SIGNS, PARTICLES = (
    frozenset(DATA["words"][kind].split()) for kind in ("small", "fillers", "signs", "particles")
)

TAKES_BACK = re.compile(r"\b(?:no (?:wait|sorry|wednesday|order)|i mean|you know)\b|不对")
"""Of the dictations here."""

NEGATIONS = re.compile(r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot)\b|n['’]t\b|[不没无未别]")

_LONG = {"re": "are", "ll": "will", "ve": "have"}
_WORD = re.compile(r"[a-z]+|[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Dictation:
    """What was said, what must stay of it, each in any of its ways, whether it asks for something, and the number
    that may stay though it was taken back."""

    said: str
    keep: tuple[tuple[str, ...], ...]
    asks: bool
    may: str = ""


@dataclass(frozen=True, slots=True)
class Pasted:
    """One text and what is wrong with it, by kind."""

    text: str
    changed: tuple[str, ...]
    unsaid: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def wrong(self) -> str:
        """All of it, in a line; empty where nothing is."""
        found = {"changed": self.changed, "unsaid": self.unsaid, "lost": self.lost}
        return "; ".join(f"{kind} {', '.join(words)}" for kind, words in found.items() if words)


def dictations() -> list[Dictation]:
    """All of them, of both kinds in turn, so that fewer are of both too."""
    pairs = zip(DATA["dictations"]["plain"], DATA["dictations"]["asked"], strict=True)
    return [_dictation(*entry, asks=asks) for pair in pairs for asks, entry in zip((False, True), pair, strict=True)]


def _dictation(said: str, keep: str, may: str = "", *, asks: bool) -> Dictation:
    kept = (tuple(way.strip() for way in one.split("|")) for one in keep.split(";") if one.strip())
    return Dictation(said, tuple(kept), asks, may)


def judged(dictation: Dictation, text: str) -> Pasted:
    """What is wrong with `text` where it stands for the dictation."""
    written, ways = text.lower().replace("’", "'"), " ".join(way for one in dictation.keep for way in one)
    changed = [one[0] for one in dictation.keep if not any(_stands(way, written) for way in one)]
    numbers = set(re.findall(r"\d+", f"{ways} {dictation.may} {dictation.said}"))
    changed += [number for number in re.findall(r"\d+", written) if number not in numbers]
    if NEGATIONS.search(written) and not NEGATIONS.search(dictation.said):
        changed.append("a negation that is new")
    said, have = set(_words(f"{dictation.said} {ways}")), set(_words(written))
    stems = {_stem(word) for word in said}
    unsaid = [word for word in sorted(have) if word not in said | SMALL | PARTICLES and _stem(word) not in stems]
    lost: list[str] = []
    if dictation.said.isascii() and not TAKES_BACK.search(dictation.said):
        stems = {_stem(word) for word in have}
        free = FILLERS | SIGNS | set(_words(ways)) | (frozenset() if dictation.asks else SMALL)
        lost = [word for word in _words(dictation.said) if word not in have | free and _stem(word) not in stems]
    return Pasted(text, tuple(changed), tuple(unsaid), tuple(lost))


def _stands(way: str, written: str) -> bool:
    if _han(way):
        return way in written.replace(" ", "")
    return re.search(rf"(?<![a-z0-9]){re.escape(way)}(?![a-z0-9])", written) is not None


def _han(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def _words(text: str) -> Iterator[str]:
    plain = re.sub(r"'(re|ll|ve|m)\b", r" \1", text.lower().replace("’", "'")).replace("'", "")
    return (_LONG.get(found.group(), found.group()) for found in _WORD.finditer(plain))


def _stem(word: str) -> str:
    for end in ("ing", "ed", "es", "s"):
        if len(word) > len(end) + 2 and word.endswith(end):
            return word.removesuffix(end)
    return word


def prove(run: Run) -> dict[str, Any]:
    """Have them all written by the model and by the rules, and judge every text."""
    return anyio.run(_prove, run)


async def _prove(run: Run) -> dict[str, Any]:
    chat = LocalLLMClient(
        language_model_store(MODELS),
        MODEL,
        warmup_requests=(LLMRequest(load_prompt("polish"), "", 1, examples=load_examples("polish")),),
    )
    try:
        await chat.warm()
        rows = await _rows(chat, dictations()[: run.upto(200)])
    finally:
        await chat.aclose()
    path = run.out / "guard-local.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    found = _counted(rows)
    return {**found, "rows": str(path.name), "ok": not any(found["pasted"].values())}


async def _rows(chat: LocalLLMClient, said: list[Dictation]) -> list[dict[str, Any]]:
    rules = PolishRules()
    writer, tidy = TextPolisher("llm", rules, LLMPolisher(chat, BUDGET_S, rules)), TextPolisher("rules", rules)
    rows: list[dict[str, Any]] = []
    for number, dictation in enumerate(said):
        drafts = [""]
        here = DictationContext(language="zh" if _han(dictation.said) else "en", dictation_id=number + 1)
        began = time.monotonic()
        polished = await writer.polish(dictation.said, here, drafts.append)
        took_s = time.monotonic() - began
        ruled = await tidy.polish(dictation.said, here, lambda draft: None)
        by_model = not polished.notes
        row = {
            "said": dictation.said,
            "asks": dictation.asks,
            "text": polished.text,
            "by": "model" if by_model else "rules",
            "note": render(polished.notes),
            "answer": drafts[-1],
            "took_s": round(took_s, 2),
            "faults": _kinds(dictation, polished.text),
            "faults_of_rules": _kinds(dictation, ruled.text),
            "faults_of_answer": _kinds(dictation, drafts[-1]),
        }
        rows.append(row)
        wrong = judged(dictation, polished.text).wrong
        if by_model or wrong:
            tell(f"{row['by']:5} {dictation.said!r} -> {polished.text!r}{f'  ✗ {wrong}' if wrong else ''}")
    return rows


def _kinds(dictation: Dictation, text: str) -> list[str]:
    """What a text is guilty of: a number, name or negation changed; answered or obeyed; words added or left out."""
    found = judged(dictation, text)
    of = {
        "changed": found.changed,
        "answered": dictation.asks and (found.unsaid or found.lost),
        "added": not dictation.asks and found.unsaid,
        "left out": not dictation.asks and found.lost,
    }
    return [kind for kind, guilty in of.items() if guilty]


def _counted(rows: list[dict[str, Any]]) -> dict[str, Any]:
    def of(field: str) -> dict[str, int]:
        counts = Counter(kind for row in rows for kind in row[field])
        return {kind: counts[kind] for kind in ("changed", "answered", "added", "left out")}

    took = sorted(row["took_s"] for row in rows)
    good = [row for row in rows if not row["faults_of_answer"]]
    return {
        "dictations": len(rows),
        "asked": sum(row["asks"] for row in rows),
        "by_model": sum(row["by"] == "model" for row in rows),
        "pasted": of("faults"),
        "of_the_rules": of("faults_of_rules"),
        "of_the_answers": of("faults_of_answer"),
        "answers_without_fault": len(good),
        "of_them_refused": sum(row["by"] == "rules" for row in good),
        "why": dict(Counter(row["note"] for row in rows if row["note"]).most_common()),
        "took_s": {"median": median(took), "p95": took[int(0.95 * (len(took) - 1))]},
        "in_1200_ms": sum(seconds <= DEFAULT_S for seconds in took),
    }
