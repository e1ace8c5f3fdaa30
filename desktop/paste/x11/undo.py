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
from dataclasses import dataclass, replace
from time import monotonic

from Xlib import XK

from desktop.core.types import Delivery, Outcome
from desktop.paste.apps import Rule
from desktop.paste.joining import Insertion
from desktop.paste.x11.clipboard import Clipboard
from desktop.paste.x11.connection import Connection
from desktop.paste.x11.keyboard import CONTROL, SHIFT, Keyboard
from desktop.paste.x11.selection import Selecting

MOST_STEPS = 2500
"""A dictation of two and a half minutes: four seconds in GTK, which lays out the paragraph again at each step."""

FEW_STEPS = 64
"""More steps than this are made by words, of which a paragraph has a fifth."""

ASKING_S = 3.0
"""Seconds before the request within which input counts as the request itself: a key, a menu, a command."""

BATCH = 64
"""Steps between two checks of the focus."""

TAKEN_S = 0.5
"""Seconds within which a window that offers its selection in PRIMARY takes it, with the first step."""

READ_S = 8.0
"""Seconds that a window may take to make the steps and report what it has selected."""

COPIED_S = 0.5
"""Seconds that a window may take to copy what is selected; one that has nothing selected never does."""

STEP_S = 0.01
"""Seconds that a window may take for one step before that."""

GLANCE_S = 0.04
"""Seconds between two reads of the selection; two equal ones in a row are final."""

DONE_S = 0.15
"""Seconds for the window to delete before its selection is taken from it: GTK then deselects everything."""

VIRAMA = 9
"""Unicode's combining class of the signs that tie two Indic consonants together."""

GROUPS = 4
"""Maximum number of layouts of a keyboard."""

NOTHING = "There is no text that could be taken back."
ELSEWHERE = "The last text is in another window."
TOUCHED = "A key or a button was pressed since."
BLIND = "Text in a terminal or a remote desktop cannot be taken back."
LONG = "The text is too long to be taken back."
ALIKE = "The text is as it was spoken."
OLDER = "The last text is not the newest in the history."
UNSEEN = "The text there cannot be read."
CHANGED = "The text changed since."


@dataclass(frozen=True, slots=True)
class Reversal:
    """A request to undo the last insertion and, of `texts`, to insert the one that does not stand there in its place;
    none if `texts` is empty. Requested at `asked_at` (monotonic).

    `on_sent` and `on_answer` are as a paste's.
    """

    texts: tuple[str, ...]
    asked_at: float
    sent: Callable[[], None]
    answer: Callable[[Delivery], None]

    def refusal(self, why: str) -> str:
        """Return the note for the user on why nothing was done."""
        return f"{why} Nothing was {'swapped' if self.texts else 'undone'}."

    def other(self, said: str) -> str:
        """Return the text that goes where `spoken_text` stands."""
        return next((text for text in self.texts if text != said), "")

    def told(self, delivery: Delivery) -> Delivery:
        """Return the delivery to report: restoring what had been there before counts as an undo."""
        undone = delivery.outcome is Outcome.INSERTED and not self.texts
        return replace(delivery, outcome=Outcome.CANCELLED) if undone else delivery


def objection(reversal: Reversal, insertion: Insertion | None, handle: int, rule: Rule, touched_at: float) -> str:
    """Return why nothing may be tried; empty if it may.

    `handle` is the focused window, `rule` how it is pasted into, `last_input_at` the last press of a key or button that
    was not the request itself.
    """
    if insertion is None or not insertion.text or (not reversal.texts and insertion.said == insertion.original != ""):
        return NOTHING
    if insertion.handle != handle:
        return ELSEWHERE
    if touched_at > insertion.at:
        return TOUCHED
    if not rule.exact:
        return BLIND
    if steps(insertion.text) > MOST_STEPS:
        return LONG
    if reversal.texts and insertion.said not in reversal.texts:
        return OLDER
    if reversal.texts and not reversal.other(insertion.said):
        return ALIKE
    return ""


def steps(text: str) -> int:
    """Return how many cursor steps `text` is at least, in any toolkit.

    What may be one with the character before it counts as one: marks, modifiers, what a joiner or a virama ties on, the
    second letter of a flag, the rest of a Korean syllable.
    """
    count, tied, flag = 0, False, False
    for character in text:
        letter = "\U0001f1e6" <= character <= "\U0001f1ff"
        begins = not (tied or _extends(character) or (letter and flag))
        count += begins
        flag = begins and letter
        tied = character in "\u200d\r" or unicodedata.combining(character) == VIRAMA
    return max(count, bool(text))


def _extends(character: str) -> bool:
    return (
        unicodedata.category(character) in {"Mn", "Mc", "Me", "Cf"}
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\u1160" <= character <= "\u11ff"  # Korean vowels and finals
        or character in "\u0e33\u0eb3\uff9e\uff9f"  # a Thai and a Lao vowel, half-width Japanese voice marks
    )


@dataclass(frozen=True, slots=True)
class Steps:
    """The cursor steps to make next: their number, by words or not."""

    count: int
    by_words: bool = False


def missing(wanted: str, selected: str) -> Steps | None:
    """Return the steps that select more of `wanted` whose end `selected` is, and no more than `wanted`; None if it is
    not its end.

    All toolkits stop at words between blanks; the first may be one with what stands before it.
    """
    if not wanted.endswith(selected):
        return None
    rest = wanted.removesuffix(selected)
    words = sum(any(map(str.isalnum, word)) for word in rest.split()) - 1
    return Steps(words, by_words=True) if words > 0 and steps(rest) > FEW_STEPS else Steps(steps(rest))


def directions(text: str) -> tuple[tuple[int, int], ...]:
    """Return the pairs of keys (keysyms) that may move back and forth in `text`, likeliest first.

    With a letter of a right-to-left script, toolkits go by the paragraph's direction, or by none.
    """
    kinds = (unicodedata.bidirectional(character) for character in text)
    strong = [kind for kind in kinds if kind in {"L", "R", "AL"}]
    left, right = (XK.XK_Left, XK.XK_Right), (XK.XK_Right, XK.XK_Left)
    if all(kind == "L" for kind in strong):
        return (left,)
    return (left, right) if strong[0] == "L" else (right, left)


@dataclass(frozen=True, slots=True)
class Selected:
    """What a window has selected, None if it does not report it; why that is not what was wanted, empty if it is; and
    the steps that were made for it."""

    text: str | None
    why: str = ""
    made: tuple[Steps, ...] = ()


class TakeBack:
    """Undoes insertions by pressing keys, in the paste thread.

    `expect_own_keys(keycodes)` is called before keys are pressed.
    """

    def __init__(
        self,
        connection: Connection,
        clipboard: Clipboard,
        keyboard: Keyboard,
        expect: Callable[[Iterable[int]], None],
        selecting: Selecting,
    ) -> None:
        self._x = connection
        self._clipboard = clipboard
        self._keyboard = keyboard
        self._expect = expect
        self._selecting = selecting

    def remove(self, insertion: Insertion, obstacle: Callable[[], str]) -> str:
        """Delete `insertion` from before the cursor. Returns why that was not possible; empty when it is done.

        `find_obstacle` returns why no key may be pressed now, empty if it may. The selections are restored afterwards.
        """
        window, selection = insertion.handle, "PRIMARY"
        before, why = self._clipboard.copy(selection).contents, CHANGED
        try:
            for back, forth in directions(insertion.text):
                self._clipboard.own(selection, before)  # so that the window's taking it shows that its selection is new
                found = self._select(insertion, back, obstacle)
                why = found.why or obstacle()
                if found.text == insertion.text and not why:
                    self._press(XK.XK_BackSpace)
                    break
                if obstacle():
                    break
                self._deselect(found, forth)
            self._x.pause(DONE_S)
        finally:
            self._clipboard.put_back(selection, before, window)
        return why

    def _select(self, insertion: Insertion, back: int, obstacle: Callable[[], str]) -> Selected:
        """Select `insertion`, a part of it, or what is there instead.

        A single step shows whether `back` is back, if that is not known.
        """
        text, tried, made = "", len(directions(insertion.text)) == 1, list[Steps]()
        while text != insertion.text:
            more = missing(insertion.text, text)
            if more is None:
                return Selected(text, CHANGED, tuple(made))
            more, tried = more if tried else Steps(1), True
            if why := self._step(back, more, obstacle):
                return Selected(text, why, tuple(made))
            made.append(more)
            now = self._selection(insertion, more)
            if now is None or len(now) <= len(text):
                return Selected(now, UNSEEN if now is None else CHANGED, tuple(made))
            text = now
        return Selected(text, made=tuple(made))

    def _deselect(self, found: Selected, forth: int) -> None:
        """Deselect everything and move the cursor back, by steps over all that is selected.

        An arrow alone goes to the selection's end in some toolkits only. If the window does not report what it has
        selected, or is too slow, the steps that were made are reversed.
        """
        for back in [Steps(steps(found.text))] if found.text else reversed(found.made):
            self._step(forth, back, lambda: "")

    def _step(self, arrow: int, wanted: Steps, obstacle: Callable[[], str]) -> str:
        """Make steps that select. Returns why not all of them were made."""
        keycode, rows = self._keyboard.key(arrow), (SHIFT, CONTROL) if wanted.by_words else (SHIFT,)
        layout = self._keyboard.group()
        for made in range(0, wanted.count, BATCH):
            if why := obstacle():
                return why
            modifiers, now = [*map(self._keyboard.modifier, rows)], min(BATCH, wanted.count - made)
            self._expect([*modifiers, *[keycode] * now])
            self._keyboard.repeat(modifiers, keycode, now)
            for _ in range(GROUPS):
                if wanted.by_words and self._keyboard.group() != layout:  # these two modifiers switch some layouts
                    self._expect(modifiers)
                    self._keyboard.press(modifiers)
        return ""

    def _selection(self, insertion: Insertion, made: Steps) -> str | None:
        """Return what the window has selected, once that is the insertion or changes no more; None if it does not
        report it."""
        clipboard, window = self._clipboard, insertion.handle
        self._x.wait(lambda: not clipboard.owns("PRIMARY"), monotonic() + TAKEN_S)
        if clipboard.owns("PRIMARY"):
            return self._selecting.copied(window, COPIED_S + made.count * STEP_S)
        last, until = None, monotonic() + READ_S
        while monotonic() < until:
            text = clipboard.text_of("PRIMARY", window)
            if text is not None and text in (insertion.text, last):
                return text
            last = text
            self._x.pause(GLANCE_S)
        return None

    def _press(self, keysym: int, *modifiers: int) -> None:
        keycodes = (*modifiers, self._keyboard.key(keysym))
        self._expect(keycodes)
        self._keyboard.press(keycodes)
