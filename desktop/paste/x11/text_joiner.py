"""Join a text to what stands around the cursor of its window on X11."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from math import inf
from time import monotonic

from desktop.core.interfaces import UserActivity
from desktop.core.types import InputField, Target
from desktop.paste import text_fit
from desktop.paste.field import RECHECK_TIMEOUT_S
from desktop.paste.request import PasteOptions
from desktop.paste.text_fit import Insertion, fit_text
from desktop.paste.x11.connection import X11Connection


class TextJoiner:
    """Joins texts. `recheck_field` returns the focused field of a window with the text around its cursor."""

    def __init__(
        self,
        connection: X11Connection,
        activity: UserActivity,
        recheck_field: Callable[[Target], Future[InputField | None]],
    ) -> None:
        self._x = connection
        self._activity = activity
        self._recheck_field = recheck_field

    def join(
        self, last_insertion: Insertion | None, text: str, target: Target, options: PasteOptions
    ) -> tuple[str, str]:
        """Return the character before the cursor, as far as it is known, and `text` as it must be inserted after it.

        What is read there now counts first, then what we inserted, then what was read at the release. A browser reports
        a text some time after it has it: if nothing was touched, what we inserted must be there.
        """
        previous_character = self._find_previous_character(last_insertion, target, options)
        if not options.cursor:
            return previous_character, text_fit.join_text(previous_character, text)
        field = self._x.wait_for_future(self._recheck_field(target), RECHECK_TIMEOUT_S) or (
            None if previous_character else target.field
        )
        if field is None or field.before is None:
            return previous_character, text_fit.join_text(previous_character, text)
        if options.join == "auto" and previous_character.strip() and not field.before.endswith(previous_character):
            return previous_character, text_fit.join_text(previous_character, text)
        return field.before[-1:], fit_text(text, field.before, field.after)

    def _find_previous_character(self, last_insertion: Insertion | None, target: Target, options: PasteOptions) -> str:
        """Return the character before the cursor, if the last insertion still ends there and should be joined to."""
        if options.join == "none":
            return ""
        last_input_at = self._activity.last_input_at(inf) if options.join == "auto" else 0.0
        return text_fit.find_character_before(last_insertion, target.handle, monotonic(), last_input_at)
