"""Expand a snippet when its trigger is said. Pure; a snippet is text with a few variables, and nothing in it is
executed.

Snippets are expanded last, after the rules and the language model, so that an address or a signature is inserted
unchanged to the byte. The value of a variable is not expanded again.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime

from desktop.core.messages import Message, Notes
from desktop.core.types import RuleChange
from desktop.vocabulary.vocabulary import PhraseMatch, Vocabulary

RULE_NAME = "snippets"
"""The rule name under which the history records snippets."""

CLIPBOARD_VARIABLE = "{clipboard}"

CLIPBOARD_UNREADABLE = Message("clipboard-unreadable")

_VARIABLE = re.compile(r"\{(?:(date|time)(?::([^{}]+))?|clipboard|cursor)\}")
_CLOSING = " \t\r\n.,;:!?…。，！？、"


@dataclass(frozen=True, slots=True)
class ExpandedText:
    """A text with its snippets expanded.

    `text_after_cursor` is the end of it before which the cursor must stand, empty if the cursor stands at the end;
    `changes` says what was done, `notes` what could not be.
    """

    text: str
    text_after_cursor: str = ""
    changes: tuple[RuleChange, ...] = ()
    notes: Notes = ()


def needs_clipboard(vocabulary: Vocabulary) -> bool:
    """Return whether a snippet contains the clipboard's text."""
    return any(CLIPBOARD_VARIABLE in snippet for snippet in vocabulary.snippets.values())


def is_trigger(text: str, vocabulary: Vocabulary) -> bool:
    """Return whether all of `text`, except a mark at its end, is a snippet's trigger."""
    return _whole_trigger(text, vocabulary) is not None


def find_snippets(texts: Iterable[str], vocabulary: Vocabulary) -> frozenset[str]:
    """Return the snippets whose triggers one of `texts` says."""
    return frozenset(snippet for text in texts for _, _, snippet in vocabulary.find_triggers(text))


def expand_snippets(
    text: str,
    vocabulary: Vocabulary,
    now: datetime,
    clipboard: str | None,
    allowed: Container[str] | None = None,
) -> ExpandedText:
    """Return `text` with its snippets expanded, only those that are `allowed` (None: all).

    A snippet that is the whole dictation gets no final mark. `clipboard` is the text of the clipboard at key press,
    None if it could not be read.
    """
    if whole_match := _whole_trigger(text, vocabulary):
        text = text[whole_match.start : whole_match.end]
    matches = [match for match in vocabulary.find_triggers(text) if allowed is None or match.value in allowed]
    if not matches:
        return ExpandedText(text)
    parts, at = list[str](), 0
    for start, end, snippet in matches:
        parts += (text[at:start], snippet)
        at = end
    parts.append(text[at:])
    notes: Notes = ()
    if clipboard is None and any(CLIPBOARD_VARIABLE in snippet for _, _, snippet in matches):
        notes = (CLIPBOARD_UNREADABLE,)
    halves, changes = ["", ""], list[RuleChange]()
    half = 0
    for index, part in enumerate(parts):
        if index % 2 == 0:
            halves[half] += part
            continue
        text_before = halves[0] + halves[1]
        for piece in _split_snippet(part, now, clipboard or ""):
            if piece is None:
                half = 1
            else:
                halves[half] += piece
        start, end, _ = matches[index // 2]
        changes.append(RuleChange(RULE_NAME, text[start:end], (halves[0] + halves[1])[len(text_before) :]))
    return ExpandedText("".join(halves), halves[1], tuple(changes), notes)


def _whole_trigger(text: str, vocabulary: Vocabulary) -> PhraseMatch | None:
    first = next(vocabulary.find_triggers(text), None)
    if first is None or text[: first.start].strip() or text[first.end :].strip(_CLOSING):
        return None
    return first


def _split_snippet(snippet: str, now: datetime, clipboard: str) -> list[str | None]:
    """Return the text of the snippet in pieces, with None at the position of the cursor."""
    pieces: list[str | None] = []
    at = 0
    for match in _VARIABLE.finditer(snippet):
        pieces.append(snippet[at : match.start()])
        pieces.append(_variable_value(match, now, clipboard))
        at = match.end()
    return [*pieces, snippet[at:]]


def _variable_value(match: re.Match[str], now: datetime, clipboard: str) -> str | None:
    match match.group(1) or match.group():
        case "{cursor}":
            return None
        case "{clipboard}":
            return clipboard
        case "date":
            return _format_time(now, match.group(2) or "%Y-%m-%d", match.group())
        case _:
            return _format_time(now, match.group(2) or "%H:%M", match.group())


def _format_time(now: datetime, form: str, fallback: str) -> str:
    try:
        return now.strftime(form)
    except (ValueError, UnicodeError):
        return fallback
