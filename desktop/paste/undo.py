"""Decide whether the last insertion may be undone, shared by the pasters of all systems. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from desktop.core.messages import Message, Notes
from desktop.core.types import Outcome, PasteResult
from desktop.paste.apps import PasteRule
from desktop.paste.text_fit import Insertion

MAX_STEPS = 2500
"""A dictation of two and a half minutes: four seconds in GTK, which lays out the paragraph again at each step."""

REQUEST_INPUT_S = 3.0
"""Seconds before the request within which input counts as the request itself: a key, a menu, a command."""

VIRAMA = 9
"""Unicode's combining class of the signs that tie two Indic consonants together."""

NOTHING_TO_UNDO = Message("undo-nothing")
OTHER_WINDOW = Message("undo-other-window")
INPUT_SINCE = Message("input-since")
WINDOW_NOT_UNDOABLE = Message("undo-window-unsuitable")
TEXT_TOO_LONG = Message("undo-text-too-long")
TEXT_UNCHANGED = Message("undo-text-unchanged")
NOT_NEWEST_ENTRY = Message("undo-not-newest")
TEXT_UNREADABLE = Message("undo-text-unreadable")
TEXT_CHANGED = Message("undo-text-changed")
REMOVED_NOT_REPLACED = Message("removed-not-replaced")
REMOVED_NOT_RESTORED = Message("removed-not-restored")


@dataclass(frozen=True, slots=True)
class UndoRequest:
    """A request, made at `requested_at` (monotonic), to undo the last insertion.

    In its place the one of `texts` is inserted that is not there now; none if `texts` is empty. `on_sent` and
    `on_answer` are as a paste's. `is_removed`: it is gone, and what comes in its place is being put in.
    """

    texts: tuple[str, ...]
    requested_at: float
    on_sent: Callable[[], None]
    on_answer: Callable[[PasteResult], None]
    is_removed: bool = False

    def refusal_notes(self, reason: Message) -> Notes:
        """Return the notes for the user on why nothing was done."""
        return reason, Message("nothing-swapped" if self.texts else "nothing-undone")

    def other_text(self, spoken_text: str) -> str:
        """Return the text to insert in place of `spoken_text`."""
        return next((text for text in self.texts if text != spoken_text), "")

    def adjust_result(self, result: PasteResult) -> PasteResult:
        """Return the result to report: restoring what had been there before counts as an undo; what could not be put
        in the place of a text that is gone leaves it removed."""
        if result.outcome is Outcome.INSERTED and not self.texts:
            return replace(result, outcome=Outcome.CANCELLED)
        if self.is_removed and result.outcome in (Outcome.REFUSED, Outcome.FAILED):
            note = REMOVED_NOT_REPLACED if self.texts else REMOVED_NOT_RESTORED
            return replace(result, outcome=Outcome.REMOVED, notes=(note, *result.notes))
        return result


def find_undo_objection(
    request: UndoRequest, insertion: Insertion | None, handle: int, rule: PasteRule, last_input_at: float
) -> Message | None:
    """Return why nothing may be tried; None if it may.

    `handle` is the focused window, `rule` how it is pasted into, `last_input_at` the last press of a key or button that
    was not the request itself.
    """
    if (
        insertion is None
        or not insertion.text
        or (not request.texts and insertion.spoken_text == insertion.replaced_text != "")
    ):
        return NOTHING_TO_UNDO
    if insertion.handle != handle:
        return OTHER_WINDOW
    if last_input_at > insertion.inserted_at:
        return INPUT_SINCE
    if not rule.is_exact:
        return WINDOW_NOT_UNDOABLE
    if count_steps(insertion.text) > MAX_STEPS:
        return TEXT_TOO_LONG
    if request.texts and insertion.spoken_text not in request.texts:
        return NOT_NEWEST_ENTRY
    if request.texts and not request.other_text(insertion.spoken_text):
        return TEXT_UNCHANGED
    return None


def count_steps(text: str) -> int:
    """Return how many cursor steps `text` is at least, in any toolkit.

    What may be one with the character before it counts as one: marks, modifiers, what a joiner or a virama ties on, the
    second letter of a flag, the rest of a Korean syllable.
    """
    count, is_tied, is_flag = 0, False, False
    for character in text:
        is_flag_letter = "\U0001f1e6" <= character <= "\U0001f1ff"
        is_step = not (is_tied or _extends(character) or (is_flag_letter and is_flag))
        count += is_step
        is_flag = is_step and is_flag_letter
        is_tied = character in "\u200d\r" or unicodedata.combining(character) == VIRAMA
    return max(count, bool(text))


def _extends(character: str) -> bool:
    return (
        unicodedata.category(character) in {"Mn", "Mc", "Me", "Cf"}
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\u1160" <= character <= "\u11ff"  # Korean vowels and finals
        or character in "\u0e33\u0eb3\uff9e\uff9f"  # a Thai and a Lao vowel, half-width Japanese voice marks
    )
