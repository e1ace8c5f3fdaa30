"""Polish a text that the user tries in a window, without a dictation: by the `TextPolisher` of the next dictation, in a
chosen style.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from desktop.core.interfaces import Polisher
from desktop.core.types import Context, Polished, Style
from desktop.polish.polisher import Writer
from desktop.polish.rules.pipeline import Rules
from desktop.polish.styles import PLAIN, Styles
from desktop.settings.schema import Polish
from desktop.vocabulary.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Tried:
    """The text as it would be written, a note about it, and the time it took in milliseconds.

    `host` is the host that received the words; empty if they stayed on this machine.
    """

    text: str
    note: str = ""
    ms: float = 0.0
    host: str = ""


def by_rules(text: str, chosen: Polish, vocabulary: Vocabulary, style: Style) -> Tried:
    """Polish `text` by the rules, or leave it as spoken if that is the setting; no language model is used.

    Do not call from a running event loop.
    """
    writer = Writer("off" if chosen.mode == "off" else "rules", Rules(vocabulary, frozenset(chosen.without)))
    return asyncio.run(by(writer, text, style))


async def by(polisher: Polisher, text: str, style: Style) -> Tried:
    """Polish `text` with `polisher`; the note says why a language model's text was not used. Raises `UserError`."""
    began = time.perf_counter()
    made: Polished = await polisher.polish(text, Context(style=style, clipboard=""), lambda draft: None)
    host = next((sent.host for sent in made.sent), "")
    return Tried(made.text, made.note, (time.perf_counter() - began) * 1000, host)


def named(styles: Styles, name: str) -> Style:
    """Return the style called `name`; the plain style if there is none."""
    return styles.styles.get(name, styles.styles.get(PLAIN, Style()))
