"""What a program has reported of its field within one dictation, and how long its report is waited for.

The field is had at the press, at the release and for the commit. IBus's library sends a text only where it is another
than the last one that it has sent, so that what the first look was told is not told again for the commit, which then
waits for a change alone. A report is held in memory until then, `MAX_AGE_S` after it at most, and not at all where
something is selected, nor of fields that are private, or that the daemon takes for one and the same (GNOME).
"""

from __future__ import annotations

import asyncio
from time import monotonic

from desktop.paste.input_method.ibus.field import IBusField
from desktop.paste.input_method.interface import EarlierReport, FieldTraits

REPORT_TIMEOUT_S, SILENT_TIMEOUT_S = 0.03, 0.02
"""Seconds to wait for the text around the cursor, and where a program did not report it the last time. One that does
takes 2 to 30 ms (GTK, Chromium); an empty field has none, and IBus's library does not report the same text again."""

LOOK_TIMEOUT_S, KNOWN_TIMEOUT_S = 0.02, 0.01
"""The same at the press and the release, when no text waits, and after such a look, when only a change is reported."""

MAX_AGE_S = 60.0
"""Seconds that a report is held: longer than one speaks at a time."""


class FieldLooks:
    """The last look at a field, and its report. Belongs to one loop."""

    def __init__(self) -> None:
        self._silent_programs = set[str | int]()
        self._place: tuple[str | int, str, FieldTraits] | None = None
        self._report: EarlierReport | None = None
        self._forgetting: asyncio.TimerHandle | None = None

    async def learn_text(self, program: str | int, field: IBusField, timeout_s: float, *, traits_only: bool) -> None:
        """Wait for what `program` reports of `field`, which learns as well what it has reported before."""
        is_known = bool(program) and self._place == (program, field.path, field.traits)
        limit_s = SILENT_TIMEOUT_S if program in self._silent_programs else REPORT_TIMEOUT_S
        limit_s = KNOWN_TIMEOUT_S if is_known else min(limit_s, LOOK_TIMEOUT_S) if traits_only else limit_s
        await field.wait_for_text(min(timeout_s, limit_s))
        field.remember(self._report if is_known else None)

    def note(self, program: str | int, field: IBusField) -> None:
        """Note the look that ends now, unless something was changed there, and learn whether that was reported."""
        seen = EarlierReport(field.surrounding, monotonic()) if field.surrounding is not None else field.earlier
        self.forget()
        if program and field.has_reported:
            self._silent_programs.discard(program)
        elif program and field.has_reported is False:
            self._silent_programs.add(program)
        if field.is_changed or field.is_lost or field.traits.is_private or not field.is_real:
            return
        self._place = program, field.path, field.traits
        if seen is None or field.is_shared or seen.text.selected:
            return
        self._report = seen
        left_s = max(0.0, seen.at + MAX_AGE_S - monotonic())
        self._forgetting = asyncio.get_running_loop().call_later(left_s, self.forget)

    def forget(self) -> None:
        """Forget the look, and the text."""
        self._place = self._report = None
        if self._forgetting is not None:
            self._forgetting.cancel()
            self._forgetting = None
