"""What a snippet becomes when its trigger is said. Pure; it is text with a few variables, and nothing in it is run.

A snippet is put in last, after the rules and the language model, so that an address or a signature comes out to the
byte. What a variable brings in is not looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime

from desktop.ports import Change
from desktop.vocabulary import Vocabulary
from desktop.vocabulary.phrases import Found

RULE = "snippets"
"""The name under which the row tells of it."""

CLIPBOARD = "{clipboard}"

UNREADABLE = "The clipboard could not be read."

_VARIABLE = re.compile(r"\{(?:(date|time)(?::([^{}]+))?|clipboard|cursor)\}")
_CLOSING = " \t\r\n.,;:!?…。，！？、"


@dataclass(frozen=True, slots=True)
class Expanded:
    """A text whose snippets are written out. `after` is that end of it before which the cursor is to stand, empty where
    that is the end itself; `changed` and `note` say what was done, and what could not be."""

    text: str
    after: str = ""
    changed: tuple[Change, ...] = ()
    note: str = ""


def wants_clipboard(vocabulary: Vocabulary) -> bool:
    """Whether a snippet has the clipboard's text in it."""
    return any(CLIPBOARD in snippet for snippet in vocabulary.snippets.values())


def is_trigger(text: str, vocabulary: Vocabulary) -> bool:
    """Whether all of `text`, but for a mark at its end, is a snippet's trigger."""
    return _whole(text, vocabulary) is not None


def said_in(texts: Iterable[str], vocabulary: Vocabulary) -> frozenset[str]:
    """The snippets whose triggers one of `texts` says."""
    return frozenset(snippet for text in texts for _, _, snippet in vocabulary.expanding(text))


def expanded(
    text: str,
    vocabulary: Vocabulary,
    now: datetime,
    clipboard: str | None,
    allowed: Container[str] | None = None,
) -> Expanded:
    """`text` with its snippets, those of them that are `allowed` (None: all). One that is all that was said is not
    closed by a mark. `clipboard` is the clipboard's text at the key's press, None where it could not be read."""
    if whole := _whole(text, vocabulary):
        text = text[whole.start : whole.end]
    found = [one for one in vocabulary.expanding(text) if allowed is None or one.value in allowed]
    if not found:
        return Expanded(text)
    parts, at = list[str](), 0
    for start, end, snippet in found:
        parts += (text[at:start], snippet)
        at = end
    parts.append(text[at:])
    note = ""
    if clipboard is None and any(CLIPBOARD in snippet for _, _, snippet in found):
        note = UNREADABLE
    halves, changed = ["", ""], list[Change]()
    half = 0
    for place, part in enumerate(parts):
        if place % 2 == 0:
            halves[half] += part
            continue
        began = halves[0] + halves[1]
        for piece in _pieces(part, now, clipboard or ""):
            if piece is None:
                half = 1
            else:
                halves[half] += piece
        start, end, _ = found[place // 2]
        changed.append(Change(RULE, text[start:end], (halves[0] + halves[1])[len(began) :]))
    return Expanded("".join(halves), halves[1], tuple(changed), note)


def _whole(text: str, vocabulary: Vocabulary) -> Found | None:
    first = next(vocabulary.expanding(text), None)
    if first is None or text[: first.start].strip() or text[first.end :].strip(_CLOSING):
        return None
    return first


def _pieces(snippet: str, now: datetime, clipboard: str) -> list[str | None]:
    """The snippet's text, with None where the cursor is to be."""
    pieces: list[str | None] = []
    at = 0
    for match in _VARIABLE.finditer(snippet):
        pieces.append(snippet[at : match.start()])
        pieces.append(_value(match, now, clipboard))
        at = match.end()
    return [*pieces, snippet[at:]]


def _value(match: re.Match[str], now: datetime, clipboard: str) -> str | None:
    match match.group(1) or match.group():
        case "{cursor}":
            return None
        case "{clipboard}":
            return clipboard
        case "date":
            return _moment(now, match.group(2) or "%Y-%m-%d", match.group())
        case _:
            return _moment(now, match.group(2) or "%H:%M", match.group())


def _moment(now: datetime, form: str, otherwise: str) -> str:
    try:
        return now.strftime(form)
    except (ValueError, UnicodeError):
        return otherwise
