"""Values of the selections that we serve: a selection, a transfer in steps, and a read."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.paste.x11.clipboard_copy import SelectionContents, TargetData

SERVER_CLOCK_MASK, HALF_CLOCK = 0xFFFF_FFFF, 2**31
"""The server's clock restarts after 49.7 days: a time less than half of its range ahead is later."""


@dataclass(frozen=True, slots=True)
class OwnedSelection:
    """A selection of ours: the contents served, the server's time (ms) since when, whether they are a dictation's text,
    and whether they are the whole of what was there, as far as that has not been reported yet."""

    contents: SelectionContents
    since: int
    is_own_text: bool = False
    is_whole: bool = True

    def is_lost_at(self, time: int) -> bool:
        """Return whether a loss at `time` is of this ownership, and not of an earlier one."""
        return (time - self.since) & SERVER_CLOCK_MASK < HALF_CLOCK


@dataclass(frozen=True, slots=True)
class StepTransfer:
    """Data that are sent in steps (INCR), and how many bytes have been sent."""

    content: TargetData
    sent: int = 0


@dataclass(frozen=True, slots=True)
class SelectionRead:
    """Data that `window` took from us.

    `selection` and `target` are atoms, 0 for a further step of a long transfer. `serial` is the number of our last
    request that the server had carried out when the data were requested.
    """

    window: int
    selection: int = 0
    target: int = 0
    serial: int = 0
