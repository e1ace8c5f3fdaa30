"""What we serve, as values: a selection of ours, a piece of it on its way, and a read of it."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.paste.reading import Contents, Piece

CLOCK, AFTER = 0xFFFF_FFFF, 2**31
"""The server's clock begins anew after 49.7 days: what is less than half of it ahead is later."""


@dataclass(frozen=True, slots=True)
class Owned:
    """A selection of ours: what is served, the server's time (ms) since when, whether that is a text of ours, and
    whether it is the `whole` of what was there, as far as that has not been said yet."""

    contents: Contents
    since: int
    ours: bool = False
    whole: bool = True

    def ended(self, time: int) -> bool:
        """Whether a loss at `time` is this one's, and not that of what was owned before."""
        return (time - self.since) & CLOCK < AFTER


@dataclass(frozen=True, slots=True)
class Flow:
    """A piece that is sent a step at a time (INCR), and how many of its bytes have been."""

    piece: Piece
    sent: int = 0


@dataclass(frozen=True, slots=True)
class Read:
    """Data that `window` took from us.

    `selection` and `target` are atoms, 0 for a further step of a long transfer. `serial` is the number of our last
    request that the server had carried out when the data were asked for.
    """

    window: int
    selection: int = 0
    target: int = 0
    serial: int = 0
