"""Undo exactly the last insertion, in a window that does not report its text.

Without accessibility a field can be read only by its own keys: select backwards over as much as was inserted, and have
the window report what it has selected. If that is our text to the byte it is deleted; everything else is refused, and
the cursor is moved back. How much one cursor step is differs between toolkits (an emoji of seven code points is one or
seven of them), so no more steps are made than any of them needs, and the rest is made after the selection was read. The
selection is read from PRIMARY; Qt does not offer there what keys select, so it is asked to copy.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import monotonic

from Xlib import XK

from desktop.core.messages import Message
from desktop.paste.text_fit import Insertion
from desktop.paste.undo import TEXT_CHANGED, TEXT_UNREADABLE, count_steps
from desktop.paste.x11.clipboard import X11Clipboard
from desktop.paste.x11.connection import X11Connection
from desktop.paste.x11.keyboard import CONTROL_ROW, SHIFT_ROW, XTestKeyboard
from desktop.paste.x11.selection import SelectionCopier

MAX_CHARACTER_STEPS = 64
"""More steps than this are made by words, of which a paragraph has a fifth."""

STEP_BATCH = 64
"""Steps between two checks of the focus."""

PRIMARY_TIMEOUT_S = 0.5
"""Seconds within which a window that offers its selection in PRIMARY takes it, with the first step."""

SELECTION_TIMEOUT_S = 8.0
"""Seconds that a window may take to make the steps and report what it has selected."""

COPY_TIMEOUT_S = 0.5
"""Seconds that a window may take to copy what is selected; one that has nothing selected never does."""

STEP_TIMEOUT_S = 0.01
"""Seconds that a window may take for one step before that."""

SELECTION_POLL_S = 0.04
"""Seconds between two reads of the selection; two equal ones in a row are final."""

DELETE_DELAY_S = 0.15
"""Seconds for the window to delete before its selection is taken from it: GTK then deselects everything."""

MAX_LAYOUTS = 4
"""Maximum number of layouts of a keyboard."""


@dataclass(frozen=True, slots=True)
class CursorSteps:
    """The cursor steps to make next: their number, by words or not."""

    count: int
    by_words: bool = False


def find_missing_steps(text: str, selected: str) -> CursorSteps | None:
    """Return the steps that select more of `text` whose end `selected` is, and no more than `text`; None if it is
    not its end.

    All toolkits stop at words between blanks; the first may be one with what stands before it.
    """
    if not text.endswith(selected):
        return None
    unselected = text.removesuffix(selected)
    words = sum(any(map(str.isalnum, word)) for word in unselected.split()) - 1
    return (
        CursorSteps(words, by_words=True)
        if words > 0 and count_steps(unselected) > MAX_CHARACTER_STEPS
        else CursorSteps(count_steps(unselected))
    )


def find_arrow_keys(text: str) -> tuple[tuple[int, int], ...]:
    """Return the pairs of keys (keysyms) that may move back and forth in `text`, likeliest first.

    With a letter of a right-to-left script, toolkits go by the paragraph's direction, or by none.
    """
    all_kinds = (unicodedata.bidirectional(character) for character in text)
    letter_kinds = [kind for kind in all_kinds if kind in {"L", "R", "AL"}]
    left, right = (XK.XK_Left, XK.XK_Right), (XK.XK_Right, XK.XK_Left)
    if all(kind == "L" for kind in letter_kinds):
        return (left,)
    return (left, right) if letter_kinds[0] == "L" else (right, left)


@dataclass(frozen=True, slots=True)
class SelectionAttempt:
    """What a window has selected, None if it does not report it; why that is not what was wanted, empty if it is; and
    the steps that were made for it."""

    text: str | None
    reason: Message | None = None
    steps: tuple[CursorSteps, ...] = ()


class Undo:
    """Undoes insertions by pressing keys, in the paste thread.

    `expect_own_keys(keycodes)` is called before keys are pressed.
    """

    def __init__(
        self,
        connection: X11Connection,
        clipboard: X11Clipboard,
        keyboard: XTestKeyboard,
        expect_own_keys: Callable[[Iterable[int]], None],
        copier: SelectionCopier,
    ) -> None:
        self._x = connection
        self._clipboard = clipboard
        self._keyboard = keyboard
        self._expect_own_keys = expect_own_keys
        self._copier = copier

    def remove(self, insertion: Insertion, find_obstacle: Callable[[], Message | None]) -> Message | None:
        """Delete `insertion` from before the cursor. Returns why that was not possible; None when it is done.

        `find_obstacle` returns why no key may be pressed now, None if it may. The selections are restored afterwards.
        """
        window, selection = insertion.handle, "PRIMARY"
        before = self._clipboard.copy(selection).contents
        reason: Message | None = TEXT_CHANGED
        try:
            for back, forth in find_arrow_keys(insertion.text):
                self._clipboard.take(
                    selection, before
                )  # so that the window's taking it shows that its selection is new
                attempt = self._select(insertion, back, find_obstacle)
                reason = attempt.reason or find_obstacle()
                if attempt.text == insertion.text and not reason:
                    self._press(XK.XK_BackSpace)
                    break
                if find_obstacle():
                    break
                self._deselect(attempt, forth)
            self._x.pause(DELETE_DELAY_S)
        finally:
            self._clipboard.restore_unless_retaken(selection, before, window)
        return reason

    def _select(self, insertion: Insertion, back: int, find_obstacle: Callable[[], Message | None]) -> SelectionAttempt:
        """Select `insertion`, a part of it, or what is there instead.

        A single step shows whether `back` is back, if that is not known.
        """
        selected_text, is_direction_known, steps = "", len(find_arrow_keys(insertion.text)) == 1, list[CursorSteps]()
        while selected_text != insertion.text:
            next_steps = find_missing_steps(insertion.text, selected_text)
            if next_steps is None:
                return SelectionAttempt(selected_text, TEXT_CHANGED, tuple(steps))
            next_steps, is_direction_known = next_steps if is_direction_known else CursorSteps(1), True
            if reason := self._extend_selection(back, next_steps, find_obstacle):
                return SelectionAttempt(selected_text, reason, tuple(steps))
            steps.append(next_steps)
            selected = self._wait_for_selection(insertion, next_steps)
            if selected is None or len(selected) <= len(selected_text):
                return SelectionAttempt(selected, TEXT_UNREADABLE if selected is None else TEXT_CHANGED, tuple(steps))
            selected_text = selected
        return SelectionAttempt(selected_text, steps=tuple(steps))

    def _deselect(self, attempt: SelectionAttempt, forth: int) -> None:
        """Deselect everything and move the cursor back, by steps over all that is selected.

        An arrow alone goes to the selection's end in some toolkits only. If the window does not report what it has
        selected, or is too slow, the steps that were made are reversed.
        """
        for back in [CursorSteps(count_steps(attempt.text))] if attempt.text else reversed(attempt.steps):
            self._extend_selection(forth, back, lambda: None)

    def _extend_selection(
        self, arrow: int, steps: CursorSteps, find_obstacle: Callable[[], Message | None]
    ) -> Message | None:
        """Make steps that select. Returns why not all of them were made."""
        keycode, rows = (
            self._keyboard.find_keycode(arrow),
            (SHIFT_ROW, CONTROL_ROW) if steps.by_words else (SHIFT_ROW,),
        )
        layout = self._keyboard.active_layout()
        for step in range(0, steps.count, STEP_BATCH):
            if reason := find_obstacle():
                return reason
            modifiers, count = [*map(self._keyboard.find_free_modifier, rows)], min(STEP_BATCH, steps.count - step)
            self._expect_own_keys([*modifiers, *[keycode] * count])
            self._keyboard.press_repeatedly(modifiers, keycode, count)
            for _ in range(MAX_LAYOUTS):
                if (
                    steps.by_words and self._keyboard.active_layout() != layout
                ):  # these two modifiers switch some layouts
                    self._expect_own_keys(modifiers)
                    self._keyboard.press_keys(modifiers)
        return None

    def _wait_for_selection(self, insertion: Insertion, steps: CursorSteps) -> str | None:
        """Return what the window has selected, once that is the insertion or changes no more; None if it does not
        report it."""
        clipboard, window = self._clipboard, insertion.handle
        self._x.wait(lambda: not clipboard.is_owned("PRIMARY"), monotonic() + PRIMARY_TIMEOUT_S)
        if clipboard.is_owned("PRIMARY"):
            return self._copier.copy_selection(window, COPY_TIMEOUT_S + steps.count * STEP_TIMEOUT_S)
        last_text, until = None, monotonic() + SELECTION_TIMEOUT_S
        while monotonic() < until:
            text = clipboard.read_text_owned_by("PRIMARY", window)
            if text is not None and text in (insertion.text, last_text):
                return text
            last_text = text
            self._x.pause(SELECTION_POLL_S)
        return None

    def _press(self, keysym: int, *modifiers: int) -> None:
        keycodes = (*modifiers, self._keyboard.find_keycode(keysym))
        self._expect_own_keys(keycodes)
        self._keyboard.press_keys(keycodes)
