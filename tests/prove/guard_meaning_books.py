"""The sentences of books that the proof `guard-meaning` makes its pairs from."""

from __future__ import annotations

import os
import re
from pathlib import Path

from tests.prove.record import ROOT
from tests.prove.recordings import Absent

WORDS_OF_A_SENTENCE = range(4, 26)


def books(part: str = "") -> dict[str, list[str]]:
    """The sentences of each book, or of one. Raises `Absent`."""
    data = Path(os.environ.get("INTONE_DATA", ROOT.parent / "shared/data")) / "polish/traps"
    folder = Path(os.environ.get("INTONE_BOOKS", data))
    found = {path.stem.removeprefix("prose-"): path for path in sorted(folder.glob("*.txt"))}
    if not any(part in title for title in found):
        raise Absent(f"no books: there is no plain text in {folder} (INTONE_BOOKS names another folder)")
    return {
        title: sentences(path.read_text(encoding="utf-8", errors="replace"))
        for title, path in found.items()
        if part in title
    }


def sentences(text: str) -> list[str]:
    """The whole sentences of a book, without quotation marks and notes."""
    text = (
        re.sub(r"[“”\"_*\[\]]", "", text).replace("’", "'").replace("‘", "'").replace("--", " - ").replace("—", " - ")
    )
    text = re.sub(r"\b(Mr|Mrs|Dr|St|Ms)\.", r"\1", text)
    found: list[str] = []
    for paragraph in re.split(r"\n\s*\n|\n(?=[A-Z][^a-z\n]*\n)", text):
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z])", re.sub(r"\s+", " ", paragraph).strip()):
            if len(sentence.split()) in WORDS_OF_A_SENTENCE and re.fullmatch(
                r"[A-Z][a-zA-Z0-9 ,;:'()-]*[.!?]", sentence
            ):
                found.append(sentence)
    return list(dict.fromkeys(found))
