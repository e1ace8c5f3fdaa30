"""Reduce the pill's content to the chosen style, announce it, and find the words that polish changed.

The pill has no focus, so screen readers would never read it: its text is announced, also when the pill is hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Literal, assert_never

from desktop.core.state import Done, Listening, Pasting, Polishing, Shown, Transcribing
from desktop.ui.pill.content import Face, Glyph, Offer, face, line
from desktop.ui.widgets.diff import Kind, difference

MARKED = 2_000
"""Characters of a dictation, three minutes, up to which changes are marked.

Above it marking takes the main thread a tenth of a second for each draft. The history marks any length.
"""

type Style = Literal["live", "compact", "off"]


class Worn:
    """Turns states into pill content. `announce` is called with content whose announcement is new."""

    def __init__(self, offers: Collection[Offer], announce: Callable[[Face], None]) -> None:
        self.style: Style = "live"
        self._offers = offers
        self._announce = announce
        self._spoken = ""
        self._heard = ""

    def draw(self, shown: Shown) -> Face | None:
        """Return the content to show for `shown`; None for no pill."""
        state = shown.state
        if isinstance(state, Listening | Transcribing):
            self._heard = state.words.text
        whole = face(shown, self._offers)
        spoken, self._spoken = self._spoken, whole.spoken if whole is not None else ""
        if whole is None:
            return None
        if whole.spoken and whole.spoken != spoken:
            self._announce(whole)
        shown_whole = isinstance(state, Polishing | Pasting | Done) and not whole.message
        if shown_whole and 0 < len(self._heard) <= MARKED:
            whole = replace(whole, marked=marks(self._heard, whole.settled))
        return worn(whole, self.style, counting=isinstance(state, Listening) and state.left_s is not None)


def worn(face: Face, style: Style, *, counting: bool = False) -> Face | None:
    """Return `face` as the style shows it, None for nothing.

    `live` shows all; `compact` no words except messages and, when `counting`, the seconds left; `off` only what needs
    the user.
    """
    match style:
        case "live":
            return face
        case "compact":
            return face if face.message else replace(face, settled="", tentative="", tail=face.tail if counting else "")
        case "off":
            return face if face.offer or face.glyph in (Glyph.ALERT, Glyph.CLIPBOARD) else None
        case _:
            assert_never(style)


def marks(heard: str, written: str) -> tuple[tuple[int, int], ...]:
    """Return the ranges of `written` with other words than `heard`; changed punctuation and capitals do not count."""
    found: list[tuple[int, int]] = []
    at, lower = 0, written.lower()
    if len(lower) != len(written):  # as for the Turkish dotted capital I
        lower = written
    for kind, text in difference(line(heard).lower(), lower):
        if kind is Kind.REMOVED:
            continue
        words = [place for place, letter in enumerate(text) if letter.isalnum()]
        if kind is Kind.ADDED and words:
            found.append((at + words[0], at + words[-1] + 1))
        at += len(text)
    return tuple(found)
