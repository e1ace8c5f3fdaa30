"""What a window may ask about models.

A stand-in until the models' page of the settings has its own; the first run needs `recommended` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.ui.rows import Then

if TYPE_CHECKING:
    from desktop.ui.first_run.model import Advised


@dataclass(frozen=True, slots=True)
class Fetching:
    """`recommended` gives the model of speech to advise on this machine for those languages (codes, none for any;
    None: those of the settings), and None where none fits."""

    recommended: Callable[[Sequence[str] | None, Then[Advised | None]], None]
