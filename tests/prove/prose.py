"""Real prose, in which every word is meant, through all rules: which sentences lose a word.

The sentences are those of `models/polish/training/corpora.toml` that nothing is trained on: books, dialogue,
quotations, manuals and mails in Debian packages, each sentence once. Both ways of removing words are measured, the
default is judged: at most one sentence in 5,000 may lose a word, of 100,000 at least. What was typed twice by a slip,
and sounds (um, uh, hm), are listed and counted apart; a second share counts the slips that were read and listed. Each
lost word is printed as it comes, with its sentence, the rule that took it and how sure that was; all of them are in the
file of results. No sentence, said alone, may be taken for a command.
"""

from __future__ import annotations

import ast
import hashlib
import random
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from pathlib import Path
from typing import Any, Literal, get_args

from desktop.core.types import DictationContext
from desktop.dictation.insertion import is_scratch_phrase
from desktop.dictation.spoken_commands import find_spoken_command
from desktop.polish.rules.pipeline import PolishRules
from models.polish.training.corpora import Source, is_prose, load_sources, sentences, split_sentences
from tests.prove.lost_words import find_loss, is_listed
from tests.prove.record import ROOT, Run, tell
from tests.prove.recordings import Absent

BAR = 1 / 5_000
FEWEST = 100_000
BLOCK = 500
"""Sentences that are measured between two writes."""

MARKS = ".,;:!?()[]\"“”‘’'…–—-*`_"

type Mode = Literal["careful", "thorough"]
type Row = dict[str, Any]

MODES: tuple[Mode, ...] = get_args(Mode.__value__)


def prove(run: Run) -> dict[str, Any]:
    """All sentences that judge, or `run.limit` of them as the seed chooses, in both modes."""
    texts, absent = judging()
    if not texts:
        raise Absent(f"no prose: not installed is {', '.join(absent)} (packaging/debian/prove.txt)")
    if run.limit is not None:
        chosen = random.Random(run.seed).sample(range(len(texts)), run.upto(len(texts)))
        texts = [texts[at] for at in sorted(chosen)]
    counts = Counter(source for source, _ in texts)
    found: dict[str, Any] = {
        "sentences": len(texts),
        "by_source": dict(counts),
        "packages": versions(),
        "absent": absent,
    }
    for mode in MODES:
        found[mode] = summary(measured(run, mode, texts), counts)
    found["commands"] = [text for _, text in texts if is_command(text)]
    enough = len(texts) >= FEWEST or run.limit is not None
    return {**found, "ok": enough and found["careful"]["share"] <= BAR and not found["commands"]}


def is_command(text: str) -> bool:
    """Whether a sentence that is said alone between two pauses is taken for a command."""
    return is_scratch_phrase(text) or find_spoken_command(text) is not None


def judging() -> tuple[list[tuple[str, str]], list[str]]:
    """The sentences with their sources, each once in all of them; and the packages that are not installed."""
    found: dict[str, str] = {}
    for source in judges():
        for text in sentences(source.name):
            found.setdefault(text, source.name)
    known = versions()
    absent = [name for source in judges() for name in source.package.split() if name not in known]
    return [(name, text) for text, name in found.items()], absent


def judges() -> list[Source]:
    """The sources that judge."""
    return [source for source in load_sources().values() if source.use == "judge"]


def versions() -> dict[str, str]:
    """The version of each package that judges and is installed."""
    names = [name for source in judges() for name in source.package.split()]
    command = ["dpkg-query", "--show", "--showformat", "${db:Status-Status} ${Package} ${Version}\n", *names]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    rows = [line.split() for line in told.splitlines()]
    return {name: version for status, name, version in rows if status == "installed"}


def own_prose() -> list[str]:
    """The sentences of this project's documents and docstrings, which are on every machine; not those about polish,
    which quote what its rules take out.
    """
    paths = [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md"), *(ROOT / "desktop").rglob("*.py")]
    found: dict[str, None] = {}
    for path in sorted(path for path in paths if "polish" not in path.relative_to(ROOT).as_posix()):
        for block in documents(path) if path.suffix == ".md" else docstrings(path):
            for text in split_sentences(" ".join(block.split())):
                if "polish" not in text and "no wait" not in text and is_prose(text):
                    found[text] = None
    return list(found)


def as_spoken(text: str) -> str:
    """A sentence in small letters without marks, as some recognizers write it."""
    return " ".join(word for one in text.replace("’", "'").split() if (word := one.strip(MARKS))).lower()


def with_sounds(text: str) -> str:
    """A sentence with a sound after each comma, as it is spoken by those who search for words."""
    return text.replace(", ", ", um, ")


def documents(path: Path) -> Iterator[str]:
    """The paragraphs and items of a document, without code and tables."""
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)|\*\*", r"\1", text)
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*#|>]|\d+\.) )", text):
        yield re.sub(r"^\s*(?:[-*>]|\d+\.)\s+", "", block)


def docstrings(path: Path) -> Iterator[str]:
    """The paragraphs of a module's docstrings."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (ast.get_docstring(node) or "").split("\n\n")


def measured(run: Run, mode: Mode, texts: Sequence[tuple[str, str]]) -> list[Row]:
    """What is lost in this mode, block by block; blocks that are known are not measured again."""
    rules, losses = PolishRules(removals=mode), []
    for number, block in enumerate(batched(texts, BLOCK)):
        key = f"{mode} {hashlib.sha256(repr(block).encode()).hexdigest()[:16]}"
        if key not in run.lines:
            run.lines.add(key, {"losses": list(lost(rules, block))})
            tell(f"{mode}: {number * BLOCK + len(block)} of {len(texts)} sentences")
        losses += run.lines[key]["losses"]
    return losses


def lost(rules: PolishRules, texts: Iterable[tuple[str, str]]) -> Iterable[Row]:
    """The sentences that lose words, with what took them."""
    for source, text in texts:
        made = rules(text, DictationContext())
        if loss := find_loss(text, made.text, made.changes):
            row = {"source": source, "text": text, "made": made.text, **loss._asdict()}
            words = f"{loss.kind} lost: {' '.join(loss.words)}"
            tell(f"{source}: {loss.rule} {loss.confidence:.2f}: {words}: {text!r} -> {made.text!r}")
            yield row


def summary(losses: Sequence[Row], counts: Counter[str]) -> dict[str, Any]:
    """The losses by rule and source; doubled words and sounds apart."""
    kinds = {kind: [row for row in losses if row["kind"] == kind] for kind in ("words", "doubled", "sounds")}
    meant = kinds["words"]
    share = len(meant) / max(1, counts.total())
    slips = [row for row in kinds["doubled"] if is_listed(row["words"], row["text"])]
    return {
        "lost": len(meant),
        "share": round(share, 7),
        "share_with_slips": round((len(meant) + len(slips)) / max(1, counts.total()), 7),
        "one_in": round(1 / share) if share else None,
        "by_rule": dict(Counter(row["rule"] for row in meant).most_common()),
        "by_source": dict(Counter(row["source"] for row in meant).most_common()),
        "doubled": dict(Counter(" ".join(row["words"]) for row in kinds["doubled"]).most_common()),
        "sounds": len(kinds["sounds"]),
    }
