"""Polish a text that the user tries in a window, without a dictation: by the `TextPolisher` of the next dictation, in a
chosen style.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from desktop.core.interfaces import Polisher
from desktop.core.types import DictationContext, PolishedText, Style
from desktop.polish.polisher import TextPolisher
from desktop.polish.rules.pipeline import PolishRules
from desktop.polish.styles import PLAIN_STYLE, Styles
from desktop.settings.schema import PolishSettings
from desktop.vocabulary.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class PolishTrial:
    """The text as it would be written, a note about it, and the time it took in milliseconds.

    `host` is the host that received the words; empty if they stayed on this machine.
    """

    text: str
    note: str = ""
    ms: float = 0.0
    host: str = ""


def try_rules(text: str, settings: PolishSettings, vocabulary: Vocabulary, style: Style) -> PolishTrial:
    """Polish `text` by the rules, or leave it as spoken if that is the setting; no language model is used.

    Do not call from a running event loop.
    """
    writer = TextPolisher(
        "off" if settings.mode == "off" else "rules", PolishRules(vocabulary, frozenset(settings.without))
    )
    return asyncio.run(try_polisher(writer, text, style))


async def try_polisher(polisher: Polisher, text: str, style: Style) -> PolishTrial:
    """Polish `text` with `polisher`; the note says why a language model's text was not used. Raises `UserError`."""
    began = time.perf_counter()
    polished: PolishedText = await polisher.polish(
        text, DictationContext(style=style, clipboard=""), lambda draft: None
    )
    host = next((sent.host for sent in polished.sent), "")
    return PolishTrial(polished.text, polished.note, (time.perf_counter() - began) * 1000, host)


def style_named(styles: Styles, name: str) -> Style:
    """Return the style called `name`; the plain style if there is none."""
    return styles.styles.get(name, styles.styles.get(PLAIN_STYLE, Style()))
