"""What of a face is seen, as the settings want it, what of it is said aloud, and which words polish has changed.

The pill has no focus, so that a screen reader would never read it: what it says is announced, also where the settings
have it not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Literal, assert_never

from desktop.state import Done, Listening, Pasting, Polishing, Shown, Transcribing
from desktop.ui.difference import Kind, difference
from desktop.ui.face import Face, Glyph, Offer, face, line

MARKED = 2_000
"""Characters of a dictation, three minutes, up to which the pill marks what polish has changed in it: more than this
takes its thread a tenth of a second, at each draft. The history marks it at any length."""

type Style = Literal["live", "compact", "off"]


class Worn:
    """From what is shown to what is seen. `announce` is told what is new to hear."""

    def __init__(self, offers: Collection[Offer], announce: Callable[[Face], None]) -> None:
        self.style: Style = "live"
        self._offers = offers
        self._announce = announce
        self._spoken = ""
        self._heard = ""

    def draw(self, shown: Shown) -> Face | None:
        """What is to be seen of `shown`; None for nothing."""
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
    """`face` as the settings want it: all of it, without the words but with what needs a person and, while it is
    `counting`, the seconds that are left; or only what needs a person, else None."""
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
    """The stretches of `written` in which there are other words than in `heard`; a mark or a capital that was put is
    none."""
    found: list[tuple[int, int]] = []
    at, lower = 0, written.lower()
    if len(lower) != len(written):  # as that of the Turkish dotted capital I
        lower = written
    for kind, text in difference(line(heard).lower(), lower):
        if kind is Kind.REMOVED:
            continue
        words = [place for place, letter in enumerate(text) if letter.isalnum()]
        if kind is Kind.ADDED and words:
            found.append((at + words[0], at + words[-1] + 1))
        at += len(text)
    return tuple(found)
