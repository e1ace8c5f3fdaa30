"""Reduce the pill's content to the chosen style, announce it, and find the words that polish changed.

The pill has no focus, so screen readers would never read it: its text is announced, also when the pill is hidden.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal, assert_never

from desktop.core.state import AppState, Done, Health, Listening, Pasting, Polishing
from desktop.ui.pill.content import Glyph, PillContent, last_line, pill_content
from desktop.ui.widgets.diff import DiffKind, compute_diff

MAX_MARKED_CHARS = 2_000
"""Characters of a dictation, three minutes, up to which changes are marked.

Above it marking takes the main thread a tenth of a second for each draft. The history marks any length.
"""

type PillStyle = Literal["live", "compact", "off"]


class PillPresenter:
    """Turns states into pill content. `on_announcement` is called with content whose announcement is new.

    `name_swap_key(health)` returns the name of the key that brings back what polish took out, empty for none.
    """

    def __init__(
        self, on_announcement: Callable[[PillContent], None], name_swap_key: Callable[[Health], str] = lambda health: ""
    ) -> None:
        self._name_swap_key = name_swap_key
        self.style: PillStyle = "live"
        self._on_announcement = on_announcement
        self._announcement = ""

    def present(self, app_state: AppState) -> PillContent | None:
        """Return the content to show for `app_state`; None for no pill."""
        state = app_state.state
        content = pill_content(app_state)
        previous, self._announcement = self._announcement, content.announcement if content is not None else ""
        if content is None:
            return None
        if content.announcement and content.announcement != previous:
            self._on_announcement(content)
        raw_text = state.raw_text if isinstance(state, Polishing | Pasting | Done) and not content.is_message else ""
        if 0 < len(raw_text) <= MAX_MARKED_CHARS:
            content = replace(content, changed_ranges=find_changed_ranges(raw_text, content.settled))
        if content.is_removal and (key := self._name_swap_key(app_state.health)):
            content = replace(content, tail=f"{content.tail} · {key}")
        return apply_style(
            content, self.style, is_counting_down=isinstance(state, Listening) and state.remaining_s is not None
        )


def apply_style(content: PillContent, style: PillStyle, *, is_counting_down: bool = False) -> PillContent | None:
    """Return `content` as the style shows it, None for nothing.

    `live` shows all; `compact` no words of the dictation, but messages, that words were taken out, where the user is
    muted and, when `is_counting_down`, the seconds left; `off` only what needs the user.
    """
    match style:
        case "live":
            return content
        case "compact":
            return (
                content
                if content.is_message
                else replace(
                    content,
                    settled="",
                    tentative="",
                    tail=content.tail if is_counting_down or content.is_removal or content.is_mute else "",
                )
            )
        case "off":
            is_needed = content.action or content.is_question or content.glyph in (Glyph.ALERT, Glyph.CLIPBOARD)
            return content if is_needed else None
        case _:
            assert_never(style)


def find_changed_ranges(raw_text: str, polished_text: str) -> tuple[tuple[int, int], ...]:
    """Return the ranges of `polished_text` whose words polish changed; punctuation and capitals do not count."""
    ranges: list[tuple[int, int]] = []
    start, lower = 0, polished_text.lower()
    if len(lower) != len(polished_text):  # as for the Turkish dotted capital I
        lower = polished_text
    for kind, text in compute_diff(last_line(raw_text).lower(), lower):
        if kind is DiffKind.REMOVED:
            continue
        letters = [index for index, letter in enumerate(text) if letter.isalnum()]
        if kind is DiffKind.ADDED and letters:
            ranges.append((start + letters[0], start + letters[-1] + 1))
        start += len(text)
    return tuple(ranges)
