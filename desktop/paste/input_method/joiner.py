"""Join a text to what stands around the cursor, as the program reports it to its input method.

What decides where `paste.join` is `auto`, the first that is known:

- In every session: the report of the field; one that is late is completed by what was inserted since.
- The report of an earlier look of the same dictation, if nothing was pressed since, as far as that is known.
- X11: what was inserted last into the window, for five minutes, if no key or button was pressed since.
- Wayland, where the field is silent: what the input method inserted last into the window, 30 s ago at most, if its
  program had reported what stood there before and nothing else since, and no other field has got the focus (IBus).
- Wayland otherwise, as in terminals: nothing. The text goes in as it is, as by the clipboard: a blank before a command
  would do harm, and whether Return was pressed is not known.

In a Wayland session no program learns of keys and buttons, by the portal of the talk key or otherwise, so that time
takes their place. What the user types meanwhile may be reported to their own engine of IBus alone.
"""

from __future__ import annotations

from math import inf
from time import monotonic

from desktop.core.interfaces import UserActivity
from desktop.paste.input_method.interface import SurroundingText
from desktop.paste.request import PasteOptions
from desktop.paste.text_fit import Insertion, find_character_before, fit_text, join_text


class FieldJoiner:
    """Joins texts. `is_input_known`: `activity` knows when the user last pressed a key or a button."""

    def __init__(self, activity: UserActivity, *, is_input_known: bool) -> None:
        self._activity = activity
        self._is_input_known = is_input_known

    def join(
        self,
        text: str,
        report: SurroundingText | None,
        last_insertion: Insertion | None,
        handle: int,
        options: PasteOptions,
        *,
        is_unchanged: bool = False,
    ) -> tuple[str, str]:
        """Return the character before the cursor of window `handle`, as far as it is known, and `text` as it must be
        inserted after it.

        What the program reports counts first, unless the user wants no joining at all. A browser reports a text some
        time after it has it: if nothing was touched, what was inserted last must be there. `is_unchanged`: nothing was,
        since a program that reports each change has reported none.
        """
        previous = self._find_previous_character(last_insertion, handle, options, is_unchanged=is_unchanged)
        if report is None or (options.join == "none" and not options.cursor):
            return previous, join_text(previous, text)
        if options.join == "auto" and previous.strip() and not report.before.endswith(previous):
            return previous, join_text(previous, text)
        return report.before[-1:], fit_text(text, report.before, report.after)

    def fit_words(
        self,
        words: str,
        report: SurroundingText | None,
        last_insertion: Insertion | None,
        handle: int,
        options: PasteOptions,
        since: float,
        *,
        is_unchanged: bool,
    ) -> str | None:
        """Return `words` as a field shows them before their text is there: "" where something may be selected, None
        where the cursor may stand elsewhere than at the time `since`."""
        if self._is_input_known and self._activity.last_input_at(inf) > since:
            return None
        if report is None and not (is_unchanged and self._is_untouched(last_insertion)):
            return ""
        if report is not None:
            report = SurroundingText(report.before, len(report.before), len(report.before))
        return self.join(words, report, last_insertion, handle, options, is_unchanged=is_unchanged)[1]

    def _is_untouched(self, last_insertion: Insertion | None) -> bool:
        """Return whether the user has pressed nothing since `last_insertion`, as far as that is known: not each program
        reports what was done before the field was had."""
        if last_insertion is None or not self._is_input_known:
            return last_insertion is not None
        return self._activity.last_input_at(inf) <= last_insertion.inserted_at

    def _find_previous_character(
        self, last_insertion: Insertion | None, handle: int, options: PasteOptions, *, is_unchanged: bool
    ) -> str:
        """Return the character before the cursor, if the last insertion still ends there and should be joined to."""
        is_known = self._is_input_known or is_unchanged
        if options.join == "none" or (options.join == "auto" and not is_known):
            return ""
        last_input_at = self._activity.last_input_at(inf) if options.join == "auto" else 0.0
        return find_character_before(last_insertion, handle, monotonic(), last_input_at)
