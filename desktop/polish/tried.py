"""What polish would make of a text that somebody tries in a window, without a dictation: by the very `Writer` that the
next dictation has, at a place of a style of one's choice."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from desktop.polish.rules import Rules
from desktop.polish.styles import PLAIN, Styles
from desktop.polish.writer import Writer
from desktop.ports import Context, Polished, Polisher, Style
from desktop.settings.tree import Polish
from desktop.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Tried:
    """The text as it would be written, what there is to say of it, and how long it took (milliseconds). `host` got the
    words; empty where nobody did."""

    text: str
    note: str = ""
    ms: float = 0.0
    host: str = ""


def by_rules(text: str, chosen: Polish, vocabulary: Vocabulary, style: Style) -> Tried:
    """`text` as the rules write it, or as it was spoken where that is chosen; a language model is not asked. Not to be
    called from a running loop."""
    writer = Writer("off" if chosen.mode == "off" else "rules", Rules(vocabulary, frozenset(chosen.without)))
    return asyncio.run(by(writer, text, style))


async def by(polisher: Polisher, text: str, style: Style) -> Tried:
    """`text` as `polisher` writes it; the note says why a language model's text was not used. Raises `Problem`."""
    began = time.perf_counter()
    made: Polished = await polisher.polish(text, Context(style=style, clipboard=""), lambda draft: None)
    host = next((sent.host for sent in made.sent), "")
    return Tried(made.text, made.note, (time.perf_counter() - began) * 1000, host)


def named(styles: Styles, name: str) -> Style:
    """The style called `name`; that of no place in particular where there is none such."""
    return styles.styles.get(name, styles.styles.get(PLAIN, Style()))
