"""How did I say that: selections from dictations, a third of them edited since, find their row in a long history.

The rows are made from the seed: sentences by the neighbours of words in `prose.txt`, Chinese ones of its words, and a
third are daily phrases that differ in a word or two. A selection is a whole dictation, a part of one, two that follow
each other, or one within words that were typed. The right row is the one it was taken from, or one that has the same
words as they were before the edit. What is timed is the search alone, from opening the file to the row.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

from desktop.core.types import Outcome
from desktop.history.quotation import find_words
from desktop.history.rows import HistoryEntry, insert_statement
from desktop.history.schema import open_history
from desktop.history.store import HistoryStore
from tests.prove.history import CHINESE
from tests.prove.record import Run, tell

ROWS, SELECTIONS = 10_000, 100

BAR_RIGHT, BAR_MS = 0.95, 100.0

FOLDER = Path(__file__).parent

DAILY = (
    "I will be there at {} tomorrow.",
    "Could you send me the {} again, please?",
    "Thanks for the {}, I will look at it this afternoon.",
    "Let us move the {} to {}.",
    "我{}再给你打电话。",
    "请把{}发给我，谢谢。",
)

ENGLISH_FILLS = ("report", "invoice", "noon", "nine", "Friday", "contract", "meeting", "notes", "Monday", "slides")

CHINESE_FILLS = ("明天", "下午", "报告", "合同", "文件", "星期五", "晚上", "地址", "照片", "名单")

TYPED = ("Dear Ms Alder,", "Kind regards", "see below", "附上文件", "- [ ]", "PS")

MISSES = 20
"""Texts that were never dictated."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A selection, the texts of the rows it is from, and how it was before it was edited."""

    text: str
    sources: tuple[str, ...]
    original: str
    kind: str
    is_edited: bool


def prove(run: Run) -> dict[str, Any]:
    """100 selections, or `run.limit`, in 10,000 rows."""
    return measure(run.seed, ROWS, SELECTIONS if run.limit is None else run.limit)


def measure(seed: int, row_count: int, selection_count: int) -> dict[str, Any]:
    """Fill a history of `row_count` rows, and find each of `selection_count` selections in it."""
    draw = random.Random(seed)
    texts = make_texts(draw, row_count)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "history.db"
        tell(f"{row_count} rows are made")
        fill(file, texts)
        history = HistoryStore(file)
        times, busy, wrong = [], [], []
        counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        for at in range(selection_count):
            selected = select(draw, texts, is_edited=at % 3 == 0)
            began, began_busy = time.perf_counter(), time.thread_time()
            found = history.find_quotation(selected.text)
            times.append(1000 * (time.perf_counter() - began))
            busy.append(1000 * (time.thread_time() - began_busy))
            is_right = found is not None and _is_source(found.row.text, selected)
            for group in (selected.kind, "edited" if selected.is_edited else "as they are"):
                counts[group][0] += is_right
                counts[group][1] += 1
            if not is_right:
                wrong.append((selected.kind, selected.text, found.row.text if found else None))
        unknown = [make_sentence(draw, _OTHER) for _ in range(MISSES)]
        false = sum(history.find_quotation(text) is not None for text in unknown)
    right = 1 - len(wrong) / selection_count
    p95 = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    figures = {
        "rows": row_count,
        "selections": selection_count,
        "right": round(right, 4),
        "by_kind": {kind: f"{good} of {all_}" for kind, (good, all_) in sorted(counts.items())},
        "never_dictated": MISSES,
        "found_all_the_same": false,
        "p50_ms": round(sorted(times)[len(times) // 2], 1),
        "p95_ms": round(p95, 1),
        "max_ms": round(max(times), 1),
        "cpu_p50_ms": round(sorted(busy)[len(busy) // 2], 1),
        "cpu_max_ms": round(max(busy), 1),
        "wrong": wrong[:5],
    }
    return {**figures, "ok": right >= BAR_RIGHT and p95 < BAR_MS and false == 0}


def make_texts(draw: random.Random, count: int) -> list[str]:
    """Return dictations of one to four sentences in English or Chinese, a third of them daily phrases."""
    texts = []
    for _ in range(count):
        if draw.random() < 1 / 3:
            phrase = draw.choice(DAILY)
            fills = ENGLISH_FILLS if phrase.isascii() else CHINESE_FILLS
            texts.append(phrase.format(draw.choice(fills), draw.choice(fills)))
        elif draw.random() < 1 / 3:
            sentences = ["".join(_pick_chinese(draw) for _ in range(draw.randint(4, 12))) for _ in range(2)]
            texts.append("，".join(sentences) + "。")
        else:
            texts.append(" ".join(make_sentence(draw, _NEIGHBOURS) for _ in range(draw.randint(1, 4))))
    return texts


def make_sentence(draw: random.Random, neighbours: dict[str, list[str]]) -> str:
    """Return a sentence in which each word has followed the one before it somewhere."""
    words = [draw.choice(neighbours[""])]
    while len(words) < 25 and (following := neighbours.get(words[-1])):
        words.append(draw.choice(following))
    text = " ".join(words)
    return text if text.endswith((".", "?", "!")) else f"{text}."


def fill(file: Path, texts: Sequence[str]) -> None:
    """Write a row of each text, the first is the oldest."""
    began = datetime(2024, 1, 1, 8, tzinfo=UTC)
    with open_history(file) as connection:
        connection.execute("BEGIN")
        for at, text in enumerate(texts):
            raw = " ".join(word for word, _ in find_words(text)) if text.isascii() else text.rstrip("。")
            entry = HistoryEntry(
                started_at=began + at * timedelta(minutes=17), text=text, raw_text=raw, delivery=Outcome.INSERTED
            )
            connection.execute(*insert_statement(entry))
        connection.execute("COMMIT")


def select(draw: random.Random, texts: Sequence[str], *, is_edited: bool) -> Selected:
    """Return a selection of a random kind from one of the rows."""
    kind = draw.choice(("whole", "part", "two", "within"))
    at = draw.randrange(len(texts) - 1)
    original, sources = texts[at], texts[at : at + 1]
    units = find_words(original)
    if kind == "part" and len(units) > 6:
        size = draw.randint(5, len(units) - 1)
        first = draw.randint(0, len(units) - size)
        original = original[units[first][1][0] : units[first + size - 1][1][1]]
    text = edit(draw, original) if is_edited else original
    if kind == "two":
        text, sources = f"{text} {texts[at + 1]}", texts[at : at + 2]
    elif kind == "within":
        text = f"{draw.choice(TYPED)} {text}\n{draw.choice(TYPED)}"
    return Selected(text, tuple(sources), original, kind, is_edited)


def edit(draw: random.Random, text: str) -> str:
    """Return `text` with every sixth word or so inserted, removed or changed, and perhaps in other case and marks."""
    units = find_words(text)
    for _ in range(max(1, len(units) // 6)):
        units = find_words(text)
        begin, end = draw.choice(units)[1]
        other = _pick_chinese(draw) if not text[begin:end].isascii() else draw.choice(_WORDS)
        change = draw.choice(("insert", "remove", "change", "spell"))
        if change == "insert":
            text = f"{text[:begin]}{other}{' ' if other.isascii() else ''}{text[begin:]}"
        elif change == "remove" and len(units) > 4:
            text = text[:begin] + text[end:].lstrip()
        elif change == "spell" and end - begin > 4:
            text = text[: begin + 1] + text[begin + 2 : end] + text[end:]
        else:
            text = text[:begin] + other + text[end:]
    return draw.choice((text, text.lower(), text.upper(), text.replace(",", "").replace("，", " ")))


def _pick_chinese(draw: random.Random) -> str:
    return CHINESE[min(int(draw.paretovariate(0.7)) - 1, len(CHINESE) - 1)]


def _is_source(text: str, selected: Selected) -> bool:
    original, known = (" ".join(word for word, _ in find_words(one)) for one in (selected.original, text))
    return text in selected.sources or f" {original} " in f" {known} "


def _learn_neighbours(lines: Sequence[str]) -> dict[str, list[str]]:
    neighbours: defaultdict[str, list[str]] = defaultdict(list)
    for line in lines:
        words = line.split()
        for word, following in zip(["", *words], words, strict=False):
            neighbours[word].append(following)
    return dict(neighbours)


_LINES = [line for line in (FOLDER / "prose.txt").read_text("utf-8").splitlines() if line.isascii() and line.strip()]
_NEIGHBOURS = _learn_neighbours(_LINES[::2])
_OTHER = _learn_neighbours([line[::-1].replace(".", "") for line in _LINES[1::2]])
_WORDS = sorted({word.strip(".,?!") for line in _LINES for word in line.split()} - {""})
