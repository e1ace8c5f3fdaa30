"""Signs that a language model did something else than polish: pure, and quick to see.

Models answer questions that they were to write down, refuse, explain themselves, translate, or stop half-way. Each sign
is one that a polish never gives, so that a good answer is hardly ever thrown away; whether the meaning was kept is a
harder question and not asked here.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from desktop.speech.text import unspaced

LONGER, MORE = 1.5, 30
"""An answer may have so many times the characters, and so many more: marks and line breaks are added, words are not."""

SHORTER, SMALL = 0.3, 40
"""It may be so much shorter, since fillers and what was corrected go; a text of so few characters any shorter."""

SHARED = 0.6
"""This share of the answer's words at least was said. Numbers and addresses are written in other words than spoken."""

_TALK = re.compile(
    r"(?:sure|certainly|of course|okay|ok)[,!.:]? (?:here|i can|i'd|i’d|i'll|i’ll|let me)"
    r"|here(?:'s|’s| is| are) (?:the|your|a)\b.*(?:text|transcript|version)"
    r"|(?:i'm|i’m|i am) (?:sorry|unable|an ai)|as an ai\b"
    r"|i (?:can't|can’t|cannot|can not) (?:help|assist|comply|do|provide|fulfil)"
    r"|(?:抱歉|对不起|很抱歉)[,，].*(?:无法|不能)|(?:好的|当然)[,，!！].*(?:以下|这是)",
    re.IGNORECASE,
)
"""How models begin when they speak for themselves."""

_WORD = re.compile(r"[\u2e80-\u9fff]|[^\W_\u2e80-\u9fff]+")


def harm(said: str, answer: str) -> str:
    """What is wrong with `answer` as the polish of `said`, as the end of a sentence; empty where nothing is."""
    if not answer:
        return "gave no text"
    spoken = _words(said)
    if (talk := _TALK.match(answer)) and not _words(talk.group()) <= spoken:
        return "answered instead"
    if len(answer) > LONGER * len(said) + MORE:
        return "wrote much more than was said"
    if len(said) > SMALL and len(answer) < SHORTER * len(said):
        return "left much out"
    written = {word for word in _words(answer) if not word[0].isdigit()}
    if _script(answer) not in ("", _script(said)) or len(written & spoken) < SHARED * len(written):
        return "wrote other words"
    return ""


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text)}


def _script(text: str) -> str:
    """The writing system of most of its letters as Unicode names it, Chinese and Japanese as one; empty without any."""
    letters = (character for character in text if character.isalpha())
    found = Counter("EAST" if unspaced(one) else unicodedata.name(one, "").partition(" ")[0] for one in letters)
    return found.most_common(1)[0][0] if found else ""
