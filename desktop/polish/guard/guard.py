"""Check that an answer still means what was said: deterministic, pure, and fast.

A language model that should only polish also answers questions, obeys dictated orders, omits sentences, changes a
number or loses a "not". So its answer is aligned with what was said, word by word (`guard.tokens`). A polish may omit
sounds, repeats, what the speaker took back, and spoken marks; it may correct marks, capitals and spelling and add a few
words that carry nothing. Everything else that is missing or new is harm, and the rules' text is used instead.

Doubt always counts against the answer: discarding a good answer costs some polish, using a wrong one costs trust.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from desktop.polish.guard.alignment import KEPT, SPARE, Comparison
from desktop.polish.guard.rebuilt import Rebuilt
from desktop.polish.guard.spelling import script
from desktop.polish.guard.tokens import Token, figured, tokens

_TALK = re.compile(
    r"(?:sure|certainly|of course|okay|ok)[,!.:]? (?:here|i can|i'd|i’d|i'll|i’ll|let me)"
    r"|here(?:'s|’s| is| are) (?:the|your|a)\b.*(?:text|transcript|version)"
    r"|(?:i'm|i’m|i am) (?:sorry|unable|an ai)|as an ai\b"
    r"|i (?:can't|can’t|cannot|can not) (?:help|assist|comply|do|provide|fulfil)"
    r"|(?:抱歉|对不起|很抱歉)[,，].*(?:无法|不能)|(?:好的|当然)[,，!！].*(?:以下|这是)",
    re.IGNORECASE,
)
"""How models begin when they speak for themselves."""

LONGER, MORE = 1.5, 30
"""Most characters of an answer: this factor times those spoken, plus this many for marks and line breaks."""

PLAIN = ("answered instead", "wrote the opposite")
"""Harm that no rebuilding of a sentence excuses."""

AROUND = 200
"""Characters on either side of an edit that may explain why a number went."""


def harm(said: str, answer: str, words: Sequence[str] = ()) -> str:
    """Return what is wrong with `answer` as the polish of `said`, as the end of a sentence; empty if nothing is.

    `words` are the user's own, in the spelling they want.
    """
    if not answer.strip():
        return "gave no text"
    if (talk := _TALK.match(answer)) and not _known(tokens(said), tokens(talk.group())):
        return "answered instead"
    if len(answer) > LONGER * len(said) + MORE:
        return "wrote much more than was said"
    if (language := script(answer)) and language != script(said) and script(said):
        return "changed the language"
    one, other = tokens(said), tokens(answer)
    if one and not other:
        return "gave no text"
    known = {token.key for token in one}
    heavy = [token for token in other if token.kind not in ("small", "sound")]
    if not words and sum(token.key in known for token in heavy) < (1 - KEPT) * len(heavy) - SPARE:
        return "wrote other words"
    wrong = Comparison(one, other, words, answer).harm()
    if wrong in PLAIN:
        return wrong
    rebuilt = Rebuilt(one, other, answer)
    if not wrong:
        return "changed a negation" if rebuilt.unheeded() else ""
    return "" if rebuilt.harmless() else wrong


def kept[Edit: tuple[int, int, str]](text: str, edits: Sequence[Edit]) -> list[Edit]:
    """Return those of `edits` (`text[start:end]` becomes `new`, in order) that neither lose nor make a number or a
    negation, except a repeat or what the speaker took back.

    An edit that does so by itself stays if the edits near it make up for it: a correction moves the last words to the
    place of what they correct.
    """
    doubted = [edit for edit in edits if _figures(text, [edit])]
    if doubted and len(edits) > 1:
        start, end = doubted[0][0] - AROUND, doubted[-1][1] + AROUND
        near = [edit for edit in edits if start < edit[0] and edit[1] < end]
        doubted = doubted if _figures(text, near) else []
    return [edit for edit in edits if edit not in doubted]


def _figures(text: str, edits: Sequence[tuple[int, int, str]]) -> bool:
    """Return whether `edits` lose or make a number or a negation."""
    start, end = edits[0][0], edits[-1][1]
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)  # Chinese has no spaces that end the search
    while start > first and not text[start - 1].isspace():
        start -= 1
    while end < last and not text[end].isspace():
        end += 1
    old, new = text[start:end], _edited(text, edits, start, end)
    if (
        _clock(old) == _clock(new)
        or not (figured(old) or figured(new))
        or not Comparison(tokens(old), tokens(new), (), new).touches()
    ):
        return False
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    said, written = before + old + after, before + new + after
    return Comparison(tokens(said), tokens(written), (), written).figures()


def _clock(text: str) -> str:
    """Return `text` with its times of day in one form: 3.30 pm and 3 30 p.m. become 3:30 p.m."""
    return re.sub(r"(?<=\d)[. :]?(\d\d) ?([ap])\.?m\b\.?", r":\1 \2m", text.lower())


def _edited(text: str, edits: Sequence[tuple[int, int, str]], at: int, end: int) -> str:
    parts = []
    for start, behind, new in edits:
        parts += [text[at:start], new]
        at = behind
    return "".join((*parts, text[at:end]))


def _known(said: list[Token], part: list[Token]) -> bool:
    return {token.key for token in part} <= {token.key for token in said}
