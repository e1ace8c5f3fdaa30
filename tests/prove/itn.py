"""Numbers, dates, times, amounts and addresses as they are said and as they are written, by `intone polish`.

The cases are WeTextProcessing's: a file a category, `spoken => written` a line. The command is run rather than its rule
called: what a person can measure with is what is proven. Case and the closing mark are another rule's and do not count.
The cases' notation is partly for machines (05/01, 8:05a.m., CNY1.25, 300~500km). Where Chinese differs from a case in
nothing but that, as `notation` lists, it counts apart: `literal` is the share without those. Each half of the cases is
counted too, since rules are tuned on the first of two neighbours.
Sentences that are written already (the fluent sides of DISCO) are counted where the rule changes anything in them.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from desktop.polish.rules.edit import RuleContext, apply_edits
from desktop.polish.rules.numbers.numbers import edit_numbers
from tests.prove.record import ROOT, Run
from tests.prove.recordings import Absent

JUDGED = {
    "english": ("cardinal", "date", "decimal", "electronic", "measure", "money", "telephone", "time"),
    "chinese": ("cardinal", "date", "fraction", "math", "measure", "money", "number", "time"),
}
"""The categories that the bar is for; the others are ordinals, titles, brands, and the library's options."""

BAR = {"english": 0.98, "chinese": 0.92}
CLEAN = 0.995


def prove(run: Run) -> dict[str, Any]:
    """Every case of both languages, or the first `run.limit` of each category."""
    root = Path(os.environ.get("INTONE_DATA", ROOT.parent / "shared/data")) / "polish"
    if not (root / "itn").is_dir():
        raise Absent(f"no cases: {root} has no folder itn (INTONE_DATA names another folder)")
    found: dict[str, Any] = {language: _language(root / "itn" / language, language, run) for language in JUDGED}
    with (root / "disco-en.tsv").open(newline="") as file:
        fluent = [row["fluent"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    fluent = fluent[: run.upto(len(fluent))]
    touched = [
        text for text in fluent if apply_edits(text, edit_numbers(text, RuleContext("en")))[0].lower() != text.lower()
    ]
    found["clean"] = {"sentences": len(fluent), "changed": len(touched), "texts": touched}
    ok = all(found[language]["share"] >= BAR[language] for language in JUDGED)
    return {**found, "ok": ok and len(touched) <= (1 - CLEAN) * len(fluent)}


def _language(folder: Path, language: str, run: Run) -> dict[str, Any]:
    cases: list[tuple[str, str, str]] = []
    for path in sorted(folder.glob("*.txt")):
        pairs = [line.split("=>") for line in path.read_text("utf-8").splitlines() if "=>" in line]
        kind = path.stem.removeprefix("en_")
        cases += [(kind, said.strip(), written.strip()) for said, written in pairs[: run.upto(len(pairs))]]
    got = _polished([said for _, said, _ in cases], language)
    verdicts = [
        "right"
        if _plain(written) == _plain(text)
        else "notation"
        if language == "chinese" and _is_own_notation(said, written, text)
        else "wrong"
        for (_, said, written), text in zip(cases, got, strict=True)
    ]
    results = list(zip(cases, verdicts, got, strict=True))
    kinds = sorted({kind for kind, _, _ in cases})
    counts = {
        kind: {verdict: sum((c[0], v) == (kind, verdict) for c, v, _ in results) for verdict in VERDICTS}
        for kind in kinds
    }
    numbered = [(place, verdict) for place, kind, verdict in _places(results) if kind in JUDGED[language]]
    return {
        "share": _share([verdict for _, verdict in numbered], "right", "notation"),
        "literal": _share([verdict for _, verdict in numbered], "right"),
        "halves": [
            {
                "share": _share(half, "right", "notation"),
                "literal": _share(half, "right"),
                "of": len(half),
            }
            for half in ([verdict for place, verdict in numbered if place % 2 == odd] for odd in (0, 1))
        ],
        "by_kind": counts,
        "notation": [(*case, text) for case, verdict, text in results if verdict == "notation"],
        "missed": [(*case, text) for case, verdict, text in results if verdict == "wrong"],
    }


VERDICTS = ("right", "notation", "wrong")


def _places(results: Sequence[tuple[tuple[str, str, str], str, str]]) -> list[tuple[int, str, str]]:
    """Return the place of each case in its file, its kind and the verdict on it."""
    places: dict[str, int] = {}
    found = []
    for (kind, _, _), verdict, _ in results:
        found.append((places.get(kind, 0), kind, verdict))
        places[kind] = places.get(kind, 0) + 1
    return found


def _share(verdicts: Sequence[str], *good: str) -> float:
    return round(sum(verdict in good for verdict in verdicts) / max(1, len(verdicts)), 4)


_UNITS = {
    "摄氏度": "°c",
    "平方米": "m²",
    "千瓦时": "kwh",
    "公里": "km",
    "千米": "km",
    "公斤": "kg",
    "千克": "kg",
    "厘米": "cm",
    "毫米": "mm",
    "毫升": "ml",
    "小时": "h",
    "分钟": "min",
    "秒钟": "s",
    "赫兹": "hz",
    "米": "m",
    "秒": "s",
    "度": "°",
}
_CURRENCIES = {
    "a$": "澳元",
    "hk$": "港元",
    "¥": "元",
    "$": "美元",
    "€": "欧元",
    "£": "英镑",
    "cny": "人民币",
    "jpy": "日元",
}
_SIGNS = {"比": ":", "加": "+", "减": "-", "乘以": "×", "除以": "÷", "等于": "="}
_KEPT = re.compile("[一二两三四五六七八九][一二两三四五六七八九]|十?分之")
"""Approximate figures and small fractions, which a sentence has in characters (GB/T 15835)."""


def _is_own_notation(said: str, written: str, text: str) -> bool:
    """Return whether `text` and the case differ in nothing but notation: both are brought into one form."""
    stays = _plain(text) == _plain(said) and _KEPT.search(said) is not None and re.search(r"[~/-]", written) is not None
    return stays or _one_form(text) == _one_form(written)


def _one_form(text: str) -> str:
    text = _plain(text).replace("，", ",")
    text = re.sub("上午|早上|凌晨|中午|下午|晚上|[ap]\\.m\\.?", "", text)
    text = re.sub(r"(?<!\d)0?(\d{1,2})[月/]0?(\d{1,2})[日号]?(?!\d)", r"\1月\2日", text)
    text = re.sub(r"(\d{4})[年/]0?(\d{1,2})月?(?!\d)", r"\1年\2月", text)
    for sign, word in _CURRENCIES.items():
        text = re.sub(rf"(?<![a-z]){re.escape(sign)}(\d[\d.~-]*[万亿]?)", rf"\1{word}", text)
    for word, sign in _UNITS.items():
        text = re.sub(rf"(?<=\d){word}", sign, text)
    for word, sign in _SIGNS.items():
        text = re.sub(rf"(?<=\d){word}(?=\d)", sign, text)
    return re.sub(r"(\d)([^\W\d]*|°c?|%)[到至~](\d[\d.]*)(?=\2)", r"\1~\3", text)


def _plain(text: str) -> str:
    return text.lower().strip().rstrip(".。").strip()


def _polished(texts: Sequence[str], language: str) -> list[str]:
    command = [sys.executable, "-m", "desktop", "polish", "--mode", "rules", "--lines", "--json"]
    done = subprocess.run(
        command, input="\n".join(texts).encode(), cwd=ROOT, stdout=subprocess.PIPE, env=os.environ, check=True
    )
    return [json.loads(line)["text"] for line in done.stdout.decode().splitlines()]
